"""A caterpillar: each auditor's leniency with its interval, and how many files it rests on."""

from collections.abc import Sequence

from engine.reports.week.charts import intervals
from engine.reports.week.charts.ink import Drawing
from engine.reports.week.document import Cell, Chart


def body(chart: Chart, rows: Sequence[tuple[Cell, ...]], _name: str) -> Drawing:
    """Draw a row for each auditor, with the peers' median and its band."""
    return intervals.body(chart, rows, intervals.Read("leniency", "moderated"))
