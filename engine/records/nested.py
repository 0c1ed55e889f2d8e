"""Audits as nested objects: an audit's own fields beside lists named as the tables.

In: objects of text, truth, nothing, lists and objects. Out: rows on the stage; children inherit
`audit_id`. It must not know whether they came from JSON, JSON Lines or YAML.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from engine.records.dictionary import TableSpec
from engine.records.places import Fault, Layout, Part, Place
from engine.records.stage import Stage
from engine.records.staging import RowStage
from engine.rulebook.fields import AUDIT_ID, AUDITS, FieldType

Steps = tuple[str | int, ...]
SHOWN = 60  # so many letters of a value are shown in a message

_PLAIN = frozenset({str, type(None)})


class Doubled(dict[str, object]):
    """An object in which a key stood twice; `key` is the first such key."""

    key: str = ""


class NestedAudits:
    """Takes one audit after another and lays its rows on the stage.

    `line_of` gives the line of a value by its steps, where a format knows it.
    """

    def __init__(
        self, stage: Stage, file: str, line_of: Callable[[Steps], int] | None = None
    ) -> None:
        self.stage = stage
        self.part = Part(file, Layout.NESTED)
        self.audits = stage.rows(AUDITS)
        self._line_of = line_of
        self._shapes: dict[str, Shape] = {}
        self._tables: dict[str, str | None] = {}

    def add(self, audit: object, line: int = 0, path: str = "", steps: Steps = ()) -> None:
        """Take one audit, or put it aside where it is no object."""
        line = self._line_of(steps) if self._line_of else line
        place = Place(self.part, line, path)
        if not isinstance(audit, dict):
            said = f"an audit is an object of fields and tables, not {kind(audit)}"
            self.audits.refuse(place, audit, [Fault("", "B203", said)])
            return
        own = _like(audit)
        children: list[tuple[str, str, object]] = []
        for key, value in audit.items():
            table = self._table(key)
            if table:
                children.append((table, key, value))
            else:
                own[key] = value
        self._row(AUDITS, place, own, None)
        number = self._number(own)
        for table, key, value in children:
            inner = Place(self.part, line, f"{path}.{key}" if path else key)
            self._children(table, inner, value, number, (*steps, key))

    def close(self) -> None:
        """Count every field of a table that is there and has no rows: none was left out."""
        for table in set(self._tables.values()) - {None}:
            staged = self.stage.rows(str(table))
            if not (staged.buffer or staged.many):
                staged.present.update(staged.spec.names)

    def broken(self, text: str, message: str, line: int, column: int) -> None:
        """Put a line aside that is not well formed."""
        part = Part(self.part.file, Layout.LINES, columns={"": column - 1})
        self.audits.refuse(Place(part, line), text, [Fault("", "B202", message)])

    def _table(self, key: str) -> str | None:
        """Return the table that a key of an audit names; `None` where it names a field."""
        if key not in self._tables:
            table = None if self._shape(AUDITS).field(key) else self.stage.dictionary.table(key)
            self._tables[key] = table if table != AUDITS else None
        return self._tables[key]

    def _number(self, own: Mapping[str, object]) -> object:
        if AUDIT_ID in own:
            return own[AUDIT_ID]
        shape = self._shape(AUDITS)
        return next((value for key, value in own.items() if shape.field(key) == AUDIT_ID), None)

    def _children(
        self, table: str, place: Place, rows: object, number: object, steps: Steps
    ) -> None:
        staged = self.stage.rows(table)
        if rows is None:
            return
        if not isinstance(rows, list):
            said = Fault("", "B203", f"`{table}` is a list of rows, not {kind(rows)}",
                         "put the rows in square brackets")  # fmt: skip
            staged.refuse(place, {AUDIT_ID: number, table: rows}, [said])
            return
        part, line, path = place
        for at, row in enumerate(rows):
            line = self._line_of((*steps, at)) if self._line_of else line
            self._row(table, Place(part, line, f"{path}[{at}]"), row, number)

    def _row(self, table: str, place: Place, row: object, number: object) -> None:
        shape = self._shape(table)
        if not isinstance(row, dict):
            said = Fault("", "B203", f"a row of `{table}` is an object, not {kind(row)}")
            shape.staged.refuse(place, {AUDIT_ID: number, "row": row}, [said])
            return
        cells, faults = shape.cells(row, place)
        if table != AUDITS:
            faults += _inherit(shape.spec, cells, number)
        if faults:
            shape.staged.refuse(place, {AUDIT_ID: number} | row, faults)
        else:
            shape.staged.add(place, cells)

    def _shape(self, table: str) -> "Shape":
        if table not in self._shapes:
            self._shapes[table] = Shape(self.stage, self.stage.rows(table))
        return self._shapes[table]


class Shape:
    """How the keys of one table's objects name its fields."""

    def __init__(self, stage: Stage, staged: RowStage) -> None:
        self.stage, self.staged, self.spec = stage, staged, staged.spec
        self._known = frozenset(self.spec.names)
        self._lists = frozenset(f.name for f in self.spec.fields if f.type is FieldType.LIST)
        self._fields: dict[str, str | None] = {}

    def field(self, key: str) -> str | None:
        """Return the field that a key names."""
        if key not in self._fields:
            self._fields[key] = self.spec.field(key)
        return self._fields[key]

    def cells(
        self, row: Mapping[str, object], place: Place
    ) -> tuple[list[str | None], list[Fault]]:
        """Return the cells of a row in the table's order, and what is wrong with its shape."""
        faults: list[Fault] = []
        if isinstance(row, Doubled):
            faults.append(Fault(row.key, "B205", f"the key `{row.key}` stands twice"))
        if not row.keys() <= self._known:
            row = self._renamed(row, place, faults)
        self.staged.present.update(row)
        cells: list[Any] = [row.get(name) for name in self.spec.names]
        if not _PLAIN.issuperset(map(type, cells)):
            named = zip(self.spec.names, cells, strict=True)
            cells = [self._text(name, cell, faults) for name, cell in named]
        return cells, faults

    def _renamed(
        self, row: Mapping[str, object], place: Place, faults: list[Fault]
    ) -> Mapping[str, object]:
        named: dict[str, object] = {}
        for key, value in row.items():
            name = self.field(key)
            if name is None:
                self.stage.unknown_field(place.at(key), self.spec, key)
            elif name in named and named[name] != value:
                faults.append(Fault(name, "B205", f"`{name}` stands twice and the two differ"))
            else:
                named[name] = value
        return named

    def _text(self, name: str, value: object, faults: list[Fault]) -> str | None:
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if name in self._lists and _words(value):
            return ";".join(value)
        faults.append(Fault(name, "B203", f"`{name}` holds one value, not {kind(value)}"))
        return None


def _words(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def kind(value: object) -> str:
    """Return what a value is, in the words of a message.

    >>> kind([]), kind({}), kind("x")
    ('a list', 'an object', '`x`')
    """
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    shown = str(value)
    return f"`{shown if len(shown) <= SHOWN else shown[:SHOWN] + '...'}`"


def sound(value: Any) -> Any:  # noqa: ANN401 - the same type comes out as went in
    """Return a value whose texts hold no halves of characters, which no file can hold."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [sound(part) for part in value]
    if isinstance(value, dict):
        made = _like(value)
        made.update((sound(key), sound(part)) for key, part in value.items())
        return made
    return value


def _inherit(spec: TableSpec, cells: list[str | None], number: object) -> list[Fault]:
    at = spec.index[AUDIT_ID]
    given = number if isinstance(number, str) else None
    said, cells[at] = cells[at], given
    if said is None or said == given:
        return []
    return [Fault(AUDIT_ID, "B206", f"the row names audit `{said}` and stands in audit `{given}`")]


def _like(audit: dict[str, object]) -> dict[str, object]:
    if not isinstance(audit, Doubled):
        return {}
    own = Doubled()
    own.key = audit.key
    return own
