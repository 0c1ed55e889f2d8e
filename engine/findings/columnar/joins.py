"""Joins of rows as arrays: which row of one side stands beside which of the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.findings.columnar.columns import Array, Places, Values, is_null, spread

# of the number of a text, so many bits beside the audit's tell candidates, which are then compared
BITS = 40


@dataclass(frozen=True)
class Pairs:
    """Places on the left and the right; none: every row in its place. `missing`: no partner."""

    left: Places | None
    right: Places | None
    count: int
    missing: Array | None = None


def is_sorted(values: Array) -> bool:
    """Say whether values never fall."""
    return bool((values[1:] >= values[:-1]).all())


def paired_by_number(left: Array, right: Array, *, outer: bool) -> Pairs:
    """Return the pairs of rows with the same small number, such as that of an audit."""
    order = None if is_sorted(right) else np.argsort(right, kind="stable")
    ordered = right if order is None else right[order]
    size = 1 + max(left.max(initial=-1), ordered[-1] if len(ordered) else -1)
    if (ordered[1:] > ordered[:-1]).all():
        return _to_one(left, _places(ordered, order, size), outer=outer)
    if not outer and (left[1:] > left[:-1]).all():
        found = _to_one(ordered, _places(left, None, size), outer=False)
        mine, other = found.right, found.left
        if order is not None:
            other = order if other is None else order[other]
        return Pairs(mine, other, found.count)
    ends = np.cumsum(np.bincount(ordered, minlength=size))
    begins = np.concatenate(([0], ends[:-1]))
    return _all_pairs(begins[left], ends[left], order, outer=outer)


def _places(numbers: Array, order: Places | None, size: int) -> Places:
    """Return where each number stands; -1 where it does not."""
    places = np.full(size, -1, dtype=np.intp)
    places[numbers] = np.arange(len(numbers)) if order is None else order
    return places


def _to_one(left: Array, places: Places, *, outer: bool) -> Pairs:
    return _with_partner(places.take(left), outer=outer)


def _with_partner(partner: Places, *, outer: bool) -> Pairs:
    """Return every left row beside its partner on the right; -1 where it has none."""
    missing = partner < 0
    if not missing.any():
        return Pairs(None, partner, len(partner))
    if outer:
        return Pairs(None, partner, len(partner), missing)
    kept = np.flatnonzero(~missing)
    return Pairs(kept, partner[kept], len(kept))


def _all_pairs(begins: Places, ends: Places, order: Places | None, *, outer: bool) -> Pairs:
    """Return each left row beside the right rows of a range."""
    number = ends - begins
    each = np.maximum(number, 1) if outer else number
    until = np.cumsum(each)
    count = int(until[-1]) if len(until) else 0
    left = np.repeat(np.arange(len(each)), each)
    right = np.arange(count) + np.repeat(begins - (until - each), each)
    missing = None
    if outer and (number == 0).any():
        missing = np.repeat(number == 0, each)
        right[missing] = 0
    if order is not None and len(order):
        right = order[right]
    return Pairs(left, right, count, missing)


def paired_by_keys(
    left: Sequence[Values], right: Sequence[Values], sizes: tuple[int, int], *, outer: bool
) -> Pairs:
    """Return the pairs of rows that agree on an audit's number and all further keys."""
    mine, others = _mixed(left, sizes[0]), _mixed(right, sizes[1])
    order = None if is_sorted(others) else np.argsort(others, kind="stable")
    ordered = others if order is None else others[order]
    begins = np.searchsorted(ordered, mine, side="left")
    if len(ordered) and (ordered[1:] > ordered[:-1]).all():
        partner = np.minimum(begins, len(ordered) - 1)
        partner = partner if order is None else order[partner]
        agree = _agree(left, right, sizes, (None, partner))
        return _with_partner(np.where(agree, partner, -1), outer=outer)
    ends = np.searchsorted(ordered, mine, side="right")
    candidates = _all_pairs(begins, ends, order, outer=False)
    assert candidates.left is not None and candidates.right is not None  # noqa: S101, PT018
    agree = _agree(left, right, sizes, (candidates.left, candidates.right))
    at_left, at_right = candidates.left[agree], candidates.right[agree]
    return _with_lonely(at_left, at_right, sizes[0]) if outer else _inner(at_left, at_right)


def _agree(
    left: Sequence[Values],
    right: Sequence[Values],
    sizes: tuple[int, int],
    places: tuple[Places | None, Places],
) -> Array:
    """Say of each pair of places whether all keys are the same and none is null."""
    agree = np.ones(len(places[1]), dtype=bool)
    for one, other in zip(left, right, strict=True):
        value = spread(one, sizes[0])
        value = value if places[0] is None else value[places[0]]
        agree &= value == spread(other, sizes[1]).take(places[1])
        if one.nulls:
            agree &= ~is_null(Values(value, nulls=True))
    return agree


def _inner(left: Places, right: Places) -> Pairs:
    return Pairs(left, right, len(left))


def _with_lonely(left: Places, right: Places, count: int) -> Pairs:
    """Return pairs with the left rows that are in none."""
    paired = np.zeros(count, dtype=bool)
    paired[left] = True
    lonely = np.flatnonzero(~paired)
    if not len(lonely):
        return _inner(left, right)
    everyone = np.concatenate((left, lonely))
    order = np.argsort(everyone, kind="stable")
    partner = np.concatenate((right, np.zeros(len(lonely), dtype=np.intp)))[order]
    missing = np.concatenate((np.zeros(len(left), dtype=bool), np.ones(len(lonely), dtype=bool)))
    return Pairs(everyone[order], partner, len(everyone), missing[order])


def _mixed(keys: Sequence[Values], count: int) -> Array:
    first, *others = keys
    mixed = np.zeros(count, dtype=np.int64)
    for key in others:
        mixed = mixed * 31 + key.data
    low: Array = np.bitwise_and(mixed, (1 << BITS) - 1)
    numbers = spread(first, count).astype(np.int64)
    return (numbers << BITS) | low
