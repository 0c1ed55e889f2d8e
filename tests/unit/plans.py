"""Plans for the tests of the columnar plan: drawn at random, and run on DuckDB."""

import atexit
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import count

import duckdb
from hypothesis import strategies as st

from engine.findings import expressions as x
from engine.findings.duckdb_sql import emit
from engine.findings.plan import (
    Aggregate,
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

COLUMNS = (
    ("a", Type.INT),
    ("n", Type.INT),
    ("flag", Type.BOOL),
    ("day", Type.DATE),
    ("name", Type.TEXT),
)
ROWS = """
    (1, 10, TRUE, DATE '2025-03-03', 'visit'),
    (1, NULL, FALSE, DATE '2025-03-07', 'it''s'),
    (1, 3, NULL, NULL, NULL),
    (2, -4, TRUE, DATE '2025-04-18', 'visit'),
    (2, 10, TRUE, DATE '2025-04-22', ''),
    (3, NULL, NULL, DATE '2031-01-01', 'call')
"""


@cache
def database() -> duckdb.DuckDBPyConnection:
    """Return a database with the table `events` and a calendar of the spring of 2025."""
    con = duckdb.connect()
    names = ", ".join(name for name, _ in COLUMNS)
    con.execute(f"CREATE TABLE events AS SELECT * FROM (VALUES {ROWS}) t({names})")
    con.execute(
        """CREATE TABLE calendar AS SELECT CAST(d AS DATE) AS "day", CAST(i AS INTEGER) AS n
           FROM (SELECT d, row_number() OVER (ORDER BY d) AS i FROM generate_series(
                 DATE '2025-03-01', DATE '2025-04-30', INTERVAL 1 DAY) t(d))"""
    )
    return con


# a connection that outlives its module would be told of at the end of the run
atexit.register(database.cache_clear)


def rows_of(plan: Relation) -> Counter[tuple[object, ...]]:
    """Return the rows of a plan with their columns by name, each with how often it comes."""
    names = ", ".join(f'"{name}"' for name in sorted(plan.schema))
    found = database().execute(f"SELECT {names} FROM ({emit(plan, 'step')})").fetchall()
    return Counter(found)


def events() -> Relation:
    """Return the rows of the table `events`."""
    return Scan("events", COLUMNS)


Step = Callable[[Relation, st.DataObject], Relation]


def _pick(data: st.DataObject, names: list[str]) -> str:
    return data.draw(st.sampled_from(names))


def _of(plan: Relation, kind: Type) -> list[str]:
    return sorted(name for name, each in plan.schema.items() if each is kind)


def _fresh(plan: Relation, stem: str) -> str:
    """Return a name that no column of a relation has."""
    return next(name for n in count() if (name := f"{stem}_{n}") not in plan.schema)


def condition(plan: Relation, data: st.DataObject) -> Expression:
    """Draw a condition over the columns of a relation."""
    column = x.col(plan, _pick(data, sorted(plan.schema)))
    drawn = data.draw(st.sampled_from(["filled", "true", "large"]))
    if drawn == "large" and _of(plan, Type.INT):
        number = x.col(plan, _pick(data, _of(plan, Type.INT)))
        return x.compare(Op.MORE, number, x.whole(data.draw(st.integers(-5, 12))))
    return x.TRUE if drawn == "true" else x.filled(column)


def filtered(plan: Relation, data: st.DataObject) -> Relation:
    """Draw a filter."""
    return Filter(plan, condition(plan, data))


def projected(plan: Relation, data: st.DataObject) -> Relation:
    """Draw some of the columns, and one that is computed."""
    names = data.draw(st.sets(st.sampled_from(sorted(plan.schema)), min_size=1)) | {"a"}
    number = x.col(plan, _pick(data, _of(plan, Type.INT)))
    more = x.arithmetic(Op.ADD, x.coalesce(number, x.whole(0)), x.whole(1))
    kept = tuple((name, x.col(plan, name)) for name in sorted(names - {"made"}))
    return Project(plan, (*kept, ("made", more)))


def aggregated(plan: Relation, data: st.DataObject) -> Relation:
    """Draw a fold of the rows of each `a`."""
    number = x.col(plan, _pick(data, _of(plan, Type.INT)))
    folds = (
        ("rows", Fold.COUNT, condition(plan, data)),
        ("total", Fold.SUM, number),
        ("most", Fold.MAX, number),
    )
    return Aggregate(plan, ("a",), folds)


def joined(plan: Relation, data: st.DataObject) -> Relation:
    """Draw a join of the rows to a fold of the same rows, so that a step is used twice."""
    fold = aggregated(plan, data)
    names = {"a": "a", **{name: _fresh(plan, name) for name in ("rows", "most")}}
    right = Project(fold, tuple((new, x.col(fold, old)) for old, new in names.items()))
    return Join(plan, right, (("a", "a"),), outer=data.draw(st.booleans()))


def united(plan: Relation, data: st.DataObject) -> Relation:
    """Draw a union of the rows with some of them."""
    return Union((plan, filtered(plan, data)))


def preceded(plan: Relation, _data: st.DataObject) -> Relation:
    """Return each row with the day before it, in an order that leaves nothing to chance."""
    days = _of(plan, Type.DATE)
    if not days or "before" in plan.schema:
        return plan
    return Previous(plan, ("a",), tuple(sorted(plan.schema)), (("before", days[0]),))


def first(plan: Relation, data: st.DataObject) -> Relation:
    """Return the first row of each `a`, in an order that leaves nothing to chance."""
    down = data.draw(st.booleans())
    return First(plan, ("a",), tuple((name, down) for name in sorted(plan.schema)))


def in_working_days(plan: Relation, _data: st.DataObject) -> Relation:
    """Return the rows with the number of a day in the calendar."""
    days = _of(plan, Type.DATE)
    return WorkingDays(plan, days[0], _fresh(plan, "number")) if days else plan


STEPS: tuple[Step, ...] = (
    filtered,
    projected,
    aggregated,
    joined,
    united,
    preceded,
    first,
    in_working_days,
)


@st.composite
def plans(draw: st.DrawFn) -> Relation:
    """Draw a plan of up to six steps that type-checks."""
    data, plan = draw(st.data()), events()
    for step in draw(st.lists(st.sampled_from(STEPS), max_size=6)):
        plan = step(plan, data)
    return plan
