"""`every`: the share of full periods in a window that hold enough events."""

from collections.abc import Sequence

from engine.findings import expressions as x
from engine.findings.counting import code, full_months, judged, per_cent, with_version
from engine.findings.plan import Aggregate, Expression, Filter, Fold, Join, Op, Relation
from engine.findings.rows import Setting, extend
from engine.findings.tested import (
    Sought,
    Verdict,
    chosen,
    no_version,
    not_assessable,
    not_binding,
    not_started,
    silent,
    tested,
    windowed,
)
from engine.rulebook.measures import Every, Version
from engine.rulebook.scalars import Duration
from engine.terms import Outcome, Unit


def compile_every(
    setting: Setting, measure: Every, versions: Sequence[Version], rows: Relation
) -> Relation:
    """Return the tested rows of an `every`."""
    setting.needs(measure.of)
    if setting.latest(measure.of):
        return not_assessable(rows)
    rows = windowed(setting, rows, measure.window)
    rows = with_version(rows, versions, x.col(rows, "first"))
    after = x.plus_days(x.col(rows, "last"), x.whole(1))
    rows = extend(rows, periods=_full(measure.period, x.col(rows, "first"), after))
    sought = Sought(measure.of, measure.date, measure.where)
    events = chosen(setting, rows, sought, in_window=True)
    found = Join(rows, _folded(events, measure), (("t", "t"),), outer=True)
    periods = x.col(found, "periods")
    held = x.coalesce(x.col(found, "held"), x.whole(0))
    waiting = (x.none(periods), code(Outcome.NOT_YET_DUE))
    asked = (
        not_binding(found),
        not_started(found, "first"),
        no_version(found),
        waiting,
        (x.none(x.col(found, "events")), silent(setting)),
    )
    evidence = {
        "value": per_cent(held, periods),
        "day_from": x.col(found, "first"),
        "day_to": x.col(found, "last"),
        "rows": x.coalesce(x.col(found, "events"), x.whole(0)),
        "back_filled": x.some(x.col(found, "late_events")),
    }
    outcome = judged(found, versions, held, per=periods)
    curing, began = (measure.of, *setting.looked_up), measure.window.start
    verdict = Verdict(asked, outcome, evidence, curing, (measure.of,), began=began)
    return tested(setting, found, verdict)


def _full(period: Duration, start: Expression, end: Expression) -> Expression:
    """Return how many whole periods have passed from a day to another."""
    passed = full_months(start, end) if period.unit is Unit.MONTHS else x.days_between(start, end)
    return x.arithmetic(Op.FLOOR_DIVIDE, passed, x.whole(period.amount))


def _folded(events: Relation, measure: Every) -> Relation:
    """Return for each trigger row its events and the full periods that hold enough of them."""
    place = _full(measure.period, x.col(events, "first"), x.col(events, "day"))
    placed = extend(events, place=place)
    inside = Filter(placed, x.compare(Op.LESS, x.col(placed, "place"), x.col(placed, "periods")))
    each = Aggregate(inside, ("t", "place"), (("n", Fold.COUNT, x.TRUE),))
    enough = Filter(each, x.compare(Op.AT_LEAST, x.col(each, "n"), x.whole(measure.count)))
    held = Aggregate(enough, ("t",), (("held", Fold.COUNT, x.TRUE),))
    counts = Aggregate(
        events,
        ("t",),
        (("events", Fold.COUNT, x.TRUE), ("late_events", Fold.COUNT, x.col(events, "late"))),
    )
    return Join(counts, held, (("t", "t"),), outer=True)
