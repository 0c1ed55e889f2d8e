"""A folder of forms, or of workbooks that are parts of one batch."""

import zipfile
from pathlib import Path

import pytest

from engine.records.recognise import OLE
from tests.unit.commands import AS_OF, ROOT, Audit
from tests.unit.forms import CASE, a_form, blank, numbered, read
from tests.unit.readers.given import read as read_plain
from tests.unit.readers.given import said, workbook


def test_each_form_is_an_audit(tmp_path: Path) -> None:
    """The batch holds the audits of all forms; the rows of each belong to its own audit."""
    for number in ("1", "2", "3"):
        a_form(tmp_path / f"form {number}.xlsx", numbered(number))
    with read(tmp_path) as batch:
        assert batch.audit_count == 3
        rows = batch.con.sql("SELECT audit_id, count(*) FROM typed.visits GROUP BY 1 ORDER BY 1")
        assert rows.fetchall() == [("1", 2), ("2", 2), ("3", 2)]
        assert not batch.rejected


def test_a_form_that_cannot_be_opened_is_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said which, the others are scored, and the exit code is 4; --strict scores nothing."""
    a_form(tmp_path / "a.xlsx", numbered("1"))
    (tmp_path / "b.xlsx").write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    (tmp_path / "c.xlsx").write_bytes(blank("child_protection")[:9000])
    (tmp_path / "~$a.xlsx").write_bytes(b"lock file")
    audit = Audit(monkeypatch, capsys)
    ended = audit("score", tmp_path, *AS_OF, "--rules", ROOT / "rules")
    assert ended.code == 4
    assert "CP-05" in ended.out
    protected = f"`{tmp_path}/b.xlsx` is protected by a password or a sensitivity label"
    damaged = f"`{tmp_path}/c.xlsx` is damaged and cannot be opened"
    assert f"{tmp_path}/b.xlsx: B005 {protected}, and was put aside" in ended.err
    assert f"{tmp_path}/c.xlsx: B009 {damaged}, and was put aside" in ended.err
    assert "2 rows were put aside; the rest was read" in ended.err
    strict = audit("score", tmp_path, *AS_OF, "--rules", ROOT / "rules", "--strict")
    assert (strict.code, strict.out) == (4, "")


def test_half_a_workbook_is_not_read(tmp_path: Path) -> None:
    """Where one sheet of a file is damaged, nothing of the file counts."""
    visits = [["audit_id", "visit_date"], ["A2", "2024-03-01"]]
    workbook(tmp_path / "a.xlsx")
    path = workbook(tmp_path / "b.xlsx", audits=[["audit_id"], ["A2"]], visits=visits)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet2.xml"] = parts["xl/worksheets/sheet2.xml"][:300]
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with read_plain(tmp_path) as batch:
        assert batch.con.sql("SELECT audit_id FROM typed.audits").fetchall() == [("A1",)]
        assert said(batch, tmp_path) == [
            "b.xlsx: B009 `b.xlsx` is damaged and cannot be read as a workbook, and was put aside"
            "\n  help: open it in Excel and save it again"
        ]


def test_parts_of_a_batch_in_several_workbooks(tmp_path: Path) -> None:
    """A table may go on in the next workbook, and a workbook may hold some tables only."""
    visits = [["audit_id", "visit_date"], ["A1", "2024-03-01"], ["A2", "2024-03-02"]]
    workbook(tmp_path / "part1.xlsx", audits=[["audit_id"], ["A1"], ["A2"]], visits=visits)
    workbook(
        tmp_path / "part2.xlsx", audits=[["audit_id"], ["A3"]], visits=[*visits[:1], *visits[2:]]
    )
    with read_plain(tmp_path) as batch:
        assert batch.rows == {"audits": 3, "visits": 3}
        assert not batch.problems


def test_a_form_that_was_saved_twice_counts_once(tmp_path: Path) -> None:
    """A copy doubles nothing, whatever its name."""
    a_form(tmp_path / "a.xlsx")
    a_form(tmp_path / "copy of a.xlsx")
    with read(tmp_path) as batch:
        assert batch.rows["visits"] == 2
        assert said(batch, tmp_path) == [
            "copy of a.xlsx!Read me first: B155 the form says the same as `a.xlsx` and was read once"
        ]


def test_two_forms_of_one_number_that_differ_are_both_put_aside(tmp_path: Path) -> None:
    """Nobody but the auditors can tell which is right."""
    a_form(tmp_path / "a.xlsx")
    a_form(tmp_path / "b.xlsx", {**CASE, "visits": CASE["visits"][:1]})
    a_form(tmp_path / "c.xlsx", numbered("3"))
    with read(tmp_path) as batch:
        assert batch.audit_count == 1
        assert [(row.file.rpartition("/")[2], row.place, row.code) for row in batch.rejected] == [
            ("a.xlsx", "B5", "B402"),
            ("b.xlsx", "B5", "B402"),
        ]
        assert batch.rows["visits"] == 2
