"""Run compiled standards on a slice: the outcome of every live standard on every audit.

A laid-out slice comes in; the table `outcomes` goes out, and evidence for those who ask.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

import duckdb

from engine.findings.compile import (
    Against,
    compile_standard,
    everyone_of,
    lacks,
    plan_of_few,
    untold_columns,
)
from engine.findings.duckdb_sql import emit, quote
from engine.findings.exceptions import columns_shown
from engine.findings.in_python import Done, Rows, Runner, Values
from engine.findings.plan import Relation
from engine.findings.prune import scans
from engine.findings.rows import LOST, PARTLY, SKIPPED, flags
from engine.findings.slices import A_WORD, BITS, MASK
from engine.findings.tested import EVIDENCE
from engine.records.batch import Presence
from engine.records.held import Held
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDIT_ID, AUDITS
from engine.rulebook.measures import Branch, Version
from engine.rulebook.standard import EXCEPTIONS, Standard
from engine.terms import NOT_MET_BY_SILENCE, OUTCOMES, Outcome
from engine.workdays import Calendar


@dataclass(frozen=True)
class Compiled:
    """A live standard with its plans, compiled when they are first asked for."""

    standard: Standard
    against: Against

    @cached_property
    def outcome_plan(self) -> Relation:
        """Return the plan that gives `a` and `outcome`."""
        return compile_standard(self.standard, self.against, evidence=False)

    @cached_property
    def evidence_plan(self) -> Relation:
        """Return the plan that gives outcomes with their evidence."""
        return compile_standard(self.standard, self.against, evidence=True)

    @cached_property
    def absent(self) -> tuple[str, ...]:
        """Return the tables and columns (`table.column`) that the standard lacks in the input."""
        return lacks(self.standard, self.against)

    @cached_property
    def untold(self) -> Mapping[str, tuple[str, ...]]:
        """Return the parts of the audits that the standard cannot be asked of, and what lacks."""
        return untold_columns(self.standard, self.against)

    @cached_property
    def prefix(self) -> str:
        """Return what the names of its SQL steps begin with."""
        return self.standard.id.lower().replace("-", "_")

    @cached_property
    def outcome_sql(self) -> str:
        """Return the SQL that gives `a` and `outcome`."""
        return emit(self.outcome_plan, self.prefix)

    @cached_property
    def evidence_sql(self) -> str:
        """Return the SQL that gives outcomes with their evidence."""
        return emit(self.evidence_plan, self.prefix)


HeldRows = Callable[[str], Held | None]
Run = Callable[[Compiled], Iterable[tuple[Any, ...]]]
SHOWN = ("a", "outcome", *EVIDENCE, "branch")


@dataclass(frozen=True)
class Evidence:
    """What decided a finding: figures and days from the record, and the version in force."""

    standard: str
    code: int
    outcome: Outcome
    silent: bool
    value: int | None
    day_from: date | None
    day_to: date | None
    rows: int | None
    clock: date | None
    version: Version | None
    branch: Branch | None
    back_filled: bool
    phase: int | None
    excused: bool = False


@dataclass(frozen=True)
class Unread:
    """The tables that were not examined for an audit, and those that lost a row of it.

    `partly` are the parts of a joined input in which the audit is.
    """

    skipped: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    partly: frozenset[str] = frozenset()


def compile_rulebook(
    rulebook: Rulebook, presence: Presence, standards: tuple[Standard, ...] | None = None
) -> tuple[Compiled, ...]:
    """Compile the live standards, or those given, against what the whole input holds."""
    against = Against(rulebook.fields, presence, rulebook.book.settings)
    chosen = rulebook.live if standards is None else standards
    return tuple(Compiled(standard, against) for standard in chosen)


def columns_read(compiled: tuple[Compiled, ...], *, evidence: bool) -> dict[str, frozenset[str]]:
    """Return the columns of each table that the plans read, with evidence or for outcomes only."""
    read: dict[str, frozenset[str]] = {}
    for one in compiled:
        plan = one.evidence_plan if evidence else one.outcome_plan
        for table, columns in scans(plan).items():
            read[table] = read.get(table, frozenset()) | columns
    if evidence and compiled:
        shown = columns_shown((one.standard for one in compiled), compiled[0].against.presence)
        if shown:
            read[EXCEPTIONS] = read.get(EXCEPTIONS, frozenset()) | shown
    return read


def find(con: duckdb.DuckDBPyConnection, compiled: tuple[Compiled, ...]) -> None:
    """Make the table `outcomes` of a slice: a column a standard, the outcome's code in it.

    Codes are packed: one pass over all that was found takes less time than a join a standard.
    """
    words = range(len(compiled) // A_WORD + 1)
    none = ", ".join(f"CAST(0 AS BIGINT) AS w{word}" for word in words)
    con.execute(f"CREATE OR REPLACE TEMP TABLE found AS SELECT a, {none} FROM audits")
    columns = []
    for place, one in enumerate(compiled):
        word, shift = f"w{place // A_WORD}", BITS * (place % A_WORD)
        con.execute(
            f"INSERT INTO found (a, {word}) "
            f"SELECT a, CAST(outcome AS BIGINT) << {shift} FROM ({one.outcome_sql})"
        )
        name = quote(one.standard.id)
        columns.append(f", CAST(({word} >> {shift}) & {MASK} AS UTINYINT) AS {name}")
    packed = ", ".join(f"bit_or(w{word}) AS w{word}" for word in words)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE outcomes AS SELECT a{''.join(columns)} "
        f"FROM (SELECT a, {packed} FROM found GROUP BY a) ORDER BY a"
    )
    con.execute("DROP TABLE found")


def nothing_held(_table: str) -> None:
    """Return no rows of any table: the database is asked for them."""


def evidence(
    con: duckdb.DuckDBPyConnection,
    compiled: tuple[Compiled, ...],
    calendar: Calendar | None = None,
    held: HeldRows = nothing_held,
) -> Mapping[int, dict[str, Evidence]]:
    """Return the evidence of a slice by audit and standard; none where it does not bind.

    With a calendar the plans are run here and of the tables of the slice only `audits` has to be
    laid out: for few audits that takes a tenth of the time. What is `held` is not asked for again.
    """
    run = _by_database(con) if calendar is None else _by_python(con, calendar, compiled, held)
    found: dict[int, dict[str, Evidence]] = {}
    for one in compiled:
        for row in run(one):
            found.setdefault(row[0], {})[one.standard.id] = _evidence(one.standard, row)
    return found


def unread(con: duckdb.DuckDBPyConnection, presence: Presence) -> Mapping[int, Unread]:
    """Return what cannot be told of the audits of a laid-out slice."""
    named = flags(presence)
    columns = "".join(f", {quote(flag)}" for flag in named)
    found: dict[int, Unread] = {}
    for a, *flagged in con.execute(f"SELECT a{columns} FROM audits").fetchall():
        held = {flag for flag, on in zip(named, flagged, strict=True) if on}
        kinds = (
            frozenset(flag.removeprefix(kind) for flag in held if flag.startswith(kind))
            for kind in (SKIPPED, LOST, PARTLY)
        )
        found[a] = Unread(*kinds)
    return found


def _by_database(con: duckdb.DuckDBPyConnection) -> Run:
    query = f"SELECT {', '.join(SHOWN)} FROM ({{}}) ORDER BY a"
    return lambda one: con.execute(query.format(one.evidence_sql)).fetchall()


def _by_python(
    con: duckdb.DuckDBPyConnection,
    calendar: Calendar,
    compiled: tuple[Compiled, ...],
    held: HeldRows,
) -> Run:
    presence = compiled[0].against.presence if compiled else Presence({})
    runner = Runner(cache(_Tables(con, presence, held).rows), calendar)
    everyone = everyone_of(compiled[0].standard, compiled[0].against) if compiled else None
    shared: Done = {}
    if everyone:
        runner.run(everyone, shared)

    def run(one: Compiled) -> Iterable[tuple[Any, ...]]:
        assert everyone is not None  # noqa: S101 - there is a standard
        done = dict(shared)

        def reached(part: Relation) -> bool:
            return runner.run(part, done).count > 0

        plan = plan_of_few(one.standard, one.against, everyone, reached)
        rows = runner.run(plan, done) if plan else {name: [] for name in SHOWN}
        return zip(*(rows[name] for name in SHOWN), strict=True)

    return run


@dataclass(frozen=True)
class _Tables:
    """The tables of a laid-out slice, with the number of the audit in each row."""

    con: duckdb.DuckDBPyConnection
    presence: Presence
    held: HeldRows

    def rows(self, name: str) -> Rows:
        """Return the rows of a table that belong to the audits of the slice."""
        if name == AUDITS:
            return self._asked("SELECT * FROM audits")
        held = None if name in self.presence.believable else self.held(name)
        if held is not None:
            return self._of(held)
        source = f"{self.presence.rows_of(name)} s JOIN audits u USING (audit_id)"
        return self._asked(f"SELECT u.a, s.* FROM {source}")

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return dict(self.con.execute("SELECT audit_id, a FROM audits").fetchall())

    def _asked(self, query: str) -> Rows:
        found = self.con.execute(query)
        names = [column[0] for column in found.description]
        rows = found.fetchall()
        columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
        columns["rowid"] = tuple(range(len(rows)))
        return Rows(len(rows), lambda column: [*columns.get(column, ())])

    def _of(self, held: Held) -> Rows:
        numbers = [self._numbers.get(str(audit)) for audit in held[AUDIT_ID]]
        places = [at for at, a in enumerate(numbers) if a is not None]

        def make(name: str) -> Values:
            if name == "rowid":
                return [*range(len(places))]
            column = numbers if name == "a" else held[name] if name in held.names else ()
            return [column[at] for at in places] if column else []

        return Rows(len(places), make)


def _evidence(standard: Standard, row: tuple[Any, ...]) -> Evidence:
    _, outcome, *given, place = row
    seen = dict(zip(EVIDENCE, given, strict=True))
    number = seen.pop("version")
    branch = standard.branches()[place] if place is not None and place >= 0 else None
    versions = standard.versions_of(branch) if branch else ()
    return Evidence(
        standard=standard.id,
        code=outcome,
        outcome=OUTCOMES[min(outcome, Outcome.NOT_MET.code)],
        silent=outcome in (NOT_MET_BY_SILENCE, Outcome.NOT_EVIDENCED.code),
        version=versions[number - 1] if number and versions else None,
        branch=branch if branch and branch.name else None,
        **seen,
    )
