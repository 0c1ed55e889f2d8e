"""What became of the examples: for people, for machines that build, and as data.

Examples that were run come in, text goes out. Nothing here runs anything.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from xml.etree import ElementTree as ET

from engine.authoring.examples import Ran, problem_of
from engine.reports.because import because
from engine.reports.books import as_data
from engine.reports.wording import counted, long_date
from engine.rulebook.book import Rulebook

SCHEMA = "rules-test/1"


def failures(rulebook: Rulebook, ran: Sequence[Ran]) -> Iterator[str]:
    """Yield each example that failed, with what it gave and what that rests on."""
    for one in ran:
        if problem := problem_of(rulebook, one):
            yield str(problem)
            yield from (f"  evidence: {line}" for line in _evidence(one))


def closing(ran: Sequence[Ran]) -> str:
    """Return the run in one line."""
    tested = len({one.case.standard.id for one in ran})
    failed = sum(not one.passed for one in ran)
    return f"{counted(len(ran), 'example')} of {counted(tested, 'standard')}, {failed} failed."


def junit(rulebook: Rulebook, ran: Sequence[Ran]) -> str:
    """Return JUnit's XML: a suite for each standard, a case for each example, no times."""
    root = ET.Element("testsuites", {"name": "audit rules test", **_counts(ran)})
    for standard, held in groupby(ran, key=lambda one: one.case.standard):
        suite_ran, file = tuple(held), rulebook.file_of(standard)
        named = f"{standard.id} {standard.title}"
        suite = ET.SubElement(root, "testsuite", {"name": _xml(named), **_counts(suite_ran)})
        for one in suite_ran:
            line = str(rulebook.place_of(standard, ("examples", one.case.place)).line)
            name = _xml(one.case.example.it)
            case = ET.SubElement(
                suite, "testcase", classname=standard.id, name=name, file=_xml(file), line=line
            )
            _failure(rulebook, case, one)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'


def _counts(ran: Sequence[Ran]) -> dict[str, str]:
    unread = sum(bool(one.unread) for one in ran)
    failed = sum(not one.passed for one in ran) - unread
    return {"tests": str(len(ran)), "failures": str(failed), "errors": str(unread)}


def _failure(rulebook: Rulebook, case: ET.Element, ran: Ran) -> None:
    problem = problem_of(rulebook, ran)
    if problem is None:
        return
    kind = "error" if ran.unread else "failure"
    told = ET.SubElement(case, kind, type=problem.code, message=_xml(problem.message))
    told.text = _xml("\n".join((str(problem), *_evidence(ran))))


def _xml(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)


def as_json(rulebook: Rulebook, ran: Sequence[Ran]) -> str:
    """Return every example with what it gave."""
    held = {
        "schema": SCHEMA,
        "rulebook": as_data(rulebook),
        "examples": len(ran),
        "failed": sum(not one.passed for one in ran),
        "results": [_object(rulebook, one) for one in ran],
    }
    return json.dumps(held, ensure_ascii=False, indent=2)


def _object(rulebook: Rulebook, ran: Ran) -> dict[str, Any]:
    case, found = ran.case, ran.found
    place = rulebook.place_of(case.standard, ("examples", case.place))
    return {
        "standard": case.standard.id,
        "example": case.example.it,
        "file": place.file,
        "line": place.line,
        "passed": ran.passed,
        "expect": case.example.expect,
        "got": None if ran.unread else ran.outcome,
        "cannot_be_read": ran.unread or None,
        "because": None if ran.unread else because(rulebook, case.standard, found),
        "value": found.value if found else None,
        "day_from": _iso(found.day_from) if found else None,
        "day_to": _iso(found.day_to) if found else None,
        "rows": found.rows if found else None,
        "version": _iso(found.version.from_) if found and found.version else None,
        "branch": found.branch.name if found and found.branch else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _evidence(ran: Ran) -> Iterator[str]:
    """Yield what a finding rests on: figures and days, the version and branch, and the rows."""
    found = ran.found
    if found is None:
        return
    told = [
        f"value {found.value:,}" if found.value is not None else "",
        _days(found.day_from, found.day_to),
        f"{counted(found.rows, 'row')} counted" if found.rows is not None else "",
        f"version from {long_date(found.version.from_)}" if found.version else "",
        f"branch `{found.branch.name}`" if found.branch else "",
    ]
    if said := "; ".join(part for part in told if part):
        yield said
    days = {day.isoformat() for day in (found.day_from, found.day_to) if day}
    if rows := list(_dated(ran.case.example.given, days)):
        yield f"those days stand in {', '.join(rows)}"


def _days(first: date | None, last: date | None) -> str:
    days = [long_date(day) for day in (first, last) if day]
    return " to ".join(days) if len(days) > 1 else "".join(f"day {day}" for day in days)


def _dated(given: Mapping[str, Any], days: set[str]) -> Iterator[str]:
    """Yield the rows of an example's record that hold one of some days, counted from 1."""
    for table, rows in given.items():
        for number, row in enumerate(rows if isinstance(rows, list) else [rows or {}], 1):
            held = [name for name, value in row.items() if str(value)[:10] in days]
            if held:
                which = f" {number}" if isinstance(rows, list) else ""
                yield f"{table}{which} ({', '.join(held)})"
