"""`audit score`: read, score, print, write."""

import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import Given, say, show, tell
from engine.cli.extract_day import tell_if_old
from engine.cli.joined import Source
from engine.cli.mapping import mapping_of
from engine.cli.outputs import (
    Bars,
    Outputs,
    begin,
    placed,
    write_rejected,
)
from engine.cli.unfinished import no_telling, tell_resuming
from engine.errors import Exit, Location, Problem, Stop
from engine.records.batch import Batch, NothingRead
from engine.records.memory import parse
from engine.reports import MOST_FOR_PEOPLE
from engine.reports.screen import FORMATS, closing, figures
from engine.reports.view import Summary, View
from engine.rulebook.book import Rulebook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.pipeline import Progress, Scoring


@dataclass(frozen=True)
class Asked:
    """What the user asked of `audit score`."""

    batch: str
    records: str | None
    trust: str
    rules: Given
    as_of: date | None
    out: Path | None
    write: str | None
    output_format: str
    fail_on: tuple[str, ...]
    strict: bool
    quiet: bool
    plain: bool
    mapping: Path | None = None
    memory: str | None = None
    engine: str = "local"
    master: str | None = None

    def tell(self, text: str) -> None:
        """Say how far the run has come, to a person who watches."""
        if not self.quiet and sys.stderr.isatty():
            say(text)


def run_score(asked: Asked) -> Exit:
    """Score a batch; return the exit code."""
    if asked.engine != "local" or asked.master is not None:
        from engine.cli.score_spark import run_score_spark

        return run_score_spark(asked)
    outputs = Outputs.parse(asked.write)
    if asked.out is None and asked.write is not None:
        raise nowhere("formats to be written are named with --write")
    inputs = filter(None, (asked.batch, asked.records))
    given = (asked.rules, asked.as_of, asked.out, inputs)
    rulebook, as_of = begin(*given, quiet=asked.quiet, examples=False)
    with read(asked, rulebook) as batch:
        if asked.strict and batch.rejected:
            return refused(batch)
        from engine.cli.kept_verdicts import kept_verdicts
        from engine.pipeline import Scoring

        tell_if_old(batch, as_of)
        scoring = Scoring(rulebook, batch, as_of, plain=asked.plain, store=kept_verdicts())
        if batch.audit_count > MOST_FOR_PEOPLE:
            summary = _large(asked, scoring, outputs)
        else:
            summary = _whole(asked, scoring, outputs)
        tell_put_aside(batch)
        return exit_of(asked, batch, summary)


def read(asked: Asked, rulebook: Rulebook) -> Batch:
    """Return the batch; of one in which no audit is left, list what was put aside."""
    mapping = mapping_of(asked.mapping, rulebook)
    try:
        memory = parse(asked.memory) if asked.memory else None
        source = Source(asked.batch, asked.records, asked.trust, mapping, memory)
        return source.read(rulebook, quiet=asked.quiet)
    except NothingRead as nothing:
        write_rejected(asked.out, nothing.rejected, asked.batch)
        raise


def _whole(asked: Asked, scoring: "Scoring", outputs: Outputs) -> Summary:
    from engine.pipeline import score

    with progress_bar(scoring.batch.audit_count, quiet=asked.quiet) as progress:
        view = score(scoring, progress)
    if asked.out is not None:
        outputs.write(view, asked.out, scoring, tell=asked.tell)
    _print(view, asked)
    if asked.out is not None and not asked.quiet:
        say(f"written to {asked.out}")
    return view.summary


def _large(asked: Asked, scoring: "Scoring", outputs: Outputs) -> Summary:
    bars = partial(progress_bar, scoring.batch.audit_count, quiet=asked.quiet)
    if asked.output_format != "full":
        audits = f"audits are not printed above {MOST_FOR_PEOPLE:,}"
        say(f"--output-format {asked.output_format} is left out: {audits}")
    if asked.out is None:
        return _counted(asked, scoring, bars)
    view = _placed(asked, asked.out, scoring, outputs, bars)
    if not asked.quiet:
        say(closing(view))
        say(f"written to {asked.out}")
    return view.summary


def _placed(asked: Asked, out: Path, scoring: "Scoring", outputs: Outputs, bars: Bars) -> View:
    """Write a large batch; parts that an interrupted run of the same command finished are kept."""
    from engine.pipeline.kept import Kept, same_run

    if not outputs.in_parts:
        with placed(out) as folder:
            return outputs.write_large(scoring, folder, bars, tell=asked.tell)
    run = same_run(scoring)
    with placed(out, run) as folder:
        resuming = no_telling if asked.quiet else tell_resuming
        kept = Kept(folder.parent, folder, resuming)
        kept.begin(run)
        return outputs.write_large(scoring, folder, bars, tell=asked.tell, kept=kept)


def _counted(asked: Asked, scoring: "Scoring", bars: Bars) -> Summary:
    """Print the figures of a large batch that is not to be written."""
    from engine.pipeline import score_in_parts

    with bars() as progress:
        view = score_in_parts(scoring, None, progress)
    if asked.output_format == "full":
        show(figures(view, width()))
    elif not asked.quiet:
        say(closing(view))
    if not asked.quiet:
        say(f"audits are not listed above {MOST_FOR_PEOPLE:,}: --out writes them")
    return view.summary


def nowhere(why: str) -> Stop:
    """Return the end of a run in which something needs a folder for the results."""
    said = "no folder for the results is given"
    return Stop(Exit.USAGE, (Problem(Location("--out"), "U003", said, why),))


def _print(view: View, asked: Asked) -> None:
    show(FORMATS[asked.output_format](view, width()))
    if asked.output_format != "full" and not asked.quiet:
        say(closing(view))


def width() -> int:
    """Return how many characters a line of the screen has."""
    return shutil.get_terminal_size((100, 24)).columns


def refused(batch: Batch) -> Exit:
    """Say what was put aside, and that this ends the run."""
    tell_put_aside(batch)
    say("nothing was scored or written, because of --strict")
    return Exit.PUT_ASIDE


def tell_put_aside(batch: Batch) -> None:
    """Say what is wrong with a batch, and how many rows were put aside."""
    tell(batch.problems)
    if batch.rejected:
        rows = "1 row was" if len(batch.rejected) == 1 else f"{len(batch.rejected):,} rows were"
        say(f"{rows} put aside; the rest was read")


def exit_of(asked: Asked, batch: Batch, summary: Summary) -> Exit:
    """Return the exit code of a run that has scored."""
    if batch.rejected:
        return Exit.PUT_ASIDE
    found = {
        "alert": summary.alerts,
        "contradiction": summary.contradictions,
        "cap": summary.capped,
    }
    return Exit.FAILED if any(found[reason] for reason in asked.fail_on) else Exit.DONE


@contextmanager
def progress_bar(total: int, *, quiet: bool) -> "Iterator[Progress]":
    """Give a function that shows how many of `total` audits are done, on a terminal only."""
    import typer

    if quiet or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with typer.progressbar(length=total, label="scoring", file=sys.stderr) as bar:
        yield lambda done, _total: bar.update(done - bar.pos)
