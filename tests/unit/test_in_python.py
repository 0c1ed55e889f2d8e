"""The promises of running plans in Python: whatever the plan, its rows are the database's."""

from collections import Counter
from datetime import date, datetime

import pytest
from hypothesis import given, settings

from engine.findings.duckdb_sql import expression_sql
from engine.findings.in_python import Rows, Runner, values
from engine.findings.plan import Apply, Column, Op, Relation, Type
from engine.workdays import Calendar
from tests.unit.plans import COLUMNS, database, plans, rows_of

FIRST, LAST = date(2025, 3, 1), date(2025, 4, 30)


class EveryDay(Calendar):
    """A calendar in which every day is a working day, as in the database of these tests."""

    def index(self, day: date) -> int | None:
        return (day - FIRST).days + 1 if FIRST <= day <= LAST else None


def events(_name: str) -> Rows:
    names = [name for name, _ in COLUMNS]
    rows = database().execute(f"SELECT {', '.join(names)} FROM events").fetchall()
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return Rows(len(rows), lambda name: columns[name])


@settings(max_examples=300, deadline=None)
@given(plans())
def test_a_plan_gives_the_rows_of_the_database(plan: Relation) -> None:
    """Filters, folds, joins, unions, orders and calendars give the same rows, as often."""
    found = Runner(events, EveryDay("", FIRST, LAST, frozenset())).run(plan)
    columns = (found[name] for name in sorted(plan.schema))
    assert Counter(zip(*columns, strict=True)) == rows_of(plan)


DAYS = [date(2024, 1, 31), date(2024, 2, 29), date(2023, 12, 1), None]
GIVEN: dict[Type, list[object]] = {
    Type.INT: [7, -7, 2, 0, None],
    Type.BOOL: [True, False, None],
    Type.DATE: [*DAYS],
    Type.TEXT: ["visit", "", None],
    Type.TEXTS: [["visit", "call"], [], None],
    Type.TIMESTAMP: [datetime(2024, 2, 29, 23, 59), None],  # noqa: DTZ001 - the record has no zone
}
OPERATORS: dict[Op, tuple[tuple[Type, ...], Type]] = {
    **dict.fromkeys((Op.EQUAL, Op.NOT_EQUAL, Op.LESS, Op.AT_MOST, Op.MORE, Op.AT_LEAST), ((Type.DATE, Type.DATE), Type.BOOL)),
    **dict.fromkeys((Op.AND, Op.OR), ((Type.BOOL, Type.BOOL), Type.BOOL)),
    **dict.fromkeys((Op.ADD, Op.SUBTRACT, Op.MULTIPLY, Op.COALESCE, Op.LEAST, Op.GREATEST), ((Type.INT, Type.INT), Type.INT)),
    Op.NOT: ((Type.BOOL,), Type.BOOL),
    Op.IS_NULL: ((Type.TEXT,), Type.BOOL),
    Op.CASE: ((Type.BOOL, Type.INT, Type.BOOL, Type.INT, Type.INT), Type.INT),
    Op.DAYS: ((Type.DATE, Type.DATE), Type.INT),
    Op.PLUS_DAYS: ((Type.DATE, Type.INT), Type.DATE),
    Op.PLUS_MONTHS: ((Type.DATE, Type.INT), Type.DATE),
    Op.MONTH_NUMBER: ((Type.DATE,), Type.INT),
    Op.AS_DATE: ((Type.TIMESTAMP,), Type.DATE),
    Op.HOLDS: ((Type.TEXTS, Type.TEXT), Type.BOOL),
}  # fmt: skip


def combinations(kinds: tuple[Type, ...]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = [()]
    for kind in kinds:
        found = [(*one, value) for one in found for value in GIVEN[kind]]
    return found


@pytest.mark.parametrize("op", OPERATORS)
def test_an_operator_gives_what_the_database_gives(op: Op) -> None:
    """Every operator, with every combination of some values of its types and blanks."""
    kinds, made = OPERATORS[op]
    rows = combinations(kinds)
    names = [f"c{place}" for place in range(len(kinds))]
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    taken = tuple(Column(name, kind) for name, kind in zip(names, kinds, strict=True))
    expression = Apply(op, taken, made)
    found = values(expression, Rows(len(rows), lambda name: columns[name]))
    assert found == [asked(expression, row) for row in rows]


def asked(expression: Apply, row: tuple[object, ...]) -> object:
    """Return what the database says of one row."""
    kinds = {Type.INT: "INTEGER", Type.TEXT: "VARCHAR", Type.TEXTS: "VARCHAR[]",
             Type.BOOL: "BOOLEAN", Type.DATE: "DATE", Type.TIMESTAMP: "TIMESTAMP"}  # fmt: skip
    cells = ", ".join(
        f"?::{kinds[arg.type]} AS c{place}" for place, arg in enumerate(expression.args)
    )
    query = f"SELECT {expression_sql(expression)} FROM (SELECT {cells})"
    ((found,),) = database().execute(query, list(row)).fetchall()
    return found


@pytest.mark.parametrize(("over", "by", "gives"), [(7, 2, 3), (-7, 2, -3), (0, 2, 0)])
def test_a_quotient_loses_its_fraction(over: int, by: int, gives: int) -> None:
    """Division is towards nought in Python as in the database; nothing is divided by nought."""
    quotient = Apply(Op.FLOOR_DIVIDE, (Column("c0", Type.INT), Column("c1", Type.INT)), Type.INT)
    columns = {"c0": [over], "c1": [by]}
    assert values(quotient, Rows(1, lambda name: list(columns[name]))) == [gives]
    assert asked(quotient, (over, by)) == gives


def test_every_operator_is_held_against_the_database() -> None:
    """A new operator of the plan is tested here before it is run."""
    assert {*OPERATORS, Op.FLOOR_DIVIDE} == {*Op}


def test_what_nobody_reads_is_not_worked_out() -> None:
    """A column is made when it is asked for, and once."""
    made: list[str] = []

    def make(name: str) -> list[object]:
        made.append(name)
        return [1]

    rows = Rows(1, make)
    assert (rows["n"], rows["n"], made) == ([1], [1], ["n"])
