"""Random standards of every kind and random records around hard boundaries, for Hypothesis.

Standards are drawn as what an author writes (plain dictionaries) and built by the model. Days come
from a small pool, so that they collide: month ends, a leap day, Easter, bank holidays, weekends,
the first and last day of the calendar and the days beyond them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from hypothesis import strategies as st

from engine.rulebook.fields import AUDIT_ID, AUDITS, Field, FieldType
from engine.rulebook.standard import Standard
from tests.differential.record import Record, Row
from tests.differential.scene import Scene, all_columns, rulebook
from tests.differential.written import KINDS, written_standards

COMMON = tuple(
    date.fromisoformat(f"2025-{day}")
    for day in [
        "01-01",
        "01-02",
        "01-30",
        "01-31",
        "02-03",
        "02-14",
        "02-27",
        "02-28",
        "03-01",
        "03-03",
        "03-07",
        "03-10",
        "03-14",
        "03-17",
        "03-28",
        "03-29",
        "03-30",
        "03-31",
        "04-01",
        "04-04",
        "04-14",
        "04-17",
        "04-18",
        "04-19",
        "04-20",
        "04-21",
        "04-22",
        "04-30",
        "05-01",
        "05-02",
        "05-05",
        "05-06",
        "05-23",
        "05-26",
        "05-27",
        "05-30",
        "05-31",
        "06-02",
        "06-13",
        "06-27",
        "06-28",
        "06-30",
    ]
)
RARE = tuple(
    date.fromisoformat(day)
    for day in [
        "2014-12-30",
        "2014-12-31",
        "2015-01-01",
        "2015-01-02",
        "2023-12-29",
        "2024-01-31",
        "2024-02-28",
        "2024-02-29",
        "2024-03-01",
        "2024-08-31",
        "2024-12-24",
        "2024-12-31",
        "2025-12-24",
        "2030-12-31",
        "2031-01-01",
        "2031-01-02",
    ]
)
MONTHS = tuple(date.fromisoformat(f"{m}-01") for m in ("2007-06", "2022-03", "2022-05", "2025-05"))
TABLES = ("plans", "plan_actions", "visits", "reviews", "missing_episodes")
FEW = {"plans": 3, "reviews": 4, "missing_episodes": 3, "plan_actions": 4, "visits": 5}


def days() -> st.SearchStrategy[date]:
    """Return days that collide, and now and then one at an edge."""
    common = st.sampled_from(COMMON)
    return st.one_of(*[common] * 9, st.sampled_from(RARE))


@st.composite
def scenes(draw: st.DrawFn, kind: str) -> Scene:
    """Draw one or two standards of a kind, a handful of audits and what the input holds."""
    written = draw(st.lists(written_standards(kind), min_size=1, max_size=2))
    standards = tuple(
        Standard.model_validate({**one, "id": f"SP-{n:02}"}) for n, one in enumerate(written, 1)
    )
    columns = draw(_columns())
    latest = draw(_rarely(st.frozensets(st.sampled_from(TABLES), max_size=2))) & columns.keys()
    names = [f"A{n}" for n in range(draw(st.integers(1, 4)))]
    records = {name: draw(_records(columns, latest, standards)) for name in names}
    aside = st.frozensets(st.sampled_from(sorted(set(columns) - {AUDITS})), max_size=2)
    return Scene(
        standards=standards,
        records=records,
        columns=columns,
        as_of=draw(st.one_of(st.just(COMMON[-1]), days())),
        latest_only=frozenset(latest),
        put_aside={name: draw(_rarely(aside)) for name in names},
    )


def _rarely(some: st.SearchStrategy[frozenset[str]]) -> st.SearchStrategy[frozenset[str]]:
    none: st.SearchStrategy[frozenset[str]] = st.just(frozenset())
    return st.one_of(none, none, none, none, some)


@st.composite
def _columns(draw: st.DrawFn) -> dict[str, frozenset[str]]:
    """Draw what the input holds: mostly all, at times without a table or a few columns."""
    held = {name: all_columns()[name] for name in (AUDITS, *TABLES, "answers")}
    tables = draw(_rarely(st.frozensets(st.sampled_from([*TABLES, "answers"]), max_size=1)))
    every = sorted(f"{t}.{c}" for t in held for c in held[t] - {AUDIT_ID})
    gone = draw(_rarely(st.frozensets(st.sampled_from(every), max_size=3)))
    return {
        table: frozenset(c for c in columns if f"{table}.{c}" not in gone)
        for table, columns in held.items()
        if table not in tables
    }


@st.composite
def _records(
    draw: st.DrawFn,
    columns: Mapping[str, frozenset[str]],
    latest: frozenset[str],
    standards: Sequence[Standard],
) -> Record:
    """Draw the record of one audit in the tables and columns that the input holds."""
    record: dict[str, Sequence[Row]] = {AUDITS: [draw(_row(AUDITS, columns[AUDITS]))]}
    for table in sorted(columns.keys() & set(TABLES)):
        most = 1 if table in latest else FEW[table]
        key = "plan_id" if table == "plans" and "plan_id" in columns[table] else None
        rows = st.lists(
            _row(table, columns[table]),
            max_size=most,
            unique_by=(lambda row: row["plan_id"] or id(row)) if key else None,
        )
        record[table] = draw(rows)
    if {"standard", "answer"} <= columns.get("answers", frozenset()):
        given = st.sampled_from((None, "met", "partly_met", "not_met", "not_applicable"))
        answered = draw(st.lists(st.sampled_from([s.id for s in standards]), unique=True))
        record["answers"] = [{"standard": name, "answer": draw(given)} for name in answered]
    return record


@st.composite
def _row(draw: st.DrawFn, table: str, held: frozenset[str]) -> dict[str, Any]:
    """Draw a row that the readers would let through."""
    model = rulebook().fields.tables[table].fields

    def not_before(name: str) -> str:
        return model[name].not_before or ""

    row = {name: draw(_values(name, model[name])) for name in model if name in held - {AUDIT_ID}}
    early = [name for name, day in row.items() if day and day < (row.get(not_before(name)) or day)]
    return row | dict.fromkeys(early)


def _values(name: str, field: Field) -> st.SearchStrategy[Any]:
    blank = st.none()
    if name == "not_examined":
        return st.one_of(
            blank, blank, blank, blank, st.just(("visits",)), st.just(("plans", "reviews"))
        )
    kinds: dict[FieldType, st.SearchStrategy[Any]] = {
        FieldType.ID: st.sampled_from(("P1", "P2", "P3")),
        FieldType.TEXT: st.just("said"),
        FieldType.DATE: days(),
        FieldType.DATETIME: st.builds(
            datetime.combine, days(), st.sampled_from((time(), time(23, 30)))
        ),
        FieldType.MONTH: st.sampled_from(MONTHS),
        FieldType.YES_NO: st.booleans(),
        FieldType.NUMBER: st.integers(0, 3),
        FieldType.CHOICE: st.sampled_from((*field.values[:3], "good")[:3]),
        FieldType.LIST: blank,
    }
    filled = kinds[field.type]
    return st.one_of(blank, filled, filled, filled, filled)


__all__ = ["KINDS", "scenes", "written_standards"]
