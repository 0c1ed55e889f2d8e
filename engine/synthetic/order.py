"""What is asked for, where it goes, and what was made.

In: the words of the command line. Out: an `Order` that can be carried out, or a `Stop`.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.errors import Exit, Location, Problem, Stop, nearest

FORMATS = ("parquet", "csv", "jsonl", "xlsx")
# Numbers of audits have eight digits, so that their order as text is their order as numbers.
MOST_AUDITS = 99_999_999

CODES: dict[str, str] = {
    "S001": "a batch of that size cannot be made",
    "S002": "there is no such format",
    "S003": "the place for a synthetic batch is taken",
    "S004": "a sheet of a workbook has no room for so many rows",
    "S005": "a synthetic batch cannot be written",
}


@dataclass(frozen=True)
class Order:
    """How many audits, where to, from which seed, and in which format.

    `out` is a folder; for a workbook or JSON Lines it may also be the file itself.
    """

    count: int
    out: Path
    seed: int = 1
    format: str = "csv"

    @property
    def is_file(self) -> bool:
        """Say whether `out` names the one file to be written.

        >>> Order(5, Path("a.xlsx"), format="xlsx").is_file, Order(5, Path("a")).is_file
        (True, False)
        """
        return self.format in ("jsonl", "xlsx") and self.out.suffix == f".{self.format}"

    @property
    def truth(self) -> Path:
        """Return the folder beside the batch that holds what only its maker knows.

        >>> Order(5, Path("made/a.xlsx"), format="xlsx").truth.as_posix()
        'made/a.truth'
        """
        stem = self.out.stem if self.is_file else self.out.name
        return self.out.with_name(f"{stem}.truth")


@dataclass(frozen=True)
class Manifest:
    """What was made: rows by table, where the batch is and where the truth about it is."""

    audits: int
    seed: int
    format: str
    rows: Mapping[str, int]
    out: Path
    truth: Path


def stop(place: Path, code: str, message: str, way_out: str = "") -> Stop:
    """Return the end of a run that was asked for something that cannot be made."""
    return Stop(Exit.USAGE, (Problem(Location(str(place)), code, message, way_out),))


def check(order: Order) -> None:
    """Refuse an order that cannot be carried out, before anything is written."""
    if order.format not in FORMATS:
        known = nearest(order.format, FORMATS) or f"formats are {', '.join(FORMATS)}"
        raise stop(order.out, "S002", f"there is no format `{order.format}`", known)
    if not 1 <= order.count <= MOST_AUDITS:
        message = f"a batch of `{order.count}` audits cannot be made"
        raise stop(order.out, "S001", message, f"ask for 1 to {MOST_AUDITS} audits")
    for place in (order.out, order.truth):
        if not _free(place):
            way_out = "name another place, or take away what is there"
            raise stop(place, "S003", "there is something here already", way_out)


def _free(place: Path) -> bool:
    return not place.exists() or (place.is_dir() and not any(place.iterdir()))


@contextmanager
def under_construction(order: Order) -> Iterator[Path]:
    """Give a folder to build in; what is whole at the end takes its place, else nothing stays."""
    from duckdb import IOException

    site = order.out.with_name(f"{order.out.name}.partial")
    try:
        shutil.rmtree(site, ignore_errors=True)
        for name in ("batch", "truth", "scratch"):
            (site / name).mkdir(parents=True)
        yield site
        _take_place(site, order)
    except (OSError, IOException) as error:
        reason = (getattr(error, "strerror", None) or str(error).partition("\n")[0]).lower()
        raise stop(order.out, "S005", f"the batch cannot be written ({reason})") from error
    finally:
        shutil.rmtree(site, ignore_errors=True)


def _take_place(site: Path, order: Order) -> None:
    for place in (order.out, order.truth):
        if place.is_dir():
            place.rmdir()
    made = site / "batch"
    (next(made.iterdir()) if order.is_file else made).rename(order.out)
    (site / "truth").rename(order.truth)
