"""Counting units between days, and which version's limits apply (docs/reference/semantics.md)."""

from collections.abc import Callable, Sequence

from engine.findings import expressions as x
from engine.findings.plan import Expression, Op, Relation, Type, WorkingDays
from engine.findings.rows import extend
from engine.rulebook.measures import Counting, Threshold, Version
from engine.rulebook.scalars import Duration
from engine.terms import Outcome, Unit

PLAIN = Counting()
WHOLE = 100


def code(outcome: Outcome) -> Expression:
    """Return the number that stands for an outcome in columns."""
    return x.whole(outcome.code)


def counted(rows: Relation, start: str, end: str, how: Counting, name: str) -> Relation:
    """Return the rows with the units between two date columns as column `name`; null if unknown."""
    first: Expression = x.col(rows, start)
    last: Expression = x.col(rows, end)
    if how.start_day == "counted":
        first = x.plus_days(first, x.whole(-1))
    if how.end_day == "not_counted":
        last = x.plus_days(last, x.whole(-1))
    if how.unit is Unit.WORKING_DAYS:
        rows = _working(rows, first, last, name)
    else:
        months = how.unit is Unit.MONTHS
        between = months_begun(first, last) if months else x.days_between(first, last)
        rows = extend(rows, **{name: between})
    if how.end_day == "counted":
        return rows
    # A day that begins and ends on itself, and is not counted at all, is no time; not less.
    value = x.col(rows, name)
    below = x.compare(Op.LESS, value, x.whole(0))
    return extend(rows, **{name: x.case((below, x.whole(0)), otherwise=value)})


def _working(rows: Relation, first: Expression, last: Expression, name: str) -> Relation:
    days = extend(rows, **{f"{name}_d1": first, f"{name}_d2": last})
    indexed = WorkingDays(days, f"{name}_d1", f"{name}_n1")
    indexed = WorkingDays(indexed, f"{name}_d2", f"{name}_n2")
    between = x.arithmetic(Op.SUBTRACT, x.col(indexed, f"{name}_n2"), x.col(indexed, f"{name}_n1"))
    return extend(indexed, **{name: between})


def months_begun(start: Expression, end: Expression) -> Expression:
    """Return the smallest n such that `end` is not after `start` plus n months."""
    apart = _months_apart(start, end)
    short = x.compare(Op.LESS, x.plus_months(start, apart), end)
    return x.case((short, x.arithmetic(Op.ADD, apart, x.whole(1))), otherwise=apart)


def full_months(start: Expression, end: Expression) -> Expression:
    """Return the largest n such that `start` plus n months is not after `end`."""
    apart = _months_apart(start, end)
    beyond = x.compare(Op.MORE, x.plus_months(start, apart), end)
    return x.case((beyond, x.arithmetic(Op.SUBTRACT, apart, x.whole(1))), otherwise=apart)


def _months_apart(start: Expression, end: Expression) -> Expression:
    return x.arithmetic(Op.SUBTRACT, x.month_number(end), x.month_number(start))


def with_version(rows: Relation, versions: Sequence[Version], clock: Expression) -> Relation:
    """Return the rows with `clock` and the place (from 1) of the version in force, or null."""
    ordered = sorted(enumerate(versions, start=1), key=lambda each: each[1].from_, reverse=True)
    branches = tuple(
        (x.compare(Op.AT_LEAST, clock, x.day(version.from_)), x.whole(place))
        for place, version in ordered
    )
    in_force = x.case(*branches, otherwise=x.null(Type.INT))
    return extend(rows, clock=clock, version=in_force)


def by_version(
    rows: Relation, versions: Sequence[Version], each: Callable[[Version], Expression]
) -> Expression:
    """Return what each version says, by the version in force."""
    said = tuple(each(version) for version in versions)
    if len(said) == 1 or all(one == said[0] for one in said):
        return said[0]
    place = x.col(rows, "version")
    branches = tuple(
        (x.compare(Op.EQUAL, place, x.whole(n)), one) for n, one in enumerate(said, start=1)
    )
    return x.case(*branches, otherwise=x.null(said[0].type))


def run_out(
    rows: Relation, versions: Sequence[Version], between: tuple[str, str], limits: "Limits"
) -> Relation:
    """Return the rows with `waiting`: no more than the limit has run; null if it cannot be told.

    The limit is the grace, else each version's met threshold in the measure's own units.
    """
    if limits.grace is not None:
        how = Counting(unit=limits.grace.unit)
        rows = counted(rows, *between, how, "elapsed")
        limit: Expression = x.whole(limits.grace.amount)
    else:
        rows = counted(rows, *between, limits.how, "elapsed")
        limit = by_version(rows, versions, lambda v: x.whole(met_at_most(v)))
    return extend(rows, waiting=x.compare(Op.AT_MOST, x.col(rows, "elapsed"), limit))


class Limits:
    """How long a measure waits before silence speaks: a grace of its own, or its met limit."""

    def __init__(self, grace: Duration | None, how: Counting = PLAIN) -> None:
        self.grace = grace
        self.how = how


def met_at_most(version: Version) -> int:
    """Return the met limit of a version; none: nothing is waited for."""
    limit = version.met.at_most if version.met else None
    return limit if isinstance(limit, int) else -1


def judged(
    rows: Relation, versions: Sequence[Version], value: Expression, per: Expression | None = None
) -> Expression:
    """Return the outcome code of a value by the thresholds in force.

    With `per`, the value is a number out of `per` and thresholds are per cent, compared exactly.
    """

    def each(version: Version) -> Expression:
        met, partly = _within(version.met, value, per), _within(version.partly_met, value, per)
        return x.case(
            (met, code(Outcome.MET)),
            (partly, code(Outcome.PARTLY_MET)),
            otherwise=code(Outcome.NOT_MET),
        )

    return by_version(rows, versions, each)


def _within(threshold: Threshold | None, value: Expression, per: Expression | None) -> Expression:
    if threshold is None:
        return x.FALSE
    op = Op.AT_MOST if threshold.at_most is not None else Op.AT_LEAST
    limit = threshold.at_most if threshold.at_most is not None else threshold.at_least
    assert isinstance(limit, int)  # noqa: S101 - limits by phase are judged by longest_gap
    if per is None:
        return x.compare(op, value, x.whole(limit))
    scaled = x.arithmetic(Op.MULTIPLY, value, x.whole(WHOLE))
    return x.compare(op, scaled, x.arithmetic(Op.MULTIPLY, per, x.whole(limit)))


def per_cent(value: Expression, per: Expression) -> Expression:
    """Return a share in whole per cent, rounded down; null of nothing."""
    scaled = x.arithmetic(Op.MULTIPLY, value, x.whole(WHOLE))
    share = x.arithmetic(Op.FLOOR_DIVIDE, scaled, per)
    nothing = x.compare(Op.EQUAL, per, x.whole(0))
    return x.case((nothing, x.null(Type.INT)), otherwise=share)
