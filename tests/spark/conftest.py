"""One Spark session for all of these tests, as small as it goes; without Spark they are skipped."""

import os
import shutil
import warnings
from typing import TYPE_CHECKING

import pytest

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
    # the plans are many and the rows few: what is compiled for speed never pays
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[SparkSession]":
    """Return a session on this machine."""
    if not (os.environ.get("AUDIT_REQUIRE_SPARK") or shutil.which("java")):
        pytest.skip("Spark needs a Java runtime, and none is installed")
    if not os.environ.get("AUDIT_REQUIRE_SPARK"):
        pytest.importorskip(
            "pyspark", reason="Spark is an extra: pip install practice-audit[spark]"
        )
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
