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
from engine.errors import Exit, Location, Problem, Stop
from engine.records.batch import Batch, NothingRead
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

    def tell(self, text: str) -> None:
        """Say how far the run has come, to a person who watches."""
        if not self.quiet and sys.stderr.isatty():
            say(text)


def run_score(asked: Asked) -> Exit:
    """Score a batch; return the exit code."""
    outputs = Outputs.parse(asked.write)
    if asked.out is None and asked.write is not None:
        raise _nowhere("formats to be written are named with --write")
    inputs = filter(None, (asked.batch, asked.records))
    given = (asked.rules, asked.as_of, asked.out, inputs)
    rulebook, as_of = begin(*given, quiet=asked.quiet, examples=False)
    with _read(asked, rulebook) as batch:
        if asked.strict and batch.rejected:
            return _refused(batch)
        from engine.cli.kept_verdicts import kept_verdicts
        from engine.pipeline import Scoring

        tell_if_old(batch, as_of)
        scoring = Scoring(rulebook, batch, as_of, plain=asked.plain, store=kept_verdicts())
        if batch.audit_count > MOST_FOR_PEOPLE:
            summary = _large(asked, scoring, outputs)
        else:
            summary = _whole(asked, scoring, outputs)
        _tell_put_aside(batch)
        return _exit(asked, batch, summary)


def _read(asked: Asked, rulebook: Rulebook) -> Batch:
    mapping = mapping_of(asked.mapping, rulebook)
    try:
        source = Source(asked.batch, asked.records, asked.trust, mapping)
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
    with placed(asked.out) as folder:
        view = outputs.write_large(scoring, folder, bars, tell=asked.tell)
    if not asked.quiet:
        say(closing(view))
        say(f"written to {asked.out}")
    return view.summary


def _counted(asked: Asked, scoring: "Scoring", bars: Bars) -> Summary:
    """Print the figures of a large batch that is not to be written."""
    from engine.pipeline import score_in_parts

    with bars() as progress:
        view = score_in_parts(scoring, None, progress)
    if asked.output_format == "full":
        show(figures(view, _width()))
    elif not asked.quiet:
        say(closing(view))
    if not asked.quiet:
        say(f"audits are not listed above {MOST_FOR_PEOPLE:,}: --out writes them")
    return view.summary


def _nowhere(why: str) -> Stop:
    said = "no folder for the results is given"
    return Stop(Exit.USAGE, (Problem(Location("--out"), "U003", said, why),))


def _print(view: View, asked: Asked) -> None:
    show(FORMATS[asked.output_format](view, _width()))
    if asked.output_format != "full" and not asked.quiet:
        say(closing(view))


def _width() -> int:
    return shutil.get_terminal_size((100, 24)).columns


def _refused(batch: Batch) -> Exit:
    _tell_put_aside(batch)
    say("nothing was scored or written, because of --strict")
    return Exit.PUT_ASIDE


def _tell_put_aside(batch: Batch) -> None:
    tell(batch.problems)
    if batch.rejected:
        rows = "1 row was" if len(batch.rejected) == 1 else f"{len(batch.rejected):,} rows were"
        say(f"{rows} put aside; the rest was read")


def _exit(asked: Asked, batch: Batch, summary: Summary) -> Exit:
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
