"""SQL that is written for DuckDB, translated for Spark within a list of what means the same.

Text comes in, text goes out; whatever is not in the list is a bug of ours, and refused. Plans do
not come this way (`spark_sql.py`): this is for the conditions of data quality.
"""

import sqlglot
from sqlglot import exp

from engine.findings.spark_sql import DIALECT, NotPortableError

_SAME: tuple[type[exp.Expr], ...] = (
    exp.Add, exp.And, exp.Boolean, exp.Case, exp.Cast, exp.Coalesce, exp.Column, exp.DataType,
    exp.EQ, exp.GT, exp.GTE, exp.Greatest, exp.Identifier, exp.If, exp.In, exp.Is, exp.LT, exp.LTE,
    exp.Least, exp.Literal, exp.Mul, exp.NEQ, exp.Neg, exp.Not, exp.Null, exp.Or, exp.Paren,
)  # fmt: skip
"""What may stand in such SQL. Months are added in a way of their own."""

_CALLS = ("add_months",)
"""Calls that are made here, and so mean on Spark what they should."""

Tree = exp.Expr


def translated(sql: str) -> str:
    """Return an expression of DuckDB as Spark says it.

    Raises:
        NotPortableError: something in it is not in the list.
    """
    tree: Tree = sqlglot.parse_one(sql, read="duckdb").transform(_months)
    for node in tree.walk():
        if not isinstance(node, _SAME) and node.name not in _CALLS:
            raise NotPortableError(f"`{node.sql()}` is not in the list for Spark")
    return tree.sql(dialect=DIALECT)


def _months(node: Tree) -> Tree:
    """Count months back as both do, to the end of a shorter one."""
    by = node.expression if isinstance(node, exp.Sub) else None
    if not isinstance(by, exp.Interval) or str(by.unit) != "MONTH":
        return node
    months = exp.Literal.number(-int(by.this.name))
    return exp.Anonymous(this="add_months", expressions=[node.this, months])
