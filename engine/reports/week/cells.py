"""How a cell is written: one wording for every format, and numbers for the data sheets.

In: cells and tables of a document. Out: British English, and tables whose estimates are spread
over three columns. A number is written with as many digits as may be shown, in data sheets too, so
that no format tells more than another. It must not know which format will print it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from engine.reports.week.document import (
    Cell,
    Chart,
    Column,
    Count,
    Document,
    Estimate,
    Hidden,
    Section,
    Share,
    Table,
    Words,
)
from engine.reports.wording import long_date

NOTHING = "-"
HIDDEN_MARK = "c"
MINUS = "\N{MINUS SIGN}"
DECIMALS = 2
SMALL = 0.1  # a plain number below it gets a decimal more
# control characters but the tab and the end of a line, half pairs, and two that XML refuses
_NOT_SHOWN = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")
PERCENT, GRADES = "percent", "grades"
FACTS = "How this report was made"
EMPTY = "No entries."


@dataclass(frozen=True)
class PerCent:
    """A whole per cent of a data sheet."""

    value: int


Datum = str | int | float | date | None | PerCent


def text(cell: Cell) -> str:
    """Write a cell as people read it.

    >>> text(Count(1200)), text(Share(Count(1), Count(8))), text(None), text(Hidden())
    ('1,200', '13%', '', 'c')
    >>> text(Estimate(31.6, 28, 36, "percent", Count(60))), text(date(2026, 1, 5))
    ('32% (28% to 36%)', '5 January 2026')
    >>> text(Estimate(0.34, 0.28, 0.4, "grades", Count(60)))
    '+0.34 (0.28 to 0.40)'
    """
    match cell:
        case None:
            return ""
        case Hidden():
            return HIDDEN_MARK
        case Estimate():
            return _estimate(cell)
        case str():
            return cell
        case date():
            return long_date(cell)
    return _number(datum(cell))


def unbroken(cell: Cell) -> str:
    """Write a cell of a table: an estimate stays on one line with its interval."""
    said = printable(text(cell))
    return said.replace(" ", "\N{NO-BREAK SPACE}") if isinstance(cell, Estimate) else said


def printable(text: str) -> str:
    r"""Return text without what no page and no XML can hold.

    >>> printable("a\x00b\tc")
    'a\ufffdb\tc'
    """
    return _NOT_SHOWN.sub("\N{REPLACEMENT CHARACTER}", text)


def words(said: Words) -> str:
    """Write a sentence with the cells in it.

    >>> words(("Of ", Count(60), " files ", Share(Count(15), Count(60)), " were good."))
    'Of 60 files 25% were good.'
    """
    return "".join(map(text, said))


def facts(document: Document) -> Table:
    """Return the lines of provenance as a table."""
    columns = Column("what", "What"), Column("value", "Value")
    return Table("facts", FACTS, columns, document.facts)


def tables(section: Section) -> Iterator[Table]:
    """Yield every table of a section, also those that stand beside a chart."""
    for block in section.blocks:
        if isinstance(block, Chart):
            yield block.table
        elif isinstance(block, Table):
            yield block


def alternative(chart: Chart) -> str:
    """Return what is read aloud in the place of a chart."""
    return f"{chart.title.rstrip('.')}. {chart.description} The table beside it has the numbers."


def datum(cell: Cell) -> Datum:
    """Return a cell as a data sheet holds it; of an estimate the value, of nothing nothing.

    >>> datum(Count(3)), datum(Share(Count(1), Count(8))), datum(Share(Count(0), Count(0)))
    (3, PerCent(value=13), None)
    """
    match cell:
        case Count():
            return cell.value
        case Share():
            part, whole = cell.part.value, cell.whole.value
            return PerCent((200 * part + whole) // (2 * whole)) if whole else None
        case Estimate():
            return _one(cell.value, cell.unit)
        case Hidden():
            return HIDDEN_MARK
        case float():
            return _rounded(cell, DECIMALS if abs(cell) >= SMALL else DECIMALS + 1)
    return cell


@dataclass(frozen=True)
class Spread:
    """A table of a data sheet: estimates have their value, low and high in three columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Datum, ...], ...]


def spread(table: Table) -> Spread:
    """Spread every column that holds an estimate over three: value, low and high."""
    columns: list[Column] = []
    rows: list[list[Datum]] = [[] for _ in table.rows]
    for place, column in enumerate(table.columns):
        held = [row[place] for row in table.rows]
        wide = any(isinstance(cell, Estimate) for cell in held)
        columns += _three(column) if wide else (column,)
        for row, cell in zip(rows, held, strict=True):
            row.extend(_ends(cell) if wide else (datum(cell),))
    return Spread(tuple(columns), tuple(map(tuple, rows)))


def _three(column: Column) -> Iterator[Column]:
    yield column
    for end in ("low", "high"):
        yield replace(column, id=f"{column.id}_{end}", title=f"{column.title}, {end}")


def _ends(cell: Cell) -> tuple[Datum, Datum, Datum]:
    if isinstance(cell, Estimate):
        low, high = (None if end is None else _one(end, cell.unit) for end in (cell.low, cell.high))
        return datum(cell), low, high
    hidden = HIDDEN_MARK if isinstance(cell, Hidden) else None
    return datum(cell), hidden, hidden


def _one(value: float, unit: str) -> Datum:
    if unit != PERCENT:
        return _rounded(value, DECIMALS)
    whole = _rounded(value, 0)
    return PerCent(int(whole)) if isinstance(whole, float) else whole


def _rounded(value: float, decimals: int) -> float | None:
    """Round half away from zero, and never to a zero below zero; nothing of what is no number."""
    if not isfinite(value):
        return None
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return float(rounded) or 0.0


def _number(value: Datum, decimals: int = DECIMALS) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, float):
        more = decimals + 1 if round(value, decimals) != value else decimals
        return f"{value:,.{more}f}".replace("-", MINUS)
    said = f"{value.value}%" if isinstance(value, PerCent) else f"{value:,}"
    return said.replace("-", MINUS)


def _estimate(cell: Estimate) -> str:
    value, low, high = _ends(cell)
    above = cell.unit == GRADES and isinstance(value, float) and value > 0
    said = f"+{_number(value)}" if above else _number(value)
    both = cell.low is not None and cell.high is not None
    return f"{said} ({_number(low)} to {_number(high)})" if both else said
