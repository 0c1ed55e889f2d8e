"""A row for each auditor or domain: a point with its interval on a scale that all rows share.

In: a chart whose rows hold an estimate. Out: rows from top to bottom, with the number written at
the right, a line where there is no difference, and the marks that the chart asks for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.reports.week.cells import text
from engine.reports.week.charts import ink
from engine.reports.week.charts.ink import Drawing
from engine.reports.week.charts.scale import Scale, whisker
from engine.reports.week.document import Cell, Chart, Count, Estimate
from engine.reports.wording import plain

_LEFT, _RIGHT = 250, 478  # of the plot
_BASE = 236  # where the numbers of files end
_LABEL = 168
_TOP = 40
MEDIAN, TOLERANCE = "median", "tolerance"


@dataclass(frozen=True)
class Read:
    """Which columns are read: the estimate's, and the count's that stands beside it, if any."""

    estimate: str
    count: str = ""


def body(chart: Chart, rows: Sequence[tuple[Cell, ...]], read: Read) -> Drawing:
    """Draw the rows, on a scale over all rows of the chart."""
    every = ink.read(chart, chart.table.rows)
    scale = Scale.over(list(_reach(chart, every, read)), _LEFT, _RIGHT)
    shown = ink.read(chart, rows)
    labels = [ink.wrapped(ink.label(row), _LABEL) for row in shown]
    step = 21 if all(len(lines) == 1 for lines in labels) else 21 + ink.LINE
    bottom = _TOP + step * len(rows) + 4
    parts = [*_ground(chart, scale, bottom, _unit(every, read)), *_heads(chart, read)]
    for place, (row, lines) in enumerate(zip(shown, labels, strict=True)):
        y = _TOP + step * (place + 0.5) + 2
        parts.extend(_label(lines, y))
        parts.extend(_row(row, read, scale, y))
    if not rows:
        parts.append(ink.words(0, _TOP + 12, "There are no rows to draw."))
        bottom += 20
    key = list(_key(chart, bottom + 40))
    return Drawing(bottom + 26 + ink.LINE * (len(key) // 2), [*parts, *key])


def _reach(chart: Chart, rows: Sequence[Mapping[str, Cell]], read: Read) -> Iterator[float]:
    yield 0
    yield from ink.reach([row.get(read.estimate) for row in rows])
    for name, at in chart.marks.items():
        if name == TOLERANCE:
            yield from _band(chart) or ()
        else:
            yield at


def _band(chart: Chart) -> tuple[float, float] | None:
    if MEDIAN in chart.marks and TOLERANCE in chart.marks:
        median, tolerance = chart.marks[MEDIAN], chart.marks[TOLERANCE]
        return median - tolerance, median + tolerance
    return None


def _unit(rows: Sequence[Mapping[str, Cell]], read: Read) -> str:
    cells = (row.get(read.estimate) for row in rows)
    return next((cell.unit for cell in cells if isinstance(cell, Estimate)), "number")


def told(value: float, unit: str) -> str:
    """Write a number of an axis as the table writes it."""
    return text(Estimate(value, None, None, unit, Count(0)))


def _ground(chart: Chart, scale: Scale, bottom: float, unit: str) -> Iterator[str]:
    """Draw what lies beneath the rows: the band, the axis, the line of no difference, the marks."""
    band = _band(chart)
    if band:
        low, high = (scale.at(end) for end in band)
        yield ink.box((low, _TOP), (high - low, bottom - _TOP), ink.BAND)
        for x in (low, high):
            yield ink.line((x, _TOP), (x, bottom), stroke=ink.RULE)
    yield ink.line((_LEFT, bottom), (_RIGHT, bottom), stroke=ink.QUIET)
    for tick in scale.ticks(4):
        x = scale.at(tick)
        yield ink.line((x, bottom), (x, bottom + 4), stroke=ink.QUIET)
        yield ink.words(x, bottom + 18, told(tick, unit), anchor="middle", fill=ink.QUIET)
    yield ink.line((scale.at(0), _TOP), (scale.at(0), bottom), stroke=ink.INK, wide="1.5")
    for name, at in chart.marks.items():
        if name != TOLERANCE and at:
            x = scale.at(at)
            yield ink.line((x, _TOP), (x, bottom), stroke=ink.RUST, wide="1.5", dash="5 3")


def _heads(chart: Chart, read: Read) -> Iterator[str]:
    titles = {column.id: column.title for column in chart.table.columns}
    first = chart.table.columns[0].title if chart.table.columns else ""
    y, bold = _TOP - 10, {"weight": "bold"}
    room = _LABEL - 10 if read.count in titles else _LEFT - 20
    yield ink.words(0, y, ink.short(first, room), **bold)
    if read.count in titles:
        yield ink.words(_BASE, y, ink.short(titles[read.count], 76), anchor="end", **bold)
    title = ink.short(titles.get(read.estimate, ""), ink.WIDTH - _LEFT)
    yield ink.words(_LEFT, y, title, **bold)


def _label(lines: Sequence[str], y: float) -> Iterator[str]:
    for number, words in enumerate(lines):
        yield ink.words(0, y + 4.5 + ink.LINE * (number - (len(lines) - 1) / 2), words)


def _row(row: Mapping[str, Cell], read: Read, scale: Scale, y: float) -> Iterator[str]:
    cell = row.get(read.estimate)
    if read.count in row:
        yield ink.words(_BASE, y + 4.5, text(row[read.count]), anchor="end")
    ends, value = ink.ends(cell), ink.value(cell)
    if ends and value is not None:
        yield from whisker(scale, ends, y, ink.NAVY)
    if value is not None:
        yield ink.dot(scale.at(value), y)
    yield ink.words(_RIGHT + 14, y + 4.5, ink.short(text(cell), ink.WIDTH - _RIGHT - 12))


def _key(chart: Chart, y: float) -> Iterator[str]:
    """Say what the lines are: a sample and its words, in turn."""
    lines: list[tuple[str, str]] = [(ink.line((0, 0), (24, 0), wide="1.5"), "No difference")]
    for name, at in chart.marks.items():
        if name != TOLERANCE and at:  # the line at nought stands already
            sample = ink.line((0, 0), (24, 0), stroke=ink.RUST, wide="1.5", dash="5 3")
            lines.append((sample, f"{plain(name)}: {told(at, 'grades')}"))
    if _band(chart):
        sample = ink.box((0.5, -6), (23, 12), ink.BAND, ink.RULE)
        within = told(chart.marks[TOLERANCE], "grades").removeprefix("+")
        lines.append((sample, f"Within {within} of the median"))
    for number, (sample, words) in enumerate(lines):
        down = y + ink.LINE * number
        yield f'<g transform="translate({_LEFT} {ink.number(down - 4.5)})">{sample}</g>'
        yield ink.words(_LEFT + 32, down, words)
