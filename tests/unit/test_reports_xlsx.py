"""The workbook: nothing live, every sheet there, readable without colour."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from engine.reports import as_xlsx
from engine.reports.view import Named, View
from tests.web import views

SHEETS = [
    "Summary",
    "Audits",
    "Findings",
    "Domains",
    "Caps",
    "Contradictions",
    "By standard",
    "By auditor",
    "Data gaps",
    "Data quality",
    "Completeness",
    "Put aside",
    "Rules",
]
ALL = [views.small_view, views.calm_view, views.empty_view, views.hostile_view]


@pytest.mark.parametrize("make", ALL)
def test_nothing_is_live(make: Callable[[], View], tmp_path: Path) -> None:
    """No formula, no link and nothing that reaches outside the file, whatever the data hold."""
    book = _written(make(), tmp_path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    with zipfile.ZipFile(tmp_path / as_xlsx.NAME) as archive:
        names = archive.namelist()
        assert not [n for n in names if "externalLink" in n or "vba" in n or "connections" in n]
        parts = b"".join(archive.read(name) for name in names)
    assert b"<f>" not in parts
    assert b"<hyperlink" not in parts
    assert b"relationships/hyperlink" not in parts


def test_text_survives(tmp_path: Path) -> None:
    """Text comes back as it went in; only what a cell cannot hold is cut, and says so."""
    book = _written(views.hostile_view(), tmp_path)
    teams = {row[2].value for row in book["Audits"].iter_rows(min_row=2)}
    assert {"=1+1", "@SUM(A1)", "<script>alert(1)</script>", "Łódź Ωmega 北京"} <= teams
    assert max(map(len, teams)) < 32_767
    assert any(team.endswith("... (cut)") for team in teams)


@pytest.mark.parametrize("make", ALL)
def test_sheets_are_ready_to_use(make: Callable[[], View], tmp_path: Path) -> None:
    """Every sheet has its headings frozen, filtered and repeated on paper, even when empty."""
    book = _written(make(), tmp_path)
    assert book.sheetnames == SHEETS
    for name in SHEETS[1:]:
        sheet = book[name]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert all(cell.value and cell.font.bold for cell in sheet[1])


def test_grades_are_words(tmp_path: Path) -> None:
    """Grades stand in words and a lowered grade has a mark: colour only helps."""
    sheet = _written(views.small_view(), tmp_path)["Audits"]
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet["2:6"]]
    assert rows[1]["Moderated grade"] == "Inadequate"
    assert rows[1]["Change"] == "▼ lowered by 2"
    assert rows[0]["Change"] == "no change"
    assert rows[3]["Auditor's grade"] == "No grade"
    fills = {row[4].fill.fgColor.rgb for row in sheet["2:4"]}
    assert fills == {"FFD5E8D4"}


def test_numbers_and_days_are_what_they_are(tmp_path: Path) -> None:
    """A number can be added up and a day can be sorted."""
    sheet = _written(views.small_view(), tmp_path)["Findings"]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[3].value == "Not met")
    assert row[7].value == 23
    assert row[8].is_date


def test_summary_says_it_in_words(tmp_path: Path) -> None:
    """The first sheet begins with the sentence of the report and shows grades side by side."""
    sheet = _written(views.small_view(), tmp_path)["Summary"]
    column = [cell.value for cell in sheet["A"]]
    assert "Auditors graded 3 of 5 files good or better; the record supports at most 1." in column
    good = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Good")
    assert good[1:5] == (3, 0.6, 1, 0.2)


def test_findings_that_do_not_bind_are_left_out(tmp_path: Path) -> None:
    """A standard that does not bind a case takes no row of the workbook."""
    sheet = _written(views.small_view(), tmp_path)["Findings"]
    assert "Not applicable" not in [cell.value for cell in sheet["D"]]


def test_long_sheets_stop_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that would be too long ends with the number of rows that are elsewhere."""
    monkeypatch.setattr(as_xlsx, "MOST_ROWS", 4)
    sheet = _written(views.small_view(), tmp_path)["Audits"]
    assert sheet.max_row == 6
    assert sheet["A6"].value == "1 more row not shown; the CSV files hold them all."


def test_colours_can_be_read() -> None:
    """Ink on fill has a contrast of at least 4.5 to 1."""
    for fill, ink in as_xlsx.COLOURS:
        light, dark = sorted((_luminance(fill), _luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("number", [1, 2, 3, 6])
def test_any_number_of_grades_has_colours(number: int, tmp_path: Path) -> None:
    """Grades are data: fewer or more than four are coloured all the same."""
    grades = (*views.WORDS.grades[:3], *(Named(f"g{n}", f"G{n}") for n in range(9)))[:number]
    view = views.calm_view()
    book = _written(replace(view, words=replace(view.words, grades=grades)), tmp_path)
    assert book["Summary"]["A7"].fill.fgColor.rgb != "00000000"


def _written(view: View, folder: Path) -> Workbook:
    as_xlsx.write(view, folder)
    return load_workbook(folder / as_xlsx.NAME)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
