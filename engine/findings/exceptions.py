"""Declared exceptions: which of them free a trigger row of a standard, and which are shown.

Rows of the table `exceptions` come in. A kind that the standard calls `not_applicable` frees a
row of it where it held throughout the row's own days; every kind that it lists is shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from engine.findings import expressions as x
from engine.findings.counting import code
from engine.findings.duckdb_sql import quote
from engine.findings.plan import Aggregate, Expression, Filter, Fold, Join, Op, Relation
from engine.findings.rows import CUT_OFF, LOST, SKIPPED, Scope, Setting, related
from engine.records.batch import Presence
from engine.rulebook.standard import EXCEPTIONS, Standard
from engine.terms import Outcome

NEEDED = frozenset({"kind", "start_date", "reason"})
COLUMNS = (*sorted(NEEDED), "end_date")
_SCOPE = Scope("x", EXCEPTIONS)


@dataclass(frozen=True)
class Declared:
    """An exception as it is declared on a file; a day that has not come by the cut-off is blank."""

    kind: str
    start: date | None
    end: date | None
    reason: str | None

    def touches(self, first: date | None, last: date | None) -> bool:
        """Say whether it held on any of some days; a day that is not known bounds nothing."""
        begun = not (self.start and last) or self.start <= last
        return begun and (not (self.end and first) or self.end >= first)


def held(presence: Presence) -> bool:
    """Say whether the input declares exceptions at all."""
    return presence.columns.get(EXCEPTIONS, frozenset()) >= NEEDED


def columns_shown(standards: Iterable[Standard], presence: Presence) -> frozenset[str]:
    """Return the columns of `exceptions` that are read to show them beside findings."""
    columns = presence.columns.get(EXCEPTIONS, frozenset()) & frozenset(COLUMNS)
    shown = "kind" in columns and any(standard.exceptions for standard in standards)
    return columns if shown else frozenset()


def declared(
    con: duckdb.DuckDBPyConnection, standards: Iterable[Standard], presence: Presence
) -> Mapping[int, tuple[Declared, ...]]:
    """Return what is declared for each audit of a laid-out slice, in the order of its days."""
    columns = columns_shown(standards, presence)
    if not columns:
        return {}
    start, end, reason = (
        f"s.{name}" if name in columns else "NULL" for name in ("start_date", "end_date", "reason")
    )
    skipped = f"{SKIPPED}{EXCEPTIONS}"
    examined = f"AND NOT u.{quote(skipped)}" if EXCEPTIONS in presence.not_examined else ""
    rows = con.execute(
        f"SELECT s.a, s.kind, {start}, CASE WHEN {end} <= u.cut_off THEN {end} END, {reason} "
        f"FROM {EXCEPTIONS} s JOIN audits u ON s.a = u.a "
        f"WHERE s.kind IS NOT NULL AND coalesce({start} <= u.cut_off, TRUE) {examined} "
        "ORDER BY 1, 3, 4, 2, 5"
    ).fetchall()
    found: dict[int, list[Declared]] = {}
    for a, *said in rows:
        found.setdefault(a, []).append(Declared(*said))
    return {a: tuple(listed) for a, listed in found.items()}


def excused(setting: Setting, rows: Relation, outcome: Expression) -> tuple[Relation, Expression]:
    """Return the rows with `excused`, and the outcome once exceptions are heard.

    `outcome` is what the measure found. What is adverse becomes not applicable where a declared
    exception held throughout, and not assessable where a row of exceptions was put aside.
    """
    freeing = setting.standard.frees
    adverse = x.compare(Op.AT_LEAST, outcome, code(Outcome.PARTLY_MET))
    if not freeing or "clock" not in rows.schema:
        return rows, outcome
    begun = x.both(adverse, x.filled(x.col(rows, "clock")))
    lost: Expression = x.FALSE
    if EXCEPTIONS in setting.presence.put_aside:
        lost = x.both(begun, x.col(rows, f"u.{LOST}{EXCEPTIONS}"))
    free: Expression = x.FALSE
    if held(setting.presence):
        rows = _with_excuses(setting, rows, freeing)
        free = x.both(begun, x.some(x.col(rows, "excuses")))
    heard = x.case(
        (free, code(Outcome.NOT_APPLICABLE)),
        (lost, code(Outcome.NOT_ASSESSABLE)),
        otherwise=outcome,
    )
    return rows, heard


def _with_excuses(setting: Setting, rows: Relation, freeing: tuple[str, ...]) -> Relation:
    """Return the rows with `excuses`: how many exceptions held from the clock's day to the last."""
    joined = related(setting, EXCEPTIONS, rows, _SCOPE)
    first, last = x.col(joined, "clock"), _last(joined)
    start, kind = x.col(joined, "x.start_date"), x.col(joined, "x.kind")
    over: Expression = x.FALSE
    if "x.end_date" in joined.schema:
        over = x.is_true(x.compare(Op.LESS, x.col(joined, "x.end_date"), last))
    conditions = [
        x.one_of(kind, tuple(x.text(one) for one in freeing)),
        x.filled(x.col(joined, "x.reason")),
        x.compare(Op.AT_MOST, start, first),
        x.negate(over),
    ]
    if EXCEPTIONS in setting.presence.not_examined:
        conditions.append(x.negate(x.col(joined, f"u.{SKIPPED}{EXCEPTIONS}")))
    kept = Filter(joined, x.both(*conditions))
    counts = Aggregate(kept, ("t",), (("excuses", Fold.COUNT, x.TRUE),))
    return Join(rows, counts, (("t", "t"),), outer=True)


def _last(rows: Relation) -> Expression:
    """Return the last of a row's days: its window's, the day it was done, or the cut-off."""
    cut_off = x.col(rows, f"u.{CUT_OFF}")
    if "last" in rows.schema:
        return x.col(rows, "last")
    return x.coalesce(x.col(rows, "end"), cut_off) if "end" in rows.schema else cut_off
