"""The counts of people that a document tells, by key, with how they make each other up."""

from collections import Counter
from collections.abc import Iterator

from engine.reports.week.document import (
    Bullets,
    Cell,
    Chart,
    Count,
    Document,
    Estimate,
    Paragraph,
    Share,
    Table,
)
from engine.statistics.counts import Counts, Relation, completed

TOTAL_COST = 5
"""how much dearer it is to hide a total than a part of it"""


def quantities(document: Document) -> Counts:
    """Return every count that the document prints or lets anybody work out.

    What is left of the whole of a share, and the total or the one part of a declared sum that
    stands in no cell, are counts that are not printed. ValueError where a key stands for two
    numbers, or where a sum does not add up.
    """
    values: dict[str, int] = {}
    places: Counter[str] = Counter()
    relations = [Relation(sum_.total, sum_.parts) for sum_ in document.sums]
    for cell in cells(document):
        for key, value in _told(cell):
            if values.setdefault(key, value) != value:
                raise ValueError(f"`{key}` is {values[key]} in one place and {value} in another")
            places[key] += 1
        relations += _left(cell)
    printed = frozenset(values)
    needed = tuple(dict.fromkeys(relations))
    totals = {relation.total for relation in needed}
    cost = {key: places[key] + TOTAL_COST * (key in totals) for key in printed}
    return completed(Counts(values, needed, printed, cost=cost))


def cells(document: Document) -> Iterator[Cell]:
    """Yield every cell of a document, in order."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield from block.words
            elif isinstance(block, Bullets):
                for words in block.items:
                    yield from words
            elif isinstance(block, Table | Chart):
                for row in _table(block).rows:
                    yield from row


def tables(document: Document) -> Iterator[Table]:
    """Yield every table of a document, also those of charts."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table | Chart):
                yield _table(block)


def _table(block: Table | Chart) -> Table:
    return block if isinstance(block, Table) else block.table


def part_key(share: Share) -> str:
    """Return the key of a share's part; one without a key is told from the whole's."""
    return share.part.key or (share.whole.key and f"{share.whole.key} / {share.part.value}")


def whole_key(share: Share) -> str:
    """Return the key of a share's whole; one without a key is told from the part's."""
    return share.whole.key or (share.part.key and f"whole {share.whole.value} of {share.part.key}")


def _told(cell: Cell) -> Iterator[tuple[str, int]]:
    """Yield the keys that a cell prints, with their values."""
    if isinstance(cell, Share):
        pairs = [(part_key(cell), cell.part.value), (whole_key(cell), cell.whole.value)]
    elif isinstance(cell, Count | Estimate):
        count = cell if isinstance(cell, Count) else cell.base
        pairs = [(count.key, count.value)]
    else:
        pairs = []
    yield from ((key, value) for key, value in pairs if key)


def _left(cell: Cell) -> Iterator[Relation]:
    """Yield what a share says of the rest of its whole."""
    if isinstance(cell, Share) and part_key(cell) not in ("", whole_key(cell)):
        part, whole = part_key(cell), whole_key(cell)
        yield Relation(whole, (part, f"{whole} less {part}"))
