"""Bars as inline SVG: two numbers a row, before and after, written beside their marks.

In: labels and counts. Out: SVG text that is the same each time, with a title and a description.
Lengths are per cents of the width while letters keep their size, so that the chart reads as well
on a telephone as on paper. It must not know what is counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

LONGEST = 50  # per cent of the width; the rest is for the words beside the bar
BAR = 22
STEP = 25
LABEL = 24
ROW = LABEL + 2 * STEP + 12
STRIPES = (
    '<defs><pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" class="stripe-back"/>'
    '<rect width="2" height="6" class="stripe"/></pattern></defs>'
)


@dataclass(frozen=True)
class Pair:
    """One row of bars: its label and the two counts."""

    label: str
    before: int
    after: int


@dataclass(frozen=True)
class Chart:
    """What a chart says in words: its title and description, and the names of its two series."""

    name: str
    title: str
    description: str
    before: str
    after: str


def bars(chart: Chart, pairs: Sequence[Pair]) -> str:
    """Draw the chart."""
    top = max((max(pair.before, pair.after) for pair in pairs), default=0)
    label = f"{chart.name}-title {chart.name}-desc"
    height = ROW * len(pairs)
    parts = [
        f'<svg class="chart" role="img" width="100%" height="{height}" aria-labelledby="{label}">',
        f'<title id="{chart.name}-title">{escape(chart.title)}</title>',
        f'<desc id="{chart.name}-desc">{escape(chart.description)}</desc>',
        STRIPES,
    ]
    for number, pair in enumerate(pairs):
        parts.extend(_pair(chart, pair, ROW * number, top))
    return "\n".join([*parts, "</svg>"])


def _pair(chart: Chart, pair: Pair, y: int, top: int) -> Iterator[str]:
    yield f'<text class="label" x="0" y="{y + LABEL - 7}">{escape(pair.label)}</text>'
    yield from _bar("before", chart.before, (pair.before, top), y + LABEL)
    yield from _bar("after", chart.after, (pair.after, top), y + LABEL + STEP)


def _bar(series: str, name: str, part: tuple[int, int], y: int) -> Iterator[str]:
    number, top = part
    long = LONGEST * number / top if top else 0.0
    length = f"{long:.2f}".rstrip("0").rstrip(".")
    yield f'<rect class="{series}" x="0" y="{y}" width="{length}%" height="{BAR}"/>'
    yield f'<text x="{length}%" dx="6" y="{y + BAR - 6}">{number:,} {escape(name)}</text>'
