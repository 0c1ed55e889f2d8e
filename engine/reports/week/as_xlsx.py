"""`week.xlsx`: the tables of the report as sheets, and its words on the first; nothing live.

In: a document. Out: one XLSX file with the same bytes each time: text is written as text (no
formula, no link), numbers as numbers with as many digits as may be shown, what is hidden as `c`.
It must not know how a cell is worded (`engine.reports.week.cells` does).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from engine.reports.week import cells, fixed
from engine.reports.week.cells import Datum, PerCent, Spread
from engine.reports.week.document import Block, Bullets, Chart, Document, Heading, Paragraph, Table

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

NAME = "week.xlsx"
A4 = 9
REPORT, FACTS = "Report", "How it was made"
LONGEST_NAME = 31  # of a sheet
MOST_CHARACTERS = 32_000  # a cell holds 32,767
NARROWEST, WIDEST = 10, 60  # characters
LINE = 15.0  # points
MOST_LINES = 20
TEXT_WIDTH = 110
TITLE = 24.0  # points
HEAD = 3  # the row of a table's header: above it are its title, the marking and its note
# nor what takes two places in the count of a sheet's letters
_NOT_A_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f\U00010000-\U0010ffff]+")


def write(document: Document, folder: Path) -> None:
    """Write `week.xlsx`."""
    from xlsxwriter.workbook import Workbook

    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with Workbook(folder / NAME, options) as book:
        book.set_properties(
            {
                "title": f"{_text(document.title)} ({_text(document.marking)})"[:255],
                "author": "practice-audit",
                "created": fixed.MADE,
            }
        )
        _Writer(book, document, _Ink.of(book)).write()


@dataclass(frozen=True)
class _Ink:
    """The formats of cells."""

    title: "Format"
    heading: "Format"
    strong: "Format"
    header: "Format"
    header_right: "Format"
    text: "Format"
    loose: "Format"
    number: "Format"
    decimals: "Format"
    more_decimals: "Format"
    share: "Format"
    day: "Format"
    right: "Format"

    @classmethod
    def of(cls, book: "Workbook") -> "_Ink":
        top = {"valign": "top", "text_wrap": True}
        right = {"valign": "top", "align": "right"}
        head = {**top, "bold": True, "bg_color": "#1D3557", "font_color": "#FFFFFF", "border": 1}
        return cls(
            title=book.add_format({"bold": True, "font_size": 16, "valign": "top"}),
            heading=book.add_format({**top, "bold": True, "font_size": 13}),
            strong=book.add_format({**top, "bold": True}),
            header=book.add_format(head),
            header_right=book.add_format({**head, "align": "right"}),
            text=book.add_format(top),
            loose=book.add_format({"valign": "top"}),
            number=book.add_format({**right, "num_format": "#,##0"}),
            decimals=book.add_format({**right, "num_format": "0.00"}),
            more_decimals=book.add_format({**right, "num_format": "0.000"}),
            share=book.add_format({**right, "num_format": "0%"}),
            day=book.add_format({"valign": "top", "num_format": "d mmm yyyy"}),
            right=book.add_format({**right, "text_wrap": True}),
        )

    def of_float(self, value: float) -> "Format":
        return self.decimals if round(value, cells.DECIMALS) == value else self.more_decimals


class _Writer:
    """Writes one workbook: the words on the first sheet, then a sheet a table."""

    def __init__(self, book: "Workbook", document: Document, ink: _Ink) -> None:
        self.book = book
        self.document = document
        self.ink = ink

    def write(self) -> None:
        tables = [one for section in self.document.sections for one in cells.tables(section)]
        names = [_sheet_name(number, table) for number, table in enumerate(tables, 1)]
        self.report(iter(names))
        for name, table in zip(names, tables, strict=True):
            self.table(name, table)
        self.table(FACTS, cells.facts(self.document))

    def report(self, names: Iterator[str]) -> None:
        sheet = self.sheet(REPORT)
        sheet.set_column(0, 0, TEXT_WIDTH)
        for row, (text, style) in enumerate(self.lines(names)):
            sheet.set_row(row, TITLE if style is self.ink.title else _height([text], [TEXT_WIDTH]))
            sheet.write_string(row, 0, _text(text), style)

    def lines(self, names: Iterator[str]) -> Iterator[tuple[str, "Format"]]:
        """Yield what the first sheet says, and how it looks."""
        yield self.document.title, self.ink.title
        yield self.document.subtitle, self.ink.text
        yield self.document.marking, self.ink.strong
        for section in self.document.sections:
            yield "", self.ink.text
            yield section.title, self.ink.heading
            for block in section.blocks:
                yield from self.block(block, names)

    def block(self, block: Block, names: Iterator[str]) -> Iterator[tuple[str, "Format"]]:
        match block:
            case Heading():
                yield block.text, self.ink.strong
            case Paragraph():
                yield cells.words(block.words), self.ink.strong if block.style else self.ink.text
            case Bullets():
                said = (f"\N{BULLET} {cells.words(item)}" for item in block.items)
                yield from ((line, self.ink.text) for line in said)
            case Table():
                yield f"{block.title}: on the sheet {next(names)}", self.ink.text
            case Chart():
                yield f"{block.title}. {block.description}", self.ink.text
                yield from self.block(block.table, names)

    def table(self, name: str, table: Table) -> None:
        sheet, spread = self.sheet(name), cells.spread(table)
        for row, text in enumerate((table.title, self.document.marking, table.note)):
            sheet.write_string(row, 0, _text(text), self.ink.title if row == 0 else self.ink.loose)
        sheet.set_row(0, TITLE)
        widths = _widths(spread)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        titles = tuple(column.title for column in spread.columns)
        for row, held in enumerate((titles, *spread.rows), HEAD):
            sheet.set_row(row, _height(held, widths))
        self.cells(sheet, spread)
        if not spread.rows:
            sheet.write_string(HEAD + 1, 0, cells.EMPTY, self.ink.text)
        sheet.freeze_panes(HEAD + 1, 1)
        sheet.repeat_rows(HEAD)

    def cells(self, sheet: "Worksheet", spread: Spread) -> None:
        for place, column in enumerate(spread.columns):
            head = self.ink.header_right if column.number else self.ink.header
            text = self.ink.right if column.number else self.ink.text
            sheet.write_string(HEAD, place, _text(column.title), head)
            for row, held in enumerate(spread.rows, HEAD + 1):
                self.cell(sheet, (row, place), held[place], text)

    def cell(
        self, sheet: "Worksheet", place: tuple[int, int], datum: Datum, text: "Format"
    ) -> None:
        match datum:
            case None | "":
                pass
            case PerCent():
                sheet.write_number(*place, datum.value / 100, self.ink.share)
            case float():
                sheet.write_number(*place, datum, self.ink.of_float(datum))
            case int():
                sheet.write_number(*place, datum, self.ink.number)
            case date():
                sheet.write_datetime(*place, datum, self.ink.day)
            case str():
                sheet.write_string(*place, _text(datum), text)

    def sheet(self, name: str) -> "Worksheet":
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&C{_text(self.document.marking).replace('&', '&&')}"[:255])
        sheet.set_footer("&L&A&RPage &P of &N")
        return sheet


def _sheet_name(number: int, table: Table) -> str:
    """Return a name that a sheet may have, and that no other has.

    >>> _sheet_name(3, Table("t", "What: [all] / some", (), ()))
    '3 What all some'
    """
    words = _NOT_A_NAME.sub(" ", _text(table.title)).split()
    return f"{number} {' '.join(words)}"[:LONGEST_NAME].strip()


def _text(text: str) -> str:
    text = cells.printable(text)
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]} ... (cut)"


def _letters(datum: Datum) -> int:
    if isinstance(datum, str):
        return max(map(len, datum.split("\n")), default=0)
    return NARROWEST if datum is not None else 0


def _widths(spread: Spread) -> list[int]:
    longest = (
        max((len(column.title) // 2, *(_letters(row[place]) for row in spread.rows)), default=0)
        for place, column in enumerate(spread.columns)
    )
    return [min(max(letters + 2, NARROWEST), WIDEST) for letters in longest]


def _height(held: Sequence[Datum], widths: Sequence[int]) -> float:
    """Make a row as high as its longest text needs: not every program does so when it opens it."""
    lines = (
        sum(max(1, -(-len(line) // max(width - 2, 1))) for line in datum.split("\n"))
        for datum, width in zip(held, widths, strict=True)
        if isinstance(datum, str)
    )
    return LINE * min(max(lines, default=1), MOST_LINES)
