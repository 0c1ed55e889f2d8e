"""Forms as the reader takes them: filled in, half filled in, blank, or out of date."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.records import Batch
from engine.reports.form import write_form
from engine.rulebook.fields import Field, FieldType, Table
from tests.unit.forms import CASE, LOOKED, a_form, filled, numbered, orders, read, small
from tests.unit.readers.given import said


def told(batch: Batch, folder: Path) -> list[str]:
    return [line.partition("\n")[0] for line in said(batch, folder)]


def test_a_form_is_one_audit(tmp_path: Path) -> None:
    """The number is typed once; every row of every sheet belongs to it."""
    with read(a_form(tmp_path / "a.xlsx")) as batch:
        assert not batch.problems
        assert batch.rows == {
            "audits": 1, "domain_grades": 1, "answers": 4, "plans": 1, "visits": 2, "supervisions": 0,
        }  # fmt: skip
        for table in ("domain_grades", "answers", "plans", "visits"):
            named = batch.con.sql(f"SELECT DISTINCT audit_id FROM typed.{table}").fetchall()
            assert named == [("0017",)]


def test_a_question_without_an_answer_was_asked(tmp_path: Path) -> None:
    """It is no answer, and no gap either: decision 11."""
    with read(a_form(tmp_path / "a.xlsx")) as batch:
        answers = batch.con.sql("SELECT standard, answer FROM typed.answers ORDER BY ALL")
        assert answers.fetchall() == [
            ("CP-05", "met"),
            ("CP-06", None),
            ("OV-04", None),
            ("SU-01", None),
        ]
        assert {*(batch.asking().asked or ())} == {"CP-05", "CP-06", "OV-04", "SU-01"}


def test_what_nobody_looked_at_is_not_held_against_the_case(tmp_path: Path) -> None:
    """An empty sheet says nothing by itself; yes says that there was nothing; rows say yes."""
    path = a_form(tmp_path / "a.xlsx", looked=())
    with read(path) as batch:
        (skipped,) = batch.con.sql("SELECT not_examined FROM typed.audits").fetchall()
        assert "supervisions" in skipped[0]
        assert not {"plans", "visits", "answers", "domain_grades", "exceptions"} & {*skipped[0]}
        assert "placements" in skipped[0], "the form has no sheet for it"
        assert said(batch, tmp_path) == [
            "a.xlsx!Read me first: B153 the form does not say whether these were looked at: "
            "supervisions\n  help: they are taken as not looked at; say yes on the sheet Audits "
            "where they were"
        ]
    with read(a_form(path)) as batch:
        (skipped,) = batch.con.sql("SELECT not_examined FROM typed.audits").fetchall()
        assert "supervisions" not in skipped[0]


def test_no_is_believed_even_beside_rows(tmp_path: Path) -> None:
    """Who did not look through the visits may still have come across one."""
    path = a_form(tmp_path / "a.xlsx")
    cell = next(cell for sheet, cell, text in orders(path) if (sheet, text) == ("Audits", "Yes"))
    filled(path, path, [("Audits", cell, "No")])
    with read(path) as batch:
        (skipped,) = batch.con.sql("SELECT not_examined FROM typed.audits").fetchall()
        assert LOOKED[0] in skipped[0]


def test_a_blank_form_is_no_audit(tmp_path: Path) -> None:
    """Nothing that the form itself holds counts as entered."""
    a_form(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(write_form(small(), ("child_protection",)))
    with read(tmp_path) as batch:
        assert batch.audit_count == 1
        assert not batch.rejected
        assert told(batch, tmp_path) == [
            "b.xlsx!Read me first: B154 the form is blank and was not read"
        ]


def test_a_form_without_its_number_is_put_aside_with_its_rows(tmp_path: Path) -> None:
    """The cell to fill is named, and the rows are listed."""
    a_form(tmp_path / "a.xlsx", numbered("1"))
    a_form(tmp_path / "b.xlsx", numbered(""))
    with read(tmp_path) as batch:
        assert batch.audit_count == 1
        assert [line for line in said(batch, tmp_path) if "B301" in line] == [
            "b.xlsx!Audits!B5: B301 `audit_id` is blank and must be filled\n"
            "  help: type the number of the audit once, on this sheet"
        ]
        assert (
            "b.xlsx!Visits!A5: B405 an audit without a number was put aside and takes 2 rows of "
            "`visits` with it"
        ) in told(batch, tmp_path)


def test_a_bad_entry_is_said_by_its_cell(tmp_path: Path) -> None:
    """On the sheet of the audit too, where the fields stand down the side."""
    a_form(tmp_path / "a.xlsx", numbered("1"))
    bad = {**CASE["audits"][0], "audit_id": "2", "audit_date": "30/09/25"}
    a_form(tmp_path / "b.xlsx", {**CASE, "audits": [bad]})
    with read(tmp_path) as batch:
        assert "b.xlsx!Audits!B12: B302 `30/09/25` in `audit_date` has a year of two digits" in (
            told(batch, tmp_path)
        )


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Return a filled form of a rulebook that has since lost and gained all sorts of things."""
    book = small()
    gone = book.by_id["CP-06"].model_copy(update={"id": "CP-99"})
    tables = dict(book.fields.tables)
    visits = dict(tables["visits"].fields)
    del visits["purpose"]
    visits["mood"] = Field(type=FieldType.TEXT, meaning="How it went")
    tables["visits"] = tables["visits"].model_copy(update={"fields": visits})
    tables["diaries"] = Table(
        meaning="Diaries", fields={"audit_id": visits["audit_id"], "mood": visits["mood"]}
    )
    last_year = replace(
        book,
        book=book.book.model_copy(update={"version": "2025.11"}),
        hash="0" * 64,
        standards=(book.by_id["CP-05"], gone),
        file_names={**book.file_names, "CP-99": book.file_names["CP-06"]},
        fields=book.fields.model_copy(update={"tables": tables}),
    )
    path = tmp_path / "old.xlsx"
    path.write_bytes(write_form(last_year))
    return filled(path, path, orders(path))


def test_a_form_of_last_years_rulebook_is_read_and_says_what_is_missing(older: Path) -> None:
    """One warning of each kind, which names what it is about; the rest is read."""
    with read(older) as batch:
        assert not batch.rejected
        assert batch.rows["visits"] == 2
        lines = told(batch, older.parent)
        assert lines[:3] == [
            "old.xlsx!Read me first: B151 the form has fields that the rulebook does not have: "
            "Mood (visits)",
            "old.xlsx!Read me first: B151 the form has sheets that the rulebook does not have: "
            "Diaries",
            "old.xlsx!Read me first: B151 the form has standards that the rulebook does not have: "
            "CP-99",
        ]
        made = "the form was made from version `2025.11` of the rulebook, which is now `2026.11`"
        assert lines[3].startswith(f"old.xlsx!Read me first: B152 {made}, and has no field for: ")
        assert "purpose (visits)" in lines[3]
        assert lines[4].startswith(f"old.xlsx!Read me first: B152 {made}, and has no row for st")
        assert lines[4].endswith("more")
        assert lines[5].startswith(f"old.xlsx!Read me first: B152 {made}, and has no sheet for: ")
        assert len(lines) == 6
        assert {*(batch.asking().asked or ())} == {"CP-05"}
