"""The kinds of measure, as the naive reference says them: one trigger row in, one outcome out."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import count, pairwise, takewhile

from engine.rulebook.conditions import DayOf
from engine.rulebook.measures import (
    AnswerMeasure,
    Before,
    Count,
    Counting,
    Every,
    LongestGap,
    Phase,
    Present,
    RecordedWithin,
    Share,
    Simple,
    Threshold,
    Version,
    Within,
)
from engine.rulebook.scalars import Duration
from engine.terms import Outcome, Unit
from tests.differential.clocks import Clocks, Days, Tested
from tests.differential.record import A_DAY, Found, Row, Settled, as_day, moved, shifted

Versions = Sequence[Version]
Gap = tuple[date, date]
PLAIN = Counting()


def graded(version: Version, value: int, per: int | None = None) -> Outcome:
    """Return met, else partly met, else not met; with `per`, `value` of so many in per cent."""
    for outcome, limit in ((Outcome.MET, version.met), (Outcome.PARTLY_MET, version.partly_met)):
        scaled, scale = (value, 1) if per is None else (value * 100, per)
        if limit and isinstance(limit.at_most, int) and scaled <= limit.at_most * scale:
            return outcome
        if limit and limit.at_least is not None and scaled >= limit.at_least * scale:
            return outcome
    return Outcome.NOT_MET


def asked(limit: Threshold | None, phase: Phase | None) -> Duration | None:
    """Return the limit of a phase."""
    limits = limit.at_most if limit else None
    return limits.get(phase.name) if phase and isinstance(limits, dict) else None


class Kinds(Clocks):
    """One standard on one audit: its measure."""

    def by_kind(self, measure: Simple, versions: Versions) -> Tested:
        """Test the trigger row by a measure."""
        kinds: dict[str, Callable[..., Tested]] = {
            "within": self.within, "longest_gap": self.longest_gap, "every": self.every,
            "share": self.share, "count": self.count, "present": self.present,
            "answer": self.answer, "recorded_within": self.recorded_within, "before": self.before,
        }  # fmt: skip
        return kinds[measure.kind](measure, versions)

    def not_latest_only(self, table: str) -> None:
        """Refuse a table of which the input holds the latest row only."""
        if table in self.presence.latest_only:
            raise Settled(Outcome.NOT_ASSESSABLE)

    def events(self, of: LongestGap | Every, days: Days) -> dict[date, list[Row]]:
        """Return the days of a window that have events, in order, with their rows."""
        rows = [(as_day(r.get(self.dated(of.of, of.date))), r) for r in self.rows(of.of)]
        kept = [
            (d, r)
            for d, r in rows
            if d and days.first <= d <= days.last and self.where(of.where, r, of.of)
        ]
        return {day: [r for d, r in kept if d == day] for day in sorted(d for d, _ in kept)}

    def curable(self, of: LongestGap | Every | Share | Count | Present) -> bool:
        """Say whether a row put aside could add an event, or change the days that are looked at."""
        return self.aside(of.of) or self.other_days(of)

    def other_days(self, of: LongestGap | Every | Share | Count | Present) -> bool:
        """Say whether a day of the window or of a phase is looked up where a row was put aside."""
        days = [of.window.start, of.window.to] if of.window else []
        days += [phase.begins_before for phase in getattr(of, "phases", ())]
        return any(day and self.aside(day.table) for day in days)

    def related(self, of: Share | Count | Present, days: Days | None) -> list[Row]:
        """Return the rows that agree on `join`, satisfy `where`, and lie in the window."""
        table = of.of or ""
        found = []
        for row in self.rows(table):
            day = as_day(row.get(self.dated(table, of.date)))
            if not (day and days.first <= day <= days.last) if days else day and day > self.cut_off:
                continue
            agrees = all(row.get(c) == self.trigger.get(c) is not None for c in of.join)
            if agrees and self.where(of.where, row, table):
                found.append(row)
        return found

    # ── The kinds ────────────────────────────────────────────────────────────────────────────

    def within(self, m: Within, versions: Versions) -> Tested:
        """Take the time from one day to another."""
        start = self.day(m.from_).day
        if start is None:
            return Tested(self.not_started(m.from_))
        end = self.day(m.to, since=start)
        tested = self.timed(m, self.version(versions, start), start, end, m.grace)
        one_row = m.to.table in self.presence.latest_only and self.record.get(m.to.table or "")
        if one_row and tested.outcome is not Outcome.MET:
            return Tested(Outcome.NOT_ASSESSABLE)
        later = self.aside(m.from_.table) and m.from_.pick == "last"
        curable = later or (self.aside(m.to.table) and (not end.day or m.to.pick == "first"))
        return self.unless(tested, curable=curable)

    def timed(
        self,
        how: Counting,
        version: Version,
        start: date,
        end: Found,
        grace: Duration | None = None,
    ) -> Tested:
        """Grade the time from a start to an end, or what its blank means."""
        if end.day is None or end.day > self.cut_off:
            waits = self.waits(start, self.cut_off, grace or version.met, how)
            return self.unheard(waits=waits)
        if end.day < start:
            return Tested(Outcome.NOT_ASSESSABLE)
        self.last = end.day
        value = self.units(how, start, end.day)
        return Tested(graded(version, value), value, self.late(end.rows))

    def recorded_within(self, m: RecordedWithin, versions: Versions) -> Tested:
        """Do as within, from the trigger row's day to the day it was recorded."""
        start = self.day(DayOf(field=f"trigger.{self.dated(self.table, m.date)}")).day
        if start is None:
            return Tested(Outcome.NOT_EVIDENCED)
        end = Found(as_day(self.trigger.get("recorded_date")), (self.trigger,))
        return self.timed(m, self.version(versions, start), start, end)

    def longest_gap(self, m: LongestGap, versions: Versions) -> Tested:
        """Find the longest time without an event, both ends of the window being points."""
        self.not_latest_only(m.of)
        days = self.window(m.window)
        version = self.version(versions, days.first)
        events = self.events(m, days)
        gaps = list(pairwise([days.first, *events, days.last]))
        opens = days.own == days.first
        phases = [self.phase(m, version, g[0], opens and n == 0) for n, g in enumerate(gaps)]
        if not events:
            limit = asked(version.met, phases[0]) if m.phases else version.met
            waits = self.waits(days.first, days.last, m.grace or limit, m)
            return self.unheard(waits=waits, curable=self.curable(m))
        if m.phases:
            outcome, (begins, ends) = self.by_phase(version, gaps, phases)
            value = (ends - begins).days
        else:
            lengths = [self.units(m, *gap) for gap in gaps]
            value = max(lengths)
            outcome, (begins, ends) = graded(version, value), gaps[lengths.index(value)]
        late = any(self.late(events.get(day, ())) for day in (begins, ends))
        return self.unless(Tested(outcome, value, late), curable=self.curable(m))

    def phase(self, m: LongestGap, version: Version, begins: date, first: object) -> Phase | None:
        """Return the first phase that applies to the day on which a gap begins."""
        for phase in m.phases:
            before = self.day(phase.begins_before).day if phase.begins_before else None
            limit = asked(version.met, phase)
            runs_out = moved(begins, limit) if limit else begins
            in_time = before is None or (begins < before and runs_out <= before)
            if in_time and (first or not phase.first_gap):
                return phase
        return None

    def by_phase(
        self, version: Version, gaps: Sequence[Gap], phases: Sequence[Phase | None]
    ) -> tuple[Outcome, Gap]:
        """Compare each gap with the limit of its phase; return the gap most over its met limit."""
        limits = [asked(version.met, phase) for phase in phases]
        over = [self.over(*each) for each in zip(gaps, limits, strict=True)]
        wider = [asked(version.partly_met, p) or met for p, met in zip(phases, limits, strict=True)]
        worst = gaps[over.index(max(over))]
        if all(days <= 0 for days in over):
            return Outcome.MET, worst
        partly = all(self.over(*each) <= 0 for each in zip(gaps, wider, strict=True))
        return Outcome.PARTLY_MET if partly else Outcome.NOT_MET, worst

    def over(self, gap: Gap, limit: Duration | None) -> int:
        """Return how many days (working days) a gap is longer than a limit; none is no limit."""
        if limit is None:
            return -9999
        if limit.unit is Unit.WORKING_DAYS:
            return self.units(Counting(unit=limit.unit), *gap) - limit.amount
        return (gap[1] - moved(gap[0], limit)).days

    def every(self, m: Every, versions: Versions) -> Tested:
        """Find the per cent of full periods that hold enough events."""
        self.not_latest_only(m.of)
        days = self.window(m.window)
        version = self.version(versions, days.first)
        events = self.events(m, days)
        begins = (moved(days.first, m.period, n) for n in count())
        full = [
            [row for day, rows in events.items() if first <= day < after for row in rows]
            for first, after in takewhile(lambda p: p[1] - A_DAY <= days.last, pairwise(begins))
        ]
        if not full:
            return Tested(Outcome.NOT_YET_DUE)
        if not events:
            return self.unless(self.silence(), curable=self.curable(m))
        held = sum(len(rows) >= m.count for rows in full)
        late = any(self.late([row]) for rows in events.values() for row in rows)
        outcome = graded(version, held, len(full))
        return self.unless(Tested(outcome, 100 * held // len(full), late), curable=self.curable(m))

    def share(self, m: Share, versions: Versions) -> Tested:
        """Find the per cent of rows that satisfy a condition."""
        self.not_latest_only(m.of)
        days = self.window(m.window) if m.window else None
        version = self.version(versions, days.first if days else self.clock())
        rows = self.related(m, days)
        if not rows:
            return self.unless(self.silence(), curable=self.curable(m))
        held = sum(self.where(m.satisfies, row, m.of) is True for row in rows)
        late = any(self.late([row]) for row in rows)
        outcome = graded(version, held, len(rows))
        return self.unless(Tested(outcome, 100 * held // len(rows), late), curable=self.curable(m))

    def count(self, m: Count, versions: Versions) -> Tested:
        """Count rows."""
        self.not_latest_only(m.of)
        days = self.window(m.window) if m.window else None
        version = self.version(versions, days.first if days else self.clock())
        rows = self.related(m, days)
        more_wanted = version.met is not None and version.met.at_least is not None
        curable = self.other_days(m) or (self.aside(m.of) and more_wanted)
        if not rows and more_wanted:
            waits = days and m.grace and self.waits(days.first, days.last, m.grace, PLAIN)
            return self.unheard(waits=waits, curable=curable)
        late = any(self.late([row]) for row in rows)
        return self.unless(Tested(graded(version, len(rows)), len(rows), late), curable=curable)

    def present(self, m: Present, versions: Versions) -> Tested:
        """Look for something that is there: a row of a table, or fields of the trigger row."""
        days = self.window(m.window) if m.window else None
        self.version(versions, days.first if days else self.clock())
        if m.of is None:
            return self.in_the_row(m)
        rows = self.related(m, days)
        if rows:
            return Tested(Outcome.MET, back_filled=self.late(rows))
        if m.of in self.presence.latest_only and self.may_hide(m, days):
            return Tested(Outcome.NOT_ASSESSABLE)
        waits = days and m.grace and self.waits(days.first, days.last, m.grace, PLAIN)
        return self.unheard(waits=waits, curable=self.curable(m))

    def may_hide(self, m: Present, days: Days | None) -> bool:
        """Say whether the one row that is held is not known to lie before the window."""
        held = [
            as_day(r.get(self.dated(m.of or "", m.date))) for r in self.record.get(m.of or "", ())
        ]
        return any(not (days and day and day < days.first) for day in held)

    def in_the_row(self, m: Present) -> Tested:
        """Look at the fields of the trigger row, and at what it satisfies."""
        satisfied = self.where(m.satisfies, self.trigger, self.table)
        if satisfied is False:
            partly = self.where(m.partly, self.trigger, self.table) if m.partly else False
            if partly is None:
                return self.silence()
            return Tested(Outcome.PARTLY_MET if partly else Outcome.NOT_MET)
        blank = any(self.value(name, self.trigger, self.table) is None for name in m.fields)
        return self.silence() if satisfied is None or blank else Tested(Outcome.MET)

    def answer(self, m: AnswerMeasure, versions: Versions) -> Tested:
        """Take the auditor's answer on this standard as the outcome."""
        del m  # it has no parts
        self.version(versions, self.clock())
        for row in self.rows("answers"):
            if row.get("standard") == self.standard.id and row.get("answer"):
                return Tested(Outcome(str(row["answer"])))
        return self.unless(self.silence(), curable=self.aside("answers"))

    def before(self, m: Before, versions: Versions) -> Tested:
        """See that all events come before a day."""
        self.version(versions, self.clock())
        if self.lies_ahead(m.day):
            return Tested(Outcome.NOT_YET_DUE)
        limit, events = self.day(m.day).day, [(of, self.day(of).day) for of in m.events]
        allowed = limit - A_DAY if limit and m.same_day == "not_counted" else limit
        late = [of for of, day in events if day and allowed and day > allowed]
        curable = any(self.aside(of.table) for of in (m.day, *m.events))
        if late:
            return self.unless(Tested(Outcome.NOT_MET), curable=curable)
        blank = [of for of, day in ((m.day, limit), *events) if day is None]
        return self.unless(self.silence(), curable=curable) if blank else Tested(Outcome.MET)

    def lies_ahead(self, of: DayOf) -> bool:
        """Say whether a field of the trigger row is a day after the cut-off."""
        if not of.field or not of.field.startswith("trigger."):
            return False
        day = as_day(self.trigger.get(of.field.removeprefix("trigger.")))
        return bool(day and shifted(day, of) > self.cut_off)
