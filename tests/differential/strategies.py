"""Random scenes around hard boundaries: Hypothesis draws a standard, and a seed for the records.

A batch of a few dozen audits costs the engine no more than one, so records come from a seeded
generator of their own; `smallest.py` makes a failure small again. Days come from a small pool, so
that they collide: month ends, a leap day, Easter, bank holidays, weekends, the first and last day
of the calendar and the days beyond them.
"""

from datetime import date, datetime, time
from random import Random
from typing import Any

from hypothesis import strategies as st

from engine.records.batch import Partly
from engine.rulebook.fields import AUDIT_ID, AUDITS, FieldType
from engine.rulebook.standard import Standard
from tests.differential.record import Record
from tests.differential.scene import Scene, all_columns, rulebook
from tests.differential.written import CHOICES, DATES, FLAGS, KINDS, written_standards

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
TABLES = ("plans", "plan_actions", "visits", "reviews", "missing_episodes", "answers", "exceptions")
FEW = dict(zip(TABLES, (3, 4, 5, 4, 3, 2, 2), strict=True))
EARLY = (RARE[0], date(2025, 1, 1), date(2025, 1, 31))
USUAL: dict[str, tuple[Any, ...]] = {
    "exceptions.start_date": EARLY,
    "exceptions.end_date": (None, None, date(2025, 5, 31), date(2025, 6, 28)),
    "exceptions.kind": ("child_missing", "child_missing", "child_abroad"),
    "not_examined": (None,),
    "audit_date": (None, RARE[-4], date(2025, 6, 13)),
    "period_start": (None, date(2024, 12, 31), date(2025, 1, 31), date(2025, 3, 1)),
    "period_end": (None, date(2025, 5, 31), date(2025, 6, 30)),
}
OFTEN, HALF, SELDOM = 0.8, 0.5, 0.09
VALUES: dict[FieldType, tuple[Any, ...]] = {
    FieldType.ID: ("P1", "P2", "P3"),
    FieldType.TEXT: ("said",),
    FieldType.MONTH: MONTHS,
    FieldType.LIST: (("visits",), ("plans", "reviews")),
}
OTHER: dict[str | None, tuple[str, ...]] = {"exceptions": ("child_missing", "child_abroad")}
USED = {
    table: {
        *DATES[table], CHOICES[table][0], FLAGS[table], "plan_id", "recorded_date", "selected_date",
        "period_end", "birth_month", "not_examined", "caseload",
    }
    for table in (AUDITS, *TABLES[:5])
} | {
    "answers": {"standard", "answer"},
    "exceptions": {"kind", "start_date", "end_date", "reason"},
}  # fmt: skip


AUDITED = 24
SEEDS = st.integers(0, 2**32)


def scene_of(written: dict[str, Any], seed: int) -> Scene:
    """Return a standard with the audits of a seed and what the input holds."""
    standard, random = Standard.model_validate({**written, "id": "SP-01"}), Random(seed)
    columns, latest = _columns(random), _few(random, TABLES)
    names = [f"A{n:02}" for n in range(AUDITED)]
    partly = _partly(random, columns, latest)
    return Scene(
        standards=(standard,),
        records={name: _record(random, columns, latest) for name in names},
        columns=columns,
        as_of=COMMON[-1] if random.random() < OFTEN else _day(random),
        latest_only=latest & columns.keys(),
        asked=random.choice((None, frozenset({"SP-01"}), frozenset({"SP-01"}), frozenset())),
        put_aside={name: _few(random, TABLES) & columns.keys() for name in names},
        partly=partly,
        parts={name: _some(random, partly) for name in names},
    )


def _partly(
    random: Random, columns: dict[str, frozenset[str]], latest: frozenset[str]
) -> dict[str, Partly]:
    """Return what some audits cannot tell, as joining says it: in half of the scenes a few parts."""
    parts: dict[str, Partly] = {}
    for table in random.sample(sorted(columns), k=random.choice((0, 0, 1, 2, 3))):
        held = sorted(columns[table] - {AUDIT_ID})
        lacking = frozenset(random.sample(held, k=min(len(held), random.randint(1, 2))))
        whole = table == AUDITS or table in latest or random.random() < HALF
        parts[f"{table}:record"] = Partly(table, lacking)
        if not whole:
            parts[f"{table}:latest"] = Partly(table, frozenset(), latest=True)
    return parts


def _some(random: Random, partly: dict[str, Partly]) -> frozenset[str]:
    return frozenset(name for name in partly if random.random() < HALF)


def _few(random: Random, names: tuple[str, ...]) -> frozenset[str]:
    """Return mostly nothing, and now and then one or two of some names."""
    return frozenset(random.choices(names, k=2) if random.random() < SELDOM else ())


def _columns(random: Random) -> dict[str, frozenset[str]]:
    """Return what the input holds: mostly all, at times without a few tables or columns."""
    known = all_columns()
    held = {name: known[name] & {*used, AUDIT_ID} for name, used in USED.items()}
    every = tuple(sorted(f"{t}.{c}" for t, names in held.items() for c in names - {AUDIT_ID}))
    tables, columns = _few(random, TABLES), _few(random, every)
    return {
        table: frozenset(c for c in names if f"{table}.{c}" not in columns)
        for table, names in held.items()
        if table not in tables
    }


def _record(random: Random, columns: dict[str, frozenset[str]], latest: frozenset[str]) -> Record:
    """Return the record of one audit in the tables and columns that the input holds."""
    record = {}
    for table, held in columns.items():
        most = 1 if table in latest or table == AUDITS else FEW[table]
        rows = [_row(random, table) for _ in range(random.randint(table == AUDITS, most))]
        key = rulebook().fields.tables[table].key[1:]
        once = {row[key[0]] if key else n: row for n, row in enumerate(rows)}
        record[table] = [{n: v for n, v in row.items() if n in held} for row in once.values()]
    return record


def _row(random: Random, table: str) -> dict[str, Any]:
    """Return a row that the readers would let through."""
    model = rulebook().fields.tables[table].fields
    row = {name: _value(random, table, name) for name in model if name in USED[table]}
    first = {name: row.get(model[name].not_before or "") for name in row}
    early = [name for name, day in row.items() if day and first[name] and day < first[name]]
    return row | dict.fromkeys(early)


def _value(random: Random, table: str, name: str) -> Any:  # noqa: ANN401 - as a cell may hold
    """Return a value of a field, now and then a blank."""
    field = rulebook().fields.tables[table].fields[name]
    usual = USUAL.get(f"{table}.{name}") or USUAL.get(name)
    if usual and random.random() < OFTEN:
        return random.choice(usual)
    if random.random() < SELDOM:
        return None
    made: dict[FieldType, Any] = {
        FieldType.DATE: lambda: _day(random),
        FieldType.DATETIME: lambda: datetime.combine(_day(random), random.choice(TIMES)),
        FieldType.YES_NO: lambda: random.random() < OFTEN,
        FieldType.NUMBER: lambda: random.randint(0, 3),
    }
    listed = VALUES.get(field.type) or field.values[:3] or OTHER.get(field.values_from, ("SP-01",))
    return made.get(field.type, lambda: random.choice(listed))()


def _day(random: Random) -> date:
    """Return a day that collides, and now and then one at an edge."""
    return random.choice(RARE if random.random() < SELDOM else COMMON)


__all__ = ["KINDS", "SEEDS", "scene_of", "written_standards"]
