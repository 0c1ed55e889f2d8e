"""Arithmetic of days, which no rule engine does: working days and calendar months."""

from calendar import monthrange
from datetime import date

from working_days import working_days

EPOCH = date(1970, 1, 1).toordinal()
BEGIN, COUNTED = working_days()
FIRST = BEGIN.toordinal() - EPOCH
LENGTH = len(COUNTED)
Y2015 = date(2015, 1, 1).toordinal() - EPOCH
Y2011 = date(2011, 4, 1).toordinal() - EPOCH


def counted(day: int) -> int | None:
    """Return the working days up to a day; none outside the calendar."""
    place = day - FIRST
    return COUNTED[place] if 0 <= place < LENGTH else None


def between(first: int, last: int) -> int | None:
    """Return the working days from one day to another, the first not counted."""
    one, other = counted(first), counted(last)
    return None if one is None or other is None else other - one


def months_on(day: int, months: int) -> int:
    """Return the day so many months later, or the last of a month that is too short."""
    before = date.fromordinal(day + EPOCH)
    year, month = divmod(before.year * 12 + before.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(before.day, last)).toordinal() - EPOCH


def months_between(first: int, last: int) -> int:
    """Return how many months the month of one day is after that of another."""
    one, other = date.fromordinal(first + EPOCH), date.fromordinal(last + EPOCH)
    return (other.year - one.year) * 12 + other.month - one.month


def least(*days: int | None) -> int | None:
    return min((day for day in days if day is not None), default=None)


def greatest(*days: int | None) -> int | None:
    return max((day for day in days if day is not None), default=None)
