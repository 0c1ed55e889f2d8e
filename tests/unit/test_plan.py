"""The promises of the columnar plan: one that does not type-check cannot be built."""

from collections.abc import Callable

import pytest

from engine.findings import expressions as x
from engine.findings.plan import (
    Aggregate,
    Apply,
    Column,
    Filter,
    First,
    Fold,
    Join,
    Literal,
    Op,
    Previous,
    Project,
    Relation,
    Scan,
    Type,
    Union,
    WorkingDays,
    _Built,
)
from tests.unit.plans import events

ROWS = events()
N, DAY, FLAG, NAME = (x.col(ROWS, name) for name in ("n", "day", "flag", "name"))
TEXTS = Literal(None, Type.TEXTS)
Build = Callable[[], object]

EXPRESSIONS: dict[str, Build] = {
    "a number and a day compared": lambda: x.compare(Op.EQUAL, N, DAY),
    "a number that is negated": lambda: x.negate(N),
    "a number in a conjunction": lambda: x.both(FLAG, N),
    "a text in a disjunction": lambda: x.either(FLAG, NAME),
    "branches of different types": lambda: x.case((FLAG, N), otherwise=DAY),
    "a branch whose condition is a number": lambda: x.case((N, N), otherwise=N),
    "a first value of different types": lambda: x.coalesce(N, NAME),
    "the least of different types": lambda: x.least(N, DAY),
    "the greatest of different types": lambda: x.greatest(DAY, FLAG),
    "days that are added": lambda: x.arithmetic(Op.ADD, DAY, DAY),
    "days between numbers": lambda: x.days_between(N, N),
    "days after a text": lambda: x.plus_days(NAME, N),
    "months by a day": lambda: x.plus_months(DAY, DAY),
    "the month of a number": lambda: x.month_number(N),
    "the day of a text": lambda: x.as_date(NAME),
    "a text that holds a text": lambda: x.holds(NAME, "visits"),
    "a case without an otherwise": lambda: Apply(Op.CASE, (FLAG, N), Type.INT),
    "two values of which one can be null": lambda: Apply(Op.IS_NULL, (N, N), Type.BOOL),
    "a comparison that is a number": lambda: Apply(Op.LESS, (N, N), Type.INT),
    "a comparison of one": lambda: Apply(Op.LESS, (N,), Type.BOOL),
    "the least of nothing": lambda: Apply(Op.LEAST, (), Type.INT),
}
GONE = Column("gone", Type.INT)
RELATIONS: dict[str, tuple[Build, str]] = {
    "a filter by a number": (lambda: Filter(ROWS, N), "bool is wanted here, not int"),
    "a filter by what is not there": (lambda: Filter(ROWS, x.filled(GONE)), "no column gone"),
    "a column of another type": (
        lambda: Project(ROWS, (("n", Column("n", Type.TEXT)),)),
        "column n is not of type text",
    ),
    "a column twice": (lambda: Project(ROWS, (("n", N), ("n", N))), "stands twice"),
    "a join on different types": (
        lambda: Join(ROWS, Scan("other", (("b", Type.TEXT),)), (("a", "b"),)),
        "cannot join a .int. to b .text.",
    ),
    "a join on what is not there": (
        lambda: Join(ROWS, Scan("other", (("b", Type.TEXT),)), (("a", "c"),)),
        "no column c",
    ),
    "a join of sides that share a column": (
        lambda: Join(ROWS, ROWS, (("a", "a"),)),
        "both sides of a join have",
    ),
    "a union of different columns": (
        lambda: Union((ROWS, Project(ROWS, (("a", N),)))),
        "a union of",
    ),
    "the row before in no order": (
        lambda: Previous(ROWS, ("a",), ("gone",), (("before", "day"),)),
        "no column gone",
    ),
    "the row before under a name that is taken": (
        lambda: Previous(ROWS, ("a",), ("day",), (("n", "day"),)),
        "stands twice",
    ),
    "a fold by nothing": (lambda: Aggregate(ROWS, (), ()), "at least one key"),
    "a count of numbers": (
        lambda: Aggregate(ROWS, ("a",), (("c", Fold.COUNT, N),)),
        "bool is wanted here, not int",
    ),
    "a sum of texts": (
        lambda: Aggregate(ROWS, ("a",), (("c", Fold.SUM, NAME),)),
        "int is wanted here, not text",
    ),
    "a fold under the name of a key": (
        lambda: Aggregate(ROWS, ("a",), (("a", Fold.MAX, N),)),
        "stands twice",
    ),
    "the first by what is not there": (
        lambda: First(ROWS, ("a",), (("gone", True),)),
        "no column gone",
    ),
    "working days of a number": (lambda: WorkingDays(ROWS, "n", "w"), "n is not a date"),
    "working days under a name that is taken": (
        lambda: WorkingDays(ROWS, "day", "n"),
        "stands twice",
    ),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_that_does_not_fit_cannot_be_built(name: str) -> None:
    """An operator over arguments that it does not take is refused when it is written down."""
    with pytest.raises(TypeError):
        EXPRESSIONS[name]()


@pytest.mark.parametrize("name", RELATIONS)
def test_a_relation_that_does_not_fit_cannot_be_built(name: str) -> None:
    """A relation over columns that its source does not give is refused, and says why."""
    build, said = RELATIONS[name]
    with pytest.raises(TypeError, match=said):
        build()


def test_a_relation_says_what_comes_out() -> None:
    """Each relation knows its columns and their types without any data."""
    folded = Aggregate(ROWS, ("a",), (("days", Fold.MAX, DAY), ("rows", Fold.COUNT, x.TRUE)))
    both = Join(ROWS, folded, (("a", "a"),))
    assert folded.schema == {"a": Type.INT, "days": Type.DATE, "rows": Type.INT}
    assert both.schema == {**ROWS.schema, "days": Type.DATE, "rows": Type.INT}
    before = Previous(both, ("a",), ("days",), (("before", "days"),))
    assert before.schema == {**both.schema, "before": Type.DATE}
    assert WorkingDays(ROWS, "day", "w").schema == {**ROWS.schema, "w": Type.INT}
    assert First(ROWS, ("a",), ()).schema == ROWS.schema


def test_what_is_always_so_is_left_out_of_expressions() -> None:
    """Constructors do not write what adds nothing: neutral conditions, branches that never hold."""
    assert x.both() == x.both(x.TRUE, x.TRUE) == x.TRUE
    assert x.both(FLAG, x.TRUE) == x.either(x.FALSE, FLAG) == FLAG
    assert x.either() == x.FALSE
    assert x.case((x.FALSE, N), otherwise=N) == x.coalesce(N) == x.least(N) == x.greatest(N) == N
    assert x.as_date(DAY) == DAY


def test_the_base_of_relations_is_no_relation() -> None:
    """A kind of relation that does not say what comes out of it cannot be built."""
    with pytest.raises(NotImplementedError):
        _Built().__post_init__()


def test_lists_and_times_have_operators_of_their_own() -> None:
    """A list can be asked whether it holds a text, and a time for its day."""
    at: Relation = Scan("other", (("at", Type.TIMESTAMP), ("tables", Type.TEXTS)))
    assert x.as_date(x.col(at, "at")).type is Type.DATE
    assert x.holds(x.col(at, "tables"), "visits").type is Type.BOOL
    assert x.holds(TEXTS, "visits").type is Type.BOOL
