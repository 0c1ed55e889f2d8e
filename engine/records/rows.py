"""Rows that were read in Python, typed cell by cell and loaded into `typed.<table>`.

In: the raw cells of one row after another, with their places. Out: a typed table, and a refusal
for each row that cannot be read. Every distinct text of a column is read once and remembered.
It must not know file formats. Large input goes through a temporary file, so memory is bounded.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

import duckdb

from engine.records import explain, sql
from engine.records.cells import Spec, Unreadable, Value, identifier, read
from engine.records.dictionary import TableSpec
from engine.records.places import Fault, Part, Place, Refusal
from engine.rulebook.fields import AUDIT_ID, FieldType

BUFFER = 4_000
REMEMBERED = 200_000

Wire = str | None
Raw = Sequence[str | None]


class _Bad:
    """Stands for a cell that cannot be read."""


BAD: Final = _Bad()


class RowTable:
    """The rows of one table, from any number of parts.

    `present` holds the fields that some part has; `lines` are read back only when asked for.
    """

    def __init__(self, spec: TableSpec, scratch: Path) -> None:
        self.spec = spec
        self.present: set[str] = {AUDIT_ID}
        self.refusals: list[Refusal] = []
        self.base = sql.typed(spec.name)
        self.early = Early()
        self.count = 0
        self._parts: dict[Part, int] = {}
        self._read = [Memory(field) for field in spec.fields]
        self._buffer: list[tuple[Wire, ...]] = []
        self._file = scratch / f"{spec.name}.csv"
        self._order = [(spec.index[late], spec.index[early]) for late, early in spec.order]
        self._dated = tuple(spec.index[name] for name in spec.dated or ())

    def add(self, place: Place, cells: Raw) -> None:
        """Take a row whose cells stand in the order of the table's fields."""
        wires = [memory[cell] for memory, cell in zip(self._read, cells, strict=True)]
        if BAD in wires or self._out_of_order(wires):
            named = dict(zip(self.spec.names, cells, strict=True))
            self.refuse(place, named, explain.faults(self.spec, named))
            return
        if self._dated:
            self.early.note(place, *(wires[at] for at in self._dated))
        self._keep(place, wires, cells)

    def refuse(
        self, place: Place, row: Mapping[str, str | None] | object, faults: Sequence[Fault]
    ) -> None:
        """Put a row aside; what it says of its audit is kept where it can be read."""
        stated = row.get(AUDIT_ID) if isinstance(row, Mapping) else None
        shown = {k: v for k, v in row.items() if v is not None} if isinstance(row, Mapping) else row
        audit = identifier(stated if isinstance(stated, str) else None)
        self.refusals.append(Refusal(self.spec.name, place, audit, faults, shown))

    def load(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make `typed.<table>` of the rows that were kept; a row's ordinal is its `rowid`."""
        fields = [f for f in self.spec.fields if f.name in self.present]
        if self._file.exists():
            self._spill()
            source, values = self._from_file(), None
        else:
            columns = list(zip(*self._buffer, strict=True)) or [()] * (len(self._read) + 4)
            source = ""
            values = [list(columns[self.spec.index[f.name]]) for f in fields]
        picked = ", ".join(map(_from_file if source else _from_list, fields))
        made = f"CREATE TABLE {sql.typed(self.spec.name)} AS SELECT {picked}{source}"
        con.execute(made, values)

    def row(self, ordinals: Sequence[int]) -> Iterator[tuple[int, Place, Mapping[str, Wire]]]:
        """Yield the rows at these ordinals, in order, with their places and cells."""
        wanted = set(ordinals)
        parts = list(self._parts)
        for ordinal, row in enumerate(self._rows()):
            if ordinal in wanted:
                *wires, part, line, path, raw = row
                named = dict(zip(self.spec.names, wires, strict=True))
                named |= json.loads(raw) if raw else {}
                place = Place(parts[int(part or 0)], int(line or 0), path or "")
                yield ordinal, place, {k: v for k, v in named.items() if v}

    def _keep(self, place: Place, wires: Sequence[Wire | _Bad], cells: Raw) -> None:
        part = self._parts.setdefault(place.part, len(self._parts))
        raw = None
        if any(w != c for w, c in zip(wires, cells, strict=True)):
            said = zip(self.spec.names, wires, cells, strict=True)
            raw = json.dumps({name: cell for name, wire, cell in said if wire != cell})
        self._buffer.append((*wires, str(part), str(place.line), place.path, raw))  # type: ignore[arg-type]
        self.count += 1
        if len(self._buffer) >= BUFFER:
            self._spill()

    def _out_of_order(self, wires: Sequence[Wire | _Bad]) -> bool:
        # the texts of days and times sort as the days and times do
        pairs = ((wires[late], wires[early]) for late, early in self._order)
        return any(end and start and end < start for end, start in pairs)  # type: ignore[operator]

    def _spill(self) -> None:
        with self._file.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(self._buffer)
        self._buffer.clear()

    def _rows(self) -> Iterator[Sequence[Wire]]:
        if self._file.exists():
            with self._file.open(newline="", encoding="utf-8") as file:
                yield from csv.reader(file)
        yield from self._buffer

    def _from_file(self) -> str:
        kinds = {f.name: _file_type(f) for f in self.spec.fields}
        kinds |= dict.fromkeys(("_part", "_line", "_path", "_raw"), "VARCHAR")
        columns = ", ".join(f"{sql.literal(n)}: '{kind}'" for n, kind in kinds.items())
        return (
            f" FROM read_csv({sql.literal(str(self._file))}, columns = {{{columns}}}, header = false,"
            " auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
            " allow_quoted_nulls = true, max_line_size = 100000000)"
        )


class Early:
    """Counts the rows that were recorded before they happened; shows where the first stand."""

    SHOWN = 10

    def __init__(self) -> None:
        self.places: list[tuple[Place, str, str]] = []
        self.count = 0

    def note(self, place: Place, recorded: Wire | _Bad, event: Wire | _Bad) -> None:
        """Count a row if the day of recording lies before the day of the event."""
        if isinstance(recorded, str) and isinstance(event, str) and recorded < event[:10]:
            self.count += 1
            if len(self.places) < self.SHOWN:
                self.places.append((place, recorded, event[:10]))


class Memory(dict[str | None, "Wire | _Bad"]):
    """The cells of one column that were read so far, as the text that the database takes."""

    def __init__(self, spec: Spec) -> None:
        super().__init__()
        self.spec = spec

    def __missing__(self, raw: str | None) -> "Wire | _Bad":
        try:
            value = wire(read(raw, self.spec))
        except Unreadable:
            value = BAD
        if len(self) >= REMEMBERED:
            self.clear()
        self[raw] = value
        return value


def wire(value: Value) -> Wire:
    """Return a value as the text that the database reads.

    >>> wire(True), wire(date(2024, 3, 1)), wire(None)
    ('true', '2024-03-01', None)
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, tuple):
        return sql.LIST_MARK.join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _file_type(field: Spec) -> str:
    kind = sql.TYPES[field.type]
    return "VARCHAR" if field.type is FieldType.LIST else kind


def _from_file(field: Spec) -> str:
    column = sql.name(field.name)
    if field.type is FieldType.LIST:
        return f"string_split({column}, chr(31)) AS {column}"
    return column


def _from_list(field: Spec) -> str:
    column = sql.name(field.name)
    if field.type is FieldType.LIST:
        return f"string_split(unnest(?::VARCHAR[]), chr(31)) AS {column}"
    return f"unnest(?::{sql.TYPES[field.type]}[]) AS {column}"
