"""Where `audit score` writes: which formats, and all of them at once or none."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
    "U003": "a large batch needs a folder for its results",
}
PARQUET = "parquet"
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
            raise Stop(Exit.USAGE, problems)
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
        """Write the summary of a large run, and what else was asked for, beside its Parquet."""
        names = [name for name in self.names or LARGE if name != PARQUET]
        left_out = write(view, folder, names)
        for name in left_out:
            say(f"{name} is left out: it is written for up to {MOST_FOR_PEOPLE:,} audits")

    @contextmanager
    def placed(self, out: Path) -> Iterator[Path]:
        """Give a folder beside `out` and, when all is written, move its files into place."""
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
            folder = Path(scratch) / "results"
            folder.mkdir()
            yield folder
            _move(folder, out)


def check_writable(out: Path) -> None:
    """Stop before any work if results cannot be written.

    Raises:
        Stop: the folder cannot be made or written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        said = f"the results cannot be written here ({why})"
        place = Location(str(out))
        raise Stop(
            Exit.USAGE, (Problem(place, "U002", said, "give another folder with --out"),)
        ) from None


def _move(folder: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.iterdir()):
        target = out / path.name
        if target.is_dir():
            shutil.rmtree(target)
        os.replace(path, target)
