"""Count a judged slice, and add the slices up to the summary of a run.

The arrays of a slice come in, counters go out; they are the same figures that
`engine.reports.summary` counts from views.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from engine.findings.duckdb_sql import quote
from engine.judgement.contradictions import compare
from engine.judgement.judge import ROUTES
from engine.judgement.stage import JudgedSlice, answers_of
from engine.reports.summary import AUDITOR_KEYS, COMPARISONS, STANDARD_KEYS
from engine.reports.view import NO_GRADE, Summary
from engine.rulebook.book import Rulebook
from engine.terms import NOT_MET_BY_SILENCE, OUTCOMES, Answer, Outcome

if TYPE_CHECKING:
    from engine.judgement.values import Array

# How many answers of an audit compare so, each kind in eight bits of one number; the last eight
# count the answers. A rulebook of more than 255 standards would need wider fields.
_BITS = 8
_MASK = (1 << _BITS) - 1
COUNTED, ANSWERS = "counted_slice", "answers"
KINDS = tuple(COMPARISONS)
_GIVEN = frozenset(Outcome(answer.value).code for answer in Answer)
TENS = 10
UNANSWERED = NOT_MET_BY_SILENCE + 1


@dataclass(frozen=True)
class Compared:
    """A judged slice, and how its answers compare with the record: arrays by the audit's number.

    `pairs` are of answer and outcome, by standard (`pair_of`); `kinds` how many answers of an audit
    compare so, and how many there are.
    """

    judged: JudgedSlice
    pairs: "Mapping[str, Array]"
    kinds: "Mapping[str, Array]"


def compare_slice(
    con: duckdb.DuckDBPyConnection, rulebook: Rulebook, judged: JudgedSlice
) -> Compared:
    """Hold the answers of a slice against the record.

    One look-up a standard gives all kinds at once.
    """
    import numpy as np

    known = judged.known
    said = known.answers or answers_of(con, rulebook, known.count)
    pairs = {s.id: TENS * said[s.id] + known.outcomes[s.id] for s in rulebook.live}
    worth = np.array([_worth(place) for place in range(TENS * (UNANSWERED + 1))])
    total = np.zeros(known.count, dtype=np.int64)
    for pair in pairs.values():
        total += worth.take(pair)
    kinds = {
        name: ((total >> _BITS * place) & _MASK).astype(np.int32)
        for place, name in enumerate((*COMPARISONS.values(), ANSWERS))
    }
    return Compared(judged, pairs, kinds)


def lay_out_compared(con: duckdb.DuckDBPyConnection, compared: Compared) -> None:
    """Make the table `compared`: of each audit the pair of each standard."""
    import numpy as np

    count, names = compared.judged.known.count, [*compared.pairs]
    pairs = {f"c{at}": pair for at, pair in enumerate(compared.pairs.values())}
    con.register(COUNTED, {"a": np.arange(count, dtype=np.int32), **pairs})
    columns = "".join(f", c{at} AS {quote(name)}" for at, name in enumerate(names))
    con.execute(f"CREATE OR REPLACE TEMP TABLE compared AS SELECT a{columns} FROM {COUNTED}")
    con.unregister(COUNTED)


def _worth(place: int) -> int:
    answer, outcome = pair_of(place)
    found = compare(answer, outcome)
    counted = 1 << (_BITS * len(KINDS)) if answer in _GIVEN else 0
    return counted + (1 << (_BITS * KINDS.index(found)) if found in KINDS else 0)


def pair_of(place: int) -> tuple[int | None, int]:
    """Return the codes of an answer, nothing without one, and of an outcome."""
    answer, outcome = divmod(place, TENS)
    return None if answer == UNANSWERED else answer, outcome


def _register(con: duckdb.DuckDBPyConnection, compared: Compared) -> None:
    """Register what is counted of each audit."""
    import numpy as np

    judged = compared.judged
    told = {name: judged.found[name] for name in ("moderated", "route", "cap", "alert")}
    number = np.arange(judged.known.count, dtype=np.int32)
    con.register(COUNTED, {"a": number, "overall": judged.known.overall, **told, **compared.kinds})


def _audits(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(
        f"""SELECT nullif(overall, 0), nullif(moderated, 0), route, cap > 0, alert,
                   contradictions > 0, count(*)
            FROM {COUNTED} GROUP BY ALL"""
    ).fetchall()


def _auditors(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    sums = ", ".join(f"sum(c.{key})" for key in AUDITOR_KEYS if key != "audits")
    return con.execute(
        f"SELECT coalesce(u.auditor_id, ''), count(*), {sums} "
        f"FROM audits u JOIN {COUNTED} c ON u.a = c.a GROUP BY 1"
    ).fetchall()


class Tally:
    """The counts of the slices so far."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.total: Counter[str] = Counter()
        self.grades: Counter[tuple[str, int | None]] = Counter()
        self.standards: Counter[tuple[str, str]] = Counter()
        self.auditors: Counter[tuple[str, str]] = Counter()

    def add(self, con: duckdb.DuckDBPyConnection, compared: Compared) -> None:
        """Add a slice; the table `audits` of the connection says whose its audits are."""
        import numpy as np

        _register(con, compared)
        self.audits(_audits(con))
        self.named(_auditors(con))
        con.unregister(COUNTED)
        for standard, pairs in compared.pairs.items():
            for pair, number in enumerate(np.bincount(pairs).tolist()):
                if number:
                    self.standard(standard, pair, number)

    def merge(self, other: "Tally") -> None:
        """Add what another tally counted of other slices."""
        for mine, theirs in zip(self.counters(), other.counters(), strict=True):
            mine.update(theirs)

    def told(self) -> list[list[list[object]]]:
        """Return the counts as plain lists, to be kept in a file."""
        return [
            [[*(key if isinstance(key, tuple) else (key,)), number] for key, number in one.items()]
            for one in self.counters()
        ]

    def take(self, told: Iterable[Iterable[Sequence[Any]]]) -> None:
        """Add counts that `told` gave."""
        for counter, rows in zip(self.counters(), told, strict=True):
            for *key, number in rows:
                counter[tuple(key) if len(key) > 1 else key[0]] += number

    def counters(self) -> tuple[Counter[Any], ...]:
        """Return every counter, always in the same order."""
        return self.total, self.grades, self.standards, self.auditors

    def audits(self, rows: Iterable[Sequence[Any]]) -> None:
        """Count audits: auditor's and moderated grade, route, capped, alert, contradicted, number.

        Grades are ranks, or none.
        """
        for before, after, route, capped, alert, contradicted, number in rows:
            self.grades["before", before] += number
            self.grades["after", after] += number
            self.grades["route", route] += number
            held = {
                "flagged": capped or alert or contradicted,
                "capped": capped,
                "lowered": before is not None and after < before,
                "contradicted": contradicted,
                "alerts": alert,
            }
            self.total.update({name: number for name, holds in held.items() if holds})

    def standard(self, standard: str, pair: int, number: int) -> None:
        """Count audits that have a pair of answer and outcome on a standard (`pair_of`)."""
        answer, outcome = pair_of(pair)
        shown = OUTCOMES[min(outcome, Outcome.NOT_MET.code)]
        self.standards[standard, shown] += number
        found = compare(answer, outcome)
        if found in COMPARISONS:
            self.standards[standard, COMPARISONS[found]] += number

    def named(self, rows: Iterable[Sequence[Any]]) -> None:
        """Count what auditors said: a name, and the figures of `AUDITOR_KEYS`."""
        for name, *numbers in rows:
            for key, number in zip(AUDITOR_KEYS, numbers, strict=True):
                self.auditors[name, key] += number

    def summary(self, put_aside: int) -> Summary:
        """Return the summary of all slices."""
        standards = tuple(s.id for s in self.rulebook.live)
        by_standard = {s: self._row(self.standards, s, STANDARD_KEYS) for s in standards}
        names = sorted({name for name, _ in self.auditors})
        return Summary(
            grades_before=self._grades("before"),
            grades_after=self._grades("after"),
            flagged=self.total["flagged"],
            capped=self.total["capped"],
            lowered=self.total["lowered"],
            contradictions=sum(row["contradictions"] for row in by_standard.values()),
            contradicted=self.total["contradicted"],
            unsupported=sum(row["unsupported"] for row in by_standard.values()),
            harsher=sum(row["harsher"] for row in by_standard.values()),
            alerts=self.total["alerts"],
            routes={route: self.grades["route", place] for place, route in enumerate(ROUTES)},
            data_gaps={
                s: gaps for s in standards if (gaps := by_standard[s][Outcome.NOT_ASSESSABLE])
            },
            put_aside=put_aside,
            by_standard=by_standard,
            by_auditor={name: self._row(self.auditors, name, AUDITOR_KEYS) for name in names},
        )

    def _grades(self, when: str) -> dict[str, int]:
        counts = {
            g: self.grades[when, rank] for rank, g in enumerate(self.rulebook.grades, start=1)
        }
        return {**counts, NO_GRADE: self.grades[when, None]}

    def _row(
        self, counts: Counter[tuple[str, str]], name: str, keys: Iterable[str]
    ) -> dict[str, int]:
        return {key: counts[name, key] for key in keys}
