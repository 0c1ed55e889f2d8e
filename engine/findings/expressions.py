"""Constructors of plan expressions: they infer types and refuse what does not fit together."""

from datetime import date

from engine.findings.plan import Apply, Column, Expression, Literal, Op, Relation, Type

TRUE = Literal(value=True, type=Type.BOOL)
FALSE = Literal(value=False, type=Type.BOOL)


def col(relation: Relation, name: str) -> Column:
    """Return a column of a relation."""
    return relation.each[name]


def whole(value: int) -> Literal:
    """Return a whole number."""
    return Literal(value, Type.INT)


def text(value: str) -> Literal:
    """Return a text."""
    return Literal(value, Type.TEXT)


def day(value: date) -> Literal:
    """Return a date."""
    return Literal(value, Type.DATE)


def null(of: Type) -> Literal:
    """Return a null of a type."""
    return Literal(None, of)


def compare(op: Op, left: Expression, right: Expression) -> Apply:
    """Compare two values of the same type; unknown if either is null."""
    _same(op, left, right)
    return Apply(op, (left, right), Type.BOOL)


def both(*conditions: Expression) -> Expression:
    """Return the conjunction of conditions in three-valued logic; of none: true."""
    return _logical(Op.AND, TRUE, conditions)


def either(*conditions: Expression) -> Expression:
    """Return the disjunction of conditions in three-valued logic; of none: false."""
    return _logical(Op.OR, FALSE, conditions)


def negate(condition: Expression) -> Apply:
    """Return the negation of a condition."""
    return Apply(Op.NOT, (condition,), Type.BOOL)


def is_null(value: Expression) -> Apply:
    """Say whether a value is null; never unknown."""
    return Apply(Op.IS_NULL, (value,), Type.BOOL)


def filled(value: Expression) -> Apply:
    """Say whether a value is there; never unknown."""
    return negate(is_null(value))


def some(number: Expression) -> Expression:
    """Say whether a number of rows is more than none; null is none."""
    return compare(Op.MORE, coalesce(number, whole(0)), whole(0))


def none(number: Expression) -> Expression:
    """Say whether a number of rows is none; null is none."""
    return negate(some(number))


def is_true(condition: Expression) -> Expression:
    """Return the condition with unknown made false."""
    return coalesce(condition, FALSE)


def case(*branches: tuple[Expression, Expression], otherwise: Expression) -> Expression:
    """Return the value of the first branch whose condition is true; one never true is left out."""
    branches = tuple(branch for branch in branches if branch[0] != FALSE)
    if not branches:
        return otherwise
    values = (*(value for _, value in branches), otherwise)
    _same(Op.CASE, *values)
    flat = tuple(part for branch in branches for part in branch)
    return Apply(Op.CASE, (*flat, otherwise), otherwise.type)


def coalesce(*values: Expression) -> Expression:
    """Return the first value that is not null."""
    _same(Op.COALESCE, *values)
    return values[0] if len(values) == 1 else Apply(Op.COALESCE, values, values[0].type)


def least(*values: Expression) -> Expression:
    """Return the least of the values that are not null."""
    _same(Op.LEAST, *values)
    return values[0] if len(values) == 1 else Apply(Op.LEAST, values, values[0].type)


def greatest(*values: Expression) -> Expression:
    """Return the greatest of the values that are not null."""
    _same(Op.GREATEST, *values)
    return values[0] if len(values) == 1 else Apply(Op.GREATEST, values, values[0].type)


def arithmetic(op: Op, left: Expression, right: Expression) -> Apply:
    """Add, subtract, multiply or divide whole numbers; a quotient loses its fraction."""
    _same(op, left, right)
    return Apply(op, (left, right), Type.INT)


def days_between(start: Expression, end: Expression) -> Apply:
    """Return the number of days from one date to another."""
    _same(Op.DAYS, start, end)
    return Apply(Op.DAYS, (start, end), Type.INT)


def plus_days(start: Expression, days: Expression) -> Apply:
    """Return the date so many days later."""
    return Apply(Op.PLUS_DAYS, (start, days), Type.DATE)


def plus_months(start: Expression, months: Expression) -> Apply:
    """Return the date so many months later, clipped to the end of a shorter month."""
    return Apply(Op.PLUS_MONTHS, (start, months), Type.DATE)


def month_number(of: Expression) -> Apply:
    """Return year × 12 + month of a date."""
    return Apply(Op.MONTH_NUMBER, (of,), Type.INT)


def as_date(value: Expression) -> Expression:
    """Return the day of a date and time; a date is itself."""
    return value if value.type is Type.DATE else Apply(Op.AS_DATE, (value,), Type.DATE)


def holds(many: Expression, one: str) -> Expression:
    """Say whether a list holds a text; a null list holds nothing."""
    return is_true(Apply(Op.HOLDS, (many, text(one)), Type.BOOL))


def one_of(value: Expression, candidates: tuple[Expression, ...]) -> Expression:
    """Say whether a value equals one of the candidates; unknown if it is null."""
    return either(*(compare(Op.EQUAL, value, candidate) for candidate in candidates))


def _logical(op: Op, neutral: Literal, conditions: tuple[Expression, ...]) -> Expression:
    kept = tuple(c for c in conditions if c != neutral)
    _same(op, neutral, *kept)
    return (kept or (neutral,))[0] if len(kept) < 2 else Apply(op, kept, Type.BOOL)  # noqa: PLR2004


def _same(op: Op, *values: Expression) -> None:
    types = {value.type for value in values}
    if len(types) > 1:
        raise TypeError(f"{op} over different types: {sorted(types)}")
