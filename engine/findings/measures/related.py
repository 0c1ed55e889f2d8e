"""Rows that belong to a trigger row, folded: for `share`, `count` and `present`."""

from collections.abc import Iterable, Sequence

from engine.findings import expressions as x
from engine.findings.counting import Limits, run_out, with_version
from engine.findings.plan import Aggregate, Expression, Fold, Join, Project, Relation
from engine.findings.rows import Scope, Setting, condition, extend, related
from engine.findings.tested import (
    Sought,
    chosen,
    no_version,
    not_binding,
    not_started,
    own_day,
    windowed,
)
from engine.rulebook.fields import AUDITS
from engine.rulebook.measures import Count, Present, Share, Version

ALL = 100  # per cent

Asked = tuple[tuple[Expression, Expression], ...]


def fold_related(
    setting: Setting,
    measure: Share | Count | Present,
    versions: Sequence[Version],
    rows: Relation,
) -> Relation:
    """Return trigger rows with `n` related rows, `satisfied` among them, and `waiting`.

    Where the worst of the related rows is the outcome of all and nobody asks for evidence, a
    trigger row stands once for each of them, with `n` of 1: that is quicker.
    """
    assert measure.of is not None  # noqa: S101 - the caller looked
    if measure.window:
        rows = windowed(setting, rows, measure.window)
        rows = with_version(rows, versions, x.col(rows, "first"))
    else:
        rows = with_version(rows, versions, own_day(setting, rows))
    apart = not setting.evidence and _apart(measure, versions)
    if apart and _all_of(setting, measure):
        return _waiting(_together(setting, measure, rows), measure, versions)
    sought = Sought(measure.of, measure.date, measure.where, measure.join)
    found = chosen(setting, rows, sought, in_window=measure.window is not None)
    satisfies = measure.satisfies if isinstance(measure, Share) else {}
    good = condition(setting, found, satisfies, Scope("e", measure.of))
    folds = (
        ("n", Fold.COUNT, x.TRUE),
        ("satisfied", Fold.COUNT, good),
        ("in_time", Fold.COUNT, x.negate(x.col(found, "late"))),
    )
    folded = _each(found, folds) if apart else Aggregate(found, ("t",), folds)
    joined = Join(rows, folded, (("t", "t"),), outer=True)
    counts = {
        name: x.coalesce(x.col(joined, name), x.whole(0)) for name in ("n", "satisfied", "in_time")
    }
    return _waiting(extend(joined, **counts), measure, versions)


def _apart(measure: Share | Count | Present, versions: Iterable[Version]) -> bool:
    """Say whether related rows can be judged one by one: all are asked for, or any will do."""
    if isinstance(measure, Share):
        asked = [(version.met and version.met.at_least, version.partly_met) for version in versions]
        return all(least == ALL and partly is None for least, partly in asked)
    return isinstance(measure, Present)


def _all_of(setting: Setting, measure: Share | Count | Present) -> bool:
    """Say whether every row counts that belongs to the trigger row, whatever its day."""
    dated = setting.table(measure.of or "").date
    return not (dated or measure.where or measure.window)


def _together(setting: Setting, measure: Share | Count | Present, rows: Relation) -> Relation:
    """Return every trigger row beside each row that belongs to it, or alone: by one join."""
    assert measure.of is not None  # noqa: S101 - the caller looked
    scope, own = Scope("e", measure.of), setting.standard.trigger.table
    pairs = []
    for name in measure.join:
        setting.has(measure.of, name)
        setting.has(own, name)
        pairs.append((f"{'u' if own == AUDITS else 't'}.{name}", f"e.{name}"))
    joined = related(setting, measure.of, rows, scope, tuple(pairs))
    joined = extend(joined, **{other: x.col(joined, mine) for mine, other in pairs})
    satisfies = measure.satisfies if isinstance(measure, Share) else {}
    good = condition(setting, joined, satisfies, scope)
    here = x.filled(x.col(joined, "e.row"))
    counts = {
        name: x.case((held, x.whole(1)), otherwise=x.whole(0))
        for name, held in (("n", here), ("satisfied", x.both(here, good)), ("in_time", here))
    }
    return extend(joined, **counts)


def _each(rows: Relation, folds: Iterable[tuple[str, Fold, Expression]]) -> Relation:
    """Return counts of every row alone: one where it holds."""
    alone = ((name, x.case((holds, x.whole(1)), otherwise=x.whole(0))) for name, _, holds in folds)
    return Project(rows, (("t", x.col(rows, "t")), *alone))


def _waiting(
    rows: Relation, measure: Share | Count | Present, versions: Sequence[Version]
) -> Relation:
    if isinstance(measure, Share) or not (measure.window and measure.grace):
        return extend(rows, waiting=x.FALSE)
    return run_out(rows, versions, ("first", "last"), Limits(measure.grace))


def asked_first(rows: Relation, measure: Share | Count | Present) -> Asked:
    """Return what is asked before the number of rows."""
    if measure.window is None:
        return (no_version(rows),)
    return (not_binding(rows), not_started(rows, "first"), no_version(rows))
