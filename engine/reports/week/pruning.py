"""Leave out of a published report what would be mostly hidden: a table full of `c` tells nothing.

In: a document before small numbers are hidden. Out: the same without such tables, and without the
points of its summary that hold a hidden number. What is gone need not be protected, so more of the
rest stays. That it is gone says no more than the `c` in its place would have said.
"""

from dataclasses import replace

from engine.reports.week.document import (
    Audience,
    Block,
    Bullets,
    Cell,
    Chart,
    Count,
    Document,
    Hidden,
    Paragraph,
    Section,
    Share,
    Table,
)
from engine.reports.week.masking import mask

SUMMARY = "summary"


def pruned(document: Document) -> tuple[Document, Document]:
    """Return a document of whose tables none is mostly hidden when published, and it published."""
    while True:
        masked = mask(document, Audience.PUBLISHED)
        kept = tuple(map(_section, document.sections, masked.sections))
        if kept == document.sections:
            return document, masked
        document = replace(document, sections=kept)


def _section(section: Section, masked: Section) -> Section:
    pairs = zip(section.blocks, masked.blocks, strict=True)
    return replace(section, blocks=tuple(_block(*pair, section.id) for pair in pairs))


def _block(block: Block, masked: Block, section: str) -> Block:
    if isinstance(block, Table | Chart) and isinstance(masked, Table | Chart):
        table = masked.table if isinstance(masked, Chart) else masked
        said = f"Not published: {table.title}. Most of its numbers are small or would tell of one."
        return Paragraph((said,)) if mostly_hidden(table) else block
    if section == SUMMARY and isinstance(block, Bullets) and isinstance(masked, Bullets):
        both = zip(block.items, masked.items, strict=True)
        items = tuple(item for item, seen in both if not any(isinstance(c, Hidden) for c in seen))
        return Bullets(items) if items else Paragraph(("None can be told here in numbers.",))
    return block


def mostly_hidden(table: Table) -> bool:
    """Say whether of a table's numbers more are hidden than shown; noughts tell little."""
    cells = [cell for row in table.rows for cell in row]
    hidden = sum(isinstance(cell, Hidden) for cell in cells)
    return hidden > sum(_tells(cell) for cell in cells)


def _tells(cell: Cell) -> bool:
    match cell:
        case None | str() | Hidden():
            return False
        case Count(value=value) | Share(part=Count(value=value)):
            return value > 0
    return True
