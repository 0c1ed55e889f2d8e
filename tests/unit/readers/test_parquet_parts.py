"""Tables in parts: a part that is damaged, missing or of another kind is told with its place."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from engine.errors import Stop
from tests.unit.readers.given import read, said

USUAL = "'A' || i AS audit_id, DATE '2025-03-03' AS visit_date, 'x' AS purpose"
AGAIN = "write it again, or give the tables as CSV"
SAME = "write the parts with the same type"

Harm = Callable[[Path], object]


def made(path: Path) -> Path:
    """Write a batch of six audits whose visits are in three parts; return the second of them."""
    written(path / "audits.parquet", "'A' || i AS audit_id", 1, 7)
    for number in (1, 2, 3):
        written(path / "visits" / f"part-{number}.parquet", USUAL, 2 * number - 1, 2 * number + 1)
    return path / "visits" / "part-2.parquet"


def written(file: Path, columns: str, first: int = 3, end: int = 5) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = f"SELECT {columns} FROM range({first}, {end}) t(i)"
    duckdb.execute(f"COPY ({rows}) TO '{file}' (FORMAT parquet)")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def spoilt(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[10:60] = b"\xff" * 50
    file.write_bytes(content)


def without_footer(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-8:] = b"\0" * 8
    file.write_bytes(content)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def of_text(file: Path) -> None:
    file.write_bytes(b"audit_id\nA3\n")


@pytest.mark.parametrize("harm", [cut, spoilt, without_footer, emptied, of_text])
def test_a_damaged_part_ends_the_run_and_is_named(tmp_path: Path, harm: Harm) -> None:
    """A part cut short, spoilt, without a footer, without bytes or of text is not left out."""
    part = made(tmp_path)
    harm(part)
    with pytest.raises(Stop) as stopped:
        read(tmp_path)
    name = part.as_posix()
    message = f"{name}: B009 `{name}` is damaged and cannot be read as Parquet\n  help: {AGAIN}"
    assert (stopped.value.exit_code, str(stopped.value)) == (2, message)


def test_audits_without_bytes_are_a_damaged_file(tmp_path: Path) -> None:
    """An empty file of audits is told as damaged, not as a table of text without columns."""
    made(tmp_path)
    (tmp_path / "audits.parquet").write_bytes(b"")
    with pytest.raises(Stop, match=r"audits\.parquet` is damaged and cannot be read as Parquet"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            f"{USUAL}, TRUE AS child_seen",
            "visits/part-1.parquet: B603 `child_seen` is no column of this part, and is one of "
            "`visits/part-2.parquet`\n  help: its rows are read as blank there; write the part "
            "again if it has the column",
        ),
        (
            "'A' || i AS audit_id, DATE '2025-03-03' AS visit_date",
            "visits/part-2.parquet: B603 `purpose` is no column of this part, and is one of "
            "`visits/part-1.parquet`\n  help: its rows are read as blank there; write the part "
            "again if it has the column",
        ),
        (
            "'A' || i AS audit_id, '2025-03-03' AS visit_date, 'x' AS purpose",
            "visits/part-2.parquet: B604 `visit_date` is text here and a day in "
            f"`visits/part-1.parquet`\n  help: both were read; {SAME} to be sure",
        ),
    ],
)
def test_parts_that_differ_are_read_and_told(tmp_path: Path, columns: str, expected: str) -> None:
    """A column more, one less or another type that can be read: every row is kept, and said so."""
    written(made(tmp_path), columns)
    batch = read(tmp_path)
    assert (batch.rows["visits"], batch.rejected) == (6, ())
    assert said(batch, tmp_path) == [expected]


@pytest.mark.parametrize(
    ("value", "kind"), [("17", "a number"), ("{'a': 1}", "`STRUCT(a INTEGER)`")]
)
def test_types_that_cannot_be_read_together_end_the_run(
    tmp_path: Path, value: str, kind: str
) -> None:
    """Where a column cannot hold both types, the run ends and names the part, the column, both."""
    part = made(tmp_path)
    written(part, f"'A' || i AS audit_id, {value} AS visit_date, 'x' AS purpose")
    with pytest.raises(Stop) as stopped:
        read(tmp_path)
    other = part.with_name("part-1.parquet").as_posix()
    message = f"B604 `visit_date` is {kind} here and a day in `{other}`"
    way_out = f"{SAME}, or give the tables as CSV"
    assert str(stopped.value) == f"{part.as_posix()}: {message}\n  help: {way_out}"


def test_a_moment_is_refused_alike_in_every_part_where_one_has_a_zone(tmp_path: Path) -> None:
    """The rows of the part without a zone are moments with a zone too, as all are read as one."""
    part = made(tmp_path)
    moment = "'A' || i AS audit_id, TIMESTAMP{} '2025-03-03 10:00:00' AS visit_date, 'x' AS purpose"
    for number, zone in ((1, ""), (2, "TZ"), (3, "")):
        file = part.with_name(f"part-{number}.parquet")
        written(file, moment.format(zone), 2 * number - 1, 2 * number + 1)
    batch = read(tmp_path)
    assert batch.rows["visits"] == 0
    assert [one.code for one in batch.rejected] == ["B302"] * 6


def test_a_folder_named_as_databases_part_tables_changes_no_row(tmp_path: Path) -> None:
    """The batch may stand in a folder such as `purpose=north`, which says nothing of its rows."""
    folder = tmp_path / "purpose=north"
    made(folder)
    batch = read(folder)
    assert batch.problems == ()
    rows = batch.con.execute("SELECT DISTINCT purpose FROM typed.visits").fetchall()
    assert rows == [("x",)]


def test_a_part_that_is_missing_between_others_is_told(tmp_path: Path) -> None:
    """Parts 1 and 3 without a second are read, with a warning; days and moments in names are no numbers."""
    made(tmp_path).unlink()
    way_out = "look whether it was left behind: what it holds counts as not recorded"
    assert said(read(tmp_path), tmp_path) == [
        f"visits: B605 of the parts 1 to 3 there is no 2\n  help: {way_out}"
    ]
    third = tmp_path / "visits" / "part-3.parquet"
    for moment in ("20250303", "20250303170509123456"):
        third = third.rename(third.with_name(f"part-{moment}.parquet"))
        assert said(read(tmp_path), tmp_path) == []


def test_what_is_no_parquet_beside_parts_is_told(tmp_path: Path) -> None:
    """A CSV file among the parts of a table is not read, and the run says so."""
    made(tmp_path)
    (tmp_path / "visits" / "part-4.csv").write_text("audit_id\nA1\n", "utf-8")
    assert said(read(tmp_path), tmp_path) == [
        "visits/part-4.csv: B106 `part-4.csv` is no part of the batch and was not read"
    ]
