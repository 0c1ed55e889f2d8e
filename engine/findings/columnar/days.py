"""Days in arrays: months, months later, and the number of working days up to a day."""

from functools import cache

import numpy as np

from engine.findings.columnar.columns import Array, Values, is_null, null_of
from engine.workdays import Calendar

# numpy counts months from January 1970; the plan from the year nought
MONTHS_TO_1970 = 1970 * 12 + 1
# days of these years are looked up; numpy works out the others, ten times as slowly
FIRST, LAST = np.datetime64("1850-01-01"), np.datetime64("2250-01-01")


def month_number(days: Values) -> Values:
    """Return year × 12 + month of each day."""
    found = _months(_without_nulls(days))[0] + np.int32(MONTHS_TO_1970)
    return Values(np.asarray(_null_where_null(found, days)), days.nulls)


def plus_months(days: Values, months: Values) -> Values:
    """Return each day so many months later, clipped to the end of a shorter month."""
    month, place = _months(_without_nulls(days))
    first, length = _starts(month + _without_nulls(months))
    found = np.asarray(first + np.minimum(place, length), dtype=np.int32)
    for column in (days, months):
        found = _null_where_null(found, column)
    return Values(found, days.nulls or months.nulls)


def _without_nulls(column: Values) -> Array:
    return np.where(is_null(column), 0, column.data) if column.nulls else column.data


def _null_where_null(found: Array, column: Values) -> Array:
    if not column.nulls:
        return found
    return np.where(is_null(column), np.asarray(null_of(found.dtype), found.dtype), found)


@cache
def _known() -> tuple[int, Array, Array]:
    """Return the first day that is looked up, and of each from there its month and place in it."""
    days = np.arange(FIRST, LAST)
    months = days.astype("datetime64[M]")
    place = (days - months.astype("datetime64[D]")).astype(np.int32)
    return int(days[0].astype(np.int64)), months.astype(np.int32), place


@cache
def _known_starts() -> tuple[int, Array, Array]:
    """Return the first month that is looked up, and of each its first day and last place."""
    months = np.arange(FIRST.astype("datetime64[M]"), LAST.astype("datetime64[M]"))
    return int(months[0].astype(np.int64)), *_worked_out(months)


def _worked_out(months: Array) -> tuple[Array, Array]:
    first = months.astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[D]").astype(np.int64)
    return first.astype(np.int32), (following - first - 1).astype(np.int32)


def _months(days: Array) -> tuple[Array, Array]:
    """Return the month of each day, from January 1970, and its place in it from nought."""
    base, months, place = _known()
    at = np.subtract(days, base, dtype=np.int64)
    if at.size and (at.min() < 0 or at.max() >= len(months)):
        dated = days.astype("datetime64[D]")
        month = dated.astype("datetime64[M]")
        first = month.astype("datetime64[D]").astype(np.int64)
        return month.astype(np.int64).astype(np.int32), (days - first).astype(np.int32)
    return months.take(at), place.take(at)


def _starts(months: Array) -> tuple[Array, Array]:
    """Return the first day of each month and the place in it of its last."""
    base, first, length = _known_starts()
    at = np.subtract(months, base, dtype=np.int64)
    if at.size and (at.min() < 0 or at.max() >= len(first)):
        return _worked_out(months.astype(np.int64).astype("datetime64[M]"))
    return first.take(at), length.take(at)


class WorkingDaysSoFar:
    """The number of working days up to each day of a calendar; null of a day outside it."""

    def __init__(self, calendar: Calendar) -> None:
        days = np.arange(np.datetime64(calendar.first), np.datetime64(calendar.last) + 1)
        holidays = np.array([*calendar.bank_holidays], dtype="datetime64[D]")
        counted = np.cumsum(np.is_busday(days, holidays=holidays)).astype(np.int32)
        null = np.array([null_of(np.int32)], dtype=np.int32)
        self._first = int(days[0].astype(np.int64))
        self._counted = np.concatenate((null, counted, null))

    def of(self, days: Values) -> Values:
        """Return the number up to each day."""
        at = np.subtract(days.data, self._first - 1, dtype=np.int64)
        inside = at.size == 0 or (at.min() > 0 and at.max() < len(self._counted) - 1)
        return Values(np.asarray(self._counted.take(at, mode="clip")), nulls=not inside)
