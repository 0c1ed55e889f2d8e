"""Which of few rows may hold personal data, told in Python: the same as the database would.

In: rows that are held. Out: those with a text worth a closer look, as `personal_data.py` asks the
database for them. It must not know what becomes of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.records.held import Held, Wire
from engine.records.personal_patterns import MARKS, MAYBE, MAYBE_DATE, MAYBE_ID
from engine.rulebook.fields import AUDIT_ID
from engine.workdays import add_months

BIRTH_MONTH = "birth_month"
_YEAR = 12
_MARK = re.compile(MARKS)
# as the database reads them: to it a dotless i is no i in any case
_TEXT = re.compile(f"{MAYBE}|{MAYBE_DATE}", re.ASCII)
_SURE = re.compile(MAYBE, re.ASCII)
_ID = re.compile(MAYBE_ID, re.ASCII)

Born = Mapping[str, date | None]
Suspect = tuple[int, str, date | None, Mapping[str, Wire]]


@dataclass(frozen=True)
class Births:
    """The months in which the children of audits were born, as SQL, and of few audits themselves.

    Nothing is known where the SQL is blank.
    """

    sql: str = ""
    few: Born | None = None


def born_of_few(audits: Held, ends: Sequence[str]) -> Born:
    """Return the month of birth by audit, but of a baby; `ends` say when an audit ended."""
    born: dict[str, date | None] = {}
    columns = (audits[name] for name in (AUDIT_ID, BIRTH_MONTH, *ends))
    for audit, birth, *days in zip(*columns, strict=True):
        last = max((day for day in days if isinstance(day, date)), default=None)
        known = birth if isinstance(birth, date) else None
        baby = bool(known and last and last < add_months(known, _YEAR))
        born[str(audit)] = None if baby else known
    return born


def may_hold(cell: Wire) -> bool:
    """Say whether a cell may hold anything, as a text or as an id."""
    # the first look is twenty times as quick, and ends the matter for most texts
    return bool(cell and _MARK.search(cell) and _TEXT.search(cell))


def suspects_of_few(
    held: Held, texts: Sequence[str], ids: Sequence[str], born: Born
) -> Sequence[Suspect]:
    """Return the rows that may hold something: number, audit, month of birth, and their cells."""
    names = (*texts, *ids)
    kinds = (_TEXT,) * len(texts) + (_ID,) * len(ids)
    columns = [held.wires(name) for name in names]
    found: list[Suspect] = []
    for rowid, audit, *cells in zip(held.rowids, held.wires(AUDIT_ID), *columns, strict=True):
        pairs = zip(kinds, cells, strict=True)
        if not any(cell and _MARK.search(cell) and kind.search(cell) for kind, cell in pairs):
            continue
        birth = born.get(str(audit))
        if _is_sure(cells, str(birth.year) if birth else ""):
            found.append((rowid, str(audit), birth, dict(zip(names, cells, strict=True))))
    return found


def _is_sure(cells: Sequence[Wire], year: str) -> bool:
    """Say whether a row has more than days of other years than that of birth."""
    return any(cell and (_SURE.search(cell) or (year and year in cell)) for cell in cells)
