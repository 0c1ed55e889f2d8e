"""A mixed batch for the tests of scoring: the examples of the rule files as audits of their own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from engine.records import Batch, read_batch
from engine.rulebook.fields import AUDIT_ID, AUDITS
from engine.terms import Answer
from tests.rules.rulebooks import shipped

AUDITORS = ("AU-1", "AU-2", "AU-3", None)
TEAMS = ("East", "West", None)


@cache
def records() -> tuple[dict[str, Any], ...]:
    """Return every third example as an audit, with grades and answers from all of their values."""
    given = [example.given for standard in shipped().standards for example in standard.examples]
    mixed_ones = (_audit(place, dict(tables)) for place, tables in enumerate(given[::3]))
    return (*mixed_ones, _unread())


def _unread() -> dict[str, Any]:
    """Return an audit of which no table was examined, so that nothing takes its grade away."""
    others = sorted(shipped().fields.tables.keys() - {AUDITS, "answers", "domain_grades"})
    answers = [{"standard": standard, "answer": "met"} for standard in sorted(shipped().by_id)]
    own = {"unallocated": "no", "worker_changes_12m": 0, "allocated_date": "2025-01-06"}
    audit = {AUDIT_ID: "M-999", "overall_grade": shipped().grades[-1], "not_examined": others}
    return {**audit, **own, "worker_id": "W-1", "answers": answers}


def _audit(place: int, tables: dict[str, Any]) -> dict[str, Any]:
    """Return an example as one nested audit; what the auditor said goes round with the place."""
    grades, domains, ids = shipped().grades, shipped().domains, sorted(shipped().by_id)
    answers = tuple(Answer)
    own = grades if place % 4 == 0 else grades[1:]
    audit = {
        **tables.pop(AUDITS),
        AUDIT_ID: f"M-{place:03}",
        "auditor_id": AUDITORS[place % len(AUDITORS)],
        "team": TEAMS[place % len(TEAMS)],
        "overall_grade": (*grades, None)[(2 * place + 1) % (len(grades) + 1)],
        "not_examined": ["supervisions", "visits"][: place % 3],
        "domain_grades": [
            {"domain": domain, "grade": own[(place + at) % len(own)]}
            for at, domain in enumerate(domains)
            if (place + at) % 3
        ],
        "answers": [
            {"standard": standard, "answer": str(answers[(place * at) % len(answers)])}
            for at, standard in enumerate(ids)
            if (place + at) % 4
        ],
    }
    for name, rows in tables.items():
        audit[name] = [{k: v for k, v in row.items() if k != AUDIT_ID} for row in rows or []]
    return audit


def written(folder: Path, *, most: int | None = None, backwards: bool = False) -> Path:
    """Write the batch as JSON Lines, its rows in the order of the ids or the other way round."""
    folder.mkdir(parents=True, exist_ok=True)
    audits = records()[:most]
    if backwards:
        audits = tuple(_turned(audit) for audit in reversed(audits))
    path = folder / "mixed.jsonl"
    path.write_text("".join(json.dumps(audit) + "\n" for audit in audits), "utf-8")
    return path


def _turned(audit: dict[str, Any]) -> dict[str, Any]:
    return {k: v[::-1] if isinstance(v, list) else v for k, v in reversed(list(audit.items()))}


@contextmanager
def mixed(folder: Path, *, most: int | None = None, backwards: bool = False) -> Iterator[Batch]:
    """Give the batch, or the first of its audits, read."""
    path = written(folder, most=most, backwards=backwards)
    with read_batch(path, shipped().fields, shipped().allowed) as batch:
        yield batch
