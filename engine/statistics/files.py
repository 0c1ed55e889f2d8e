"""The files of a batch as the statistics see them: columns of small integers, a row an audit.

Grades are whole numbers from 1 (the worst) to `grades` (the best); 0 stands for a grade that is
not there. The row's number is all that is known of an audit here.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Tier(IntEnum):
    """How a file came to be drawn, or might have been."""

    OTHER = 0
    """drawn by the floor and by size"""
    CERTAINTY = 1
    """the auditor's grade is two or more above the record's, or a cap was broken"""
    ADDED = 2
    """chosen by a person on suspicion: moderated, and left out of every estimate"""


@dataclass(frozen=True)
class Files:
    """All files of a batch, N rows, whether moderated or not.

    `audited` the auditor's grade; `evidence` the record's own (the cap, or the best grade where
    there is none); `moderated` the moderator's blind grade, 0 where there is none; `auditor` the
    auditor's number from 0, -1 where none is named; `inclusion` the probability with which each
    file was drawn, above 0; `tier` a `Tier`; `drawn` whether the draw took it.
    """

    audited: Ints
    evidence: Ints
    moderated: Ints
    auditor: Ints
    inclusion: Floats
    tier: Ints
    drawn: Bools
    grades: int = 4

    def __len__(self) -> int:
        return len(self.audited)

    def only(self, rows: Bools) -> "Files":
        """Return some of the files: those where `rows` is true."""
        names = ("audited", "evidence", "moderated", "auditor", "inclusion", "tier", "drawn")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})
