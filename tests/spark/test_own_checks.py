"""What `score_spark` checks itself is put aside as it is from files, and the rest is scored alike."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from engine.pipeline import Scoring, score_in_parts, score_spark
from engine.records.batch import Rejected
from engine.records.read import read_batch
from engine.rulebook.book import Rulebook
from tests.rules.rulebooks import shipped
from tests.spark.needed import only
from tests.unit.synthetic_batches import made_once

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

AS_OF = date(2026, 6, 30)
STANDARDS = ("CP-05", "PL-01")
# what is wrong in each table: rows that come in the place of its own, or beside them
WRONG = {
    "audits": "FROM own UNION ALL (FROM first) UNION ALL "
    "(SELECT * REPLACE ('another' AS team) FROM own ORDER BY audit_id DESC LIMIT 1)",
    "visits": "SELECT * REPLACE (CASE WHEN n = 9 THEN '31/02/2025' WHEN n = 11 THEN '2031-01-01' "
    "ELSE visit_date::VARCHAR END AS visit_date, CASE WHEN n = 7 THEN 'nobody' ELSE audit_id END "
    "AS audit_id) FROM own",
    "answers": "SELECT * REPLACE (CASE n WHEN 5 THEN 'perhaps' ELSE answer END AS answer) FROM own",
    "domain_grades": "FROM own UNION ALL (FROM first)",
    "plans": "FROM own",
}


@pytest.fixture(name="folder", scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a batch with doubled, orphaned, unreadable and impossible rows."""
    folder, made = tmp_path_factory.mktemp("spoilt"), made_once(30, 7, "parquet")
    for table, query in WRONG.items():
        own = f"SELECT *, row_number() OVER () AS n FROM '{made}/{table}.parquet'"
        steps = f"WITH own AS ({own}), first AS (FROM own WHERE n = 1) "
        wrong = f"SELECT * EXCLUDE (n) FROM ({query})"
        duckdb.execute(f"COPY ({steps}{wrong}) TO '{folder}/{table}.parquet'")
    return folder


@pytest.fixture(name="book", scope="module")
def of_few() -> Rulebook:
    """Return the shipped rulebook in which only a few standards are live."""
    return only(shipped(), STANDARDS)


def aside(rejected: Iterable[Rejected]) -> Counter[tuple[str, str, str]]:
    return Counter((one.table, one.audit_id, one.code) for one in rejected)


def test_what_is_put_aside_and_what_is_scored_are_those_of_files(
    spark: "SparkSession", book: Rulebook, folder: Path, tmp_path: Path
) -> None:
    """Rows are refused for the same reasons, and every audit that is left has the same results."""
    with read_batch(folder, book.fields, book.allowed) as batch:
        view = score_in_parts(Scoring(book, batch, AS_OF, plain=True), tmp_path)
        expected = aside(batch.rejected)
    query = f"FROM '{tmp_path}/moderated/*.parquet' ORDER BY audit_id"
    here = duckdb.execute(query).fetchall()
    tables = {name: spark.read.parquet(f"{folder}/{name}.parquet") for name in WRONG}
    with score_spark(spark, book, tables, as_of=AS_OF, plain=True) as scored:
        found = sorted(tuple(row) for row in scored.results.collect())
        assert aside(scored.rejected) == expected
        assert found == here
        assert scored.summary == view.summary
    assert len({code for _, _, code in expected}) > 2
