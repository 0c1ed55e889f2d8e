"""A funnel: each auditor's mean gap against how many files it rests on, between curves of limits.

In: rows of a count and a gap, and the limits as curves. Out: a point for each row, named where
there is room; those outside the inner limits are diamonds, and their gap is written too. A row
that hides a number has no point, and the chart says how many have none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.reports.week.cells import text
from engine.reports.week.charts import ink
from engine.reports.week.charts.ink import Drawing
from engine.reports.week.charts.intervals import told
from engine.reports.week.charts.scale import Scale
from engine.reports.week.document import Cell, Chart, Estimate

_LEFT, _RIGHT = 52, 545
_TOP, _BOTTOM = 24, 380
_WIDER = "99"  # in the name of the outer limits
_NAME = 12  # height of a point's name
_Curve = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class _Point:
    """A row as a point: where it falls, how it is named, whether it lies outside."""

    x: float
    y: float
    name: str
    outside: bool


def body(chart: Chart, rows: Sequence[tuple[Cell, ...]], name: str) -> Drawing:
    """Draw the curves and the points."""
    read = ink.read(chart, rows)
    placed = [
        (n, gap, row)
        for row in read
        if (n := ink.value(row.get("moderated"))) is not None
        and (gap := ink.value(row.get("gap"))) is not None
    ]
    across, up = _scales(chart, [(n, gap) for n, gap, _ in placed])
    points = [_point(chart, one, across, up) for one in placed]
    parts = [*_axes(chart, across, up), *_curves(chart, across, up, name)]
    for point in points:
        draw = ink.diamond if point.outside else ink.dot
        parts.append(draw(point.x, point.y))
    parts.extend(_names(points))
    lacking = len(read) - len(points)
    if lacking:
        parts.append(ink.words(0, _BOTTOM + 66, f"Not drawn, for want of a number: {lacking:,}"))
    return Drawing(_BOTTOM + (74 if lacking else 58), parts)


def _scales(chart: Chart, points: Sequence[tuple[float, float]]) -> tuple[Scale, Scale]:
    """Return both scales: from no file to the most, and tall enough for the points and limits."""
    most = max([0.0, *(x for x, _ in points)])
    most = most or max([x for curve in chart.curves.values() for x, _ in curve], default=1)
    least = min([x for x, _ in points], default=1)
    limits = [at(curve, least) for curve in chart.curves.values() if curve]
    values = [0.0, *(y for _, y in points), *chart.marks.values(), *limits]
    return Scale(0, most * 1.06 or 1, _LEFT, _RIGHT), Scale.over(values, _BOTTOM, _TOP, 0.08)


def at(curve: _Curve, x: float) -> float:
    """Return the height of a curve, by straight lines between its points; flat beyond its ends."""
    before = [point for point in curve if point[0] <= x]
    after = [point for point in curve if point[0] >= x]
    if not before or not after:
        return (after or before)[0 if after else -1][1]
    (x0, y0), (x1, y1) = before[-1], after[0]
    return y0 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def _point(
    chart: Chart, one: tuple[float, float, Mapping[str, Cell]], across: Scale, up: Scale
) -> _Point:
    n, gap, row = one
    inner = [at(curve, n) for name, curve in chart.curves.items() if curve and _WIDER not in name]
    outside = bool(inner) and not min(inner) <= gap <= max(inner)
    name = ink.short(ink.label(row), 110)
    said = f"{name} {_gap(row['gap'])}" if outside else name
    return _Point(across.at(n), up.at(gap), said, outside)


def _gap(cell: Cell) -> str:
    return told(cell.value, cell.unit) if isinstance(cell, Estimate) else text(cell)


def _axes(chart: Chart, across: Scale, up: Scale) -> Iterator[str]:
    titles = {column.id: column.title for column in chart.table.columns}
    yield ink.words(0, 14, f"{titles.get('gap', '')} ↑", fill=ink.QUIET)
    middle = (_LEFT + _RIGHT) / 2
    yield ink.words(
        middle, _BOTTOM + 40, f"{titles.get('moderated', '')} →", anchor="middle", fill=ink.QUIET
    )
    for tick in up.ticks():
        y = up.at(tick)
        yield ink.line((_LEFT - 4, y), (_LEFT, y), stroke=ink.QUIET)
        yield ink.words(_LEFT - 8, y + 4.5, told(tick, "grades"), anchor="end", fill=ink.QUIET)
    for tick in across.ticks():
        if tick == int(tick):
            x = across.at(tick)
            yield ink.line((x, _BOTTOM), (x, _BOTTOM + 4), stroke=ink.QUIET)
            yield ink.words(x, _BOTTOM + 20, f"{tick:,.0f}", anchor="middle", fill=ink.QUIET)
    yield ink.line((_LEFT, _TOP), (_LEFT, _BOTTOM), stroke=ink.QUIET)
    yield ink.line((_LEFT, _BOTTOM), (_RIGHT, _BOTTOM), stroke=ink.QUIET)


def _curves(chart: Chart, across: Scale, up: Scale, name: str) -> Iterator[str]:
    """Draw the limits and the level marks; what rises above the plot is cut at its edge."""
    size = f'width="{_RIGHT - _LEFT}" height="{_BOTTOM - _TOP}"'
    yield (
        f'<defs><clipPath id="{name}-plot"><rect x="{_LEFT}" y="{_TOP}" {size}/></clipPath></defs>'
    )
    yield f'<g clip-path="url(#{name}-plot)">'
    ended: list[tuple[float, str]] = []
    for title, curve in chart.curves.items():
        points = " ".join(f"{ink.number(across.at(x))},{ink.number(up.at(y))}" for x, y in curve)
        dash = ' stroke-dasharray="2 3"' if _WIDER in title else ' stroke-dasharray="7 3"'
        yield f'<polyline points="{points}" fill="none" stroke="{ink.QUIET}"{dash}/>'
        if curve:
            ended.append((up.at(at(curve, across.high)), title))
    for title, level in chart.marks.items():
        y = up.at(level)
        yield ink.line((_LEFT, y), (_RIGHT, y), stroke=ink.RUST, wide="1.5")
        ended.append((y, title))
    yield "</g>"
    yield from _ends(ended)


def _ends(ended: Sequence[tuple[float, str]]) -> Iterator[str]:
    """Write the name of each line at its right end, none over another."""
    last = 0.0
    for y, title in sorted(ended):
        last = max(last + 15, min(max(y, _TOP), _BOTTOM))
        yield ink.words(
            _RIGHT + 6,
            last + 4.5,
            ink.short(title.replace("_", " "), ink.WIDTH - _RIGHT - 8),
            size="12",
        )


def _names(points: Sequence[_Point]) -> Iterator[str]:
    """Name the points, those outside first; a name that would cover another is left out."""
    taken = [(p.x - 5, p.y - 5, p.x + 5, p.y + 5) for p in points]
    for point in sorted(points, key=lambda one: not one.outside):
        long = ink.wide(point.name, _NAME)
        for x, y in _places(point, long):
            cover = (x, y - _NAME + 2, x + long, y + 2)
            fits = x > _LEFT and y - _NAME > _TOP and cover[2] < _RIGHT and y + 2 < _BOTTOM
            if fits and not any(_meet(cover, other) for other in taken):
                taken.append(cover)
                weight = "bold" if point.outside else "normal"
                yield ink.words(x, y, point.name, size=str(_NAME), weight=weight)
                break


def _places(point: _Point, long: float) -> Iterator[tuple[float, float]]:
    for down in (4, -8, 16):
        yield point.x + 8, point.y + down
        yield point.x - 8 - long, point.y + down
    for down in (-9, 18):
        yield point.x - long / 2, point.y + down


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
