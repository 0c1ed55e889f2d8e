"""Random standards of every kind and random records around hard boundaries, for Hypothesis.

Standards are drawn as what an author writes (plain dictionaries) and built by the model. Days come
from a small pool, so that they collide: month ends, a leap day, Easter, bank holidays, weekends,
the first and last day of the calendar and the days beyond them.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

from hypothesis import strategies as st

from engine.rulebook.fields import AUDIT_ID, AUDITS, FieldType
from engine.rulebook.standard import Standard
from tests.differential.record import Record
from tests.differential.scene import Scene, all_columns, rulebook
from tests.differential.written import CHOICES, DATES, FLAGS, KINDS, mostly, written_standards

COMMON = tuple(
    date(2025, month, day)
    for month, listed in {
        1: (1, 2, 30, 31), 2: (3, 14, 27, 28), 3: (1, 3, 7, 10, 14, 17, 28, 29, 30, 31),
        4: (1, 4, 14, 17, 18, 19, 20, 21, 22, 30), 5: (1, 2, 5, 6, 23, 26, 27, 30, 31),
        6: (2, 13, 27, 28, 30),
    }.items()
    for day in listed
)  # fmt: skip
RARE = (
    date(2014, 12, 30), date(2014, 12, 31), date(2015, 1, 1), date(2015, 1, 2), date(2023, 12, 29),
    date(2024, 1, 31), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 8, 31),
    date(2024, 12, 24), date(2024, 12, 31), date(2030, 12, 31), date(2031, 1, 1), date(2031, 1, 2),
)  # fmt: skip
MONTHS = tuple(date.fromisoformat(f"{m}-01") for m in ("2007-06", "2022-03", "2022-05", "2025-05"))
TIMES = (time(), time(23, 30))
TABLES = ("plans", "plan_actions", "visits", "reviews", "missing_episodes", "answers")
FEW = dict(zip(TABLES, (3, 4, 5, 4, 3, 2), strict=True))
USUAL: dict[str, tuple[Any, ...]] = {
    "not_examined": (None,),
    "audit_date": (None, RARE[-4], date(2025, 6, 13)),
    "period_start": (None, date(2024, 12, 31), date(2025, 1, 31), date(2025, 3, 1)),
    "period_end": (None, date(2025, 5, 31), date(2025, 6, 30)),
}
USED = {
    table: {
        *DATES[table], CHOICES[table][0], FLAGS[table], "plan_id", "recorded_date", "selected_date",
        "period_end", "birth_month", "not_examined", "caseload",
    }
    for table in (AUDITS, *TABLES[:-1])
} | {"answers": {"standard", "answer"}}  # fmt: skip


@cache
def days() -> st.SearchStrategy[date]:
    """Return days that collide, and now and then one at an edge."""
    return mostly(st.sampled_from(COMMON), st.sampled_from(RARE), 12)


@st.composite
def scenes(draw: st.DrawFn, kind: str) -> Scene:
    """Draw one or two standards of a kind, a handful of audits and what the input holds."""
    written = [draw(written_standards(kind)) for _ in range(draw(st.integers(1, 2)))]
    standards = tuple(
        Standard.model_validate({**one, "id": f"SP-{n:02}"}) for n, one in enumerate(written, 1)
    )
    columns, latest = draw(_columns()), draw(_rarely(TABLES))
    told = f"{written} {'answers' if kind in ('answer', 'choose') else ''}"
    shown = {name: columns[name] for name in columns if name in told or name == AUDITS}
    names = [f"A{n}" for n in range(draw(st.integers(1, 4)))]
    return Scene(
        standards=standards,
        records={name: draw(_records(shown, latest)) for name in names},
        columns=columns,
        as_of=draw(mostly(st.just(COMMON[-1]), days(), 4)),
        latest_only=latest & columns.keys(),
        put_aside={name: draw(_rarely(TABLES)) & columns.keys() for name in names},
    )


@cache
def _rarely(some: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    """Return mostly nothing, and now and then one to three of some names."""
    few = st.frozensets(st.sampled_from(some), min_size=1, max_size=2)
    return mostly(st.just(frozenset()), few, 9)


@st.composite
def _columns(draw: st.DrawFn) -> dict[str, frozenset[str]]:
    """Draw what the input holds: mostly all, at times without a few tables or columns."""
    known = all_columns()
    held = {name: known[name] & {*used, AUDIT_ID} for name, used in USED.items()}
    every = tuple(sorted(f"{t}.{c}" for t, names in held.items() for c in names - {AUDIT_ID}))
    tables, columns = draw(_rarely(TABLES)), draw(_rarely(every))
    return {
        table: frozenset(c for c in names if f"{table}.{c}" not in columns)
        for table, names in held.items()
        if table not in tables
    }


@st.composite
def _records(
    draw: st.DrawFn, columns: Mapping[str, frozenset[str]], latest: frozenset[str]
) -> Record:
    """Draw the record of one audit in the tables and columns that the input holds."""
    record = {
        table: draw(_rows(table, 1 if table in latest else FEW[table]))
        for table in columns
        if table != AUDITS
    }
    record[AUDITS] = [draw(_row(AUDITS))]
    return {
        table: [{name: row[name] for name in row if name in columns[table]} for row in rows]
        for table, rows in record.items()
    }


@cache
def _rows(table: str, most: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return rows of a table, no two with the same key."""
    key = rulebook().fields.tables[table].key[1:]

    def once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = {row[key[0]] if key else n: row for n, row in enumerate(rows)}
        return list(kept.values())

    some = st.lists(_row(table), min_size=1, max_size=most).map(once)
    return mostly(some, st.just([]), 6)


@cache
def _row(table: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return rows that the readers would let through."""
    model = rulebook().fields.tables[table].fields

    def in_order(row: dict[str, Any]) -> dict[str, Any]:
        first = {name: row.get(model[name].not_before or "") for name in row}
        return row | {n: None for n, day in row.items() if day and first[n] and day < first[n]}

    values = {name: _values(table, name) for name in model if name in USED[table]}
    return st.fixed_dictionaries(values).map(in_order)


def _values(table: str, name: str) -> st.SearchStrategy[Any]:
    """Return values of a field, now and then a blank."""
    field = rulebook().fields.tables[table].fields[name]
    kinds: dict[FieldType, st.SearchStrategy[Any]] = {
        FieldType.ID: st.sampled_from(("P1", "P2", "P3")),
        FieldType.TEXT: st.just("said"),
        FieldType.DATE: days(),
        FieldType.DATETIME: st.builds(datetime.combine, days(), st.sampled_from(TIMES)),
        FieldType.MONTH: st.sampled_from(MONTHS),
        FieldType.YES_NO: st.booleans(),
        FieldType.NUMBER: st.integers(0, 3),
        FieldType.CHOICE: st.sampled_from(field.values or ("SP-01", "SP-02")),
        FieldType.LIST: st.sampled_from((("visits",), ("plans", "reviews"))),
    }
    if name in USUAL:
        return mostly(st.sampled_from(USUAL[name]), kinds[field.type], 7)
    return mostly(kinds[field.type], st.none(), 7)


__all__ = ["KINDS", "scenes", "written_standards"]
