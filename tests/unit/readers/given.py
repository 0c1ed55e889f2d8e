"""Batches for the tests of readers: the shipped dictionary, files of every format, what is read."""

import csv
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from engine.records import Batch, read_batch
from engine.rulebook.fields import Fields, FieldType
from engine.rulebook.source import read_source

ROOT = Path(__file__).resolve().parents[3]
LISTS = {
    "grades": ("inadequate", "requires_improvement", "good", "outstanding"),
    "domains": ("decision_making", "assessment", "planning", "visits", "safety"),
    "standards": ("CP-01", "CP-05", "SU-02"),
    "exceptions": ("child_missing", "other"),
}

PLAIN = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)

Row = Mapping[str, str | None]
Tables = Mapping[str, Sequence[Row]]


@cache
def fields() -> Fields:
    """Return the dictionary that is shipped."""
    source, problems = read_source((ROOT / "rules/fields.yaml").read_bytes(), "rules/fields.yaml")
    assert source is not None
    assert not problems
    return Fields.model_validate(source.value)


def allowed(source: str) -> tuple[str, ...]:
    """Return the allowed values of a list."""
    return tuple(fields().tables) if source == "tables" else LISTS[source]


def read(path: Path | str) -> Batch:
    """Read a batch with the shipped dictionary."""
    return read_batch(path, fields(), allowed)


def rows(batch: Batch, table: str) -> list[tuple[Any, ...]]:
    """Return the typed rows of a table, sorted."""
    return batch.con.sql(f'FROM typed."{table}" ORDER BY ALL').fetchall()


def content(batch: Batch) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """Return every typed table with its columns and types, its rows sorted."""
    found = {}
    for table in batch.rows:
        columns = batch.con.execute(f'DESCRIBE typed."{table}"').fetchall()
        found[table] = ([f"{name} {kind}" for name, kind, *_ in columns], rows(batch, table))
    return found


def said(batch: Batch, folder: Path) -> list[str]:
    """Return the problems as they are printed, without the folder that they are in."""
    return [str(problem).replace(f"{folder.as_posix()}/", "") for problem in batch.problems]


def folder(path: Path, **tables: str) -> Path:
    """Write a folder of CSV files and return it; `audits` is there unless it is given."""
    path.mkdir(parents=True, exist_ok=True)
    for name, text in {"audits": "audit_id\nA1\n", **tables}.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return path


def lines(path: Path, *audits: Mapping[str, object] | str) -> Path:
    """Write a file of JSON Lines and return it."""
    written = (audit if isinstance(audit, str) else json.dumps(audit) for audit in audits)
    path.write_text("".join(f"{line}\n" for line in written), encoding="utf-8")
    return path


def workbook(path: Path, **sheets: Sequence[Any]) -> Path:
    """Write a workbook with a sheet for each table and return it; dates are written as dates."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy", **PLAIN})
    for title, cells in {"audits": [["audit_id"], ["A1"]], **sheets}.items():
        sheet = book.add_worksheet(title)
        for number, row in enumerate(cells):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell)
    book.close()
    return path


def names(table: str) -> list[str]:
    """Return the names of a table's fields."""
    return list(fields().tables[table].fields)


def nested(tables: Tables) -> list[dict[str, object]]:
    """Return tables as nested audits, with every table and field in every audit."""
    found: list[dict[str, object]] = []
    for audit in tables["audits"]:
        one: dict[str, object] = {name: audit.get(name) for name in names("audits")}
        for table in (name for name in tables if name != "audits"):
            own = [row for row in tables[table] if row["audit_id"] == audit["audit_id"]]
            inner = [name for name in names(table) if name != "audit_id"]
            one[table] = [{name: row.get(name) for name in inner} for row in own]
        found.append(one)
    return found


def as_csv(tables: Tables, path: Path) -> Path:
    """Write tables as a folder of CSV files."""
    path.mkdir()
    for table, listed in tables.items():
        with (path / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names(table))
            writer.writeheader()
            writer.writerows(listed)
    return path


def as_parquet(tables: Tables, path: Path, *, native: bool = True) -> Path:
    """Write tables as a folder of Parquet files, in types of their own or as text."""
    path.mkdir()
    con = duckdb.connect()
    for table, listed in tables.items():
        kinds = {n: _KINDS[f.type] for n, f in fields().tables[table].fields.items()}
        columns = ", ".join(f'"{n}" {k if native else "VARCHAR"}' for n, k in kinds.items())
        con.execute(f'CREATE TABLE "{table}" ({columns})')
        for row in listed:
            cells = [_native(row.get(n), k) if native else row.get(n) for n, k in kinds.items()]
            marks = ", ".join("?" * len(cells))
            con.execute(f'INSERT INTO "{table}" VALUES ({marks})', cells)
        con.execute(f"COPY \"{table}\" TO '{path / table}.parquet'")
    return path


def as_workbook(tables: Tables, path: Path) -> Path:
    """Write tables as a workbook."""
    sheets: dict[str, Any] = {
        table: [names(table), *([row.get(name) for name in names(table)] for row in listed)]
        for table, listed in tables.items()
    }
    return workbook(path, **sheets)


def as_lines(tables: Tables, path: Path) -> Path:
    """Write tables as JSON Lines."""
    return lines(path, *nested(tables))


def as_json(tables: Tables, path: Path) -> Path:
    """Write tables as one JSON file."""
    path.write_text(json.dumps(nested(tables), indent=1), encoding="utf-8")
    return path


def as_yaml(tables: Tables, path: Path) -> Path:
    """Write tables as one YAML file."""
    import yaml

    path.write_text(yaml.safe_dump(nested(tables), allow_unicode=True), encoding="utf-8")
    return path


_KINDS = {
    FieldType.ID: "VARCHAR",
    FieldType.TEXT: "VARCHAR",
    FieldType.CHOICE: "VARCHAR",
    FieldType.DATE: "DATE",
    FieldType.MONTH: "DATE",
    FieldType.DATETIME: "TIMESTAMP",
    FieldType.YES_NO: "BOOLEAN",
    FieldType.NUMBER: "INTEGER",
    FieldType.LIST: "VARCHAR[]",
}


def _native(cell: str | None, kind: str) -> object:
    if cell is None:
        return None
    if kind == "VARCHAR[]":
        return sorted({word.strip() for word in cell.split(";")})
    return f"{cell}-01" if kind == "DATE" and cell.count("-") == 1 else cell
