"""Run the examples that stand in the rule files, through the same engine as any batch.

A rulebook comes in; what each example gave goes out. Examples of a standard whose records hold
the same tables and columns are run together: a standard is a function of one audit, so they
cannot meet, and one plan for many of them takes a fraction of the time.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from engine.authoring.asked import Plans
from engine.authoring.untrue import made_untrue
from engine.errors import Problem
from engine.findings.duckdb_sql import SQL_TYPES, quote
from engine.findings.rows import TYPES
from engine.findings.slices import Slice, lay_out, lay_out_calendar
from engine.findings.stage import Compiled, Evidence, columns_read, evidence
from engine.records import Presence, read_batch
from engine.records.batch import NothingRead
from engine.reports.because import because
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDIT_ID, AUDITS
from engine.rulebook.standard import Example, Standard
from engine.terms import Outcome

# An example that names no day is judged at the end of its own period.
LATE = date(2100, 1, 1)


@dataclass(frozen=True)
class Case:
    """An example of a standard; `place` counts from 0."""

    standard: Standard
    example: Example
    place: int


@dataclass(frozen=True)
class Ran:
    """What an example gave: its evidence, or why its record cannot be read."""

    case: Case
    found: Evidence | None = None
    unread: str = ""

    @property
    def outcome(self) -> Outcome:
        """Return the outcome of an example that was read."""
        return self.found.outcome if self.found else Outcome.NOT_APPLICABLE

    @property
    def passed(self) -> bool:
        """Say whether the example gives what it expects."""
        return not self.unread and self.outcome is self.case.example.expect


def run_examples(rulebook: Rulebook) -> tuple[tuple[Problem, ...], int]:
    """Run every example; return a problem for each that fails, and how many there are."""
    ran = ran_examples(rulebook)
    return tuple(problem for one in ran if (problem := problem_of(rulebook, one))), len(ran)


def ran_examples(
    rulebook: Rulebook, standards: Iterable[Standard] | None = None
) -> tuple[Ran, ...]:
    """Run the examples of every standard, or of those given, and return what each gave."""
    chosen = rulebook.standards if standards is None else standards
    cases = [Case(s, e, place) for s in chosen for place, e in enumerate(s.examples)]
    if not cases:
        return ()
    groups = _groups(rulebook, cases)
    try:
        ran = dict(_run(rulebook, groups))
    except NothingRead as nothing:
        ran = dict(_unread(groups, nothing))
    return tuple(ran[id(case)] for case in cases)


def each_example(rulebook: Rulebook) -> Iterator[Ran]:
    """Yield what every example gave, in the order of the standards."""
    yield from ran_examples(rulebook)


def problem_of(rulebook: Rulebook, ran: Ran) -> Problem | None:
    """Return what is wrong with an example; none if it gives what it expects."""
    if ran.passed:
        return None
    case, said = ran.case, f"`{ran.case.example.it}`"
    place = rulebook.place_of(case.standard, ("examples", case.place))
    if ran.unread:
        return Problem(place, "R029", f"the example {said} cannot be read: {ran.unread}")
    gives = f"{said} expects `{case.example.expect}` and gives `{ran.outcome}`"
    changed = made_untrue(rulebook, case.standard, case.place)
    shown = " ".join((because(rulebook, case.standard, ran.found), *changed))
    return Problem(place, "U011", gives, shown)


@dataclass(frozen=True)
class _Group:
    """Examples that one plan tests as at one day; their audits stand side by side."""

    compiled: Compiled
    as_of: date
    cases: Mapping[str, Case]

    @property
    def part(self) -> Slice:
        """Return the slice of audits that the examples are."""
        ids = sorted(self.cases)
        return Slice(ids[0], ids[-1], len(ids))

    def presence(self, rulebook: Rulebook) -> Presence:
        """Return what the examples hold together: what one leaves out is blank beside another.

        The plan asks for no more than each of them holds; the cut-off takes what there is.
        """
        held: dict[str, frozenset[str]] = {}
        for case in self.cases.values():
            for table, columns in _presence(rulebook, case).columns.items():
                held[table] = held.get(table, frozenset()) | columns
        return replace(self.compiled.against.presence, columns=held)


def _groups(rulebook: Rulebook, cases: Iterable[Case]) -> tuple[_Group, ...]:
    plans = Plans(rulebook)
    alike: dict[tuple[str, str, date], tuple[Compiled, list[Case]]] = {}
    for case in cases:
        compiled = plans.of(case.standard, _presence(rulebook, case))
        key = (case.standard.id, compiled.evidence_sql, case.example.as_of or LATE)
        alike.setdefault(key, (compiled, []))[1].append(case)
    return tuple(
        _Group(compiled, key[-1], {f"{number:05}-{n:05}": case for n, case in enumerate(held)})
        for number, (key, (compiled, held)) in enumerate(alike.items())
    )


def _run(rulebook: Rulebook, groups: Iterable[_Group]) -> Iterator[tuple[int, Ran]]:
    with tempfile.TemporaryDirectory(prefix="examples-") as scratch:
        path = Path(scratch) / "examples.jsonl"
        records = (_record(case, name) for group in groups for name, case in group.cases.items())
        path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
        with read_batch(path, rulebook.fields, rulebook.allowed) as batch:
            lay_out_calendar(batch.con, rulebook)
            _complete(batch.con, rulebook)
            unread = {row.audit_id: row.reason for row in batch.rejected}
            for group in groups:
                found = _found(rulebook, batch.con, group)
                for name, case in group.cases.items():
                    yield id(case), Ran(case, found.get(name), unread.get(name, ""))


def _complete(con: DuckDBPyConnection, rulebook: Rulebook) -> None:
    """Give tables the columns that no example names: one written `[]` holds all of them."""
    tables = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'typed'")
    for (table,) in tables.fetchall():
        known = rulebook.fields.tables.get(table)
        for name, field in known.fields.items() if known else ():
            column = f"{quote(name)} {SQL_TYPES[TYPES[field.type]]}"
            con.execute(f"ALTER TABLE typed.{quote(table)} ADD COLUMN IF NOT EXISTS {column}")


def _unread(groups: Iterable[_Group], nothing: NothingRead) -> Iterator[tuple[int, Ran]]:
    """Yield every example, of which none can be read."""
    why = {row.audit_id: row.reason for row in nothing.rejected}
    for group in groups:
        for name, case in group.cases.items():
            yield id(case), Ran(case, unread=why.get(name, str(nothing)))


def _found(rulebook: Rulebook, con: DuckDBPyConnection, group: _Group) -> dict[str, Evidence]:
    compiled, name = (group.compiled,), group.compiled.standard.id
    presence = group.presence(rulebook)
    reads = columns_read(compiled, evidence=True)
    lay_out(con, rulebook, presence, group.part, as_of=group.as_of, reads=reads)
    audits = con.execute("SELECT a, audit_id FROM audits").fetchall()
    found = evidence(con, compiled, rulebook.calendar)
    return {audit: found[a][name] for a, audit in audits if a in found}


def _record(case: Case, audit_id: str) -> dict[str, object]:
    """Return an example's record as one nested audit, under an id of its own."""
    given = {name: rows for name, rows in case.example.given.items() if name != AUDITS}
    audit = {**case.example.given[AUDITS], AUDIT_ID: audit_id}
    # Ids in its rows are those of its own audit.
    for name, rows in given.items():
        given[name] = [{k: v for k, v in row.items() if k != AUDIT_ID} for row in rows or []]
    return {**audit, **given}


def _presence(rulebook: Rulebook, case: Case) -> Presence:
    """Return what an example holds, as if it were the whole input."""
    columns = {}
    for name, rows in case.example.given.items():
        known = frozenset(rulebook.fields.tables[name].fields)
        listed = [rows] if name == AUDITS else rows or []
        named = frozenset(key for row in listed for key in row)
        columns[name] = ((named & known) if listed else known) | {AUDIT_ID}
    skipped = case.example.given[AUDITS].get("not_examined") or ()
    skipped = [skipped] if isinstance(skipped, str) else skipped
    return Presence(columns=columns, not_examined=frozenset(skipped))
