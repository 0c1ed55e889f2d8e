"""What a mapping may read: CSV files and the sheets of workbooks, as rows of text with places.

In: a file or a folder. Out: one source table after another; warnings go to the stage.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from engine.errors import Location
from engine.records.delimited import delimiter_of, rows_of
from engine.records.found import Found, stop
from engine.records.places import Layout
from engine.records.recognise import is_json, is_json_lines, is_text, is_workbook
from engine.records.sheets import SheetRow, sheets_of
from engine.records.stage import Stage
from engine.records.text import utf8_of

MOST_COLUMNS = 16_384  # as many as a sheet has


@dataclass(frozen=True)
class SourceTable:
    """A file or sheet: its title, its place, how its places are named, and its rows."""

    title: str
    location: Location
    layout: Layout
    rows: Iterator[SheetRow]


def source_tables(found: Found, stage: Stage) -> Iterator[SourceTable]:
    """Yield every file and sheet of a source; each is to be read before the next is asked for."""
    if not found.folder and not is_workbook(found) and not _is_delimited(found):
        said = f"a mapping reads CSV files and workbooks, and `{found.name}` is neither"
        raise stop(found.location, "B246", said, "save it as CSV or as a workbook (.xlsx)")
    for file in found.inside if found.folder else (found,):
        if file.folder:
            stage.not_read(file)
        elif is_workbook(file):
            yield from _sheets(file)
        elif _is_delimited(file):
            yield _file(file, stage)
        else:
            stage.not_read(file)


def _is_delimited(found: Found) -> bool:
    return is_text(found) and not (is_json(found) or is_json_lines(found))


def _sheets(found: Found) -> Iterator[SourceTable]:
    with sheets_of(found) as sheets:
        for sheet in sheets:
            where = Location(found.name, sheet.title)
            yield SourceTable(sheet.title, where, Layout.SHEET, _narrow(sheet.rows(), where))


def _file(found: Found, stage: Stage) -> SourceTable:
    path = utf8_of(found, stage)
    rows = (SheetRow(line, [*row], {}) for line, row in rows_of(path, delimiter_of(path)))
    return SourceTable(found.stem, found.location, Layout.LINES, _narrow(rows, found.location))


def _narrow(rows: Iterator[SheetRow], where: Location) -> Iterator[SheetRow]:
    """Yield rows; stop at a first row that is too wide for any table."""
    for first in rows:
        if len(first.cells) > MOST_COLUMNS:
            said = f"the first row has {len(first.cells):,} columns, and {MOST_COLUMNS:,} are read"
            raise stop(where, "B245", said, "is the file what it should be?")
        yield from chain((first,), rows)
