"""Synthetic batches for the tests of the generator, and naive ways to read them."""

import csv
import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

import duckdb
from openpyxl import load_workbook

from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDITS, Fields, FieldType
from engine.rulebook.load import load_rulebook
from engine.synthetic import Manifest, Order, synthesise
from engine.workdays import Calendar

ROOT = Path(__file__).parents[2]

_KEPT = tempfile.TemporaryDirectory(prefix="audit-made-")  # until the tests are over

# A row as text, by field; blank is nothing at all.
Row = dict[str, str]
Tables = Mapping[str, list[Row]]


@cache
def rulebook() -> Rulebook:
    """Return the rulebook that ships."""
    book, problems = load_rulebook(ROOT / "rules")
    assert book, problems
    return book


def fields() -> Fields:
    """Return the dictionary that ships."""
    return rulebook().fields


def calendar() -> Calendar:
    """Return the calendar that ships."""
    return rulebook().calendar


def make(out: Path, count: int, seed: int = 1, format_: str = "csv") -> Manifest:
    """Make a batch."""
    return synthesise(Order(count, out, seed, format_), fields(), calendar())


@cache
def made_once(count: int, seed: int, format_: str) -> Path:
    """Return a batch that many tests look at and none changes; its truth stands beside it."""
    return make(Path(_KEPT.name) / f"{format_}-{count}-{seed}", count, seed, format_).out


def truth_of(made: Path) -> Path:
    """Return where the truth about a batch stands."""
    return made.with_suffix(".truth")


def all_bytes(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its name, with what it holds."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def read_csv(folder: Path) -> Tables:
    """Read a folder of CSV files as text."""
    tables: dict[str, list[Row]] = {}
    for table in fields().tables:
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            assert reader.fieldnames == list(fields().tables[table].fields)
            tables[table] = [{n: v for n, v in row.items() if v} for row in reader]
    return tables


def read_parquet(folder: Path) -> Tables:
    """Read a folder of Parquet files, and write every value as CSV does."""
    tables: dict[str, list[Row]] = {}
    for table in fields().tables:
        place = folder / f"{table}.parquet" if (folder / f"{table}.parquet").exists() else None
        source = str(place or folder / table / "*.parquet")
        with duckdb.connect() as con:
            found = con.execute("SELECT * FROM read_parquet(?)", [source])
            names = [column[0] for column in found.description or ()]
            rows = found.fetchall()
        assert names == list(fields().tables[table].fields)
        tables[table] = [_texts(table, dict(zip(names, row, strict=True))) for row in rows]
    return tables


def read_jsonl(file: Path) -> Tables:
    """Read JSON Lines; every field of every row is there, if only as null."""
    tables: dict[str, list[Row]] = {table: [] for table in fields().tables}
    for line in file.read_text(encoding="utf-8").splitlines():
        audit = json.loads(line)
        for table in fields().tables.keys() - {AUDITS}:
            for row in audit.pop(table):
                assert ["audit_id", *row] == list(fields().tables[table].fields)
                tables[table].append(_texts(table, {"audit_id": audit["audit_id"], **row}))
        assert list(audit) == list(fields().tables["audits"].fields)
        tables["audits"].append(_texts("audits", audit))
    return tables


def read_xlsx(file: Path) -> Tables:
    """Read a workbook; a date has to be one for Excel too."""
    tables: dict[str, list[Row]] = {}
    book = load_workbook(file, read_only=True)
    assert book.sheetnames == list(fields().tables)
    for table in fields().tables:
        rows = list(book[table].iter_rows(values_only=True))
        assert list(rows[0]) == list(fields().tables[table].fields)
        named = (dict(zip(fields().tables[table].fields, row, strict=True)) for row in rows[1:])
        tables[table] = [_texts(table, row) for row in named]
    book.close()
    return tables


def _texts(table: str, row: Mapping[str, object]) -> Row:
    kinds = {name: field.type for name, field in fields().tables[table].fields.items()}
    return {n: _TEXT.get(kinds[n], str)(value) for n, value in row.items() if value is not None}


def _month(value: object) -> str:
    return value.strftime("%Y-%m") if isinstance(value, date) else str(value)


def _day(value: object) -> str:
    return value.date().isoformat() if isinstance(value, datetime) else str(value)


def _moment(value: object) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)


def _yes_no(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _list(value: object) -> str:
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)


_TEXT: dict[FieldType, Callable[[object], str]] = {
    FieldType.MONTH: _month,
    FieldType.DATE: _day,
    FieldType.DATETIME: _moment,
    FieldType.YES_NO: _yes_no,
    FieldType.LIST: _list,
}
