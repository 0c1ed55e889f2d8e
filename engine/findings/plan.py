"""The columnar plan: a small typed language of relations and expressions.

Measures compile to it and it is emitted as SQL (`engine.findings.duckdb_sql`). It holds only
operators whose meaning is the same on every engine that we emit for (`docs/decisions/`), knows
nothing of standards, and reads no data. A plan that does not type-check cannot be built.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property


class Type(StrEnum):
    """The type of a column or expression."""

    INT = "int"
    DATE = "date"
    BOOL = "bool"
    TEXT = "text"
    TEXTS = "texts"
    TIMESTAMP = "timestamp"


class Op(StrEnum):
    """Operators of expressions."""

    EQUAL = "="
    NOT_EQUAL = "<>"
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    AND = "and"
    OR = "or"
    NOT = "not"
    IS_NULL = "is_null"
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    FLOOR_DIVIDE = "//"
    CASE = "case"
    COALESCE = "coalesce"
    LEAST = "least"
    GREATEST = "greatest"
    DAYS = "days"
    PLUS_DAYS = "plus_days"
    PLUS_MONTHS = "plus_months"
    MONTH_NUMBER = "month_number"
    AS_DATE = "as_date"
    HOLDS = "holds"


@dataclass(frozen=True)
class Column:
    """A column of the relation that an expression is evaluated over."""

    name: str
    type: Type


@dataclass(frozen=True)
class Literal:
    """A constant; `None` is a typed null."""

    value: bool | int | str | date | None
    type: Type


@dataclass(frozen=True)
class Apply:
    """An operator applied to arguments. CASE takes condition, value, …, otherwise."""

    op: Op
    args: "tuple[Expression, ...]"
    type: Type


Expression = Column | Literal | Apply
Schema = Mapping[str, Type]


@dataclass(frozen=True)
class Scan:
    """Rows of a table of the slice; `rowid` numbers them."""

    table: str
    columns: tuple[tuple[str, Type], ...]

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        return dict(self.columns)


@dataclass(frozen=True)
class Filter:
    """Rows for which a condition is true (unknown is not true)."""

    source: "Relation"
    condition: Expression

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        _check(self.condition, self.source.schema)
        return self.source.schema


@dataclass(frozen=True)
class Project:
    """New columns computed from each row; no others are kept."""

    source: "Relation"
    columns: tuple[tuple[str, Expression], ...]

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        for _, expression in self.columns:
            _check(expression, self.source.schema)
        return {name: expression.type for name, expression in self.columns}


@dataclass(frozen=True)
class Join:
    """Rows of both sides that agree on `on`; with `outer`, left rows without a partner too."""

    left: "Relation"
    right: "Relation"
    on: tuple[tuple[str, str], ...]
    outer: bool = False

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out: those of the left, then the right's without keys."""
        left, right = self.left.schema, self.right.schema
        for mine, other in self.on:
            if left[mine] != right[other]:
                raise TypeError(f"cannot join {mine} ({left[mine]}) to {other} ({right[other]})")
        added = {k: v for k, v in right.items() if k not in {other for _, other in self.on}}
        if both := left.keys() & added.keys():
            raise TypeError(f"both sides of a join have {sorted(both)}")
        return {**left, **added}


@dataclass(frozen=True)
class Union:
    """The rows of all sources, which have the same columns."""

    sources: "tuple[Relation, ...]"

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        first = self.sources[0].schema
        for other in self.sources[1:]:
            if dict(other.schema) != dict(first):
                raise TypeError(f"a union of {dict(first)} and {dict(other.schema)}")
        return first


@dataclass(frozen=True)
class Previous:
    """Each row with columns of the row before it in the same partition, in order.

    Equal rows of an order are told apart by nothing: only columns of `order` may be taken over,
    or columns that are the same for equal ones, so that the result does not depend on chance.
    """

    source: "Relation"
    partition: tuple[str, ...]
    order: tuple[str, ...]
    taken: tuple[tuple[str, str], ...]

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        schema = self.source.schema
        return {**schema, **{name: schema[column] for name, column in self.taken}}


class Fold(StrEnum):
    """How an aggregate folds a column."""

    COUNT = "count"
    SUM = "sum"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True)
class Aggregate:
    """One row for each distinct `keys`; COUNT counts the rows in which the expression is true."""

    source: "Relation"
    keys: tuple[str, ...]
    folds: tuple[tuple[str, Fold, Expression], ...]

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        schema = {key: self.source.schema[key] for key in self.keys}
        for name, fold, expression in self.folds:
            _check(expression, self.source.schema)
            counts = fold in (Fold.COUNT, Fold.SUM)
            schema[name] = Type.INT if counts else expression.type
        return schema


@dataclass(frozen=True)
class First:
    """The first row of each partition; `order` says column and whether it descends."""

    source: "Relation"
    partition: tuple[str, ...]
    order: tuple[tuple[str, bool], ...]

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        return self.source.schema


@dataclass(frozen=True)
class WorkingDays:
    """Each row with the cumulative number of working days of a date column; null outside."""

    source: "Relation"
    day: str
    name: str

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        if self.source.schema[self.day] is not Type.DATE:
            raise TypeError(f"{self.day} is not a date")
        return {**self.source.schema, self.name: Type.INT}


Relation = Scan | Filter | Project | Join | Union | Previous | Aggregate | First | WorkingDays


def _check(expression: Expression, schema: Schema) -> None:
    if isinstance(expression, Column):
        if schema.get(expression.name) is not expression.type:
            raise TypeError(f"no column {expression.name} of type {expression.type} in {dict(schema)}")
    elif isinstance(expression, Apply):
        for arg in expression.args:
            _check(arg, schema)
