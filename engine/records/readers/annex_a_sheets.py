"""PROVISIONAL: the sheets of a workbook as rows of text, until the workbook reader's machinery lands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile

from engine.records.found import Found
from engine.records.headers import Row


@dataclass(frozen=True)
class Sheet:
    """A sheet: its file's name, its title, and its rows with their numbers."""

    file: str
    title: str
    cells: Any

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Yield every row with its number (from 1), as text."""
        for number, row in enumerate(self.cells.iter_rows(values_only=True), start=1):
            yield number, [_text(cell) for cell in row]


def sheets_of(found: Found) -> Iterator[Sheet]:
    """Yield the sheets of a workbook; none where it is no workbook."""
    from openpyxl import load_workbook  # slow to import

    if found.folder or not found.head.startswith(b"PK"):
        return
    try:
        book = load_workbook(found.path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, OSError, ValueError):
        return
    for sheet in book.worksheets:
        yield Sheet(found.name, sheet.title, sheet)
    book.close()


def _text(cell: object) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time().isoformat() != "00:00:00" else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return repr(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
