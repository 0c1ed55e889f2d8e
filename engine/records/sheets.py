"""The sheets of an Excel workbook as rows of text.

In: a workbook. Out: sheets; a row is its number, the text of its cells, and the cells that cannot
be read. It must not know tables.
"""

import sys
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import IO, Any
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from engine.errors import Stop
from engine.records.found import Found, stop
from engine.records.places import letters
from engine.records.plain_workbook import plain_sheets
from engine.records.recognise import WORKBOOK_PART

# `#N/A` is no error here: people write it for "nothing to say"
ERRORS = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!")
# what is known to be raised by broken parts of a workbook; a fuzz test looks for more
READ_ERRORS = (
    AttributeError, BadZipFile, EOFError, IndexError, KeyError, LookupError, OSError, OverflowError,
    RuntimeError,  # a part is encrypted, or packed in a way that is not known
    SyntaxError,  # so every parser of XML calls a mistake in it
    TypeError, ValueError, zlib.error,
)  # fmt: skip
# what a sheet of Excel can hold; a damaged or hostile one may claim any number
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
# empty cells before a far one count, since each has to be passed
MOST_CELLS = 100_000_000
CHUNK = 1 << 20
_CELL, _FORMULA, _VALUE, _SHEET = (
    f"{{http://schemas.openxmlformats.org/spreadsheetml/2006/main}}{tag}"
    for tag in ("c", "f", "v", "sheet")
)


@dataclass(frozen=True)
class SheetRow:
    """A row: its number in Excel, the text of its cells, and what is wrong by column (from 0)."""

    number: int
    cells: list[str | None]
    faults: Mapping[int, str]


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook."""

    found: Found
    title: str
    hidden: bool
    values: Callable[[], Iterator[Sequence[object]]]
    unfinished: frozenset[str]  # the cells with a formula that has no result

    def rows(self) -> Iterator[SheetRow]:
        """Yield the rows that hold anything; hidden rows are rows."""
        for number, values in enumerate(self._values(), start=1):
            if not values:
                continue
            row = self._row(number, values)
            if row.faults or any(row.cells):
                yield row

    def _row(self, number: int, values: Sequence[object]) -> SheetRow:
        cells: list[str | None] = []
        faults: dict[int, str] = {}
        for at, value in enumerate(values):
            unfinished = bool(self.unfinished) and f"{letters(at)}{number}" in self.unfinished
            text, fault = _read(value, unfinished=unfinished)
            cells.append(text)
            if fault:
                faults[at] = fault
        return SheetRow(number, cells, faults)

    def _values(self) -> Iterator[Sequence[object]]:
        try:
            with _quiet():
                cells = 0
                for row in self.values():
                    cells += len(row)
                    if len(row) > MOST_COLUMNS:
                        raise _damaged(self.found)
                    if cells > MOST_CELLS:
                        raise _too_large(self.found)
                    yield row
        except READ_ERRORS as error:
            raise _damaged(self.found) from error


def _too_large(found: Found) -> Stop:
    said = f"`{found.name}` unpacks to more cells than can be read safely"
    return stop(found.location, "B007", said, "give the tables as a folder of CSV files")


@contextmanager
def sheets_of(found: Found) -> Iterator[list[Sheet]]:
    """Open a workbook and give its sheets; stop at one that is damaged."""
    # opened here, since a workbook may have any name
    with found.path.open("rb") as file, ExitStack() as opened:
        try:
            with _quiet(), ZipFile(found.path) as archive:
                sheets = _plain(found, file, archive) or _any(found, file, archive, opened)
        except READ_ERRORS as error:
            raise _damaged(found) from error
        yield sheets


def _plain(found: Found, file: IO[bytes], archive: ZipFile) -> list[Sheet]:
    """Return the sheets of a workbook in plain form; none of any other."""
    return [
        Sheet(found, sheet.title, sheet.hidden, sheet.rows, frozenset())
        for sheet in plain_sheets(file, archive) or ()
    ]


def _any(found: Found, file: IO[bytes], archive: ZipFile, opened: ExitStack) -> list[Sheet]:
    """Return the sheets of any workbook."""
    with _no_numpy():
        import openpyxl

    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    opened.callback(book.close)
    return [_sheet(found, archive, sheet) for sheet in book.worksheets]


def titles_of(found: Found) -> tuple[str, ...]:
    """Return the titles of a workbook's sheets as it lists them; none where it cannot be read."""
    try:
        with ZipFile(found.path) as archive, archive.open(WORKBOOK_PART) as part:
            sheets = ET.parse(part).iter(_SHEET)  # noqa: S314 - as openpyxl does
            return tuple(sheet.get("name", "") for sheet in sheets)
    except READ_ERRORS:
        return ()


@contextmanager
def _no_numpy() -> Iterator[None]:
    """Hide numpy from openpyxl, which imports it to know its numbers: no workbook holds any.

    To import it takes as long as to read a small workbook. The openpyxl of this process then knows
    no numbers of numpy for good; nothing here gives it any to write.
    """
    if {"numpy", "openpyxl"} & sys.modules.keys():
        yield
        return
    sys.modules["numpy"] = None  # type: ignore[assignment] # so an import is told that it is not there
    try:
        yield
    finally:
        del sys.modules["numpy"]


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of styles and of dates that are no dates
        yield


def _damaged(found: Found) -> Stop:
    said = f"`{found.name}` is damaged and cannot be read as a workbook"
    return stop(found.location, "B009", said, "open it in Excel and save it again")


def _sheet(found: Found, archive: ZipFile, sheet: Any) -> Sheet:  # noqa: ANN401 - openpyxl has no types
    sheet.reset_dimensions()  # what the file says of its own size is often wrong
    hidden = sheet.sheet_state != "visible"
    path = sheet._worksheet_path  # noqa: SLF001 - there is no other way to the part of a sheet
    rows = partial(sheet.iter_rows, max_row=MOST_ROWS, values_only=True)
    return Sheet(found, sheet.title, hidden, rows, _unfinished(archive, path))


def _has_no_result(cell: ET.Element) -> bool:
    # an empty text is a result; some programs write an empty value where there is none
    return cell.get("t") != "str" and not cell.findtext(_VALUE)


def _unfinished(archive: ZipFile, path: str) -> frozenset[str]:
    """Return the cells with a formula of which the workbook holds no result."""
    if not _has_formulas(archive, path):
        return frozenset()
    with archive.open(path) as part:
        cells = (e for _, e in ET.iterparse(part) if e.tag == _CELL)  # noqa: S314
        return frozenset(
            cell.get("r", "")
            for cell in cells
            if cell.find(_FORMULA) is not None and _has_no_result(cell)
        )


def _has_formulas(archive: ZipFile, path: str) -> bool:
    with archive.open(path) as part:
        last = b""
        while chunk := part.read(CHUNK):
            if b"<f" in last + chunk:
                return True
            last = chunk[-1:]
    return False


def _read(value: object, *, unfinished: bool) -> tuple[str | None, str]:
    if unfinished:
        return None, "the cell holds a formula without a result"
    if isinstance(value, str) and value.strip() in ERRORS:
        return value, f"the cell shows the error `{value.strip()}`"
    return text_of(value), ""


def text_of(value: object) -> str | None:
    """Return the text of a cell's value.

    >>> text_of(17.0), text_of(True), text_of(datetime(2024, 3, 1)), text_of(None)
    ('17', 'true', '2024-03-01', None)
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        moment = _whole_second(value)
        return str(moment.date()) if moment.time() == time() else moment.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _whole_second(moment: datetime) -> datetime:
    # Excel counts in fractions of a day, so 10:30 may arrive as 10:29:59.999997
    try:
        return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    except OverflowError:  # the last half second of all days has none after it
        return moment.replace(microsecond=0)
