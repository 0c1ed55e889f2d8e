"""A workbook: one sheet a table, real dates, yes and no as words, and nothing that is live.

In: a generator that holds all audits. Out: `audits.xlsx`, the same cells each time.
It must not know what the tables hold.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.rulebook.fields import FieldType
from engine.synthetic.generator import Generator
from engine.synthetic.order import stop

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

NAME = "audits.xlsx"
MOST_ROWS = 1_048_575  # a sheet has 1,048,576, and one is the header
AT_ONCE = 10_000
MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook knows no time zone; fixed, for the same bytes
SHAPES = {
    FieldType.DATE: "dd/mm/yyyy",
    FieldType.MONTH: "yyyy-mm",
    FieldType.DATETIME: "dd/mm/yyyy hh:mm",
}


@dataclass(frozen=True)
class BookSink:
    """Write all tables to one workbook, which therefore is one stretch."""

    batch: Path
    scratch: Path
    out: Path

    def write(self, generator: Generator, _: int) -> Mapping[str, int]:
        """Write the workbook, unless a table is too long for a sheet."""
        from xlsxwriter.workbook import Workbook

        rows = {table: generator.count(table) for table in generator.fields.tables}
        for table, count in rows.items():
            if count > MOST_ROWS:
                message = f"`{table}` has {count:,} rows, and a sheet holds {MOST_ROWS:,}"
                raise stop(self.out, "S004", message, "ask for parquet, csv or jsonl")
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "tmpdir": str(self.scratch),
        }
        with Workbook(self.batch / NAME, options) as book:
            book.set_properties({"title": "Synthetic practice audits", "created": MADE})
            for table in generator.fields.tables:
                _write_sheet(book, table, generator)
        return rows

    def take(self, number: int, tables: Mapping[str, int]) -> None:
        """Have nothing left to do: the workbook is whole."""


def _write_sheet(book: "Workbook", table: str, generator: Generator) -> None:
    fields = generator.fields.tables[table].fields
    sheet = book.add_worksheet(table)
    bold = book.add_format({"bold": True})
    formats = []
    for column, (name, field) in enumerate(fields.items()):
        shape = SHAPES.get(field.type)
        formats.append(book.add_format({"num_format": shape}) if shape else None)
        sheet.set_column(column, column, max(12, len(name) + 2))
        sheet.write_string(0, column, name, bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(_rows(generator, table), start=1):
        _write_row(sheet, number, row, formats)


def _rows(generator: Generator, table: str) -> Iterator[tuple[object, ...]]:
    found = generator.con.execute(generator.select(table))
    while rows := found.fetchmany(AT_ONCE):
        yield from rows


def _write_row(
    sheet: "Worksheet", number: int, row: tuple[object, ...], formats: "list[Format | None]"
) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, date):
            sheet.write_datetime(number, column, cell, formats[column])
        elif isinstance(cell, int):
            sheet.write_number(number, column, cell)
        elif cell is not None:
            sheet.write_string(number, column, str(cell))
