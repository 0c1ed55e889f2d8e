"""Checks that look at one row at a time, in SQL: `s` is the row, `l` the child's life.

A check says where it looks and what it says; `looking.py` asks the database. Adding one is a
function here or beside, and a line in `ROWWISE`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from engine.records import sql
from engine.records.batch import Batch
from engine.records.quality.lives import Lives, born, events, made_days
from engine.rulebook.fields import AUDIT_ID, AUDITS, RECORDED, Fields
from engine.rulebook.outages import Outage

Words = Sequence[str]


@dataclass(frozen=True)
class Condition:
    """A condition that a row of a table should not meet, and what is said of one that does.

    `values` are SQL of what is shown, the field's own value first. `left_out`: standards are tested
    without such a row. `marked` is a further condition: of the entries, those in an outage. Only a
    day of the field `before` the one that this SQL gives of all lives, or `after` it, meets it.
    """

    check: str
    field: str
    test: str
    values: tuple[str, ...]
    say: Callable[[Words], str]
    left_out: bool = False
    marked: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Looked:
    """A table of a batch as checks see it."""

    batch: Batch
    fields: Fields
    outages: tuple[Outage, ...]
    lives: Lives
    known_until: date
    table: str

    def has(self, *names: str) -> bool:
        """Say whether the input has all of these columns."""
        return {*names} <= self.batch.presence.columns[self.table]


def impossible_date(at: Looked) -> Iterator[Condition]:
    """Yield days before birth, after death, or of a review before the child came into care."""
    table = at.fields.tables[at.table]
    for name, day in events(at.fields, at.batch, at.table).items():
        field, shown = table.fields[name], f"s.{sql.name(name)}"
        make = partial(Condition, "impossible_date", name, left_out=True)
        if at.lives.birth:
            own = field.months_before_birth
            months = table.months_before_birth if own is None else own
            test = f"{day} < l.{born(months)}"
            month = "strftime(l.birth, '%Y-%m')"
            first = f"max({born(months)})"
            yield make(test, (shown, month), partial(_before_birth, name, months), before=first)
        if at.lives.death and not (table.after_death or field.after_death or field.may_be_planned):
            said = partial(_after_death, name)
            yield make(f"{day} > l.death", (shown, "l.death"), said, after="min(death)")
        if at.lives.entered and at.table == "reviews" and at.has("kind"):
            test = f"s.kind = 'child_in_care' AND {day} < l.entered"
            yield make(test, (shown, "l.entered"), _before_entry, before="max(entered)")


def future_date(at: Looked) -> Iterator[Condition]:
    """Yield days later than the batch can know of."""
    until = f"DATE '{at.known_until}'"
    for name, day in events(at.fields, at.batch, at.table).items():
        if not at.fields.tables[at.table].fields[name].may_be_planned:
            test = f"{day} > {until}"
            say = partial(_future, name, str(at.known_until))
            shown = f"s.{sql.name(name)}"
            yield Condition("future_date", name, test, (shown,), say, left_out=True, after=until)
    for name in made_days(at.table):
        if at.has(name):
            shown = f"s.{name}"
            say = partial(_future, name, str(at.known_until))
            yield Condition("future_date", name, f"{shown} > {until}", (shown,), say, after=until)


def recorded_before_event(at: Looked) -> Iterator[Condition]:
    """Yield rows that were entered before their own day."""
    for name, day in _recorded(at):
        test = f"s.{RECORDED} < {day}"
        values = f"s.{RECORDED}", f"s.{sql.name(name)}"
        yield Condition("recorded_before_event", RECORDED, test, values, partial(_early, name))


def late_recording(at: Looked) -> Iterator[Condition]:
    """Yield rows that were entered long after their own day."""
    days = at.fields.quality.late_after
    for name, day in _recorded(at):
        test = f"s.{RECORDED} - {day} > {days}"
        out = " OR ".join(
            f"({day} <= DATE '{one.to}' AND s.{RECORDED} >= DATE '{one.from_}')"
            for one in at.outages
        )
        values = f"s.{RECORDED}", f"s.{sql.name(name)}", f"s.{RECORDED} - {day}"
        say = partial(_late, name, at.outages)
        yield Condition("late_recording", RECORDED, test, values, say, marked=out)


def back_filled(at: Looked) -> Iterator[Condition]:
    """Yield rows of before the selection that were entered after it."""
    for name, day in _recorded(at) if at.lives.selected else ():
        test = f"s.{RECORDED} > l.selected AND {day} <= l.selected"
        values = f"s.{RECORDED}", f"s.{sql.name(name)}", "l.selected"
        yield Condition(
            "back_filled", RECORDED, test, values, partial(_filled_in, name), after="min(selected)"
        )


def missing_context(at: Looked) -> Iterator[Condition]:
    """Yield fields that say what the rest means and are blank, though the input has them."""
    for name in at.fields.tables[at.table].context:
        if at.has(name):
            yield Condition(
                "missing_context", name, f"s.{sql.name(name)} IS NULL", (), _blank(name)
            )


ROWWISE: Mapping[str, Callable[[Looked], Iterator[Condition]]] = {
    "impossible_date": impossible_date,
    "future_date": future_date,
    "recorded_before_event": recorded_before_event,
    "missing_context": missing_context,
    "back_filled": back_filled,
    "late_recording": late_recording,
}


def conditions(at: Looked, checks: Iterable[str] = ROWWISE) -> tuple[Condition, ...]:
    """Return every condition of some checks that the rows of a table are held against."""
    return tuple(condition for check in checks for condition in ROWWISE[check](at))


def _recorded(at: Looked) -> Iterator[tuple[str, str]]:
    """Yield the field of a row's own day, where the table has both that and a day of recording."""
    name = at.fields.tables[at.table].date
    if name and at.table != AUDITS and at.has(RECORDED, name, AUDIT_ID):
        days = events(at.fields, at.batch, at.table)
        if name in days:
            yield name, days[name]


def _before_birth(name: str, months: int, words: Words) -> str:
    early = f"more than {months} months " if months else ""
    return f"`{name}` is {words[0]}, {early}before the month of birth, {words[1]}"


def _after_death(name: str, words: Words) -> str:
    return f"`{name}` is {words[0]}, after the day of death, {words[1]}"


def _before_entry(words: Words) -> str:
    return f"the review is of {words[0]}, and the child came into care on {words[1]}"


def _future(name: str, until: str, words: Words) -> str:
    return f"`{name}` is {words[0]}, and the input knows nothing after {until}"


def _early(name: str, words: Words) -> str:
    return f"it was recorded on {words[0]}, before its `{name}`, {words[1]}"


def _late(name: str, outages: tuple[Outage, ...], words: Words) -> str:
    said = f"it was recorded on {words[0]}, {words[2]} days after its `{name}`, {words[1]}"
    day, recorded = words[1][:10], words[0]
    met = [one for one in outages if day <= str(one.to) and recorded >= str(one.from_)]
    shown = (f"`{one.system}` ({one.from_} to {one.to})" for one in met)
    return f"{said}; during an outage of {', '.join(shown)}" if met else said


def _filled_in(name: str, words: Words) -> str:
    said = f"it was recorded on {words[0]}, after the case was selected on {words[2]}"
    return f"{said}; its `{name}` is {words[1]}"


def _blank(name: str) -> Callable[[Words], str]:
    return lambda _words: f"`{name}` is blank"
