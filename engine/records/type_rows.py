"""Few rows are typed here, cell by cell; starting the database on them would take longer.

In: the raw rows of a table. Out: `typed.<table>`, and a refusal for each row that cannot be read.
`type_columns.py` does the same for many rows; a test holds the two together.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import duckdb

from engine.records import explain, sql
from engine.records.cells import Spec, Unreadable, Value, read
from engine.records.dictionary import TableSpec
from engine.records.held import Held, Wire
from engine.records.places import Place
from engine.records.staging import RowStage
from engine.records.typed import Early, Typed
from engine.rulebook.fields import AUDIT_ID, FieldType

SHOWN = 10  # so many early rows are shown one by one


def type_rows(con: duckdb.DuckDBPyConnection, staged: RowStage) -> Typed:
    """Make the typed table of few rows."""
    rows = _Rows(staged)
    staged.put_aside.take(explain.refusals(staged, rows.bad))
    early = Early(len(rows.early), _places(staged, dict(rows.early[:SHOWN])))
    typed = Typed(staged, sql.typed(staged.spec.name), early, rows.kept)
    typed.audits = frozenset(filter(None, rows.column(AUDIT_ID)))
    typed.distinct = rows.distinct()
    _load(con, typed, rows)
    return typed


class _Rows:
    """The rows of a table as they are read: the good ones, and the ordinals of the others."""

    def __init__(self, staged: RowStage) -> None:
        self.spec = staged.spec
        self.good: list[list[Wire]] = []
        self.kept: list[int] = []
        self.bad: list[int] = []
        self.early: list[tuple[int, tuple[str, str]]] = []
        self._read = [Memory(field) for field in staged.spec.fields]
        for ordinal, row in enumerate(staged.buffer):
            self._take(ordinal, row[: len(self._read)])

    def column(self, name: str) -> list[Wire]:
        """Return the values of a field."""
        at = self.spec.index[name]
        return [row[at] for row in self.good]

    def distinct(self) -> bool:
        """Say whether no two rows have the same key; a key with a blank is none."""
        parts = zip(*(self.column(name) for name in self.spec.key), strict=True)
        keys = [key for key in parts if None not in key]
        return len(keys) == len({*keys})

    def _take(self, ordinal: int, raw: Sequence[str | int | None]) -> None:
        try:
            wires = [memory[cell] for memory, cell in zip(self._read, raw, strict=True)]
        except Unreadable:
            self.bad.append(ordinal)
            return
        if _out_of_order(self.spec, wires):
            self.bad.append(ordinal)
            return
        self._note_early(ordinal, wires)
        self.good.append(wires)
        self.kept.append(ordinal)

    def _note_early(self, ordinal: int, wires: Sequence[Wire]) -> None:
        if self.spec.dated:
            recorded, event = (wires[self.spec.index[name]] for name in self.spec.dated)
            if recorded and event and recorded < event[:10]:
                self.early.append((ordinal, (recorded, event[:10])))


def _places(staged: RowStage, said: Mapping[int, tuple[str, str]]) -> list[tuple[Place, str, str]]:
    return [(place, *said[ordinal]) for ordinal, place, _ in staged.fetch(said)]


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


def _load(con: duckdb.DuckDBPyConnection, typed: Typed, rows: _Rows) -> None:
    fields = [typed.spec.fields[typed.spec.index[name]] for name in typed.columns]
    columns = {field.name: rows.column(field.name) for field in fields}
    con.execute(
        f"CREATE TABLE {typed.base} AS SELECT {', '.join(map(_column, fields))}",
        [*columns.values()],
    )
    typed.held = Held(columns, fields, range(len(rows.good)))


def _column(field: Spec) -> str:
    if field.type is FieldType.LIST:
        return f"string_split(unnest(?::VARCHAR[]), chr(31)) AS {sql.name(field.name)}"
    return f"unnest(?::{sql.TYPES[field.type]}[]) AS {sql.name(field.name)}"
