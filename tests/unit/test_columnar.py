"""The promises of findings by arrays: whatever is asked, they say what the database says."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pytest

from engine.findings.columnar import asked, outcomes
from engine.findings.columnar.asked import FromTable, asked_of_tables
from engine.findings.columnar.columns import Values, null_of, spread
from engine.findings.columnar.frames import CannotError, Expressions
from engine.findings.columnar.joins import paired_by_keys
from engine.findings.columnar.load import Table
from engine.findings.duckdb_sql import expression_sql
from engine.findings.plan import (
    Aggregate,
    Apply,
    Column,
    Expression,
    Fold,
    Join,
    Op,
    Previous,
    Project,
    Relation,
    Scan,
    Type,
)
from engine.findings.slices import lay_out, lay_out_calendar, slices
from engine.findings.stage import columns_read, compile_rulebook, find
from engine.findings.together import finder
from engine.records.batch import Batch
from tests.unit.mixed import mixed
from tests.unit.synthetic_batches import rulebook
from tests.unit.test_in_python import OPERATORS, combinations

AS_OF = date(2026, 6, 30)
SQL_TYPES = {Type.INT: "INTEGER", Type.TEXT: "VARCHAR", Type.TEXTS: "VARCHAR[]",
             Type.BOOL: "BOOLEAN", Type.DATE: "DATE", Type.TIMESTAMP: "TIMESTAMP"}  # fmt: skip
TEXTS_ASKED = {
    Op.HOLDS: (Type.TEXTS, "visit"),
    Op.EQUAL: (Type.TEXT, "visit"),
    Op.NOT_EQUAL: (Type.TEXT, "visit"),
}


@pytest.fixture(name="batch", scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    with mixed(tmp_path_factory.mktemp("batch")) as batch:
        yield batch


def as_arrays(
    con: duckdb.DuckDBPyConnection, expression: Expression, kinds: dict[str, Type]
) -> list[Any]:
    """Return what arrays say of an expression on the rows of `given`."""
    scan = Scan("given", (("a", Type.INT), *kinds.items()))
    plan = Project(scan, (("a", Column("a", Type.INT)), ("v", expression)))
    of = asked_of_tables((plan,))["given"]
    known = Expressions({"visit": 1})
    table = Table(con, "FROM given", of, known)
    rows = table.frame((0, len(table.numbers)))
    found = rows.value(expression)
    return [told(one, expression.type) for one in spread(found, rows.count)]


def told(value: np.generic, kind: Type) -> object:
    if value == null_of(value.dtype):
        return None
    if kind is Type.BOOL:
        return bool(value != 0)
    number = int(value)
    return date(1970, 1, 1) + timedelta(days=number) if kind is Type.DATE else number


def agree(expression: Apply, rows: Sequence[tuple[object, ...]], kinds: dict[str, Type]) -> None:
    con = duckdb.connect()
    columns = "".join(f", {name} {SQL_TYPES[kind]}" for name, kind in kinds.items())
    con.execute(f"CREATE TABLE given (a INTEGER{columns})")
    marks = ", ".join("?" for _ in range(len(kinds) + 1))
    con.executemany(f"INSERT INTO given VALUES ({marks})", [(n, *r) for n, r in enumerate(rows)])
    query = f"SELECT {expression_sql(expression)} FROM given ORDER BY a"
    assert as_arrays(con, expression, kinds) == [row[0] for row in con.execute(query).fetchall()]


@pytest.mark.parametrize("op", [op for op in OPERATORS if op is not Op.HOLDS])
def test_an_operator_on_arrays_gives_what_the_database_gives(op: Op) -> None:
    """Every operator, with every combination of some values of its types and blanks."""
    given, made = OPERATORS[op]
    rows = combinations(given)[:400]
    kinds = {f"c{place}": kind for place, kind in enumerate(given)}
    agree(Apply(op, tuple(Column(*one) for one in kinds.items()), made), rows, kinds)


@pytest.mark.parametrize("op", TEXTS_ASKED)
def test_a_text_is_told_from_others(op: Op) -> None:
    """A text of the plan is found among texts and in lists of them; a blank is neither."""
    from engine.findings.expressions import text

    kind, named = TEXTS_ASKED[op]
    expression = Apply(op, (Column("c", kind), text(named)), Type.BOOL)
    rows: list[tuple[object, ...]] = [
        *combinations((kind,)),
        (["call"] if kind is Type.TEXTS else "call",),
    ]
    agree(expression, rows, {"c": kind})


def test_equal_texts_of_two_columns_are_equal() -> None:
    """Texts that no plan names are held against one another."""
    kinds = {"c": Type.TEXT, "d": Type.TEXT}
    both = tuple(Column(*one) for one in kinds.items())
    agree(Apply(Op.EQUAL, both, Type.BOOL), combinations((Type.TEXT, Type.TEXT)), kinds)


@pytest.mark.parametrize(("over", "by"), [(7, 2), (-7, 2), (7, -2), (0, 2), (None, 2)])
def test_a_quotient_of_arrays_loses_its_fraction(over: int | None, by: int) -> None:
    """Division is towards nought, and nothing divided is nothing."""
    kinds = {"c": Type.INT, "d": Type.INT}
    both = tuple(Column(*one) for one in kinds.items())
    agree(Apply(Op.FLOOR_DIVIDE, both, Type.INT), [(over, by)], kinds)


def test_days_far_from_ours_are_counted_in_months_too() -> None:
    """Months are looked up for the days of some centuries, and worked out for others."""
    days = [date(1066, 1, 31), date(2399, 12, 31), date(2024, 2, 29), None]
    rows = [(day, months) for day in days for months in (1, -1, 12, 13)]
    kinds = {"c": Type.DATE, "d": Type.INT}
    both = tuple(Column(*one) for one in kinds.items())
    agree(Apply(Op.PLUS_MONTHS, both, Type.DATE), rows, kinds)
    agree(Apply(Op.MONTH_NUMBER, both[:1], Type.INT), rows, kinds)


def test_moments_before_1970_are_of_their_day() -> None:
    """A moment is rounded down to its day, on either side of the day that days count from."""
    moments = [datetime(1969, 12, 31, 23, 59), datetime(1970, 1, 1), None]  # noqa: DTZ001 - the record has no zone
    expression = Apply(Op.AS_DATE, (Column("c", Type.TIMESTAMP),), Type.DATE)
    agree(expression, [(moment,) for moment in moments], {"c": Type.TIMESTAMP})


def by_sql_and_together(batch: Batch) -> tuple[list[Any], list[Any]]:
    """Return the outcomes of the whole rulebook on a batch, twice."""
    book, con = rulebook(), batch.con
    compiled = compile_rulebook(book, batch.presence)
    lay_out_calendar(con, book)
    (part,) = slices(con)
    both = finder(compiled, book.calendar)
    lay_out(
        con, book, batch.presence, part, as_of=AS_OF, reads=columns_read(compiled, evidence=False)
    )
    find(con, compiled)
    by_sql = con.execute("SELECT * FROM outcomes ORDER BY a").fetchall()
    lay_out(con, book, batch.presence, part, as_of=AS_OF, reads=both.reads)
    both.find(con, batch.presence, part)
    return by_sql, con.execute("FROM outcomes").fetchall()


def test_all_standards_together_find_what_each_finds_by_sql(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole rulebook, an audit more or fewer at a time, and none of it is left to SQL."""
    compiled = compile_rulebook(rulebook(), batch.presence)
    assert finder(compiled, rulebook().calendar).by_sql == ()
    for number in (17, 25_000):
        monkeypatch.setattr(outcomes, "AT_A_TIME", number)
        by_sql, together = by_sql_and_together(batch)
        assert by_sql
        assert together == by_sql


def test_a_plan_that_arrays_cannot_run_is_left_to_sql(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does with texts what arrays cannot do is tested as before, beside the others."""

    def refuse(plans: tuple[Relation, ...]) -> Mapping[str, FromTable]:
        if len(plans) == 1 and next(left) % 2:
            raise CannotError
        return asked.asked_of_tables(plans)

    left = iter(range(10_000))
    monkeypatch.setattr(outcomes, "asked_of_tables", lambda plans: refuse(tuple(plans)))
    compiled = compile_rulebook(rulebook(), batch.presence)
    assert len(finder(compiled, rulebook().calendar).by_sql) == len(compiled) // 2
    by_sql, together = by_sql_and_together(batch)
    assert together == by_sql


ROWS = Scan("given", tuple({"a": Type.INT, "t": Type.INT, "kind": Type.TEXT, "seen": Type.BOOL,
                            "day": Type.DATE, "until": Type.DATE}.items()))  # fmt: skip
GREATEST = Apply(Op.GREATEST, (ROWS.each["seen"], ROWS.each["seen"]), Type.BOOL)


@pytest.mark.parametrize(
    "plan",
    [
        Aggregate(ROWS, ("a",), (("worst", Fold.MIN, ROWS.each["kind"]),)),
        Aggregate(ROWS, ("a",), (("worst", Fold.MAX, ROWS.each["seen"]),)),
        Project(ROWS, (("a", ROWS.each["a"]), ("worst", GREATEST))),
        Previous(ROWS, ("t",), ("day", "until"), (("before", "day"),)),
        Previous(ROWS, ("t",), ("kind",), (("before", "day"),)),
        Join(ROWS, Project(ROWS, (("then", ROWS.each["day"]),)), (("day", "then"),)),
    ],
)
def test_what_arrays_cannot_do_is_known_before_rows_are_read(plan: Relation) -> None:
    """A standard is left to SQL when its plan is seen: later there would be no way back."""
    with pytest.raises(CannotError):
        asked_of_tables((plan,))


def test_rows_in_any_order_are_ordered_by_their_audit() -> None:
    """Rows of a table need not stand in the order of the audits."""
    con = duckdb.connect()
    con.execute("CREATE TABLE given AS SELECT (i * 7) % 10 AS a, i AS n FROM range(10) t(i)")
    kinds = {"n": Type.INT}
    found = as_arrays(con, Column("n", Type.INT), kinds)
    assert found == [row[0] for row in con.execute("SELECT n FROM given ORDER BY a").fetchall()]
    assert np.arange(10).tolist() == sorted(found)


@pytest.mark.parametrize("outer", [False, True])
@pytest.mark.parametrize("rights", [[0, 1, 2, 4], [4, 2, 1, 0], [0, 1, 1, 2], []])
def test_pairs_by_an_audit_and_a_text_are_all_that_agree(*, rights: list[int], outer: bool) -> None:
    """Whether each key stands once on the right or several times, in order or not; null is none."""
    texts = np.array([7, 7 + (1 << 40), null_of(np.int64), 9, 11])  # the first two mix alike
    audits = np.array([0, 0, 1, 1, 2], dtype=np.int32)
    lefts = [0, 0, 1, 2, 3, 4]
    sides = [
        [Values(audits[rows], nulls=False), Values(texts[rows], nulls=True)]
        for rows in (np.array(lefts), np.array(rights, dtype=np.intp))
    ]
    found = paired_by_keys(sides[0], sides[1], (len(lefts), len(rights)), outer=outer)
    missing = np.zeros(found.count, bool) if found.missing is None else found.missing
    left = range(found.count) if found.left is None else found.left.tolist()
    right = range(found.count) if found.right is None else found.right.tolist()
    pairs = [(a, None if no else b) for a, b, no in zip(left, right, missing, strict=True)]
    expected: list[tuple[int, int | None]] = []
    for at, one in enumerate(lefts):
        partners = [place for place, other in enumerate(rights) if other == one and one != 2]
        expected += [(at, place) for place in partners]
        expected += [(at, None)] if outer and not partners else []
    assert sorted(pairs, key=str) == sorted(expected, key=str)
