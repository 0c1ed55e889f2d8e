"""Workbooks in plain form are read by calamine: the same cells as openpyxl gives, or not at all."""

import random
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Stop
from engine.records import plain_form, plain_workbook, sheets
from engine.records.found import look
from engine.records.plain_workbook import plain_sheets
from engine.records.sheets import Sheet

Cells = list[tuple[int, list[str | None], dict[int, str]]]
FORMATS = (
    "General", "0", "0.00", "@", "dd/mm/yyyy", "dd\\/mm\\/yyyy", "yyyy-mm-dd", "d-mmm-yy", "hh:mm",
    "[$-809]dd mmmm yyyy;@", "dd/mm/yyyy hh:mm", "m/d/yyyy h:mm AM/PM", "#,##0;[Red]-#,##0", "0%",
    '"£"#,##0.00', '0" days"', "_-* #,##0.00_-;-* #,##0.00_-", "0.00E+00",
)  # fmt: skip
NUMBERS = (0, 0.5, 1, 59, 60, 61, 17, 0.1, 45_000, 45_000.4375, 45_000.999999, 2_958_465, 99.5)
VALUES = st.one_of(
    st.none(),
    st.sampled_from(NUMBERS),
    st.integers(0, 2_958_465),
    st.booleans(),
    st.sampled_from(("A1", " A1", "A1 ", "\u00a0", "#N/A", "a\nb", "  ", "é\U0001f476", "<&>", "0017")),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6),
    st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
)  # fmt: skip


def drawn(path: Path, rows: Sequence[Sequence[object]], formats: Sequence[str]) -> Path:
    """Write rows with a format for each column."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("visits")
        styles = [book.add_format({"num_format": code}) for code in formats]
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(at, column, value, styles[column])
                elif isinstance(value, date):
                    sheet.write_datetime(at, column, value, styles[column])
                elif value is not None:
                    sheet.write(at, column, value, styles[column])
    return path


def cells(sheet: Sheet) -> Cells:
    """Return what a sheet says; a cell at the end that is empty says nothing."""
    found = []
    for row in sheet.rows():
        filled = [*row.cells]
        while filled and not filled[-1]:
            filled.pop()
        found.append((row.number, [cell or None for cell in filled], dict(row.faults)))
    return found


def told(path: Path) -> dict[str, tuple[bool, Cells]] | str:
    """Return what the sheets of a workbook say, or why it cannot be read."""
    try:
        with sheets.sheets_of(look(path, path.parent)) as opened:
            return {sheet.title: (sheet.hidden, cells(sheet)) for sheet in opened}
    except Stop as stop:
        return str(stop.problems[0])


def by_openpyxl(path: Path) -> dict[str, tuple[bool, Cells]] | str:
    """Return what openpyxl makes of a workbook."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "plain_sheets", lambda *_: None)
        return told(path)


def is_plain(path: Path) -> bool:
    """Say whether calamine reads a workbook."""
    with path.open("rb") as file, ZipFile(path) as archive:
        return plain_sheets(file, archive) is not None


def changed(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """Write a workbook again with one text of a part changed; it has to be there."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(old, new, 1) if name == part else data)
    return path


@settings(max_examples=60)
@given(
    rows=st.lists(st.lists(VALUES, max_size=5), max_size=6),
    formats=st.lists(st.sampled_from(FORMATS), min_size=5, max_size=5),
)
def test_calamine_and_openpyxl_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]], formats: list[str]
) -> None:
    """Numbers, days, moments, text and blanks in common formats."""
    path = drawn(tmp_path_factory.mktemp("drawn") / "a.xlsx", rows, formats)
    assert told(path) == by_openpyxl(path)


def test_what_is_written_by_common_programs_is_plain(tmp_path: Path) -> None:
    """Otherwise the test above would hold openpyxl against itself."""
    rows: list[list[object]] = [["A1", 17, date(2024, 3, 1), " x ", True, 0.5], [], [None, "b"]]
    path = drawn(tmp_path / "a.xlsx", rows, ["@", "0", "dd/mm/yyyy", "General", "General", "0%"])
    assert is_plain(path)
    book = openpyxl.Workbook()
    book.active.append(["A1", 17, datetime(2024, 3, 1), None, "b", False])  # noqa: DTZ001
    book.create_sheet("hidden").sheet_state = "hidden"
    book.save(tmp_path / "b.xlsx")
    assert is_plain(tmp_path / "b.xlsx")
    assert told(tmp_path / "b.xlsx") == by_openpyxl(tmp_path / "b.xlsx") == {
        "Sheet": (False, [(1, ["A1", "17", "2024-03-01", None, "b", "false"], {})]),
        "hidden": (True, []),
    }  # fmt: skip


SHEET, STRINGS, STYLES, BOOK = (
    "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
)  # fmt: skip
TYPES = "[Content_Types].xml"
ERROR_AT_D1 = b'<c r="D1" t="e"><v>%s</v></c>'
DAMAGED = "is damaged and cannot be read as a workbook"
NAMES = "xl/_rels/workbook.xml.rels"
# of a workbook with the text `A1`, the number 17, 1 March 2024 as a day, and true
PLAIN = {
    "a style after the kind": (SHEET, b's="1" t="s"', b't="s" s="1"'),
    "an error with its style after the kind": (
        SHEET,
        b'<c r="D1" s="1" t="b"><v>1</v>',
        b'<c r="D1" t="e" s="1"><v>#REF!</v>',
    ),
    "an error": (SHEET, b'<c r="D1" s="1" t="b"><v>1</v>', b'<c r="D1" s="1" t="e"><v>#REF!</v>'),
    "a blank error": (SHEET, b'<c r="D1" s="1" t="b"><v>1</v>', b'<c r="F1" t="e"><v>#N/A</v>'),
    "a result": (SHEET, b"<v>17</v>", b"<f>A1+1</f><v>17</v>"),
    "a far cell": (SHEET, b'r="D1" s="1" t="b"', b'r="XFD1" s="1" t="b"'),
    "blanks that are kept": (STRINGS, b"<t>A1", b'<t xml:space="preserve"> A1 '),
    "a text in the cell": (SHEET, b' t="b"><v>1</v>', b' t="inlineStr"><is><t>x y</t></is>'),
    "an empty text": (SHEET, b' t="b"><v>1</v>', b' t="str"><v></v>'),
    "an odd format": (STYLES, b"dd/mm/yyyy", b"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy"),
    "a large number": (SHEET, b"<v>17</v>", b"<v>123456789012345</v>"),
    "blanks by their number": (STRINGS, b"<t>A1", b'<t xml:space="preserve">&#10;A&#13;1 '),
    "a character by its number": (STRINGS, b"<t>A1", b"<t>&#233;&#160;"),
    "pieces with fonts": (
        STRINGS,
        b"<t>A1</t>",
        b'<r><rPr><b/><sz val="11"/></rPr><t>A</t></r><r><t>1</t></r>',
    ),
    "how it is said": (
        STRINGS,
        b"</t>",
        b'</t><rPh sb="0" eb="1"><t>a</t></rPh><phoneticPr fontId="1"/>',
    ),
    "an early time": (SHEET, b"<v>45352</v>", b"<v>4.1666666666666664E-2</v>"),
    "a format of pandas": (STYLES, b"dd/mm/yyyy", b"YYYY-MM-DD HH:MM:SS"),
    "a length of time": (STYLES, b"dd/mm/yyyy", b"[hh]:mm:ss"),
    "a colour": (STYLES, b"dd/mm/yyyy", b"0.00;[RED]\\-0.00"),
    "the pound": (
        STYLES,
        b"</numFmts>",
        b'<numFmt numFmtId="44" formatCode="_-* 0.00"/></numFmts>',
    ),
    "days from 1900": (BOOK, b"<workbookPr", b'<workbookPr date1904="false"'),
    "a column of a table": (
        STYLES,
        b"</styleSheet>",
        b'<dxfs><dxf><numFmt numFmtId="19" formatCode="d"/></dxf></dxfs></styleSheet>',
    ),
    "a row that is empty": (SHEET, b"</sheetData>", b'<row r="7"/></sheetData>'),
}
LEFT = {
    "no day, with its style after the kind": (
        SHEET, b's="3"><v>45352</v>', b't="n" s="3"><v>2958466</v>',
    ),
    "much beside the rows": (
        SHEET, b"</sheetData>", b"</sheetData>" + b"<a/>" * (plain_form.MOST_AROUND // 4),
    ),
    "a formula without a result": (SHEET, b"<v>17</v>", b"<f>A1+1</f>"),
    "blanks": (STRINGS, b"<t>A1", b"<t> A1"),
    "an escape": (STRINGS, b"<t>A1", b"<t>A1_x000D_"),
    "a comment": (STRINGS, b"<t>A1", b"<t>A<!-- -->1"),
    "entities": (STRINGS, b"<sst", b"<!DOCTYPE sst [<!ENTITY a 'b'>]><sst"),
    "another character set": (STRINGS, b'"UTF-8"', b'"ISO-8859-1"'),
    "a longer number": (SHEET, b"<v>17</v>", b"<v>1234567890123456789</v>"),
    "no number": (SHEET, b"<v>17</v>", b"<v>inf</v>"),
    "neither true nor false": (SHEET, b't="b"><v>1</v>', b't="b"><v>2</v>'),
    "a day before all days": (SHEET, b"<v>45352</v>", b"<v>-1</v>"),
    "a day after all days": (SHEET, b"<v>45352</v>", b"<v>2958466</v>"),
    "a day in another form": (SHEET, b"<v>45352</v>", b"<v>1E9</v>"),
    "a day as text": (SHEET, b't="b"><v>1</v>', b't="d"><v>2024-03-01</v>'),
    "a format of words": (STYLES, b"dd/mm/yyyy", b"*d"),
    "a format of another language": (STYLES, b'<xf numFmtId="164"', b'<xf numFmtId="30"'),
    "a cell of another row": (SHEET, b'r="D1"', b'r="D2"'),
    "a row that stands twice": (SHEET, b"</sheetData>", b'<row r="1"/></sheetData>'),
    "a cell too far": (SHEET, b'r="D1" s="1" t="b"', b'r="XFE1" s="1" t="b"'),
    "more cells than can be held": (
        SHEET, b"</row>", b'</row><row r="1048576"><c r="Z1048576"><v>1</v></c></row>',
    ),
    "a prefix": (SHEET, b"<sheetData>", b"<sheetData><x:row/>"),
    "the days of a Macintosh": (BOOK, b"<workbookPr", b'<workbookPr date1904="1"'),
    "the days of a Macintosh below": (
        BOOK, b"<bookViews>", b'<x><workbookPr date1904="1"/></x><bookViews>',
    ),
    "two lists of sheets": (
        BOOK, b"<calcPr",
        b'<sheets><sheet name="b" sheetId="2" r:id="rId1"/></sheets><calcPr',
    ),
    "a line in a title": (BOOK, b'name="visits"', b'name="a\nb"'),
    "a part elsewhere": (NAMES, b'Target="work', b'TargetMode="External" Target="work'),
    "texts of another name": (TYPES, b"/xl/sharedStrings.xml", b"/xl/workbook.xml"),
    "a workbook of another name": (TYPES, b"/xl/workbook.xml", b"/xl/styles.xml"),
    "blanks in a text that is marked otherwise": (STRINGS, b"<t>A1", b"<t > A1"),
    "a blank by its number": (STRINGS, b"<t>A1", b"<t>&#10;A1"),
    "an escape of an escape": (STRINGS, b"<t>A1", b"<t>Ax005F_1"),
    "two texts": (STRINGS, b"<t>A1</t>", b"<t>A</t><t>1</t>"),
    "a tag in a text": (STRINGS, b"<t>A1</t>", b"<t>A<b/>1</t>"),
    "a text of another language": (
        STRINGS, b"<t>A1</t>", b'<x:t xmlns:x="urn:x">Q</x:t><t>A1</t>',
    ),
    "no character": (STRINGS, b"<t>A1", b"<t>A\xef\xbf\xbe"),
    "another character set, spaced": (
        STRINGS, b' encoding="UTF-8"', b'\nencoding = "ISO-8859-1"',
    ),
    "rows of another language": (
        SHEET, b"<sheetViews>",
        b'<x:sheetData xmlns:x="urn:x"><x:row r="1"/></x:sheetData><sheetViews>',
    ),
    "rows beside the rows": (
        SHEET, b"<pageMargins", b'<row r="2"><c r="A2"><v>9</v></c></row><pageMargins',
    ),
    "a row of another language": (SHEET, b'<row r="1"', b'<row r="1" xmlns="urn:x"'),
    "a row with two numbers": (SHEET, b'<row r="1"', b'<row r="1" r="2"'),
    "a size of columns": (SHEET, b'ref="A1:D1"', b'ref="A:D"'),
    "an empty size": (SHEET, b'ref="A1:D1"', b'ref=""'),
    "an error that calamine does not know": (
        SHEET, b'<c r="D1" s="1" t="b"><v>1</v></c>', ERROR_AT_D1 % b"#SPILL!",
    ),
    "an error that is not there": (
        SHEET, b'<c r="D1" s="1" t="b"><v>1</v></c>', b'<c r="D1" t="e"><f>A1</f><v></v></c>',
    ),
    "the pound as a day": (
        STYLES, b"</numFmts>", b'<numFmt numFmtId="44" formatCode="dd"/></numFmts>',
    ),
    "a part of another name": (NAMES, b"sharedStrings.xml", b"strings.xml"),
    "a part of no name": (NAMES, b"worksheets/sheet1.xml", b"../sheet1.xml"),
}  # fmt: skip


def one_row(path: Path) -> Path:
    """Write a workbook with a cell of each kind."""
    return drawn(
        path / "a.xlsx", [["A1", 17, date(2024, 3, 1), True]],
        ["General", "0", "dd/mm/yyyy", "General"],
    )  # fmt: skip


@pytest.mark.parametrize("what", PLAIN)
def test_what_is_plain_says_the_same(tmp_path: Path, what: str) -> None:
    """Each of these is read by calamine."""
    path = changed(one_row(tmp_path), *PLAIN[what])
    assert is_plain(path)
    assert told(path) == by_openpyxl(path)


@pytest.mark.parametrize("what", LEFT)
def test_what_might_be_read_differently_is_left_to_openpyxl(tmp_path: Path, what: str) -> None:
    """Each of these was seen to be read differently, or is not what programs write."""
    path = changed(one_row(tmp_path), *LEFT[what])
    assert not is_plain(path)
    assert told(path) == by_openpyxl(path)


def test_an_error_has_its_place(tmp_path: Path) -> None:
    """Calamine gives an error as an empty cell; it is told as what the cell shows."""
    path = changed(one_row(tmp_path), *PLAIN["an error"])
    error = "the cell shows the error `#REF!`"
    assert told(path) == {"visits": (False, [(1, ["A1", "17", "2024-03-01", "#REF!"], {3: error})])}


def test_a_text_that_is_not_there_is_damage(tmp_path: Path) -> None:
    """The cell names the hundredth text of a workbook that holds one."""
    path = changed(one_row(tmp_path), SHEET, b't="s"><v>0</v>', b't="s"><v>99</v>')
    assert is_plain(path)
    assert told(path) == by_openpyxl(path)
    assert DAMAGED in told(path)


def test_a_large_part_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a part unpacks to is known before it is read."""
    path = one_row(tmp_path)
    with ZipFile(path) as archive:
        monkeypatch.setattr(plain_workbook, "LARGEST", archive.getinfo(SHEET).file_size - 1)
    assert not is_plain(path)


@pytest.mark.parametrize(
    ("name", "packed", "last"),
    [
        (SHEET, ZIP_DEFLATED, True),  # a part twice
        ("xl/SharedStrings.xml", ZIP_DEFLATED, True),
        ("xl\\styles.xml", ZIP_DEFLATED, False),
        (SHEET, ZIP_BZIP2, False),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_parts_that_are_found_differently_are_left(
    tmp_path: Path, name: str, packed: int, last: bool
) -> None:
    """Calamine takes names that differ in their case or a backslash for one, and unpacks less."""
    path = one_row(tmp_path)
    with ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    same = next(one for one in parts if one.lower() == name.replace("\\", "/").lower())
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for one, data in parts.items():
            if one != same or last:
                archive.writestr(one, data)
        archive.writestr(name, parts[same], packed)
    assert not is_plain(path)
    assert told(path) == by_openpyxl(path)


def test_texts_are_held_as_often_as_they_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long text in a thousand cells would fill the memory; the length of each text counts."""
    path = drawn(tmp_path / "a.xlsx", [["x" * 5_000], *[["a"]] * 100], ["General"])
    monkeypatch.setattr(plain_form, "MOST_TEXT", 10_000)
    assert is_plain(path)
    monkeypatch.setattr(plain_form, "MOST_TEXT", 5_000)
    assert not is_plain(path)


def test_the_last_moment_of_all_days_is_read(tmp_path: Path) -> None:
    """It cannot be rounded to the next second: there is none."""
    path = changed(one_row(tmp_path), SHEET, b"<v>45352</v>", b"<v>2958465.999998</v>")
    assert told(path) == {"visits": (False, [(1, ["A1", "17", "9999-12-31 23:59:59", "true"], {})])}


def test_odd_parts_are_looked_through_in_time(tmp_path: Path) -> None:
    """Patterns that try each place again would take hours for these."""
    path = one_row(tmp_path)
    for part, old, odd in (
        (STRINGS, b"<t>A1", b"<?xml " * 200_000),
        (SHEET, b"<sheetViews>", b"<sheetData" * 200_000),
    ):
        assert not is_plain(changed(path, part, old, odd))
        path = one_row(tmp_path)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_bytes_are_nothing_else_is_said(tmp_path: Path, seed: int) -> None:
    """Workbooks with a few bytes of a part changed: never other cells than openpyxl gives."""
    draw, plain = random.Random(seed), 0
    with ZipFile(one_row(tmp_path)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for at in range(60):
        part, path = draw.choice((SHEET, STRINGS, STYLES, BOOK, NAMES)), tmp_path / f"{at}.xlsx"
        data = bytearray(parts[part])
        for _ in range(draw.randint(1, 3)):
            place = draw.randrange(len(data))
            data[place : place + draw.randint(0, 2)] = draw.choice(
                (b"1", b"", b" ", b"<", b"x", b"9")
            )
        with ZipFile(path, "w") as archive:
            for name, whole in parts.items():
                archive.writestr(name, data if name == part else whole)
        if is_plain(path):
            plain += 1
            said, by = told(path), by_openpyxl(path)
            # openpyxl also refuses views, margins and fonts that it does not know
            assert said == by or DAMAGED in by, (part, bytes(data))
    assert 0 < plain < 60
