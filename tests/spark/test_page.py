"""The page on scoring on Apache Spark: its commands can be typed, its notebook is run."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.docs.pages import commands, options
from tests.docs.test_docs import ROOT, command_of, typed
from tests.unit.synthetic_batches import made_once

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PAGE = (ROOT / "docs" / "how-to" / "score-on-spark.md").read_text("utf-8")
DATABASE, RESULTS = "audits_2026", "/shared/results"


@pytest.mark.parametrize("words", typed(PAGE), ids=" ".join)
def test_a_command_of_the_page_can_be_typed(words: list[str]) -> None:
    name = command_of(words)
    assert name == "audit score"
    known = options(commands()[name])
    assert [word for word in words if word.startswith("--") and word not in known] == []


def test_the_notebook_of_the_page_runs(
    spark: "SparkSession",
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its code gives the grades of a batch whose tables stand in a catalogue, and writes them."""
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    spark.sql(f"CREATE DATABASE {DATABASE}")
    batch = made_once(20, 7, "parquet")
    for name in ("audits", "plans", "visits"):
        spark.read.parquet(str(batch / f"{name}.parquet")).write.saveAsTable(f"{DATABASE}.{name}")
    out = tmp_path / "results"
    code = block.replace(RESULTS, str(out)).replace('"rules"', f'"{ROOT / "rules"}"')
    names: dict[str, Any] = {"spark": spark}
    try:
        exec(code, names)  # noqa: S102 - the page's own
    finally:
        spark.sql(f"DROP DATABASE {DATABASE} CASCADE")
    assert sum(names["scored"].summary.grades_after.values()) == 20
    assert "moderated_grade" in capsys.readouterr().out
    assert [path.name for path in out.iterdir()] == ["moderated"]
