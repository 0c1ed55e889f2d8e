"""What these tests share: one Spark session, as small as it goes, a book, and spoilt batches.

Without Spark they are skipped.
"""

import shutil
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.spark.cluster import SHORT_LIVED
from tests.spark.needed import skip_without_spark
from tests.unit.synthetic_batches import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

SMALL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1500m",
    "spark.driver.extraJavaOptions": SHORT_LIVED,
    # the plans are many and the rows few
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


# of each sort of measure that is found in its own way one, so that plans are soon made
STANDARDS = ("CP-05", "SU-01", "PL-01")


@pytest.fixture(scope="package")
def spark(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[SparkSession]":
    """Return a session on this machine."""
    skip_without_spark()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]")
    for name, value in SMALL.items():
        builder = builder.config(name, value)
    folder = tmp_path_factory.mktemp("spark")
    builder = builder.config("spark.local.dir", str(folder))
    builder = builder.config("spark.sql.warehouse.dir", str(folder / "warehouse"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own sockets
        session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="package")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped rulebook in which only a few standards are live."""
    folder = tmp_path_factory.mktemp("book") / "rules"
    shutil.copytree(ROOT / "rules", folder)
    for path in folder.glob("*/*.yaml"):
        text = path.read_text("utf-8")
        if not any(f"id: {one}\n" in text for one in STANDARDS):
            path.write_text(text.replace("\nstatus: live", "\nstatus: draft"), "utf-8")
    return folder
