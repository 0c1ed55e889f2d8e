"""Promises of `engine.workdays`, of calendar files and of England's calendar as shipped."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Problem
from engine.rulebook.calendar import CALENDAR_CODES, read_calendar
from engine.workdays import Calendar, add_months, full_months, is_weekday, months_begun

ENGLAND = Path(__file__).parents[2] / "rules" / "calendars" / "england.yaml"
FIRST, LAST = date(2019, 12, 28), date(2021, 2, 3)
DAY = timedelta(days=1)

inside = st.dates(FIRST, LAST)
any_day = st.dates(date(1900, 1, 1), date(2200, 12, 31))
calendars = st.builds(
    Calendar,
    st.just("some days"),
    st.just(FIRST),
    st.just(LAST),
    # Weekends and days outside are let in on purpose: they must not count.
    st.frozensets(st.dates(FIRST - 30 * DAY, LAST + 30 * DAY), max_size=40),
)


@pytest.fixture(scope="module")
def england() -> Calendar:
    """Return England's calendar as shipped, which has no problems."""
    calendar, problems = read_calendar(ENGLAND.read_bytes(), "england.yaml")
    assert problems == ()
    assert calendar is not None
    return calendar


def naive_working_days(calendar: Calendar, start: date, end: date) -> int:
    """Count the working days after `start` up to `end`, one by one."""
    count, day = 0, start
    while day < end:
        day += DAY
        count += day.weekday() < 5 and day not in calendar.bank_holidays
    return count


@given(calendars, inside, inside)
def test_working_days_are_those_counted_one_by_one(
    calendar: Calendar, one: date, other: date
) -> None:
    """The index gives what a walk from day to day gives, and backwards its negative."""
    start, end = sorted((one, other))
    expected = naive_working_days(calendar, start, end)
    assert calendar.working_days(start, end) == expected
    assert calendar.working_days(end, start) == -expected


@given(calendars, inside, inside, inside)
def test_working_days_add_up(calendar: Calendar, a: date, b: date, c: date) -> None:
    """From a to b and from b to c is from a to c."""
    parts = [calendar.working_days(a, b), calendar.working_days(b, c), calendar.working_days(a, c)]
    assert None not in parts
    assert (parts[0] or 0) + (parts[1] or 0) == parts[2]


@given(calendars)
def test_the_table_holds_the_index_of_every_day(calendar: Calendar) -> None:
    """The rows cover the calendar without a gap and agree with the index and with each day."""
    rows = calendar.rows()
    assert [day for day, _ in rows] == [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
    before = 0
    for day, index in rows:
        assert index == calendar.index(day)
        assert calendar.is_working_day(day) is (index > before)
        before = index


@given(calendars, any_day)
def test_outside_the_calendar_there_is_no_number(calendar: Calendar, day: date) -> None:
    """A day outside the calendar gives None everywhere, never a wrong number."""
    outside = not FIRST <= day <= LAST
    assert (calendar.index(day) is None) == outside
    assert (calendar.is_working_day(day) is None) == outside
    assert (calendar.working_days(FIRST, day) is None) == outside
    assert (calendar.working_days(day, LAST) is None) == outside


@given(any_day, st.integers(-500, 500))
def test_adding_months_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    """The month is the one asked for; the day is the same, or the last where there is none."""
    later = add_months(day, months)
    assert later.year * 12 + later.month == day.year * 12 + day.month + months
    assert later.day == day.day or (later.day < day.day and (later + DAY).day == 1)


@given(any_day, st.integers(-500, 500))
def test_adding_one_more_month_is_always_later(day: date, months: int) -> None:
    """Months are strictly monotone, also where they are clipped."""
    assert add_months(day, months) < add_months(day, months + 1)


@given(any_day, any_day)
def test_months_begun_is_the_smallest_that_reaches(start: date, end: date) -> None:
    """So many months after the start reach the end, and one fewer do not."""
    n = months_begun(start, end)
    assert add_months(start, n - 1) < end <= add_months(start, n)


@given(any_day, any_day)
def test_full_months_is_the_largest_that_fits(start: date, end: date) -> None:
    """So many months after the start are over by the end, and one more are not."""
    n = full_months(start, end)
    assert add_months(start, n) <= end < add_months(start, n + 1)
    assert months_begun(start, end) - n in (0, 1)


@given(any_day, st.integers(-500, 500))
def test_months_added_are_months_counted(day: date, months: int) -> None:
    """Counting the months that were added gives them back, both ways of counting."""
    later = add_months(day, months)
    assert months_begun(day, later) == full_months(day, later) == months


def test_nought_months_on_the_same_day() -> None:
    """From a day to itself no month has begun and none is full; a day earlier is before it."""
    day = date(2024, 3, 31)
    assert (months_begun(day, day), full_months(day, day)) == (0, 0)
    assert (months_begun(day, day - DAY), full_months(day, day - DAY)) == (0, -1)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2024-12-20", "2025-01-06", 8),  # 23, 24, 27, 30, 31 December; 2, 3, 6 January
        ("2022-05-30", "2022-06-10", 7),  # two jubilee days
        ("2022-09-16", "2022-09-20", 1),  # the state funeral
        ("2020-05-07", "2020-05-11", 1),  # VE day on a Friday
        ("2020-05-01", "2020-05-05", 2),  # so that the first Monday of May was worked
        ("2021-12-24", "2021-12-29", 1),  # substitutes on Monday and Tuesday
        ("2023-05-05", "2023-05-09", 1),  # the coronation
        ("2024-03-28", "2024-04-02", 1),  # Easter
    ],
)
def test_working_days_in_england(england: Calendar, start: str, end: str, days: int) -> None:
    """Figures counted by hand on a wall calendar."""
    assert england.working_days(date.fromisoformat(start), date.fromisoformat(end)) == days


def easter(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian algorithm."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1)


def by_law(year: int) -> set[date]:
    """Return a year's bank holidays by the rules, with the proclamations of 2020, 2022 and 2023."""
    first = next(d for d in (date(year, 5, n) for n in range(1, 8)) if d.weekday() == 0)
    lasts = [date(year, month, 31 - date(year, month, 31).weekday()) for month in (5, 8)]
    fixed = {easter(year) - 2 * DAY, easter(year) + DAY, first, *lasts}
    for day in (date(year, 1, 1), date(year, 12, 26), date(year, 12, 25)):
        shift = 2 if day.weekday() >= 5 else 0
        # A Sunday Boxing Day follows Christmas to Tuesday; New Year's Day on Sunday moves by one.
        shift -= day.weekday() == 6 and day.month == 1
        fixed.add(day + shift * DAY)
    moved = {2020: {date(2020, 5, 4)}, 2022: {date(2022, 5, 30)}}
    extra = {
        2020: {date(2020, 5, 8)},
        2022: {date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)},
        2023: {date(2023, 5, 8)},
    }
    return fixed - moved.get(year, set()) | extra.get(year, set())


@pytest.mark.parametrize("year", range(2015, 2031))
def test_englands_bank_holidays_are_those_of_the_law(england: Calendar, year: int) -> None:
    """Every year of the file holds exactly the days that the law and proclamations make."""
    assert {day for day in england.bank_holidays if day.year == year} == by_law(year)


def test_englands_calendar_covers_sixteen_years(england: Calendar) -> None:
    """The file reaches from 2015 to 2030 and leaves out what falls on a weekend."""
    assert (england.first, england.last) == (date(2015, 1, 1), date(2030, 12, 31))
    assert all(map(is_weekday, england.bank_holidays))


FILE = """\
title: Two years
source: {title: a page, checked: 2024-01-01}
from: 2023-01-01
to: 2024-12-31
bank_holidays:
  2023-01-02: New Year's Day
  2024-01-01: New Year's Day
"""


def problems_of(text: str) -> list[str]:
    calendar, problems = read_calendar(text, "c.yaml")
    assert calendar is None
    assert all(isinstance(each, Problem) for each in problems)
    return [str(each).replace("\n  help: ", " | ") for each in problems]


def test_a_calendar_file_is_read() -> None:
    """A calendar without problems is what its file says."""
    days = frozenset({date(2023, 1, 2), date(2024, 1, 1)})
    expected = Calendar("Two years", date(2023, 1, 1), date(2024, 12, 31), days)
    assert read_calendar(FILE, "c.yaml") == (expected, ())


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        (
            "to: 2024-12-31", "to: 2022-12-31",
            "c.yaml:4:5: C001 the calendar ends on 2022-12-31, before it begins on 2023-01-01",
        ),
        (
            "2024-01-01: New", "2026-01-01: New",
            (
                "c.yaml:7:3: C002 bank holiday `2026-01-01` lies outside the calendar"
                " | the calendar goes from 2023-01-01 to 2024-12-31"
            ),
        ),
        (
            "2023-01-02", "2023-01-01",
            (
                "c.yaml:6:3: C003 bank holiday `2023-01-01` falls on a Sunday"
                " | give the substitute day instead, or take it out"
            ),
        ),
        (
            "2023-01-02", "2023-12-30",
            (
                "c.yaml:6:3: C003 bank holiday `2023-12-30` falls on a Saturday"
                " | give the substitute day instead, or take it out"
            ),
        ),
        (
            "  2024-01-01: New Year's Day\n", "",
            (
                "c.yaml:5:1: C004 the year 2024 has no bank holiday"
                " | add its bank holidays, or end the calendar before it"
            ),
        ),
        (
            "2024-01-01: New", "1/1/2024: New",
            "c.yaml:7:3: R003 `1/1/2024` is not a date | write it as `2024-01-01`",
        ),
        (
            "2024-01-01: New", "2023-01-02: New",
            "c.yaml:7:3: Y006 duplicate key `2023-01-02` | first set on line 6",
        ),
        ("2024-01-01: New", "2024-01-01: *New", "c.yaml:7:15: Y004 alias `*New`"),
        ("to: 2024-12-31", "too: 2024-12-31", "c.yaml:4:1: R001 unknown key `too` | did you mean `to`?"),
        ("title: Two years", "title: ''", "c.yaml:1:8: R003 `title` has no value | write text"),
    ],
)  # fmt: skip
def test_a_wrong_calendar_says_where(was: str, now: str, problem: str) -> None:
    """Every mistake in a calendar file is a problem at its place, and no calendar comes back."""
    found = problems_of(FILE.replace(was, now))
    assert [each for each in found if each.startswith(problem)]


def test_every_calendar_code_is_in_the_catalogue() -> None:
    """The codes of calendars are these four."""
    assert sorted(CALENDAR_CODES) == ["C001", "C002", "C003", "C004"]
