"""How one row of a system's file becomes a row of ours.

In: a table of the mapping and a header. Out: cells in our language, or faults at their columns.
It must not know files.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from engine.records.cells import Spec, clean, plain
from engine.records.dictionary import TableSpec
from engine.records.mapping.dates import DateForm
from engine.records.mapping.load import DATED
from engine.records.mapping.model import BLANK, Asked, Filled, Mapped
from engine.records.places import Fault, letters
from engine.records.sheets import SheetRow

REMEMBERED = 10_000  # so many different cells of a column are remembered with what they mean

# where the columns of one header stand, by its plain form; one that stands twice has two places
Columns = Mapping[str, tuple[int, ...]]


def columns_of(titles: Sequence[str | None]) -> Columns:
    r"""Return where the columns of a header row stand.

    >>> columns_of(["Person ID ", None, "PERSON\u00a0ID"])
    {'person_id': (0, 2)}
    """
    found: dict[str, tuple[int, ...]] = {}
    for at, title in enumerate(titles):
        if clean(title):
            key = plain(title or "")
            found[key] = (*found.get(key, ()), at)
    return found


@dataclass(frozen=True)
class Cell:
    """One field as it is filled from the columns of one header; no columns: `always`."""

    spec: Spec
    columns: tuple[tuple[int, ...], ...]
    filled: Filled
    dates: DateForm | None

    def text(self, row: SheetRow) -> str | None:
        """Return what the row says, in the system's words."""
        for column in self.columns:
            for at in column:
                if at < len(row.cells) and clean(row.cells[at]) is not None:
                    return row.cells[at]
        return self.filled.always

    @cached_property
    def ours(self) -> Callable[[str | None], str | None]:
        """Return what a word of the system means here; what is not listed stays as it is."""
        return lru_cache(maxsize=REMEMBERED)(self._ours)

    @cached_property
    def careful(self) -> bool:
        """Say whether the column stands twice, so that each row is to be looked at."""
        return any(len(column) > 1 for column in self.columns)

    def _ours(self, text: str | None) -> str | None:
        said = clean(text)
        if said is None or self.filled.always is not None:
            return text
        if self.filled.values:
            word = plain(said)
            if word in self._values:
                return self._values[word]
            if self.filled.otherwise is not None:
                return None if self.filled.otherwise == BLANK else self.filled.otherwise
        if self.dates is not None:
            return self.dates.iso(said)
        return text

    def faults(self, row: SheetRow) -> list[Fault]:
        """Return what is wrong with the columns of the field in a row."""
        found = [
            Fault(self.spec.name, "B204", row.faults[at], "put it right and save it again")
            for column in self.columns
            for at in column
            if at in row.faults
        ]
        for column in self.columns:
            if len(column) > 1:
                said = {clean(row.cells[at]) for at in column if at < len(row.cells)} - {None}
                if len(said) > 1:
                    shown = " and ".join(map(letters, column))
                    why = f"the column for `{self.spec.name}` stands in {shown} and the two differ"
                    found.append(Fault(self.spec.name, "B205", why))
        return found

    def unread(self, text: str) -> Fault:
        """Return what is wrong with a date that is not written in the form of the mapping."""
        form = self.dates.text if self.dates else ""
        said = f"`{clean(text)}` in `{self.spec.name}` is not a date of the form `{form}`"
        return Fault(self.spec.name, "B302", said, "put it right, or the form in the mapping")

    @cached_property
    def _values(self) -> Mapping[str, str | None]:
        return {plain(theirs): clean(ours) for theirs, ours in self.filled.values.items()}


@dataclass(frozen=True)
class Row:
    """A row of a system's file in our language: its cells by field, and what is wrong with it."""

    cells: Mapping[str, str]
    faults: Sequence[Fault]


@dataclass(frozen=True, eq=False)
class Filling:
    """One table of the mapping, with one set of fields, over one header."""

    table: Mapped
    spec: TableSpec
    cells: tuple[Cell, ...]
    where: tuple[tuple[tuple[int, ...], Asked], ...]
    whose: str  # the field with the number of the audit or child

    @cached_property
    def careful(self) -> tuple[Cell, ...]:
        """Return the fields whose column stands twice."""
        return tuple(cell for cell in self.cells if cell.careful)

    @property
    def places(self) -> Mapping[str, int]:
        """Return the first column of each field, for problems at their cells."""
        return {cell.spec.name: cell.columns[0][0] for cell in self.cells if cell.columns}

    def wants(self, row: SheetRow) -> bool:
        """Say whether a row is one of those to be read."""
        return all(_holds(row, columns, asked) for columns, asked in self.where)

    def row(self, row: SheetRow) -> Row | None:
        """Return a row in our language; nothing if it says nothing beyond whose it is."""
        said = {cell.spec.name: cell.text(row) for cell in self.cells}
        looked_at = self.cells if row.faults else self.careful
        faults = [fault for cell in looked_at for fault in cell.faults(row)]
        told = any(
            clean(said[cell.spec.name])
            for cell in self.cells
            if cell.columns and cell.spec.name != self.whose
        )
        if not told and not faults and self.spec.key != (self.whose,):
            return None
        cells: dict[str, str] = {}
        for cell in self.cells:
            text = said[cell.spec.name]
            ours = cell.ours(text)
            if ours is not None and clean(ours):
                cells[cell.spec.name] = ours
            elif clean(text) and cell.dates and cell.spec.type in DATED and not cell.filled.values:
                faults.append(cell.unread(text or ""))
        return Row(cells, faults)


def fillings(
    table: Mapped, spec: TableSpec, columns: Columns, dates: DateForm | None
) -> tuple[Filling, ...]:
    """Return the rows that one row of a file gives: one, or one for `each` set of fields."""
    whose = spec.names[0]
    own = dict(table.fields)
    if table.child:
        own[whose] = Filled.model_validate({"column": list(table.child)}, by_alias=True)
    where = tuple((columns.get(plain(name), ()), asked) for name, asked in table.where.items())
    return tuple(
        Filling(table, spec, _cells(spec, {**own, **more}, columns, table.dates or dates), where,
                whose)
        for more in table.each or ({},)
    )  # fmt: skip


def _cells(
    spec: TableSpec, fields: Mapping[str, Filled], columns: Columns, dates: DateForm | None
) -> tuple[Cell, ...]:
    found = []
    for name, filled in fields.items():
        field = spec.fields[spec.index[name]]
        at = tuple(columns[plain(c)] for c in filled.column or () if plain(c) in columns)
        if at or filled.always is not None:
            form = (filled.dates or dates) if field.type in DATED else None
            found.append(Cell(field, at, filled, form))
    return tuple(found)


def _holds(row: SheetRow, columns: tuple[int, ...], asked: Asked) -> bool:
    texts = (clean(row.cells[at]) for at in columns if at < len(row.cells))
    word = _plain(next((text for text in texts if text), ""))
    if asked.filled is not None and bool(word) != asked.filled:
        return False
    if asked.is_ is not None and word not in map(_plain, asked.is_):
        return False
    return asked.is_not is None or word not in map(_plain, asked.is_not)


_plain = lru_cache(maxsize=REMEMBERED)(plain)


def matches(title: str, patterns: Sequence[str]) -> bool:
    """Say whether a title is one of those named; `*` stands for any letters.

    >>> matches("CP Visits 2024-11", ["cp visits *"]), matches("Visits", ["CP Visits*"])
    (True, False)
    """
    return any(_pattern(pattern).fullmatch(plain(title)) for pattern in patterns)


def _pattern(text: str) -> re.Pattern[str]:
    bare = re.sub(r"(?i)\.(?:csv|tsv|txt)$", "", text)
    return re.compile("[_]*".join(map(re.escape, plain(bare).split("*"))).replace("[_]*", ".*"))
