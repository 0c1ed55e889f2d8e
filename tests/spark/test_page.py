"""The page on scoring on Apache Spark: its commands can be typed, and its notebook is run.

The notebook is given a batch that is spoilt in every way which `score_spark` checks itself: what is
put aside is what files give, and so is all that is scored.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from engine.pipeline import Scoring, score_in_parts
from engine.records.batch import Rejected
from engine.records.read import read_batch
from engine.reports.view import View
from engine.rulebook.load import load_rulebook
from tests.docs.pages import commands, options
from tests.docs.test_docs import ROOT, command_of, typed
from tests.spark.needed import AUDITS, rows_of
from tests.unit.synthetic_batches import made_once

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PAGE = (ROOT / "docs" / "how-to" / "score-on-spark.md").read_text("utf-8")
DATABASE, RESULTS = "audits_2026", "/shared/results"
AS_OF = date(2026, 6, 30)
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


@pytest.mark.parametrize("words", typed(PAGE), ids=" ".join)
def test_a_command_of_the_page_can_be_typed(words: list[str]) -> None:
    name = command_of(words)
    assert name == "audit score"
    known = options(commands()[name])
    assert [word for word in words if word.startswith("--") and word not in known] == []


@pytest.fixture(name="folder", scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a batch with doubled, orphaned, unreadable and impossible rows."""
    folder, made = tmp_path_factory.mktemp("spoilt"), made_once(AUDITS, 7, "parquet")
    for table, query in WRONG.items():
        own = f"SELECT *, row_number() OVER () AS n FROM '{made}/{table}.parquet'"
        steps = f"WITH own AS ({own}), first AS (FROM own WHERE n = 1) "
        wrong = f"SELECT * EXCLUDE (n) FROM ({query})"
        duckdb.execute(f"COPY ({steps}{wrong}) TO '{folder}/{table}.parquet'")
    return folder


def aside(rejected: Iterable[Rejected]) -> Counter[tuple[str, str, str]]:
    return Counter((one.table, one.audit_id, one.code) for one in rejected)


def from_files(rules: Path, folder: Path, out: Path) -> tuple[View, Counter[tuple[str, str, str]]]:
    """Score the batch here; return the view, and what was put aside."""
    book, problems = load_rulebook(rules)
    assert book, problems
    out.mkdir()
    with read_batch(folder, book.fields, book.allowed) as batch:
        view = score_in_parts(Scoring(book, batch, AS_OF, plain=True), out)
        return view, aside(batch.rejected)


def test_the_notebook_of_the_page_gives_what_files_give(
    spark: "SparkSession",
    rules: Path,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Rows are refused for the same reasons, and each audit that is left has the same results."""
    view, refused = from_files(rules, folder, tmp_path / "here")
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    spark.sql(f"CREATE DATABASE {DATABASE}")
    for name in WRONG:
        spark.read.parquet(f"{folder}/{name}.parquet").write.saveAsTable(f"{DATABASE}.{name}")
    out = tmp_path / "results"
    code = block.replace(RESULTS, str(out)).replace('"rules"', f'"{rules}"')
    names: dict[str, Any] = {"spark": spark}
    try:
        exec(code, names)  # noqa: S102 - the page's own
    finally:
        spark.sql(f"DROP DATABASE {DATABASE} CASCADE")
    assert set(names["tables"]) == set(WRONG)
    assert aside(names["scored"].rejected) == refused
    assert len({code for _, _, code in refused}) > 2
    assert names["scored"].summary == view.summary
    assert "moderated_grade" in capsys.readouterr().out
    assert [path.name for path in out.iterdir()] == ["moderated"]
    assert rows_of(out) == rows_of(tmp_path / "here")
