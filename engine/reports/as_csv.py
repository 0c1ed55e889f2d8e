"""`moderated.csv`, `findings.csv`, `data_quality.csv` and `rejected.csv`, nothing live.

In: a view. Out: UTF-8 with a byte order mark and CRLF, as Excel wants them. Text that a
spreadsheet would take for a formula begins with an apostrophe; numbers stay numbers.
It must not know where the rows come from.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain
from operator import attrgetter
from pathlib import Path

from engine.records.batch import Rejected
from engine.reports import quality
from engine.reports.summary import COMPARISONS
from engine.reports.view import AuditView, View, Words
from engine.reports.worst import deciding

END = "\r\n"
QUALITY = "data_quality.csv"
Cell = str | int | date | bool | None
Take = Callable[[AuditView, Words], None]

MODERATED = (
    "audit_id",
    "case_type",
    "team",
    "auditor_id",
    "auditor_grade",
    "cap",
    "moderated_grade",
    "status",
    "route",
    "suggested_grade",
    "alerts",
    *COMPARISONS.values(),
    "rule",
    "standards",
    "because",
    "source",
)
FINDINGS = (
    "audit_id",
    "standard",
    "outcome",
    "silent",
    "answer",
    "comparison",
    "back_filled",
    "value",
    "day_from",
    "day_to",
    "rows",
    "version",
    "because",
    "source",
)
REJECTED = ("file", "sheet", "place", "table", "audit_id", "code", "reason", "row")

# INVARIANT: no text cell of a CSV file begins with one of these.
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")


def write(view: View, folder: Path) -> None:
    """Write `moderated.csv`, `findings.csv` and `data_quality.csv`."""
    with one_by_one(folder) as take:
        for audit in view.audits:
            take(audit, view.words)
    write_quality(view, folder)


@contextmanager
def one_by_one(folder: Path) -> Iterator[Take]:
    """Give a function that adds one audit to `moderated.csv` and `findings.csv`."""
    with (
        _table(folder / "moderated.csv", MODERATED) as moderated,
        _table(folder / "findings.csv", FINDINGS) as findings,
    ):

        def take(audit: AuditView, words: Words) -> None:
            moderated([_moderated(audit, words)])
            findings(_findings(audit))

        yield take


def write_quality(view: View, folder: Path) -> None:
    """Write `data_quality.csv`: every entry, and what is not listed as a number."""
    write_table(folder / QUALITY, quality.ENTRY, quality.rows(view.quality, view.header.input))


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a file with a header."""
    with _table(path, header) as take:
        take(rows)


def write_rejected(rejected: Iterable[Rejected], folder: Path) -> None:
    """Write `rejected.csv`: every row that was put aside, where it stands and why."""
    with _table(folder / "rejected.csv", REJECTED) as rows:
        rows(map(attrgetter(*REJECTED), rejected))


def lines(view: View) -> Iterator[str]:
    """Yield `moderated.csv` a row at a time, without byte order mark or line ends."""
    rows = (_moderated(audit, view.words) for audit in view.audits)
    for row in chain((MODERATED,), rows):
        text = io.StringIO()
        csv.writer(text, lineterminator=END).writerow(map(inert, row))
        yield text.getvalue().removesuffix(END)


def inert(cell: Cell) -> str | int:
    """Return a cell as it is written: text that could be taken for a formula gets an apostrophe.

    >>> inert("=1+1"), inert(-3), inert(True), inert(date(2026, 1, 2)), inert(None)
    ("'=1+1", -3, 'yes', '2026-01-02', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_LIVE) else cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell if isinstance(cell, int) else cell.isoformat()


def _moderated(audit: AuditView, words: Words) -> Sequence[Cell]:
    reason = deciding(audit, words)
    said = [finding.comparison for finding in audit.findings]
    return (
        audit.audit_id,
        audit.case_type,
        audit.team,
        audit.auditor_id,
        audit.auditor_grade,
        audit.cap,
        audit.moderated_grade,
        audit.status,
        audit.route,
        audit.suggested_grade,
        len(audit.alerts),
        *(said.count(comparison) for comparison in COMPARISONS),
        reason.rule,
        "; ".join(reason.standards),
        reason.text,
        reason.source,
    )


def _findings(audit: AuditView) -> Iterator[Sequence[Cell]]:
    evidence = attrgetter(*FINDINGS[1:])
    return ((audit.audit_id, *evidence(finding)) for finding in audit.findings)


@contextmanager
def _table(
    path: Path, header: Sequence[str]
) -> Iterator[Callable[[Iterable[Sequence[Cell]]], None]]:
    """Give a function that adds rows to a file."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator=END)
        writer.writerow(header)
        yield lambda rows: writer.writerows(map(inert, row) for row in rows)
