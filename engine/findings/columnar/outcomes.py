"""The outcomes of many standards on a slice, each step that they share done once.

The plans of the standards and a laid-out slice come in; an array of outcome codes a standard goes
out. A slice is worked on some audits at a time, so that its columns stay in the processor's cache.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

import duckdb
import numpy as np

from engine.findings.columnar.asked import asked_of_tables
from engine.findings.columnar.columns import Array, spread
from engine.findings.columnar.days import WorkingDaysSoFar
from engine.findings.columnar.frames import CannotError, Expressions, Frame
from engine.findings.columnar.joins import is_sorted
from engine.findings.columnar.load import Table
from engine.findings.columnar.relations import (
    filtered,
    folded,
    joined,
    projected,
    united,
    with_previous,
    with_working_days,
)
from engine.findings.columnar.whose import Whose
from engine.findings.plan import (
    Aggregate,
    Filter,
    Join,
    Previous,
    Project,
    Relation,
    Scan,
    Union,
    WorkingDays,
)
from engine.findings.prune import parents_first
from engine.findings.shared import Shared
from engine.rulebook.fields import AUDITS
from engine.workdays import Calendar

# So many audits at a time: few enough for the cache of the processor, and enough that workers side
# by side seldom wait for one another between two steps.
AT_A_TIME = 50_000
# and fewer where a table has more rows to each: what is worked out of them is held until all is
ROWS_AT_A_TIME = 500_000


class Together:
    """The plans of several standards as one, to be run on slices; each gives `a` and `outcome`.

    `cannot` are the standards whose plans do what arrays cannot do.
    """

    def __init__(self, plans: Mapping[str, Relation], calendar: Calendar) -> None:
        shared = Shared()
        kept: dict[str, Relation] = {}
        for name, plan in plans.items():
            with suppress(CannotError):
                asked_of_tables((plan,))
                kept[name] = shared.plan(plan)
        self.cannot = tuple(name for name in plans if name not in kept)
        self.asked = asked_of_tables(kept.values())
        self._plans = kept
        self._last_reads = _last_reads(kept)
        self._calendar = calendar
        texts = {text for of in self.asked.values() for one in of.texts.values() for text in one}
        self._known = {text: place for place, text in enumerate(sorted(texts), start=1)}

    def outcomes(
        self,
        con: duckdb.DuckDBPyConnection,
        rows_of: Callable[[str], str],
        whose: Whose | None = None,
    ) -> Mapping[str, Array]:
        """Return the outcomes by standard, an array each by the audit's number; nought: none.

        `rows_of` gives the SQL that selects the rows of a table with `a`, or where it is to be told
        `whose` they are, with the hash of the audit's id; audits have `a` in any case.
        """
        known = Expressions(self._known)
        tables = {
            name: Table(con, rows_of(name), of, known, whose if name != AUDITS else None)
            for name, of in self.asked.items()
        }
        count = len(tables[AUDITS].numbers) if tables else 0
        found = {name: np.zeros(count, dtype=np.uint8) for name in self._plans}
        so_far = WorkingDaysSoFar(self._calendar)
        most = max((len(table.numbers) for table in tables.values()), default=0)
        step = min(AT_A_TIME, max(1, count * ROWS_AT_A_TIME // max(1, most)))
        for first in range(0, count, step):
            audits = (first, min(first + step, count))
            some = _Some(tables, audits, so_far)
            for name, plan in self._plans.items():
                some.fill(plan, found[name][slice(*audits)])
                some.forget(self._last_reads.get(name, ()))
        return found


class _Some:
    """Some audits of a slice, and the steps that were done for them."""

    def __init__(
        self, tables: Mapping[str, Table], audits: tuple[int, int], so_far: WorkingDaysSoFar
    ) -> None:
        self._tables, self._audits, self._so_far = tables, audits, so_far
        self._done: dict[int, Frame] = {}

    def fill(self, plan: Relation, outcomes: Array) -> None:
        """Put the outcomes of a plan where they belong, by the audit's number."""
        if not isinstance(plan, Aggregate) or plan.keys != ("a",):
            raise CannotError(plan)
        ((_, _, outcome),) = plan.folds
        parts = plan.source.sources if isinstance(plan.source, Union) else (plan.source,)
        for part in parts:
            rows = self._run(part)
            if rows.count:
                codes = spread(rows.value(outcome), rows.count)
                _worst(outcomes, spread(rows.column("a"), rows.count), codes)

    def forget(self, plans: Iterable[int]) -> None:
        """Let go of the rows of plans that nobody reads again, told by their identity."""
        for plan in plans:
            self._done.pop(plan, None)

    def _run(self, plan: Relation) -> Frame:
        if id(plan) not in self._done:
            self._done[id(plan)] = self._made(plan)
        return self._done[id(plan)]

    def _made(self, plan: Relation) -> Frame:
        if isinstance(plan, Scan):
            return self._tables[plan.table].frame(self._audits)
        if isinstance(plan, Union):
            return united(plan, [self._run(source) for source in plan.sources])
        if isinstance(plan, Join):
            return joined(plan, self._run(plan.left), self._run(plan.right))
        rows = self._run(plan.source)
        if isinstance(plan, WorkingDays):
            return with_working_days(plan, rows, self._so_far)
        made: Frame = _OF_ONE[type(plan)](plan, rows)
        return made


def _last_reads(plans: Mapping[str, Relation]) -> Mapping[str, Sequence[int]]:
    """Return what no plan after it reads, by the plan's name: identities of its relations."""
    last = {id(node): name for name, plan in plans.items() for node in parents_first(plan)}
    reads: dict[str, list[int]] = {}
    for node, name in last.items():
        reads.setdefault(name, []).append(node)
    return reads


def _worst(outcomes: Array, numbers: Array, codes: Array) -> None:
    """Raise outcomes to the worst of some rows; a code that is null is below all."""
    if not is_sorted(numbers):
        np.maximum.at(outcomes, numbers, np.maximum(codes, 0).astype(np.uint8))
        return
    begins = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1])))
    worst = np.maximum(np.maximum.reduceat(codes, begins), 0).astype(np.uint8)
    own = numbers[begins]
    outcomes[own] = np.maximum(outcomes[own], worst)


_OF_ONE: Mapping[type[Relation], Callable[..., Frame]] = {
    Filter: filtered,
    Project: projected,
    Previous: with_previous,
    Aggregate: folded,
}
