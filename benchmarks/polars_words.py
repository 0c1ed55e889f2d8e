"""What both halves of the hand-written Polars are written in: names, numbers, small expressions."""

from collections.abc import Sequence
from datetime import date

import polars as pl
from polars import col
from working_days import working_days

GRADES = ("inadequate", "requires_improvement", "good", "outstanding")
OUTCOMES = (
    "not_applicable", "not_yet_due", "met", "not_assessable", "partly_met", "not_evidenced",
    "not_met",
)  # fmt: skip
STANDARDS = (
    "FD-01", "AS-01", "AS-02", "CN-01", "CP-01", "CP-05", "CP-06", "SF-01", "PL-01", "PL-02",
    "CC-01", "SU-01", "SU-02", "OV-01", "RC-01",
)  # fmt: skip
DOMAINS = (
    "decision_making", "assessment", "planning", "visits", "voice", "oversight", "safety",
    "permanence", "care_leaving", "recording",
)  # fmt: skip
CAPPED = tuple(d for d in DOMAINS if d not in ("voice", "permanence", "care_leaving"))
Y2015, Y2011 = date(2015, 1, 1), date(2011, 4, 1)
FIRST, COUNTED = working_days()
CALENDAR = pl.Series("n", COUNTED, dtype=pl.Int32)

Value = pl.Expr | int | None


def case(*asked: tuple[pl.Expr, Value], otherwise: Value = None) -> pl.Expr:
    """Return the outcome of the first condition that is true."""
    chain = pl.when(asked[0][0]).then(code(asked[0][1]))
    for condition, outcome in asked[1:]:
        chain = chain.when(condition).then(code(outcome))
    return chain.otherwise(code(otherwise))


def code(outcome: Value) -> pl.Expr:
    return outcome if isinstance(outcome, pl.Expr) else pl.lit(outcome, dtype=pl.UInt8)


def n(day: pl.Expr) -> pl.Expr:
    """Return the working days up to a day; null outside the calendar."""
    place = day.to_physical() - (FIRST - date(1970, 1, 1)).days
    inside = pl.when(place.is_between(0, len(CALENDAR) - 1)).then(place)
    return pl.lit(CALENDAR).gather(inside)


def happened(*days: str) -> dict[str, pl.Expr]:
    """Blank days that lie after the cut-off."""
    return {day: pl.when(col(day) <= col("cut")).then(col(day)) for day in days}


def waiting(spent: pl.Expr, limit: int, otherwise: int = 5) -> pl.Expr:
    """Return not yet due while a limit has not run out, then silence."""
    return case((spent <= limit, 1), (spent > limit, otherwise), otherwise=3)


def within(start: pl.Expr, end: pl.Expr, limit: int) -> pl.Expr:
    """Return the outcome of a time of working days from one day to another."""
    taken = n(end) - n(start)
    return case(
        (start.is_null(), 5),
        (start < Y2015, 3),
        (end.is_null(), waiting(n(col("cut")) - n(start), limit)),
        (end < start, 3),
        (taken <= limit, 2),
        (taken > limit, 6),
        otherwise=3,
    )


def ranks(column: str) -> pl.Expr:
    rank = {grade: place for place, grade in enumerate(GRADES, start=1)}
    return col(column).replace_strict(rank, default=None, return_dtype=pl.UInt8)


def name(standard: str) -> str:
    return standard.lower().replace("-", "")


def words(number: pl.Expr, listed: Sequence[str], first: int) -> pl.Expr:
    """Return the word for a small number; none where there is no such word."""
    return number.replace_strict(
        range(first, first + len(listed)), listed, default=None, return_dtype=pl.Enum(listed)
    )


def grade(column: str | pl.Expr) -> pl.Expr:
    number = col(column) if isinstance(column, str) else column
    return words(number, GRADES, 1)


def longest(gaps: pl.LazyFrame) -> pl.LazyFrame:
    """Return the longest gap in days up to each event of a series, and its latest event."""
    length = (col("day") - pl.coalesce("before", "first")).dt.total_days()
    return gaps.group_by("t").agg(length=length.max(), latest=col("day").max())


def series(first: pl.Expr, last: pl.Expr, limit: int) -> pl.Expr:
    """Return the outcome of a series whose gaps are counted in days."""
    gap = pl.max_horizontal("length", (last - col("latest")).dt.total_days())
    return case(
        (last < first, 0),
        (first.is_null(), 5),
        (first < Y2015, 3),
        (col("latest").is_null(), waiting((last - first).dt.total_days(), limit)),
        (gap <= limit, 2),
        otherwise=6,
    )
