"""Errors of Apache Spark are said in plain words, with what to do."""

from pathlib import Path

import pytest

from engine.cli.spark_faults import FAULTS, told
from engine.errors import Exit, Stop

MASTER = "spark://127.0.0.1:7077"
# as Spark 4.3 says them; the first lines are enough
SAID = {
    "S109": "Job aborted due to stage failure: java.io.IOException: No space left on device",
    "S108": "Job aborted due to stage failure: java.lang.OutOfMemoryError: Java heap space",
    "S108 of a driver": "[INVALID_DRIVER_MEMORY.SYSTEM_MEMORY] Insufficient driver memory: System",
    "S106": "java.io.InvalidClassException: org.apache.spark.rpc.netty.RequestMessage; local class",
    "S103": "java.lang.UnsupportedOperationException: getSubject is not supported",
    "S104": "Application has been killed. Reason: All masters are unresponsive! Giving up.",
    "S112": "Checkpoint RDD has a different number of partitions from original RDD. Original",
    "S111": "[CANNOT_MERGE_SCHEMAS] Failed merging schemas",
    "S110 of how it is packed": "Class org.apache.hadoop.io.compress.BrotliCodec was not found",
    "S110": "[FAILED_READ_FILE.NO_HINT] Encountered error while reading file file:///a/v.parquet.",
}


class SparkError(Exception):
    """An error that says it is of pyspark."""

    __module__ = "pyspark.errors"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "spark.log"
    path.write_text("WARN: nothing of note\n")
    return path


def stop_of(error: Exception, log: Path) -> Stop:
    stop = told(error, log, MASTER)
    assert stop is not None
    assert stop.exit_code is Exit.USAGE
    return stop


@pytest.mark.parametrize("name", SAID)
def test_what_spark_says_is_told_in_plain_words(name: str, log: Path) -> None:
    """Each kind of error has its code, and what can be done."""
    (problem,) = stop_of(SparkError(SAID[name]), log).problems
    assert problem.code == name.partition(" ")[0]
    assert problem.location.file == MASTER
    assert problem.help


def test_every_kind_of_error_is_tried() -> None:
    assert {fault.code for fault in FAULTS} == {name.partition(" ")[0] for name in SAID}


def test_a_file_that_cannot_be_read_is_named(log: Path) -> None:
    assert str(stop_of(SparkError(SAID["S110"]), log)) == (
        f"{MASTER}: S110 a worker cannot read `/a/v.parquet`\n"
        "  help: check that the file is whole, and that every worker sees the folder at the same "
        "path (a shared disk)"
    )


def test_the_reason_may_stand_in_the_log_alone(log: Path) -> None:
    """A context that was shut down says no more than that; why stands in the log."""
    log.write_text("ERROR StandaloneSchedulerBackend: " + SAID["S104"])
    error = SparkError("Cannot call methods on a stopped SparkContext.")
    assert stop_of(error, log).problems[0].code == "S104"


def test_an_error_that_is_not_known_names_the_log(log: Path) -> None:
    """Its first line is shown."""
    error = SparkError("An error occurred while calling o1.x.\n: java.lang.Error: odd\n\tat a.b(c)")
    assert str(stop_of(error, log)) == (
        f"{MASTER}: S113 Apache Spark ended with an error: `: java.lang.Error: odd`\n"
        f"  help: the log of the run is {log}"
    )


def test_an_error_of_this_program_stays_what_it_is(log: Path) -> None:
    """A bug is no fault of Spark's."""
    assert told(ValueError("No space left on device"), log, MASTER) is None
