"""`audit score`: read, score, print, write."""

import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import open_rulebook, say, show, tell, today
from engine.cli.outputs import Outputs, check_writable
from engine.errors import Exit, Location, Problem, Stop
from engine.records import read_batch
from engine.records.batch import Batch
from engine.reports import MOST_FOR_PEOPLE
from engine.reports.screen import FORMATS, closing
from engine.reports.view import Summary, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.pipeline import Progress, Scoring


@dataclass(frozen=True)
class Asked:
    """What the user asked of `audit score`."""

    batch: str
    rules: Path | None
    as_of: date | None
    out: Path | None
    write: str | None
    output_format: str
    fail_on: tuple[str, ...]
    strict: bool
    quiet: bool
    plain: bool


def run_score(asked: Asked) -> Exit:
    """Score a batch; return the exit code."""
    outputs = Outputs.parse(asked.write)
    if asked.out is not None:
        check_writable(asked.out)
    elif asked.write is not None:
        raise _nowhere("formats to be written are named with --write")
    rulebook = open_rulebook(asked.rules)
    as_of = asked.as_of or today()
    if not asked.quiet:
        book = rulebook.book
        say(f"rules: {rulebook.folder} ({book.title}, {book.version}); as of {as_of}")
    with read_batch(asked.batch, rulebook.fields, rulebook.allowed) as batch:
        if asked.strict and batch.rejected:
            return _refused(batch)
        from engine.pipeline import Scoring

        scoring = Scoring(rulebook, batch, as_of, plain=asked.plain)
        if batch.audit_count > MOST_FOR_PEOPLE:
            summary = _large(asked, scoring, outputs)
        else:
            summary = _whole(asked, scoring, outputs)
        _tell_put_aside(batch)
        return _exit(asked, batch, summary)


def _whole(asked: Asked, scoring: "Scoring", outputs: Outputs) -> Summary:
    from engine.pipeline import score

    with progress_bar(scoring.batch.audit_count, quiet=asked.quiet) as progress:
        view = score(scoring, progress)
    if asked.out is not None:
        outputs.write(view, asked.out, scoring)
    _print(view, asked)
    if asked.out is not None and not asked.quiet:
        say(f"written to {asked.out}")
    return view.summary


def _large(asked: Asked, scoring: "Scoring", outputs: Outputs) -> Summary:
    from engine.pipeline import score_in_parts

    number = scoring.batch.audit_count
    if asked.out is None:
        most = f"{MOST_FOR_PEOPLE:,}"
        raise _nowhere(f"a batch of more than {most} audits is written to files and not printed")
    with (
        outputs.placed(asked.out) as folder,
        progress_bar(number, quiet=asked.quiet) as progress,
    ):
        view = score_in_parts(scoring, folder, progress)
        outputs.write_large(view, folder)
    if not asked.quiet:
        say(closing(view))
        say(f"written to {asked.out}")
    return view.summary


def _nowhere(why: str) -> Stop:
    said = "no folder for the results is given"
    return Stop(Exit.USAGE, (Problem(Location("--out"), "U003", said, why),))


def _print(view: View, asked: Asked) -> None:
    width = shutil.get_terminal_size((100, 24)).columns
    show(FORMATS[asked.output_format](view, width))
    if asked.output_format != "full" and not asked.quiet:
        say(closing(view))


def _refused(batch: Batch) -> Exit:
    _tell_put_aside(batch)
    say("nothing was scored, because of --strict")
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
