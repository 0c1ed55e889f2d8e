"""Emit a plan as SQL text for DuckDB: one named step for each relation, for analysts to read."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from engine.findings.plan import (
    Aggregate,
    Apply,
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
from engine.findings.prune import sources

SQL_TYPES = {
    Type.INT: "INTEGER",
    Type.DATE: "DATE",
    Type.BOOL: "BOOLEAN",
    Type.TEXT: "VARCHAR",
    Type.TEXTS: "VARCHAR[]",
    Type.TIMESTAMP: "TIMESTAMP",
}

_TEMPLATES = {
    Op.NOT: "(NOT {0})",
    Op.IS_NULL: "({0} IS NULL)",
    Op.DAYS: "CAST(date_diff('day', {0}, {1}) AS INTEGER)",
    Op.PLUS_DAYS: "({0} + {1})",
    Op.PLUS_MONTHS: "CAST({0} + to_months({1}) AS DATE)",
    Op.MONTH_NUMBER: "CAST(year({0}) * 12 + month({0}) AS INTEGER)",
    Op.AS_DATE: "CAST({0} AS DATE)",
    Op.HOLDS: "list_contains({0}, {1})",
}
_JOINED = {Op.AND: " AND ", Op.OR: " OR "}
_CALLED = {Op.COALESCE, Op.LEAST, Op.GREATEST}


def emit(plan: Relation, prefix: str) -> str:
    """Return a SELECT statement for a plan; `prefix` makes the names of its steps its own."""
    steps: dict[int, str] = {}
    lines: list[str] = []
    last = _emit(plan, prefix, steps, lines)
    ctes = ",\n".join(lines)
    return f"WITH {ctes}\nSELECT * FROM {last}"


def quote(name: str) -> str:
    """Return an identifier in double quotes.

    >>> quote('CP-05')
    '"CP-05"'
    """
    return '"' + name.replace('"', '""') + '"'


def expression_sql(expression: Expression) -> str:
    """Return the SQL text of an expression."""
    if isinstance(expression, Column):
        return quote(expression.name)
    if isinstance(expression, Literal):
        return _literal(expression)
    return _apply(expression)


def _literal(literal: Literal) -> str:
    value = literal.value
    if value is None:
        return f"CAST(NULL AS {SQL_TYPES[literal.type]})"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _apply(call: Apply) -> str:
    args = [expression_sql(arg) for arg in call.args]
    if call.op is Op.CASE:
        pairs = zip(args[0:-1:2], args[1:-1:2], strict=True)
        whens = " ".join(f"WHEN {condition} THEN {value}" for condition, value in pairs)
        return f"(CASE {whens} ELSE {args[-1]} END)"
    if call.op in _CALLED:
        return f"{call.op}({', '.join(args)})"
    if call.op in _TEMPLATES:
        return _TEMPLATES[call.op].format(*args)
    return "(" + _JOINED.get(call.op, f" {call.op} ").join(args) + ")"


def _emit(plan: Relation, prefix: str, steps: dict[int, str], lines: list[str]) -> str:
    """Append the steps of a plan after those it needs; return the name of its own.

    A relation that is used twice is one step: relations are told apart by identity, because
    comparing deep plans by value would take time that doubles with each level.
    """
    if id(plan) in steps:
        return steps[id(plan)]
    if isinstance(plan, Scan):
        body = f"SELECT {_names(plan.schema)} FROM {quote(plan.table)}"
    elif (
        isinstance(plan, Project)
        and isinstance(plan.source, Filter)
        and id(plan.source) not in steps
    ):
        # one SELECT with its WHERE reads better than two steps
        name = _emit(plan.source.source, prefix, steps, lines)
        where = expression_sql(plan.source.condition)
        body = f"SELECT {_projected(plan)} FROM {name} WHERE {where}"
    else:
        names = [_emit(source, prefix, steps, lines) for source in sources(plan)]
        body = _BODIES[type(plan)](plan, *names)
    name = steps[id(plan)] = f"{prefix}_{len(steps) + 1}"
    lines.append(f"{name} AS (\n  {body}\n)")
    return name


def _filter(plan: Filter, source: str) -> str:
    return f"SELECT * FROM {source} WHERE {expression_sql(plan.condition)}"


def _project(plan: Project, source: str) -> str:
    return f"SELECT {_projected(plan)} FROM {source}"


def _projected(plan: Project) -> str:
    return ", ".join(
        quote(name) if e == Column(name, e.type) else f"{expression_sql(e)} AS {quote(name)}"
        for name, e in plan.columns
    )


def _join(plan: Join, left: str, right: str) -> str:
    keys = {other for _, other in plan.on}
    columns = [f"l.{quote(c)}" for c in plan.left.schema]
    columns += [f"r.{quote(c)}" for c in plan.right.schema if c not in keys]
    condition = " AND ".join(f"l.{quote(mine)} = r.{quote(other)}" for mine, other in plan.on)
    kind = "LEFT JOIN" if plan.outer else "JOIN"
    return f"SELECT {', '.join(columns)} FROM {left} l {kind} {right} r ON {condition}"


def _union(plan: Union, *sources: str) -> str:
    columns = _names(plan.schema)
    return "\n  UNION ALL ".join(f"SELECT {columns} FROM {source}" for source in sources)


def _previous(plan: Previous, source: str) -> str:
    window = f"PARTITION BY {_names(plan.partition)} ORDER BY {_names(plan.order)}"
    taken = "".join(
        f", lag({quote(column)}) OVER ({window}) AS {quote(name)}" for name, column in plan.taken
    )
    return f"SELECT *{taken} FROM {source}"


def _aggregate(plan: Aggregate, source: str) -> str:
    folds = [f"{_fold(fold, e)} AS {quote(name)}" for name, fold, e in plan.folds]
    columns = ", ".join([*map(quote, plan.keys), *folds])
    return f"SELECT {columns} FROM {source} GROUP BY {_names(plan.keys)}"


def _fold(fold: Fold, expression: Expression) -> str:
    sql = expression_sql(expression)
    if fold is Fold.COUNT:
        return f"CAST(count(CASE WHEN {sql} THEN 1 END) AS INTEGER)"
    return f"CAST(sum({sql}) AS INTEGER)" if fold is Fold.SUM else f"{fold}({sql})"


def _first(plan: First, source: str) -> str:
    order = ", ".join(
        f"{quote(column)} {'DESC' if down else 'ASC'} NULLS LAST" for column, down in plan.order
    )
    window = f"PARTITION BY {_names(plan.partition)} ORDER BY {order}"
    return f"SELECT * FROM {source} QUALIFY row_number() OVER ({window}) = 1"


def _working_days(plan: WorkingDays, source: str) -> str:
    return (
        f"SELECT s.*, c.n AS {quote(plan.name)} FROM {source} s "
        f'LEFT JOIN calendar c ON s.{quote(plan.day)} = c."day"'
    )


def _names(columns: Iterable[str]) -> str:
    return ", ".join(quote(column) for column in columns)


# Each takes its relation and the names of the steps that it is made from.
_BODIES: Mapping[type[Relation], Callable[..., str]] = {
    Filter: _filter,
    Project: _project,
    Join: _join,
    Union: _union,
    Previous: _previous,
    Aggregate: _aggregate,
    First: _first,
    WorkingDays: _working_days,
}
