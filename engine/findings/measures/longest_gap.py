"""`longest_gap`: the longest time without an event in a window."""

from collections.abc import Sequence

from engine.findings import expressions as x
from engine.findings.counting import Limits, code, counted, judged, run_out, with_version
from engine.findings.measures.phases import phase_days, phase_waiting, phased_gaps
from engine.findings.plan import (
    Aggregate,
    Expression,
    First,
    Fold,
    Join,
    Previous,
    Project,
    Relation,
    Type,
    Union,
)
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
from engine.rulebook.measures import LongestGap, Version
from engine.terms import Outcome


def compile_longest_gap(
    setting: Setting, measure: LongestGap, versions: Sequence[Version], rows: Relation
) -> Relation:
    """Return the tested rows of a `longest_gap`."""
    setting.needs(measure.of)
    if setting.latest(measure.of):
        return not_assessable(rows)
    rows = windowed(setting, rows, measure.window)
    rows = with_version(rows, versions, x.col(rows, "first"))
    if measure.phases:
        return _phased(setting, measure, versions, rows)
    gaps = counted(_gaps(setting, measure, rows), "begins", "ends", measure, "gap")
    folded = Join(rows, _folded(setting, gaps, "gap"), (("t", "t"),), outer=True)
    limits = Limits(measure.grace, measure)
    joined = run_out(folded, versions, ("first", "last"), limits)
    found = judged(joined, versions, x.col(joined, "gap"))
    return _verdict(setting, joined, measure, found)


def _phased(
    setting: Setting, measure: LongestGap, versions: Sequence[Version], rows: Relation
) -> Relation:
    """Test a series whose limits depend on the day that a gap begins."""
    rows = phase_days(setting, measure.phases, rows)
    gaps = phased_gaps(_gaps(setting, measure, rows), measure.phases, versions)
    folded = Join(rows, _folded(setting, gaps, "over"), (("t", "t"),), outer=True)
    if measure.grace:
        joined = run_out(folded, versions, ("first", "last"), Limits(measure.grace))
    else:
        joined = phase_waiting(folded, measure.phases, versions)
    found = x.case(
        (x.none(x.col(joined, "past_met")), code(Outcome.MET)),
        (x.none(x.col(joined, "past_partly")), code(Outcome.PARTLY_MET)),
        otherwise=code(Outcome.NOT_MET),
    )
    return _verdict(setting, joined, measure, found)


def _verdict(setting: Setting, rows: Relation, measure: LongestGap, found: Expression) -> Relation:
    """Return the tested rows of a series, its worst gap as evidence."""
    waiting = x.col(rows, "waiting")
    none_found = x.case(
        (x.is_null(waiting), code(Outcome.NOT_ASSESSABLE)),
        (waiting, code(Outcome.NOT_YET_DUE)),
        otherwise=silent(setting),
    )
    asked = (
        not_binding(rows),
        not_started(rows, "first"),
        no_version(rows),
        (x.none(x.col(rows, "events")), none_found),
        (x.some(x.col(rows, "unknown_gaps")), code(Outcome.NOT_ASSESSABLE)),
    )
    evidence = {
        "value": x.col(rows, "gap"),
        "day_from": x.col(rows, "gap_from"),
        "day_to": x.col(rows, "gap_to"),
        "rows": x.coalesce(x.col(rows, "events"), x.whole(0)),
        "back_filled": x.is_true(x.col(rows, "gap_late")),
        "phase": x.col(rows, "gap_phase"),
    }
    sought, began = (measure.of, *setting.looked_up), measure.window.start
    verdict = Verdict(asked, found, evidence, sought, (measure.of,), began=began)
    return tested(setting, rows, verdict)


def _gaps(setting: Setting, measure: LongestGap, rows: Relation) -> Relation:
    """Return one row a gap: `begins`, `ends`, `opening` (from the window's first day), `late`."""
    sought = Sought(measure.of, measure.date, measure.where)
    events = chosen(setting, rows, sought, in_window=True)
    days: Relation = Project(events, (*_carried(events), ("day", x.col(events, "day")),
                            ("late", x.col(events, "late")), ("event", x.whole(1)),
                            ("closes", x.whole(0))))  # fmt: skip
    if setting.evidence:
        days = _one_a_day(days)
    last = Project(rows, (*_carried(rows), ("day", x.col(rows, "last")), ("late", x.FALSE),
                          ("event", x.whole(0)), ("closes", x.whole(1))))  # fmt: skip
    points = Union((days, last))
    # on the window's last day an event comes before the end, so that the gap knows it as late
    order = ("day", "closes") if setting.evidence else ("day",)
    ordered = Previous(points, ("t",), order, (("before", "day"), ("before_late", "late")))
    opening = x.is_null(x.col(ordered, "before"))
    begins = x.coalesce(x.col(ordered, "before"), x.col(ordered, "first"))
    late = x.either(x.col(ordered, "late"), x.is_true(x.col(ordered, "before_late")))
    return extend(ordered, begins=begins, ends=x.col(ordered, "day"), opening=opening, late=late)


def _carried(rows: Relation) -> tuple[tuple[str, Expression], ...]:
    """Return the columns of a trigger row that its gaps need."""
    needed = ("t", "first", "own", "version")
    names = [n for n in rows.schema if n in needed or n.startswith("phase_")]
    return tuple((name, x.col(rows, name)) for name in names)


def _one_a_day(days: Relation) -> Relation:
    """Fold events of one day into one; it is late only if all of them are."""
    keys = tuple(n for n in days.schema if n not in ("late", "event"))
    in_time = x.negate(x.col(days, "late"))
    folded = Aggregate(
        days, keys, (("in_time", Fold.COUNT, in_time), ("event", Fold.SUM, x.col(days, "event")))
    )
    late = x.none(x.col(folded, "in_time"))
    kept = tuple((name, x.col(folded, name)) for name in keys)
    return Project(folded, (*kept, ("late", late), ("event", x.col(folded, "event"))))


SHOWN = (("gap_late", "late"), ("gap_phase", "phase"))


def _folded(setting: Setting, gaps: Relation, by: str) -> Relation:
    """Return for each trigger row its events and its worst gap (the earliest of the worst)."""
    folds: list[tuple[str, Fold, Expression]] = [
        ("events", Fold.SUM, x.col(gaps, "event")),
        ("unknown_gaps", Fold.COUNT, x.is_null(x.col(gaps, by))),
    ]
    past = (name for name in ("past_met", "past_partly") if name in gaps.schema)
    folds += [(name, Fold.COUNT, x.col(gaps, name)) for name in past]
    if not setting.evidence:
        worst = Aggregate(gaps, ("t",), (*folds, ("gap", Fold.MAX, x.col(gaps, "gap"))))
        unseen = x.null(Type.DATE)
        blank = {"gap_from": unseen, "gap_to": unseen, "gap_phase": x.null(Type.INT)}
        return extend(worst, **blank, gap_late=x.FALSE)
    if "phase" not in gaps.schema:
        gaps = extend(gaps, phase=x.null(Type.INT))
    counts = Aggregate(gaps, ("t",), tuple(folds))
    first = First(gaps, ("t",), ((by, True), ("begins", False), ("ends", False)))
    shown = (("t", "t"), ("gap", "gap"), ("gap_from", "begins"), ("gap_to", "ends"))
    named = tuple((name, x.col(first, column)) for name, column in (*shown, *SHOWN))
    return Join(counts, Project(first, named), (("t", "t"),))
