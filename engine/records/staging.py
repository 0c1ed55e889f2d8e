"""Raw rows as readers hand them over, before anything is typed.

In: the cells of one row after another, as text, with their places. Out: the same rows again, all in
order for the typer, or a few of them for an explanation. Many rows wait in a temporary file, so
memory is bounded. It must not know file formats.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Protocol

from engine.records import sql
from engine.records.cells import identifier
from engine.records.dictionary import TableSpec
from engine.records.places import Fault, Part, Place, Refusal
from engine.records.put_aside import PutAside
from engine.rulebook.fields import AUDIT_ID

BUFFER = 2_000
PART = -3  # where a kept row holds the number of its part

Raw = list[str | None]
Kept = tuple[str | int | None, ...]
Fetched = tuple[int, Place, Mapping[str, str | None]]

csv.field_size_limit(2**31 - 1)


class Staged(Protocol):
    """The raw rows of one table."""

    spec: TableSpec
    put_aside: PutAside

    @property
    def present(self) -> AbstractSet[str]:
        """Return the fields that some part has."""
        ...

    def fetch(self, ordinals: Iterable[int]) -> Iterator[Fetched]:
        """Yield the rows at these ordinals, in order, with their places and cells."""
        ...


class RowStage:
    """Rows that were read in Python, from any number of parts."""

    def __init__(self, spec: TableSpec, scratch: Path, put_aside: PutAside) -> None:
        self.spec = spec
        self.present: set[str] = {AUDIT_ID}
        self.put_aside = put_aside
        self.buffer: list[Kept] = []
        self._parts: dict[Part, int] = {}
        self._file = scratch / f"{spec.name}.csv"

    @property
    def kinds(self) -> Mapping[str, str]:
        """Return the types of the raw columns: text."""
        return dict.fromkeys(self.spec.names, "VARCHAR")

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the parts, in the order of the numbers that the rows give."""
        return tuple(self._parts)

    @property
    def many(self) -> bool:
        """Say whether the rows wait in a file."""
        return self._file.exists()

    def add(self, place: Place, cells: Raw) -> None:
        """Take a row whose cells stand in the order of the table's fields."""
        part, line, path = place
        number = self._parts.setdefault(part, len(self._parts))
        self.buffer.append((*cells, number, line, path))
        if len(self.buffer) >= BUFFER:
            self._spill()

    def refuse(self, place: Place, row: object, faults: Sequence[Fault]) -> None:
        """Put a row aside; the audit that it names is kept where it can be read."""
        stated = row.get(AUDIT_ID) if isinstance(row, Mapping) else None
        audit = identifier(stated if isinstance(stated, str) else None)
        self.put_aside.take([Refusal(self.spec.name, place, audit, faults, row)])

    def forget(self, file: str) -> None:
        """Take back the rows of a file."""
        gone = {number for part, number in self._parts.items() if part.file == file}
        if not gone:
            return
        if self.many:
            kept = self._file.with_suffix(".kept")
            with (
                self._file.open(newline="", encoding="utf-8") as before,
                kept.open("w", newline="", encoding="utf-8") as after,
            ):
                rows = (row for row in csv.reader(before) if int(row[PART]) not in gone)
                csv.writer(after, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
            kept.replace(self._file)
        self.buffer = [row for row in self.buffer if row[PART] not in gone]

    def relation(self) -> str:
        """Return the rows in the file as SQL; their columns are named as the fields."""
        self._spill()
        names = (*self.spec.names, "_part", "_line", "_path")
        return read_csv(str(self._file), names)

    def fetch(self, ordinals: Iterable[int]) -> Iterator[Fetched]:
        """Yield the rows at these ordinals, in order, with their places and cells."""
        wanted, parts = set(ordinals), list(self._parts)
        for ordinal, row in enumerate(self._rows()):
            if ordinal in wanted:
                *cells, part, line, path = row
                named = zip(self.spec.names, cells, strict=True)
                place = Place(parts[int(part or 0)], int(line or 0), str(path or ""))
                yield ordinal, place, {name: str(cell) for name, cell in named if cell}

    def _rows(self) -> Iterator[Sequence[str | int | None]]:
        if self.many:
            with self._file.open(newline="", encoding="utf-8") as file:
                yield from csv.reader(file)
        yield from self.buffer

    def _spill(self) -> None:
        with self._file.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(self.buffer)
        self.buffer.clear()


def read_csv(path: str, names: Iterable[str], options: str = "") -> str:
    """Return SQL that reads columns of text from a CSV file and changes nothing in them."""
    columns = ", ".join(f"{sql.literal(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({sql.literal(path)}, columns = {{{columns}}}, auto_detect = false, "
        "header = false, quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = true, "
        f"max_line_size = 100000000{options or ', delim = ' + sql.literal(',')})"
    )
