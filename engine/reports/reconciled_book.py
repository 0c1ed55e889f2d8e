"""The workbook of what was reconciled: the figures, the cases behind them, how to read them.

In: `Reconciled`. Out: one XLSX file with nothing live in it, the same bytes each time.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.reports.reconcile import Line, Reconciled
from engine.reports.wording import outcome_title

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

INDICATORS = {
    "Indicator": 30, "Standard": 10, "Team": 12, "From": 12, "To": 12, "Extract, %": 10,
    "Audits, %": 10, "Audits, at least %": 11, "Audits, at most %": 11, "Gap, points": 9,
    "What this says": 26, "Audits that met it": 11, "Audits assessed": 11,
    "Audits not assessable": 12, "Cases listed": 9,
}  # fmt: skip
CASES = {
    "Indicator": 30, "Standard": 10, "Team": 12, "Audit": 14, "Child": 14, "Why it is listed": 30,
    "Outcome": 15, "Reason": 60,
}  # fmt: skip
A4 = 9
LINE = 15.0  # points
SLACK = 2  # characters of a line that stay empty, since words do not break

Cell = str | int | float | date | None


def write_book(found: Reconciled, path: Path, as_of: date, note: str) -> None:
    """Write the workbook."""
    from xlsxwriter.workbook import Workbook

    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with Workbook(path, options) as book:
        made = datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001 - a workbook has no zone
        book.set_properties({"title": "Performance extract and audits", "created": made})
        ink = _ink(book)
        lines = ([*_line(line)] for line in found.lines)
        _sheet(book.add_worksheet("Indicators"), INDICATORS, lines, ink)
        _sheet(book.add_worksheet("Cases"), CASES, _cases(found), ink)
        notes = book.add_worksheet("How to read this")
        notes.set_column(0, 0, 100)
        notes.set_row(0, 5 * LINE)
        notes.write_string(0, 0, note, ink["text"])


def _ink(book: "Workbook") -> "Mapping[str, Format]":
    top = {"text_wrap": True, "valign": "top"}
    right = {"valign": "top", "align": "right", "indent": 1}
    head = {"bold": True, "bg_color": "#1D3557", "font_color": "#FFFFFF", **top}
    return {
        "head": book.add_format(head),
        "text": book.add_format(top),
        "number": book.add_format({**right, "num_format": "#,##0.0"}),
        "count": book.add_format({**right, "num_format": "#,##0"}),
        "day": book.add_format({"valign": "top", "num_format": "d mmm yyyy", "align": "left"}),
    }


def _line(line: Line) -> Iterator[Cell]:
    one = line.indicator
    yield from (one.name, one.standard, one.team or "All", one.period_start, one.period_end)
    for share in (one.share, line.share, line.low, line.high):
        yield None if share is None else 100.0 * share
    yield line.gap
    yield str(line.verdict)
    yield from (line.met, line.assessed, line.counts["not_assessable"], len(line.cases))


def _cases(found: Reconciled) -> Iterator[list[Cell]]:
    for line in found.lines:
        for case in line.cases:
            yield [
                case.indicator, case.standard, case.team, case.audit_id, case.child_id,
                str(case.kind), outcome_title(case.outcome), case.because,
            ]  # fmt: skip


def _sheet(
    sheet: "Worksheet",
    columns: Mapping[str, int],
    rows: Iterable[list[Cell]],
    ink: "Mapping[str, Format]",
) -> None:
    widths, last = tuple(columns.values()), 1
    for at, (title, width) in enumerate(columns.items()):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, ink["head"])
    sheet.set_row(0, 2 * LINE)
    for last, row in enumerate(rows, start=1):
        sheet.set_row(last, _height(row, widths))
        for at, cell in enumerate(row):
            _write(sheet, (last, at), cell, ink)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _write(
    sheet: "Worksheet", at: tuple[int, int], cell: Cell, ink: "Mapping[str, Format]"
) -> None:
    if isinstance(cell, str):
        sheet.write_string(*at, cell, ink["text"])
    elif isinstance(cell, date):
        sheet.write_datetime(*at, cell, ink["day"])
    elif cell is not None:
        sheet.write_number(*at, cell, ink["count" if isinstance(cell, int) else "number"])


def _height(row: list[Cell], widths: tuple[int, ...]) -> float:
    """Make a row as high as its longest text: not every program does so when it opens it."""
    lines = (
        -(-len(cell) // (width - SLACK))
        for cell, width in zip(row, widths, strict=True)
        if isinstance(cell, str)
    )
    return LINE * max(1, *lines)
