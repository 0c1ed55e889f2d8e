"""Rows of a table whose number stands twice: said and settled, whatever the order of the rows.

In: the lines of a table, twice. Out: the lines that are kept, and refusals of the others. Numbers
are remembered in bits, not as text: memory stays small however many rows there are.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from engine.records.places import Fault
from engine.records.readers.ssd_files import Line, Sheet
from engine.records.readers.ssd_shapes import Table

LEAST_BITS = 16

Held = tuple[Sheet, Line]
Settled = tuple[Sheet, Line, Fault | None]


class Doubles:
    """The numbers of one table that may stand twice, and which columns any row fills."""

    def __init__(self, table: Table, sheets: Sequence[Sheet]) -> None:
        self.table = table
        self._suspects: set[int] = set()
        given = table.rows.columns.values() if table.rows else ()
        self._unfilled = {column.name: column for column in given if column.filled}
        size = sum(sheet.found.size for sheet in sheets)
        self._mask = (1 << max(LEAST_BITS, size.bit_length())) - 1
        self._seen = bytearray((self._mask >> 3) + 1)
        for sheet in sheets:
            self._look(sheet)
        del self._seen

    @property
    def unfilled(self) -> frozenset[str]:
        """Return the columns that no row fills: the system has no such fact."""
        return frozenset(self._unfilled)

    def settled(self, sheets: Sequence[Sheet]) -> Iterator[Settled]:
        """Yield every line; one that is put aside, with the reason."""
        held: dict[tuple[str, ...], list[Held]] = defaultdict(list)
        for sheet in sheets:
            for line in sheet.lines():
                number = self._number(line)
                if number and hash(number) in self._suspects:
                    held[number].append((sheet, line))
                else:
                    yield sheet, line, None
        for number, lines in held.items():
            yield from self._settle(number, lines)

    def _look(self, sheet: Sheet) -> None:
        for line in sheet.lines():
            for name, column in [*self._unfilled.items()]:
                if line.said(column):
                    del self._unfilled[name]
            if number := self._number(line):
                self._mark(hash(number))

    def _mark(self, number: int) -> None:
        at = number & self._mask
        bit = 1 << (at & 7)
        if self._seen[at >> 3] & bit:
            self._suspects.add(number)
        self._seen[at >> 3] |= bit

    def _number(self, line: Line) -> tuple[str, ...]:
        number = line[self.table.key]
        if number is None:
            return ()
        return number, line[self.table.person] or "", line[self.table.period] or ""

    def _settle(self, number: tuple[str, ...], lines: Sequence[Held]) -> Iterator[Settled]:
        facts = {tuple(line[name] for name in self.table.read) for _, line in lines}
        for at, (sheet, line) in enumerate(lines):
            yield (
                sheet,
                line,
                self._fault(number[0], len(facts), len(lines)) if at or len(facts) > 1 else None,
            )

    def _fault(self, number: str, facts: int, rows: int) -> Fault:
        key = self.table.key
        if facts == 1:
            said = f"`{key}` `{number}` stands in {rows} rows that say the same; the first is kept"
            return Fault("", "B401", said)
        said = f"`{key}` `{number}` stands in {rows} rows of one child that differ; none is kept"
        return Fault("", "B402", said, "find out which row is right, and take out the others")
