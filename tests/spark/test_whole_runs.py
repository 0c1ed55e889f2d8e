"""A batch scored on Spark has the results of the same batch scored here, row for row.

All standards take Spark minutes to plan; they are compared where AUDIT_SPARK_WHOLE is set.
"""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.pipeline import Scoring, score_in_parts
from engine.pipeline.spark_batch import score_on_spark
from engine.records.read import read_batch
from engine.reports.view import View
from engine.rulebook.book import Rulebook
from tests.rules.rulebooks import shipped
from tests.spark.needed import AUDITS, only, rows_of
from tests.unit.synthetic_batches import made_once

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

AS_OF = date(2026, 6, 30)
WHOLE = bool(os.environ.get("AUDIT_SPARK_WHOLE"))
STANDARDS = 12


@pytest.fixture(name="book", scope="module")
def scored_by() -> Rulebook:
    """Return the shipped rulebook, or some of it: of every kind of measure at least one."""
    book = shipped()
    if WHOLE:
        return book
    first = {standard.measure.kind: standard for standard in reversed(book.live)}
    others = [standard for standard in book.live if standard not in first.values()]
    some = [*first.values(), *others[:: len(others) // (STANDARDS - len(first))]]
    return only(book, [standard.id for standard in some[:STANDARDS]])


def local(book: Rulebook, folder: Path, out: Path) -> View:
    """Score a folder here, and write the results."""
    with read_batch(folder, book.fields, book.allowed) as batch:
        return score_in_parts(Scoring(book, batch, AS_OF, plain=True), out)


@pytest.fixture(name="folder", scope="module")
def made() -> Path:
    return made_once(AUDITS, 7, "parquet")


def there(spark: "SparkSession", book: Rulebook, folder: Path, out: Path) -> View:
    """Score a folder on Spark, and write the results."""
    with read_batch(folder, book.fields, book.allowed) as batch:
        scoring = Scoring(book, batch, AS_OF, plain=True)
        return score_on_spark(spark, scoring, out, out.parent / "scratch")


def test_spark_gives_the_results_of_this_machine(
    spark: "SparkSession", book: Rulebook, folder: Path, tmp_path: Path
) -> None:
    """Findings, caps, grades, rules and counts of every audit are equal."""
    mine, other = tmp_path / "here", tmp_path / "there"
    mine.mkdir()
    other.mkdir()
    view = local(book, folder, mine)
    found_view = there(spark, book, folder, other)
    columns, expected = rows_of(mine)
    found_columns, found = rows_of(other)
    assert found_columns == columns
    assert len(found) == AUDITS
    wrong = [
        (row[0], column, one, two)
        for row, other_row in zip(expected, found, strict=True)
        for column, one, two in zip(columns, row, other_row, strict=True)
        if one != two
    ]
    assert wrong == []
    assert found_view.summary == view.summary
