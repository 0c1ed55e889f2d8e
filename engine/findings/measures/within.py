"""`within`: time from one day to another."""

from collections.abc import Sequence

from engine.findings import expressions as x
from engine.findings.counting import Limits, code, counted, judged, run_out, with_version
from engine.findings.plan import Expression, Op, Relation, Type
from engine.findings.rows import CUT_OFF, LOST, Setting, day, extend
from engine.findings.tested import (
    Verdict,
    no_version,
    not_started,
    silent,
    tested,
    unknown,
    with_held,
)
from engine.rulebook.conditions import DayOf
from engine.rulebook.measures import Counting, Version, Within
from engine.terms import Outcome


def compile_within(
    setting: Setting, measure: Within, versions: Sequence[Version], rows: Relation
) -> Relation:
    """Return the tested rows of a `within`."""
    rows = day(setting, rows, measure.from_, "start")
    rows = day(setting, rows, measure.to, "end", start=x.col(rows, "start"))
    end, cut_off = x.col(rows, "end"), x.col(rows, f"u.{CUT_OFF}")
    come = x.compare(Op.AT_MOST, end, cut_off)
    rows = extend(rows, end=x.case((come, end), otherwise=x.null(Type.DATE)))
    latest = setting.latest(measure.to.table)
    if latest and measure.to.table:
        rows = with_held(setting, rows, (measure.to.table, measure.to.date), None)
    limits = Limits(measure.grace, measure)
    return time_taken(setting, rows, versions, limits, (measure.from_, measure.to))


def time_taken(
    setting: Setting,
    rows: Relation,
    versions: Sequence[Version],
    limits: Limits,
    looked_up: tuple[DayOf | None, DayOf | None] = (None, None),
) -> Relation:
    """Test the time between columns `start` and `end` (with `end_late`).

    `looked_up`: how the start and the end are. With a column `held`
    the input holds only the latest row of that table: an earlier one may exist that it does not
    hold, so that only a timely one is proof.
    """
    start, end = x.col(rows, "start"), x.col(rows, "end")
    rows = with_version(rows, versions, start)
    rows = extend(rows, until=x.col(rows, f"u.{CUT_OFF}"))
    rows = run_out(rows, versions, ("start", "until"), limits)
    how = Counting(unit=limits.how.unit, start_day=limits.how.start_day, end_day=limits.how.end_day)
    rows = counted(rows, "start", "end", how, "value")
    waiting, value = x.col(rows, "waiting"), x.col(rows, "value")
    not_done = x.case(
        (x.is_null(waiting), code(Outcome.NOT_ASSESSABLE)),
        (waiting, code(Outcome.NOT_YET_DUE)),
        otherwise=silent(setting),
    )
    last_in = looked_up[1].table if looked_up[1] and looked_up[1].pick == "last" else None
    if last_in in setting.presence.put_aside:
        blank = code(Outcome.NOT_ASSESSABLE)
        lost = x.both(x.col(rows, f"u.{LOST}{last_in}"), x.negate(x.is_true(waiting)))
        not_done = x.case((lost, blank), otherwise=not_done)
    asked: list[tuple[Expression, Expression]] = [
        not_started(rows, "start"),
        no_version(rows),
        (x.is_null(end), not_done),
        (x.compare(Op.LESS, end, start), code(Outcome.NOT_ASSESSABLE)),
        unknown(value),
    ]
    found = judged(rows, versions, value)
    if "held" in rows.schema:
        hidden = x.some(x.col(rows, "held"))
        asked[2] = (x.both(x.is_null(end), x.negate(hidden)), not_done)
        asked.insert(3, (x.is_null(end), code(Outcome.NOT_ASSESSABLE)))
        timely = x.compare(Op.EQUAL, found, code(Outcome.MET))
        found = x.case((timely, code(Outcome.MET)), otherwise=code(Outcome.NOT_ASSESSABLE))
    evidence = {"day_from": start, "day_to": end, "back_filled": x.col(rows, "end_late")}
    since, to = looked_up
    # A further row may be an earlier end or, where the last row counts, a later start. Where the
    # last row is the end, it can only cure a blank.
    curing = ((to, "first"), (since, "last"))
    sought = tuple(of.table for of, pick in curing if of and of.table and of.pick == pick)
    verdict = Verdict(tuple(asked), found, evidence, sought, start="start", began=since)
    return tested(setting, rows, verdict)
