"""An Excel workbook with a sheet for each table, or the auditors' form (`form.py`).

A sheet is a table when its title names one; its header is the row that names the most fields.
"""

from dataclasses import replace
from itertools import chain, islice

from engine.errors import Location
from engine.records.cells import clean
from engine.records.dictionary import known_name
from engine.records.form_cover import cover_of
from engine.records.found import Found
from engine.records.headers import SEARCHED, Header, find_header, warn_unknown
from engine.records.places import Fault, Layout, Part, Place, letters
from engine.records.readers.form import read_form
from engine.records.sheets import Sheet, SheetRow, sheets_of
from engine.records.stage import Stage
from engine.records.staging import RowStage
from engine.rulebook.fields import AUDIT_ID


def read(found: Found, stage: Stage) -> None:
    """Fill the stage with the sheets that are tables."""
    with sheets_of(found) as sheets:
        if cover := cover_of(sheets):
            read_form(cover, sheets, stage)
            return
        for sheet in sheets:
            where = Location(found.name, sheet=sheet.title)
            table = stage.dictionary.table(sheet.title)
            if table:
                _table(sheet, table, where, stage)
            elif not sheet.hidden or _may_be_table(sheet, stage):
                stage.unknown_table(where, sheet.title)


def _may_be_table(sheet: Sheet, stage: Stage) -> bool:
    # the lists behind a form are often hidden, and nobody misses those
    if stage.dictionary.is_like_table(sheet.title):
        return True
    first = (row.cells for row in islice(sheet.rows(), SEARCHED))
    return any(known_name(cell or "", (AUDIT_ID,)) for row in first for cell in row)


def _table(sheet: Sheet, table: str, where: Location, stage: Stage) -> None:
    spec = stage.dictionary.tables[table]
    rows = sheet.rows()
    first = list(islice(rows, SEARCHED))
    header = find_header(spec, [row.cells for row in first])
    if header is None:
        stage.no_header(where, table)
        return
    if sheet.hidden:
        stage.warn(where, "B104", f"the sheet `{sheet.title}` is hidden and was read")
    titles = first[header.above]
    if AUDIT_ID not in header.columns:
        stage.no_audit_id(replace(where, line=titles.number), spec, titles.cells)
        return
    places = [
        Location(where.file, where.sheet, cell=f"{letters(at)}{titles.number}")
        for at in range(len(titles.cells))
    ]
    warn_unknown(stage, spec, titles.cells, places)
    staged = stage.rows(table)
    staged.present.update(header.columns)
    part = Part(where.file, Layout.SHEET, where.sheet, header.columns)
    for row in chain(first[header.above + 1 :], rows):
        _row(staged, header, Place(part, row.number), row)


def _row(staged: RowStage, header: Header, place: Place, row: SheetRow) -> None:
    cells = header.cells(staged.spec, row.cells)
    faults = header.faults(row.cells)
    faults += [
        Fault(name, "B204", row.faults[at], "put it right in Excel and save the workbook again")
        for name, at in header.columns.items()
        if at in row.faults
    ]
    if faults:
        named = zip(staged.spec.names, cells, strict=True)
        staged.refuse(place, {name: cell for name, cell in named if clean(cell)}, faults)
    else:
        staged.add(place, cells)
