"""Dots: the gap in each domain with its interval."""

from collections.abc import Sequence

from engine.reports.week.charts import intervals
from engine.reports.week.charts.ink import Drawing
from engine.reports.week.document import Cell, Chart


def body(chart: Chart, rows: Sequence[tuple[Cell, ...]], _name: str) -> Drawing:
    """Draw a row for each domain, with the number of files where the table has it."""
    return intervals.body(chart, rows, intervals.Read("gap", "moderated"))
