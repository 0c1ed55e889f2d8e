"""Each operator that is emitted for Spark means there what it means here, nulls and edges too."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import product
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from engine.findings import expressions as x
from engine.findings.duckdb_sql import SQL_TYPES, quote
from engine.findings.duckdb_sql import emit as emit_duckdb
from engine.findings.plan import (
    Aggregate,
    Apply,
    Column,
    Expression,
    Filter,
    First,
    Fold,
    Join,
    Op,
    Previous,
    Project,
    Relation,
    Scan,
    Type,
    Union,
    WorkingDays,
)
from engine.findings.slices import lay_out_calendar
from engine.findings.spark_slices import lay_calendar
from engine.findings.spark_sql import (
    BODIES,
    CALENDAR,
    FOLDS,
    OPERATORS,
    SPARK_TYPES,
    NotPortableError,
    expression_tree,
)
from engine.findings.spark_sql import emit as emit_spark
from engine.findings.translated import translated
from engine.records.on_spark import OnSpark
from tests.rules.rulebooks import shipped

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DAYS = (
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2023, 2, 28),
    date(2025, 12, 31),
    date(2024, 3, 29),
    date(1900, 1, 1),
    date(2200, 1, 1),
    None,
)
MOMENTS = (datetime(2024, 3, 31, 1, 30), datetime(2024, 10, 27, 23, 59, 59), None)  # noqa: DTZ001
NUMBERS = (0, 1, 7, 12, -1, None)
FLAGS = (True, False, None)
TEXTS = ("a", "it's \\ so", "A", "é", None)
COLUMNS = {
    "a": Type.INT,
    "d": Type.DATE,
    "e": Type.DATE,
    "m": Type.INT,
    "n": Type.INT,
    "p": Type.BOOL,
    "q": Type.BOOL,
    "s": Type.TEXT,
    "z": Type.TEXT,
    "w": Type.TIMESTAMP,
    "l": Type.TEXTS,
}
LISTS: tuple[list[str] | None, ...] = (["a", "b"], [], None)


def rows() -> list[tuple[Any, ...]]:
    """Return every pair of days, and of the other values side by side with them."""
    pairs = [*product(DAYS, DAYS)]
    numbers, flags, texts = ([*product(v, v)] for v in (NUMBERS, FLAGS, TEXTS))
    return [
        (
            at % 5,
            *pair,
            *numbers[at % len(numbers)],
            *flags[at % len(flags)],
            *texts[at % len(texts)],
            MOMENTS[at % 3],
            LISTS[at % 3],
        )
        for at, pair in enumerate(pairs)
    ]


def literal(value: object, kind: Type, types: dict[Type, str]) -> str:
    """Return a value as both databases read it."""
    if isinstance(value, list):
        listed = ", ".join(f"'{one}'" for one in value)
        made = f"array({listed})" if types is SPARK_TYPES else f"[{listed}]"
        return f"CAST({made} AS {types[kind]})"
    if value is None or isinstance(value, bool | int):
        said = "NULL" if value is None else str(value)
    else:
        said = str(value).replace("'", "''")
        if types is SPARK_TYPES:
            said = str(value).replace("\\", "\\\\").replace("'", "\\'")
        said = f"'{said}'"
    return f"CAST({said} AS {types[kind]})"


def values(types: dict[Type, str]) -> str:
    """Return SQL of the rows."""
    each = (
        ", ".join(
            literal(value, kind, types) for value, kind in zip(row, COLUMNS.values(), strict=True)
        )
        for row in rows()
    )
    listed = ", ".join(f"({one})" for one in each)
    return f"SELECT * FROM (VALUES {listed}) AS t({', '.join(COLUMNS)})"


@pytest.fixture(name="here", scope="module")
def in_duckdb() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    lay_out_calendar(con, shipped())
    con.execute(f"CREATE TABLE things AS {values(SQL_TYPES)}")
    con.execute("CREATE TABLE none AS SELECT * FROM things WHERE false")
    return con


@pytest.fixture(name="there", scope="module")
def in_spark(spark: "SparkSession") -> dict[str, str]:
    on = OnSpark(spark)
    things = on.make("things", values(SPARK_TYPES))
    # a table that is read once, so that no plan has all its values in it
    kept = on.view("kept", spark.table(things).repartition(2), keep=True)
    none = on.make("none", f"SELECT * FROM {kept} WHERE FALSE")
    return {"things": kept, "none": none, CALENDAR: lay_calendar(on, shipped())}


THINGS = Scan("things", tuple(COLUMNS.items()))
NONE = Scan("none", tuple(COLUMNS.items()))


def c(name: str) -> Column:
    """Return a column of the rows."""
    return x.col(THINGS, name)


def _expressions() -> dict[Op, Expression]:
    d, e, m, n, p, q = (c(name) for name in "demnpq")
    compared = {op: x.compare(op, d, e) for op in (Op.LESS, Op.AT_MOST, Op.MORE, Op.AT_LEAST)}
    small = x.case((x.compare(Op.LESS, n, x.whole(0)), x.whole(3)), otherwise=n)
    return {
        **compared,
        Op.EQUAL: x.both(x.compare(Op.EQUAL, c("s"), c("z")), x.compare(Op.EQUAL, p, q)),
        Op.NOT_EQUAL: x.either(x.compare(Op.NOT_EQUAL, c("s"), x.text("it's \\ so")), p),
        Op.AND: x.both(p, q, x.compare(Op.LESS, m, n)),
        Op.OR: x.either(p, q, x.compare(Op.LESS, m, n)),
        Op.NOT: x.negate(p),
        Op.IS_NULL: x.is_null(c("s")),
        Op.ADD: x.arithmetic(Op.ADD, m, n),
        Op.SUBTRACT: x.arithmetic(Op.SUBTRACT, m, n),
        Op.MULTIPLY: x.arithmetic(Op.MULTIPLY, m, n),
        Op.FLOOR_DIVIDE: x.case(
            (x.compare(Op.EQUAL, small, x.whole(0)), x.null(Type.INT)),
            (x.compare(Op.LESS, m, x.whole(0)), x.whole(-9)),
            otherwise=x.arithmetic(Op.FLOOR_DIVIDE, m, small),
        ),
        Op.CASE: x.case((p, m), (q, n), otherwise=x.null(Type.INT)),
        Op.COALESCE: x.coalesce(d, e, x.day(date(2020, 2, 29))),
        Op.LEAST: x.least(d, e),
        Op.GREATEST: x.greatest(d, e),
        Op.DAYS: x.days_between(d, e),
        Op.PLUS_DAYS: x.plus_days(d, m),
        Op.PLUS_MONTHS: x.plus_months(d, m),
        Op.MONTH_NUMBER: x.month_number(d),
        Op.AS_DATE: x.as_date(c("w")),
        Op.HOLDS: Apply(Op.HOLDS, (c("l"), x.text("a")), Type.BOOL),
    }


EXPRESSIONS = _expressions()


def _relations() -> dict[str, Relation]:
    ordered = Project(THINGS, tuple((n, c(n)) for n in ("a", "d", "m", "p")))
    best = (("m", True), ("d", False), ("p", False))
    folds = (
        ("n", Fold.COUNT, c("p")),
        ("total", Fold.SUM, c("m")),
        ("first", Fold.MIN, c("d")),
        ("last", Fold.MAX, c("e")),
        ("yes", Fold.MAX, c("q")),
    )
    known = Aggregate(Filter(THINGS, c("p")), ("a", "m"), folds)
    empty = Aggregate(NONE, ("a",), (("none", Fold.COUNT, x.TRUE),))
    return {
        "filter": Filter(THINGS, x.compare(Op.LESS, c("d"), c("e"))),
        "join": Join(
            ordered,
            Project(known, (("k", x.col(known, "m")), ("n", x.col(known, "n")))),
            (("m", "k"),),
        ),
        "outer join": Join(
            ordered,
            Project(empty, (("b", x.col(empty, "a")), ("none", x.col(empty, "none")))),
            (("a", "b"),),
            outer=True,
        ),
        "union": Union((ordered, ordered, Filter(ordered, x.FALSE))),
        "previous": Previous(
            Project(ordered, (("a", c("a")), ("d", c("d")))), ("a",), ("d",), (("before", "d"),)
        ),
        "aggregate": known,
        "of nothing": empty,
        "first": First(ordered, ("a",), best),
        "working days": WorkingDays(Project(THINGS, (("a", c("a")), ("d", c("d")))), "d", "n"),
    }


RELATIONS = _relations()


def both(
    plan: Relation, here: duckdb.DuckDBPyConnection, spark: "SparkSession", there: dict[str, str]
) -> tuple[Sequence[str], Sequence[str]]:
    """Return the rows of a plan, from here and from Spark."""
    columns = ", ".join(map(quote, plan.schema))
    mine = here.execute(f"SELECT {columns} FROM ({emit_duckdb(plan, 'p')})").fetchall()
    theirs = spark.sql(emit_spark(plan, "p", there)).collect()
    return sorted(map(repr, mine)), sorted(repr(tuple(row)) for row in theirs)


def test_every_operator_is_tested() -> None:
    """What is on the list stands here, and what is not would be refused."""
    assert set(EXPRESSIONS) == set(OPERATORS) == set(Op)
    assert {type(plan) for plan in RELATIONS.values()} | {Project} == set(BODIES)
    assert set(FOLDS) == set(Fold)


@pytest.mark.parametrize("strict", ["true", "false"])
def test_expressions_mean_the_same(
    here: duckdb.DuckDBPyConnection, spark: "SparkSession", there: dict[str, str], strict: str
) -> None:
    """On nulls, ties, ends of months and leap days, whether Spark is strict or not."""
    keys = [(name, c(name)) for name in COLUMNS if name != "l"]
    plan = Project(THINGS, (*keys, *((f"={op}", made) for op, made in EXPRESSIONS.items())))
    before = spark.conf.get("spark.sql.ansi.enabled")
    spark.conf.set("spark.sql.ansi.enabled", strict)
    try:
        mine, theirs = both(plan, here, spark, there)
    finally:
        spark.conf.set("spark.sql.ansi.enabled", before)
    assert theirs == mine


@pytest.mark.parametrize("name", RELATIONS)
def test_relations_mean_the_same(
    here: duckdb.DuckDBPyConnection, spark: "SparkSession", there: dict[str, str], name: str
) -> None:
    """Of empty tables too, and of days outside the calendar."""
    mine, theirs = both(RELATIONS[name], here, spark, there)
    assert theirs == mine


def test_what_is_not_on_the_list_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator or a word of SQL whose meaning nobody compared never reaches Spark."""
    monkeypatch.setattr("engine.findings.spark_sql.OPERATORS", {})
    with pytest.raises(NotPortableError, match=r"^`coalesce` is not in the list for Spark$"):
        expression_tree(EXPRESSIONS[Op.COALESCE])
    with pytest.raises(NotPortableError, match=r"is not in the list for Spark$"):
        translated("date_diff('month', a, b)")
