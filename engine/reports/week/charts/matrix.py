"""A heat map: the auditor's grades down, the moderators' across, the number in each cell.

In: a row of counts a grade. Out: cells the darker the more files; where both agree the edge is
thick. A hidden number is striped, and its shade tells nothing.
"""

from collections.abc import Iterator, Sequence

from engine.reports.week.cells import text
from engine.reports.week.charts import ink
from engine.reports.week.charts.ink import Drawing
from engine.reports.week.document import Cell, Chart, Column, Hidden

_LEFT = 160
_TOP = 62
_HIGH = 46
_WIDEST = 116
_TOTALS = {"all", "total"}
ACROSS = "Moderator's grade"


def body(chart: Chart, rows: Sequence[tuple[Cell, ...]], name: str) -> Drawing:
    """Draw the cells."""
    columns = chart.table.columns[1:]
    across = min(_WIDEST, (ink.WIDTH - _LEFT) / max(len(columns), 1))
    most = max([_most(columns, row) for row in rows], default=0)
    parts = [ink.stripes(f"{name}-stripes"), *_heads(chart, columns, across)]
    for down, row in enumerate(rows):
        y = _TOP + down * _HIGH
        for number, words in enumerate(lines := ink.wrapped(text(row[0]), _LEFT - 12)):
            middle = y + _HIGH / 2 + 5 + ink.LINE * (number - (len(lines) - 1) / 2)
            parts.append(ink.words(0, middle, words, weight="bold"))
        for place, (column, cell) in enumerate(zip(columns, row[1:], strict=False)):
            corner = (_LEFT + place * across, y)
            shade = 0 if column.id in _TOTALS else _shade(cell, most)
            parts.extend(_cell(cell, corner, across, (shade, name)))
            if place == down:
                parts.append(_agreed(corner, across, shade))
    bottom = _TOP + _HIGH * len(rows)
    parts.append(ink.words(0, bottom + 20, _KEY, fill=ink.QUIET))
    return Drawing(bottom + 30, parts)


_KEY = "The darker a cell, the more files. A thick edge: both gave the same grade."


def _most(columns: Sequence[Column], row: tuple[Cell, ...]) -> float:
    shown = zip(columns, row[1:], strict=False)
    return max([ink.value(cell) or 0 for column, cell in shown if column.id not in _TOTALS] or [0])


def _heads(chart: Chart, columns: Sequence[Column], across: float) -> Iterator[str]:
    if columns:
        yield ink.words(_LEFT, 14, f"{ACROSS} →", fill=ink.QUIET)
    down = chart.table.columns[0].title if chart.table.columns else ""
    yield ink.words(0, _TOP - 10, f"{ink.short(down, _LEFT - 30)} ↓", fill=ink.QUIET)
    for place, column in enumerate(columns):
        lines = ink.wrapped(column.title, across - 8)
        for number, words in enumerate(lines):
            y = _TOP - 10 - ink.LINE * (len(lines) - 1 - number)
            middle = _LEFT + (place + 0.5) * across
            yield ink.words(middle, y, words, anchor="middle", weight="bold")


def _shade(cell: Cell, most: float) -> int:
    """Return which shade: none for nought, the darkest for the largest number."""
    value = ink.value(cell)
    if not value or value < 0 or not most:
        return 0
    return max(1, min(len(ink.SHADES) - 1, round(value / most * (len(ink.SHADES) - 1))))


def _cell(
    cell: Cell, corner: tuple[float, float], across: float, look: tuple[int, str]
) -> Iterator[str]:
    (x, y), (shade, name) = corner, look
    hidden = isinstance(cell, Hidden)
    place = (x + ink.GAP / 2, y + ink.GAP / 2)
    fill = f"url(#{name}-stripes)" if hidden else ink.SHADES[shade]
    yield ink.box(place, (across - ink.GAP, _HIGH - ink.GAP), fill, ink.RULE)
    if hidden:
        middle = (x + across / 2 - 14, y + _HIGH / 2 - 11)
        yield ink.box(middle, (28, 22), ink.WHITE)
    colour = text_on(0 if hidden else shade)
    yield ink.words(
        x + across / 2, y + _HIGH / 2 + 5, text(cell),
        anchor="middle", weight="bold", size="15", fill=colour,
    )  # fmt: skip


def text_on(shade: int) -> str:
    """Return the colour of words on a shade."""
    return ink.WHITE if shade >= len(ink.SHADES) - 2 else ink.INK


def _agreed(corner: tuple[float, float], across: float, shade: int) -> str:
    (x, y), inset = corner, 3.5
    edge = text_on(shade)
    return (
        f'<rect x="{ink.number(x + inset)}" y="{ink.number(y + inset)}" '
        f'width="{ink.number(across - 2 * inset)}" height="{ink.number(_HIGH - 2 * inset)}" '
        f'fill="none" stroke="{edge}" stroke-width="2.5"/>'
    )
