"""`within`: time from one day to another."""

from collections.abc import Sequence

from engine.findings import expressions as x
from engine.findings.counting import Limits, code, counted, judged, run_out, with_version
from engine.findings.plan import Expression, Op, Relation
from engine.findings.rows import CUT_OFF, Setting, day, extend
from engine.findings.tested import (
    Verdict,
    no_version,
    not_started,
    silent,
    tested,
    unknown,
)
from engine.rulebook.measures import Counting, Version, Within
from engine.terms import Outcome


def compile_within(
    setting: Setting, measure: Within, versions: Sequence[Version], rows: Relation
) -> Relation:
    """Return the tested rows of a `within`."""
    rows = day(setting, rows, measure.from_, "start")
    rows = day(setting, rows, measure.to, "end", start=x.col(rows, "start"))
    tables = tuple(d.table for d in (measure.from_, measure.to) if d.table)
    latest = measure.to.table in setting.presence.latest_only
    limits = Limits(measure.grace, measure)
    return time_taken(setting, rows, versions, limits, tables, latest=latest)


def time_taken(  # noqa: PLR0913 - the parts of one test, named
    setting: Setting,
    rows: Relation,
    versions: Sequence[Version],
    limits: Limits,
    tables: tuple[str, ...],
    *,
    latest: bool = False,
) -> Relation:
    """Test the time between columns `start` and `end` (with `end_late`)."""
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
    asked: list[tuple[Expression, Expression]] = [
        not_started(rows, "start"),
        no_version(rows),
        (x.is_null(end), not_done),
        (x.compare(Op.LESS, end, start), code(Outcome.NOT_ASSESSABLE)),
        unknown(value),
    ]
    found = judged(rows, versions, value)
    if latest:
        # An earlier row may exist that the input does not hold: only a timely one is proof.
        timely = x.compare(Op.EQUAL, found, code(Outcome.MET))
        found = x.case((timely, code(Outcome.MET)), otherwise=code(Outcome.NOT_ASSESSABLE))
    evidence = {"day_from": start, "day_to": end, "back_filled": x.col(rows, "end_late")}
    return tested(setting, rows, Verdict(tuple(asked), found, evidence, tables, tables))
