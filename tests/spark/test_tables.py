"""Tables that stand in Spark are typed as files are, whatever the session and the tables are like."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine.records.dictionary import Dictionary
from engine.records.on_spark import OnSpark
from engine.records.spark_tables import SparkReading
from engine.records.store import Scratch
from tests.rules.rulebooks import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

# what a user may have set, and each of them means something else by the same statement
ODD = {
    "spark.sql.parser.escapedStringLiterals": "true",
    "spark.sql.groupByOrdinal": "false",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "Pacific/Apia",
}
TABLES = {
    "audits": "SELECT * FROM VALUES (10000000D, ' a b '), (17D, 'x'), (1.5D, 'y') "
    "AS t(`Audit ID`, team)",
    # two columns of one name, and another that Spark takes for the same
    "visits": "SELECT 10000000L AS audit_id, array(DATE '2024-01-01') AS visit_date, "
    "DATE '2024-01-02' AS visit_date, DATE '2024-01-03' AS VISIT_DATE UNION ALL "
    "SELECT 17L, array(DATE '2024-01-04'), NULL, NULL",
    "missing_episodes": "SELECT '1.5' AS audit_id, TIMESTAMP_NTZ '2024-03-31 01:30:00' AS missing_at "
    "UNION ALL SELECT '17', NULL",
}
TYPED = {
    "audits": [("1.5", "y"), ("10000000", "a b"), ("17", "x")],
    "visits": [("10000000", "2024-01-01"), ("17", "2024-01-04")],
    "missing_episodes": [("1.5", "2024-03-31 01:30:00"), ("17", None)],
}


@pytest.fixture
def odd(spark: "SparkSession") -> "Iterator[SparkSession]":
    """Return the session as a user may have set it."""
    own = {name: spark.conf.get(name) for name in ODD}
    for name, value in ODD.items():
        spark.conf.set(name, value)
    yield spark
    for name, value in own.items():
        spark.conf.set(name, value)


def test_tables_are_typed_as_files_are_in_an_odd_session(odd: "SparkSession") -> None:
    """Numbers as ids, days in lists, columns of one name: none is misread, and none ends the run."""
    book, scratch, on = shipped(), Scratch(), OnSpark(odd)
    frames = {table: odd.sql(query) for table, query in TABLES.items()}
    try:
        with on:
            reading = SparkReading(on, Dictionary.of(book.fields, book.allowed), scratch)
            presence = reading.read(frames)
            found = {
                table: typed(on, table, columns) for table, columns in presence.columns.items()
            }
    finally:
        scratch.close()
        on.close()
    assert found == TYPED
    assert reading.put_aside.rejected() == ()
    assert [str(problem) for problem in reading.problems] == [
        "visits: B102 `VISIT_DATE` stands twice in `visits` and was not read",
        "visits: B102 `visit_date` stands twice in `visits` and was not read",
    ]
    assert {name: odd.conf.get(name) for name in ODD} == ODD


def typed(on: OnSpark, table: str, columns: frozenset[str]) -> list[Any]:
    listed = ", ".join(f"CAST({column} AS STRING)" for column in sorted(columns))
    return sorted(on.rows(f"SELECT {listed} FROM {on.name(f'typed_{table}')}"), key=repr)


@pytest.mark.parametrize("kept_in_a_folder", [False, True])
def test_a_run_gives_back_what_it_kept(
    spark: "SparkSession",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    kept_in_a_folder: bool,
) -> None:
    """Neither workers nor a folder hold rows of a batch once a notebook has closed the results."""
    context: Any = spark.sparkContext
    context.setCheckpointDir(str(tmp_path))
    monkeypatch.setattr(OnSpark, "_has_folder", lambda _: kept_in_a_folder)
    on = OnSpark(spark)

    def held() -> int:
        return int(context._jsc.getPersistentRDDs().size())  # noqa: SLF001 - no public way

    before = held()
    on.make("few", "SELECT 1 AS a", keep=True)
    assert held() == before + (not kept_in_a_folder)
    assert any(tmp_path.rglob("part-*")) == kept_in_a_folder
    on.close()
    assert held() == before
    assert not any(tmp_path.rglob("part-*"))
