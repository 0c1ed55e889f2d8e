"""A batch scored on Spark has the results of the same batch scored here, row for row."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from engine.pipeline import Scoring, score_in_parts
from engine.pipeline.spark import SparkScored, score_spark
from engine.records.read import read_batch
from engine.reports.view import View
from tests.rules.rulebooks import shipped
from tests.unit.synthetic_batches import made_once

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

AS_OF = date(2026, 6, 30)
AUDITS = 300


def tables_of(spark: "SparkSession", folder: Path) -> "Mapping[str, DataFrame]":
    """Return the tables of a folder of Parquet files."""
    return {path.stem: spark.read.parquet(str(path)) for path in sorted(folder.glob("*.parquet"))}


def local(folder: Path, out: Path) -> View:
    """Score a folder here, and write the results."""
    book = shipped()
    with read_batch(folder, book.fields, book.allowed) as batch:
        return score_in_parts(Scoring(book, batch, AS_OF, plain=True), out)


def rows_of(folder: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of moderated results."""
    found = duckdb.execute(f"FROM read_parquet('{folder}/moderated/*.parquet') ORDER BY audit_id")
    return [column[0] for column in found.description or ()], found.fetchall()


@pytest.fixture(name="folder", scope="module")
def made() -> Path:
    return made_once(AUDITS, 7, "parquet")


@pytest.fixture(name="scored", scope="module")
def scored_there(spark: "SparkSession", folder: Path) -> Iterator[SparkScored]:
    with score_spark(spark, shipped(), tables_of(spark, folder), as_of=AS_OF, plain=True) as run:
        yield run


def test_spark_gives_the_results_of_this_machine(
    scored: SparkScored, folder: Path, tmp_path: Path
) -> None:
    """All 105 standards, caps, grades, rules and counts of every audit are equal."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    view = local(folder, here)
    scored.write(there)
    columns, expected = rows_of(here)
    found_columns, found = rows_of(there)
    assert found_columns == columns
    assert len(found) == AUDITS
    wrong = [
        (row[0], column, mine, theirs)
        for row, other in zip(expected, found, strict=True)
        for column, mine, theirs in zip(columns, row, other, strict=True)
        if mine != theirs
    ]
    assert wrong == []
    assert scored.summary == view.summary
