"""Ofsted's Annex A: one workbook with the sheets `List 1` to `List 11`.

Each child in Lists 1 to 10 becomes one record check without an auditor's grade. Only what a list
states is a fact (`annex_a_lists.py`); of every table the lists hold the latest entry only.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from engine.errors import Location
from engine.records import cells as language
from engine.records.cells import Spec, Unreadable, clean, identifier, plain
from engine.records.found import Found
from engine.records.headers import SEARCHED
from engine.records.places import Fault, Layout, Part, Place
from engine.records.readers.annex_a_lists import (
    BIRTH, CASE_TYPES, CHILD, LISTS, NOTHING_SAID, PLACEMENTS, SAID_NO, SAID_YES, TEAM, TOLD_BY,
    CaseType, Rows, Say, Way,
)  # fmt: skip
from engine.records.readers.reader import Reader
from engine.records.recognise import is_workbook
from engine.records.sheets import Sheet, SheetRow, sheets_of
from engine.records.stage import Stage
from engine.rulebook.fields import AUDIT_ID, AUDITS

LAST_OF_CHILDREN = 10
_TITLE = re.compile(r"\s*list\s*0*([1-9]|1[01])\b", re.IGNORECASE)
_UNBORN = ("unborn", "u_unborn", "not_yet_born")


@dataclass(frozen=True)
class List:
    """One list of the return: its number, its sheet and the column of each heading."""

    number: int
    part: Part
    headings: Mapping[str, int]

    def column(self, say: Say) -> int | None:
        """Return the column that states something."""
        return next((self.headings[h] for h in say.headings if h in self.headings), None)

    def text(self, say: Say, row: SheetRow) -> str | None:
        """Return the text of a column in a row, as it is."""
        at = self.column(say)
        return row.cells[at] if at is not None and at < len(row.cells) else None


@dataclass
class Child:
    """What the lists say of one child, list by list."""

    number: str
    rows: dict[int, list[tuple[List, SheetRow]]] = field(default_factory=dict)


def _recognise(found: Found) -> bool:
    if not is_workbook(found):
        return False
    with sheets_of(found) as sheets:
        numbered = [sheet for sheet in sheets if _number(sheet)]
        return len(numbered) > 1 and not any(plain(sheet.title) == AUDITS for sheet in sheets)


def _read(found: Found, stage: Stage) -> None:
    children: dict[str, Child] = {}
    with sheets_of(found) as sheets:
        for sheet in sheets:
            number = _number(sheet)
            if number and number <= LAST_OF_CHILDREN:
                _list(found, stage, sheet, number, children)
            elif not number and not sheet.hidden:
                stage.unknown_table(Location(found.name, sheet=sheet.title), sheet.title)
    for child in children.values():
        _Audit(stage, child).add()


def _number(sheet: Sheet) -> int:
    found = _TITLE.match(sheet.title)
    return int(found[1]) if found else 0
