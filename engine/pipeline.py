"""Compose the stages: rulebook and batch → findings → judgements → view.

The only module that knows all of them. It reads no clock (`as_of` is given) and prints nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from duckdb import DuckDBPyConnection

from engine import __version__
from engine.findings.exceptions import columns_shown, declared
from engine.findings.said import Said, said_by_auditors
from engine.findings.side_by_side import Work, side_by_side
from engine.findings.slices import (
    SLICE,
    Slice,
    lay_out,
    lay_out_auditor,
    lay_out_calendar,
    rows_in,
    slices,
)
from engine.findings.stage import (
    Compiled,
    Evidence,
    columns_read,
    compile_rulebook,
    evidence,
    find,
    unread,
)
from engine.judgement.audit import judge_audit
from engine.judgement.judge import Judge, Verdicts, best_judge
from engine.judgement.stage import judge_slice
from engine.judgement.way_back import WayBack
from engine.judgement.way_back import way_back as find_way_back
from engine.moderation import frame as framing
from engine.records.batch import Batch, Presence
from engine.records.quality import Quality, Seen, believable, complete, look, seen_of
from engine.reports import MOST_FOR_PEOPLE
from engine.reports.as_csv import Take
from engine.reports.as_parquet import write_part, write_quality
from engine.reports.build import AuditRow, Builder
from engine.reports.summary import summarise
from engine.reports.tally import Tally, compare_slice
from engine.reports.view import AuditView, BookView, RunHeader, Summary, View, Words
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDITS
from engine.rulebook.measures import AnswerMeasure
from engine.rulebook.standard import EXCEPTIONS

if TYPE_CHECKING:
    from engine.reports.week.gathered import Gathered

Progress = Callable[[int, int], None]

# Evidence of so many audits fits in memory; each slice more costs some 0.6 s, whatever its size.
WITH_EVIDENCE = 10_000
TOLD = 100
# Up to so many, the database would plan its queries for longer than Python takes to answer them.
FEW = 500
# Rows of the record beyond which it is the other way round, and Python would need the more memory.
FEW_ROWS = 100_000
# So many entries of one check and table of data quality are told beside the grades.
ENTRIES = 100


@dataclass(frozen=True)
class Scoring:
    """A batch to be scored by a rulebook as at a day; slices of so many audits at a time."""

    rulebook: Rulebook
    batch: Batch
    as_of: date
    plain: bool = False
    size: int = SLICE

    def judge(self) -> Judge:
        """Return the judge of the run."""
        return best_judge(self.rulebook.judgement, self.rulebook.grades, plain=self.plain)


def no_progress(done: int, total: int) -> None:
    """Tell nobody how far a run has come."""


def score(scoring: Scoring, progress: Progress = no_progress) -> View:
    """Score a batch whole, with the evidence of every finding."""
    audits: list[AuditView] = []
    view = score_one_by_one(scoring, lambda audit, _words: audits.append(audit), progress)
    return replace(view, audits=tuple(audits))


def score_one_by_one(scoring: Scoring, take: Take, progress: Progress = no_progress) -> View:
    """Score a batch of any size with evidence, and hand on each audit; the view holds none."""
    with _at_work(scoring) as (tested, compiled, verdicts, seen):
        quality = _quality(scoring, seen)
        builder = Builder(scoring.rulebook, compiled, verdicts)
        words = builder.words()

        def audits() -> Iterator[AuditView]:
            for row in audit_rows(tested, compiled, progress):
                audit = builder.audit(row)
                take(audit, words)
                yield audit

        summary = summarise(audits(), words, len(scoring.batch.rejected))
        return _view(scoring, verdicts, words, summary, quality)


AtWork = tuple[Scoring, tuple[Compiled, ...], Verdicts, Seen]


@contextmanager
def _at_work(scoring: Scoring) -> Iterator[AtWork]:
    """Give a scoring without rows whose day cannot be right, compiled standards and a judge.

    They last for as long as the input can be read.
    """
    judge, rulebook, batch = scoring.judge(), scoring.rulebook, scoring.batch
    try:
        with batch.being_read():
            seen = look(batch, rulebook.fields, rulebook.outages, scoring.as_of)
            held = replace(batch, presence=believable(batch, seen.hits))
            tested = replace(scoring, batch=held)
            compiled = compile_rulebook(rulebook, _held(tested))
            yield tested, compiled, Verdicts(rulebook.judgement, rulebook.grades, judge), seen
    finally:
        judge.close()


def _quality(scoring: Scoring, seen: Seen) -> Quality:
    """Return the data quality: of a large batch only what can be counted row by row."""
    if scoring.batch.audit_count > MOST_FOR_PEOPLE:
        return seen_of(scoring.batch, seen)
    return complete(scoring.batch, scoring.rulebook.fields, seen, ENTRIES)


def _held(scoring: Scoring) -> Presence:
    """Return what the input holds; who was asked what is looked for only if a standard asks."""
    branches = (branch for standard in scoring.rulebook.live for branch in standard.branches())
    asks = any(isinstance(branch.measure, AnswerMeasure) for branch in branches)
    return scoring.batch.asking() if asks else scoring.batch.presence


def _view(
    scoring: Scoring, verdicts: Verdicts, words: Words, summary: Summary, quality: Quality
) -> View:
    return View(
        header=header(scoring, verdicts.judge.name),
        words=words,
        summary=summary,
        audits=(),
        problems=scoring.batch.problems,
        rejected=scoring.batch.rejected,
        quality=quality,
    )


def header(scoring: Scoring, judge: str) -> RunHeader:
    """Return what a run was."""
    book, batch = scoring.rulebook.book, scoring.batch
    return RunHeader(
        engine_version=__version__,
        rulebook_id=book.id,
        rulebook_version=book.version,
        rulebook_hash=scoring.rulebook.hash,
        rules_folder=scoring.rulebook.folder,
        input=", ".join(batch.sources),
        input_hash=batch.input_hash,
        as_of=scoring.as_of,
        judge=judge,
        audits=batch.audit_count,
        put_aside=len(batch.rejected),
        books=tuple(
            BookView(one.id, one.title, one.version, one.hash) for one in scoring.rulebook.layers
        ),
    )


def audit_rows(
    scoring: Scoring, compiled: tuple[Compiled, ...], progress: Progress = no_progress
) -> Iterator[AuditRow]:
    """Yield every audit with what was found of it, in the order of their ids."""
    done, total = 0, scoring.batch.audit_count
    for part in slices(scoring.batch.con, min(scoring.size, WITH_EVIDENCE)):
        for row in _rows_of(scoring, compiled, part):
            yield row
            done += 1
            if done % TOLD == 0 or done == total:
                progress(done, total)


def _rows_of(scoring: Scoring, compiled: tuple[Compiled, ...], part: Slice) -> Iterator[AuditRow]:
    """Yield the audits of a slice with their evidence."""
    con, rulebook, presence = scoring.batch.con, scoring.rulebook, scoring.batch.presence
    if _is_small(scoring, part):
        shown = columns_shown(rulebook.live, presence)
        also = {EXCEPTIONS: shown} if shown else {}
        _lay_out(scoring, con, part, {AUDITS: presence.columns[AUDITS], **also})
        found = evidence(con, compiled, rulebook.calendar)
    else:
        lay_out_calendar(con, rulebook)
        _lay_out(scoring, con, part, columns_read(compiled, evidence=True))
        found = evidence(con, compiled)
    untold, exceptions = unread(con, presence), declared(con, rulebook.live, presence)
    said = said_by_auditors(con, rulebook, presence)
    for row in _rows(scoring):
        a = row[0]
        audit = _audit_row(rulebook, row, found.get(a, {}), said.get(a, Said()))
        yield replace(audit, unread=untold[a], declared=exceptions.get(a, ()))


def _lay_out(
    scoring: Scoring, con: DuckDBPyConnection, part: Slice, reads: Mapping[str, frozenset[str]]
) -> None:
    presence = scoring.batch.presence
    lay_out(con, scoring.rulebook, presence, part, as_of=scoring.as_of, reads=reads)


def score_in_parts(scoring: Scoring, folder: Path | None, progress: Progress = no_progress) -> View:
    """Score a batch of any size into Parquet parts; the view holds the summary and no audits.

    Without a folder the batch is only counted.
    """
    tally, done = Tally(scoring.rulebook), 0
    with _at_work(scoring) as (tested, compiled, verdicts, seen):
        quality = _quality(scoring, seen)
        work = _work(tested, compiled, verdicts, folder, tally)
        parts = slices(scoring.batch.con, scoring.size)
        for part in side_by_side(scoring.batch.con, parts, work):
            done += part.count
            progress(done, scoring.batch.audit_count)
        words = Builder(scoring.rulebook, compiled, verdicts).words()
        if folder is not None:
            write_quality(scoring.batch.con, quality, folder)
        summary = tally.summary(len(scoring.batch.rejected))
        return _view(scoring, verdicts, words, summary, quality)


def _work(
    scoring: Scoring,
    compiled: tuple[Compiled, ...],
    verdicts: Verdicts,
    folder: Path | None,
    tally: Tally,
) -> Work:
    """Return what is done with each slice: lay out, find, judge, write and count."""
    rulebook, adding = scoring.rulebook, Lock()
    reads = columns_read(compiled, evidence=False)

    def work(con: DuckDBPyConnection, number: int, part: Slice) -> None:
        lay_out_calendar(con, rulebook)
        _lay_out(scoring, con, part, reads)
        lay_out_auditor(con, rulebook, scoring.batch.presence, part)
        find(con, compiled)
        judge_slice(con, rulebook, verdicts)
        compare_slice(con, rulebook)
        if folder is not None:
            write_part(con, rulebook, verdicts, folder, number)
        with adding:
            tally.add(con)

    return work


def frame(scoring: Scoring, progress: Progress = no_progress) -> framing.Frame:
    """Score a batch of any size for a draw: grades and caps alone, without evidence."""
    rulebook, rows, adding, done = scoring.rulebook, list[framing.FrameRow](), Lock(), 0
    with _at_work(scoring) as (tested, compiled, verdicts, _):
        parts = slices(scoring.batch.con, scoring.size)
        if len(parts) == 1 and _is_small(tested, parts[0]):
            few = _few_framed(tested, compiled, verdicts, progress)
            return framing.frame_of(few, rulebook.grades, rulebook.domains)
        reads = dict(columns_read(compiled, evidence=False))
        reads[AUDITS] = reads.get(AUDITS, frozenset()) | {framing.WORKER}

        def work(con: DuckDBPyConnection, _number: int, part: Slice) -> None:
            lay_out_calendar(con, rulebook)
            _lay_out(tested, con, part, reads)
            lay_out_auditor(con, rulebook, scoring.batch.presence, part)
            find(con, compiled)
            judge_slice(con, rulebook, verdicts)
            found = framing.frame_slice(con, rulebook)
            with adding:
                rows.extend(found)

        for part in side_by_side(scoring.batch.con, parts, work):
            done += part.count
            progress(done, scoring.batch.audit_count)
    return framing.frame_of(rows, rulebook.grades, rulebook.domains)


def _is_small(scoring: Scoring, part: Slice) -> bool:
    """Say whether Python answers for a slice before the database has planned to."""
    con, presence = scoring.batch.con, scoring.batch.presence
    return part.count <= FEW and rows_in(con, presence, part) <= FEW_ROWS


def _few_framed(
    scoring: Scoring, compiled: tuple[Compiled, ...], verdicts: Verdicts, progress: Progress
) -> Iterator[framing.FrameRow]:
    """Yield the rows of a frame of few audits, each judged by itself."""
    rulebook, presence = scoring.rulebook, scoring.batch.presence
    workers = framing.workers_of(
        scoring.batch.con, presence.rows_of(AUDITS), presence.columns[AUDITS]
    )
    for row in audit_rows(scoring, compiled, progress):
        judged = judge_audit(row.facts(), rulebook, verdicts)
        worker = workers.get(row.audit_id)
        whose = (row.audit_id, row.case_type, row.team, row.auditor_id, worker)
        yield framing.frame_row(whose, judged, rulebook)


def gather(scoring: Scoring, progress: Progress = no_progress) -> "Gathered":
    """Score a batch and keep of each audit what the report of a week needs."""
    from engine.reports.week.gathered import Gatherer

    tally, done, adding = Tally(scoring.rulebook), 0, Lock()
    with _at_work(scoring) as (tested, compiled, verdicts, seen):
        quality = _quality(scoring, seen)
        gatherer = Gatherer(scoring.rulebook, scoring.batch, verdicts)
        work = _work(tested, compiled, verdicts, None, tally)

        def gathering(con: DuckDBPyConnection, number: int, part: Slice) -> None:
            work(con, number, part)
            with adding:
                gatherer.take(con)

        parts = slices(scoring.batch.con, scoring.size)
        for part in side_by_side(scoring.batch.con, parts, gathering):
            done += part.count
            progress(done, scoring.batch.audit_count)
        words = Builder(scoring.rulebook, compiled, verdicts).words()
        summary = tally.summary(len(scoring.batch.rejected))
        return gatherer.gathered(_view(scoring, verdicts, words, summary, quality))


def explained(
    scoring: Scoring, audit_id: str, *, way_back: bool
) -> tuple[AuditView, Words, WayBack | None] | None:
    """Return the view of one audit of a batch, and the way back if it is asked for."""
    con = scoring.batch.con
    held = con.execute("SELECT 1 FROM typed.audits WHERE audit_id = ?", [audit_id]).fetchone()
    if held is None:
        return None
    with _at_work(scoring) as (tested, compiled, verdicts, _):
        builder = Builder(scoring.rulebook, compiled, verdicts)
        (found,) = _rows_of(tested, compiled, Slice(audit_id, audit_id, 1))
        ways = find_way_back(found.facts(), scoring.rulebook) if way_back else None
        return builder.audit(found), builder.words(), ways


def some_audits(scoring: Scoring, ids: Sequence[str]) -> tuple[AuditView, ...]:
    """Return the views of some audits of a batch, with the evidence of every finding."""
    if not ids:
        return ()
    with _at_work(scoring) as (tested, compiled, verdicts, _):
        builder = Builder(scoring.rulebook, compiled, verdicts)
        rows = _rows_of(tested, compiled, Slice.of(ids))
        return tuple(builder.audit(row) for row in rows)


def standard_sql(rulebook: Rulebook, standard: str) -> str:
    """Return the SQL that tests a standard where the input holds every table and column."""
    columns = {name: frozenset(t.fields) for name, t in rulebook.fields.tables.items()}
    (compiled,) = compile_rulebook(rulebook, Presence(columns=columns), (rulebook.by_id[standard],))
    return compiled.evidence_sql


def _rows(scoring: Scoring) -> list[tuple[Any, ...]]:
    """Return the slice's audits, without what their auditors said of domains and standards."""
    return scoring.batch.con.execute(
        """SELECT a, audit_id, case_type, team, auditor_id, overall_grade
           FROM audits ORDER BY a"""
    ).fetchall()


def _audit_row(
    rulebook: Rulebook, row: tuple[Any, ...], found: dict[str, Evidence], said: Said
) -> AuditRow:
    _, audit_id, case_type, team, auditor_id, overall = row
    return AuditRow(
        audit_id=audit_id,
        case_type=case_type,
        team=team,
        auditor_id=auditor_id,
        overall=None if overall is None else rulebook.rank(overall),
        domains={d: said.grades[d] for d in rulebook.domains if d in said.grades},
        answers={s.id: said.answers[s.id] for s in rulebook.live if s.id in said.answers},
        outcomes={s.id: found[s.id].code if s.id in found else 0 for s in rulebook.live},
        evidence=found,
    )
