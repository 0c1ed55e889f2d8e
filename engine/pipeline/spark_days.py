"""Leave rows whose day cannot be right out of a batch in Spark, as `records.quality` does here.

In: the views `typed_<table>`. Out: what the batch holds as standards see it, and the views that
lose a row. The conditions are those of `records.quality.rowwise`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.findings.translated import translated
from engine.records.batch import PARTLY, PUT_ASIDE, Partly, Presence
from engine.records.on_spark import OnSpark
from engine.records.quality.lives import (
    NOT_IN_CARE,
    PLACEMENTS,
    Lives,
    born,
    made_days,
    months_asked,
)
from engine.records.quality.rowwise import Condition, Looked, conditions
from engine.records.quality.sweep import until_of
from engine.records.spark_cells import quoted, text
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDIT_ID, AUDITS

CHECKS = ("impossible_date", "future_date")
LIVES = "lives"
_OWN = f"ON s.{AUDIT_ID} = l.{AUDIT_ID}"


@dataclass(frozen=True)
class _Held:
    presence: Presence


def believable(on: OnSpark, rulebook: Rulebook, presence: Presence, as_of: date) -> Presence:
    """Return what the batch holds, with other views for the tables that lose a row."""
    lives, until = _lives(on, rulebook, presence), _known_until(on, presence, as_of)
    looked = {
        table: conditions(
            Looked(_Held(presence), rulebook.fields, rulebook.outages, lives, until, table), CHECKS
        )
        for table in presence.columns
    }
    found = _met(on, {t: [c for c in each if c.left_out] for t, each in looked.items()})
    own = found.pop(AUDITS, [])
    lost = {table: _bad(on, table, each) for table, each in found.items()}
    _more(on, PUT_ASIDE, "table", lost, held=True)
    for table, each in found.items():
        source = f"{on.name(f'typed_{table}')} s LEFT JOIN {on.name(LIVES)} l {_OWN}"
        kept = ", ".join(f"s.{quoted(column)}" for column in sorted(presence.columns[table]))
        on.make(f"tested_{table}", f"SELECT {kept} FROM {source} WHERE NOT ({_any(each)})")
    days = sorted({one.field for one in own})
    doubted = {f"{AUDITS}:{d}": _bad(on, AUDITS, [c for c in own if c.field == d]) for d in days}
    if doubted:
        _more(on, PARTLY, "part", doubted, held=False)
    return replace(
        presence,
        believable={table: on.name(f"tested_{table}") for table in found},
        put_aside=presence.put_aside | found.keys(),
        partly={f"{AUDITS}:{d}": Partly(AUDITS, frozenset({d}), doubted=True) for d in days},
    )


def _lives(on: OnSpark, rulebook: Rulebook, presence: Presence) -> Lives:
    """Make the view of what a row's days are held against, one row an audit."""
    held, columns = presence.columns[AUDITS], []
    for column, named in (
        ("birth_month", "birth"), ("death_date", "death"), ("selected_date", "selected"),
    ):  # fmt: skip
        columns.append(f"{f's.{column}' if column in held else 'CAST(NULL AS DATE)'} AS {named}")
    birth = "s.birth_month" if "birth_month" in held else "CAST(NULL AS DATE)"
    columns += [
        f"add_months({birth}, -{months}) AS {born(months)}"
        for months in sorted(months_asked(rulebook.fields))
    ]
    came = "came_into_care_date" in held
    own = "s.came_into_care_date" if came else "CAST(NULL AS DATE)"
    placed = presence.columns.get(PLACEMENTS, frozenset())
    entered, joined = own, ""
    if "start_date" in placed:
        entered, joined = f"least({own}, p.first)", f" LEFT JOIN ({_placed(on, placed)}) p"
        joined += f" ON s.{AUDIT_ID} = p.{AUDIT_ID}"
    source = f"{on.name(f'typed_{AUDITS}')} s{joined}"
    listed = ", ".join([*columns, f"{entered} AS entered"])
    on.make(LIVES, f"SELECT s.{AUDIT_ID}, {listed} FROM {source}")
    return Lives(
        "birth_month" in held, "death_date" in held, came or bool(joined), "selected_date" in held
    )


def _placed(on: OnSpark, columns: frozenset[str]) -> str:
    listed = ", ".join(map(text, NOT_IN_CARE))
    care = f" WHERE arrangement IS NULL OR arrangement NOT IN ({listed})"
    source = f"{on.name(f'typed_{PLACEMENTS}')}{care if 'arrangement' in columns else ''}"
    return f"SELECT {AUDIT_ID}, min(start_date) AS first FROM {source} GROUP BY {AUDIT_ID}"


def _known_until(on: OnSpark, presence: Presence, as_of: date) -> date:
    """Return the last day of which the batch can know."""
    each = [
        f"SELECT {day} AS day FROM {on.name(f'typed_{table}')} WHERE {day} IS NOT NULL"
        for table, held in presence.columns.items()
        for day in made_days(table)
        if day in held
    ]
    if not each:
        return as_of
    days = f"SELECT day, count(*) FROM ({' UNION ALL '.join(each)}) GROUP BY day"
    found = sorted(tuple(row) for row in on.rows(days))
    total, so_far, rows = sum(number for _, number in found), 0, []
    for day, number in found:
        so_far += number
        rows.append((day, so_far * 2 >= total))
    return until_of(rows, as_of) if found and found[-1][0] > as_of else as_of


def _met(on: OnSpark, asked: Mapping[str, Sequence[Condition]]) -> dict[str, list[Condition]]:
    """Return the conditions that some row meets, by table."""
    each = [
        f"SELECT {text(table)} AS t, array({', '.join(f'bool_or({_test(c)})' for c in tests)}) "
        f"AS met FROM {on.name(f'typed_{table}')} s LEFT JOIN {on.name(LIVES)} l {_OWN}"
        for table, tests in asked.items()
        if tests
    ]
    rows = on.rows(" UNION ALL ".join(each)) if each else []
    found = {t: [c for c, met in zip(asked[t], seen, strict=True) if met] for t, seen in rows}
    return {t: tests for t, tests in sorted(found.items()) if tests}


def _test(condition: Condition) -> str:
    return translated(condition.test)


def _any(tests: Sequence[Condition]) -> str:
    return " OR ".join(f"coalesce({_test(condition)}, FALSE)" for condition in tests)


def _bad(on: OnSpark, table: str, tests: Sequence[Condition]) -> str:
    source = f"{on.name(f'typed_{table}')} s LEFT JOIN {on.name(LIVES)} l {_OWN}"
    return f"{source} WHERE {_any(tests)}"


def _more(on: OnSpark, what: str, column: str, each: Mapping[str, str], *, held: bool) -> None:
    """Make the view of audits and what is so of them: what the batch holds, and further rows."""
    parts = [
        f"SELECT DISTINCT s.{AUDIT_ID}, {text(said)} AS {quoted(column)} FROM {rows}"
        for said, rows in each.items()
    ]
    parts += [f"SELECT * FROM {on.name(f'typed_{what}')}"] if held else []
    on.make(f"tested_{what}", " UNION ".join(parts))
