"""Where `audit score` writes: which formats, and all of them at once or none."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import say
from engine.errors import Exit, Location, Problem, Stop, nearest
from engine.reports import FORMATS, MOST_FOR_PEOPLE, Format, write

if TYPE_CHECKING:
    from engine.pipeline import Scoring
    from engine.reports.view import View

CODES = {
    "U001": "a format that cannot be written",
    "U002": "the folder for the results cannot be written to",
    "U003": "results are to be written and no folder is given",
}
PARQUET = "parquet"
REJECTED = "rejected.csv"
SMALL = ("json", "csv", "xlsx", "html")
LARGE = ("json", PARQUET)


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

    def write(self, view: "View", out: Path, scoring: "Scoring") -> None:
        """Write a view in the formats asked for."""
        from engine.pipeline import score_in_parts

        def in_parts(_: "View", folder: Path) -> None:
            score_in_parts(scoring, folder)

        parquet = Format(in_parts)
        with self.placed(out) as folder:
            write(view, folder, self.names or SMALL, {PARQUET: parquet})

    def write_large(self, view: "View", folder: Path) -> None:
        """Write the summary of a large run beside its Parquet; other formats need its audits."""
        names = [name for name in self.names or LARGE if name != PARQUET]
        write(view, folder, [name for name in names if name in LARGE])
        for name in names:
            if name in LARGE:
                continue
            say(f"{name} is left out: it is written for up to {MOST_FOR_PEOPLE:,} audits")

    @contextmanager
    def placed(self, out: Path) -> Iterator[Path]:
        """Give a folder inside `out` and, when all is written, move its files into place.

        Raises:
            Stop: the results cannot be written; what stood there before still does.
        """
        made = _missing(out)
        try:
            out.mkdir(parents=True, exist_ok=True)
            # inside `out`, since another folder may be read-only or on another disk
            with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=out) as scratch:
                folder = Path(scratch) / "results"
                folder.mkdir()
                yield folder
                _move(folder, out)
        except BaseException as error:
            _take_away(made)
            if reason := _reason(error):
                raise _unwritable(out, reason) from None
            raise


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
        return str(error).removeprefix("IO Error: ").partition("\n")[0].lower()
    # XlsxWriter wraps what went wrong in an error of its own
    inner = error if isinstance(error, OSError) else next(iter(error.args), None)
    return (inner.strerror or "no reason given").lower() if isinstance(inner, OSError) else ""


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
