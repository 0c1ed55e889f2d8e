"""Charts as SVG: deterministic, with a title and a description, a number beside each mark.

In: a chart of a document. Out: SVG text that a browser and Typst draw alike. The table of the same
numbers stands beside it in every format; so long labels may be cut here. It must not know of files.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.reports.week.charts import caterpillar, dots, funnel, matrix, paired_bars, run
from engine.reports.week.charts.ink import Drawing, name_of, svg
from engine.reports.week.document import Cell, Chart, ChartKind

_Rows = Sequence[tuple[Cell, ...]]


@dataclass(frozen=True)
class _Kind:
    """How a kind is drawn: from the whole chart, the rows to draw, and a name for its patterns."""

    body: Callable[[Chart, _Rows, str], Drawing]
    rows_a_page: int | None = None


KINDS: Mapping[ChartKind, _Kind] = {
    ChartKind.PAIRED_BARS: _Kind(paired_bars.body, 8),
    ChartKind.MATRIX: _Kind(matrix.body),
    ChartKind.CATERPILLAR: _Kind(caterpillar.body, 36),
    ChartKind.FUNNEL: _Kind(funnel.body),
    ChartKind.DOTS: _Kind(dots.body, 20),
    ChartKind.RUN: _Kind(run.body, 24),
}


def draw(chart: Chart, name: str = "") -> str:
    """Draw the whole chart as one picture, however tall; `name` sets its ids apart in a page."""
    name = name_of(name or chart.id)
    return svg(chart, name, KINDS[chart.kind].body(chart, chart.table.rows, name))


def pages(chart: Chart, name: str = "") -> tuple[str, ...]:
    """Draw the chart as pictures of which each fits a page of A4, all on the same scale."""
    rows, most = chart.table.rows, KINDS[chart.kind].rows_a_page
    if most is None or len(rows) <= most:
        return (draw(chart, name),)
    name = name_of(name or chart.id)
    starts = range(0, len(rows), most)
    return tuple(
        svg(
            chart,
            f"{name}-{part}",
            KINDS[chart.kind].body(chart, rows[start : start + most], f"{name}-{part}"),
            f" (part {part} of {len(starts)})",
        )
        for part, start in enumerate(starts, 1)
    )
