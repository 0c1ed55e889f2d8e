"""A session of Spark Connect, which only sends what it is asked to a server, gives the same.

It needs the extra `connect` of `pyspark` (pandas, Arrow and gRPC, another 200 MB), and is skipped
without; a session of the other kind in the same process is refused by Spark, so it has its own.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import pytest

from engine.pipeline import Scoring, score_in_parts
from engine.records.on_spark import OnSpark
from engine.records.read import read_batch
from engine.rulebook.load import load_rulebook
from tests.spark.needed import AUDITS, rows_of, skip_without_spark
from tests.spark.test_page import AS_OF
from tests.unit.synthetic_batches import ROOT, made_once

NEEDED = ("grpc", "grpc_status", "pandas", "pyarrow", "zstandard")
SCRIPT = """\
import sys
from datetime import date
from pathlib import Path
from pyspark.sql import SparkSession
from engine.pipeline import score_spark
from engine.rulebook.load import load_rulebook

rules, batch, out = map(Path, sys.argv[1:])
made = SparkSession.builder.remote("local[2]").config("spark.sql.shuffle.partitions", "2")
spark = made.config("spark.ui.enabled", "false").getOrCreate()
tables = {path.stem: spark.read.parquet(str(path)) for path in batch.glob("*.parquet")}
book, _ = load_rulebook(rules)
with score_spark(spark, book, tables, as_of=date(2026, 6, 30), plain=True) as scored:
    scored.write(str(out))
spark.stop()
"""


class Remote:
    """A session of Spark Connect, as far as it is asked here: it has no context."""

    def __init__(self, folder: str | None) -> None:
        self.conf = {"spark.checkpoint.dir": folder}


@pytest.mark.parametrize("folder", [None, "/shared/kept"])
def test_such_a_session_says_in_its_settings_whether_it_has_a_folder(folder: str | None) -> None:
    """What is worked out is kept in the folder that the server was given, if it was given one."""
    assert OnSpark(cast("Any", Remote(folder)))._has_folder() == bool(folder)  # noqa: SLF001


def test_a_session_of_spark_connect_gives_the_results_of_this_machine(
    rules: Path, tmp_path: Path
) -> None:
    """Every column of every audit."""
    skip_without_spark()
    lacking = [name for name in NEEDED if find_spec(name) is None]
    if lacking:
        pytest.skip(f"Spark Connect is not installed: there is no {' and no '.join(lacking)}")
    book, problems = load_rulebook(rules)
    assert book, problems
    folder, here, there = made_once(AUDITS, 7, "parquet"), tmp_path / "here", tmp_path / "there"
    here.mkdir()
    with read_batch(folder, book.fields, book.allowed) as batch:
        score_in_parts(Scoring(book, batch, AS_OF, plain=True), here)
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    subprocess.run(
        [sys.executable, "-c", SCRIPT, str(rules), str(folder), str(there)],
        env={**os.environ, "PYTHONPATH": path, "SPARK_CONNECT_MODE_ENABLED": "1"},
        timeout=600,
        check=True,
    )
    assert rows_of(there) == rows_of(here)
