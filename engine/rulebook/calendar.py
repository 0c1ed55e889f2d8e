"""From a calendar file (`rules/calendars/*.yaml`) to a `Calendar`, checked.

The file's bytes come in; a `Calendar` or Problems go out. A calendar with any problem is not
used: a bank holiday in the wrong place would give wrong numbers in silence.
"""

from collections.abc import Iterator
from datetime import date

from pydantic import Field

from engine.errors import Problem
from engine.rulebook.measures import SourceOf
from engine.rulebook.model import Strict
from engine.rulebook.scalars import Day, Text
from engine.rulebook.source import Source, read_source
from engine.rulebook.validate import validate
from engine.workdays import Calendar, is_weekday

_SATURDAY = 6

CALENDAR_CODES: dict[str, str] = {
    "C001": "a calendar ends before it begins",
    "C002": "a bank holiday lies outside its calendar",
    "C003": "a bank holiday falls on a weekend",
    "C004": "a whole year of a calendar has no bank holiday",
}


class CalendarFile(Strict):
    """A calendar as its author wrote it: the days it covers and the bank holidays by day."""

    title: Text
    source: SourceOf
    from_: Day = Field(alias="from")
    to: Day
    bank_holidays: dict[Day, Text]


def read_calendar(data: bytes | str, file: str) -> tuple[Calendar | None, tuple[Problem, ...]]:
    """Read a calendar file; all its problems come back sorted, and nothing is raised."""
    source, problems = read_source(data, file)
    if source is None:
        return None, problems
    model, more = validate(CalendarFile, source)
    problems += more
    if model is not None:
        problems += tuple(_checked(model, source))
    if model is None or problems:
        return None, tuple(sorted(problems))
    holidays = frozenset(model.bank_holidays)
    return Calendar(model.title, model.from_, model.to, holidays), ()


def _checked(model: CalendarFile, source: Source) -> Iterator[Problem]:
    if model.to < model.from_:
        message = f"the calendar ends on {model.to}, before it begins on {model.from_}"
        yield Problem(source.at(["to"]), "C001", message)
        return
    for day in model.bank_holidays:
        place = source.key_at(["bank_holidays", day.isoformat()])
        if not model.from_ <= day <= model.to:
            help_ = f"the calendar goes from {model.from_} to {model.to}"
            yield Problem(place, "C002", f"bank holiday `{day}` lies outside the calendar", help_)
        if not is_weekday(day):
            help_ = "give the substitute day instead, or take it out"
            yield Problem(place, "C003", f"bank holiday `{day}` falls on a {_weekend(day)}", help_)
    for year in _empty_years(model):
        help_ = "add its bank holidays, or end the calendar before it"
        message = f"the year {year} has no bank holiday"
        yield Problem(source.key_at(["bank_holidays"]), "C004", message, help_)


def _empty_years(model: CalendarFile) -> Iterator[int]:
    filled = {day.year for day in model.bank_holidays}
    for year in range(model.from_.year, model.to.year + 1):
        whole = model.from_ <= date(year, 1, 1) and date(year, 12, 31) <= model.to
        if whole and year not in filled:
            yield year


def _weekend(day: date) -> str:
    # Not strftime: its names follow the locale of the machine.
    return "Saturday" if day.isoweekday() == _SATURDAY else "Sunday"
