"""A folder of CSV files, one a table, named as the table.

Commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252; line ends and quotes as they come.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from engine.errors import Location
from engine.records.csv_columns import CsvColumns, FormFault
from engine.records.delimited import SEEN, Numbered, after, delimiter_of, rows_of
from engine.records.found import Found
from engine.records.headers import SEARCHED, Header, check_width, find_header, warn_unknown
from engine.records.places import Fault, Layout, Part, Place
from engine.records.readers.reader import Reader
from engine.records.recognise import is_json, is_json_lines, is_text, is_yaml
from engine.records.stage import Stage
from engine.records.staging import RowStage
from engine.records.text import utf8_of
from engine.rulebook.fields import AUDIT_ID, AUDITS

# the database reads a larger file faster; a smaller one is read before the database has started
LARGE = 250_000
ENDINGS = (".csv", ".tsv", ".txt")  # only to tell a misnamed table from any other file


def _recognise(found: Found) -> bool:
    return any(map(_is_table, found.named(AUDITS)))


def _is_table(found: Found) -> bool:
    return is_text(found) and not (is_json_lines(found) or is_json(found) or is_yaml(found))


def _read(found: Found, stage: Stage) -> None:
    for file in found.inside:
        table = stage.dictionary.table(file.stem)
        if table is not None and _is_table(file):
            # the database takes a table whole, so one in several files is read row by row
            _file(file, table, stage, alone=len(found.named(table)) == 1)
        elif table is None and file.path.suffix.lower() in ENDINGS:
            stage.unknown_table(file.location, file.stem)
        else:
            stage.not_read(file)


def _file(file: Found, table: str, stage: Stage, *, alone: bool) -> None:
    path = utf8_of(file, stage)
    # texts in a batch of our own may hold any number of other delimiters
    delimiter = delimiter_of(path, 1 if stage.apostrophes else SEEN)
    spec = stage.dictionary.tables[table]
    first = list(islice(rows_of(path, delimiter), SEARCHED))
    check_width(file.location, [row for _, row in first])
    header = find_header(spec, [row for _, row in first])
    if header is None:
        stage.no_header(file.location, table)
        return
    line, titles = first[header.above]
    if AUDIT_ID not in header.columns:
        stage.no_audit_id(replace(file.location, line=line), spec, titles)
        return
    places = [Location(file.name, line=line, column=at + 1) for at in range(len(titles))]
    warn_unknown(stage, spec, titles, places)
    part = Part(file.name, Layout.LINES, columns=header.columns)
    columns = CsvColumns(
        spec, part, path, delimiter, header, line, stage.put_aside, stage.apostrophes
    )
    if not (alone and file.size > LARGE and _fast(columns, stage, titles)):
        _rows(columns, stage.rows(table))


def _fast(columns: CsvColumns, stage: Stage, titles: Sequence[str]) -> bool:
    """Let the database read the file; say whether it did."""
    plain = not columns.header.again and not any(set("\r\n") & set(title) for title in titles)
    if not plain:
        return False
    try:
        columns.load(stage.con, columns.header_line)
    except FormFault:
        return False
    stage.tables[columns.spec.name] = columns
    return True


def _rows(columns: CsvColumns, staged: RowStage) -> None:
    staged.present.update(columns.header.columns)
    rows = after(rows_of(columns.path, columns.delimiter), columns.header_line)
    for numbered in rows:
        _row(columns, staged, numbered)


def _row(columns: CsvColumns, staged: RowStage, numbered: Numbered) -> None:
    line, row = numbered
    place = Place(columns.part, line)
    faults = _shape(columns.header, row) or columns.header.faults(row)
    cells = columns.cells(row)
    if faults:
        named = dict(zip(staged.spec.names, cells, strict=True))
        staged.refuse(place, {name: cell for name, cell in named.items() if cell}, faults)
    else:
        staged.add(place, cells)


def _shape(header: Header, row: Sequence[str]) -> list[Fault]:
    if len(row) == header.width or (len(row) > header.width and not any(row[header.width :])):
        return []
    said = f"the row has {len(row)} cells and the header has {header.width}"
    return [Fault("", "B201", said, "put quotes around text that holds a comma or a line end")]


CSV_FOLDER = Reader("a folder of CSV files", _recognise, _read)
