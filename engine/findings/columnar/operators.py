"""The operators of the plan on columns as arrays: what each means is said in `plan.py`."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import numpy as np

from engine.findings.columnar.columns import (
    DAY,
    EPOCH,
    FALSE,
    SMALL,
    TRUE,
    TRUTH,
    UNKNOWN,
    WHOLE,
    Array,
    Values,
    alike,
    holds,
    is_null,
    null_of,
    same,
    truth,
)
from engine.findings.columnar.days import month_number, plus_months
from engine.findings.plan import Literal, Op, Type

Operator = Callable[..., Values]
A_DAY = 86_400_000_000
# the place of a text that is held against no column
UNNAMED = -1


def literal(given: Literal, places: Mapping[str, int]) -> Values:
    """Return a constant; a text is its place among those that are named."""
    value = given.value
    if value is None:
        # the narrowest array, so that what it stands beside decides
        kind = TRUTH if given.type is Type.BOOL else SMALL
        return same(null_of(kind), kind, null=True)
    if isinstance(value, bool):
        return same(TRUE if value else FALSE, TRUTH)
    if isinstance(value, str):
        return same(places.get(value, UNNAMED), np.int16)
    if isinstance(value, int):
        small = abs(value) < np.iinfo(SMALL).max
        return same(value, SMALL if small else WHOLE)
    return same(value.toordinal() - EPOCH, DAY)


def applied(op: Op, args: Sequence[Values]) -> Values:
    """Return what an operator makes of columns."""
    return _OPERATORS[op](*args)


def _unknown_where_null(found: Array, columns: Sequence[Values]) -> Array:
    """Return truths with unknown in the rows in which a column is null."""
    for column in columns:
        if column.nulls:
            found = np.where(is_null(column), np.uint8(UNKNOWN), found)
    return found


def _compared(function: Callable[[Array, Array], Array]) -> Operator:
    def compare(left: Values, right: Values) -> Values:
        found = truth(function(left.data, right.data))
        nulls = left.nulls or right.nulls
        return Values(_unknown_where_null(found, (left, right)), nulls)

    return compare


def _logical(function: Callable[[Array, Array], Array]) -> Operator:
    def fold(*columns: Values) -> Values:
        found = reduce(function, (column.data for column in columns))
        return Values(np.asarray(found), any(column.nulls for column in columns))

    return fold


def _not(column: Values) -> Values:
    return Values(np.asarray(np.subtract(TRUE, column.data, dtype=TRUTH)), column.nulls)


def _null(column: Values) -> Values:
    if not column.nulls:
        return same(FALSE, TRUTH)
    return Values(truth(is_null(column)), nulls=False)


def _arithmetic(function: Callable[..., Array], kind: np.dtype[np.signedinteger]) -> Operator:
    def work_out(left: Values, right: Values) -> Values:
        found = np.asarray(function(left.data, right.data, dtype=kind))
        for column in (left, right):
            if column.nulls:
                null = np.asarray(null_of(kind), kind)
                found = np.where(is_null(column), null, found)
        return Values(found, left.nulls or right.nulls)

    return work_out


def _divided(left: Values, right: Values) -> Values:
    """Divide and leave the fraction off; by nought it is null."""
    under = np.equal(right.data, 0)
    by = np.where(under, 1, right.data).astype(np.int64)
    whole = left.data.astype(np.int64)
    found = (np.sign(whole) * np.sign(by)) * (np.abs(whole) // np.abs(by))
    nothing = under | is_null(left) | is_null(right)
    return Values(np.where(nothing, null_of(np.int64), found), nulls=True)


def _case(*columns: Values) -> Values:
    *values, otherwise = alike((*columns[1::2], columns[-1]))
    found, nulls = otherwise.data, otherwise.nulls
    for when, value in zip(reversed(columns[:-1:2]), reversed(values), strict=True):
        found = np.where(holds(when), value.data, found)
        nulls = nulls or value.nulls
    return Values(np.asarray(found), nulls)


def _coalesce(*columns: Values) -> Values:
    found, *others = alike(columns)
    for other in others:
        if not found.nulls:
            return found
        found = Values(np.where(is_null(found), other.data, found.data), other.nulls)
    return found


def _greatest(*columns: Values) -> Values:
    same_kind = alike(columns)  # null is the least number of its kind
    found = reduce(np.maximum, (column.data for column in same_kind))
    return Values(np.asarray(found), all(column.nulls for column in columns))


def _least(*columns: Values) -> Values:
    first, *others = alike(columns)
    for other in others:
        lower = np.minimum(first.data, other.data)
        if first.nulls:
            lower = np.where(is_null(first), other.data, lower)
        if other.nulls:
            lower = np.where(is_null(other), first.data, lower)
        first = Values(np.asarray(lower), first.nulls and other.nulls)
    return first


def _days(start: Values, end: Values) -> Values:
    return _minus(end, start)


def _as_date(moment: Values) -> Values:
    found = np.floor_divide(moment.data, A_DAY)
    found = np.where(is_null(moment), null_of(DAY), found).astype(DAY)
    return Values(found, moment.nulls)


_plus = _arithmetic(np.add, WHOLE)
_minus = _arithmetic(np.subtract, WHOLE)
_OPERATORS: Mapping[Op, Operator] = {
    Op.EQUAL: _compared(np.equal),
    Op.NOT_EQUAL: _compared(np.not_equal),
    Op.LESS: _compared(np.less),
    Op.AT_MOST: _compared(np.less_equal),
    Op.MORE: _compared(np.greater),
    Op.AT_LEAST: _compared(np.greater_equal),
    Op.AND: _logical(np.minimum),
    Op.OR: _logical(np.maximum),
    Op.NOT: _not,
    Op.IS_NULL: _null,
    Op.ADD: _plus,
    Op.SUBTRACT: _minus,
    Op.MULTIPLY: _arithmetic(np.multiply, np.dtype(np.int64)),
    Op.FLOOR_DIVIDE: _divided,
    Op.CASE: _case,
    Op.COALESCE: _coalesce,
    Op.LEAST: _least,
    Op.GREATEST: _greatest,
    Op.DAYS: _days,
    Op.PLUS_DAYS: _plus,
    Op.PLUS_MONTHS: plus_months,
    Op.MONTH_NUMBER: month_number,
    Op.AS_DATE: _as_date,
}
