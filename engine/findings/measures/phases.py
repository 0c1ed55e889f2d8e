"""Phases of a series: the limit of a gap depends on the day on which the gap begins."""

from collections.abc import Callable, Sequence

from engine.findings import expressions as x
from engine.findings.counting import by_version, counted
from engine.findings.plan import Expression, Op, Relation, Type
from engine.findings.rows import Setting, day, extend
from engine.rulebook.measures import Counting, Phase, Threshold, Version
from engine.rulebook.scalars import Duration
from engine.terms import Unit


def phase_days(setting: Setting, phases: Sequence[Phase], rows: Relation) -> Relation:
    """Return the rows with the day before which a gap must begin for each phase that has one."""
    for place, phase in enumerate(phases):
        if phase.begins_before:
            rows = day(setting, rows, phase.begins_before, f"phase_{place}")
    return rows


def phased_gaps(gaps: Relation, phases: Sequence[Phase], versions: Sequence[Version]) -> Relation:
    """Return gaps with `gap` in days, `over` its met limit, `past_met` and `past_partly`."""
    gaps = _lengths(gaps, ("begins", "ends"), versions)
    days = x.days_between(x.col(gaps, "begins"), x.col(gaps, "ends"))
    gaps = extend(gaps, gap=days, phase=_phase(gaps, phases, versions, x.col(gaps, "begins")))

    def past(which: Callable[[Version], Threshold | None]) -> Expression:
        return _limited(
            gaps, phases, versions, (which, lambda d: _over(gaps, d, ("begins", "ends")))
        )

    gaps = extend(gaps, over=past(lambda v: v.met), over_partly=past(lambda v: v.partly_met))
    return extend(
        gaps,
        past_met=x.compare(Op.MORE, x.col(gaps, "over"), x.whole(0)),
        past_partly=x.coalesce(
            x.compare(Op.MORE, x.col(gaps, "over_partly"), x.whole(0)),
            x.compare(Op.MORE, x.col(gaps, "over"), x.whole(0)),
        ),
    )


def phase_waiting(rows: Relation, phases: Sequence[Phase], versions: Sequence[Version]) -> Relation:
    """Return the rows with `waiting`: the limit of the first day's phase has not run out."""
    rows = _lengths(rows, ("first", "last"), versions)
    opening = x.is_true(x.compare(Op.EQUAL, x.col(rows, "own"), x.col(rows, "first")))
    rows = extend(rows, opening=opening)
    rows = extend(rows, phase=_phase(rows, phases, versions, x.col(rows, "first")))
    over = _limited(
        rows, phases, versions, (lambda v: v.met, lambda d: _over(rows, d, ("first", "last")))
    )
    return extend(rows, waiting=x.compare(Op.AT_MOST, over, x.whole(0)))


def _phase(
    rows: Relation, phases: Sequence[Phase], versions: Sequence[Version], begins: Expression
) -> Expression:
    """Return the place of the first phase that applies to a gap; null if none does.

    A gap whose limit would run out only after the phase has ended belongs to the next phase.
    """

    def each(version: Version) -> Expression:
        branches: list[tuple[Expression, Expression]] = []
        for place, phase in enumerate(phases):
            conditions = []
            if phase.first_gap:
                own = x.compare(Op.EQUAL, begins, x.col(rows, "own"))
                conditions.append(x.both(x.col(rows, "opening"), own))
            if phase.begins_before:
                limit = x.col(rows, f"phase_{place}")
                due = _due(begins, _met_limit(version, phase))
                inside = x.both(
                    x.compare(Op.LESS, begins, limit), x.compare(Op.AT_MOST, due, limit)
                )
                conditions.append(x.either(x.is_null(limit), inside))
            branches.append((x.both(*conditions), x.whole(place)))
        return x.case(*branches, otherwise=x.null(Type.INT))

    return by_version(rows, versions, each)


def _met_limit(version: Version, phase: Phase) -> Duration | None:
    limits = version.met.at_most if version.met else None
    return limits.get(phase.name) if isinstance(limits, dict) else None


def _due(begins: Expression, limit: Duration | None) -> Expression:
    """Return the day on which a limit runs out; one in working days is not looked ahead for."""
    if limit is None or limit.unit is Unit.WORKING_DAYS:
        return begins
    amount = x.whole(limit.amount)
    months = limit.unit is Unit.MONTHS
    return x.plus_months(begins, amount) if months else x.plus_days(begins, amount)


def _limited(
    rows: Relation,
    phases: Sequence[Phase],
    versions: Sequence[Version],
    how: tuple[Callable[[Version], Threshold | None], Callable[[Duration], Expression]],
) -> Expression:
    """Return what is over the limit of the gap's phase, by the version in force."""
    which, over = how

    def each(version: Version) -> Expression:
        threshold = which(version)
        limits = threshold.at_most if threshold else None
        branches = [
            (x.compare(Op.EQUAL, x.col(rows, "phase"), x.whole(place)), over(limits[phase.name]))
            for place, phase in enumerate(phases)
            if isinstance(limits, dict) and phase.name in limits
        ]
        return x.case(*branches, otherwise=x.null(Type.INT))

    return by_version(rows, versions, each)


def _durations(versions: Sequence[Version]) -> set[Unit]:
    thresholds = [t for v in versions for t in (v.met, v.partly_met) if t is not None]
    limits = [t.at_most for t in thresholds if isinstance(t.at_most, dict)]
    return {duration.unit for limit in limits for duration in limit.values()}


def _lengths(rows: Relation, between: tuple[str, str], versions: Sequence[Version]) -> Relation:
    if Unit.WORKING_DAYS in _durations(versions):
        return counted(rows, *between, Counting(unit=Unit.WORKING_DAYS), "length_working_days")
    return rows


def _over(rows: Relation, limit: Duration, between: tuple[str, str]) -> Expression:
    """Return how much longer than a limit the time between two columns is."""
    start, end, amount = x.col(rows, between[0]), x.col(rows, between[1]), x.whole(limit.amount)
    if limit.unit is Unit.WORKING_DAYS:
        return x.arithmetic(Op.SUBTRACT, x.col(rows, "length_working_days"), amount)
    months = limit.unit is Unit.MONTHS
    by = x.plus_months(start, amount) if months else x.plus_days(start, amount)
    return x.days_between(by, end)
