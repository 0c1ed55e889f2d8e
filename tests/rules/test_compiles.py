"""The promise between the checks and the engine: a standard without problems compiles and runs."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import duckdb
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.findings.compile import Against, compile_standard
from engine.findings.duckdb_sql import SQL_TYPES, emit, quote
from engine.findings.plan import Relation, Scan
from engine.findings.prune import parents_first
from engine.records.batch import Presence
from engine.rulebook.check import check_standards
from engine.rulebook.fields import Fields
from engine.rulebook.source import Source, read_source
from engine.rulebook.standard import Standard
from engine.rulebook.validate import validate
from tests.rules.rulebooks import shipped

Drawn = st.SearchStrategy[Any]
SOURCE = {"title": "A source", "checked": "2026-01-01"}
VALUES = ("yes", "no", "3", "2025-01-31", "2025-01", "child_protection", "good", "visits", "words")
LENGTHS = ("10 days", "3 working days", "1 month")


def fields() -> Fields:
    return shipped().fields


@cache
def names() -> tuple[str, ...]:
    """Return fields of a few tables, so that tables and fields often fit, and often do not."""
    tables = ("audits", "plans", "plan_actions", "visits", "missing_episodes")
    return tuple(sorted({name for table in tables for name in fields().tables[table].fields}))


tables = st.sampled_from(("plans", "plan_actions", "visits", "audits", "missing_episodes"))
lengths = st.sampled_from(LENGTHS)
values = st.sampled_from(VALUES)
bare = st.deferred(lambda: st.sampled_from(names()))
scoped = st.builds("{}{}".format, st.sampled_from(("", "trigger.", "audit.")), bare)
plain_days = st.builds(
    "{}.{}".format, st.sampled_from(("trigger", "audit")), bare | st.just("cut_off")
)


def some(**parts: Drawn) -> Drawn:
    """Draw a mapping with any of its parts left out."""
    return st.fixed_dictionaries({}, optional=parts)


days = plain_days | st.fixed_dictionaries({"field": plain_days, "plus": lengths})
conditions = (
    values
    | st.lists(values, min_size=1, max_size=2)
    | st.sampled_from(({"present": "yes"}, {"present": "no"}, {"at_least": "2"}, {"at_most": "2"}))
    | values.map(lambda value: {"not": value})
    | days.map(lambda day: {"on_or_before": day})
)
wheres = st.dictionaries(scoped, conditions, max_size=1)
lookups = st.fixed_dictionaries(
    {"table": tables}, optional={"date": bare, "where": wheres, "on_or_after": days}
)
any_days = days | lookups
windows = st.fixed_dictionaries({"from": any_days}, optional={"to": any_days}) | (
    st.fixed_dictionaries({"after": any_days})
)
units = st.sampled_from(("days", "working_days", "months"))
rows = {"of": tables, "where": wheres, "window": windows}


def measure(kind: str, needs: Mapping[str, Drawn], **may: Drawn) -> Drawn:
    return st.fixed_dictionaries({"kind": st.just(kind), **needs}, optional=may)


joins = st.lists(bare, min_size=1, max_size=1)
MEASURES = {
    "within": measure("within", {"from": any_days, "to": any_days}, unit=units, grace=lengths),
    "longest_gap": measure("longest_gap", rows, date=bare, unit=units, grace=lengths),
    "every": measure("every", {**rows, "period": st.just("1 month")}, date=bare),
    "share": measure("share", {"of": tables, "satisfies": wheres}, join=joins, where=wheres),
    "count": measure("count", {"of": tables}, join=joins, where=wheres, window=windows),
    "present": measure("present", {"of": tables}, join=joins, where=wheres, window=windows)
    | measure("present", {"fields": joins}, satisfies=wheres, partly=wheres),
    "answer": measure("answer", {}),
    "recorded_within": measure("recorded_within", {}, date=bare, unit=units),
    "before": measure("before", {"events": st.lists(any_days, min_size=1), "day": any_days}),
}
AT_LEAST = ("every", "share", "count")


@st.composite
def standards(draw: st.DrawFn) -> str:
    """Draw a standard as an author might write it, right or wrong."""
    kind = draw(st.sampled_from(sorted(MEASURES)))
    limit = "at_least" if kind in AT_LEAST else "at_most"
    written: dict[str, Any] = {
        "id": "XX-01",
        "title": "A drawn standard",
        "status": "draft",
        "domain": "visits",
        "area": "leadership",
        "level": "local",
        "severity": "minor",
        "why": "To try the checks.",
        "because": "It is so.",
        "versions": [{"from": "2015-01-01", "met": {limit: "5"}, "source": SOURCE}],
        "trigger": {"table": draw(tables), **draw(some(where=wheres))},
        "measure": draw(MEASURES[kind]),
        **draw(some(applies_to=wheres)),
    }
    if draw(st.booleans()):
        opened = {"from": draw(any_days), "at_least": draw(lengths)}
        written["trigger"]["open_for"] = opened
    event(kind)
    return json.dumps(written)


def checked(text: str) -> tuple[Standard, Source] | None:
    """Return a standard if there is nothing wrong with it."""
    source, problems = read_source(text, "drawn.yaml")
    assert source is not None, problems
    standard, problems = validate(Standard, source)
    if standard is None or check_standards(((standard, source),), shipped().book, fields()):
        return None
    return standard, source


def run(plan: Relation) -> None:
    """Run a plan over empty tables of the columns that it reads."""
    con = duckdb.connect()
    con.execute('CREATE TABLE calendar ("day" DATE, n INTEGER)')
    read: dict[str, dict[str, str]] = {}
    for node in parents_first(plan):
        if isinstance(node, Scan):
            read.setdefault(node.table, {}).update({n: SQL_TYPES[t] for n, t in node.columns})
    for table, columns in read.items():
        listed = ", ".join(f"{quote(n)} {t}" for n, t in columns.items() if n != "rowid")
        con.execute(f"CREATE TABLE {quote(table)} ({listed})")
    assert con.execute(emit(plan, "x")).fetchall() == []
    con.close()


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(standards(), st.booleans(), st.booleans())
def test_a_standard_without_problems_compiles_and_runs(
    text: str,
    evidence: bool,
    doubtful: bool,
) -> None:
    """Whatever an author writes either gets a problem or becomes SQL that runs, never a crash."""
    found = checked(text)
    event("right" if found else "wrong")
    if found is None:
        return
    book = shipped()
    columns = {name: frozenset(table.fields) for name, table in book.fields.tables.items()}
    all_tables = frozenset(columns)
    presence = Presence(columns, frozenset(), all_tables, all_tables) if doubtful else None
    against = Against(book.fields, presence or Presence(columns), book.book.settings)
    run(compile_standard(found[0], against, evidence=evidence))
