"""`moderated.xlsx`: the workbook for people, with nothing in it that is live.

In: a view. Out: one XLSX file with the same bytes each time: text is written as text (no formula,
no link, no number made of text), and the date of creation is `as_of`.
It must not know what stands on a sheet (`engine.reports.sheets` does).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from engine.reports import rows
from engine.reports.rows import Grade, Row, Share, SheetCell
from engine.reports.sheets import SHEETS, Sheet
from engine.reports.view import View
from engine.reports.wording import MARKING, PROPOSED_NOTE, counted, headline, ranks

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

NAME = "moderated.xlsx"
MOST_ROWS = 100_000
MOST_CHARACTERS = 32_000  # a cell of a workbook holds 32,767
A4 = 9
LINE = 15.0  # points
MOST_LINES = 8
SLACK = 2  # characters of a line that stay empty, since words do not break

# XlsxWriter escapes control characters; these two no XML can hold
_NOT_XML = dict.fromkeys((0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}")

# Fill and ink from the worst grade to the best. The grade's words say the same: colour only helps.
COLOURS = (
    ("#F4C7C3", "#5A0B0B"),
    ("#FCE8B2", "#4A3500"),
    ("#D5E8D4", "#12361B"),
    ("#CFE2F3", "#0B2E4F"),
)


def write(view: View, folder: Path) -> None:
    """Write `moderated.xlsx`."""
    from xlsxwriter.workbook import Workbook

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(folder / NAME, options) as book:
        book.set_properties(
            {
                "title": f"Moderation of practice audits ({MARKING})",
                "author": f"practice-audit {view.header.engine_version}",
                "created": datetime.combine(view.header.as_of, time(), UTC).replace(tzinfo=None),
            }
        )
        ink = _Ink.of(book, view)
        _write_summary(book.add_worksheet("Summary"), view, ink)
        for name, content in SHEETS.items():
            _write_sheet(book.add_worksheet(name), content, view, ink)


@dataclass(frozen=True)
class _Ink:
    """The formats of cells."""

    title: "Format"
    line: "Format"
    header: "Format"
    text: "Format"
    number: "Format"
    day: "Format"
    share: "Format"
    loose: "Format"
    grades: dict[str | None, "Format"]

    @classmethod
    def of(cls, book: "Workbook", view: View) -> "_Ink":
        top = {"valign": "top", "text_wrap": True}
        right = {"valign": "top", "align": "right", "indent": 1}
        framed = {"border": 1, "border_color": "#767676"}
        head = {"bold": True, "bg_color": "#1D3557", "font_color": "#FFFFFF"}
        return cls(
            title=book.add_format({"bold": True, "font_size": 16}),
            line=book.add_format({"bold": True}),
            header=book.add_format({**top, **framed, **head}),
            text=book.add_format(top),
            number=book.add_format({**right, "num_format": "#,##0"}),
            day=book.add_format({"valign": "top", "num_format": "d mmm yyyy", "align": "left"}),
            share=book.add_format({**right, "num_format": "0%"}),
            loose=book.add_format({"valign": "top"}),
            grades={
                grade: book.add_format({**top, **framed, "bg_color": fill, "font_color": ink})
                for grade, (fill, ink) in _colours(view).items()
            },
        )

    def of_cell(self, cell: SheetCell) -> "Format":
        if isinstance(cell, Grade):
            return self.grades.get(cell.id, self.text)
        if isinstance(cell, Share):
            return self.share
        if isinstance(cell, date):
            return self.day
        plain_number = isinstance(cell, int) and not isinstance(cell, bool)
        return self.number if plain_number else self.text


def _colours(view: View) -> dict[str, tuple[str, str]]:
    """Spread the colours over the rulebook's grades, the ends always taking the end colours."""
    rank = ranks(view.words)
    last = max(len(rank) - 1, 1)
    step = len(COLOURS) - 1
    return {grade: COLOURS[round((place - 1) * step / last)] for grade, place in rank.items()}


def _write_sheet(sheet: "Worksheet", content: Sheet, view: View, ink: _Ink) -> None:
    widths = tuple(content.columns.values())
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_row(0, _height(tuple(content.columns), widths))
    _write_row(sheet, 0, tuple(content.columns), ink, ink.header)
    row = 0
    for cells in content.rows(view):
        row += 1
        if row <= MOST_ROWS:
            sheet.set_row(row, _height(cells, widths))
            _write_row(sheet, row, cells, ink)
    if row > MOST_ROWS:
        said = f"{counted(row - MOST_ROWS, 'more row')} not shown; the CSV files hold them all."
        _write_row(sheet, MOST_ROWS + 1, (said,), ink, ink.line)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, min(row, MOST_ROWS), len(content.columns) - 1)
    sheet.repeat_rows(0)
    _set_print(sheet)


def _height(cells: Row, widths: Sequence[int]) -> float:
    """Make a row as high as its longest text needs: not every program does so when it opens it."""
    texts = (cell.title if isinstance(cell, Grade) else cell for cell in cells)
    lines = (
        text.count("\n") - (-len(text) // (width - SLACK))
        for text, width in zip(texts, widths, strict=True)
        if isinstance(text, str) and len(text) > width - SLACK
    )
    return LINE * min(max(lines, default=1), MOST_LINES)


def _write_row(
    sheet: "Worksheet", row: int, cells: Row, ink: _Ink, style: "Format | None" = None
) -> None:
    for column, cell in enumerate(cells):
        chosen = style or ink.of_cell(cell)
        if isinstance(cell, Share):
            sheet.write_number(row, column, cell.part / cell.whole if cell.whole else 0, chosen)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, chosen)
        elif isinstance(cell, bool):
            sheet.write_string(row, column, "yes" if cell else "no", chosen)
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, chosen)
        elif cell is not None and (text := _text(cell)):
            sheet.write_string(row, column, text, chosen)


def _text(cell: str | Grade) -> str:
    text = str(cell.title if isinstance(cell, Grade) else cell).translate(_NOT_XML)
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]} ... (cut)"


def _write_summary(sheet: "Worksheet", view: View, ink: _Ink) -> None:
    for column, width in enumerate((46, 14, 14, 14, 14)):
        sheet.set_column(column, column, width)
    blocks: list[tuple[Row, Format | None]] = [
        (("Moderation of practice audits: proposed grades",), ink.title),
        ((MARKING,), ink.line),
        ((headline(view),), ink.line),
        ((PROPOSED_NOTE,), ink.line),
        ((), None),
        (("Grade", "Auditors", "Auditors, %", "Moderated", "Moderated, %"), ink.header),
        *((cells, None) for cells in rows.grades(view)),
        ((), None),
        (("Count", "Number"), ink.header),
        *((cells, None) for cells in rows.counts(view)),
        ((), None),
        (("Run", "Value"), ink.header),
        *((cells, ink.loose) for cells in rows.run(view)),
    ]
    for row, (cells, style) in enumerate(blocks):
        _write_row(sheet, row, cells, ink, style)
    _set_print(sheet)


def _set_print(sheet: "Worksheet") -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&C{MARKING}")
    sheet.set_footer("&L&A&RPage &P of &N")
