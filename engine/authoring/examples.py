"""Run the examples that stand in the rule files, through the same engine as any batch.

A rulebook comes in; a problem for each example that does not give what it expects goes out.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.errors import Location, Problem
from engine.findings.slices import Slice, lay_out, lay_out_calendar
from engine.findings.stage import Evidence, columns_read, compile_rulebook, evidence
from engine.records import Batch, Presence, read_batch
from engine.reports.because import because
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDIT_ID, AUDITS
from engine.rulebook.standard import Example, Standard
from engine.terms import Outcome

# An example that names no day is judged at the end of its own period.
LATE = date(2100, 1, 1)


@dataclass(frozen=True)
class Case:
    """An example with the id under which its record is read."""

    standard: Standard
    example: Example
    place: int
    audit_id: str


@dataclass(frozen=True)
class Ran:
    """An example that was run: what was found (None: the standard does not bind), or why not."""

    case: Case
    found: Evidence | None
    unread: str = ""

    @property
    def outcome(self) -> Outcome:
        """Return the outcome."""
        return self.found.outcome if self.found else Outcome.NOT_APPLICABLE


def run_examples(rulebook: Rulebook) -> tuple[tuple[Problem, ...], int]:
    """Run every example; return a problem for each that fails, and how many there are."""
    ran = tuple(each_example(rulebook))
    return tuple(p for one in ran if (p := _failed(rulebook, one))), len(ran)


def each_example(rulebook: Rulebook) -> Iterator[Ran]:
    """Run every example and yield what came out, in the order of the standards."""
    cases = tuple(_cases(rulebook))
    if not cases:
        return
    with tempfile.TemporaryDirectory(prefix="examples-") as scratch:
        path = Path(scratch) / "examples.jsonl"
        path.write_text("".join(json.dumps(_record(case)) + "\n" for case in cases), "utf-8")
        with read_batch(path, rulebook.fields, rulebook.allowed) as batch:
            lay_out_calendar(batch.con, rulebook)
            unread = {row.audit_id: row.reason for row in batch.rejected}
            for case in cases:
                if case.audit_id in unread:
                    yield Ran(case, None, unread[case.audit_id])
                else:
                    yield Ran(case, _found(rulebook, batch, case))


def _cases(rulebook: Rulebook) -> Iterator[Case]:
    for standard in rulebook.standards:
        for place, example in enumerate(standard.examples):
            yield Case(standard, example, place, f"{standard.id}-{place:03}")


def _record(case: Case) -> dict[str, object]:
    """Return an example's record as one nested audit, under an id of its own."""
    given = {name: rows for name, rows in case.example.given.items() if name != AUDITS}
    audit = {**case.example.given[AUDITS], AUDIT_ID: case.audit_id}
    # Ids in its rows are those of its own audit.
    for name, rows in given.items():
        given[name] = [{k: v for k, v in row.items() if k != AUDIT_ID} for row in rows or []]
    return {**audit, **given}


def _failed(rulebook: Rulebook, ran: Ran) -> Problem | None:
    case = ran.case
    place = Location(rulebook.file_of(case.standard), path=f"examples, {case.place + 1}")
    said = f"`{case.example.it}`"
    if ran.unread:
        return Problem(place, "R029", f"the example {said} cannot be read: {ran.unread}")
    if ran.outcome == case.example.expect:
        return None
    shown = because(rulebook, case.standard, ran.found)
    return Problem(
        place, "U011", f"{said} expects `{case.example.expect}` and gives `{ran.outcome}`", shown
    )


def _found(rulebook: Rulebook, batch: Batch, case: Case) -> Evidence | None:
    (compiled,) = (
        one for one in compile_rulebook(rulebook, _presence(rulebook, case), (case.standard,))
    )
    part = Slice(case.audit_id, case.audit_id, 1)
    reads = columns_read((compiled,), evidence=True)
    as_of = case.example.as_of or LATE
    lay_out(batch.con, rulebook, compiled.against.presence, part, as_of=as_of, reads=reads)
    return evidence(batch.con, (compiled,)).get(0, {}).get(case.standard.id)


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
