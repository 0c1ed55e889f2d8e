"""Forms for the tests: made from the shipped rulebook, filled in as an auditor fills them in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from engine.records import Batch, form_words, read_batch
from engine.reports.form import write_form
from engine.reports.wording import plain
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import FieldType
from engine.rulebook.load import load_rulebook
from tests.unit.office import Order

ROOT = Path(__file__).resolve().parents[2]
HEADINGS = {"answers": 3, "domain_grades": 3}  # the row of the headings; 4 elsewhere

TABLES = ("audits", "domain_grades", "answers", "plans", "visits", "supervisions")
STANDARDS = ("CP-05", "CP-06", "OV-04", "SU-01", "PF-04")

Rows = Mapping[str, Sequence[Mapping[str, str]]]

# one child protection case, visited too seldom, graded too kindly
CASE: Rows = {
    "audits": [
        {
            "audit_id": "0017",
            "child_id": "C17",
            "case_type": "child_protection",
            "auditor_id": "AU1",
            "audit_date": "2025-09-30",
            "period_start": "2025-03-01",
            "period_end": "2025-09-30",
            "allocated_date": "2025-03-03",
            "birth_month": "2015-06",
            "overall_grade": "good",
            "caseload": "17",
        }
    ],
    "plans": [{"plan_id": "P1", "kind": "child_protection", "start_date": "2025-03-10"}],
    "visits": [
        {"visit_date": "2025-03-12", "kind": "child_protection", "child_seen": "yes"},
        {"visit_date": "2025-06-12", "kind": "child_protection", "child_seen": "yes"},
    ],
    "answers": [{"standard": "CP-05", "answer": "met", "comment": "seen often"}],
    "domain_grades": [{"domain": "visits", "grade": "good"}],
}
LOOKED = ("plans", "visits", "supervisions")


@cache
def shipped() -> Rulebook:
    """Return the rulebook that is shipped."""
    rulebook, problems = load_rulebook(ROOT / "rules")
    assert rulebook is not None, problems
    return rulebook


@cache
def small() -> Rulebook:
    """Return the shipped rulebook with a few tables and standards: its forms are quickly read."""
    book = shipped()
    tables = {name: book.fields.tables[name] for name in TABLES}
    standards = tuple(s for s in book.standards if s.id in STANDARDS)
    fields = book.fields.model_copy(update={"tables": tables})
    return replace(book, fields=fields, standards=standards)


@cache
def blank(*case_types: str) -> bytes:
    """Return the blank form of the shipped rulebook."""
    return write_form(shipped(), case_types)


def read(path: Path) -> Batch:
    """Read a form, or a folder of them, with the shipped rulebook."""
    return read_batch(path, shipped().fields, shipped().allowed)


def orders(form: Path, rows: Rows = CASE, looked: Sequence[str] = LOOKED) -> list[Order]:
    """Return what is typed where to enter these rows in a form."""
    book = openpyxl.load_workbook(form)
    found = [order for table in rows for order in _table(book[plain(table)], table, rows[table])]
    audits = book["Audits"]
    down = [row[0].value for row in audits.iter_rows()]
    below = down.index(form_words.LOOKED_AT)
    found += [("Audits", f"B{down.index(plain(t), below) + 1}", "Yes") for t in looked]
    return found


def filled(form: Path, out: Path, typed: Sequence[Order]) -> Path:
    """Fill a form in without LibreOffice."""
    book = openpyxl.load_workbook(form)
    for sheet, cell, text in typed:
        book[sheet][cell] = text
    book.save(out)
    return out


def a_form(out: Path, rows: Rows = CASE, looked: Sequence[str] = LOOKED) -> Path:
    """Write a form for child protection with these rows in it."""
    out.write_bytes(write_form(small(), ("child_protection",)))
    return filled(out, out, orders(out, rows, looked))


def numbered(number: str) -> Rows:
    """Return the case under another number."""
    return {**CASE, "audits": [{**CASE["audits"][0], "audit_id": number}]}


def _table(sheet: Any, table: str, rows: Sequence[Mapping[str, str]]) -> Iterator[Order]:  # noqa: ANN401 - openpyxl has no types
    fields = shipped().fields.tables[table].fields
    for number, row in enumerate(rows):
        for name, value in row.items():
            shown = _shown(value, fields[name].type)
            if table == "audits":
                yield sheet.title, f"B{_labels(sheet)[name]}", shown
            elif name != form_words.PREFILLED.get(table):
                yield sheet.title, _at(sheet, table, name, (number, row)), shown


def _shown(value: str, kind: FieldType) -> str:
    if kind in (FieldType.CHOICE, FieldType.YES_NO):
        return plain(value)
    return f"{value}-01" if kind is FieldType.MONTH else value


def _labels(sheet: Any) -> Mapping[str, int]:  # noqa: ANN401 - openpyxl has no types
    cells = (row[0] for row in sheet.iter_rows(min_row=5))
    return {_name(cell.value): cell.row for cell in cells if cell.value}


def _name(title: str) -> str:
    return title.removesuffix(" *").lower().replace(" ", "_")


def _at(sheet: Any, table: str, name: str, row: tuple[int, Mapping[str, str]]) -> str:  # noqa: ANN401 - openpyxl has no types
    header = HEADINGS.get(table, 4)
    columns = {_name(cell.value): cell.column_letter for cell in sheet[header] if cell.value}
    number, cells = row
    if key := form_words.PREFILLED.get(table):
        column = columns[key]
        asked = (cell.row for cell in sheet[column] if cell.value == cells[key])
        return f"{columns[name]}{next(asked)}"
    return f"{columns[name]}{header + 1 + number}"
