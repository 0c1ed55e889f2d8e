"""Where problems and rejected rows stand, told from the batch and not from the user's folders.

In: a location that begins with the path as it was typed. Out: the same without that path, so that
a file that is written says the same wherever the batch lies and tells nobody's home folder.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from engine.errors import Location
from engine.records.batch import Rejected


def in_batch(location: Location, batch: str) -> Location:
    """Return a location as it stands within the batch that the user named.

    >>> str(in_batch(Location("in/march/visits.csv", line=2), "in/march"))
    'visits.csv:2'
    >>> str(in_batch(Location("in/march.xlsx", sheet="Visits"), "in/march.xlsx"))
    'march.xlsx!Visits'
    >>> str(in_batch(Location("in/ssd/visits.csv", line=2), "in/march.xlsx, in/ssd"))
    'ssd/visits.csv:2'
    """
    return replace(location, file=_file(location.file, batch))


def rejected_in_batch(rejected: Iterable[Rejected], batch: str) -> Iterator[Rejected]:
    """Yield the rows put aside, their files told from the batch."""
    for row in rejected:
        yield replace(row, file=_file(row.file, batch))


def _file(file: str, batch: str) -> str:
    # forms that were joined with records are two inputs; each keeps its own last name
    for one in (batch, *batch.split(", ")):
        if file == one:
            return PurePosixPath(file).name or file
        inner = file.removeprefix(f"{one.rstrip('/')}/")
        if inner != file:
            return inner if one == batch else f"{PurePosixPath(one).name}/{inner}"
    return file
