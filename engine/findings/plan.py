"""The columnar plan: a small typed language of relations and expressions.

Measures compile to it and it is emitted as SQL (`engine.findings.duckdb_sql`). It holds only
operators whose meaning is the same on every engine that we emit for (`docs/decisions/`), knows
nothing of standards, and reads no data. A plan that does not type-check cannot be built.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property


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

    def __post_init__(self) -> None:
        """Refuse arguments that do not fit the operator."""
        given = tuple(arg.type for arg in self.args)
        if not _fits(self.op, given, self.type):
            raise TypeError(f"{self.op} does not make {self.type} of {[str(t) for t in given]}")


Expression = Column | Literal | Apply
# a plan names the same few columns over and over
column = cache(Column)
Schema = Mapping[str, Type]

_TAKES: Mapping[Op, tuple[tuple[Type, ...], Type]] = {
    Op.NOT: ((Type.BOOL,), Type.BOOL),
    Op.ADD: ((Type.INT, Type.INT), Type.INT),
    Op.SUBTRACT: ((Type.INT, Type.INT), Type.INT),
    Op.MULTIPLY: ((Type.INT, Type.INT), Type.INT),
    Op.FLOOR_DIVIDE: ((Type.INT, Type.INT), Type.INT),
    Op.DAYS: ((Type.DATE, Type.DATE), Type.INT),
    Op.PLUS_DAYS: ((Type.DATE, Type.INT), Type.DATE),
    Op.PLUS_MONTHS: ((Type.DATE, Type.INT), Type.DATE),
    Op.MONTH_NUMBER: ((Type.DATE,), Type.INT),
    Op.AS_DATE: ((Type.TIMESTAMP,), Type.DATE),
    Op.HOLDS: ((Type.TEXTS, Type.TEXT), Type.BOOL),
}
_PICKS = (Op.COALESCE, Op.LEAST, Op.GREATEST)


def _fits(op: Op, given: tuple[Type, ...], made: Type) -> bool:
    """Say whether an operator takes arguments of these types and gives that type."""
    if op in _TAKES:
        return (given, made) == _TAKES[op]
    if op in _PICKS:
        return set(given) == {made}
    if op is Op.CASE:
        whens, values = given[:-1:2], (*given[1::2], *given[-1:])
        return len(given) % 2 == 1 and set(whens) == {Type.BOOL} and set(values) == {made}
    if op in (Op.AND, Op.OR):
        return {*given, made} == {Type.BOOL}
    sides = 1 if op is Op.IS_NULL else 2
    return made is Type.BOOL and len(given) == sides and len(set(given)) == 1


class _Built:
    """A relation checks itself when it is built, so that none is wrong."""

    def __post_init__(self) -> None:
        """Refuse what does not type-check."""
        _ = self.schema

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        raise NotImplementedError

    @cached_property
    def each(self) -> Mapping[str, Column]:
        """Return the columns that come out, as expressions over them."""
        return {name: column(name, type_) for name, type_ in self.schema.items()}


@dataclass(frozen=True)
class Scan(_Built):
    """Rows of a table of the slice; `rowid` numbers them."""

    table: str
    columns: tuple[tuple[str, Type], ...]

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        return dict(self.columns)


@dataclass(frozen=True)
class Filter(_Built):
    """Rows for which a condition is true (unknown is not true)."""

    source: "Relation"
    condition: Expression

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        _check(self.condition, self.source.schema, Type.BOOL)
        return self.source.schema

    @cached_property
    def each(self) -> Mapping[str, Column]:
        """Return the columns that come out, as expressions over them."""
        return self.source.each


@dataclass(frozen=True)
class Project(_Built):
    """New columns computed from each row; no others are kept."""

    source: "Relation"
    columns: tuple[tuple[str, Expression], ...]

    @cached_property
    def made(self) -> Mapping[str, Expression]:
        """Return the expression of each new column."""
        return dict(self.columns)

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        given, held = self.source.schema, self.source.each
        for name, expression in self.columns:
            if held.get(name) is not expression:  # most columns are handed on as they are
                _check(expression, given)
        made = {name: expression.type for name, expression in self.columns}
        if len(made) < len(self.columns):
            raise _twice(name for name, _ in self.columns)
        return made


@dataclass(frozen=True)
class Join(_Built):
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
            if (one := _type_of(mine, left)) is not (two := _type_of(other, right)):
                raise TypeError(f"cannot join {mine} ({one}) to {other} ({two})")
        added = {k: v for k, v in right.items() if k not in {other for _, other in self.on}}
        if both := left.keys() & added.keys():
            raise TypeError(f"both sides of a join have {sorted(both)}")
        return {**left, **added}


@dataclass(frozen=True)
class Union(_Built):
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
class Previous(_Built):
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
        for column in (*self.partition, *self.order):
            _type_of(column, schema)
        taken = ((name, _type_of(column, schema)) for name, column in self.taken)
        return _unlike((*schema.items(), *taken))


class Fold(StrEnum):
    """How an aggregate folds a column."""

    COUNT = "count"
    SUM = "sum"
    MIN = "min"
    MAX = "max"


_FOLDED: Mapping[Fold, Type] = {Fold.COUNT: Type.BOOL, Fold.SUM: Type.INT}


@dataclass(frozen=True)
class Aggregate(_Built):
    """One row for each distinct `keys`; COUNT counts the rows in which the expression is true."""

    source: "Relation"
    keys: tuple[str, ...]
    folds: tuple[tuple[str, Fold, Expression], ...]

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        if not self.keys:
            raise TypeError("rows are folded by at least one key")
        schema = self.source.schema
        columns = [(key, _type_of(key, schema)) for key in self.keys]
        for name, fold, expression in self.folds:
            _check(expression, schema, _FOLDED.get(fold))
            columns.append((name, Type.INT if fold in _FOLDED else expression.type))
        return _unlike(columns)


@dataclass(frozen=True)
class First(_Built):
    """The first row of each partition; `order` says column and whether it descends."""

    source: "Relation"
    partition: tuple[str, ...]
    order: tuple[tuple[str, bool], ...]

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        for column in (*self.partition, *(name for name, _ in self.order)):
            _type_of(column, self.source.schema)
        return self.source.schema


@dataclass(frozen=True)
class WorkingDays(_Built):
    """Each row with the cumulative number of working days of a date column; null outside."""

    source: "Relation"
    day: str
    name: str

    @cached_property
    def schema(self) -> Schema:
        """Return the columns that come out."""
        if _type_of(self.day, self.source.schema) is not Type.DATE:
            raise TypeError(f"{self.day} is not a date")
        return _unlike((*self.source.schema.items(), (self.name, Type.INT)))


Relation = Scan | Filter | Project | Join | Union | Previous | Aggregate | First | WorkingDays


def _check(expression: Expression, schema: Schema, wanted: Type | None = None) -> None:
    if wanted is not None and expression.type is not wanted:
        raise TypeError(f"{wanted} is wanted here, not {expression.type}")
    if isinstance(expression, Column):
        if _type_of(expression.name, schema) is not expression.type:
            raise TypeError(f"column {expression.name} is not of type {expression.type}")
    elif isinstance(expression, Apply):
        for arg in expression.args:
            _check(arg, schema)


def _type_of(column: str, schema: Schema) -> Type:
    if column not in schema:
        raise TypeError(f"no column {column} in {sorted(schema)}")
    return schema[column]


def _unlike(columns: Iterable[tuple[str, Type]]) -> Schema:
    """Return columns as a schema, if no two have the same name."""
    listed = tuple(columns)
    schema = dict(listed)
    if len(schema) < len(listed):
        raise _twice(name for name, _ in listed)
    return schema


def _twice(names: Iterable[str]) -> TypeError:
    return TypeError(f"a column stands twice: {[*names]}")
