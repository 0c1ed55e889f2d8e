"""Errors of Apache Spark in plain words.

In: an exception that ended a run on Spark, and the log of it. Out: the end of the run as a problem,
or nothing where the error is not Spark's.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from engine.cli.spark_ready import INSTALL_JAVA, stopped
from engine.errors import Stop

# the end of a log in which the reason is looked for
TAIL = 200_000
_FILE = re.compile(r"(?:file:/*)?((?:/|[A-Za-z]:[\\/])[^\s'\",]*\.parquet)")
MEMORY = (
    "give it more: SPARK_DRIVER_MEMORY=8g for this machine, SPARK_EXECUTOR_MEMORY=4g for each "
    "worker, set before the command; or score the batch in several folders, or with --engine local"
)


@dataclass(frozen=True)
class Fault:
    """A kind of error: what in its text tells it, and what is said of it."""

    code: str
    tells: str
    said: str
    way_out: str

    def found_in(self, text: str) -> bool:
        """Say whether a text is of this kind of error."""
        return re.search(self.tells, text) is not None


NOT_TAKEN = Fault(
    "S104",
    "All masters are unresponsive|Master removed our application|Failed to connect to master",
    "the master does not take this run on",
    "look at the logs of the master; it must run the same version of Apache Spark",
)
# in this order: a full disk or lost memory makes other errors too
FAULTS = (
    Fault(
        "S109",
        "No space left on device|Disk quota exceeded",
        "a disk is full, of this machine or of a worker",
        "make room, or let SPARK_LOCAL_DIRS name a folder for temporary files on another disk; "
        "each worker has its own",
    ),
    Fault(
        "S108",
        r"OutOfMemoryError|GC overhead limit|INVALID_(?:DRIVER|EXECUTOR)_MEMORY"
        r"|Could not reserve enough space|insufficient memory for the Java"
        r"|Cannot allocate memory|exit(?:ed with)? (?:code|status)[: ]+(?:137|52)\b"
        r"|SparkOutOfMemoryError|CANNOT_ACQUIRE_MEMORY|UNABLE_TO_ACQUIRE_MEMORY",
        "Apache Spark has too little memory",
        MEMORY,
    ),
    Fault(
        "S106",
        r"InvalidClassException|serialVersionUID|local class incompatible",
        "the cluster runs another version of Apache Spark than is installed here",
        "install the version that the cluster runs (the master's page shows it): "
        "pip install 'pyspark==VERSION'",
    ),
    Fault(
        "S103",
        "UnsupportedClassVersionError|getSubject is (?:not supported|supported only)"
        "|JAVA_GATEWAY_EXITED",
        "Java ended before Apache Spark could start",
        INSTALL_JAVA,
    ),
    NOT_TAKEN,
    Fault(
        "S112",
        "Checkpoint RDD has a different number of partitions",
        "what the workers write is not seen by this machine",
        "give a folder with --out that every worker sees at the same path (a shared disk)",
    ),
    Fault(
        "S111",
        "CANNOT_MERGE_SCHEMAS|PARQUET_COLUMN_DATA_TYPE_MISMATCH|Parquet column cannot be converted"
        "|SchemaColumnConvertNotSupportedException",
        "parts of a table differ in the type of a column",
        "write the batch anew with `audit import --format parquet`, which gives every column the "
        "type of the dictionary",
    ),
    Fault(
        "S110",
        r"(?:Class \S*Codec|Brotli\S*|Lzo\S*) (?:was|were) not found",
        "Apache Spark cannot unpack {file}",
        "write the batch anew with `audit import --format parquet`",
    ),
    Fault(
        "S110",
        "is not a Parquet file|CANNOT_READ_FILE_FOOTER|FAILED_READ_FILE|PATH_NOT_FOUND"
        "|FileNotFoundException|Could not read footer|can not read class org.apache.parquet",
        "a worker cannot read {file}",
        "check that the file is whole, and that every worker sees the folder at the same path "
        "(a shared disk)",
    ),
)


def told(error: Exception, log: Path, master: str) -> Stop | None:
    """Return an error of Spark as the end of a run; None if it is of another kind.

    Only an error that is not known here names the log, which is worth keeping then.
    """
    if isinstance(error, Stop) or not _is_of_spark(error):
        return None
    text = str(error)
    texts = (text, _end_of(log))
    found = next((fault for one in texts for fault in FAULTS if fault.found_in(one)), None)
    if found is None:
        said = f"Apache Spark ended with an error: `{_first(text)}`"
        return stopped(master, "S113", said, f"the log of the run is {log}")
    file = _FILE.search(text) or _FILE.search(texts[1])
    said = found.said.format(file=f"`{file[1]}`" if file else "a file of the batch")
    return stopped(master, found.code, said, found.way_out)


def _is_of_spark(error: Exception) -> bool:
    rooms = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    return bool(rooms & {"pyspark", "py4j"}) or isinstance(error, ConnectionError)


def _end_of(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL))
        return file.read().decode(errors="replace")


def _first(text: str) -> str:
    """Return what an error says, without where in the program."""
    lines = (line.strip() for line in text.splitlines())
    useful = [line for line in lines if line and not line.startswith(("at ", "An error occurred"))]
    return (useful or ["no reason given"])[0][:300]
