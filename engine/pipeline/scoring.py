"""What a run is given, and what it holds while it works: compiled standards, a judge, a header."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from engine import __version__
from engine.findings.slices import SLICE
from engine.findings.stage import Compiled, compile_rulebook
from engine.judgement.judge import Judge, Store, Verdicts, best_judge
from engine.records.batch import Batch, Presence
from engine.records.quality import Quality, Seen, believable, complete, look, seen_of
from engine.reports import MOST_FOR_PEOPLE
from engine.reports.view import BookView, RunHeader, Summary, View, Words
from engine.rulebook.book import Rulebook
from engine.rulebook.measures import AnswerMeasure

Progress = Callable[[int, int], None]
# So many entries of one check and table of data quality are told beside the grades.
ENTRIES = 100


@dataclass(frozen=True)
class Scoring:
    """A batch to be scored by a rulebook as at a day; slices of so many audits at a time.

    A store holds verdicts of earlier runs; results are the same with and without one.
    """

    rulebook: Rulebook
    batch: Batch
    as_of: date
    plain: bool = False
    size: int = SLICE
    store: Store | None = None

    def judge(self) -> Judge:
        """Return the judge of the run."""
        return best_judge(self.rulebook.judgement, self.rulebook.grades, plain=self.plain)


def no_progress(done: int, total: int) -> None:
    """Tell nobody how far a run has come."""


AtWork = tuple[Scoring, tuple[Compiled, ...], Verdicts, Seen]


@contextmanager
def at_work(scoring: Scoring) -> Iterator[AtWork]:
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
            verdicts = Verdicts(rulebook.judgement, rulebook.grades, judge, scoring.store)
            yield tested, compiled, verdicts, seen
            verdicts.keep()
    finally:
        judge.close()


def quality_of(scoring: Scoring, seen: Seen) -> Quality:
    """Return the data quality: of a large batch only what can be counted row by row."""
    if scoring.batch.audit_count > MOST_FOR_PEOPLE:
        return seen_of(scoring.batch, seen)
    return complete(scoring.batch, scoring.rulebook.fields, seen, ENTRIES)


def _held(scoring: Scoring) -> Presence:
    """Return what the input holds; who was asked what is looked for only if a standard asks."""
    branches = (branch for standard in scoring.rulebook.live for branch in standard.branches())
    asks = any(isinstance(branch.measure, AnswerMeasure) for branch in branches)
    return scoring.batch.asking() if asks else scoring.batch.presence


def view_of(
    scoring: Scoring, verdicts: Verdicts, words: Words, summary: Summary, quality: Quality
) -> View:
    """Return the view of a run without its audits."""
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
