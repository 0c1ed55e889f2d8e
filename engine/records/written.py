"""A batch as a folder: a CSV or Parquet file a table or one workbook, and `batch.json`.

In: typed tables. Out: files that read back as the same batch, the same bytes whatever the order of
its rows; nothing in them is live in a spreadsheet. It must not know readers or reports.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from engine.errors import Exit, Location, Problem, Stop
from engine.records import sql
from engine.records.apostrophes import TEXTS, held_sql
from engine.records.batch import Batch
from engine.records.batch_json import NAME, BatchNote
from engine.records.cells import Spec
from engine.records.sheets import ERRORS
from engine.rulebook.fields import AUDIT_ID, FieldType

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

BOOK = "batch.xlsx"
MOST_ROWS = 1_048_575  # a sheet has 1,048,576, and one is the header
MOST_CHARACTERS = 32_767
MOST_OF_A_TITLE = 31
AT_ONCE = 10_000
MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook knows no time zone; fixed, for the same bytes
OTHER, PARQUET = "write it as CSV or Parquet", "write it as Parquet"
# characters that a workbook does not give back as they were
SHOWN_AS_ERRORS = ", ".join(map(sql.literal, ERRORS))
NOT_HELD = "[\\x00-\\x08\\x0b-\\x1f\\x{fffe}\\x{ffff}]|_x[0-9A-Fa-f]{4}_"
SHAPES = {
    FieldType.DATE: "yyyy-mm-dd",
    FieldType.MONTH: "yyyy-mm",
    FieldType.DATETIME: "yyyy-mm-dd hh:mm:ss",
}


@dataclass(frozen=True)
class Laid:
    """A table as it is to be written: its present fields in order, and SQL of its typed rows.

    The rows are sorted by audit, by day, and then by all else.
    """

    name: str
    fields: tuple[Spec, ...]
    relation: str
    date: str | None = None

    def select(self, cell: Callable[[Spec], str]) -> str:
        """Return SQL of the rows in order; `cell` gives the SQL of a field's cells."""
        names = [spec.name for spec in self.fields]
        first = [name for name in (AUDIT_ID, self.date) if name in names]
        order = ", ".join(f"r.{sql.name(n)} NULLS FIRST" for n in dict.fromkeys([*first, *names]))
        picked = ", ".join(f"{cell(spec)} AS {sql.name(spec.name)}" for spec in self.fields)
        return f"SELECT {picked} FROM {self.relation} r ORDER BY {order}"


def tables_of(batch: Batch) -> tuple[Laid, ...]:
    """Return the tables of a batch as they are to be written."""
    return tuple(
        Laid(
            name,
            tuple(spec for spec in table.spec.fields if spec.name in table.columns),
            sql.typed(name),
            table.spec.date,
        )
        for name, table in batch.tables.items()
    )


def write_batch(batch: Batch, folder: Path, format_: str = "csv") -> None:
    """Write a batch into a folder that is there.

    Raises:
        Stop: a workbook cannot hold it.
    """
    with batch.being_read():
        write_tables(batch.con, tables_of(batch), BatchNote.of(batch), folder, format_)


def write_tables(
    con: duckdb.DuckDBPyConnection,
    tables: Sequence[Laid],
    note: BatchNote,
    folder: Path,
    format_: str = "csv",
) -> None:
    """Write tables that may differ from those of a batch, and what is to be said of them.

    Raises:
        Stop: a workbook cannot hold them.
    """
    FORMATS[format_](con, tables, folder)
    said = replace(note, apostrophes=format_ == "csv")
    (folder / NAME).write_text(said.text(), "utf-8", newline="\n")


def _csv(con: duckdb.DuckDBPyConnection, tables: Sequence[Laid], folder: Path) -> None:
    options = "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR ''"
    _refuse(
        Problem(Location(table.name), "B184", f"`{spec.name}` has a text with a NUL in it", PARQUET)
        for table in tables
        for spec in _texts(table)
        if _any(con, table, f"contains({_own(spec)}, chr(0))")
    )
    for table in tables:
        to = sql.literal(str(folder / f"{table.name}.csv"))
        con.execute(f"COPY ({table.select(_as_text)}) TO {to} ({options})")


def _parquet(con: duckdb.DuckDBPyConnection, tables: Sequence[Laid], folder: Path) -> None:
    for table in tables:
        to = sql.literal(str(folder / f"{table.name}.parquet"))
        con.execute(f"COPY ({table.select(_own)}) TO {to} (FORMAT parquet)")


def _as_text(spec: Spec) -> str:
    """Return SQL of a cell as text in plain form."""
    raw = _own(spec)
    match spec.type:
        case FieldType.YES_NO:
            return f"CASE WHEN {raw} THEN 'yes' WHEN NOT {raw} THEN 'no' END"
        case FieldType.MONTH:
            return f"strftime({raw}, '%Y-%m')"
        case FieldType.LIST:
            return f"array_to_string({raw}, ';')"
    return held_sql(raw) if spec.type in TEXTS else f"CAST({raw} AS VARCHAR)"


def _own(spec: Spec) -> str:
    return f"r.{sql.name(spec.name)}"


def _workbook(con: duckdb.DuckDBPyConnection, tables: Sequence[Laid], folder: Path) -> None:
    from xlsxwriter.workbook import Workbook

    _refuse(problem for table in tables for problem in _not_held(con, table))
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(folder),
    }
    with Workbook(folder / BOOK, options) as book:
        book.set_properties({"title": "Practice audits", "created": MADE})
        for table in tables:
            _sheet(book, con, table)


def _not_held(con: duckdb.DuckDBPyConnection, table: Laid) -> Iterator[Problem]:
    """Yield why a sheet cannot hold a table as it is."""
    where = Location(table.name)
    (count,) = con.execute(f"SELECT count(*) FROM {table.relation}").fetchall()[0]
    if count > MOST_ROWS:
        said = f"`{table.name}` has {count:,} rows, and a sheet holds {MOST_ROWS:,}"
        yield Problem(where, "B184", said, OTHER)
    if len(table.name) > MOST_OF_A_TITLE:
        said = f"the name is longer than a sheet's may be, {MOST_OF_A_TITLE} letters"
        yield Problem(where, "B184", said, OTHER)
    for spec in _texts(table):
        raw = _own(spec)
        if _long(con, table, raw):
            said = f"`{spec.name}` has a text longer than a cell's {MOST_CHARACTERS:,} characters"
            yield Problem(where, "B184", said, OTHER)
        odd = f"regexp_matches({raw}, {sql.literal(NOT_HELD)}) OR {raw} IN ({SHOWN_AS_ERRORS})"
        if _any(con, table, odd):
            said = f"`{spec.name}` has a text with a character that a workbook would change"
            yield Problem(where, "B184", said, OTHER)


def _refuse(problems: Iterable[Problem]) -> None:
    if found := tuple(sorted(problems)):
        raise Stop(Exit.USAGE, found)


def _texts(table: Laid) -> Iterator[Spec]:
    return (spec for spec in table.fields if spec.type in TEXTS)


def _any(con: duckdb.DuckDBPyConnection, table: Laid, holds: str) -> bool:
    query = f"SELECT 1 FROM {table.relation} r WHERE {holds} LIMIT 1"
    return bool(con.execute(query).fetchall())


def _long(con: duckdb.DuckDBPyConnection, table: Laid, raw: str) -> bool:
    """Say whether a text is too long as Excel counts: a letter beyond the usual ones is two."""
    query = f"SELECT {raw} FROM {table.relation} r WHERE length({raw}) > {MOST_CHARACTERS // 2}"
    found = con.execute(query)
    while rows := found.fetchmany(100):
        if any(len(text.encode("utf-16-le")) > 2 * MOST_CHARACTERS for (text,) in rows):
            return True
    return False


def _sheet(book: "Workbook", con: duckdb.DuckDBPyConnection, table: Laid) -> None:
    sheet = book.add_worksheet(table.name)
    bold = book.add_format({"bold": True})
    formats: list[Format | None] = []
    for column, spec in enumerate(table.fields):
        shape = SHAPES.get(spec.type)
        formats.append(book.add_format({"num_format": shape}) if shape else None)
        sheet.set_column(column, column, max(12, len(spec.name) + 2))
        sheet.write_string(0, column, spec.name, bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(_rows(con, table), start=1):
        for column, cell in enumerate(row):
            _write(sheet, (number, column), cell, formats[column])


def _rows(con: duckdb.DuckDBPyConnection, table: Laid) -> Iterator[tuple[object, ...]]:
    found = con.execute(table.select(_own))
    while rows := found.fetchmany(AT_ONCE):
        yield from rows


def _write(sheet: "Worksheet", at: tuple[int, int], cell: object, shape: "Format | None") -> None:
    if isinstance(cell, bool):
        sheet.write_string(*at, "yes" if cell else "no")
    elif isinstance(cell, int):
        sheet.write_number(*at, cell)
    elif isinstance(cell, datetime) and cell.microsecond:  # a day's fraction would round it
        sheet.write_string(*at, cell.isoformat(" "))
    elif isinstance(cell, date):
        sheet.write_datetime(*at, cell, shape)
    elif cell is not None:
        sheet.write_string(*at, ";".join(cell) if isinstance(cell, list) else str(cell))


FORMATS: Mapping[str, Callable[[duckdb.DuckDBPyConnection, Sequence[Laid], Path], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "xlsx": _workbook,
}
