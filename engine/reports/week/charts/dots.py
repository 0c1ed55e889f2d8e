"""Dots: the gap in each domain with its interval."""

from collections.abc import Sequence

from engine.reports.week.charts import intervals
from engine.reports.week.charts.ink import Drawing
from engine.reports.week.document import Cell, Chart


def body(chart: Chart, rows: Sequence[tuple[Cell, ...]], _name: str) -> Drawing:
    """Draw a row for each domain that has a gap, with the files if the table has them."""
    place = [column.id for column in chart.table.columns].index("gap")
    rows = [row for row in rows if row[place] is not None]
    return intervals.body(chart, rows, intervals.Read("gap", "moderated"))
