"""Counts of people that make each other up, as far as the printed ones tell.

Comes in: what is printed, and which count is the sum of which. Goes out: every count, also those
that follow. It must not know what a document is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from engine.statistics.files import Floats

SMALLEST, LARGEST = 1, 5
"""counts that are hidden: from here to there"""


def small(value: int) -> bool:
    """Say whether a count is too small to be published; a real nought is not.

    >>> [n for n in range(8) if small(n)]
    [1, 2, 3, 4, 5]
    """
    return SMALLEST <= value <= LARGEST


@dataclass(frozen=True, order=True)
class Relation:
    """A total is the sum of its parts; all are keys."""

    total: str
    parts: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return every key, the total's first."""
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Counts:
    """Counts of people by key, how they make each other up, and which of them are printed.

    A count that is not printed, as what is left of a whole, is known to nobody until it is worked
    out. `loose` counts are not printed and do not follow from what is: their values stand for
    any that fit. `cost` says how much is lost if a printed count is hidden, 1 unless it is given.
    """

    values: Mapping[str, int]
    relations: Sequence[Relation]
    printed: frozenset[str]
    loose: frozenset[str] = frozenset()
    cost: Mapping[str, int] = field(default_factory=dict)

    def check(self) -> None:
        """Raise ValueError where a sum does not add up or a count is below nought."""
        for relation in self.relations:
            parts, total = sum(self.values[k] for k in relation.parts), self.values[relation.total]
            if parts != total:
                raise ValueError(f"the parts of `{relation.total}` make {parts}, not {total}")
        for key, value in self.values.items():
            if value < 0:
                raise ValueError(f"`{key}` is {value}, below nought")


def completed(counts: Counts) -> Counts:
    """Return the counts with a value for every key that a relation names.

    A count that follows from others gets its value. What does not follow gets one that fits and
    is `loose`. Raises ValueError where nothing fits, which is so where a sum does not add up.
    """
    known = dict(counts.values)
    while _followed(known, counts.relations):
        pass
    unknown = sorted({k for r in counts.relations for k in r.keys} - known.keys())
    loose: frozenset[str] = frozenset()
    for group in _together(unknown, counts.relations):
        loose |= _fitted(known, [r for r in counts.relations if group & set(r.keys)], sorted(group))
    made = replace(counts, values=known, loose=loose)
    made.check()
    return made


def _followed(known: dict[str, int], relations: Sequence[Relation]) -> bool:
    """Add counts that are the only unknown of a relation; say whether there were any."""
    before = len(known)
    for relation in relations:
        unknown = [key for key in relation.keys if key not in known]
        if len(unknown) == 1:
            parts = sum(known.get(key, 0) for key in relation.parts)
            is_total = unknown[0] == relation.total
            known[unknown[0]] = parts if is_total else known[relation.total] - parts
    return len(known) > before


def _together(unknown: Sequence[str], relations: Sequence[Relation]) -> list[set[str]]:
    """Return unknown keys in groups that share relations: each is a small problem of its own."""
    groups: list[set[str]] = []
    for relation in relations:
        own = set(relation.keys) & set(unknown)
        if own:
            touched = [group for group in groups if group & own]
            groups = [group for group in groups if not group & own]
            groups.append(own.union(*touched))
    return groups


def _fitted(
    known: dict[str, int], relations: Sequence[Relation], unknown: list[str]
) -> frozenset[str]:
    """Add values that fit for all that is unknown; return the keys that could have another."""
    rules = _rules(known, [r for r in relations if not known.keys() >= set(r.keys)], unknown)
    fits = _solved(np.zeros(len(unknown)), rules)
    found, loose = [fits], set()
    for place, key in enumerate(unknown):
        along = np.zeros(len(unknown))
        along[place] = 1
        for sign in (1.0, -1.0):  # what was found for another key may show it already
            if len({one[place] for one in found}) == 1:
                found.append(_solved(sign * along, rules))
        loose |= {key} if len({one[place] for one in found}) > 1 else set()
    known.update(zip(unknown, fits, strict=True))
    return frozenset(loose)


def _rules(
    known: Mapping[str, int], relations: Sequence[Relation], unknown: list[str]
) -> LinearConstraint:
    at = {key: place for place, key in enumerate(unknown)}
    matrix, right = np.zeros((len(relations), len(unknown))), np.zeros(len(relations))
    for row, relation in enumerate(relations):
        for key, sign in [(relation.total, -1), *((part, 1) for part in relation.parts)]:
            if key in at:
                matrix[row, at[key]] += sign
            else:
                right[row] -= sign * known[key]
    return LinearConstraint(matrix, right, right)


def _solved(price: Floats, rules: LinearConstraint) -> list[int]:
    """Return whole numbers from 0 up that cost least; where there is no least, some of them."""
    result = milp(price, integrality=np.ones(len(price), dtype=np.int64), constraints=rules)
    if result.x is None:  # endless: a bound far off shows as much
        bounds = Bounds(0, 1e6)
        result = milp(
            price, integrality=np.ones(len(price), dtype=np.int64), constraints=rules, bounds=bounds
        )
    if result.x is None:
        raise ValueError("the declared sums do not fit what is printed")
    return [int(value) for value in np.rint(result.x)]
