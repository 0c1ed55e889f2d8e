"""The promises of the report that council analysts know: each error once, with field and value."""

import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from engine.records.noted import Noted
from engine.records.quality import CHECKS, Quality, examine
from engine.reports import error_summary, quality
from engine.reports.error_summary import CHILD_SUMMARY, ERROR_SUMMARY, Known
from engine.reports.quality_screen import full
from tests.rules.rulebooks import shipped
from tests.unit.readers.given import read
from tests.unit.test_quality import AS_OF, AUDIT


def known(entries: Sequence[Noted] = ()) -> Known:
    found = Quality(AS_OF, AS_OF, entries=tuple(entries))
    return Known("batch", found, (), (), {"A1": "007"})


def test_an_empty_report_keeps_its_headings(tmp_path: Path) -> None:
    """Nothing wrong: both sheets are there, each an Excel Table with its columns."""
    error_summary.write(error_summary.report(known()), tmp_path, "9.9", AS_OF)
    book = openpyxl.load_workbook(tmp_path / "errors.xlsx")
    assert book.sheetnames == ["Error Summary", "Child Summary"]
    for sheet, columns in zip(book, (ERROR_SUMMARY, CHILD_SUMMARY), strict=True):
        assert [cell.value for cell in sheet[1]] == list(columns)
        (table,) = sheet.tables.values()
        assert table.tableStyleInfo.name == "TableStyleMedium9"
    assert book["Error Summary"]["A4"].value == "Made by practice-audit 9.9, as of 2026-06-30."


def test_a_row_stands_once_and_nothing_in_it_is_live(tmp_path: Path) -> None:
    """Children, codes and days are text; what looks like a formula is text; no row stands twice."""
    one = Noted("duplicate", "visits", "purpose", "A1", "it stands twice", ("=1+1", "2026-05-01"))
    error_summary.write(error_summary.report(known([one, one])), tmp_path, "9.9", AS_OF)
    sheet = openpyxl.load_workbook(tmp_path / "errors.xlsx")["Child Summary"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["007", "visits", 0, "Q003", "Stands twice", "purpose", "=1+1; 2026-05-01",
         "it stands twice", 1, 1]
    ]  # fmt: skip
    assert sheet["G2"].data_type == "s"
    text = (tmp_path / "child_summary.csv").read_text("utf-8-sig")
    assert "'=1+1; 2026-05-01" in text


def test_the_report_counts_what_the_data_quality_counts(tmp_path: Path) -> None:
    """Two finds of one shape in one cell are two, and the warning about them is none."""
    path = tmp_path / "batch.jsonl"
    row = {"visit_date": "2026-05-01", "purpose": "ring 07700 900123 or 07700 900124"}
    path.write_text(json.dumps({"audit_id": "A1", **AUDIT, "visits": [row]}) + "\n", "utf-8")
    with read(path) as batch:
        found = Known("b", examine(batch, shipped().fields, (), AS_OF), (), batch.problems, {})
        assert found.quality.by_check() == {"personal_data": 2}
    assert [row[:2] for row in error_summary.report(found).error_summary()] == [("Q007", 2)]


def test_a_row_put_aside_tells_its_field_and_value(tmp_path: Path) -> None:
    """The cell that cannot be read stands under `Error Fields` and `Affected Values`."""
    (tmp_path / "audits.csv").write_text("audit_id,child_id\nA1,C1\n", "utf-8")
    visits = "audit_id,visit_date,purpose\nA1,2026-05-41,Ring 07700 900123\n"
    (tmp_path / "visits.csv").write_text(visits, "utf-8")
    with read(tmp_path) as batch:
        found = Known(str(tmp_path), Quality(AS_OF, AS_OF), batch.rejected, (), {"A1": "C1"})
    (row,) = error_summary.report(found).child_summary()
    assert row[:7] == (
        "C1", "visits", 2, "B302", "A date cannot be read", "visit_date", "2026-05-41"
    )  # fmt: skip
    (total,) = error_summary.report(found).error_summary()
    assert total == ("B302", 1, "A date cannot be read", "visit_date")


def test_each_check_has_a_code_of_its_own() -> None:
    """A code names one check, whatever else is noted."""
    codes = [check.code for check in CHECKS.values()]
    assert sorted(codes) == [f"Q{n:03}" for n in range(1, len(codes) + 1)]


def test_what_is_not_listed_is_counted(tmp_path: Path) -> None:
    """Where entries are many the first are listed, and a row says how many more there are."""
    visits = [{"visit_date": f"1990-01-{n:02}"} for n in range(1, 6)]
    path = tmp_path / "batch.jsonl"
    path.write_text(json.dumps({"audit_id": "A1", **AUDIT, "visits": visits}) + "\n", "utf-8")
    with read(path) as batch:
        found = examine(batch, shipped().fields, (), AS_OF, 2)
    rows = [(row[1], row[5]) for row in quality.rows(found, "batch")]
    assert rows == [("impossible_date", 1)] * 2 + [("impossible_date", 3)]
    screen = "\n".join(full(Known("batch", found, (), (), {}), 100))
    assert "Q001 Impossible date: 5 entries, wrong" in screen
    assert "  ... and 3 more (--out writes them)" in screen
