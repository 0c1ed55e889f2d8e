"""One look over all tables at once, to see which of them are worth a question.

In: a batch. Out: the checks that some row of each table may fail. Tables are laid one under another
in a narrow form, since a database plans one such query many times quicker than a condition a field.
No check is missed; one that is named is asked exactly afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.records import sql
from engine.records.batch import Batch
from engine.records.quality.lives import LIVES, events, made_days
from engine.records.quality.rowwise import ROWWISE
from engine.rulebook.fields import AUDIT_ID, AUDITS, RECORDED, Fields

NO_DAY = "CAST(NULL AS DATE)"
# days on which a batch was made that lie further apart belong to no one batch
NEAR = timedelta(days=366)


@dataclass(frozen=True)
class Swept:
    """The last day that the batch knows, and the checks that each table may fail."""

    known_until: date
    suspect: frozenset[tuple[str, str]]


def sweep(batch: Batch, fields: Fields, as_of: date) -> Swept:
    """Look at the days of every table, in the order of recording, birth, death and care."""
    tables = list(batch.presence.columns)
    late = fields.quality.late_after
    branches = " UNION ALL ".join(_branches(batch, fields, tables))
    found = batch.con.execute(
        f"SELECT place, max(hi), max(made), bool_or(lo < l.birth - to_months(months)), "
        "bool_or(last > l.death), bool_or(care < l.entered), bool_or(rec < day), "
        f"bool_or(rec - day > {late}), bool_or(rec > l.selected AND day <= l.selected) "
        f"FROM ({branches}) s LEFT JOIN {LIVES} l USING ({AUDIT_ID}) GROUP BY place"
    ).fetchall()
    until = as_of
    if any(made and made > as_of for _, _, made, *_ in found):
        until = _known_until(batch, tables, as_of)
    suspect = set()
    for place, high, made, early, dead, care, *rest in found:
        checks = ["impossible_date"] if early or dead or care else []
        checks += ["future_date"] if any(day and day > until for day in (high, made)) else []
        names = "recorded_before_event", "late_recording", "back_filled"
        checks += [name for name, seen in zip(names, rest, strict=True) if seen]
        suspect |= {(tables[place], check) for check in checks}
    return Swept(until, frozenset(suspect))


def all_of(batch: Batch, as_of: date) -> Swept:
    """Return the last day that the batch knows, and that every table may fail every check."""
    tables = list(batch.presence.columns)
    later = any(
        _last(batch, table, name) > as_of
        for table in tables
        for name in made_days(table)
        if name in batch.presence.columns[table]
    )
    until = _known_until(batch, tables, as_of) if later else as_of
    return Swept(until, frozenset((table, check) for table in tables for check in ROWWISE))


def _last(batch: Batch, table: str, name: str) -> date:
    """Return the last day of a column, or the first of all days where it is blank."""
    if facts := batch.facts(table):
        days = facts.days[name]
        return days[1] if days else date.min
    query = f"SELECT max({sql.name(name)}) FROM {sql.typed(table)}"
    return batch.con.execute(query).fetchall()[0][0] or date.min


def _branches(batch: Batch, fields: Fields, tables: Sequence[str]) -> Iterator[str]:
    """Yield the narrow form of each table: its earliest and latest days, and its own day."""
    for place, table in enumerate(tables):
        model, held = fields.tables[table], batch.presence.columns[table]
        days = events(fields, batch, table)
        known = model.fields
        unplanned = [day for name, day in days.items() if not known[name].may_be_planned]
        last = [days[n] for n in days if not (known[n].may_be_planned or known[n].after_death)]
        made = [f"s.{name}" for name in made_days(table) if name in held]
        own = days.get(model.date or "") if table != AUDITS and RECORDED in held else None
        care = table == "reviews" and "kind" in held and days.get("held_date")
        by_months: dict[int, list[str]] = {}
        for name, day in days.items():
            months = known[name].months_before_birth
            key = model.months_before_birth if months is None else months
            by_months.setdefault(key, []).append(day)
        for months, early in (by_months or {0: []}).items():
            columns = {
                "lo": _of("least", early),
                "hi": _of("greatest", unplanned),
                "last": NO_DAY if model.after_death else _of("greatest", last),
                "made": _of("greatest", made),
                "rec": f"s.{RECORDED}" if own else NO_DAY,
                "day": own or NO_DAY,
                "care": f"CASE WHEN s.kind = 'child_in_care' THEN {care} END" if care else NO_DAY,
            }
            shown = ", ".join(f"{text} AS {name}" for name, text in columns.items())
            yield (
                f"SELECT {place} AS place, s.{AUDIT_ID}, {months} AS months, {shown} "
                f"FROM {sql.typed(table)} s"
            )


def _known_until(batch: Batch, tables: Sequence[str], as_of: date) -> date:
    """Return the last day on which the batch was made; one with none near before it is a slip.

    An old `as_of` may lie long before most of them, and so the middle one is believed.
    """
    each = " UNION ALL ".join(
        f"SELECT {name} AS day FROM {sql.typed(table)} WHERE {name} IS NOT NULL"
        for table in tables
        for name in made_days(table)
        if name in batch.presence.columns[table]
    )
    days = f"SELECT day, count(*) AS n FROM ({each}) GROUP BY day"
    rows = batch.con.execute(
        f"SELECT day, sum(n) OVER (ORDER BY day) * 2 >= sum(n) OVER () FROM ({days}) ORDER BY day"
    ).fetchall()
    until: date = max(as_of, next(day for day, later in rows if later))
    for day, _ in rows:
        if day - until <= NEAR:
            until = max(until, day)
    return until


def _of(function: str, days: Sequence[str]) -> str:
    return f"{function}({', '.join(days)})" if len(days) > 1 else "".join(days) or NO_DAY
