"""The rows of a small table as Python holds them, beside the database, which has the same.

In: the texts that the database was given. Out: columns of the values that it would give back, and
their `rowid`s there. For few rows a query is planned for longer than it looks at them.
INVARIANT: a row that is deleted from the database is held no longer (`relations.py`).
"""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date, datetime

from engine.records import sql
from engine.records.cells import Spec
from engine.rulebook.fields import FieldType

Wire = str | None
Given = str | date | datetime | bool | int | list[str] | None


class Held(dict[str, Sequence[Given]]):
    """Columns by name, each made when it is first asked for."""

    def __init__(
        self, wires: Mapping[str, Sequence[Wire]], fields: Sequence[Spec], rowids: Sequence[int]
    ) -> None:
        super().__init__()
        self.rowids = rowids
        self._fields = fields
        self._wires = wires
        self._kinds = {field.name: field.type for field in fields}

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.rowids)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(self._kinds)

    def without(self, gone: Container[int]) -> "Held":
        """Return the rows without those of some `rowid`s."""
        left = [at for at, rowid in enumerate(self.rowids) if rowid not in gone]
        wires = {name: [column[at] for at in left] for name, column in self._wires.items()}
        return Held(wires, self._fields, [self.rowids[at] for at in left])

    def __missing__(self, name: str) -> Sequence[Given]:
        read, wires = _READ.get(self._kinds[name]), self._wires[name]
        made = wires if read is None else [None if wire is None else read(wire) for wire in wires]
        self[name] = made
        return made

    def wires(self, name: str) -> Sequence[Wire]:
        """Return a column as the texts that the database was given."""
        return self._wires[name]

    def kind(self, name: str) -> FieldType:
        """Return the type of a column."""
        return self._kinds[name]

    def filled(self, name: str) -> int:
        """Return how many rows have a field filled."""
        return self.count - self._wires[name].count(None)


def _is_yes(wire: str) -> bool:
    return wire == "true"


def _parted(wire: str) -> list[str]:
    return wire.split(sql.LIST_MARK)


_READ: Mapping[FieldType, Callable[[str], Given]] = {
    FieldType.DATE: date.fromisoformat,
    FieldType.MONTH: date.fromisoformat,
    FieldType.DATETIME: datetime.fromisoformat,
    FieldType.YES_NO: _is_yes,
    FieldType.NUMBER: int,
    FieldType.LIST: _parted,
}
