"""Paired bars: each grade before and after moderation, and the estimate for all files.

In: rows of counts and shares, and perhaps an estimate. Out: a striped bar, a plain bar and a
diamond with whiskers, each in a lane of its own. A hidden number has no bar.
"""

from collections.abc import Iterator, Mapping, Sequence

from engine.reports.week.cells import text
from engine.reports.week.charts import ink
from engine.reports.week.charts.ink import Drawing
from engine.reports.week.charts.scale import Scale, whisker
from engine.reports.week.document import Cell, Chart, Hidden

_HEAD = 28
_LABEL = 20
_LANE = 18
_AIR = 12
_LONGEST = 460  # the rest is for the numbers beside the bars
_SERIES = ("before", "after")
_ESTIMATE = "estimate"


def body(chart: Chart, rows: Sequence[tuple[Cell, ...]], name: str) -> Drawing:
    """Draw the rows, on a scale over all rows of the chart."""
    lanes = [lane for lane in (*_SERIES, _ESTIMATE) if lane in _titles(chart)]
    scale = _scale(ink.read(chart, chart.table.rows))
    step = _LABEL + _LANE * len(lanes) + _AIR
    parts = [ink.stripes(f"{name}-stripes"), *_legend(chart, lanes, name)]
    for place, row in enumerate(ink.read(chart, rows)):
        top = _HEAD + step * place
        parts.append(
            ink.words(0, top + 14, ink.short(ink.label(row), ink.WIDTH - 10), weight="bold")
        )
        first = top + _LABEL
        zero = (scale.at(0), first - 2), (scale.at(0), first + _LANE * len(lanes))
        parts.append(ink.line(*zero, stroke=ink.QUIET))
        for number, lane in enumerate(lanes):
            parts.extend(_lane(lane, row, scale, (first + _LANE * number, name)))
    bottom = _HEAD + step * len(rows)
    if scale.high > scale.low:
        parts.extend(_axis(chart, scale, bottom))
    return Drawing(bottom + 24, parts)


def _titles(chart: Chart) -> Mapping[str, str]:
    return {column.id: column.title for column in chart.table.columns}


def _scale(rows: Sequence[Mapping[str, Cell]]) -> Scale:
    lengths = [length for row in rows for series in _SERIES if (length := _length(row, series))]
    values = [0.0, *lengths, *ink.reach([row.get(_ESTIMATE) for row in rows])]
    return Scale(min(values), max(values), 1, _LONGEST)


def _length(row: Mapping[str, Cell], series: str) -> float | None:
    """Return how long the bar is; a number that is hidden may not be read from another's bar."""
    count, share = row.get(series), row.get(f"{series}_share")
    if isinstance(count, Hidden) or isinstance(share, Hidden):
        return None
    return ink.value(count) if f"{series}_share" not in row else ink.value(share)


def _told(row: Mapping[str, Cell], series: str) -> str:
    """Return the number beside the bar: the count, and its share."""
    count = text(row.get(series))
    share = row.get(f"{series}_share")
    return count if share is None or text(share) == count else f"{count} ({text(share)})"


def _legend(chart: Chart, lanes: Sequence[str], name: str) -> Iterator[str]:
    x = 1.0
    room = ink.WIDTH / max(len(lanes), 1)
    for lane in lanes:
        yield from _swatch(lane, x, name)
        yield ink.words(x + 30, 15, ink.short(_titles(chart)[lane], room - 42))
        x += room


def _swatch(lane: str, x: float, name: str) -> Iterator[str]:
    if lane == _ESTIMATE:
        yield ink.line((x, 10.5), (x + 24, 10.5), stroke=ink.RUST, wide="2")
        yield ink.diamond(x + 12, 10.5)
    else:
        yield ink.box((x, 4), (24, 13), *_fill(lane, name))


def _fill(lane: str, name: str) -> tuple[str, str]:
    return (f"url(#{name}-stripes)", ink.QUIET) if lane == "before" else (ink.NAVY, ink.NAVY)


def _lane(
    lane: str, row: Mapping[str, Cell], scale: Scale, place: tuple[float, str]
) -> Iterator[str]:
    top, name = place
    if lane == _ESTIMATE:
        yield from _estimate(row.get(lane), scale, top)
        return
    length = _length(row, lane)
    start, end = sorted((scale.at(0), scale.at(length or 0)))
    if length:
        size = (end - start, _LANE - 1 - ink.GAP)
        yield ink.box((start, top), size, *_fill(lane, name))
    yield ink.words(end + 7, top + 13, _told(row, lane))


def _estimate(cell: Cell, scale: Scale, top: float) -> Iterator[str]:
    value, ends, y = ink.value(cell), ink.ends(cell), top + _LANE / 2
    right = scale.at(0)
    if ends:
        yield from whisker(scale, ends, y, ink.RUST)
        right = scale.at(ends[1])
    if value is not None:
        yield ink.diamond(scale.at(value), y)
        right = max(right, scale.at(value) + 4)
    yield ink.words(right + 7, top + 13, text(cell))


def _axis(chart: Chart, scale: Scale, y: float) -> Iterator[str]:
    yield ink.line((scale.start, y), (scale.end, y), stroke=ink.QUIET)
    unit = "%" if any(column.id.endswith("_share") for column in chart.table.columns) else ""
    for tick in scale.ticks():
        x = scale.at(tick)
        yield ink.line((x, y), (x, y + 4), stroke=ink.QUIET)
        first = x < ink.LETTER
        anchor, shown = "start" if first else "middle", f"{tick:,g}{unit}"
        yield ink.words(0 if first else x, y + 18, shown, anchor=anchor, fill=ink.QUIET)
