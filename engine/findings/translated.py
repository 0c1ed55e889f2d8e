"""SQL that is written for DuckDB, translated for Spark within a list of what means the same.

Text comes in, text goes out; whatever is not in the list is a bug of ours, and refused. Plans do
not come this way (`spark_sql.py`): this is for the arithmetic over small numbers with which
patterns are keyed, and for the conditions of data quality.
"""

from collections.abc import Callable, Iterable, Mapping

import sqlglot
from sqlglot import exp

from engine.findings.spark_sql import DIALECT, NotPortableError

_SAME: tuple[type[exp.Expr], ...] = (
    exp.Add, exp.Alias, exp.And, exp.BitwiseAnd, exp.BitwiseOr, exp.Boolean, exp.Case, exp.Cast,
    exp.Coalesce, exp.Column, exp.DataType, exp.EQ, exp.From, exp.GT, exp.GTE, exp.Greatest,
    exp.Identifier, exp.If, exp.In, exp.Is, exp.Join, exp.LT, exp.LTE, exp.Least, exp.Literal,
    exp.Mul, exp.NEQ, exp.Neg, exp.Not, exp.Null, exp.Or, exp.Paren, exp.Select, exp.Star,
    exp.Table, exp.TableAlias,
)  # fmt: skip
"""What may stand in such SQL. Months are added and lists looked up in a way of their own."""

_CALLS = ("add_months",)
"""Calls that are made here, and so mean on Spark what they should."""

# So many values of a list are looked through one by one.
_FEW = 16

Tree = exp.Expr


def translated(
    sql: str,
    views: Mapping[str, str] | None = None,
    lists: Mapping[str, list[int | None]] | None = None,
    *,
    over: str = "",
    kept: Iterable[str] = (),
) -> str:
    """Return a SELECT, or an expression, of DuckDB as Spark says it.

    `views` are Spark's names of tables; `lists` are the variables whose places are looked up. With
    `over`, the statement reads that one view in the place of its tables, whose columns stand there
    as `table:column`. `kept` are further columns to be selected.

    Raises:
        NotPortableError: something in it is not in the list.
    """
    tree: Tree = sqlglot.parse_one(sql, read="duckdb")
    if isinstance(tree, exp.Create):
        tree = tree.expression
    if isinstance(tree, exp.Select):
        tree = _over(tree, over) if over else tree
        tree.set("expressions", [*tree.expressions, *(exp.column(c, quoted=True) for c in kept)])
    tree = tree.transform(_looked_up(lists or {})).transform(_months)
    for node in tree.walk():
        if not isinstance(node, _SAME) and node.name not in _CALLS:
            raise NotPortableError(f"`{node.sql()}` is not in the list for Spark")
        if isinstance(node, exp.Table) and node.name in (views or {}):
            node.set("this", exp.to_identifier((views or {})[node.name]))
    return tree.sql(dialect=DIALECT)


def _over(select: exp.Select, view: str) -> Tree:
    select.set("joins", None)
    select.from_(exp.to_table(view), copy=False)

    def flat(node: Tree) -> Tree:
        if not isinstance(node, exp.Column) or not node.table:
            return node
        name = node.name if node.name == "a" else f"{node.table}:{node.name}"
        return exp.column(name, quoted=True)

    return select.transform(flat)


def _call(name: str, *args: Tree) -> Tree:
    return exp.Anonymous(this=name, expressions=list(args))


def _looked_up(lists: Mapping[str, list[int | None]]) -> Callable[[Tree], Tree]:
    """Put a list in the place of the variable that holds it; places count from 1 in both."""

    def look(node: Tree) -> Tree:
        call = node.this if isinstance(node, exp.Bracket) else None
        if not isinstance(call, exp.Anonymous) or call.name.lower() != "getvariable":
            return node
        held = lists[call.expressions[0].name]
        return _listed(0, held, exp.paren(node.expressions[0]))

    return look


def _listed(before: int, held: list[int | None], place: Tree) -> Tree:
    """Look a place up by halves; no place is no value, which `element_at` took for the last."""
    if len(held) > _FEW:
        half = len(held) // 2
        low, high = _listed(before, held[:half], place), _listed(before + half, held[half:], place)
        below = exp.LTE(this=place.copy(), expression=_number(before + half))
        return exp.paren(exp.Case(ifs=[exp.If(this=below, true=low)], default=high))
    ifs = [
        exp.If(
            this=exp.EQ(this=place.copy(), expression=_number(before + at)),
            true=exp.cast(_number(value), "INT"),
        )
        for at, value in enumerate(held, 1)
    ]
    return exp.paren(exp.Case(ifs=ifs)) if ifs else exp.cast(exp.null(), "INT")


def _number(value: int | None) -> Tree:
    return exp.null() if value is None else exp.Literal.number(value)


def _months(node: Tree) -> Tree:
    """Count months back as both do, to the end of a shorter one."""
    by = node.expression if isinstance(node, exp.Sub) else None
    if not isinstance(by, exp.Interval) or str(by.unit) != "MONTH":
        return node
    return _call("add_months", node.this, exp.Literal.number(-int(by.this.name)))
