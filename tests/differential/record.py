"""One audit's record as the naive reference reads it: the clock, fields, conditions, days.

The reference is four files, each a part of docs/reference/semantics.md: `record.py` (The clock,
Conditions), `clocks.py` (Counting, Versions, Silence, Windows), `kinds.py` (The kinds) and
`reference.py` (What the input can tell). They share no logic with the engine.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from engine.rulebook.conditions import DayOf, Test, Where
from engine.rulebook.fields import Fields
from engine.rulebook.measures import (
    Age,
)
from engine.rulebook.scalars import Duration
from engine.rulebook.standard import Standard
from engine.terms import Outcome, Unit

Row = Mapping[str, object]
Record = Mapping[str, Sequence[Row]]
A_DAY = timedelta(days=1)
SATURDAY = 5


class Holidays(Protocol):
    """What is read of a calendar: its ends and the bank holidays between them."""

    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...
    @property
    def bank_holidays(self) -> frozenset[date]: ...


EARLIER = "*"  # the rows of a table before the latest; a blank names the table alone


@dataclass(frozen=True)
class Presence:
    """What the whole input holds, and what it cannot tell of this audit.

    `put_aside`: the tables in which a row was put aside. `untold`: the (table, column) pairs that
    some of its rows lack; the column is EARLIER where only the table's latest row is told.
    """

    columns: Mapping[str, frozenset[str]]
    latest_only: frozenset[str] = frozenset()
    put_aside: frozenset[str] = frozenset()
    asked: frozenset[str] | None = None
    untold: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Book:
    """What a standard leans on: the dictionary, the calendar, shared figures."""

    fields: Fields
    calendar: Holidays
    settings: Mapping[str, int]


class Settled(Exception):  # noqa: N818 - no error: a sentence of the page has settled the row
    """A sentence settles the outcome of a row, and nothing that follows it is asked."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


@dataclass(frozen=True)
class Found:
    """A day, and the rows in which it stands."""

    day: date | None
    rows: tuple[Row, ...] = ()


def as_day(value: object) -> date | None:
    """Return the day of a date, or of a date and time."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def moved(day: date, by: Duration, times: int = 1) -> date:
    """Return the day so many days later, or so many months: the last of a shorter month."""
    if by.unit is not Unit.MONTHS:
        return day + times * by.amount * A_DAY
    year, month = divmod(day.year * 12 + day.month - 1 + times * by.amount, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shifted(day: date, of: DayOf) -> date:
    """Return the day that an author means: so much later, or so many days earlier."""
    if of.minus:
        return day - of.minus.amount * A_DAY
    return moved(day, of.plus) if of.plus else day


def all_true(answers: Iterable[bool | None]) -> bool | None:
    """Return false if any is false, else unknown (None) if any is unknown, else true."""
    seen = list(answers)
    return False if False in seen else None if None in seen else True


def equals(value: object, written: str) -> bool:
    """Say whether a value is the one that an author wrote."""
    if isinstance(value, bool):
        return value == (written == "yes")
    if isinstance(value, date):
        return value.isoformat() in (written, f"{written}-01")
    return written in value if isinstance(value, list | tuple) else str(value) == written


class Reading:
    """One audit's record under one standard; `trigger` is the trigger row that is tested."""

    def __init__(
        self, standard: Standard, record: Record, presence: Presence, as_of: date, book: Book
    ) -> None:
        self.standard, self.record, self.presence, self.book = standard, record, presence, book
        self.table = standard.trigger.table
        self.trigger: Row = {}
        self.audit = record["audits"][0]
        ends = (as_day(self.audit.get(name)) for name in ("audit_date", "period_end"))
        self.cut_off = min([as_of, *(end for end in ends if end)])
        self.period_start = as_day(self.audit.get("period_start"))
        listed = self.audit.get("not_examined")
        self.unexamined = frozenset(listed) if isinstance(listed, list | tuple) else frozenset()

    # ── Fields and conditions ────────────────────────────────────────────────────────────────

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table that have happened; of one not examined (it may be): none."""
        held = () if table in self.unexamined else self.record.get(table, ())
        return [row for row in held if self.has_happened(row, table)]

    def has_happened(self, row: Row, table: str) -> bool:
        """Say that a row's own day, if its table has one and it is known, has come."""
        name = self.dated(table)
        day = as_day(row.get(name))
        return not day or day <= self.cut_off or not self.is_event(table, name)

    def source(self, name: str, row: Row, table: str) -> tuple[Row, str, str]:
        """Return the row, table and column that a field's name stands for."""
        of, dot, column = name.partition(".")
        if not dot:
            return row, table, name
        return (
            (self.audit, "audits", column) if of == "audit" else (self.trigger, self.table, column)
        )

    def is_event(self, table: str, column: str) -> bool:
        """Say whether a column holds the day of an event, not a deadline or a plan."""
        field = self.book.fields.tables[table].fields[column]
        return field.type in ("date", "datetime") and not field.not_an_event

    def value(self, name: str, row: Row, table: str) -> object:
        """Return a field; blank where it is the day of an event after the cut-off."""
        row, table, column = self.source(name, row, table)
        if (table, column) == ("audits", "cut_off"):
            return self.cut_off
        day = as_day(row.get(column))
        late = day is not None and day > self.cut_off and self.is_event(table, column)
        return None if late else row.get(column)

    def where(self, where: Where, row: Row, table: str) -> bool | None:
        """Say whether all conditions hold; None is unknown."""
        return all_true(self.test(t, self.value(n, row, table)) for n, t in where.items())

    def test(self, test: Test, value: object) -> bool | None:
        """Say whether one condition holds of a value; None is unknown."""
        if test.present is not None:
            return (value is not None) == test.present
        if test.not_ is not None:
            return value is None or not equals(value, test.not_)
        if value is None:
            return None
        if test.one_of:
            return any(equals(value, one) for one in test.one_of)
        if isinstance(value, int):
            return (
                value >= test.at_least
                if test.at_least is not None
                else value <= (test.at_most or 0)
            )
        return self.compared(test, as_day(value))

    def compared(self, test: Test, day: date | None) -> bool | None:
        """Say whether a day is on or after, or on or before, another; None is unknown."""
        bound = test.on_or_after or test.on_or_before
        limit = self.day(bound).day if bound else None
        if day is None or limit is None:
            return None
        return day >= limit if test.on_or_after else day <= limit

    def is_younger(self, age: Age) -> bool | None:
        """Say whether fewer than so many full years have passed since the birth month began."""
        born, day = as_day(self.audit.get("birth_month")), self.day(age.on).day
        if born is None or day is None:
            return None
        years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        return years < (self.book.settings[age.under] if isinstance(age.under, str) else age.under)

    # ── Days ─────────────────────────────────────────────────────────────────────────────────

    def dated(self, table: str, named: str | None = None) -> str:
        """Return the column that says when a row happened: the one named, else the table's."""
        return named or self.book.fields.tables[table].date or ""

    def day(self, of: DayOf, since: date | None = None) -> Found:
        """Return a day; one looked up is on or after `since`, unless the author says otherwise."""
        if of.field:
            row = self.source(of.field, self.trigger, self.table)[0]
            found = Found(as_day(self.value(of.field, self.trigger, self.table)), (row,))
        else:
            found = self.looked_up(of, since)
        return Found(shifted(found.day, of), found.rows) if found.day else found

    def looked_up(self, of: DayOf, since: date | None) -> Found:
        """Return the day of the first or last row of a table that has happened and is asked for."""
        table, column = of.table or "", self.dated(of.table or "", of.date)
        bounds = [Test(on_or_after=of.on_or_after)] if of.on_or_after else []
        bounds += [Test(on_or_before=of.on_or_before)] if of.on_or_before else []
        days: dict[date, tuple[Row, ...]] = {}
        for row in self.rows(table):
            day = as_day(row.get(column))
            if day is None or day > self.cut_off or self.where(of.where, row, table) is not True:
                continue
            if not of.on_or_after and since and day < since:
                continue
            if all(self.compared(bound, day) for bound in bounds):
                days[day] = (*days.get(day, ()), row)
        picked = (min if of.pick == "first" else max)(days, default=None)
        return Found(picked, days[picked]) if picked else Found(None)
