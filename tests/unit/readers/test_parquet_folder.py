"""Folders of Parquet files: types of their own, parts, and rows that are put aside."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from engine.errors import Stop
from engine.records import parquet_rows
from tests.unit.readers.given import content, folder, read, rows, said

BLANK = "its rows are read as blank there; write the part again if it has the column"
VISIT = {"audit_id": "'A1'", "visit_date": "DATE '2024-03-01'", "child_seen": "true"}


def parquet(path: Path, **tables: str) -> Path:
    """Write a folder of Parquet files from queries; `audits` is there unless it is given."""
    path.mkdir(exist_ok=True, parents=True)
    con = duckdb.connect()
    for name, query in {"audits": "SELECT 'A1' AS audit_id", **tables}.items():
        (path / name).parent.mkdir(exist_ok=True)
        con.execute(f"COPY ({query}) TO '{path / name}.parquet' (FORMAT parquet)")
    return path


def row(**cells: str) -> str:
    """Return a query of one visit."""
    return "SELECT " + ", ".join(f"{cell} AS {name}" for name, cell in (VISIT | cells).items())


def views(path: Path) -> set[str]:
    """Return the tables that are read in place."""
    batch = read(path)
    found = batch.con.sql("SELECT view_name FROM duckdb_views() WHERE schema_name = 'typed'")
    tables = batch.con.sql(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'typed_rows'"
    )
    return {name for (name,) in found.fetchall()} - {name for (name,) in tables.fetchall()}


def test_moments_are_read_as_their_days(tmp_path: Path) -> None:
    """A column of moments gives the days where days are asked for."""
    moment = "TIMESTAMP '2024-03-01 22:30:00' + to_hours(i) AS visit_date"
    path = parquet(tmp_path, visits=f"SELECT 'A1' AS audit_id, {moment} FROM range(2) t(i)")
    batch = read(path)
    assert rows(batch, "visits") == [("A1", date(2024, 3, 1)), ("A1", date(2024, 3, 1))]
    assert not batch.problems


def test_files_in_plain_form_are_read_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is copied where nothing needs typing, but for tables of few rows."""
    monkeypatch.setattr(parquet_rows, "SMALL", 0)
    assert views(parquet(tmp_path, visits=row())) == {"audits", "visits"}


@pytest.mark.parametrize(
    "cells",
    [
        {"audit_id": "'A1 '"},
        {"purpose": "' x'"},
        {"purpose": "'n/a'"},
        {"purpose": "''"},
        {"kind": "'Child in need'"},
        {"kind": "'child-in-care'"},
        {"child_seen": "'Yes'"},
        {"child_seen": "1"},
        {"visit_date": "TIMESTAMP '2024-03-01 00:00:00'"},
        {"visit_date": "'01/03/2024'"},
        {"visit_date": "NULL"},
    ],
)
def test_other_forms_are_typed_as_text_is(tmp_path: Path, cells: dict[str, str]) -> None:
    """What is not in plain form is read by the same language as in every format."""
    one = read(parquet(tmp_path / "parquet", visits=row(**cells)))
    con = duckdb.connect()
    text = con.sql(row(**cells))
    written = [
        ",".join(text.columns),
        *(",".join("" if c is None else str(c) for c in r) for r in text.fetchall()),
    ]
    other = read(folder(tmp_path / "csv", visits="\n".join(written) + "\n"))
    assert not one.rejected
    assert content(one) == content(other)
    assert one.input_hash == other.input_hash


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"visit_date": "DATE '1066-10-14'"},
            "B303 `1066-10-14` is not a believable date for `visit_date`",
        ),
        (
            {"visit_date": "'13/25/2024'"},
            "B302 `13/25/2024` in `visit_date` is no day of the calendar",
        ),
        ({"kind": "'social'"}, "B305 `social` is not allowed in `kind`"),
        ({"child_seen": "2"}, "B304 `2` in `child_seen` is neither yes nor no"),
        ({"audit_id": "NULL"}, "B301 `audit_id` is blank and must be filled"),
        ({"audit_id": "'A9'"}, "B403 there is no audit `A9` in the batch"),
        (
            {"purpose": "{'a': 1}", "child_seen": "3"},
            "B304 `3` in `child_seen` is neither yes nor no",
        ),
    ],
)
def test_a_bad_row_is_said_with_its_number(
    tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    """Rows count from 1 within their file."""
    path = parquet(tmp_path, visits=f"{row()} UNION ALL BY NAME {row(**cells)}")
    batch = read(path)
    assert batch.rows["visits"] == 1
    assert said(batch, path)[0].split("\n")[0] == f"visits.parquet:2: {message}"


def test_parts_of_a_table(tmp_path: Path) -> None:
    """A folder stands for a table; a bad row is said in its own part."""
    later = f"{row()} UNION ALL {row(visit_date='NULL')} UNION ALL {row(child_seen='NULL')}"
    path = parquet(
        tmp_path,
        **{"visits/1": row(), "visits/2": row() + ", 'x' AS purpose", "visits/3": later},
        **{"plans/a": "SELECT 'A1' AS audit_id, DATE '2024-03-01' AS start_date, "
           "DATE '2024-02-01' AS end_date"},
    )  # fmt: skip
    batch = read(path)
    assert batch.rows["visits"] == 5
    assert batch.presence.columns["visits"] == {*VISIT, "purpose"}
    assert said(batch, path) == [
        "plans/a.parquet:1: B404 `end_date` 2024-02-01 lies before `start_date` 2024-03-01",
        "visits/1.parquet: B603 `purpose` is no column of this part, and is one of "
        f"`visits/2.parquet`\n  help: {BLANK}",
    ]


def test_rows_at_odds_with_others(tmp_path: Path) -> None:
    """Files that were read in place are copied when a row of them has to go."""
    kinds = "['care', 'pathway', 'care']"
    plans = (
        f"SELECT 'A1' AS audit_id, unnest(['P1', 'P1', 'P2']) AS plan_id, unnest({kinds}) AS kind"
    )
    path = parquet(tmp_path, plans=plans)
    batch = read(path)
    assert rows(batch, "plans") == [("A1", "P2", "care")]
    assert [str(p.location)[-15:] for p in batch.problems] == ["plans.parquet:1", "plans.parquet:2"]


def test_recorded_before_it_happened(tmp_path: Path) -> None:
    """Files that are read in place have their warnings too."""
    path = parquet(tmp_path, visits=f"{row()}, DATE '2024-02-01' AS recorded_date")
    assert said(read(path), path) == [
        "visits.parquet:1: B105 recorded on 2024-02-01, before it happened on 2024-03-01"
    ]


def test_unknown_tables_and_columns(tmp_path: Path) -> None:
    """What is not read is said."""
    path = parquet(tmp_path, visits=f'{row()}, 1 AS visit_dat, 2 AS "Visit date"', visitz=row())
    (path / "visits.csv").write_text("audit_id\nA1\n")
    assert [text.split("\n")[0] for text in said(read(path), path)] == [
        "visits.csv: B106 `visits.csv` is no part of the batch and was not read",
        "visits.parquet: B102 `Visit date` stands twice in `visits` and was not read",
        "visits.parquet: B102 `visit_dat` is no field of `visits` and was not read",
        "visitz.parquet: B101 `visitz` is no table and was not read",
    ]


def test_a_damaged_file_ends_the_run(tmp_path: Path) -> None:
    """A table that cannot be opened is not left out in silence."""
    path = parquet(tmp_path)
    (path / "visits.parquet").write_bytes(b"PAR1 nothing more")
    with pytest.raises(Stop, match="is damaged and cannot be read as Parquet") as stopped:
        read(path)
    assert stopped.value.exit_code == 2


def test_a_table_without_audit_id(tmp_path: Path) -> None:
    """It is said once, and the table is put aside whole."""
    path = parquet(tmp_path, visits="SELECT 'A1' AS AuditNo, 'x' AS purpose FROM range(3)")
    batch = read(path)
    assert said(batch, path) == [
        (
            "visits.parquet: B301 `visits` has no column `audit_id`, and none of its rows was read"
            "\n  help: is it `AuditNo`? call the column of the audit's number `audit_id`"
        )
    ]
    assert len(batch.rejected) == 1
