"""Folders of CSV files: what is read, what is put aside and where it stands."""

from datetime import date
from pathlib import Path

import pytest

from engine.errors import Stop
from tests.unit.readers.given import folder, read, rows, said

VISITS = "audit_id,visit_date,child_seen,purpose\n"


def test_quotes_commas_and_line_ends_in_cells(tmp_path: Path) -> None:
    """A cell may hold the delimiter, quotes and several lines."""
    text = VISITS + 'A1,2024-03-01,yes,"one, two\nthree ""four"""\n'
    batch = read(folder(tmp_path, visits=text))
    assert [row[3] for row in rows(batch, "visits")] == ['one, two\nthree "four"']


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    """Commas, semicolons and tabs, and the line ends of every system, are read."""
    text = (VISITS + "A1,2024-03-01,yes,x\n").replace(",", delimiter).replace("\n", end)
    batch = read(folder(tmp_path, visits=text))
    assert batch.rows["visits"] == 1
    assert not batch.problems


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """UTF-16 and Windows-1252 are read, and a warning says so."""
    path = folder(tmp_path)
    (path / "visits.csv").write_bytes(
        (VISITS + "A1,2024-03-01,yes,café – crèche\n").encode(encoding)
    )
    batch = read(path)
    assert rows(batch, "visits")[0][3] == "café – crèche"
    shown = {"cp1252": "Windows-1252", "utf-16": "UTF-16", "utf-16-le": "UTF-16"}
    assert said(batch, path) == [
        f"visits.csv: B103 the text is not UTF-8 and was read as {shown[name]}\n"
        "  help: save it as `CSV UTF-8` to be sure of every letter"
        for name in [encoding]
        if name in shown
    ]
    assert all(problem.warning for problem in batch.problems)


def test_a_bad_cell_is_said_at_its_line_and_column(tmp_path: Path) -> None:
    """Lines count as an editor counts them, whatever stands inside the cells above."""
    text = VISITS + 'A1,2024-03-01,yes,"two\nlines"\n\nA1,13/25/2024,maybe,x\n'
    path = folder(tmp_path, visits=text)
    batch = read(path)
    assert said(batch, path) == [
        (
            "visits.csv:5:2: B302 `13/25/2024` in `visit_date` is no day of the calendar\n"
            "  help: dates are read as day/month/year"
        ),
        (
            "visits.csv:5:3: B304 `maybe` in `child_seen` is neither yes nor no\n"
            "  help: write yes or no"
        ),
    ]
    assert batch.rows["visits"] == 1
    (row,) = batch.rejected
    assert (row.place, row.table, row.audit_id, row.code) == ("5:2", "visits", "A1", "B302")
    assert "; `maybe` in `child_seen` is neither yes nor no" in row.reason
    assert row.row == (
        '{"audit_id": "A1", "visit_date": "13/25/2024", "child_seen": "maybe", "purpose": "x"}'
    )
    assert batch.presence.put_aside == {"visits"}
    assert rows(batch, "put_aside") == [("A1", "visits")]


def test_rows_with_too_few_or_too_many_cells(tmp_path: Path) -> None:
    """A row that does not fit the header is put aside; empty cells beyond the header do no harm."""
    text = VISITS + "A1,2024-03-01\nA1,2024-03-02,yes,x,extra\nA1,2024-03-03,yes,x,,\n"
    path = folder(tmp_path, visits=text)
    batch = read(path)
    way_out = "\n  help: put quotes around text that holds a comma or a line end"
    assert said(batch, path) == [
        f"visits.csv:2: B201 the row has 2 cells and the header has 4{way_out}",
        f"visits.csv:3: B201 the row has 5 cells and the header has 4{way_out}",
    ]
    assert [str(row[1]) for row in rows(batch, "visits")] == ["2024-03-03"]


def test_the_header_may_stand_below_titles(tmp_path: Path) -> None:
    """The header is the row that names the most fields."""
    text = "Visits of the team,,,\n,,,\nAudit ID,Visit date (DD/MM/YYYY),Child seen?,Purpose\n"
    batch = read(folder(tmp_path, visits=text + "A1,01/03/2024,Yes,x\n"))
    assert batch.rows["visits"] == 1
    assert batch.presence.columns["visits"] == {"audit_id", "visit_date", "child_seen", "purpose"}


def test_a_header_alone_is_a_table(tmp_path: Path) -> None:
    """A table without rows is there, with the columns that it names."""
    batch = read(folder(tmp_path, visits="audit_id,visit_date\n"))
    assert batch.rows["visits"] == 0
    assert batch.presence.columns["visits"] == {"audit_id", "visit_date"}


def test_unknown_tables_and_columns_are_said_with_the_nearest_name(tmp_path: Path) -> None:
    """What is not read is said, and puts nothing aside."""
    path = folder(tmp_path, visitz=VISITS, visits="audit_id,visit_dat\nA1,x\n")
    (path / "notes.md").write_text("words")
    batch = read(path)
    assert said(batch, path) == [
        "notes.md: B106 `notes.md` is no part of the batch and was not read",
        (
            "visits.csv:1:2: B102 `visit_dat` is no field of `visits` and was not read\n"
            "  help: did you mean `visit_date`?"
        ),
        "visitz.csv: B101 `visitz` is no table and was not read\n  help: did you mean `visits`?",
    ]
    assert all(problem.warning for problem in batch.problems)
    assert not batch.rejected


def test_a_table_without_a_header(tmp_path: Path) -> None:
    """A file in which no row names columns is no table."""
    path = folder(tmp_path, core_groups="one,two\nthree,four\n")
    batch = read(path)
    assert said(batch, path) == [
        (
            "core_groups.csv: B102 no column of `core_groups` was found, and nothing was read\n"
            "  help: the first row names the columns: audit_id, kind, due_date, held_date, "
            "participation, recorded_date"
        )
    ]
    assert "core_groups" not in batch.presence.columns


def test_a_column_that_stands_twice(tmp_path: Path) -> None:
    """Two columns with one name are read together; a row in which they differ is put aside."""
    text = "audit_id,purpose,Purpose\nA1,x,\nA1,,y\nA1,z,z\nA1,x,y\n"
    path = folder(tmp_path, visits=text)
    batch = read(path)
    assert sorted(row[1] for row in rows(batch, "visits")) == ["x", "y", "z"]
    assert said(batch, path) == [
        "visits.csv:5:2: B205 `purpose` stands in columns B and C and the two differ"
    ]


def test_rows_of_blanks_are_no_rows(tmp_path: Path) -> None:
    """A row in which nothing is said is passed over."""
    batch = read(folder(tmp_path, visits=VISITS + ",,,\n , , ,\n-,-,-,-\nA1,,,\n"))
    assert batch.rows["visits"] == 1
    assert not batch.rejected


def test_a_table_without_audit_id(tmp_path: Path) -> None:
    """It is said once, with the column that may be meant, and the table is put aside whole."""
    path = folder(tmp_path, visits="\nvisit_date,AuditRef\n2024-03-01,A1\n2024-03-02,A1\n")
    batch = read(path)
    assert said(batch, path) == [
        (
            "visits.csv:2: B301 `visits` has no column `audit_id`, and none of its rows was read\n"
            "  help: is it `AuditRef`? call the column of the audit's number `audit_id`"
        )
    ]
    assert [(row.place, row.table) for row in batch.rejected] == [("2", "visits")]
    assert batch.presence.put_aside == {"visits"}
    assert "visits" not in batch.presence.columns


def test_audits_without_audit_id(tmp_path: Path) -> None:
    """The way out is to be true: the table is there, and the column is not."""
    with pytest.raises(Stop) as stopped:
        read(folder(tmp_path, audits="number,team\n1,Oak\n2,Elm\n"))
    assert [(problem.code, problem.help) for problem in stopped.value.problems] == [
        ("B301", "call the column of the audit's number `audit_id`"),
        ("B004", "put right what is said above of `audits`"),
    ]


def test_names_in_capitals_without_marks(tmp_path: Path) -> None:
    """Tables and columns may be named as programs name them, by capitals alone."""
    path = folder(tmp_path, PlanActions="AuditID,DueDate\nA1,2024-03-01\n")
    (path / "audits.csv").rename(path / "x")
    (path / "x").rename(path / "Audits.csv")
    (path / "Audits.csv").write_text("auditId,PeriodStart\nA1,2024-01-01\n", "utf-8")
    batch = read(path)
    assert rows(batch, "audits") == [("A1", date(2024, 1, 1))]
    assert rows(batch, "plan_actions") == [("A1", date(2024, 3, 1))]
    assert not batch.problems


def test_audits_without_a_number_are_no_batch(tmp_path: Path) -> None:
    """A batch in which no audit can be read ends the run, with every reason."""
    with pytest.raises(Stop) as stopped:
        read(folder(tmp_path, audits="audit_id,team\n,Oak\n"))
    assert [problem.code for problem in stopped.value.problems] == ["B301", "B004"]


def test_a_table_in_two_files(tmp_path: Path) -> None:
    """Both are read, however large each is."""
    path = folder(tmp_path, visits="audit_id,purpose\nA1,x\nA1,y\n")
    (path / "Visits.tsv").write_text("audit_id\tpurpose\nA1\tz\n", encoding="utf-8")
    (path / "visits.txt").write_text("audit_id;purpose\nA1;w\n", encoding="utf-8")
    assert read(path).rows["visits"] == 4
