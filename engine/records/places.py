"""Where rows stand in what people wrote, and rows that were put aside there.

A part is one file, sheet or document of a table; a place is a line or path within it.
It must not know how a part is read.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from engine.errors import Location
from engine.records.batch import Rejected
from engine.rulebook.fields import AUDIT_ID


class Layout(StrEnum):
    """How a part names its places."""

    SHEET = "sheet"
    TURNED = "turned"  # a sheet with a field a row; `columns` gives the rows, `line` the column
    LINES = "lines"
    NESTED = "nested"


@dataclass(frozen=True, eq=False)
class Part:
    """One file, sheet or document that holds rows of a table.

    `columns` gives the position (from 0) of each field's column, where the part has columns;
    `names` what a document calls the fields, where it has names of its own for them.
    """

    file: str
    layout: Layout
    sheet: str = ""
    columns: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


class Place(NamedTuple):
    """A row of a part: its line (from 1, 0 where unknown) and its path in a document."""

    part: Part
    line: int = 0
    path: str = ""

    def at(self, name: str = "") -> Location:
        """Return the location of a field of the row, or of the row as a whole."""
        part, column = self.part, self.part.columns.get(name)
        if part.layout is Layout.SHEET:
            return Location(part.file, part.sheet, cell=f"{letters(column or 0)}{self.line}")
        if part.layout is Layout.TURNED:
            row = part.columns.get(name, part.columns.get(AUDIT_ID, 0))
            return Location(part.file, part.sheet, cell=f"{letters(self.line - 1)}{row + 1}")
        if part.layout is Layout.LINES:
            return Location(part.file, line=self.line, column=0 if column is None else column + 1)
        mark = "/" if self.path.startswith("/") else "."  # a path in XML, or one of keys
        path = mark.join(step for step in (self.path, part.names.get(name, name)) if step)
        return Location(part.file, line=self.line, path=path)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: in which field (none: the whole row), and how to put it right."""

    field: str
    code: str
    message: str
    help: str = ""


Cells = Mapping[str, object]


@dataclass(frozen=True)
class Refusal:
    """A row that is put aside, with everything wrong with it; the first fault decides.

    `quiet` rows are listed among the rejected, and another problem speaks for them.
    """

    table: str
    place: Place
    audit_id: str
    faults: Sequence[Fault]
    row: object
    quiet: bool = False

    @property
    def code(self) -> str:
        """Return the code of the fault that decides."""
        return self.faults[0].code

    @property
    def loses(self) -> bool:
        """Say whether the batch knows less without the row; it does not if the row stands twice."""
        return self.code != "B401"

    @property
    def where(self) -> Location:
        """Return the place of the fault that decides."""
        return self.place.at(self.faults[0].field)

    def rejected(self) -> Rejected:
        """Return the row as it is listed among those put aside."""
        where = self.where
        return Rejected(
            where.file,
            where.sheet,
            where.cell or str(where).removeprefix(where.file).lstrip(": "),
            self.table,
            self.audit_id,
            self.code,
            "; ".join(dict.fromkeys(f.message for f in self.faults)),
            json.dumps(self.row, ensure_ascii=False, default=str),
        )


def letters(column: int) -> str:
    """Return the letters of a spreadsheet's column, counted from 0.

    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    name, rest = "", column + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        name = chr(65 + last) + name
    return name
