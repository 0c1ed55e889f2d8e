"""Hide what may not be published: small counts, and whatever they could be worked out from.

Comes in: a document. Goes out: the same document with `HIDDEN` in the place of every cell that may
not be shown, in text, tables, charts and so in every format. It works on keys: a quantity that is
hidden in one place is hidden in all.

The rules, beside those of `engine/statistics/suppression.py`:

- A share tells part, whole and what is left of the whole. So what is left counts as a count, and a
  share is shown only where its part and its whole are.
- An estimate is shown only where its base is; a per cent that comes to 1 to 5 of its base, or to
  all but 1 to 5, is hidden, however it was estimated. With it go the other per cents of that table
  on the same base: they may be all the rest of a hundred.
- In a row in which anything is hidden, estimates and plain decimal numbers are hidden too: a mean
  or a rate beside a hidden count may tell it.
- A chart of whose table anything is hidden keeps neither marks nor curves: a line drawn at a value
  tells the value.

What is printed as words is not looked at: whoever writes a document puts every number of people
into a cell. A plain ratio of two counts is a `Share`, never an `Estimate`.
"""

from dataclasses import replace

from engine.reports.week.document import (
    HIDDEN,
    Audience,
    Block,
    Bullets,
    Cell,
    Chart,
    Count,
    Document,
    Estimate,
    Hidden,
    Paragraph,
    Section,
    Share,
    Table,
)
from engine.reports.week.quantities import part_key, quantities, tables, whole_key

Row = tuple[Cell, ...]


def mask(document: Document, audience: Audience) -> Document:
    """Return the document as an audience may see it.

    The panel and leaders see every number. Raises ValueError, which is a mistake in whoever made
    the document, where one key stands for two numbers or a declared sum does not add up.
    """
    document = replace(document, audience=audience)
    if audience is not Audience.PUBLISHED:
        return document
    from engine.statistics.suppression import suppress

    masker = _Masker(suppress(quantities(document)), _beside(document))
    while masker.lose([row for block in tables(document) for row in block.rows]):
        pass
    return replace(document, sections=tuple(map(masker.section, document.sections)))


class _Masker:
    """Puts `HIDDEN` in the place of what is hidden."""

    def __init__(self, hidden: frozenset[str], doubtful: frozenset[Estimate]) -> None:
        self.hidden = hidden
        self.doubtful = doubtful

    def section(self, section: Section) -> Section:
        return replace(section, blocks=tuple(map(self.block, section.blocks)))

    def block(self, block: Block) -> Block:
        if isinstance(block, Paragraph):
            return replace(block, words=tuple(map(self.cell, block.words)))
        if isinstance(block, Bullets):
            return Bullets(tuple(tuple(map(self.cell, words)) for words in block.items))
        if isinstance(block, Table):
            return replace(block, rows=tuple(map(self.row, block.rows)))
        if isinstance(block, Chart):
            return self.chart(block)
        return block

    def chart(self, chart: Chart) -> Chart:
        table = replace(chart.table, rows=tuple(map(self.row, chart.table.rows)))
        if table == chart.table:
            return chart
        return replace(chart, table=table, marks={}, curves={})

    def row(self, row: Row) -> Row:
        made = tuple(map(self.cell, row))
        if made == row:
            return row
        return tuple(HIDDEN if isinstance(cell, float | Estimate) else cell for cell in made)

    def cell(self, cell: Cell) -> Cell:
        if isinstance(cell, Count):
            return HIDDEN if cell.key in self.hidden else cell
        if isinstance(cell, Share):
            return HIDDEN if {part_key(cell), whole_key(cell)} & self.hidden else cell
        if isinstance(cell, Estimate):
            return HIDDEN if self._lost(cell) else cell
        return cell

    def _lost(self, cell: Estimate) -> bool:
        return cell.base.key in self.hidden or tells(cell) or cell in self.doubtful

    def lose(self, rows: list[Row]) -> bool:
        """Note the estimates that rows hide, to hide them everywhere; say if any are new."""
        lost = {
            before
            for row in rows
            for before, after in zip(row, self.row(row), strict=True)
            if isinstance(before, Estimate) and isinstance(after, Hidden)
        }
        before, self.doubtful = self.doubtful, self.doubtful | lost
        return self.doubtful != before


def _beside(document: Document) -> frozenset[Estimate]:
    """Return the per cents that stand in a table with one, of the same base, that tells."""
    found: set[Estimate] = set()
    for table in tables(document):
        percents = [c for row in table.rows for c in row if isinstance(c, Estimate) and _part(c)]
        telling = {cell.base for cell in percents if tells(cell)}
        found |= {cell for cell in percents if cell.base in telling}
    return frozenset(found)


def _part(cell: Estimate) -> bool:
    return cell.unit == "percent"


def tells(cell: Estimate) -> bool:
    """Say whether a per cent and its base give away a small number."""
    if not _part(cell):
        return False
    from engine.statistics.counts import LARGEST, SMALLEST

    part = cell.value / 100 * cell.base.value
    least, most = SMALLEST - 0.5, LARGEST + 0.5
    return least <= part < most or least <= cell.base.value - part < most
