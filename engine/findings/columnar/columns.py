"""Columns as arrays: a number a row, one of them set apart for null.

Days are numbers of days since 1970, moments microseconds, yes and no 2 and 0 with 1 between them
for unknown, texts the places of the texts that some plan names (`load.py`). What is the same in
every row is held once.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]
Places = NDArray[np.intp]

FALSE, UNKNOWN, TRUE = 0, 1, 2
TRUTH = np.dtype(np.uint8)
SMALL, WHOLE, DAY = np.dtype(np.int8), np.dtype(np.int32), np.dtype(np.int32)
EPOCH = date(1970, 1, 1).toordinal()


class Values(NamedTuple):
    """A column: an array of a value a row, or of no dimension; `nulls` says if any may be null."""

    data: Array
    nulls: bool


@cache
def null_of(kind: DTypeLike) -> int:
    """Return the number that stands for null in arrays of a kind."""
    kind = np.dtype(kind)
    return UNKNOWN if kind == TRUTH else int(np.iinfo(kind).min)


def same(value: int, kind: DTypeLike, *, null: bool = False) -> Values:
    """Return a column that holds one value in every row."""
    return Values(np.asarray(value, dtype=kind), null)


def is_null(column: Values) -> Array:
    """Return which rows are null."""
    found: Array = np.equal(column.data, null_of(column.data.dtype))
    return found


def holds(column: Values) -> Array:
    """Return in which rows yes and no is yes."""
    found: Array = np.equal(column.data, TRUE)
    return found


def truth(found: Array) -> Array:
    """Return what is true or false as yes and no."""
    return np.asarray(np.multiply(found, TRUE, dtype=TRUTH))


def widened(column: Values, kind: np.dtype[Any]) -> Values:
    """Return a column in arrays of a wider kind."""
    if column.data.dtype == kind:
        return column
    data = column.data.astype(kind)
    if column.nulls:
        data = np.where(is_null(column), np.asarray(null_of(kind), kind), data)
    return Values(np.asarray(data), column.nulls)


def alike(columns: Sequence[Values]) -> list[Values]:
    """Return columns in arrays of the same kind."""
    kind = np.result_type(*(column.data.dtype for column in columns))
    return [widened(column, kind) for column in columns]


def spread(column: Values, count: int) -> Array:
    """Return the array of a column with a value a row."""
    data = column.data
    return data if data.ndim else np.full(count, data, dtype=data.dtype)


def taken(column: Values, places: Places) -> Values:
    """Return the values at some rows."""
    return Values(column.data.take(places), column.nulls) if column.data.ndim else column


def taken_or_null(column: Values, places: Places, missing: Array) -> Values:
    """Return the values at some rows; null where one is missing, whose place is any."""
    data = column.data
    null = np.asarray(null_of(data.dtype), data.dtype)
    if data.ndim and len(data) == 0:
        return Values(np.full(len(places), null, data.dtype), nulls=True)
    found = data.take(places) if data.ndim else np.full(len(places), data, data.dtype)
    np.putmask(found, missing, null)
    return Values(found, nulls=True)
