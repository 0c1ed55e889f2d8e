"""One line of a list of Annex A: its cells by Annex A's names, and the list's own words.

In: the cells of a line as text. Out: text as the dictionary's types take it.
It must not know tables or files.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.records.cells import INVISIBLE, clean, plain
from engine.records.places import Fault
from engine.records.readers.annex_a_lists import AGE, BIRTH, SEEN_ALONE_HEADER, SEX, Column
from engine.records.readers.annex_a_words import NO
from engine.records.sheets import SheetRow

UNBORN = "unborn"
# "a. Yes" and "(a) Yes" beside the "a) Yes" that `plain` knows
_LETTERED = re.compile(r"^(?:\([a-zA-Z]\)|[a-zA-Z]\.)\s*(?=.)")
_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Z][0-9]")
_SPACES = re.compile(f"[{re.escape(INVISIBLE)}]+")


@dataclass(frozen=True)
class Line:
    """A line: its row in the sheet, and where each of the list's columns stands.

    `doubted`: the columns in which `No` says nothing.
    """

    row: SheetRow
    columns: Mapping[str, int]
    doubted: frozenset[str] = frozenset()

    @property
    def number(self) -> int:
        """Return the number of the row in Excel."""
        return self.row.number

    def __getitem__(self, header: str) -> str | None:
        """Return the cell of a column; nothing where there is no such column."""
        at, cells = self.columns.get(header), self.row.cells
        return cells[at] if at is not None and at < len(cells) else None

    def faults(self, columns: Mapping[str, int]) -> list[Fault]:
        """Return a fault for each cell that shows an Excel error, of columns given by field."""
        return [
            Fault(name, "B204", self.row.faults[at], "put it right in Excel and save it again")
            for name, at in columns.items()
            if at in self.row.faults
        ]

    @property
    def birth(self) -> str:
        """Return the day of birth; nothing for a child who is not yet born."""
        fault = self.row.faults.get(self.columns.get(BIRTH, -1))
        return fault or ("" if self._is_unborn(BIRTH) else self[BIRTH] or "")

    @property
    def unborn(self) -> bool:
        """Say whether the line calls the child unborn.

        A child with a day of birth is not unborn for having been so when last seen.
        """
        said = {
            header for header in (BIRTH, AGE, SEX, SEEN_ALONE_HEADER) if self._is_unborn(header)
        }
        return bool(said & {BIRTH, AGE}) or (bool(said) and clean(self[BIRTH]) is None)

    def _is_unborn(self, header: str) -> bool:
        said = self[header] or ""
        return UNBORN in said.lower() and plain(said) == UNBORN

    def name(self, header: str) -> str:
        """Return the name of a team or worker, the spaces within it made alike."""
        if self.columns.get(header) in self.row.faults:
            return ""
        return _SPACES.sub(" ", clean(self[header]) or "")

    def cell(self, column: str | Column) -> str | None:
        """Return what a column says, in the words of the dictionary."""
        if isinstance(column, str):
            return self[column]
        said = clean(self[column.header]) or ""
        other, implied = column.implied
        if not said and other and clean(self[other]):
            return implied
        if self.doubts(column.header):
            return ""
        ways = _CODE.findall(said) if column.codes else [_word(said)]
        known = (column.words[way] for way in ways if way in column.words)
        return next(known, said if column.rest is None else column.rest)

    def doubts(self, header: str) -> bool:
        """Say whether a column says `No` where that says nothing."""
        return header in self.doubted and _word(self[header] or "") in NO

    def filled(self) -> dict[str, str]:
        """Return the filled cells by Annex A's names, for the list of rows put aside."""
        cells = {header: clean(self[header]) for header in self.columns}
        return {header: cell for header, cell in cells.items() if cell}


def _word(said: str) -> str:
    return plain(_LETTERED.sub("", said))
