"""Batches of any size: slice by slice, without evidence, each written when it is done."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from engine.findings.in_order import in_order
from engine.findings.side_by_side import Work, side_by_side
from engine.findings.slices import Slice, lay_out_auditor, lay_out_calendar, slices
from engine.findings.stage import Compiled
from engine.findings.together import finder
from engine.judgement.judge import Verdicts
from engine.judgement.stage import judged_slice
from engine.pipeline.kept import Kept
from engine.pipeline.rows import lay_out_part
from engine.pipeline.scoring import Progress, Scoring, at_work, no_progress, quality_of, view_of
from engine.reports.as_parquet import FOLDER, part_name, write_part, write_quality
from engine.reports.build import Builder
from engine.reports.tally import Compared, Tally, compare_slice, lay_out_compared
from engine.reports.view import View
from engine.rulebook.fields import AUDITS

if TYPE_CHECKING:
    from engine.reports.week.gathered import Gathered

Count = Callable[[DuckDBPyConnection, int, Slice, Compared], None]

# what auditors said is packed by the database, within its memory
OF_AUDITORS = ("answers", "domain_grades")


def score_in_parts(
    scoring: Scoring,
    folder: Path | None,
    progress: Progress = no_progress,
    kept: Kept | None = None,
) -> View:
    """Score a batch of any size into Parquet parts; the view holds the summary and no audits.

    Without a folder the batch is only counted. What is `kept` of the same run is not scored again.
    """
    tally, done = Tally(scoring.rulebook), 0
    with at_work(scoring) as (tested, compiled, verdicts, seen):
        quality = quality_of(scoring, seen)
        ordered, parts = cut(tested)
        there = kept.take(parts, tally) if kept is not None else frozenset()
        left = [number for number in range(len(parts)) if number not in there]
        scored = work_on(ordered, compiled, verdicts, folder, counting(tally, kept))
        if there:
            done = sum(parts[number].count for number in there)
            progress(done, scoring.batch.audit_count)

        def work(con: DuckDBPyConnection, place: int, part: Slice) -> None:
            scored(con, left[place], part)

        for part in side_by_side(scoring.batch.con, [parts[number] for number in left], work):
            done += part.count
            progress(done, scoring.batch.audit_count)
        words = Builder(scoring.rulebook, compiled, verdicts).words()
        if folder is not None:
            write_quality(scoring.batch.con, quality, folder)
        summary = tally.summary(len(scoring.batch.rejected))
        return view_of(scoring, verdicts, words, summary, quality)


def cut(scoring: Scoring) -> tuple[Scoring, tuple[Slice, ...]]:
    """Return the slices of a batch, and the batch with rows that stand by audit where it pays."""
    con, presence = scoring.batch.con, scoring.batch.presence
    held = presence.columns.keys() & scoring.rulebook.fields.tables.keys()
    parts = slices(con, scoring.size, held - {AUDITS, *OF_AUDITORS})
    presence = in_order(con, presence, held, parts)
    return replace(scoring, batch=replace(scoring.batch, presence=presence)), parts


def work_on(
    scoring: Scoring,
    compiled: tuple[Compiled, ...],
    verdicts: Verdicts,
    folder: Path | None,
    count: Count,
) -> Work:
    """Return what is done with each slice: lay out, find, judge, write and count."""
    rulebook = scoring.rulebook
    finding = finder(compiled, rulebook.calendar)
    reads = finding.reads

    def work(con: DuckDBPyConnection, number: int, part: Slice) -> None:
        lay_out_calendar(con, rulebook)
        lay_out_part(scoring, con, part, reads)
        lay_out_auditor(con, rulebook, scoring.batch.presence, part)
        outcomes = finding.found(con, scoring.batch.presence, part)
        judged = judged_slice(con, rulebook, verdicts, outcomes)
        compared = compare_slice(con, rulebook, judged)
        if folder is not None:
            write_part(con, rulebook, verdicts, compared, folder / FOLDER / part_name(number))
        count(con, number, part, compared)

    return work


def counting(tally: Tally, kept: Kept | None = None) -> Count:
    """Return what counts a judged slice, and notes that it is finished."""
    adding = Lock()

    def count(con: DuckDBPyConnection, number: int, part: Slice, compared: Compared) -> None:
        counted = Tally(tally.rulebook)
        counted.add(con, compared)
        if kept is not None:
            kept.keep(number, part, counted)
        with adding:
            tally.merge(counted)

    return count


def gather(scoring: Scoring, progress: Progress = no_progress) -> "Gathered":
    """Score a batch and keep of each audit what the report of a week needs."""
    from engine.reports.week.gathered import Gatherer

    tally, done, adding = Tally(scoring.rulebook), 0, Lock()
    with at_work(scoring) as (tested, compiled, verdicts, seen):
        quality = quality_of(scoring, seen)
        ordered, parts = cut(tested)
        gatherer = Gatherer(scoring.rulebook, scoring.batch, verdicts)
        counted = counting(tally)

        def gathering(
            con: DuckDBPyConnection, number: int, part: Slice, compared: Compared
        ) -> None:
            counted(con, number, part, compared)
            lay_out_compared(con, compared)
            with adding:
                gatherer.take(con)

        work = work_on(ordered, compiled, verdicts, None, gathering)
        for part in side_by_side(scoring.batch.con, parts, work):
            done += part.count
            progress(done, scoring.batch.audit_count)
        words = Builder(scoring.rulebook, compiled, verdicts).words()
        summary = tally.summary(len(scoring.batch.rejected))
        return gatherer.gathered(view_of(scoring, verdicts, words, summary, quality))
