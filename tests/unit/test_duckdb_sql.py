"""The promises of the SQL: it says what the plan says, and nothing breaks out of its quotes."""

from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.findings import expressions as x
from engine.findings.duckdb_sql import emit, expression_sql, quote
from engine.findings.plan import (
    Aggregate,
    Expression,
    Filter,
    First,
    Fold,
    Join,
    Literal,
    Op,
    Previous,
    Project,
    Scan,
    Type,
    Union,
    WorkingDays,
)
from tests.unit.plans import database, events, rows_of

ROWS = events()
names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


def value(expression: Expression) -> object:
    row = database().execute(f"SELECT {expression_sql(expression)}").fetchone()
    assert row is not None
    return row[0]


@settings(max_examples=60, deadline=None)
@given(names)
def test_a_text_is_itself_whatever_it_holds(text: str) -> None:
    """Quotes, semicolons and line breaks in a text stay in the text."""
    assert value(x.text(text)) == text


@settings(max_examples=60, deadline=None)
@given(names)
def test_a_name_is_itself_whatever_it_holds(name: str) -> None:
    """A column may have any name: quoted, it stays a name."""
    con = duckdb.connect()
    con.execute(f"CREATE TABLE t ({quote(name)} INTEGER)")
    ((found, *_),) = con.execute("DESCRIBE t").fetchall()
    assert found == name


@pytest.mark.parametrize(
    ("literal", "sql"),
    [
        (x.TRUE, "TRUE"),
        (x.FALSE, "FALSE"),
        (x.whole(-3), "-3"),
        (x.day(date(2025, 3, 3)), "DATE '2025-03-03'"),
        (x.text("it's"), "'it''s'"),
        (x.null(Type.TEXTS), "CAST(NULL AS VARCHAR[])"),
        (Literal(None, Type.TIMESTAMP), "CAST(NULL AS TIMESTAMP)"),
    ],
)
def test_a_literal_is_written_by_its_type(literal: Literal, sql: str) -> None:
    """Each type of literal has its own way of being written, nulls with their type."""
    assert expression_sql(literal) == sql


JAN_31 = x.day(date(2025, 1, 31))
MARCH_1 = x.day(date(2025, 3, 1))
NULL = x.null(Type.BOOL)


@pytest.mark.parametrize(
    ("expression", "gives"),
    [
        (x.days_between(JAN_31, MARCH_1), 29),
        (x.plus_days(JAN_31, x.whole(-31)), date(2024, 12, 31)),
        (x.plus_months(JAN_31, x.whole(1)), date(2025, 2, 28)),
        (x.month_number(MARCH_1), 2025 * 12 + 3),
        (x.arithmetic(Op.FLOOR_DIVIDE, x.whole(7), x.whole(2)), 3),
        (x.arithmetic(Op.MULTIPLY, x.whole(7), x.whole(2)), 14),
        (x.case((NULL, x.whole(1)), otherwise=x.whole(2)), 2),
        (x.both(NULL, x.FALSE), False),
        (x.either(NULL, x.filled(JAN_31)), True),
        (x.both(NULL, x.filled(JAN_31)), None),
        (x.negate(NULL), None),
        (x.is_true(NULL), False),
        (x.is_null(NULL), True),
        (x.least(JAN_31, x.null(Type.DATE), MARCH_1), date(2025, 1, 31)),
        (x.greatest(x.null(Type.DATE), JAN_31), date(2025, 1, 31)),
        (x.coalesce(x.null(Type.INT), x.whole(4)), 4),
        (x.holds(x.null(Type.TEXTS), "visits"), False),
        (x.some(x.null(Type.INT)), False),
        (x.none(x.whole(0)), True),
        (x.one_of(x.text("b"), (x.text("a"), x.text("b"))), True),
        (x.one_of(x.null(Type.TEXT), (x.text("a"),)), None),
    ],
)
def test_an_operator_means_what_the_plan_says(expression: Expression, gives: object) -> None:
    """Months are clipped, unknown stays unknown, and the null among others is passed over."""
    assert value(expression) == gives


def test_a_time_has_a_day() -> None:
    """The day of a date and time is its date."""
    at = Scan("moments", (("at_", Type.TIMESTAMP),))
    database().execute(
        "CREATE OR REPLACE TABLE moments AS SELECT TIMESTAMP '2025-03-03 23:59' AS at_"
    )
    plan = Project(at, (("day", x.as_date(x.col(at, "at_"))),))
    assert list(rows_of(plan)) == [(date(2025, 3, 3),)]


def test_each_relation_is_a_step_with_its_name() -> None:
    """A plan is a chain of named steps; a projection takes the filter below it as its WHERE."""
    plan = Project(Filter(ROWS, x.col(ROWS, "flag")), (("n", x.col(ROWS, "n")),))
    assert emit(plan, "cp_05") == (
        'WITH cp_05_1 AS (\n  SELECT "a", "n", "flag", "day", "name" FROM "events"\n),\n'
        'cp_05_2 AS (\n  SELECT "n" FROM cp_05_1 WHERE "flag"\n)\nSELECT * FROM cp_05_2'
    )


def test_a_step_that_is_used_twice_is_written_once() -> None:
    """A relation that two others read is one step in the SQL."""
    fold = Aggregate(ROWS, ("a",), (("rows", Fold.COUNT, x.TRUE), ("n_", Fold.MIN, ROWS_N)))
    sql = emit(Join(ROWS, fold, (("a", "a"),)), "s")
    assert sql.count('FROM "events"') == 1
    assert sql.count(" AS (") == 3


ROWS_N = x.col(ROWS, "n")


def test_a_fold_counts_sums_and_compares() -> None:
    """COUNT counts the rows in which a condition is true; nulls are left out of every fold."""
    folds = (
        ("all", Fold.COUNT, x.TRUE),
        ("flagged", Fold.COUNT, x.col(ROWS, "flag")),
        ("sum", Fold.SUM, ROWS_N),
        ("most", Fold.MAX, ROWS_N),
    )
    found = Aggregate(ROWS, ("a",), folds)
    in_order = Project(found, tuple((f"{i}", x.col(found, c)) for i, c in enumerate(found.schema)))
    assert sorted(rows_of(in_order)) == [(1, 3, 1, 13, 10), (2, 2, 2, 6, 10), (3, 1, 0, None, None)]


def test_order_puts_blanks_last() -> None:
    """The first row of each group is one whose value is known, if there is one."""
    for down, days in ((False, {3: 3, 2: 18}), (True, {3: 7, 2: 22})):
        plan = First(ROWS, ("a",), (("day", down),))
        shown = Project(plan, (("0", x.col(plan, "a")), ("1", x.col(plan, "day"))))
        found: dict[object, object] = dict(row for row in rows_of(shown) if len(row) == 2)
        assert found[1] == date(2025, 3, days[3])
        assert found[2] == date(2025, 4, days[2])


def test_a_day_outside_the_calendar_has_no_number() -> None:
    """Working days are a join to the calendar: outside it, the number is null."""
    plan = WorkingDays(ROWS, "day", "w")
    shown = Project(plan, (("0", x.col(plan, "day")), ("1", x.col(plan, "w"))))
    found: dict[object, object] = dict(row for row in rows_of(shown) if len(row) == 2)
    assert found[date(2025, 3, 3)] == 3
    assert found[date(2031, 1, 1)] is None
    assert found[None] is None


def test_the_row_before_is_that_of_the_same_group() -> None:
    """The first row of a group has none before it."""
    plan = Previous(Filter(ROWS, x.filled(x.col(ROWS, "day"))), ("a",), ("day",), (("b", "day"),))
    shown = Project(plan, (("0", x.col(plan, "day")), ("1", x.col(plan, "b"))))
    found: dict[object, object] = dict(row for row in rows_of(shown) if len(row) == 2)
    assert found[date(2025, 3, 3)] is None
    assert found[date(2025, 3, 7)] == date(2025, 3, 3)
    assert found[date(2025, 4, 18)] is None


def test_a_union_goes_by_name() -> None:
    """Columns of a union are put together by their names, in whatever order they stand."""
    turned = Project(ROWS, tuple((name, x.col(ROWS, name)) for name in reversed(list(ROWS.schema))))
    assert rows_of(Union((ROWS, turned))) == rows_of(ROWS) + rows_of(ROWS)
