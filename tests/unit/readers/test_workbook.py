"""Workbooks as auditors fill them: titles above, hidden sheets, dates as text, errors in cells."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from engine.errors import Stop
from tests.unit.readers.given import read, rows, said, workbook

HEADER = ["audit_id", "visit_date", "child_seen", "purpose"]


def rewritten(path: Path, old: bytes, new: bytes) -> None:
    """Change what stands in the first sheet of a workbook, as no library would write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part.replace(old, new) if "sheet1" in name else part)


def test_cells_of_every_kind(tmp_path: Path) -> None:
    """Dates, numbers and true or false are read as Excel holds them."""
    path = workbook(
        tmp_path / "a.xlsx",
        audits=[
            ["audit_id", "caseload", "unborn", "audit_date"],
            [17, 12.0, True, date(2024, 3, 1)],
        ],
        visits=[HEADER, ["17", "01/03/2024", "Y", "x"], [17.0, date(2024, 3, 2), 0, None]],
        missing_episodes=[["audit_id", "missing_at"], [17, datetime(2024, 3, 1, 22, 15)]],  # noqa: DTZ001
    )
    batch = read(path)
    columns = ("audit_id", "caseload", "unborn", "audit_date")
    assert batch.con.table("typed.audits").select(*columns).fetchall() == [
        ("17", 12, True, date(2024, 3, 1))
    ]
    assert rows(batch, "visits") == [
        ("17", date(2024, 3, 1), True, "x"),
        ("17", date(2024, 3, 2), False, None),
    ]
    assert rows(batch, "missing_episodes") == [("17", datetime(2024, 3, 1, 22, 15))]  # noqa: DTZ001
    assert not batch.problems


def test_a_bad_cell_is_said_by_its_name(tmp_path: Path) -> None:
    """The place is the cell, as Excel names it."""
    cells = [
        ["Visits of 2024"],
        [],
        HEADER,
        ["A1", "13/25/2024", "yes", "x"],
        ["A1", None, "so so"],
    ]
    batch = read(workbook(tmp_path / "book.xlsx", Visits=cells))
    assert said(batch, tmp_path) == [
        (
            "book.xlsx!Visits!B4: B302 `13/25/2024` in `visit_date` is no day of the calendar\n"
            "  help: dates are read as day/month/year"
        ),
        (
            "book.xlsx!Visits!C5: B304 `so so` in `child_seen` is neither yes nor no\n"
            "  help: write yes or no"
        ),
    ]
    assert [(row.sheet, row.place, row.audit_id) for row in batch.rejected] == [
        ("Visits", "B4", "A1"),
        ("Visits", "C5", "A1"),
    ]


def test_sheets_and_headers_are_found_tolerantly(tmp_path: Path) -> None:
    """Case, spaces of all kinds and marks do not matter, in titles of sheets as in headers."""
    header = [" Audit\u00a0ID ", "Visit Date (DD/MM/YYYY)*", "CHILD SEEN?", None, "purpose"]
    visit = ["A1", "1/3/2024", "No"]
    sheets: dict[str, list[Any]] = {
        "Audits ": [["Audit ID"], ["A1"]],
        "VISITS\u00a0": [header, visit],
    }
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    for title, cells in sheets.items():
        sheet = book.add_worksheet(title)
        for number, line in enumerate(cells):
            sheet.write_row(number, 0, line)
    book.close()
    batch = read(tmp_path / "a.xlsx")
    assert rows(batch, "visits") == [("A1", date(2024, 3, 1), False, None)]
    assert not batch.problems


def test_na_is_blank_and_other_errors_are_not(tmp_path: Path) -> None:
    """`#N/A` says nothing; a row with a broken cell is put aside at that cell."""
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "audits"
    for line in (["audit_id"], ["A1"]):
        book.active.append(line)
    sheet = book.create_sheet("visits")
    for line in (HEADER, ["A1", "#N/A", "yes", "x"], ["A1", "#REF!", "yes", "y"]):
        sheet.append(line)
    book.save(path)
    batch = read(path)
    assert rows(batch, "visits") == [("A1", None, True, "x")]
    assert said(batch, tmp_path) == [
        (
            "book.xlsx!visits!B3: B204 the cell shows the error `#REF!`\n"
            "  help: put it right in Excel and save the workbook again"
        )
    ]


def test_a_formula_without_a_result_is_not_blank(tmp_path: Path) -> None:
    """A workbook that no program has calculated is not read as if its cells were empty."""
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "audits"
    for line in (["audit_id", "team"], ["A1", "Oak"], ["A2", "=1+1"]):
        book.active.append(line)
    book.save(path)
    batch = read(path)
    assert rows(batch, "audits") == [("A1", "Oak")]
    assert said(batch, tmp_path) == [
        (
            "book.xlsx!audits!B3: B204 the cell holds a formula without a result\n"
            "  help: put it right in Excel and save the workbook again"
        )
    ]


def test_a_formula_with_a_result_is_its_result(tmp_path: Path) -> None:
    """What the formula last gave is what the cell says, even if that is nothing."""
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("audits")
    sheet.write_row(0, 0, ["audit_id", "caseload", "team"])
    sheet.write(1, 0, "A1")
    sheet.write_formula(1, 1, "=6+6", None, 12)
    sheet.write_formula(1, 2, '=""', None, "nothing")
    book.close()
    rewritten(path, b"<v>nothing</v>", b"<v></v>")
    batch = read(path)
    assert batch.con.sql("SELECT caseload, team FROM typed.audits").fetchall() == [(12, None)]


def test_hidden_sheets_and_rows(tmp_path: Path) -> None:
    """A hidden sheet that is a table is read and said; hidden rows are rows."""
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    for title, hide in (("audits", False), ("visits", True), ("Lists", True)):
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, ["audit_id" if title != "Lists" else "kind"])
        sheet.write_row(1, 0, ["A1"])
        sheet.set_row(1, None, None, {"hidden": True})
        if hide:
            sheet.hide()
    book.close()
    batch = read(path)
    assert batch.rows == {"audits": 1, "visits": 1}
    assert said(batch, tmp_path) == [
        "book.xlsx!visits: B104 the sheet `visits` is hidden and was read"
    ]


def test_unknown_sheets_and_columns(tmp_path: Path) -> None:
    """What is not read is said with the nearest name, and puts nothing aside."""
    path = workbook(
        tmp_path / "book.xlsx", visitz=[HEADER], visits=[["audit_id", "visit_dat"], ["A1", 1]]
    )
    batch = read(path)
    assert said(batch, tmp_path) == [
        (
            "book.xlsx!visits!B1: B102 `visit_dat` is no field of `visits` and was not read\n"
            "  help: did you mean `visit_date`?"
        ),
        (
            "book.xlsx!visitz: B101 `visitz` is no table and was not read\n"
            "  help: did you mean `visits`?"
        ),
    ]
    assert all(problem.warning for problem in batch.problems)


def test_columns_that_stand_twice(tmp_path: Path) -> None:
    """A row in which two columns of one name differ is put aside."""
    cells = [["audit_id", "purpose", "Purpose"], ["A1", "x", None], ["A1", "x", "y"]]
    batch = read(workbook(tmp_path / "book.xlsx", visits=cells))
    assert [row[1] for row in rows(batch, "visits")] == ["x"]
    assert said(batch, tmp_path) == [
        "book.xlsx!visits!B3: B205 `purpose` stands in columns B and C and the two differ"
    ]


def test_merged_titles_and_blank_rows(tmp_path: Path) -> None:
    """Titles merged over the columns and empty rows within the table do no harm."""
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("audits")
    sheet.merge_range(0, 0, 1, 3, "Audits of the visits team")
    for number, line in ((3, ["audit_id", "team"]), (5, ["A1", "Oak"]), (9, ["A2", "Ash"])):
        sheet.write_row(number, 0, line)
    book.close()
    assert rows(read(path), "audits") == [("A1", "Oak"), ("A2", "Ash")]


@pytest.mark.parametrize("cell", [time(10, 30), 45382, -1, 1e300])
def test_cells_that_are_no_dates(tmp_path: Path, cell: object) -> None:
    """A time or a number in a column of dates is refused, never guessed at."""
    batch = read(workbook(tmp_path / "book.xlsx", visits=[HEADER, ["A1", cell, None, None]]))
    assert [problem.code for problem in batch.problems] == ["B302"]
    assert batch.problems[0].location.cell == "B2"


def test_a_date_that_excel_cannot_show(tmp_path: Path) -> None:
    """A number of a date's format beyond all dates is an error, as it is in Excel."""
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("audits")
    sheet.write_row(0, 0, ["audit_id", "audit_date"])
    sheet.write_row(1, 0, ["A1"])
    sheet.write_row(2, 0, ["A2"])
    sheet.write_number(2, 1, 1e12, book.add_format({"num_format": "dd/mm/yyyy"}))
    book.close()
    batch = read(path)
    assert [(p.code, p.location.cell) for p in batch.problems] == [("B204", "B3")]


def test_a_sheet_without_audit_id(tmp_path: Path) -> None:
    """It is said once, at its header, and the sheet is put aside whole."""
    cells = [["Visits"], ["Case", "VisitDate"], ["A1", "1/3/2024"], ["A1", "2/3/2024"]]
    batch = read(workbook(tmp_path / "a.xlsx", visits=cells))
    assert said(batch, tmp_path) == [
        (
            "a.xlsx!visits!A2: B301 `visits` has no column `audit_id`, and none of its rows was "
            "read\n  help: call the column of the audit's number `audit_id`"
        )
    ]
    assert len(batch.rejected) == 1


def test_a_date_with_a_time_of_day(tmp_path: Path) -> None:
    """The day is what is asked for, and an extract often gives the hour too."""
    moment = datetime(2024, 3, 1, 13, 0)  # noqa: DTZ001
    cells = [["audit_id", "visit_date"], ["A1", moment], ["A1", "1/3/2024 13:00"]]
    batch = read(workbook(tmp_path / "a.xlsx", visits=cells))
    assert rows(batch, "visits") == [("A1", date(2024, 3, 1)), ("A1", date(2024, 3, 1))]
    assert not batch.problems


@pytest.mark.parametrize("state", ["hide", "very_hidden"])
def test_a_hidden_sheet_that_may_be_a_table(tmp_path: Path, state: str) -> None:
    """A hidden sheet is passed over in silence only where it cannot be a table of the batch."""
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("audits").write_column(0, 0, ["audit_id", "A1"])
    sheets = {"Lists": "Yes", "vists": "Yes", "Home visiting": "Audit ID"}
    for title, cell in sheets.items():
        sheet = book.add_worksheet(title)
        sheet.write(1, 1, cell)
        getattr(sheet, state)()
    book.close()
    assert said(read(path), tmp_path) == [
        "a.xlsx!Home visiting: B101 `Home visiting` is no table and was not read",
        "a.xlsx!vists: B101 `vists` is no table and was not read\n  help: did you mean `visits`?",
    ]


@pytest.mark.parametrize("flags", [b"\x01\x00", b"\x00\x00"], ids=["encrypted", "unknown packing"])
def test_parts_that_cannot_be_unpacked(tmp_path: Path, flags: bytes) -> None:
    """A workbook with a password on its parts, or packed by a new method, ends the run plainly."""
    path = workbook(tmp_path / "a.xlsx")
    made, method = path.read_bytes(), b"\x08\x00" if flags[0] else b"\x61\x00"
    for begins, version in ((b"PK\x03\x04", 2), (b"PK\x01\x02", 4)):
        pieces = made.split(begins)
        new = (piece[:version] + flags + method + piece[version + 4 :] for piece in pieces[1:])
        made = begins.join((pieces[0], *new))
    path.write_bytes(made)
    with pytest.raises(Stop, match="damaged"):
        read(path)
