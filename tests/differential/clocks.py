"""Counting, versions, windows and silence, as the naive reference says them.

Months are walked through one by one and working days are counted by looking at every day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from engine.rulebook.conditions import DayOf
from engine.rulebook.measures import Counting, Threshold, Version, Window
from engine.rulebook.scalars import Duration
from engine.terms import ADVERSE, Outcome, Unit
from tests.differential.record import A_DAY, Reading, Row, Settled, as_day, moved

SATURDAY = 5


@dataclass(frozen=True)
class Days:
    """A window: its start before clipping, its first day and its last."""

    own: date | None
    first: date
    last: date


@dataclass(frozen=True)
class Tested:
    """What one trigger row gives; `silent`: not met by silence."""

    outcome: Outcome
    value: int | None = None
    back_filled: bool = False
    silent: bool = False


class Clocks(Reading):
    """One standard on one audit: what is counted, and what silence means.

    `first` and `last` are the days of the trigger row that is tested, once they are known.
    """

    first: date | None
    last: date

    def units(self, how: Counting, first: date, second: date) -> int:
        """Count the units from one day to a later one; to an earlier one there are none."""
        if how.unit is Unit.WORKING_DAYS:
            self.must_be_in_the_calendar(first, second)
        if second < first:
            return 0
        if how.unit is Unit.MONTHS:
            start = first - A_DAY if how.start_day == "counted" else first
            end = second - A_DAY if how.end_day == "not_counted" else second
            return next(n for n in range(9999) if end <= moved(start, Duration(n, Unit.MONTHS)))
        days = [first + n * A_DAY for n in range(1, (second - first).days + 1)]
        days = [first, *days] if how.start_day == "counted" else days
        days = [day for day in days if day != second] if how.end_day == "not_counted" else days
        closed = self.book.calendar.bank_holidays
        working = [day for day in days if day.weekday() < SATURDAY and day not in closed]
        return len(days if how.unit is Unit.DAYS else working)

    def must_be_in_the_calendar(self, *days: date) -> None:
        """Refuse a day that cannot be counted."""
        calendar = self.book.calendar
        if min(days) < calendar.first or max(days) > calendar.last:
            raise Settled(Outcome.NOT_ASSESSABLE)

    def waits(
        self, since: date, until: date, limit: Threshold | Duration | None, how: Counting
    ) -> bool:
        """Say whether a limit has not run out; a duration is counted plainly, in its own unit."""
        if isinstance(limit, Duration):
            return self.units(Counting(unit=limit.unit), since, until) <= limit.amount
        most = limit.at_most if limit else None
        return isinstance(most, int) and self.units(how, since, until) <= most

    def version(self, versions: Sequence[Version], clock: date) -> Version:
        """Return the latest version whose `from` is not after the day the clock started."""
        old_enough = [version for version in versions if version.from_ <= clock]
        if not old_enough:
            raise Settled(Outcome.NOT_ASSESSABLE)
        self.first = clock
        return max(old_enough, key=lambda version: version.from_)

    def window(self, window: Window) -> Days:
        """Return the window's days, clipped."""
        start = self.day(window.start).day
        own = start + A_DAY if start and window.after else start
        first = own
        if window.clip and self.period_start:
            first = max(own or self.period_start, self.period_start)
        if first is None:
            raise Settled(self.not_started(window.start))
        ends = self.day(window.to).day if window.to else None
        last = min(ends or self.cut_off, self.cut_off)
        if last < first:
            raise Settled(Outcome.NOT_APPLICABLE)
        self.last = last
        return Days(own, first, last)

    def not_started(self, of: DayOf) -> Outcome:
        """Return what a clock with no first day gives: `not_evidenced`, if the input can tell."""
        aside = of.table in self.presence.put_aside
        return Outcome.NOT_ASSESSABLE if aside else Outcome.NOT_EVIDENCED

    def silence(self) -> Tested:
        """Return what silence means."""
        spoken = self.standard.silence == "not_met"
        return Tested(Outcome.NOT_MET if spoken else Outcome.NOT_EVIDENCED, silent=spoken)

    def unheard(self, *, waits: object, curable: bool = False) -> Tested:
        """Return what it means that nothing was found: not due while a limit runs, else silence."""
        if waits:
            return Tested(Outcome.NOT_YET_DUE)
        return self.unless(self.silence(), curable=curable)

    def unless(self, tested: Tested, *, curable: bool) -> Tested:
        """Return what was found, unless it is adverse and a row put aside could have cured it."""
        adverse = tested.outcome in ADVERSE
        return Tested(Outcome.NOT_ASSESSABLE) if curable and adverse else tested

    def aside(self, table: str | None) -> bool:
        """Say whether a row of the table was put aside for this audit."""
        return table in self.presence.put_aside

    def late(self, rows: Iterable[Row]) -> bool:
        """Say whether every one of the rows was recorded after the case was selected for audit."""
        selected = as_day(self.audit.get("selected_date"))
        recorded = [as_day(row.get("recorded_date")) for row in rows]
        return bool(recorded) and all(selected and day and day > selected for day in recorded)

    def clock(self) -> date:
        """Return the trigger row's day if its table has one and it is known, else the cut-off."""
        name = self.dated(self.table)
        day = as_day(self.value(name, self.trigger, self.table)) if name else None
        return min(day or self.cut_off, self.cut_off)
