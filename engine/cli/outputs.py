"""Where `audit score` writes: which formats, and all of them at once or none."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import Given, books, open_rulebook, say, today
from engine.cli.unfinished import Run, scratch_in
from engine.errors import Exit, Location, Problem, Stop, nearest, reason
from engine.reports import FORMATS, MOST_FOR_PEOPLE, as_csv, write
from engine.reports.places import rejected_in_batch
from engine.rulebook.book import Rulebook

if TYPE_CHECKING:
    from engine.pipeline import Scoring
    from engine.pipeline.kept import Kept
    from engine.records.batch import Rejected
    from engine.reports.view import View

CODES = {
    "U001": "a format that cannot be written",
    "U002": "the folder for the results, or standard output, cannot be written to",
    "U003": "results are to be written and no folder is given",
    "U004": "the folder for the results is the batch, or is inside it",
}
PARQUET = "parquet"
REJECTED = "rejected.csv"
SMALL = ("json", "csv", "xlsx", "html")
LARGE = ("json", PARQUET)
STREAMED = ("json", "csv", PARQUET)
FILES = {
    "json": "results.json",
    "csv": "moderated.csv, findings.csv and data_quality.csv",
    "xlsx": "moderated.xlsx",
    "html": "report.html",
    PARQUET: "moderated/*.parquet",
}

Tell = Callable[[str], None]
Bars = Callable[[], AbstractContextManager[Callable[[int, int], None]]]


@dataclass(frozen=True)
class Outputs:
    """The formats that were asked for; none named: the usual ones for the size of the batch."""

    names: tuple[str, ...] | None

    @classmethod
    def parse(cls, text: str | None) -> "Outputs":
        """Read a list such as `json,csv`.

        Raises:
            Stop: a name is not a format.
        """
        if text is None:
            return cls(None)
        known = (*FORMATS, PARQUET)
        names = tuple(
            dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip())
        )
        problems = tuple(
            Problem(Location("--write"), "U001", f"`{name}` is not a format",
                    nearest(name, known) or f"formats: {', '.join(known)}")
            for name in names if name not in known
        )  # fmt: skip
        if problems:
            raise Stop(Exit.USAGE, tuple(sorted(problems)))
        return cls(names)

    def write(self, view: "View", out: Path, scoring: "Scoring", *, tell: Tell) -> None:
        """Write a view in the formats asked for."""
        from engine.pipeline import score_in_parts

        def in_parts(_: "View", folder: Path) -> None:
            score_in_parts(scoring, folder)

        with placed(out) as folder:
            said = partial(_tell_writing, tell)
            write(view, folder, self.names or SMALL, {PARQUET: in_parts}, said)

    @property
    def in_parts(self) -> bool:
        """Say whether a large batch is written part by part, so that a run can be resumed."""
        return PARQUET in (self.names or LARGE)

    def write_large(
        self,
        scoring: "Scoring",
        folder: Path,
        progress: Bars,
        *,
        tell: Tell,
        kept: "Kept | None" = None,
    ) -> "View":
        """Score a large batch into the formats that do not need all audits at once."""
        names = self.names or LARGE
        for name in names:
            if name not in STREAMED:
                say(f"{name} is left out: it is written for up to {MOST_FOR_PEOPLE:,} audits")
        view = _streamed(scoring, folder, names, progress, kept)
        if "csv" in names:
            as_csv.write_quality(view, folder)
        summary = [name for name in names if name == "json"]
        write(view, folder, summary, before=partial(_tell_writing, tell))
        return view


def _tell_writing(tell: Tell, name: str) -> None:
    tell(f"writing {FILES[name]} ...")


def _streamed(
    scoring: "Scoring", folder: Path, names: Sequence[str], progress: Bars, kept: "Kept | None"
) -> "View":
    """Write audits as they are scored; without a format for them they are counted."""
    from engine.pipeline import score_in_parts, score_one_by_one

    def parts() -> "View":
        with progress() as bar:
            return score_in_parts(scoring, folder if PARQUET in names else None, bar, kept)

    if "csv" not in names:
        return parts()
    if PARQUET in names:  # first, because parts clear away what a run before them left
        parts()
    with as_csv.one_by_one(folder) as take, progress() as bar:
        return score_one_by_one(scoring, take, bar)


@contextmanager
def placed(out: Path, run: Run | None = None) -> Iterator[Path]:
    """Give a folder inside `out` and, when all is written, move its files into place.

    Of a `run` that is named, the parts that an earlier one finished stand in the folder.

    Raises:
        Stop: the results cannot be written; what stood there before still does.
    """
    made = _missing(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with scratch_in(out, run) as scratch:
            folder = scratch / "results"
            folder.mkdir(exist_ok=True)
            yield folder
            _move(folder, out)
    except BaseException as error:
        _take_away(made)
        if reason := _reason(error):
            raise _unwritable(out, reason) from None
        raise


def write_rejected(out: Path | None, rejected: Iterable["Rejected"], batch: str) -> None:
    """Write the rows of a batch that were put aside, and nothing else; say where."""
    rows = tuple(rejected_in_batch(rejected, batch))
    if out is None or not rows:
        return
    with placed(out) as folder:
        as_csv.write_rejected(rows, folder)
    say(f"the rows put aside are listed in {out / REJECTED}")


def check_apart(out: Path, batch: str) -> None:
    """Stop before any work if results would be written into the batch itself.

    Raises:
        Stop: a later run would find the results in the batch.
    """
    folder = Path(batch)
    if not folder.is_dir() or not out.resolve().is_relative_to(folder.resolve()):
        return
    said = f"the results would be written into the batch `{batch}`"
    help_ = "give a folder outside it with --out"
    raise Stop(Exit.USAGE, (Problem(Location(str(out)), "U004", said, help_),))


def begin(
    rules: Given,
    as_of: date | None,
    out: Path | None,
    inputs: Iterable[str],
    *,
    quiet: bool,
    examples: bool = True,
) -> tuple[Rulebook, date]:
    """Return the rulebook and the day of a run on a batch, after telling a person of both.

    Raises:
        Stop: results cannot be written where they were asked for, or the rulebook has errors.
    """
    if out is not None:
        for given in inputs:
            check_apart(out, given)
        check_writable(out)
    rulebook = open_rulebook(rules, examples=examples)
    day = as_of or today()
    if not quiet:
        say(f"rules: {books(rulebook)}; as of {day}")
    return rulebook, day


def check_writable(out: Path) -> None:
    """Stop before any work if results cannot be written.

    Raises:
        Stop: the folder cannot be made or written to.
    """
    made = _missing(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise _unwritable(out, _reason(error)) from None
    finally:
        _take_away(made)


def _unwritable(out: Path, reason: str) -> Stop:
    said = f"the results cannot be written here ({reason})"
    help_ = "give another folder with --out"
    return Stop(Exit.USAGE, (Problem(Location(str(out)), "U002", said, help_),))


def _reason(error: BaseException) -> str:
    """Return why something could not be written; nothing if the error is of another kind."""
    import duckdb

    if isinstance(error, duckdb.IOException):
        return _told_by_database(str(error))
    # XlsxWriter wraps what went wrong in an error of its own
    inner = error if isinstance(error, OSError) else next(iter(error.args), None)
    return reason(inner) if isinstance(inner, OSError) else ""


def _told_by_database(text: str) -> str:
    """Return what the database says, which it may wrap in JSON, in plain words.

    >>> _told_by_database('IO Error: Async write failed: {"exception_message":"x","errno":"28"}')
    'no space left on device'
    """
    _, brace, inner = text.partition("{")
    with suppress(ValueError):
        wrapped = json.loads(brace + inner)
        if "errno" in wrapped:  # the rest names a temporary file that nobody knows
            return os.strerror(int(wrapped["errno"])).lower()
        text = wrapped.get("exception_message", text)
    if "No space left on device" in text:
        return "no space left on device"
    return text.removeprefix("IO Error: ").partition("\n")[0].lower()


def _missing(out: Path) -> tuple[Path, ...]:
    """Return the folders that are not there yet, the innermost first."""
    return tuple(path for path in (out, *out.parents) if not path.exists())


def _take_away(made: tuple[Path, ...]) -> None:
    """Take folders away again that were made for nothing; one that is in use stays."""
    with suppress(OSError):
        for path in made:
            path.rmdir()


def _move(folder: Path, out: Path) -> None:
    # an earlier run's list of rows put aside would seem to be this one's
    (out / REJECTED).unlink(missing_ok=True)
    for path in sorted(folder.iterdir()):
        target = out / path.name
        if target.is_dir():
            shutil.rmtree(target)
        path.replace(target)
