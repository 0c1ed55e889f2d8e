"""The naive reference: one standard, one audit's record, plain Python, obviously right, not fast.

It follows docs/reference/semantics.md sentence by sentence (`record.py` says which file says what).
Of the engine it uses the vocabulary and the models that an author's YAML becomes, nothing else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from engine.rulebook.conditions import DayOf
from engine.rulebook.measures import (
    AnswerMeasure,
    Branch,
    Count,
    Counting,
    Every,
    LongestGap,
    Present,
    RecordedWithin,
    Share,
    Within,
)  # fmt: skip
from engine.rulebook.standard import Standard
from engine.terms import ADVERSE, Outcome, Unit
from tests.differential.clocks import Tested
from tests.differential.kinds import Kinds
from tests.differential.record import EARLIER, Book, Presence, Record, Row, Settled, as_day, moved

__all__ = ["Book", "Presence", "Record", "Result", "Row", "judge_record"]


@dataclass(frozen=True)
class Result:
    """The finding, and what is shown of the trigger row that decides: any one of the worst."""

    outcome: Outcome
    silent: bool = False
    values: frozenset[int | None] = frozenset()
    back_filled: frozenset[bool] = frozenset()


def judge_record(
    standard: Standard, record: Record, presence: Presence, as_of: date, book: Book
) -> Result:
    """Say what the record of one audit shows of one standard."""
    return Case(standard, record, presence, as_of, book).judge()


class Case(Kinds):
    """One standard on one audit."""

    def judge(self) -> Result:
        """Follow the numbered sentences of "What the input can tell"."""
        applies, trigger = self.standard.applies_to, self.standard.trigger
        if self.untold(self.named(applies, "audits")):
            return Result(Outcome.NOT_ASSESSABLE)
        told = {n: t for n, t in applies.items() if not self.absent(self.named({n: t}, "audits"))}
        if self.where(told, self.audit, "audits") is not True:
            return Result(Outcome.NOT_APPLICABLE)
        named = [(self.table, ""), *self.named(applies, "audits"), *self.named(trigger, self.table)]
        if self.absent(named) or self.untold(self.named(trigger, self.table)):
            return Result(Outcome.NOT_ASSESSABLE)
        tested = [each for row in self.rows(self.table) if (each := self.tested(row))]
        if self.aside(self.table):
            tested.append(Tested(Outcome.NOT_ASSESSABLE))
        if not tested:
            return Result(Outcome.NOT_APPLICABLE)
        worst = max((each.outcome.code, each.silent) for each in tested)
        equal = [each for each in tested if (each.outcome.code, each.silent) == worst]
        values, late = {each.value for each in equal}, {each.back_filled for each in equal}
        return Result(equal[0].outcome, equal[0].silent, frozenset(values), frozenset(late))

    def tested(self, row: Row) -> Tested | None:
        """Test one row by itself; None if it does not satisfy the trigger."""
        self.trigger = row
        if self.was_over(row):
            return None
        if self.where(self.standard.trigger.where, row, self.table) is not True:
            return None
        try:
            if not self.open_long_enough():
                return None
            branches = self.standard.branches()
            always = (at for at, b in enumerate(branches) if not (b.when or b.age))
            branches = branches[: next(always, len(branches)) + 1]
            if any(self.untold((*self.asked_by(b), *self.named_by(b), *self.series(b)))
                   for b in branches):  # fmt: skip
                return Tested(Outcome.NOT_ASSESSABLE)
            return self.measured()
        except Settled as settled:
            return Tested(settled.outcome)

    def was_over(self, row: Row) -> bool:
        """Say whether a row was over before the period: by its `until`, else by its own day."""
        name = self.book.fields.tables[self.table].until or self.dated(self.table)
        if not name or not self.is_event(self.table, name):
            return False
        over = as_day(self.value(name, row, self.table))
        return bool(over and self.period_start and over < self.period_start)

    def open_long_enough(self) -> bool:
        """Say whether the clock of `open_for` has run; a month has run when it is full."""
        need = self.standard.trigger.open_for
        if need is None:
            return True
        start = self.day(need.from_).day
        if need.in_period and self.period_start:
            start = max(start or self.period_start, self.period_start)
        if start is None:
            raise Settled(Outcome.NOT_ASSESSABLE)
        if need.at_least.unit is Unit.MONTHS:
            return moved(start, need.at_least) <= self.cut_off
        run = self.units(Counting(unit=need.at_least.unit), start, self.cut_off)
        return run >= need.at_least.amount

    def measured(self) -> Tested:
        """Test the row by the measure, or by the first branch of a choice that applies."""
        self.first, self.last = None, self.cut_off
        for branch in self.standard.branches():
            if self.absent(self.asked_by(branch), self.standard.may_be_absent):
                return Tested(Outcome.NOT_ASSESSABLE)
            young = branch.age is None or self.is_younger(branch.age)
            if young and self.where(branch.when, self.trigger, self.table):
                if branch.measure is None:
                    break
                if self.was_not_asked(branch) or self.absent(
                    self.named_by(branch), self.standard.may_be_absent
                ):
                    return Tested(Outcome.NOT_ASSESSABLE)
                return self.heard(self.by_kind(branch.measure, self.standard.versions_of(branch)))
        return Tested(Outcome.NOT_APPLICABLE)

    def heard(self, tested: Tested) -> Tested:
        """Hear the declared exceptions that free a trigger row of the standard."""
        effects = self.standard.exceptions.items()
        freeing = [kind for kind, effect in effects if effect == "not_applicable"]
        if tested.outcome not in ADVERSE or self.first is None or not freeing:
            return tested
        if any(row.get("kind") in freeing and self.frees(row) for row in self.rows("exceptions")):
            return Tested(Outcome.NOT_APPLICABLE)
        return self.unless(tested, curable=self.aside("exceptions"))

    def frees(self, row: Row) -> bool:
        """Say whether an exception has a reason and held on every one of the row's days."""
        start = as_day(self.value("start_date", row, "exceptions"))
        end = as_day(self.value("end_date", row, "exceptions"))
        began = start is not None and self.first is not None and start <= self.first
        return began and row.get("reason") is not None and (end is None or end >= self.last)

    def was_not_asked(self, branch: Branch) -> bool:
        """Say whether a branch takes the auditor's answer and no answer names the standard."""
        asked = self.presence.asked
        unnamed = asked is not None and self.standard.id not in asked
        return unnamed and isinstance(branch.measure, AnswerMeasure)

    def named(self, part: object, table: str) -> Iterator[tuple[str, str]]:
        """Return every (table, column) that a part of a standard names."""
        if isinstance(part, DayOf) and part.table:
            yield part.table, self.dated(part.table, part.date)
            yield from self.named((part.where, part.on_or_after, part.on_or_before), part.table)
        elif isinstance(part, DayOf) and part.field:
            yield self.source(part.field, {}, table)[1:]
        elif isinstance(part, dict):
            for name, test in part.items():
                yield self.source(name, {}, table)[1:]
                yield from self.named(test, table)
        elif isinstance(part, tuple | BaseModel):
            for inner in part if isinstance(part, tuple) else dict(part).values():
                yield from self.named(inner, table)

    def asked_by(self, branch: Branch) -> Iterator[tuple[str, str]]:
        """Return every (table, column) that the conditions of a branch name."""
        yield from self.named((branch.when, branch.age), self.table)
        yield from (("audits", "birth_month") for _ in [branch.age] if branch.age)

    def named_by(self, branch: Branch) -> Iterator[tuple[str, str]]:
        """Return every (table, column) that a branch names, or implies by what it asks."""
        measure = branch.measure
        of = getattr(measure, "of", None) or self.table
        yield from self.named(measure, of)
        dated = measure and (getattr(measure, "window", None) or getattr(measure, "date", None))
        yield of, self.dated(of, getattr(measure, "date", None)) if dated else ""
        yield from (
            (t, column) for column in getattr(measure, "join", ()) for t in (of, self.table)
        )
        yield from ((self.table, column) for column in getattr(measure, "fields", ()))
        if isinstance(measure, RecordedWithin):
            yield from ((self.table, c) for c in (self.dated(of, measure.date), "recorded_date"))
        if isinstance(measure, AnswerMeasure):
            yield from (("answers", column) for column in ("standard", "answer"))

    def series(self, branch: Branch) -> Iterator[tuple[str, str]]:
        """Return the tables of which a branch asks for more rows than the latest."""
        measure = branch.measure
        if isinstance(measure, LongestGap | Every | Share | Count | Present) and measure.of:
            yield measure.of, EARLIER
        if isinstance(measure, Within) and measure.to.table:
            yield measure.to.table, EARLIER

    def untold(self, named: Iterable[tuple[str, str]]) -> bool:
        """Say whether some rows of this audit lack what is named, and it may not be absent."""
        lacking = {f"{table}.{column}" for table, column in self.presence.untold & {*named}}
        return not lacking <= {*self.standard.may_be_absent}

    def absent(self, named: Iterable[tuple[str, str]], may_be: Sequence[str] = ()) -> bool:
        """Say whether a table or column is absent, or its table not examined, and may not be."""
        held = self.presence.columns
        named = (pair for pair in named if pair != ("audits", "cut_off"))
        for table, column in named:
            if (table not in held or table in self.unexamined) and table not in may_be:
                return True
            if (
                column
                and column not in held.get(table, (column,))
                and f"{table}.{column}" not in may_be
            ):
                return True
        return False
