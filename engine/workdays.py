"""Calendar arithmetic: working days by a cumulative index, and months.

Days come in, numbers and days go out. This module reads no file and no clock: a calendar is
data that somebody else loaded (`engine/rulebook/calendar.py`). A day outside the calendar gives
None, never a wrong number.
"""

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

_FRIDAY = 5
_MONTHS = 12


def is_weekday(day: date) -> bool:
    """Say whether a day is one of Monday to Friday.

    >>> is_weekday(date(2024, 3, 29)), is_weekday(date(2024, 3, 30))
    (True, False)
    """
    return day.isoweekday() <= _FRIDAY


@dataclass(frozen=True)
class Calendar:
    """The bank holidays between two days, both included.

    >>> easter = {date(2024, 3, 29), date(2024, 4, 1)}  # Good Friday and Easter Monday
    >>> calendar = Calendar("March 2024", date(2024, 3, 1), date(2024, 4, 5), frozenset(easter))
    >>> calendar.working_days(date(2024, 3, 28), date(2024, 4, 2))  # Thursday to Tuesday
    1
    """

    title: str
    first: date
    last: date
    bank_holidays: frozenset[date]

    @cached_property
    def _closed(self) -> tuple[date, ...]:
        # A bank holiday on a weekend takes no working day away.
        inside = (day for day in self.bank_holidays if self.first <= day <= self.last)
        return tuple(sorted(day for day in inside if is_weekday(day)))

    def index(self, day: date) -> int | None:
        """Return how many working days there are from the first day to `day`, both included.

        >>> calendar = Calendar("New Year", date(2024, 1, 1), date(2024, 1, 31),
        ...                     frozenset({date(2024, 1, 1)}))
        >>> [calendar.index(date(2024, 1, day)) for day in (1, 2, 5, 6, 7, 8)]
        [0, 1, 4, 4, 4, 5]
        >>> calendar.index(date(2024, 2, 1)) is None
        True
        """
        if not self.first <= day <= self.last:
            return None
        weekdays = _weekdays_to(day) - _weekdays_to(self.first - timedelta(days=1))
        return weekdays - bisect_right(self._closed, day)

    def is_working_day(self, day: date) -> bool | None:
        """Say whether a day is a working day; None outside the calendar.

        >>> calendar = Calendar("", date(2024, 1, 1), date(2024, 1, 7), frozenset())
        >>> calendar.is_working_day(date(2024, 1, 5)), calendar.is_working_day(date(2024, 1, 6))
        (True, False)
        """
        if not self.first <= day <= self.last:
            return None
        return is_weekday(day) and day not in self.bank_holidays

    def working_days(self, start: date, end: date) -> int | None:
        """Return the working days after `start` up to and including `end`; `start` is day 0.

        Negative where `end` lies before `start`; None where either is outside the calendar.

        >>> calendar = Calendar("", date(2024, 1, 1), date(2024, 12, 31), frozenset())
        >>> calendar.working_days(date(2024, 3, 4), date(2024, 3, 18))  # Monday to Monday
        10
        >>> calendar.working_days(date(2024, 3, 9), date(2024, 3, 11))  # Saturday to Monday
        1
        """
        begun, done = self.index(start), self.index(end)
        return None if begun is None or done is None else done - begun

    def rows(self) -> list[tuple[date, int]]:
        """Return every day of the calendar with its index, to be loaded as a table.

        >>> Calendar("", date(2024, 1, 5), date(2024, 1, 8), frozenset()).rows()[-1]
        (datetime.date(2024, 1, 8), 2)
        """
        rows, index = [], 0
        for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            index += is_weekday(day) and day not in self.bank_holidays
            rows.append((day, index))
        return rows


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last where there is no such day.

    >>> add_months(date(2024, 1, 31), 1), add_months(date(2023, 1, 31), 1)
    (datetime.date(2024, 2, 29), datetime.date(2023, 2, 28))
    >>> add_months(date(2024, 3, 31), -1), add_months(date(2024, 11, 15), 2)
    (datetime.date(2024, 2, 29), datetime.date(2025, 1, 15))
    """
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_begun(start: date, end: date) -> int:
    """Return the smallest n for which `end` is no later than n months after `start`.

    "Within six months" holds exactly where this is 6 or less.

    >>> months_begun(date(2024, 1, 31), date(2024, 2, 29))
    1
    >>> months_begun(date(2024, 1, 31), date(2024, 3, 1))
    2
    >>> months_begun(date(2024, 1, 31), date(2024, 1, 31))
    0
    """
    apart = _months_apart(start, end)
    return apart if end <= add_months(start, apart) else apart + 1


def full_months(start: date, end: date) -> int:
    """Return the largest n for which n months after `start` is no later than `end`.

    >>> full_months(date(2024, 1, 31), date(2024, 2, 28))
    0
    >>> full_months(date(2024, 1, 31), date(2024, 2, 29))
    1
    >>> full_months(date(2024, 3, 15), date(2025, 3, 14))
    11
    """
    apart = _months_apart(start, end)
    return apart if add_months(start, apart) <= end else apart - 1


def _months_apart(start: date, end: date) -> int:
    return (end.year - start.year) * _MONTHS + end.month - start.month


def _weekdays_to(day: date) -> int:
    # Day 1 of Python's calendar is a Monday, so weeks of seven ordinals hold five weekdays each.
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * _FRIDAY + min(rest, _FRIDAY)
