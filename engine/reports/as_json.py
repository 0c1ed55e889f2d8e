"""`results.json`: the whole run as one JSON document, and one audit as one object.

In: a view. Out: UTF-8, keys in a fixed order, one audit at a time, so that a large run does not
have to fit in memory twice. It must not tell in which folder the input lies.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.errors import Problem
from engine.reports import quality
from engine.reports.places import in_batch
from engine.reports.view import AuditView, RunHeader, View, Words

NAME = "results.json"

# characters that JSON allows in text and that some readers take for the end of a line
_LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def write(view: View, folder: Path) -> None:
    """Write `results.json`."""
    with (folder / NAME).open("w", encoding="utf-8", newline="\n") as file:
        for line in lines(view):
            file.write(f"{line}\n")


def lines(view: View) -> Iterator[str]:
    """Yield the lines of `results.json`."""
    head = {
        "schema": view.header.schema,
        "run": run_object(view.header),
        "summary": asdict(view.summary),
        "data_quality": quality.object_of(view.quality),
    }
    yield "{"
    for key, value in head.items():
        yield from _member(key, value, ",")
    yield from _audits(view)
    yield from _member(
        "problems", [problem_object(p, view.header.input) for p in view.problems], ""
    )
    yield "}"


def compact(audit: AuditView, words: Words) -> str:
    """Return one audit on one line."""
    text = json.dumps(audit_object(audit, words), ensure_ascii=False, separators=(",", ":"))
    return text.translate(_LINE_ENDS)


def audit_object(audit: AuditView, words: Words) -> dict[str, Any]:
    """Return one audit as it stands in `results.json`, with exactly the keys of the schema."""
    order = [domain.id for domain in words.domains if domain.id in audit.domains]
    return {
        "audit_id": audit.audit_id,
        "auditor_grade": audit.auditor_grade,
        "cap": audit.cap,
        "moderated_grade": audit.moderated_grade,
        "status": audit.status,
        "route": str(audit.route),
        "alerts": [asdict(alert) for alert in audit.alerts],
        "contradictions": [asdict(found) for found in audit.contradictions],
        "domains": {domain: asdict(audit.domains[domain]) for domain in order},
        "caps": [asdict(cap) for cap in audit.caps],
        "findings": {finding.standard: str(finding.outcome) for finding in audit.findings},
        "suggested_grade": audit.suggested_grade,
    }


def run_object(header: RunHeader) -> dict[str, Any]:
    """Return what names the run: nothing that depends on what the input is called."""
    return {
        "engine_version": header.engine_version,
        "rulebook_id": header.rulebook_id,
        "rulebook_version": header.rulebook_version,
        "rulebook_hash": header.rulebook_hash,
        "books": [asdict(book) for book in header.books],
        "input_hash": header.input_hash,
        "as_of": header.as_of.isoformat(),
        "judge": header.judge,
        "audits": header.audits,
        "put_aside": header.put_aside,
    }


def problem_object(problem: Problem, batch: str) -> dict[str, Any]:
    """Return a problem with its place in words, told from the batch."""
    return {
        "code": problem.code,
        "place": str(in_batch(problem.location, batch)),
        "message": problem.message,
        "help": problem.help,
        "warning": problem.warning,
    }


def _audits(view: View) -> Iterator[str]:
    # an audit is held back until the next one shows whether a comma follows it
    before = ""
    for audit in view.audits:
        yield f"{before}," if before else '  "audits": ['
        before = _indented(audit_object(audit, view.words), "    ")
    yield before or '  "audits": ['
    yield "  ],"


def _member(key: str, value: object, end: str) -> Iterator[str]:
    yield f"  {json.dumps(key)}: {_indented(value, '  ').lstrip()}{end}"


def _indented(value: object, margin: str) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return margin + text.replace("\n", f"\n{margin}")
