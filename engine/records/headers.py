"""Tables with a header row: which row is the header, and which columns are which fields.

In: the first rows of a sheet or file, as text. Out: a `Header`; warnings go to the stage.
It must not know file formats.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.errors import Location
from engine.records.cells import clean
from engine.records.dictionary import TableSpec
from engine.records.found import stop
from engine.records.places import Fault, letters
from engine.records.stage import Stage

SEARCHED = 30
MOST_COLUMNS = 16_384  # as many as a sheet of Excel has

Row = Sequence[str | None]


@dataclass(frozen=True)
class Header:
    """The header of a table: how many rows stand above it, its width, its columns by field.

    `again` gives further columns with the same field.
    """

    above: int
    width: int
    columns: Mapping[str, int]
    again: Mapping[str, tuple[int, ...]]

    def cells(self, spec: TableSpec, row: Row) -> list[str | None]:
        """Return the cells of a row in the order of the table's fields."""
        found: list[str | None] = [None] * len(spec.fields)
        for name, at in self.columns.items():
            cell = row[at] if at < len(row) else None
            if name in self.again and clean(cell) is None:
                cell = self._other(name, row) or cell
            found[spec.index[name]] = cell
        return found

    def _other(self, name: str, row: Row) -> str | None:
        others = (row[at] for at in self.again[name] if at < len(row))
        return next((cell for cell in others if clean(cell)), None)

    def faults(self, row: Row) -> list[Fault]:
        """Return a fault for each field that stands twice with different content."""
        return [
            # checked in every row, since two columns with one name are rare
            Fault(
                name, "B205", f"`{name}` stands in columns {self._shown(name)} and the two differ"
            )
            for name, others in self.again.items()
            if len(
                {clean(row[at]) for at in (self.columns[name], *others) if at < len(row)} - {None}
            )
            > 1
        ]

    def _shown(self, name: str) -> str:
        return " and ".join(letters(at) for at in (self.columns[name], *self.again[name]))


def check_width(where: Location, rows: Sequence[Row]) -> None:
    """Stop at a table that is wider than any that a person or a system makes."""
    widest = max(map(len, rows), default=0)
    if widest > MOST_COLUMNS:
        said = f"`{where.file}` has {widest:,} columns, more than can be read"
        raise stop(where, "B156", said, f"a table has at most {MOST_COLUMNS:,} columns")


def find_header(spec: TableSpec, rows: Sequence[Row]) -> Header | None:
    """Return the header among the first rows: the row that names the most fields."""
    best: tuple[int, int] = (0, 0)
    for at, row in enumerate(rows[:SEARCHED]):
        known = len({spec.field(cell) for cell in row if cell} - {None})
        best = max(best, (known, -at))
    known, negative = best
    return _header(spec, rows[-negative], -negative) if known else None


def _header(spec: TableSpec, row: Row, above: int) -> Header:
    columns: dict[str, int] = {}
    again: dict[str, tuple[int, ...]] = {}
    for at, cell in enumerate(row):
        name = spec.field(cell) if cell else None
        if name in columns:
            again[name] = (*again.get(name, ()), at)
        elif name:
            columns[name] = at
    return Header(above, len(row), columns, again)


def warn_unknown(stage: Stage, spec: TableSpec, row: Row, where: Sequence[Location]) -> None:
    """Warn of every header that names no field of the table."""
    for cell, location in zip(row, where, strict=True):
        said = clean(cell)
        if said and spec.field(said) is None:
            stage.unknown_field(location, spec, said)
