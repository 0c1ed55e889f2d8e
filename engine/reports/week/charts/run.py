"""A run: one statistic in the order of time, with its interval.

In: rows in the order of time. Out: points joined by a line, the number above each; a hidden one
leaves a gap. More points than fit side by side go on in a panel beneath, on the same scale.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from engine.reports.week.cells import text
from engine.reports.week.charts import ink
from engine.reports.week.charts.ink import Drawing
from engine.reports.week.charts.intervals import told
from engine.reports.week.charts.scale import Scale
from engine.reports.week.document import Cell, Chart, Estimate
from engine.reports.wording import plain

_LEFT = 52
_PANEL = 8  # points side by side
_HIGH = 200  # of the plot
_STEP = 280
_TOP = 44
_SLOT = 180  # a point takes no more room than this
_Row = Mapping[str, Cell]


def body(chart: Chart, rows: Sequence[tuple[Cell, ...]], _name: str) -> Drawing:
    """Draw the panels."""
    cells = [row.get("value") for row in ink.read(chart, chart.table.rows)]
    unit = next((cell.unit for cell in cells if isinstance(cell, Estimate)), "number")
    values = [*ink.reach(cells), *chart.marks.values(), *([0.0] if unit == "grades" else [])]
    high = [0.0, 100.0] if unit == "percent" else values
    shown = ink.read(chart, rows)
    slot = min(_SLOT, (ink.WIDTH - _LEFT) / max(min(len(shown), _PANEL), 1))
    titles = {column.id: column.title for column in chart.table.columns}
    parts = [ink.words(0, 14, ink.short(f"{titles.get('value', '')} ↑", ink.WIDTH))]
    starts = range(0, max(len(shown), 1), _PANEL)
    for panel, start in enumerate(starts):
        top = _TOP + _STEP * panel
        scale = Scale.over([*values, *high], top + _HIGH, top, 0.04)
        here = shown[start : start + _PANEL]
        parts.extend(_axis(chart, scale, unit, _LEFT + slot * len(here)))
        parts.extend(_panel(here, scale, slot))
    return Drawing(_TOP + _STEP * len(starts) - 28, parts)


def _axis(chart: Chart, scale: Scale, unit: str, right: float) -> Iterator[str]:
    for tick in scale.ticks():
        y = scale.at(tick)
        yield ink.line((_LEFT - 4, y), (_LEFT, y), stroke=ink.QUIET)
        yield ink.words(_LEFT - 8, y + 4.5, told(tick, unit), anchor="end", fill=ink.QUIET)
    yield ink.line((_LEFT, scale.start), (_LEFT, scale.end), stroke=ink.QUIET)
    level = scale.at(0) if scale.low <= 0 <= scale.high else scale.start
    yield ink.line((_LEFT, level), (right, level), stroke=ink.QUIET)
    for name, at in chart.marks.items():
        y = scale.at(at)
        yield ink.line((_LEFT, y), (right, y), stroke=ink.RUST, wide="1.5", dash="5 3")
        yield ink.words(right, y - 4, f"{plain(name)}: {told(at, unit)}", anchor="end")


def _panel(rows: Sequence[_Row], scale: Scale, slot: float) -> Iterator[str]:
    places = [(_LEFT + slot * (place + 0.5), row) for place, row in enumerate(rows)]
    for (x, row), (other, after) in pairwise(places):
        one, two = ink.value(row.get("value")), ink.value(after.get("value"))
        if one is not None and two is not None:
            yield ink.line((x, scale.at(one)), (other, scale.at(two)), stroke=ink.RULE, wide="1.5")
    for x, row in places:
        yield from _point(x, row.get("value"), scale)
        yield from _label(x, row, scale.start + 22, slot)


def _point(x: float, cell: Cell, scale: Scale) -> Iterator[str]:
    value, ends = ink.value(cell), ink.ends(cell)
    if value is None:
        yield ink.words(x, scale.start - 10, text(cell), anchor="middle", weight="bold")
        return
    if ends:
        low, high = (scale.at(end) for end in ends)
        yield ink.line((x, low), (x, high), stroke=ink.NAVY, wide="2")
        for y in (low, high):
            yield ink.line((x - 4, y), (x + 4, y), stroke=ink.NAVY, wide="2")
    yield ink.dot(x, scale.at(value))
    shown = told(cell.value, cell.unit) if isinstance(cell, Estimate) else text(cell)
    yield ink.words(x + 8, scale.at(value) - 7, shown, weight="bold")


def _label(x: float, row: _Row, y: float, slot: float) -> Iterator[str]:
    for number, words in enumerate(ink.wrapped(ink.label(row), slot - 8)):
        yield ink.words(x, y + ink.LINE * number, words, anchor="middle")
