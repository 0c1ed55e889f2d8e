"""A batch that was read and checked here, scored on a cluster and written by its workers.

In: a session and what a run is given. Out: Parquet of every audit in a folder, and the view of a
large batch: the summary, without audits. What is found, capped and graded is what `score_in_parts`
finds on this machine.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.findings.stage import columns_read
from engine.pipeline.scoring import Scoring, at_work, quality_of, view_of
from engine.pipeline.spark import score_checked
from engine.records.on_spark import PARTITIONS
from engine.records.spark_files import on_disk, spark_files
from engine.reports.as_parquet import FOLDER, write_quality
from engine.reports.build import Builder
from engine.reports.view import View
from engine.rulebook.fields import ANSWERS, AUDITS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WRITTEN = "*.parquet"
# so many audits are in one part of a table: about a million rows
A_PART = 20_000
# tables that are read whatever the standards ask: the audits, and what their auditors said
SAID = {AUDITS, ANSWERS, "domain_grades"}


class NotSeenError(Exception):
    """The workers wrote results that do not stand in the folder as this machine sees it."""


def score_on_spark(
    spark: "SparkSession", scoring: Scoring, folder: Path | None, scratch: Path
) -> View:
    """Score a batch on a cluster into Parquet parts; without a folder it is only counted.

    `folder` and `scratch`, which takes tables that the workers could not read otherwise, have to be
    such that every worker sees them at the same path.

    Raises:
        NotSeenError: they are not.
    """
    rulebook = scoring.rulebook
    with at_work(scoring) as (tested, compiled, verdicts, seen):
        quality = quality_of(scoring, seen)
        presence = compiled[0].against.presence if compiled else tested.batch.presence
        read = columns_read(compiled, evidence=False).keys() | SAID
        files = spark_files(tested.batch, presence, read, scratch)
        # the workers keep there what is worked out, so that one that is lost takes nothing along
        spark.sparkContext.setCheckpointDir(on_disk(scratch / "kept"))
        tables = {name: table.frame(spark) for name, table in files.items()}
        held = replace(presence, believable={})  # the tables are those that were tested already
        with score_checked(
            spark,
            rulebook,
            tables,
            held,
            as_of=scoring.as_of,
            plain=scoring.plain,
            partitions=_partitions(spark, scoring.batch.audit_count),
        ) as scored:
            if folder is not None:
                scored.write(on_disk(folder))
                _settle(folder / FOLDER, scoring)
                write_quality(scoring.batch.con, quality, folder)
            summary = replace(scored.summary, put_aside=len(scoring.batch.rejected))
        words = Builder(rulebook, compiled, verdicts).words()
        return view_of(scoring, verdicts, words, summary, quality)


def _partitions(spark: "SparkSession", audits: int) -> int | None:
    """Return into how many parts tables are parted: none where the user has said so.

    Spark's own 200 are 200 tasks in each of a few hundred statements, however small the batch.
    """
    if spark.sparkContext.getConf().contains(PARTITIONS):
        return None
    cores: int = spark.sparkContext.defaultParallelism
    return max(cores, -(-audits // A_PART))


def _settle(folder: Path, scoring: Scoring) -> None:
    """Give the parts short names, and take away what Spark keeps beside them."""
    parts = sorted(folder.glob(WRITTEN))
    for other in (one for one in _inside(folder) if one not in parts):
        other.unlink()
    for number, part in enumerate(parts):
        part.rename(folder / f"part-{number:05}.parquet")
    query = "SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata(?)"
    found = (
        scoring.batch.con.execute(query, [f"{folder}/{WRITTEN}"]).fetchall() if parts else [(0,)]
    )
    if found[0][0] != scoring.batch.audit_count:
        said = f"{found[0][0]:,} of {scoring.batch.audit_count:,} audits"
        raise NotSeenError(said)


def _inside(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())
