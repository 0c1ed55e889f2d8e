"""The report of a week in every format: complete, inert, the same each time, readable by all."""

import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import page
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from engine.errors import Exit, Stop
from engine.reports.week import as_csv, as_docx, as_pdf, as_xlsx, cells, columns
from engine.reports.week.document import (
    HIDDEN,
    Audience,
    Bullets,
    Column,
    Count,
    Document,
    Estimate,
    Heading,
    Paragraph,
    Section,
    Table,
)
from engine.reports.week.formats import FILES, FORMATS
from tests.unit import week_read
from tests.unit.documents import dots, sample
from tests.unit.week_read import NAMES, bare

HERE = ("pdf", "xlsx", "docx", "csv")
PUBLISHED = replace(sample(Audience.PUBLISHED), title="Published & <marked>")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("week")
    for name in HERE:
        FORMATS[name](sample(), folder)
    return folder


def test_every_format_has_its_file(written: Path) -> None:
    assert set(FILES) == set(FORMATS)
    assert sorted(path.name for path in written.iterdir()) == sorted(FILES[name] for name in HERE)


@pytest.mark.parametrize("name", ["pdf", "docx"])
@pytest.mark.parametrize("document", [sample(), PUBLISHED])
def test_pages_hold_every_text_and_every_number(
    name: str, document: Document, tmp_path: Path
) -> None:
    FORMATS[name](document, tmp_path)
    found = bare(week_read.PAGES[name](tmp_path))
    said = [*week_read.texts(document)]
    for table in week_read.tables(document):
        said += [cells.text(cell) for row in table.rows for cell in row]
    for text in map(bare, said):
        expected = text if name == "docx" else _named(text)
        assert _in_any_order(bare(expected), found), text


@pytest.mark.parametrize("document", [sample(), PUBLISHED])
def test_the_workbook_holds_every_text_and_every_number(document: Document, tmp_path: Path) -> None:
    as_xlsx.write(document, tmp_path)
    rows = week_read.of_xlsx(tmp_path / as_xlsx.NAME)
    found = bare("".join(cell for row in rows for cell in row if isinstance(cell, str)))
    assert [text for text in week_read.texts(document) if bare(text) not in found] == []
    for table in week_read.tables(document):
        for held in cells.spread(table).rows:
            assert list(map(_as_xlsx_reads, held)) in [row[: len(held)] for row in rows]


@pytest.mark.parametrize("document", [sample(), PUBLISHED])
def test_the_data_files_hold_every_text_and_every_number(
    document: Document, tmp_path: Path
) -> None:
    as_csv.write(document, tmp_path)
    files = week_read.of_csv(tmp_path / as_csv.NAME)
    found = bare("".join(cell for rows in files.values() for row in rows for cell in row))
    assert [text for text in week_read.texts(document) if bare(text) not in found] == []
    for name, table in as_csv.named(document):
        rows = cells.spread(table).rows
        assert files[name][1:] == [list(map(week_read.as_csv_writes, row)) for row in rows]


@pytest.mark.parametrize("name", HERE)
def test_the_same_report_has_the_same_bytes(name: str, written: Path, tmp_path: Path) -> None:
    FORMATS[name](sample(), tmp_path)
    assert _bytes(tmp_path / FILES[name]) == _bytes(written / FILES[name])


@pytest.mark.parametrize("name", ["xlsx", "docx"])
def test_office_files_tell_no_time(name: str, written: Path) -> None:
    with zipfile.ZipFile(written / FILES[name]) as archive:
        assert {part.date_time[0] for part in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()
    assert "2026-01-01T00:00:00Z" in core


@pytest.mark.parametrize("name", ["xlsx", "docx"])
def test_office_files_hold_nothing_live(name: str, written: Path) -> None:
    with zipfile.ZipFile(written / FILES[name]) as archive:
        names = archive.namelist()
        parts = b"".join(archive.read(part) for part in names)
    assert not [part for part in names if "vba" in part.lower() or "external" in part.lower()]
    for live in (
        b"<f>",
        b"<f ",
        b"yperlink ",
        b"relationships/hyperlink",
        b'TargetMode="External"',
    ):
        assert live not in parts


def test_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(written: Path) -> None:
    files = week_read.of_csv(written / as_csv.NAME)
    words = [cell for rows in files.values() for row in rows for cell in row]
    assert [cell for cell in words if cell.startswith(("=", "@", "\t", "\r", "\n"))] == []
    assert [cell for cell in words if cell.startswith(("+", "-")) and not _number(cell)] == []
    assert {"'=1+1", "'-2", "'@SUM(A1)", "'=cmd|' /C calc'!A0"} <= set(words)
    for path in (written / as_csv.NAME).iterdir():
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_pdf_is_accessible(written: Path) -> None:
    """All rules of PDF/UA-1 that a program can check, by a validator that is not Typst's."""
    report = page.validate_pdf(written / as_pdf.NAME, profile="ua1")
    assert report.failures == []
    assert report.rules.total == report.rules.passed >= 100


def test_every_page_is_marked_at_the_top_and_at_the_bottom_and_numbered(written: Path) -> None:
    pages = week_read.of_pdf(written / as_pdf.NAME)
    for number, text in enumerate(pages, 1):
        lines = text.splitlines()
        assert lines[0] == lines[-2] == "OFFICIAL-SENSITIVE"
        assert lines[-1] == f"Listening & Learning, January 2026 Page {number} of {len(pages)}"


@pytest.mark.parametrize("lines", [2, 45])
def test_the_summary_is_the_first_page_and_contents_the_second(lines: int, tmp_path: Path) -> None:
    """A longer summary is set smaller."""
    said = Paragraph(("What was found of plans and visits, in a line that is about this long.",))
    summary = Section("summary", "Summary", (said,) * lines)
    document = replace(sample(), sections=(summary, *sample().sections[1:2]))
    as_pdf.write(document, tmp_path)
    first, second = week_read.of_pdf(tmp_path / as_pdf.NAME)[:2]
    assert first.count("What was found of plans") == lines
    assert second.splitlines()[1] == "Contents"


def test_a_report_without_a_section_is_written(tmp_path: Path) -> None:
    bare_one = replace(sample(), sections=(), facts=())
    for name in HERE:
        FORMATS[name](bare_one, tmp_path)
        assert (tmp_path / FILES[name]).exists()


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=20, deadline=None)
def test_any_text_can_be_written(
    tmp_path_factory: pytest.TempPathFactory, one: str, other: str
) -> None:
    """No character stops a format; a page writes the name of one that it cannot show."""
    table = Table("t", one, (Column(one, other), Column("b", one)), ((one, other),), other)
    drawn = Table(
        "d",
        one,
        dots().table.columns,
        ((one, HIDDEN), (other, Estimate(1, 0, 2, "grades", Count(9)))),
    )
    chart = replace(dots(), title=one, description=other, table=drawn)
    blocks = Heading(one), Paragraph((one, 1, other)), Bullets(((one,),)), table, chart
    document = Document(
        one, other, Audience.PANEL, one, (Section(one, other, blocks),), (), ((one, other),)
    )
    folder = tmp_path_factory.mktemp("any")
    for name in HERE:
        FORMATS[name](document, folder)
    assert page.is_pdf_compliant(folder / as_pdf.NAME, profile="ua1")


def test_headings_of_the_word_file_are_words_own(written: Path) -> None:
    word = docx.Document(str(written / as_docx.NAME))
    heads = [line.text for line in word.paragraphs if line.style and line.style.name == "Heading 1"]
    assert heads == [*(section.title for section in sample().sections), cells.FACTS]
    assert [line.text for line in word.paragraphs if line.style and line.style.name == "Title"] == [
        "Listening & Learning, January 2026"
    ]


def test_tables_of_the_word_file_have_a_header_row(written: Path) -> None:
    word = docx.Document(str(written / as_docx.NAME))
    assert len(word.tables) == len(list(week_read.tables(sample()))) + 1
    for table in word.tables:
        headers = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]  # noqa: SLF001 - no public way
        assert headers == [True, *(False for _ in table.rows[1:])]


def test_pictures_of_the_word_file_say_what_they_show(written: Path) -> None:
    word = docx.Document(str(written / as_docx.NAME))
    told = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]  # noqa: SLF001 - no public way
    assert told[1] == (
        "Most changes are one grade down. Auditors' grades down, moderators' grades across; the "
        "diagonal is agreement. The table beside it has the numbers."
    )
    assert len(told) == 6


def test_the_word_file_is_in_british_english(written: Path) -> None:
    word = docx.Document(str(written / as_docx.NAME))
    languages = {one.get(qn("w:val")) for one in word.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    assert word.core_properties.language == "en-GB"
    assert word.core_properties.created == datetime(2026, 1, 1, tzinfo=UTC)


def test_sheets_are_ready_to_use(written: Path) -> None:
    book = load_workbook(written / as_xlsx.NAME)
    assert book.sheetnames == [
        "Report",
        "1 Grades before and after moder",
        "2 Auditors grades against moder",
        "3 Leniency by auditor",
        "4 Mean gap and files moderated",
        "5 Gap by domain",
        "6 Agreement by week",
        "7 Every kind of cell",
        "8 A table without rows",
        "9 =1+1 <hostile> #table",
        "How it was made",
    ]
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B5"
        assert sheet.print_title_rows == "$4:$4"
        assert all(cell.font.bold for cell in sheet[4])
        assert sheet["A2"].value == "OFFICIAL-SENSITIVE"
    assert all(sheet.oddHeader.center.text == "OFFICIAL-SENSITIVE" for sheet in book)


def test_numbers_of_the_workbook_are_numbers_and_tell_no_more_than_the_page(tmp_path: Path) -> None:
    """A share of 1 in 8 is 13 per cent, not 12.5; an estimate has as many digits as on a page."""
    as_xlsx.write(sample(), tmp_path)
    rows = {row[0]: row[1:4] for row in week_read.of_xlsx(tmp_path / as_xlsx.NAME)}
    assert rows["half a per cent"] == [0.13, None, None]
    assert rows["gap below nought"] == [-0.34, -0.5, -0.1]
    assert rows["per cent"] == [0.32, 0.28, 0.36]
    assert rows["hidden"] == ["c", "c", "c"]
    assert rows["whole number"] == [1234567, None, None]
    assert rows["day"] == [datetime(2026, 1, 5), None, None]  # noqa: DTZ001 - a workbook knows no time zone


def test_files_of_tables_that_share_an_id_are_kept_apart(tmp_path: Path) -> None:
    table = Table("Täble / 1", "T", (Column("a", "A"),), (("x",),))
    document = replace(sample(), sections=(Section("s", "S", (table, table)),))
    as_csv.write(document, tmp_path)
    files = {"facts.csv", "s-t-ble-1.csv", "s-t-ble-1-2.csv", "texts.csv"}
    assert {path.name for path in (tmp_path / as_csv.NAME).iterdir()} == files


def test_without_typst_there_is_no_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Stop) as stop:
        FORMATS["pdf"](sample(), tmp_path)
    assert stop.value.exit_code == Exit.USAGE
    assert str(stop.value) == (
        "week.pdf: M700 a report cannot be written as PDF on this machine: Typst is not installed\n"
        "  help: write it as html and print that, or as docx; "
        "Typst has no build for Windows on ARM"
    )
    assert list(tmp_path.iterdir()) == []


def test_without_typst_the_word_file_says_where_a_chart_is_lacking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    FORMATS["docx"](sample(), tmp_path)
    word = docx.Document(str(tmp_path / as_docx.NAME))
    assert [line.text for line in word.paragraphs].count(as_docx.UNDRAWN) == 6
    assert len(word.inline_shapes) == 0


def test_what_is_no_number_is_a_dash_on_a_page_and_empty_in_data() -> None:
    unknown = Estimate(float("nan"), float("nan"), float("inf"), "percent", Count(0))
    assert cells.text(unknown) == "- (- to -)"
    assert cells.datum(unknown) is None
    assert cells.text(float("nan")) == "-"


def test_a_hidden_estimate_is_hidden_with_both_ends() -> None:
    columns = Column("label", "Team"), Column("gap", "Gap")
    known = Estimate(0.5, 0.25, 0.75, "grades", Count(9))
    table = Table("t", "T", columns, (("A", known), ("B", HIDDEN)))
    assert cells.spread(table).rows == (("A", 0.5, 0.25, 0.75), ("B", "c", "c", "c"))
    assert [column.title for column in cells.spread(table).columns] == [
        "Team", "Gap", "Gap, low", "Gap, high",
    ]  # fmt: skip


def _named(text: str) -> str:
    for letter, name in NAMES.items():
        text = text.replace(letter, name)
    return text


def _in_any_order(text: str, found: str) -> bool:
    """Tell whether a text is found; what is read from right to left may stand in another order."""
    if any(0x590 <= ord(one) < 0x700 for one in text):
        return set(text) <= set(found)
    return text in found


def _as_xlsx_reads(datum: cells.Datum) -> object:
    match datum:
        case cells.PerCent():
            return datum.value / 100
        case "":
            return None
        case str():
            return datum
        case date():
            return datetime(datum.year, datum.month, datum.day)  # noqa: DTZ001 - as above
    return datum


def _number(text: str) -> bool:
    return text.removesuffix("%").replace(".", "", 1).removeprefix("-").isdigit()


def _bytes(path: Path) -> Mapping[str, bytes]:
    files = path.iterdir() if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


def test_columns_are_as_wide_as_their_longest_word_and_share_the_rest() -> None:
    """Letters get smaller before a word is parted; a heading may stand on several lines."""
    estimate = "+0.72\N{NO-BREAK SPACE}(0.37\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}1.07)"
    row = ["Team 01", "31", "19", "61%", "18", "58%", estimate, estimate]
    heads = ["Team", "Files", "Auditors", *["After moderation, share"] * 3, *["Estimate"] * 2]
    found = columns.fit([heads, row])
    assert not found.whole
    assert found.size < columns.SIZES[0]
    assert sum(found.widths) <= columns.PAGE + 0.01
    assert found.widths[-1] >= columns.AROUND + columns.LETTER * found.size * len(estimate)
