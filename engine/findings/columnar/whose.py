"""Whose row it is: the number of an audit told from the hash of its id.

Rows of an audit mostly stand together, so each run of rows is looked up once, wherever it stands;
a join of texts in the database takes twice as long, for each table anew.
"""

from dataclasses import dataclass
from typing import Self

import duckdb
import numpy as np

from engine.findings.columnar.columns import Array, Places

# slots for each audit, so that few meet in one
ROOM = 8


@dataclass(frozen=True)
class Whose:
    """The audits of a slice by the hashes of their ids, which all differ.

    `slots` gives for the low bits of a hash one audit that has them, any where none has.
    """

    hashes: Array
    slots: Array
    order: Places

    @classmethod
    def of(cls, hashes: Array) -> Self | None:
        """Return the audits with these hashes, numbered from nought; none where two are alike."""
        order = np.argsort(hashes)
        ordered = hashes[order]
        if not len(hashes) or (ordered[1:] == ordered[:-1]).any():
            return None
        slots = np.zeros(1 << (ROOM * len(hashes)).bit_length(), dtype=np.int32)
        slots[_low(hashes, slots)] = np.arange(len(hashes), dtype=np.int32)
        return cls(hashes, slots, order)

    def numbers(self, hashes: Array) -> Array:
        """Return the number of each row's audit; -1 of one that is not in the slice."""
        if not len(hashes):
            return np.empty(0, dtype=np.int32)
        begins = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
        found = self._looked_up(hashes[begins])
        return np.repeat(found, np.diff(begins, append=len(hashes)))

    def _looked_up(self, hashes: Array) -> Array:
        found = self.slots.take(_low(hashes, self.slots))
        astray = np.flatnonzero(self.hashes.take(found) != hashes)
        left = hashes[astray]
        at = np.searchsorted(self.hashes, left, sorter=self.order)
        near = self.order.take(at, mode="clip")
        found[astray] = np.where(self.hashes.take(near) == left, near, -1)
        return found


def whose_of(con: duckdb.DuckDBPyConnection) -> Whose | None:
    """Return the audits of a laid-out slice by the hashes of their ids."""
    found = con.execute("SELECT hash(audit_id) AS whose FROM audits ORDER BY a").fetchnumpy()
    return Whose.of(np.asarray(found["whose"]))


def _low(hashes: Array, slots: Array) -> Array:
    low: Array = np.bitwise_and(hashes, np.uint64(len(slots) - 1)).view(np.int64)
    return low
