"""Rows that belong to a trigger row, folded: for `share`, `count` and `present`."""

from collections.abc import Sequence

from engine.findings import expressions as x
from engine.findings.counting import Limits, run_out, with_version
from engine.findings.plan import Aggregate, Expression, Fold, Join, Relation
from engine.findings.rows import Scope, Setting, condition, extend
from engine.findings.tested import (
    Sought,
    chosen,
    no_version,
    not_binding,
    not_started,
    own_day,
    windowed,
)
from engine.rulebook.conditions import Where
from engine.rulebook.measures import Count, Present, Share, Version

Asked = tuple[tuple[Expression, Expression], ...]


def fold_related(
    setting: Setting,
    measure: Share | Count | Present,
    versions: Sequence[Version],
    rows: Relation,
    satisfies: Where | None = None,
) -> Relation:
    """Return trigger rows with `n` related rows, `satisfied` among them, and `waiting`."""
    assert measure.of is not None  # noqa: S101 - the caller looked
    if measure.window:
        rows = windowed(setting, rows, measure.window)
        rows = with_version(rows, versions, x.col(rows, "first"))
    else:
        rows = with_version(rows, versions, own_day(setting, rows))
    sought = Sought(measure.of, measure.date, measure.where, measure.join)
    found = chosen(setting, rows, sought, in_window=measure.window is not None)
    good = condition(setting, found, satisfies or {}, Scope("e", measure.of))
    folds = (
        ("n", Fold.COUNT, x.TRUE),
        ("satisfied", Fold.COUNT, good),
        ("in_time", Fold.COUNT, x.negate(x.col(found, "late"))),
    )
    joined = Join(rows, Aggregate(found, ("t",), folds), (("t", "t"),), outer=True)
    counts = {
        name: x.coalesce(x.col(joined, name), x.whole(0)) for name in ("n", "satisfied", "in_time")
    }
    return _waiting(extend(joined, **counts), measure, versions)


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
