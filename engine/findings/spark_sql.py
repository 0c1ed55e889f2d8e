"""Emit a plan for Apache Spark, as a syntax tree of sqlglot that it writes in Spark's dialect.

A plan comes in, SQL text goes out. Only operators whose meaning was shown to be the same on both
engines are in the lists below (`tests/spark/`); any other is a bug of ours, and refused.
sqlglot writes syntax and knows nothing of meaning: it is told the tree, never text to translate.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from sqlglot import exp

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
    Type,
    Union,
    WorkingDays,
)
from engine.findings.prune import parents_first, sources

DIALECT = "spark"
SPARK_TYPES = {
    Type.INT: "INT",
    Type.DATE: "DATE",
    Type.BOOL: "BOOLEAN",
    Type.TEXT: "STRING",
    Type.TEXTS: "ARRAY<STRING>",
    Type.TIMESTAMP: "TIMESTAMP_NTZ",
}
CALENDAR = "calendar"
_NUMBER = "_number"

Tree = exp.Expr
Steps = dict[int, str]
Source = str | exp.Query
"""What a statement reads: a view or a step by its name, or a statement that nothing else reads."""


class NotPortableError(Exception):
    """A plan holds an operator that was not shown to mean the same on Spark: a bug of ours."""


def emit(plan: Relation, prefix: str, views: Mapping[str, str]) -> str:
    """Return a SELECT statement for a plan.

    `prefix` makes the names of its steps its own, since Spark tells names of nested statements
    apart no better than sqlglot; `views` says by which name Spark knows each table.

    Raises:
        NotPortableError: the plan holds an operator that is not in the list.
    """
    return tree_of(plan, prefix, views).sql(dialect=DIALECT)


def tree_of(plan: Relation, prefix: str, views: Mapping[str, str]) -> exp.Select:
    """Return the syntax tree of a plan."""
    emitting = _Emitting(plan, prefix, views)
    select = _select(_columns(plan.schema), emitting.step(plan))
    for name, body in emitting.bodies:
        select = select.with_(name, as_=body, copy=False)
    return select


class _Emitting:
    """The steps of one plan; a relation that is used twice is one step, with a name.

    Spark puts a named step that is used once in its place, and that took a fifth of all planning.
    """

    def __init__(self, plan: Relation, prefix: str, views: Mapping[str, str]) -> None:
        self.prefix = prefix
        self.views = views
        self.used = Counter(id(one) for node in parents_first(plan) for one in sources(node))
        self.names: Steps = {}
        self.bodies: list[tuple[str, exp.Query]] = []

    def step(self, plan: Relation) -> Source:
        """Return what gives the rows of a plan; a step with a name stands after those it needs."""
        if isinstance(plan, Scan):
            return self.views[plan.table]
        if self.used[id(plan)] <= 1:
            return self.body(plan)
        if id(plan) not in self.names:
            body = self.body(plan)
            name = self.names[id(plan)] = f"{self.prefix}_{len(self.names) + 1}"
            self.bodies.append((name, body))
        return self.names[id(plan)]

    def body(self, plan: Relation) -> exp.Query:
        """Return the statement of a relation."""
        make = BODIES.get(type(plan))
        if make is None:
            raise NotPortableError(f"{type(plan).__name__} is not in the list for Spark")
        read = [self.step(source) for source in sources(plan)]
        if isinstance(plan, WorkingDays):
            read.append(self.views[CALENDAR])
        return make(plan, *read)


def expression_tree(expression: Expression) -> Tree:
    """Return the syntax tree of an expression.

    Raises:
        NotPortableError: it holds an operator that is not in the list.
    """
    if isinstance(expression, Column):
        return exp.column(expression.name, quoted=True)
    if isinstance(expression, Literal):
        return _literal(expression)
    make = OPERATORS.get(expression.op)
    if make is None:
        raise NotPortableError(f"`{expression.op}` is not in the list for Spark")
    return exp.paren(make(*map(expression_tree, expression.args)), copy=False)


def _literal(literal: Literal) -> Tree:
    value = literal.value
    if value is None:
        return exp.cast(exp.null(), SPARK_TYPES[literal.type], dialect=DIALECT)
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
    if isinstance(value, int):
        return exp.Literal.number(value)
    return exp.Literal.string(value)


def _folded(kind: type[exp.Connector]) -> Callable[..., Tree]:
    """Return what joins conditions, two by two: a deep tree takes the parser long."""

    def joined(*trees: Tree) -> Tree:
        while len(trees) > 1:
            pairs = [trees[at : at + 2] for at in range(0, len(trees), 2)]
            trees = tuple(
                exp.paren(kind(this=p[0], expression=p[1]), copy=False) if p[1:] else p[0]
                for p in pairs
            )
        return trees[0]

    return joined


def _two(kind: type[exp.Binary]) -> Callable[..., Tree]:
    return lambda left, right: kind(this=left, expression=right)


def _call(name: str) -> Callable[..., Tree]:
    return lambda *args: exp.Anonymous(this=name, expressions=list(args))


def _case(*args: Tree) -> Tree:
    pairs = zip(args[0:-1:2], args[1:-1:2], strict=True)
    ifs = [exp.If(this=when, true=value) for when, value in pairs]
    return exp.Case(ifs=ifs, default=args[-1])


def _divided(left: Tree, right: Tree) -> Tree:
    # by nought it would end the run where Spark is strict, even in a branch that is not taken
    safe = exp.Nullif(this=right, expression=exp.Literal.number(0))
    return exp.cast(exp.IntDiv(this=left, expression=safe), "INT")


def _month_number(day: Tree) -> Tree:
    year = exp.Mul(this=exp.Year(this=day), expression=exp.Literal.number(12))
    return exp.Add(this=year, expression=exp.Month(this=day.copy()))


OPERATORS: Mapping[Op, Callable[..., Tree]] = {
    Op.EQUAL: _two(exp.EQ),
    Op.NOT_EQUAL: _two(exp.NEQ),
    Op.LESS: _two(exp.LT),
    Op.AT_MOST: _two(exp.LTE),
    Op.MORE: _two(exp.GT),
    Op.AT_LEAST: _two(exp.GTE),
    Op.AND: _folded(exp.And),
    Op.OR: _folded(exp.Or),
    Op.NOT: lambda one: exp.Not(this=one),
    Op.IS_NULL: lambda one: exp.Is(this=one, expression=exp.null()),
    Op.ADD: _two(exp.Add),
    Op.SUBTRACT: _two(exp.Sub),
    Op.MULTIPLY: _two(exp.Mul),
    Op.FLOOR_DIVIDE: _divided,
    Op.CASE: _case,
    Op.COALESCE: _call("coalesce"),
    Op.LEAST: _call("least"),
    Op.GREATEST: _call("greatest"),
    # the other way round from DuckDB, and always whole days
    Op.DAYS: lambda start, end: _call("datediff")(end, start),
    Op.PLUS_DAYS: _call("date_add"),
    Op.PLUS_MONTHS: _call("add_months"),
    Op.MONTH_NUMBER: _month_number,
    Op.AS_DATE: lambda one: exp.cast(one, "DATE"),
    Op.HOLDS: _call("array_contains"),
}
"""The operators of expressions whose meaning on Spark is that of the plan."""


def _select(columns: Sequence[Tree], source: Source, alias: str = "s") -> exp.Select:
    return exp.select(*columns, copy=False).from_(_read(source, alias), copy=False)


def _read(source: Source, alias: str) -> Tree:
    if isinstance(source, str):
        return exp.alias_(exp.to_table(source), alias, table=True, copy=False)
    return source.subquery(alias, copy=False)


def _columns(names: Iterable[str], table: str = "") -> list[Tree]:
    return [_column(name, table) for name in names]


def _column(name: str, table: str = "") -> Tree:
    return exp.column(name, table=table or None, quoted=True)


def _named(tree: Tree, name: str) -> Tree:
    return exp.alias_(tree, name, quoted=True, copy=False)


def _filter(plan: Filter, source: Source) -> exp.Query:
    return _select(_columns(plan.schema), source).where(expression_tree(plan.condition), copy=False)


def _project(plan: Project, source: Source) -> exp.Query:
    return _select([_named(expression_tree(e), name) for name, e in plan.columns], source)


def _join(plan: Join, left: Source, right: Source) -> exp.Query:
    keys = {other for _, other in plan.on}
    columns = _columns(plan.left.schema, "l")
    columns += _columns((c for c in plan.right.schema if c not in keys), "r")
    return _select(columns, left, "l").join(
        _read(right, "r"),
        on=_agree(plan.on),
        join_type="left" if plan.outer else "inner",
        copy=False,
    )


def _agree(pairs: Iterable[tuple[str, str]]) -> Tree:
    equal = (
        exp.EQ(this=_column(mine, "l"), expression=_column(other, "r")) for mine, other in pairs
    )
    return _folded(exp.And)(*equal)


def _union(plan: Union, *read: Source) -> exp.Query:
    parts = [_select(_columns(plan.schema), source) for source in read]
    return exp.union(*parts, distinct=False, copy=False) if parts[1:] else parts[0]


def _previous(plan: Previous, source: Source) -> exp.Query:
    taken = [
        _named(_over(_call("lag")(_column(column)), plan.partition, _up(plan.order)), name)
        for name, column in plan.taken
    ]
    return _select([*_columns(plan.source.schema), *taken], source)


def _over(call: Tree, partition: Sequence[str], order: Iterable[tuple[str, bool]]) -> Tree:
    listed = [exp.Ordered(this=_column(c), desc=down, nulls_first=False) for c, down in order]
    return exp.Window(
        this=call, partition_by=_columns(partition), order=exp.Order(expressions=listed)
    )


def _up(order: Iterable[str]) -> list[tuple[str, bool]]:
    return [(name, False) for name in order]


def _aggregate(plan: Aggregate, source: Source) -> exp.Query:
    folds = [_named(FOLDS[fold](expression_tree(e)), name) for name, fold, e in plan.folds]
    made = _select([*_columns(plan.keys), *folds], source)
    return made.group_by(*_columns(plan.keys), copy=False)


def _count(condition: Tree) -> Tree:
    one = exp.Case(ifs=[exp.If(this=condition, true=exp.Literal.number(1))])
    return exp.cast(_call("count")(one), "INT")


FOLDS: Mapping[Fold, Callable[[Tree], Tree]] = {
    Fold.COUNT: _count,
    Fold.SUM: lambda one: exp.cast(_call("sum")(one), "INT"),
    Fold.MIN: _call("min"),
    Fold.MAX: _call("max"),
}
"""The folds whose meaning on Spark is that of the plan."""


def _first(plan: First, source: Source) -> exp.Query:
    number = _over(_call("row_number")(), plan.partition, plan.order)
    numbered = _select([*_columns(plan.schema), _named(number, _NUMBER)], source)
    one = exp.EQ(this=_column(_NUMBER), expression=exp.Literal.number(1))
    made = _select(_columns(plan.schema), numbered, "n")
    return made.where(one, copy=False)


def _working_days(plan: WorkingDays, source: Source, calendar: str) -> exp.Query:
    counted = _named(_column("n", "c"), plan.name)
    day = exp.EQ(this=_column(plan.day, "s"), expression=_column("day", "c"))
    made = _select([*_columns(plan.source.schema, "s"), counted], source)
    other = _read(calendar, "c")
    # the calendar is some forty thousand days: each worker has all of it
    return made.join(other, on=day, join_type="left", copy=False).hint("BROADCAST(c)", copy=False)


BODIES: Mapping[type[Relation], Callable[..., exp.Query]] = {
    Filter: _filter,
    Project: _project,
    Join: _join,
    Union: _union,
    Previous: _previous,
    Aggregate: _aggregate,
    First: _first,
    WorkingDays: _working_days,
}
"""The relations whose meaning on Spark is that of the plan; a scan is read by its view's name."""
