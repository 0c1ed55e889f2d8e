"""The blank form: what may be entered where, what is locked, and that nothing in it is live."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from engine.records.cells import read
from engine.records.dictionary import Dictionary
from engine.records.form_words import COVER, LISTS
from engine.reports.form import write_form
from engine.reports.form.asked import asked_of, known_case_types
from engine.reports.form.entries import LONGEST_LIST, words_of
from engine.reports.form.sheets import heading
from engine.rulebook.fields import FieldType
from tests.unit.commands import ROOT, Audit
from tests.unit.forms import blank, shipped

DICTIONARY = Dictionary.of(shipped().fields, shipped().allowed)


def test_every_heading_is_read_as_its_field() -> None:
    """Whatever the sheet shows, the reader finds the field and the table behind it."""
    book = openpyxl.load_workbook(BytesIO(blank()), read_only=True)
    sheets = {DICTIONARY.table(title) for title in book.sheetnames} - {None}
    assert sheets == {*shipped().fields.tables}
    for name, table in shipped().fields.tables.items():
        for field, one in table.fields.items():
            assert DICTIONARY.tables[name].field(heading(field, one)) == field


def test_every_word_of_a_drop_down_is_taken() -> None:
    """What can be chosen can be read, and means the value that it stands for."""
    for name, table in shipped().fields.tables.items():
        spec = DICTIONARY.tables[name]
        for field, one in table.fields.items():
            if one.type in (FieldType.CHOICE, FieldType.YES_NO):
                cell = spec.fields[spec.index[field]]
                values = [read(word, cell) for word in words_of(shipped(), one)]
                assert values == list(cell.values or (True, False))


def test_the_same_rulebook_gives_the_same_bytes() -> None:
    """No clock and no chance goes into a form."""
    assert write_form(shipped(), ("care_leaver",)) == write_form(shipped(), ("care_leaver",))


def test_nothing_in_the_form_is_live() -> None:
    """No macro, no formula in a cell, no link, no connection, no password."""
    with zipfile.ZipFile(BytesIO(blank())) as form:
        names = form.namelist()
        sheets = [form.read(name).decode() for name in names if "worksheets/sheet" in name]
        book = form.read("xl/workbook.xml").decode()
    assert not [
        name for name in names if re.search("vba|macro|external|connection|rels/sheet", name)
    ]
    assert not [sheet for sheet in sheets if "<f>" in sheet or "hyperlink" in sheet]
    assert all("<sheetProtection " in sheet and "password" not in sheet for sheet in sheets)
    assert '<workbookProtection lockStructure="1"/>' in book


def test_headings_are_locked_and_entries_are_not() -> None:
    """A slip cannot change the question, and everybody can answer it."""
    book = openpyxl.load_workbook(BytesIO(blank("child_protection")))
    locked = {
        "Audits": ("A5", "C5"),
        "Answers": ("A4", "C4", "D4", "G4"),
        "Domain grades": ("A4", "B4"),
        "Visits": ("A1", "A3", "A4"),
    }
    free = {
        "Audits": ("B5",),
        "Answers": ("E4", "F4"),
        "Domain grades": ("C4", "D4"),
        "Visits": ("A5", "B29"),
    }
    assert all(book[s][c].protection.locked for s, cells in locked.items() for c in cells)
    assert not any(book[s][c].protection.locked for s, cells in free.items() for c in cells)
    # further down a whole column is open
    assert not book["Visits"].column_dimensions["A"].protection.locked
    assert [book["Visits"].freeze_panes, book["Answers"].freeze_panes] == ["A5", "B4"]


def test_days_lie_in_bounds_and_in_order() -> None:
    """The end of a plan lies between its start and the last believable day."""
    book = openpyxl.load_workbook(BytesIO(blank("child_protection")))
    column = next(cell.column_letter for cell in book["Plans"][4] if cell.value == "End date")
    start = next(cell.column_letter for cell in book["Plans"][4] if cell.value == "Start date")
    rules = book["Plans"].data_validations.dataValidation
    (rule,) = [rule for rule in rules if str(rule.sqref).startswith(f"{column}5:")]
    assert (rule.type, rule.operator) == ("date", None)
    assert (rule.formula1, rule.formula2) == (f"MAX(29221,{start}5)", "73415")
    assert rule.prompt == "The day the plan ended. Type a day, such as 31/01/2026."
    assert rule.error == (
        "Type a day between 01/01/1980 and 31/12/2100, such as 31/01/2026. "
        "It must not be before: start date."
    )
    assert book["Plans"][f"{column}5"].number_format == "dd/mm/yyyy"


def test_a_list_too_long_for_excel_stands_on_a_hidden_sheet() -> None:
    """The drop-down of a column and the list behind it agree."""
    book = openpyxl.load_workbook(BytesIO(blank()))
    lists = book[LISTS]
    assert lists.sheet_state == "hidden"
    inline = [
        rule.formula1
        for sheet in book.worksheets
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    ]
    assert all(len(text) <= LONGEST_LIST + 2 for text in inline)
    far = {text for text in inline if not text.startswith('"')}
    assert all(re.fullmatch(rf"{LISTS}!\$[A-Z]+\$1:\$[A-Z]+\$\d+", text) for text in far)


@pytest.mark.parametrize("case_type", known_case_types(shipped()))
def test_what_applies_to_a_case_type_is_asked(case_type: str) -> None:
    """A standard is left out only where its own words rule the case type out."""
    asked = asked_of(shipped(), (case_type,))
    listed = sorted(standard.id for standard in (*asked.standards, *asked.left_out))
    assert listed == sorted(standard.id for standard in shipped().live)
    for standard in asked.left_out:
        bound = standard.applies_to.get("case_type")
        outside = bound and (
            bound.not_ == case_type or case_type not in (bound.one_of or case_type)
        )
        kinds = [test.one_of for test in standard.trigger.where.values() if test.one_of]
        assert outside or any(case_type not in one for one in kinds)


def test_processes_are_asked_about_whatever_the_case_type() -> None:
    """An enquiry may be held about any child."""
    asked = {standard.id for standard in asked_of(shipped(), ("care_leaver",)).standards}
    assert asked >= {"CP-01", "CP-02", "CP-03", "FD-01", "LA-01", "MI-01"}
    assert "CP-05" not in asked


def test_the_cover_says_what_it_was_made_from_and_what_is_left_out() -> None:
    """The reader of a later rulebook, and the auditor, can tell."""
    cover = openpyxl.load_workbook(BytesIO(blank("child_protection")))[COVER]
    said = {row[0].value: row[1].value for row in cover.iter_rows()}
    assert said["Rulebook"] == "practice_audit_england"
    assert said["Version of the rulebook"] == shipped().book.version
    assert said["Fingerprint of the rulebook"] == shipped().hash
    assert said["Case types"] == "Child protection"
    assert said["Standards left out"].split("; ") == [
        s.id for s in asked_of(shipped(), ("child_protection",)).left_out
    ]
    assert said["Sheets left out"] == "Health assessments; Moderations"


def test_the_answers_stand_beside_the_words_of_the_standard() -> None:
    """Number, section, title, what it asks and its source are there; the answer is not."""
    sheet = openpyxl.load_workbook(BytesIO(blank("child_protection")))["Answers"]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "CP-05")
    assert row[1:3] == ("Visits", shipped().by_id["CP-05"].title)
    assert str(row[3]).startswith("Every plan (kind: child protection)")
    assert row[4:6] == (None, None)
    assert row[6]


def test_the_command_writes_a_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says how much the form asks, and where."""
    audit, out = Audit(monkeypatch, capsys), tmp_path / "new" / "form.xlsx"
    rules = ("--rules", ROOT / "rules")
    ended = audit("template", "--out", out, "--case-type", "Child protection", *rules)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == (
        f"{out}: 88 standards, 28 sheets to fill in; 17 left out, as the form's first sheet says\n"
    )
    assert out.read_bytes() == blank("child_protection")
    wrong = audit("template", "--out", out, "--case-type", "child_protction", *rules)
    assert wrong.code == 2
    assert "`child_protction` is no case type; did you mean `child_protection`?" in wrong.err
    assert audit("template", "--out", tmp_path / "form.xls", *rules).code == 2
