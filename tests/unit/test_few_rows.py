"""What Python makes of few rows is what the database would: no result hangs on who looked."""

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from engine.errors import Stop
from engine.pipeline import Scoring, score
from engine.records import parquet_rows, read_batch, settle
from engine.records.batch import Batch
from engine.records.found import Found
from engine.records.quality import examine
from engine.records.sheets import titles_of
from engine.synthetic import Order, synthesise
from tests.unit.synthetic_batches import ROOT, rulebook

AS_OF = date(2026, 1, 31)
ODD = (
    *("", "n/a", "31/02/2024", "2031-05-05", "1990-01-01", "9990000018", "maybe", "No", "x;y"),
    *("ring 07700 900123, born 12/03/2015", "a@b.example", "seen \x0b on \x1e 12/03/2015", "12.0"),
    *("the same long text of several children, word for word", "2025-06-01 10:30:00.5", "Good"),
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twelve synthetic audits as CSV files."""
    place = tmp_path_factory.mktemp("made") / "batch"
    book = rulebook()
    synthesise(Order(12, place, seed=5, format="csv"), book.fields, book.calendar)
    return place


def spoilt(sound: Path, place: Path, seed: int, share: float) -> Path:
    """Write a batch again with odd cells, rows that stand twice, and rows of no audit."""
    random = Random(seed)
    shutil.copytree(sound, place)
    for path in place.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            titles, *rows = csv.reader(file)
        cells = [
            [random.choice(ODD) if random.random() < share else cell for cell in row]
            for row in rows
            for _ in range(2 if random.random() < share else 1)
        ]
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([titles, *cells])
    return place


def told(path: Path) -> Mapping[str, Any]:
    """Return all that is told of a batch, and whether its rows were held."""
    book = rulebook()
    with read_batch(path, book.fields, book.allowed) as batch:
        view = score(Scoring(book, batch, AS_OF, plain=True))
        return {
            "hash": batch.input_hash,
            "problems": batch.problems,
            "rejected": batch.rejected,
            "noted": batch.noted,
            "rows": batch.rows,
            "values": {table: values_of(batch, table) for table in batch.rows},
            "quality": examine(batch, book.fields, book.outages, AS_OF),
            "view": replace(view, header=replace(view.header, input="")),
        }


def values_of(batch: Batch, table: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table with their numbers, as they are held or as the database says."""
    held = batch.held(table)
    if held is not None:
        return list(zip(held.rowids, *(held[name] for name in held.names), strict=True))
    shown = ", ".join(f'"{name}"' for name in batch.tables[table].columns)
    return batch.con.execute(
        f"SELECT rowid, {shown} FROM {batch.numbered(table)} ORDER BY rowid"
    ).fetchall()


@pytest.mark.parametrize(("seed", "share"), [(1, 0.0), (2, 0.002), (3, 0.02), (4, 0.1)])
def test_rows_that_are_held_tell_what_the_database_tells(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, share: float
) -> None:
    """Values, hash, problems, personal data, quality and findings are the same."""
    place = spoilt(sound, tmp_path / "batch", seed, share)
    held = told(place)
    monkeypatch.setattr(settle, "MOST_HELD", -1)
    assert told(place) == held


def unnumbered(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is told without the numbers of rows, which each typer gives in its own way."""
    values = found["values"].items()
    return {**found, "values": {table: [row[1:] for row in rows] for table, rows in values}}


def as_parquet(folder: Path, place: Path) -> Path:
    """Write CSV files as Parquet files of texts, where a blank is none."""
    place.mkdir()
    con = duckdb.connect()
    for path in folder.glob("*.csv"):
        con.execute(
            f"COPY (FROM read_csv('{path}', all_varchar = true, header = true, delim = ',')) "
            f"TO '{place / path.stem}.parquet' (FORMAT parquet)"
        )
    return place


@pytest.mark.parametrize(("seed", "share"), [(5, 0.0), (6, 0.02)])
def test_small_parquet_files_are_read_as_large_ones(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, share: float
) -> None:
    """It does not matter whether Python or the database types the cells of a file."""
    place = as_parquet(spoilt(sound, tmp_path / "batch", seed, share), tmp_path / "parquet")
    few = told(place)
    monkeypatch.setattr(parquet_rows, "SMALL", 0)
    assert unnumbered(told(place)) == unnumbered(few)


@pytest.mark.parametrize(
    "cells",
    [
        "DATE 'infinity' AS visit_date",
        "DATE '-infinity' AS visit_date",
        "DATE '-infinity' AS purpose",
        "TIMESTAMP '-infinity' AS visit_date",
        "DATE '99999-01-01' AS visit_date",
        "DATE '0044-01-01 (BC)' AS visit_date",
        "TIMESTAMP '2025-03-04 10:11:12.5' AS visit_date",
        "TIMESTAMPTZ '2025-03-04 10:11:12+00' AS visit_date",
        "45000 AS visit_date",
        "12.5 AS purpose",
        "'date of b\u0131rth 12/03/2015' AS purpose",
        "'DATE OF B\u0130RTH 12/03/2015' AS purpose",
        "'' AS purpose",
        "'\\x00'::BLOB AS purpose",
        "{'a': 1} AS purpose",
        "['a', NULL] AS purpose",
        "170141183460469231731687303715884105727::HUGEINT AS purpose",
        "DATE '2025-03-04' AS visit_date, INTERVAL 1 DAY AS nobody_knows",
        "true AS child_seen",
    ],
)
def test_odd_cells_of_parquet_are_told_as_of_large_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: str
) -> None:
    """What has no like in Python is left to the database, whatever the size of the file."""
    con = duckdb.connect()
    con.execute(f"COPY (SELECT 'A1' AS audit_id) TO '{tmp_path}/audits.parquet'")
    con.execute(f"COPY (SELECT 'A1' AS audit_id, {cells}) TO '{tmp_path}/visits.parquet'")
    few = told(tmp_path)
    monkeypatch.setattr(parquet_rows, "SMALL", 0)
    assert unnumbered(told(tmp_path)) == unnumbered(few)


def test_few_bytes_that_unpack_to_many_are_left_to_the_database(tmp_path: Path) -> None:
    """A text that stands once in the file and in all rows would stand in memory as often."""
    con, book = duckdb.connect(), rulebook()
    con.execute(f"COPY (SELECT 'A1' AS audit_id) TO '{tmp_path}/audits.parquet'")
    rows = "SELECT 'A1' AS audit_id, repeat('word ', 30000) AS unknown FROM range(1900)"
    con.execute(f"COPY ({rows}) TO '{tmp_path}/visits.parquet' (COMPRESSION zstd)")
    assert (tmp_path / "visits.parquet").stat().st_size < 5_000
    with read_batch(tmp_path, book.fields, book.allowed, memory=256 << 20) as batch:
        assert (batch.rows["visits"], batch.held("visits")) == (1_900, None)


def test_what_cannot_be_read_at_once_is_no_small_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong with it is told by those who read it in place."""
    path = tmp_path / "audits.parquet"
    duckdb.execute(f"COPY (SELECT 'A1' AS audit_id) TO '{path}'")
    con, found = duckdb.connect(), Found(path, path.name)
    assert parquet_rows.are_small(con, [found])
    assert parquet_rows.few_rows(con, [found]) is not None
    monkeypatch.setattr(parquet_rows, "UNPACKED", 0)
    assert not parquet_rows.are_small(con, [found])
    monkeypatch.undo()
    path.write_bytes(b"PAR1 and nothing more PAR1")
    assert not parquet_rows.are_small(con, [found])
    assert parquet_rows.few_rows(con, [found]) is None


def test_a_folder_that_leads_back_to_itself(tmp_path: Path) -> None:
    """A link is no table; where all that stands in a folder is measured, the run says so."""
    book, place = rulebook(), tmp_path / "batch"
    place.mkdir()
    (place / "again").symlink_to(place)
    duckdb.execute(f"COPY (SELECT 'A1' AS audit_id) TO '{place}/audits.parquet'")
    with read_batch(place, book.fields, book.allowed) as batch:
        assert batch.rows == {"audits": 1}
    (place / "audits.parquet").unlink()
    (place / "audits.csv").write_text("audit_id\nA1\n")
    with pytest.raises(Stop, match="cannot be read"):
        read_batch(place, book.fields, book.allowed)


def test_rows_beyond_the_limit_are_not_held(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python looks at few rows only, so that memory and time stay bounded."""
    book = rulebook()
    monkeypatch.setattr(settle, "MOST_HELD", 100)
    with read_batch(sound, book.fields, book.allowed) as batch:
        assert {batch.held(table) for table in batch.rows} == {None}


def test_a_file_that_is_no_workbook_has_no_titles(tmp_path: Path) -> None:
    """It is left to those who open it to say what is wrong."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    assert titles_of(Found(path, path.name)) == ()


def test_scoring_a_workbook_imports_nothing_that_it_does_not_need() -> None:
    """Numpy, SciPy and the readers of returns take longer to import than ten audits to score."""
    code = (
        "import json, sys\n"
        "from engine.cli.score import *\n"
        "from engine.pipeline import score\n"
        "from engine.records import read_batch\n"
        "from engine.rulebook.load import load_to_score\n"
        "book, _ = load_to_score(Path('rules'))\n"
        "read_batch('audits/examples.xlsx', book.fields, book.allowed).close()\n"
        "print(json.dumps([*sys.modules]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    readers = {f"engine.records.readers.{name}" for name in ("ssd", "ssda903", "cin_census")}
    assert {"numpy", "scipy", *readers} & {*json.loads(done.stdout)} == set()
