"""One look over all tables at once, to see which of them are worth a question.

In: a batch. Out: the checks that some row of each table may fail. Tables are laid one under another
in a narrow form, since a database plans one such query many times quicker than a condition a field.
No check is missed; one that is named is asked exactly afterwards.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.records import sql
from engine.records.batch import Batch
from engine.records.quality.few import Shown, all_held, shown_by_held
from engine.records.quality.lives import LIVES, Days, days_of, events, made_days
from engine.records.quality.rowwise import ROWWISE
from engine.rulebook.fields import AUDIT_ID, RECORDED, Fields

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
    tables = {table: days_of(fields, batch, table) for table in batch.presence.columns}
    late = fields.quality.late_after
    if all_held(batch):
        found = list(enumerate(shown_by_held(batch, tables, late)))
    else:
        found = [(at, Shown(*shown)) for at, *shown in _asked(batch, fields, tables, late)]
    until, names = as_of, list(tables)
    if any(shown.made and shown.made > as_of for _, shown in found):
        until = _known_until(batch, names, as_of)
    suspect = {(names[at], check) for at, shown in found for check in _checks(shown, until)}
    return Swept(until, frozenset(suspect))


def _checks(shown: Shown, until: date) -> Iterator[str]:
    """Yield the checks that some row may fail."""
    seen = {
        "impossible_date": shown.early or shown.dead or shown.care,
        "future_date": any(day and day > until for day in (shown.high, shown.made)),
        "recorded_before_event": shown.before,
        "late_recording": shown.late,
        "back_filled": shown.filled_in,
    }
    return (check for check, suspect in seen.items() if suspect)


def _asked(
    batch: Batch, fields: Fields, tables: Mapping[str, Days], late: int
) -> list[tuple[Any, ...]]:
    """Return the place of each table, and what its rows show."""
    branches = " UNION ALL ".join(_branches(batch, fields, tables))
    return batch.con.execute(
        f"SELECT place, max(hi), max(made), bool_or(lo < l.birth - to_months(months)), "
        "bool_or(last > l.death), bool_or(care < l.entered), bool_or(rec < day), "
        f"bool_or(rec - day > {late}), bool_or(rec > l.selected AND day <= l.selected) "
        f"FROM ({branches}) s LEFT JOIN {LIVES} l USING ({AUDIT_ID}) GROUP BY place"
    ).fetchall()


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


def _branches(batch: Batch, fields: Fields, tables: Mapping[str, Days]) -> Iterator[str]:
    """Yield the narrow form of each table: its earliest and latest days, and its own day."""
    for place, (table, days) in enumerate(tables.items()):
        named = events(fields, batch, table)
        care = (
            f"CASE WHEN s.kind = 'child_in_care' THEN {named[days.care]} END" if days.care else ""
        )
        for months, early in (days.by_months or {0: ()}).items():
            columns = {
                "lo": _of("least", [named[name] for name in early]),
                "hi": _of("greatest", [named[name] for name in days.unplanned]),
                "last": _of("greatest", [named[name] for name in days.lived]),
                "made": _of("greatest", [f"s.{name}" for name in days.made]),
                "rec": f"s.{RECORDED}" if days.own else NO_DAY,
                "day": named[days.own] if days.own else NO_DAY,
                "care": care if days.care else NO_DAY,
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
    return until_of(rows, as_of)


def until_of(rows: Sequence[tuple[date, bool]], as_of: date) -> date:
    """Return the last day; `rows` are the days on which the batch was made, and if half are past.

    They come in their order.
    """
    until: date = max(as_of, next(day for day, later in rows if later))
    for day, _ in rows:
        if day - until <= NEAR:
            until = max(until, day)
    return until


def _of(function: str, days: Sequence[str]) -> str:
    return f"{function}({', '.join(days)})" if len(days) > 1 else "".join(days) or NO_DAY
