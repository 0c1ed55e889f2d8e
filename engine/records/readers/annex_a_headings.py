"""Which sheet is which list of Annex A: its header says so first, and its name where that is all.

In: a sheet's title and first rows as text. Out: the list, the header's row and Annex A's columns.
It must not know tables of the batch.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from engine.records.cells import clean
from engine.records.headers import SEARCHED, Row
from engine.records.readers.annex_a_lists import (
    CHILD,
    DOUBTED,
    EVERY_LIST,
    LISTS,
    AnnexList,
    Column,
    Rows,
)
from engine.records.readers.annex_a_spellings import SPELLINGS

# so many columns of its own make a sheet of another name a list
ENOUGH = 2
ADOPTERS = 11

_TITLE = re.compile(r"list[\s_.-]*0*([0-9]{1,2})(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """The header of a list: its row (from 0), and the position of each column by Annex A's name.

    `unknown` are the positions of filled headers that are none of the list's, or stand again.
    """

    list: AnnexList
    row: int
    columns: Mapping[str, int]
    unknown: tuple[int, ...]


def find_heading(title: str, rows: Sequence[Row]) -> Heading | None:
    """Return the header of the list that a sheet holds; `None` where it holds none."""
    named = number_of(title)
    best: tuple[int, bool, int, int] | None = None
    for at, row in enumerate(rows[:SEARCHED]):
        found = {_key(cell) for cell in row if cell}
        for place, known in enumerate(LISTS):
            columns = {_columns(known).get(key) for key in found} - {None}
            own = len(columns - set(EVERY_LIST))
            if CHILD in columns and (named == known.number or own >= ENOUGH):
                best = max(best or (-1, False, 0, 0), (own, named == known.number, -at, -place))
    if best is None:
        return None
    _, _, above, place = best
    return _heading(LISTS[-place], -above, rows[-above])


def number_of(title: str) -> int | None:
    """Return the number of the list that a sheet's title names.

    >>> number_of("List 7"), number_of("annex a - LIST_08 (CLA)"), number_of("Guidance")
    (7, 8, None)
    """
    found = _TITLE.search(title)
    return int(found[1]) if found else None


def headers_of(rows: Rows) -> Mapping[str, str]:
    """Return the header that fills each field of the rows."""
    return {
        name: column.header if isinstance(column, Column) else column
        for name, column in rows.columns.items()
    }


def columns_of(known: AnnexList) -> tuple[str, ...]:
    """Return the columns of a list that are read, beside those of every list."""
    filled = (header for rows in known.rows for header in headers_of(rows).values())
    status = known.status.header if known.status else ""
    return tuple(filter(None, (*filled, *known.facts.values(), *known.worker, known.over, status)))


def doubted(header: Row, columns: Mapping[str, int]) -> frozenset[str]:
    """Return the columns in which `No` says nothing, because a script wrote the header."""
    return frozenset(
        name
        for name, written in DOUBTED.items()
        if name in columns and _key(header[columns[name]] or "") == _key(written)
    )


def _heading(found: AnnexList, at: int, row: Row) -> Heading:
    columns: dict[str, int] = {}
    unknown = []
    for position, cell in enumerate(row):
        name = _columns(found).get(_key(cell or ""))
        if name and name not in columns:
            columns[name] = position
        elif clean(cell):
            unknown.append(position)
    return Heading(found, at, columns, tuple(unknown))


@cache
def _columns(known: AnnexList) -> Mapping[str, str]:
    """Return the columns of a list by every way to write them."""
    names: Iterable[str] = (*EVERY_LIST, *columns_of(known), *known.unused)
    return {_key(way): name for name in names for way in (name, *SPELLINGS.get(name, ()))}


def _key(header: str) -> str:
    r"""Return what is compared of a header.

    >>> _key("Date of the Last\u00a0Statutory Visit ") == _key("DateOfTheLastStatutoryVisit")
    True
    """
    return re.sub(r"[^0-9a-z]", "", header.casefold())
