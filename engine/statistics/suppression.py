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
from engine.statistics.files import Bools, Floats, Ints

WIDE = LARGEST - SMALLEST
"""how far apart the values must be that remain possible"""
FAR = 10
"""in search of an alternative no count is moved further than this many times the largest"""
NEAR = 1e-6
"""what the solver calls a whole number may be off by this"""


def suppress(counts: Counts) -> frozenset[str]:
    """Return the keys to hide, of those that are printed; the same counts, the same keys.

    Noughts stay. After that, of every small count, printed or not, at least five values remain
    possible to a reader who knows every relation, every count that stays, that counts are whole
    and not below nought, and that what is hidden is no nought; from 1 to 5 wherever the relations
    themselves allow 1. Raises ValueError where a relation does not hold or names an unknown key.
    """
    counts.check()
    hidden = {key for key in counts.printed if small(counts.values[key])}
    for keys, relations in _connected(counts):
        guarded = [key for key in keys if small(counts.values[key]) and key not in counts.loose]
        if guarded and relations:
            _Group(counts, keys, relations).protect(guarded, hidden)
    return frozenset(hidden)


def _connected(counts: Counts) -> list[tuple[list[str], list[Relation]]]:
    """Return groups of keys that relations connect, in order; a printed nought connects nothing."""
    free = [k for k in sorted(counts.values) if counts.values[k] or k not in counts.printed]
    leader = {key: key for key in free}

    def lead(key: str) -> str:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    moving = [(r, [key for key in r.keys if key in leader]) for r in sorted(counts.relations)]
    for _, keys in moving:
        for key in keys[1:]:
            leader[lead(key)] = lead(keys[0])
    groups: dict[str, tuple[list[str], list[Relation]]] = {}
    for key in free:
        groups.setdefault(lead(key), ([], []))[0].append(key)
    for relation, keys in moving:
        if keys:
            groups[lead(keys[0])][1].append(relation)
    return list(groups.values())


class _Group:
    """Connected counts, as a problem of whole numbers: how much each goes up and how much down."""

    def __init__(self, counts: Counts, keys: list[str], relations: list[Relation]) -> None:
        self.keys = keys
        self.at = {key: place for place, key in enumerate(keys)}
        self.value = np.array([counts.values[key] for key in keys], dtype=np.int64)
        self.far = FAR * max(int(self.value.max()), LARGEST)
        self.printed = np.array([key in counts.printed for key in keys])
        self.least = np.where(self.printed, 1, 0)
        self.cost = np.array([counts.cost.get(key, 1) for key in keys], dtype=np.float64)
        self.rules = LinearConstraint(self._matrix(relations), 0, 0)
        # INVARIANT: the least and the most of each count in alternatives that differ from the
        # truth in hidden counts alone; hiding more takes nothing from them
        self.low, self.high = self.value.copy(), self.value.copy()

    def _matrix(self, relations: list[Relation]) -> csr_array:
        cells = [
            (row, self.at[key], sign)
            for row, relation in enumerate(relations)
            for key, sign in [(relation.total, -1), *((part, 1) for part in relation.parts)]
            if key in self.at
        ]
        rows, columns, signs = zip(*cells, strict=True)
        made = csr_array((signs, (rows, columns)), shape=(len(relations), len(self.keys)))
        return csr_array(hstack([made, -made]))

    def protect(self, guarded: list[str], hidden: set[str]) -> None:
        """Hide, besides those already hidden, what keeps every guarded count from being told."""
        places = sorted((self.at[key] for key in guarded), key=lambda p: (self.value[p], p))
        for wanted in (SMALLEST, LARGEST):
            self._sweep(places, wanted, hidden)
        for place in places:
            if self.low[place] > SMALLEST and not self._other(place, SMALLEST, hidden):
                self._other(place, self._floor(place), hidden)
            ceiling = max(LARGEST, int(self.low[place]) + WIDE)
            if self.high[place] < ceiling and not self._other(place, ceiling, hidden):
                # relations stay true if every count is multiplied by one number
                raise AssertionError(f"no other counts with more of `{self.keys[place]}`")

    def _open(self, hidden: set[str]) -> Bools:
        """Say which counts are to be seen."""
        seen = np.array([key not in hidden for key in self.keys], dtype=np.bool_)
        return np.asarray(self.printed & seen, dtype=np.bool_)

    def _sweep(self, places: list[int], wanted: int, hidden: set[str]) -> None:
        """Look for one alternative in which many guarded counts are as wanted, hiding no more.

        It saves looking for each; what it does not find is looked for one by one.
        """
        up = wanted == LARGEST
        aim, bounds, fixed = np.zeros(2 * len(self.keys)), self._bounds(), self._open(hidden)
        bounds.ub[np.concatenate([fixed, fixed])] = 0
        for place in places:
            reached = self.high[place] >= wanted if up else self.low[place] <= wanted
            if not (reached or fixed[place]):
                more, less = (place, len(self.keys) + place)[:: 1 if up else -1]
                bounds.ub[more] = abs(wanted - int(self.value[place]))
                aim[[more, less]] = -1, 1
        found = self._solved(aim, bounds, whole=False)
        if found is not None:
            self._note(found)

    def _floor(self, place: int) -> int:
        """Return the least that a count can be if all is hidden, but no less than is needed.

        A count of two hidden ones is two at least: the relations say so, whatever is hidden.
        """
        down, size = np.zeros(2 * len(self.keys)), len(self.keys)
        down[place], down[size + place] = 1, -1
        bounds = self._bounds()
        bounds.ub[place], bounds.ub[size + place] = 0, self.value[place] - SMALLEST
        found = self._solved(down, bounds, whole=True)
        return int(self.value[place] if found is None else found[place])

    def _other(self, place: int, wanted: int, hidden: set[str]) -> bool:
        """Find an alternative in which one count is as wanted or beyond; hide what differs there.

        Of all there are, one that costs least: a count already hidden, or not printed, is free,
        another costs its price times how far it moves. Say whether there is any.
        """
        if self.low[place] <= wanted <= self.high[place]:
            return True
        price = np.where(self._open(hidden), self.cost, 0.0)
        by, bounds = wanted - int(self.value[place]), self._bounds()
        bounds.lb[place if by > 0 else len(self.keys) + place] = abs(by)
        bounds.ub[len(self.keys) + place if by > 0 else place] = 0
        price = np.concatenate([price, price])
        found = self._solved(price, bounds, whole=False)
        if found is None:
            found = self._solved(price, bounds, whole=True)
        if found is None:
            return False
        hidden.update(self.keys[p] for p in np.flatnonzero((found != self.value) & self.printed))
        self._note(found)
        return True

    def _note(self, other: Ints) -> None:
        self.low, self.high = np.minimum(self.low, other), np.maximum(self.high, other)

    def _bounds(self) -> Bounds:
        """Return how far up and how far down each count may go."""
        up = np.full(len(self.keys), self.far)
        most = np.concatenate([up, self.value - self.least]).astype(np.float64)
        return Bounds(np.zeros(2 * len(self.keys)), most)

    def _solved(self, price: Floats, bounds: Bounds, *, whole: bool) -> Ints | None:
        """Return the counts that cost least, nothing if they are no whole numbers.

        Without `whole` they are not asked to be: those of tables with margins are by themselves,
        and it is found sooner.
        """
        asked = np.full(len(price), int(whole))
        result = milp(price, integrality=asked, bounds=bounds, constraints=self.rules)
        if result.x is None:
            return None
        moves = np.rint(result.x).astype(np.int64)
        if not whole and np.abs(result.x - moves).max() > NEAR:
            return None
        return np.asarray(self.value + moves[: len(self.keys)] - moves[len(self.keys) :])
