"""What one look at all rows of a table showed, so that nobody has to look for it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Facts:
    """Figures of a table whose rows stand as they were read.

    `days` gives the first and the last day of a column of days, nothing of one that is blank.
    `recorded` is the least and the greatest number of days from an event to its recording, where
    any row tells. `words` are the distinct texts of columns that hold few. `hashes` is the sum of
    the hashes of all rows, where it was asked for.
    """

    rows: int
    filled: Mapping[str, int]
    days: Mapping[str, tuple[date, date] | None]
    recorded: tuple[int, int] | None = None
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hashes: int | None = None
