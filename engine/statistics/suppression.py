"""Which counts to hide, so that no count of 1 to 5 can be worked out from those that stay.

Hiding the small counts is not enough: a total less its other parts gives them back. So further
counts are hidden until, for each small one, there is proof that the reader cannot tell: two other
sets of whole numbers that agree with all that is still to be seen, in one of which the count is 1
and in the other 5. Proofs of that kind hold against any way of working it out, and hiding more
later never breaks one. Which further counts to hide is the cheapest alternative of least change
(Kelly, Golden and Assad 1992; Fischetti and Salazar-González, *Management Science* 2001).
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from engine.statistics.counts import LARGEST, SMALLEST, Counts, Relation, small
from engine.statistics.files import Floats, Ints

WIDE = LARGEST - SMALLEST
"""how far apart the values must be that remain possible"""
FAR = 10
"""in search of an alternative no count is moved further than this many times the largest"""


def suppress(counts: Counts) -> frozenset[str]:
    """Return the keys to hide, of those that are printed; the same counts, the same keys.

    Noughts stay. After that, of every small count, printed or not, at least five values remain
    possible to a reader who knows every relation, every count that stays, that counts are whole
    and not below nought, and that what is hidden is no nought; from 1 to 5 wherever the relations
    themselves allow 1. Raises ValueError where a relation does not hold or names an unknown key.
    """
    counts.check()
    hidden = {key for key in counts.printed if small(counts.values[key])}
    for group in _connected(counts):
        _Group(counts, group).protect(hidden)
    return frozenset(hidden)


def _connected(counts: Counts) -> list[list[str]]:
    """Return groups of keys that relations connect, in order; a nought connects nothing."""
    leader = {key: key for key in sorted(counts.values)}

    def lead(key: str) -> str:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for relation in counts.relations:
        free = [k for k in (relation.total, *relation.parts) if not _fixed(counts, k)]
        for key in free[1:]:
            leader[lead(key)] = lead(free[0])
    groups: dict[str, list[str]] = {}
    for key in leader:
        if not _fixed(counts, key):
            groups.setdefault(lead(key), []).append(key)
    return list(groups.values())


def _fixed(counts: Counts, key: str) -> bool:
    """Say whether a count stays as it is: a nought that is printed."""
    return counts.values[key] == 0 and key in counts.printed


class _Group:
    """Connected counts, as a problem of whole numbers: how much each goes up and how much down."""

    def __init__(self, counts: Counts, keys: list[str]) -> None:
        self.counts = counts
        self.keys = keys
        self.at = {key: place for place, key in enumerate(keys)}
        self.value = np.array([counts.values[key] for key in keys], dtype=np.int64)
        self.far = FAR * max(int(self.value.max()), LARGEST)
        self.printed = np.array([key in counts.printed for key in keys])
        self.least = np.where(self.printed, 1, 0)
        self.cost = np.array([counts.cost.get(key, 1) for key in keys], dtype=np.float64)
        self.matrix = self._relations()

    def _relations(self) -> csr_array:
        rows: list[tuple[int, int, int]] = []
        inside = [r for r in self.counts.relations if self._moves(r)]
        for row, relation in enumerate(inside):
            rows += [(row, self.at[key], 1) for key in relation.parts if key in self.at]
            rows += [(row, self.at[key], -1) for key in (relation.total,) if key in self.at]
        where = ([r for r, _, _ in rows], [c for _, c, _ in rows])
        made = csr_array(([v for _, _, v in rows], where), shape=(len(inside), len(self.keys)))
        return csr_array(hstack([made, -made]))

    def _moves(self, relation: Relation) -> bool:
        return any(key in self.at for key in (relation.total, *relation.parts))

    def protect(self, hidden: set[str]) -> None:
        """Hide, besides those already hidden, what keeps every small count from being told."""
        smalls = [
            place
            for place, key in enumerate(self.keys)
            if small(int(self.value[place])) and key not in self.counts.loose
        ]
        low, high = self.value.copy(), self.value.copy()
        for place in sorted(smalls, key=lambda p: (self.value[p], self.keys[p])):
            if low[place] > SMALLEST:
                other = self._other(place, self._floor(place), hidden)
                low, high = np.minimum(low, other), np.maximum(high, other)
            ceiling = max(LARGEST, int(low[place]) + WIDE)
            if high[place] < ceiling:
                other = self._other(place, ceiling, hidden)
                low, high = np.minimum(low, other), np.maximum(high, other)

    def _floor(self, place: int) -> int:
        """Return the least that a count can be if all is hidden, but no less than is needed.

        A count of two hidden ones is two at least: the relations say so, whatever is hidden.
        """
        down = np.zeros(2 * len(self.keys))
        down[place], down[len(self.keys) + place] = 1, -1
        least = SMALLEST - int(self.value[place])
        return int(self._solved(down, self._bounds(place, least, 0))[place])

    def _other(self, place: int, wanted: int, hidden: set[str]) -> Ints:
        """Return other counts in which one is as wanted or beyond, and hide what differs there.

        Of all there are, the ones that cost least: a count already hidden, or not printed, is
        free, another costs its price times how far it moves.
        """
        open_ = self.printed & np.array([key not in hidden for key in self.keys])
        price = np.where(open_, self.cost, 0.0)
        by = wanted - int(self.value[place])
        low, high = (by, self.far) if by > 0 else (self.least[place] - self.value[place], by)
        found = self._solved(np.concatenate([price, price]), self._bounds(place, low, high))
        moved = np.flatnonzero((found != self.value) & self.printed)
        hidden.update(self.keys[p] for p in moved)
        return found

    def _bounds(self, place: int, low: int, high: int) -> Bounds:
        """Return how far up and how far down each may go; one of them between `low` and `high`."""
        up = np.full(len(self.keys), self.far)
        down = self.value - self.least
        up[place], down[place] = max(high, 0), max(-low, 0)
        least = np.zeros(2 * len(self.keys))
        least[place], least[len(self.keys) + place] = max(low, 0), max(-high, 0)
        return Bounds(least, np.concatenate([up, down]))

    def _solved(self, price: Floats, bounds: Bounds) -> Ints:
        """Return the counts that cost least within bounds.

        There always are some: relations stay true if every count is multiplied by one number.
        """
        rules = LinearConstraint(self.matrix, 0, 0) if self.matrix.shape[0] else None
        result = milp(
            price, integrality=np.ones(len(price), dtype=np.int64), bounds=bounds, constraints=rules
        )
        if result.x is None:
            raise AssertionError(f"no other counts: {result.message}")
        moves = np.rint(result.x).astype(np.int64)
        return np.asarray(self.value + moves[: len(self.keys)] - moves[len(self.keys) :])
