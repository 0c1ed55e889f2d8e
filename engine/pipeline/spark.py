"""Score tables that stand in Apache Spark, on its cluster, by the same rulebook.

In: a session, a rulebook, and the tables of a batch as data frames. Out: the results as a data
frame, what was put aside, and the summary. Findings are made by the plans that DuckDB runs, emitted
for Spark; the distinct patterns are judged here, on the driver, and the verdicts go back to the
cluster. Nothing of a run comes to the driver but counts, patterns, and the rows put aside.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from engine.errors import Problem
from engine.findings.spark_slices import answers, auditor, count_words, lay_out, overall, words_of
from engine.findings.spark_stage import find
from engine.findings.stage import columns_read, compile_rulebook
from engine.judgement.judge import Verdicts, best_judge
from engine.judgement.spark_stage import judge
from engine.pipeline.scoring import asks
from engine.pipeline.spark_days import believable
from engine.records.batch import PARTLY, PUT_ASIDE, Presence, Rejected
from engine.records.dictionary import Dictionary
from engine.records.on_spark import OnSpark
from engine.records.spark_cells import quoted
from engine.records.spark_tables import SparkReading
from engine.records.store import Scratch
from engine.reports.as_parquet import FOLDER
from engine.reports.spark_results import WHO, answer, compared, outcome, results, summarised
from engine.reports.view import Summary
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import ANSWERS, AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyspark.sql import DataFrame, SparkSession

REJECTED = "rejected"


@dataclass
class SparkScored:
    """The results of a run, which stay in the session until this is closed.

    `results` has a row an audit, with the columns and values of `moderated/part-*.parquet`.
    `rejected` are the rows that were put aside, each with its reason.
    """

    results: "DataFrame"
    summary: Summary
    problems: tuple[Problem, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    on: OnSpark = field(repr=False, kw_only=True)

    def write(self, folder: str | Path, mode: str = "error") -> None:
        """Write `moderated` in a folder that the workers can reach, as Parquet, by the workers.

        `mode` is Spark's word for what is done where results stand already.
        """
        self.results.write.mode(mode).parquet(f"{folder}/{FOLDER}")

    def close(self) -> None:
        """Give back what the run holds in the session; the results cannot be read any more."""
        self.on.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def score_spark(
    spark: "SparkSession",
    rulebook: Rulebook,
    tables: "Mapping[str, DataFrame]",
    *,
    as_of: date,
    plain: bool = False,
) -> SparkScored:
    """Score tables by a rulebook as at a day; `plain` asks for the judge in plain Python.

    `tables` maps names of the dictionary, such as `audits` and `visits`, to data frames.

    Raises:
        Stop: the tables cannot be read at all.
    """
    on = OnSpark(spark)
    with _closed_unless_done(on):
        scratch = Scratch()
        try:
            reading = SparkReading(on, Dictionary.of(rulebook.fields, rulebook.allowed), scratch)
            held = reading.read(tables)
        finally:
            scratch.close()
        presence = _asking(on, rulebook, believable(on, rulebook, held, as_of))
        rejected = reading.put_aside.rejected()
        found, summary = _scored(on, rulebook, presence, as_of, plain=plain)
        summary = replace(summary, put_aside=len(rejected))
        return SparkScored(found, summary, reading.problems, rejected, on=on)


def score_checked(  # noqa: PLR0913 - as `score_spark`, and what is known
    spark: "SparkSession",
    rulebook: Rulebook,
    tables: "Mapping[str, DataFrame]",
    presence: Presence,
    *,
    as_of: date,
    plain: bool = False,
    partitions: int | None = None,
) -> SparkScored:
    """Score tables that were read and checked before; `presence` says what they hold.

    Where it speaks of them, `put_aside` and `partly` are among the tables. `partitions` is into how
    many parts they are parted, if not into as many as the session says.
    """
    on = OnSpark(spark, partitions)
    with _closed_unless_done(on):
        for name, frame in tables.items():
            tested = name in {PUT_ASIDE, PARTLY}
            on.view(f"{'tested' if tested else 'typed'}_{name}", frame)
        found, summary = _scored(on, rulebook, presence, as_of, plain=plain)
        return SparkScored(found, summary, on=on)


@contextmanager
def _closed_unless_done(on: OnSpark) -> "Iterator[None]":
    """Set the session for a run; after an error, give back what the run holds in it."""
    try:
        with on:
            yield
    except BaseException:
        on.close()
        raise


def _scored(
    on: OnSpark, rulebook: Rulebook, presence: Presence, as_of: date, *, plain: bool
) -> "tuple[DataFrame, Summary]":
    judge_of_run = best_judge(rulebook.judgement, rulebook.grades, plain=plain)
    try:
        verdicts = Verdicts(rulebook.judgement, rulebook.grades, judge_of_run)
        judged = _judged(on, rulebook, presence, as_of, verdicts)
        view = on.make("compared", compared(judged, rulebook.live))
        found = on.spark.table(on.make("results", results(rulebook, verdicts, view)))
        return found, summarised(on, rulebook, view, 0)
    finally:
        judge_of_run.close()


def _asking(on: OnSpark, rulebook: Rulebook, presence: Presence) -> Presence:
    """Return what the input holds, with what auditors were asked if a standard looks for that."""
    if not asks(rulebook) or "standard" not in presence.columns.get(ANSWERS, frozenset()):
        return presence
    rows = on.rows(f"SELECT DISTINCT standard FROM {on.name(f'typed_{ANSWERS}')}")
    return replace(presence, asked=frozenset(name for (name,) in rows))


def _judged(
    on: OnSpark, rulebook: Rulebook, presence: Presence, as_of: date, verdicts: Verdicts
) -> str:
    """Find and judge, and return the name of the view of what was judged."""
    compiled = compile_rulebook(rulebook, presence)
    reads = columns_read(compiled, evidence=False)
    views = lay_out(on, rulebook, presence, as_of, reads)
    on.make("outcomes", find(on, compiled, views))
    on.make("auditor", auditor(on, rulebook, presence))
    on.make("answers_packed", answers(on, rulebook, presence))
    words = count_words(len(rulebook.live))
    packed = [*words_of("o", words), *words_of("w", words)]
    grades = [f"g.{quoted(d)} AS {quoted(f'g:{d}')}" for d in rulebook.domains]
    kept = [f"u.{name}" for name in WHO] + [f"coalesce({w}, 0) AS {w}" for w in packed]
    base = on.make(
        "base",
        f"SELECT u.a, {', '.join([*kept, *grades])}, {overall(rulebook)} AS `g:overall` "
        f"FROM {on.name(AUDITS)} u JOIN {on.name('outcomes')} o ON u.a = o.a "
        f"LEFT JOIN {on.name('auditor')} g ON u.a = g.a "
        f"LEFT JOIN {on.name('answers_packed')} w ON u.a = w.a",
    )
    each = [
        f"{sql(place)} AS {quoted(f'{short}:{standard.id}')}"
        for place, standard in enumerate(rulebook.live)
        for short, sql in (("o", outcome), ("w", answer))
    ]
    told = on.make("told", f"SELECT *{''.join(f', {one}' for one in each)} FROM {base}")
    return judge(on, rulebook, verdicts, told, [*WHO, *packed])
