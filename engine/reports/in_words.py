"""What a standard asks, in words: of whom, what, by when, and what is partly met.

A standard and the dictionary come in, sentences go out. They say what the measure means, from the
same model that the engine compiles, so that a handbook cannot say anything else than is tested.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatchmethod

from engine.reports.because import asked
from engine.reports.wording import mid_sentence
from engine.rulebook.conditions import DayOf, Test, Where
from engine.rulebook.fields import AUDITS, Fields, FieldType
from engine.rulebook.measures import (
    Age,
    AnswerMeasure,
    Before,
    Branch,
    Count,
    Every,
    LongestGap,
    Present,
    RecordedWithin,
    Share,
    Simple,
    Threshold,
    Within,
)
from engine.rulebook.scalars import Duration
from engine.rulebook.standard import Standard
from engine.terms import Unit

CUT_OFF = "audit.cut_off"


@dataclass(frozen=True)
class InWords:
    """Puts the parts of one standard into words; `settings` are the figures that it may name."""

    standard: Standard
    fields: Fields
    settings: Mapping[str, int]

    def bound(self) -> str:
        """Say whom the standard is for."""
        trigger = self.standard.trigger
        said = "Every audited case" if trigger.table == AUDITS else f"Every {noun(trigger.table)}"
        said += self._where(trigger.where, trigger.table)
        if self.standard.applies_to:
            said += f", in cases with {self._listed(self.standard.applies_to, AUDITS)}"
        if trigger.open_for:
            since, lasted = trigger.open_for.from_, trigger.open_for.at_least
            said += f", once {lasted} have passed since {self.day(since)}"
        return f"{said}."

    def when(self, branch: Branch) -> str:
        """Say when a branch applies; nothing where it always does."""
        said = [self._listed(branch.when, self.standard.trigger.table)] if branch.when else []
        said += [self._age(branch.age)] if branch.age else []
        return f"Where {'; '.join(said)}." if said else ""

    def _age(self, age: Age) -> str:
        under = age.under if isinstance(age.under, int) else self.settings[age.under]
        return f"the child was under {under} on {self.day(age.on)}"

    def asks(self, branch: Branch, limit: Threshold | None) -> str:
        """Say what a branch asks for at a threshold, and so what is met, or partly met."""
        if branch.measure is None:
            return "The standard does not apply."
        if _is_at_odds(branch, branch.measure):
            return "Not met."
        said = self._asks(branch.measure, limit)
        return f"{said[0].upper()}{said[1:]}."

    def partly(self, branch: Branch) -> str:
        """Say what a standard without figures takes for partly met; nothing if nothing is."""
        measure = branch.measure
        if isinstance(measure, Present) and measure.partly:
            return f"The record says: {self._listed(measure.partly, self.standard.trigger.table)}."
        return ""

    def allows(self, branch: Branch) -> str:
        """Say how long nothing need be recorded yet; nothing where that is not said."""
        grace: Duration | None = getattr(branch.measure, "grace", None)
        return f"Not yet due while no more than {grace} have passed." if grace else ""

    @singledispatchmethod
    def _asks(self, measure: Simple, limit: Threshold | None) -> str:
        raise NotImplementedError(type(measure), limit)

    @_asks.register
    def _(self, measure: Within, limit: Threshold | None) -> str:
        return (
            f"{_times(limit, measure.unit)} from {self.day(measure.from_)} to "
            f"{self.day(measure.to)}"
        )

    @_asks.register
    def _(self, measure: RecordedWithin, limit: Threshold | None) -> str:
        table = self.standard.trigger.table
        happened = self._meaning(table, measure.date or self.fields.tables[table].date or "")
        return f"written up {_times(limit, measure.unit)} after {happened}"

    @_asks.register
    def _(self, measure: LongestGap, limit: Threshold | None) -> str:
        what = self._one(measure.of, measure.where)
        if limit is not None and isinstance(limit.at_most, dict):
            phases = (f"{name.replace('_', ' ')} {time}" for name, time in limit.at_most.items())
            return f"never longer without {what} than: {'; '.join(phases)}"
        return f"never {_times(limit, measure.unit, 'more than')} without {what}"

    @_asks.register
    def _(self, measure: Every, limit: Threshold | None) -> str:
        what = self._many(measure.count, measure.of, measure.where)
        periods = f"in {_share(limit)} of these periods"
        return f"at least {what} in every {measure.period}, {periods}"

    @_asks.register
    def _(self, measure: Share, limit: Threshold | None) -> str:
        what = f"{plural_noun(measure.of)}{self._where(measure.where, measure.of)}"
        said = self._listed(measure.satisfies, measure.of)
        return f"of the {what}, {_share(limit)} have on record: {said}"

    @_asks.register
    def _(self, measure: Count, limit: Threshold | None) -> str:
        if limit is not None and limit.at_least is not None:
            return f"at least {self._many(limit.at_least, measure.of, measure.where)}"
        most = limit.at_most if limit is not None and isinstance(limit.at_most, int) else 0
        return f"at most {self._many(most, measure.of, measure.where)}"

    @_asks.register
    def _(self, measure: Present, _limit: Threshold | None) -> str:
        if measure.of is None:
            filled = [f"{name.replace('_', ' ')}: filled" for name in measure.fields]
            held = [self._listed(measure.satisfies, self.standard.trigger.table)]
            return f"the record says: {'; '.join((*filled, *filter(None, held)))}"
        said = self._one(measure.of, measure.where)
        if measure.window and measure.window.start.field != CUT_OFF:
            said += f", from {self.day(measure.window.start)} on"
        return said

    @_asks.register
    def _(self, _measure: AnswerMeasure, _limit: Threshold | None) -> str:
        return "the auditor judges it, and gives an answer with a comment"

    @_asks.register
    def _(self, measure: Before, _limit: Threshold | None) -> str:
        events = " and ".join(self.day(event) for event in measure.events)
        come = "comes" if len(measure.events) == 1 else "come"
        when = "on or before" if measure.same_day == "counted" else "before"
        return f"{events} {come} {when} {self.day(measure.day)}"

    def day(self, day: DayOf) -> str:
        """Say which day is meant."""
        said = self._plain_day(day)
        if day.minus:
            return f"{day.minus} before {said}"
        return f"{day.plus} after {said}" if day.plus else said

    def _plain_day(self, day: DayOf) -> str:
        if day.field is not None:
            scope, _, name = day.field.partition(".")
            if name == "cut_off":
                return "the day of the audit"
            return self._meaning(AUDITS if scope == "audit" else self.standard.trigger.table, name)
        table = day.table or ""
        said = f"the {day.pick} {noun(table)}{self._where(day.where, table)}"
        if day.date and day.date != self.fields.tables[table].date:
            said += f", by {self._meaning(table, day.date)}"
        return said

    def _meaning(self, table: str, field: str) -> str:
        known = self.fields.tables[table].fields
        said = known[field].meaning if field in known else field.replace("_", " ")
        return mid_sentence(said.partition(" (")[0])

    def _one(self, table: str, where: Where) -> str:
        return f"{_article(noun(table))} {noun(table)}{self._where(where, table)}"

    def _many(self, number: int, table: str, where: Where) -> str:
        name = noun(table) if number == 1 else plural_noun(table)
        return f"{number:,} {name}{self._where(where, table)}"

    def _where(self, where: Where, table: str) -> str:
        return f" ({self._listed(where, table)})" if where else ""

    def _listed(self, where: Where, table: str) -> str:
        return "; ".join(self._tested(name, test, table) for name, test in where.items())

    def _tested(self, name: str, test: Test, table: str) -> str:
        """Say what a field must be; a yes is said as the dictionary says the field."""
        scope, _, field = name.rpartition(".")
        table = {"audit": AUDITS, "trigger": self.standard.trigger.table}.get(scope, table)
        for order, day in (("after", test.on_or_after), ("before", test.on_or_before)):
            if day is not None:
                named = CUT_OFF.endswith(f".{field}")
                meant = "the day of the audit" if named else self._meaning(table, field)
                return f"{meant} is on or {order} {self.day(day)}"
        known = self.fields.tables[table].fields.get(field)
        if known is not None and known.type is FieldType.YES_NO and test.one_of == ("yes",):
            return self._meaning(table, field)
        return asked(name, test)


def _is_at_odds(branch: Branch, measure: Simple) -> bool:
    """Say whether a branch asks for what its own condition rules out, so that it is never met."""
    asked_for = measure.satisfies if isinstance(measure, Present) and not measure.of else {}
    for name, test in asked_for.items():
        when = branch.when.get(f"trigger.{name}") or branch.when.get(name)
        if when and when.one_of and test.one_of and not {*when.one_of} & {*test.one_of}:
            return True
    return False


def noun(table: str) -> str:
    """Return what one row of a table is called.

    >>> noun("core_groups"), noun("enquiries"), noun("oversight")
    ('core group', 'enquiry', 'entry of oversight')
    """
    words = table.replace("_", " ")
    if not words.endswith("s"):
        return f"entry of {words}"
    return f"{words.removesuffix('ies')}y" if words.endswith("ies") else words.removesuffix("s")


def plural_noun(table: str) -> str:
    """Return what the rows of a table are called.

    >>> plural_noun("core_groups"), plural_noun("oversight")
    ('core groups', 'entries of oversight')
    """
    words = table.replace("_", " ")
    return words if words.endswith("s") else f"entries of {words}"


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def _times(limit: Threshold | None, unit: Unit, most: str = "no more than") -> str:
    if limit is None or not isinstance(limit.at_most, int):
        return f"{most} so long"
    return f"{most} {Duration(limit.at_most, unit)}"


def _share(limit: Threshold | None) -> str:
    least = limit.at_least if limit and limit.at_least is not None else 100
    return "all" if least >= 100 else f"at least {least} per cent"  # noqa: PLR2004 - per cent
