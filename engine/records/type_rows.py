"""Few rows are typed here, cell by cell; starting the database on them would take longer.

In: the raw rows of a table. Out: `typed.<table>`, and a refusal for each row that cannot be read.
`type_columns.py` does the same for many rows; a test holds the two together.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import duckdb

from engine.records import explain, sql
from engine.records.cells import Spec, Unreadable, Value, read
from engine.records.dictionary import TableSpec
from engine.records.staging import RowStage
from engine.records.typed import Early, Typed
from engine.rulebook.fields import FieldType

if TYPE_CHECKING:
    from engine.records.places import Refusal

Wire = str | None
SHOWN = 10  # so many early rows are shown one by one


def type_rows(con: duckdb.DuckDBPyConnection, staged: RowStage) -> Typed:
    """Make the typed table of few rows."""
    typing = _Typing(staged)
    for ordinal in range(len(staged.buffer)):
        typing.take(ordinal)
    typed = Typed(staged, sql.typed(staged.spec.name), typing.refusals, typing.early, typing.kept)
    _load(con, typed, typing.rows)
    return typed


class _Typing:
    def __init__(self, staged: RowStage) -> None:
        self.staged, self.spec = staged, staged.spec
        self.read = [Memory(field) for field in staged.spec.fields]
        self.rows: list[list[Wire]] = []
        self.kept: list[int] = []
        self.refusals: list[Refusal] = []
        self.early = Early()

    def take(self, ordinal: int) -> None:
        raw = self.staged.buffer[ordinal][: len(self.read)]
        try:
            wires = [memory[cell] for memory, cell in zip(self.read, raw, strict=True)]
        except Unreadable:
            self._refuse(ordinal)
            return
        if _out_of_order(self.spec, wires):
            self._refuse(ordinal)
            return
        self._note_early(ordinal, wires)
        self.rows.append(wires)
        self.kept.append(ordinal)

    def _refuse(self, ordinal: int) -> None:
        self.refusals += explain.refusals(self.staged, [ordinal])

    def _note_early(self, ordinal: int, wires: Sequence[Wire]) -> None:
        if not self.spec.dated:
            return
        recorded, event = (wires[self.spec.index[name]] for name in self.spec.dated)
        if recorded and event and recorded < event[:10]:
            self.early.count += 1
            if self.early.count <= SHOWN:
                ((_, place, _),) = self.staged.fetch([ordinal])
                self.early.places.append((place, recorded, event[:10]))


class Memory(dict[str | int | None, Wire]):
    """The cells of one column that were read so far, as text that the database takes."""

    def __init__(self, spec: Spec) -> None:
        super().__init__()
        self.spec = spec

    def __missing__(self, raw: str | int | None) -> Wire:
        value = self[raw] = wire(read(None if raw is None else str(raw), self.spec))
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


def _out_of_order(spec: TableSpec, wires: Sequence[Wire]) -> bool:
    # the texts of days and of moments sort as the days and moments do
    pairs = ((wires[spec.index[late]], wires[spec.index[early]]) for late, early in spec.order)
    return any(end and start and end < start for end, start in pairs)


def _load(con: duckdb.DuckDBPyConnection, typed: Typed, rows: Sequence[Sequence[Wire]]) -> None:
    spec = typed.spec
    fields = [spec.fields[spec.index[name]] for name in typed.columns]
    columns = [[row[spec.index[field.name]] for row in rows] for field in fields]
    con.execute(f"CREATE TABLE {typed.base} AS SELECT {', '.join(map(_column, fields))}", columns)


def _column(field: Spec) -> str:
    if field.type is FieldType.LIST:
        return f"string_split(unnest(?::VARCHAR[]), chr(31)) AS {sql.name(field.name)}"
    return f"unnest(?::{sql.TYPES[field.type]}[]) AS {sql.name(field.name)}"
