"""The relations of the plan on frames: rows in, rows out, as `plan.py` says.

Rows of a frame keep the order of the table that they began in, or the steps here sort them; where
they are in order already, which is asked and not assumed, sorting costs nothing.
"""

from collections.abc import Sequence

import numpy as np

from engine.findings.columnar.asked import NUMBERED
from engine.findings.columnar.columns import (
    TRUE,
    Array,
    Places,
    Values,
    alike,
    holds,
    null_of,
    spread,
    taken,
    taken_or_null,
)
from engine.findings.columnar.days import WorkingDaysSoFar
from engine.findings.columnar.frames import (
    Asked,
    CannotError,
    Exact,
    Frame,
    bare,
    picked,
    renamed,
)
from engine.findings.columnar.joins import Pairs, is_sorted, paired_by_keys, paired_by_number
from engine.findings.plan import (
    Aggregate,
    Apply,
    Column,
    Filter,
    Fold,
    Join,
    Previous,
    Project,
    Type,
    Union,
    WorkingDays,
)


def filtered(plan: Filter, rows: Frame) -> Frame:
    """Return the rows for which a condition is true."""
    true = holds(rows.value(plan.condition))
    if not true.ndim:
        return rows if true else picked(rows, np.empty(0, dtype=np.intp))
    places = np.flatnonzero(true)
    return rows if len(places) == rows.count else picked(rows, places)


def projected(plan: Project, rows: Frame) -> Frame:
    """Return new columns."""
    columns = plan.made

    def make(asked: Asked) -> Values:
        expression = columns[bare(asked)]
        if isinstance(asked, str):
            return rows.value(expression)
        if isinstance(expression, Column):
            return rows.column(renamed(asked, expression.name))
        raise CannotError(asked)

    def elsewhere(expression: Apply) -> Values | None:
        below = rows.known.below(expression, plan, columns)
        return None if below is None else rows.value(below)

    return Frame(rows.count, make, rows.known, elsewhere)


def united(plan: Union, sources: Sequence[Frame]) -> Frame:
    """Return the rows of all sources."""
    del plan
    filled = [source for source in sources if source.count] or [*sources[:1]]
    if len(filled) == 1:
        return filled[0]

    def make(asked: Asked) -> Values:
        columns = alike([source.column(asked) for source in filled])
        arrays = [spread(c, s.count) for c, s in zip(columns, filled, strict=True)]
        return Values(np.concatenate(arrays), any(column.nulls for column in columns))

    return Frame(sum(source.count for source in filled), make, filled[0].known)


def joined(plan: Join, left: Frame, right: Frame) -> Frame:
    """Return rows of both sides that agree."""
    pairs = _pairs(plan, left, right)
    ours = plan.left.schema
    known = left.known
    # the side on which an expression is worked out on fewer rows, and may be shared
    few = (left.count <= pairs.count, right.count <= pairs.count and pairs.missing is None)

    def make(asked: Asked) -> Values:
        if bare(asked) in ours:
            return _at(pairs.left, left.column(asked))
        return _at(pairs.right, right.column(asked), pairs.missing)

    def elsewhere(expression: Apply) -> Values | None:
        mine = known.names(expression) & ours.keys()
        if mine == known.names(expression):
            return _at(pairs.left, left.value(expression)) if few[0] else None
        return _at(pairs.right, right.value(expression)) if few[1] and not mine else None

    return Frame(pairs.count, make, known, elsewhere)


def _at(places: Places | None, found: Values, missing: Array | None = None) -> Values:
    if places is None:
        return found
    return taken(found, places) if missing is None else taken_or_null(found, places, missing)


def _pairs(plan: Join, left: Frame, right: Frame) -> Pairs:
    first, *more = plan.on
    if first[0] not in NUMBERED:
        raise CannotError(first)
    if not more:
        mine, other = (
            spread(side.column(name), side.count)
            for side, name in zip((left, right), first, strict=True)
        )
        return paired_by_number(mine, other, outer=plan.outer)
    lefts = [_key(left, mine, plan.left.schema[mine]) for mine, _ in plan.on]
    rights = [_key(right, other, plan.right.schema[other]) for _, other in plan.on]
    return paired_by_keys(lefts, rights, (left.count, right.count), outer=plan.outer)


def _key(rows: Frame, name: str, kind: Type) -> Values:
    return rows.column(Exact(name) if kind is Type.TEXT else name)


def with_previous(plan: Previous, rows: Frame) -> Frame:
    """Return rows, in order, with columns of the one before."""
    number, days = _in_order(plan, rows)
    order = _sorted_places(number, days)
    ordered = rows if order is None else picked(rows, order)
    part = number if order is None else number[order]
    first = np.concatenate((np.ones(min(1, len(part)), dtype=bool), part[1:] != part[:-1]))
    own = dict(plan.taken)

    def make(asked: Asked) -> Values:
        if bare(asked) not in own:
            return ordered.column(asked)
        column = ordered.column(renamed(asked, own[bare(asked)]))
        data = spread(column, ordered.count)
        before = np.roll(data, 1)
        before[first] = null_of(data.dtype)
        return Values(before, nulls=True)

    def elsewhere(expression: Apply) -> Values | None:
        return None if rows.known.names(expression) & own.keys() else ordered.value(expression)

    return Frame(rows.count, make, rows.known, elsewhere)


def _in_order(plan: Previous, rows: Frame) -> tuple[Array, Array]:
    """Return the number of each row's partition and what it is ordered by, a null last."""
    if len(plan.partition) != 1 or plan.partition[0] not in NUMBERED or len(plan.order) != 1:
        raise CannotError(plan.order)
    if plan.schema[plan.order[0]] not in (Type.DATE, Type.INT):
        raise CannotError(plan.order)
    column = rows.column(plan.order[0])
    number = spread(rows.column(plan.partition[0]), rows.count).astype(np.int64)
    ordered = spread(column, rows.count).astype(np.int64)
    if column.nulls:
        null = null_of(column.data.dtype)
        ordered = np.where(ordered == null, np.iinfo(np.int32).max, ordered)
    return number, ordered


def _sorted_places(number: Array, ordered: Array) -> Places | None:
    mixed = (number << 32) + ordered
    return None if is_sorted(mixed) else np.argsort(mixed, kind="stable")


def folded(plan: Aggregate, rows: Frame) -> Frame:
    """Return one row for each distinct key."""
    order, begins = _groups(plan, rows)
    folds = {name: (fold, expression) for name, fold, expression in plan.folds}
    sizes = np.diff(begins, append=rows.count)

    def make(asked: Asked) -> Values:
        name = bare(asked)
        if name in plan.keys:
            column = rows.column(asked)
            return taken(column, begins if order is None else order[begins])
        fold, expression = folds[name]
        if expression.type is Type.TEXT:
            raise CannotError(asked)
        column = rows.value(expression)
        if fold is Fold.COUNT:
            return _counted(column, order, begins, sizes)
        return _fold(fold, Values(_ordered(column, order, rows.count), column.nulls), begins)

    return Frame(len(begins), make, rows.known)


def _groups(plan: Aggregate, rows: Frame) -> tuple[Places | None, Places]:
    """Return the places of the rows in order of their keys, and where each group begins."""
    keys = []
    for name in plan.keys:
        column = rows.column(Exact(name) if plan.schema[name] is Type.TEXT else name)
        keys.append(spread(column, rows.count))
    order = None
    if len(keys) > 1 or not is_sorted(keys[0]):
        order = np.lexsort(keys[::-1]) if len(keys) > 1 else np.argsort(keys[0], kind="stable")
        keys = [key[order] for key in keys]
    begins = np.zeros(max(0, rows.count - 1), dtype=bool)
    for key in keys:
        begins |= key[1:] != key[:-1]
    first = np.zeros(min(1, rows.count), dtype=np.intp)
    return order, np.concatenate((first, np.flatnonzero(begins) + 1))


def _ordered(column: Values, order: Places | None, count: int) -> Array:
    data = spread(column, count)
    return data if order is None or not column.data.ndim else data[order]


def _counted(column: Values, order: Places | None, begins: Places, sizes: Places) -> Values:
    if not column.data.ndim:
        every = column.data == TRUE
        return Values((sizes if every else np.zeros_like(sizes)).astype(np.int32), nulls=False)
    true = holds(column)
    counted = np.concatenate(([0], np.cumsum(true if order is None else true[order])))
    return Values((counted[begins + sizes] - counted[begins]).astype(np.int32), nulls=False)


def _fold(fold: Fold, column: Values, begins: Places) -> Values:
    data = column.data
    if not len(begins):
        return Values(data[:0], column.nulls)
    if fold is Fold.MAX:  # null is the least number
        return Values(np.maximum.reduceat(data, begins), column.nulls)
    null = null_of(data.dtype)
    if fold is Fold.MIN:
        if not column.nulls:
            return Values(np.minimum.reduceat(data, begins), nulls=False)
        most = np.iinfo(data.dtype).max
        found = np.minimum.reduceat(np.where(data == null, most, data), begins)
        return Values(np.where(found == most, null, found).astype(data.dtype), nulls=True)
    wide = data.astype(np.int64)
    if not column.nulls:
        return Values(np.add.reduceat(wide, begins), nulls=False)
    filled = data != null
    total = np.add.reduceat(np.where(filled, wide, 0), begins)
    some = np.add.reduceat(filled.astype(np.int32), begins) > 0
    return Values(np.where(some, total, null_of(np.int64)), nulls=True)


def with_working_days(plan: WorkingDays, rows: Frame, so_far: WorkingDaysSoFar) -> Frame:
    """Return rows with the number of working days up to a day."""

    def make(asked: Asked) -> Values:
        return so_far.of(rows.column(plan.day)) if asked == plan.name else rows.column(asked)

    def elsewhere(expression: Apply) -> Values | None:
        return None if plan.name in rows.known.names(expression) else rows.value(expression)

    return Frame(rows.count, make, rows.known, elsewhere)
