"""Run a plan on a few audits in Python: for a database, planning the query would be most of it.

A plan and the tables of a slice come in, columns go out. A column is a list with a value a row, and
is worked out when it is first asked for, so that nothing is done for columns that nobody reads.
Null is None. The differential tests hold this module, the
database and the reference together.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from operator import add, eq, ge, gt, itemgetter, le, lt, mul, ne, sub
from typing import Any

from engine.findings.plan import (
    Aggregate,
    Column,
    Expression,
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
    Union,
    WorkingDays,
)
from engine.workdays import Calendar, add_months

Values = list[Any]


class Rows(dict[str, Values]):
    """So many rows, whose columns are made when they are first asked for."""

    def __init__(self, count: int, make: Callable[[str], Values]) -> None:
        super().__init__()
        self.count = count
        self._make = make

    def __missing__(self, name: str) -> Values:
        made = self[name] = self._make(name)
        return made


# by the identity of a part of a plan, which is held so that no other can have it
Done = dict[int, tuple[Relation, Rows]]


class Runner:
    """What plans are run on: the tables of a slice and the calendar."""

    def __init__(self, tables: Callable[[str], Rows], calendar: Calendar) -> None:
        self.tables = tables
        self.calendar = calendar
        self._index: dict[date | None, int | None] = {None: None}

    def run(self, plan: Relation, done: Done | None = None) -> Rows:
        """Return the rows of a plan, in no order; `done` remembers those of its parts."""
        done = {} if done is None else done
        # a relation that is used twice is one object (duckdb_sql.py)
        if id(plan) not in done:
            done[id(plan)] = plan, self._made(plan, done)
        return done[id(plan)][1]

    def _made(self, plan: Relation, done: Done) -> Rows:
        match plan:
            case Scan():
                return self.tables(plan.table)
            case Union():
                return _union([self.run(source, done) for source in plan.sources])
            case Join():
                return _join(plan, self.run(plan.left, done), self.run(plan.right, done))
            case WorkingDays():
                return self._working_days(plan, self.run(plan.source, done))
        return _OF_ONE[type(plan)](plan, self.run(plan.source, done))

    def _working_days(self, plan: WorkingDays, rows: Rows) -> Rows:
        def make(name: str) -> Values:
            if name != plan.name:
                return rows[name]
            return [self._working_day(day) for day in rows[plan.day]]

        return Rows(rows.count, make)

    def _working_day(self, day: date | None) -> int | None:
        if day not in self._index:
            self._index[day] = self.calendar.index(day) if day else None
        return self._index[day]


def values(expression: Expression, rows: Rows) -> Values:
    """Return the value of an expression on each row."""
    if isinstance(expression, Column):
        return rows[expression.name]
    if isinstance(expression, Literal):
        return [expression.value] * rows.count
    return _OPERATORS[expression.op](*(values(arg, rows) for arg in expression.args))


def _picked(rows: Rows, places: Sequence[int]) -> Rows:
    def make(name: str) -> Values:
        column = rows[name]
        return [column[at] for at in places]

    return Rows(len(places), make)


def _filter(plan: Filter, rows: Rows) -> Rows:
    return _picked(rows, [at for at, true in enumerate(values(plan.condition, rows)) if true])


def _project(plan: Project, rows: Rows) -> Rows:
    columns = dict(plan.columns)
    return Rows(rows.count, lambda name: values(columns[name], rows))


def _union(sources: Sequence[Rows]) -> Rows:
    count = sum(source.count for source in sources)
    return Rows(count, lambda name: [*chain.from_iterable(source[name] for source in sources)])


def _join(plan: Join, left: Rows, right: Rows) -> Rows:
    mine, other = ([pair[side] for pair in plan.on] for side in (0, 1))
    partners = _grouped(_keys(right, other))
    lefts: list[int] = []
    rights: list[int | None] = []
    for at, key in enumerate(_keys(left, mine)):
        found: Sequence[int | None] = () if None in key else partners.get(key, ())
        for partner in found or ((None,) if plan.outer else ()):
            lefts.append(at)
            rights.append(partner)
    ours = plan.left.schema

    def make(name: str) -> Values:
        column, places = (left[name], lefts) if name in ours else (right[name], rights)
        return [None if at is None else column[at] for at in places]

    return Rows(len(lefts), make)


def _keys(rows: Rows, names: Iterable[str]) -> list[tuple[Hashable, ...]]:
    return list(zip(*(rows[name] for name in names), strict=True))


def _grouped(keys: Iterable[tuple[Hashable, ...]]) -> dict[tuple[Hashable, ...], list[int]]:
    groups: dict[tuple[Hashable, ...], list[int]] = {}
    for at, key in enumerate(keys):
        groups.setdefault(key, []).append(at)
    return groups


def _ordered(
    rows: Rows, partition: Iterable[str], order: Iterable[tuple[str, bool]]
) -> Iterable[list[int]]:
    """Return the places of each partition in order; a null comes last either way."""
    groups = [*_grouped(_keys(rows, partition)).values()]
    for name, down in reversed([*order]):
        column = rows[name]
        for group in groups:
            if len(group) > 1:
                filled = [at for at in group if column[at] is not None]
                filled.sort(key=column.__getitem__, reverse=down)
                group[:] = [*filled, *(at for at in group if column[at] is None)]
    return groups


def _previous(plan: Previous, rows: Rows) -> Rows:
    before: list[int | None] = [None] * rows.count
    for group in _ordered(rows, plan.partition, [(name, False) for name in plan.order]):
        for at, last in zip(group[1:], group, strict=False):
            before[at] = last
    taken = dict(plan.taken)

    def make(name: str) -> Values:
        if name not in taken:
            return rows[name]
        column = rows[taken[name]]
        return [None if at is None else column[at] for at in before]

    return Rows(rows.count, make)


def _first(plan: First, rows: Rows) -> Rows:
    return _picked(rows, [group[0] for group in _ordered(rows, plan.partition, plan.order)])


def _aggregate(plan: Aggregate, rows: Rows) -> Rows:
    groups = _grouped(_keys(rows, plan.keys))
    folds = {name: (fold, expression) for name, fold, expression in plan.folds}

    def make(name: str) -> Values:
        if name in plan.keys:
            return [*map(itemgetter(plan.keys.index(name)), groups)]
        fold, expression = folds[name]
        column = values(expression, rows)
        listed = ([column[at] for at in group if column[at] is not None]
                  for group in groups.values())  # fmt: skip
        return [_FOLDS[fold](each) for each in listed]

    return Rows(len(groups), make)


def _if_any(fold: Callable[[Values], Any]) -> Callable[[Values], Any]:
    return lambda each: fold(each) if each else None


_FOLDS: Mapping[Fold, Callable[[Values], Any]] = {
    Fold.COUNT: sum,  # of true and false
    Fold.SUM: _if_any(sum),
    Fold.MIN: _if_any(min),
    Fold.MAX: _if_any(max),
}
_OF_ONE: Mapping[type[Relation], Callable[..., Rows]] = {
    Filter: _filter,
    Project: _project,
    Previous: _previous,
    Aggregate: _aggregate,
    First: _first,
}


def _strict(function: Callable[..., Any]) -> Callable[..., Values]:
    """Return an operator on columns that is null where an argument is."""

    def one(column: Values) -> Values:
        return [None if a is None else function(a) for a in column]

    def two(left: Values, right: Values) -> Values:
        both = zip(left, right, strict=True)
        return [None if a is None or b is None else function(a, b) for a, b in both]

    return lambda *args: one(*args) if len(args) == 1 else two(*args)


def _any_null(fold: Callable[..., Any]) -> Callable[..., Values]:
    """Return an operator on columns that passes nulls over."""

    def of(*columns: Values) -> Values:
        rows = ([v for v in row if v is not None] for row in zip(*columns, strict=True))
        return [fold(row) if row else None for row in rows]

    return of


def _and(*columns: Values) -> Values:
    return [False if False in row else None if None in row else True
            for row in zip(*columns, strict=True)]  # fmt: skip


def _or(*columns: Values) -> Values:
    return [True if True in row else None if None in row else False
            for row in zip(*columns, strict=True)]  # fmt: skip


def _case(*columns: Values) -> Values:
    *pairs, chosen = columns
    for whens, given in zip(reversed(pairs[::2]), reversed(pairs[1::2]), strict=True):
        picks = zip(whens, given, chosen, strict=True)
        chosen = [value if when else other for when, value, other in picks]
    return chosen


_OPERATORS: Mapping[Op, Callable[..., Values]] = {
    Op.EQUAL: _strict(eq),
    Op.NOT_EQUAL: _strict(ne),
    Op.LESS: _strict(lt),
    Op.AT_MOST: _strict(le),
    Op.MORE: _strict(gt),
    Op.AT_LEAST: _strict(ge),
    Op.AND: _and,
    Op.OR: _or,
    Op.NOT: _strict(lambda a: not a),
    Op.IS_NULL: lambda column: [a is None for a in column],
    Op.ADD: _strict(add),
    Op.SUBTRACT: _strict(sub),
    Op.MULTIPLY: _strict(mul),
    # by nought only where a CASE does not ask for the quotient
    Op.FLOOR_DIVIDE: _strict(lambda a, b: int(a / b) if b else None),
    Op.CASE: _case,
    Op.COALESCE: _any_null(lambda row: row[0]),
    Op.LEAST: _any_null(min),
    Op.GREATEST: _any_null(max),
    Op.DAYS: _strict(lambda start, end: (end - start).days),
    Op.PLUS_DAYS: _strict(lambda day, days: day + timedelta(days=days)),
    Op.PLUS_MONTHS: _strict(add_months),
    Op.MONTH_NUMBER: _strict(lambda day: day.year * 12 + day.month),
    Op.AS_DATE: _strict(lambda moment: moment.date()),
    Op.HOLDS: _strict(lambda many, one: one in many),
}
