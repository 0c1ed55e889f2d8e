"""What a row's days are held against: the child's birth, death and entry to care, the selection.

In: a batch. Out: the table `believable.lives`, one row an audit, numbered from 0 as `ordinal`; what
the input does not hold is null.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.records import sql
from engine.records.batch import Batch, Presence
from engine.rulebook.fields import AUDIT_ID, AUDITS, RECORDED, Fields, FieldType

SCHEMA = "believable"
LIVES = f"{SCHEMA}.lives"
PLACEMENTS = "placements"
# where a child lives who is not in care
NOT_IN_CARE = ("private_fostering", "family_arrangement", "care_leaver_accommodation")


@dataclass(frozen=True)
class Lives:
    """Which of the days the input holds."""

    birth: bool
    death: bool
    entered: bool
    selected: bool


class Holds(Protocol):
    """Something that says which tables and columns it holds, as a batch does."""

    @property
    def presence(self) -> Presence:
        """Return what it holds."""
        ...


@dataclass(frozen=True)
class Days:
    """Which columns of a table are held against what.

    `by_months` are the days of events by the months before birth that they may lie; `unplanned` are
    those that lie in no future, `lived` those of a child alive, `made` the days on which the batch
    was made; `own` is the table's own day where its recording is known, `care` that of a review.
    """

    by_months: Mapping[int, Sequence[str]]
    unplanned: Sequence[str]
    lived: Sequence[str]
    made: Sequence[str]
    own: str
    care: str


def days_of(fields: Fields, batch: Holds, table: str) -> Days:
    """Return what the days of a table are held against."""
    model, held = fields.tables[table], batch.presence.columns[table]
    known, names = model.fields, events(fields, batch, table)
    by_months: dict[int, list[str]] = {}
    for name in names:
        months = known[name].months_before_birth
        by_months.setdefault(model.months_before_birth if months is None else months, []).append(
            name
        )
    unplanned = [name for name in names if not known[name].may_be_planned]
    lived = [] if model.after_death else [n for n in unplanned if not known[n].after_death]
    own = model.date if model.date in names and table != AUDITS and RECORDED in held else None
    care = table == "reviews" and "kind" in held and "held_date" in names
    return Days(
        by_months,
        unplanned,
        lived,
        [name for name in made_days(table) if name in held],
        own or "",
        "held_date" if care else "",
    )


def events(fields: Fields, batch: Holds, table: str) -> dict[str, str]:
    """Return the fields of a table that hold the day of an event, each as SQL of a day."""
    known = fields.tables[table].fields
    days = {}
    for name in fields.tables[table].fields:
        kind = known[name].type
        if name in batch.presence.columns[table] and not known[name].not_an_event:
            if kind is FieldType.DATE:
                days[name] = f"s.{sql.name(name)}"
            elif kind is FieldType.DATETIME:
                days[name] = f"CAST(s.{sql.name(name)} AS DATE)"
    return days


def made_days(table: str) -> tuple[str, ...]:
    """Return the days on which a batch was made: it knows of what happened until then."""
    return ("audit_date", "selected_date") if table == AUDITS else (RECORDED,)


def born(months: int) -> str:
    """Return the column of lives with the day so many months before the month of birth."""
    return f"born_{months}"


def lives(batch: Batch, fields: Fields) -> Lives:
    """Make the table of lives, and say what it holds."""
    held = batch.presence.columns[AUDITS]
    came, entered = "came_into_care_date" in held, _first_placement(batch)
    days = ("birth_month", "birth"), ("death_date", "death"), ("selected_date", "selected")
    columns = [
        f"{f's.{field}' if field in held else 'CAST(NULL AS DATE)'} AS {name}"
        for field, name in days
    ]
    own = "s.came_into_care_date" if came else "CAST(NULL AS DATE)"
    first = f"least({own}, p.first)" if entered else own
    if PLACEMENTS in batch.presence.latest_only:
        # placements that may be some of several show an earlier time in care, never a later start
        first = f"CASE WHEN {own} IS NOT NULL THEN {first} END"
    columns.append(f"{first} AS entered")
    # worked out once an audit, and not for each of its rows
    birth = "s.birth_month" if "birth_month" in held else "CAST(NULL AS DATE)"
    columns += [
        f"CAST({birth} - INTERVAL {months} MONTH AS DATE) AS {born(months)}"
        for months in sorted(months_asked(fields))
    ]
    joined = f" LEFT JOIN ({entered}) p USING ({AUDIT_ID})" if entered else ""
    batch.con.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    batch.con.execute(
        f"CREATE OR REPLACE TABLE {LIVES} AS SELECT s.{AUDIT_ID}, {', '.join(columns)}, "
        f"CAST(row_number() OVER () - 1 AS INTEGER) AS ordinal "
        f"FROM {sql.typed(AUDITS)} s{joined}"
    )
    return Lives(
        "birth_month" in held,
        "death_date" in held,
        came or bool(entered),
        "selected_date" in held,
    )


def months_asked(fields: Fields) -> set[int]:
    """Return how many months before birth an event may lie, for all fields."""
    tables = fields.tables.values()
    own = {f.months_before_birth for table in tables for f in table.fields.values()} - {None}
    return {table.months_before_birth for table in tables} | {months or 0 for months in own}


def _first_placement(batch: Batch) -> str:
    """Return SQL of each audit's first placement in care of those that the input holds."""
    held = batch.presence.columns.get(PLACEMENTS, frozenset())
    if "start_date" not in held:
        return ""
    listed = ", ".join(map(sql.literal, NOT_IN_CARE))
    care = f" WHERE arrangement IS NULL OR arrangement NOT IN ({listed})"
    return (
        f"SELECT {AUDIT_ID}, min(start_date) AS first FROM {sql.typed(PLACEMENTS)}"
        f"{care if 'arrangement' in held else ''} GROUP BY {AUDIT_ID}"
    )
