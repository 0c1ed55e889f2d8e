"""The year of a national return, from 1 April to 31 March, as the period that it tells of."""

from datetime import date, timedelta

UNTOLD = "what was due again and again, or may lie before it, cannot be judged"
APRIL = 4


def year_until(last: date) -> tuple[date, date]:
    """Return the first and the last day of the year that ends on a day.

    >>> year_until(date(2025, 3, 31))
    (datetime.date(2024, 4, 1), datetime.date(2025, 3, 31))
    """
    after = last + timedelta(days=1)
    leap = (after.month, after.day) == (2, 29)
    return after.replace(year=after.year - 1, day=28 if leap else after.day), last


def year_to(year: int) -> tuple[date, date]:
    """Return the year to 31 March."""
    return year_until(date(year, 3, 31))


def year_of(day: date) -> int:
    """Return the year in whose March the collection year of a day ends.

    >>> year_of(date(2024, 3, 31)), year_of(date(2024, 4, 1))
    (2024, 2025)
    """
    return day.year + (day.month >= APRIL)
