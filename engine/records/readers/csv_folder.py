"""A folder of CSV files, one a table, named as the table.

Commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252; line ends and quotes as they come.
"""

import csv
from collections.abc import Iterator, Sequence

from engine.errors import Location
from engine.records.found import Found
from engine.records.headers import SEARCHED, Header, find_header, warn_unknown
from engine.records.places import Fault, Layout, Part, Place
from engine.records.readers.reader import Reader
from engine.records.stage import Stage
from engine.records.text import Text, text_of

csv.field_size_limit(2**31 - 1)


def _recognise(found: Found) -> bool:
    return found.folder and any(inner.name.lower().endswith(".csv") for inner in found.inside)


def _read(found: Found, stage: Stage) -> None:
    for file in found.inside:
        table = stage.dictionary.table(file.stem)
        if table is None:
            way_out = stage.dictionary.suggest_table(file.stem)
            stage.warn(file.location, "B101", f"`{file.stem}` is no table and was not read", way_out)
        else:
            _file(file, table, stage)


def _file(file: Found, table: str, stage: Stage) -> None:
    text = text_of(file, stage)
    delimiter = _delimiter(text, stage.dictionary.tables[table].names)
    rows = _numbered(text, delimiter)
    writer = stage.rows(table)
    first = [row for _, row in zip(range(SEARCHED), rows, strict=False)]
    header = find_header(writer.spec, [row for _, row in first])
    if header is None:
        stage.warn(file.location, "B102", f"no column of `{table}` was found in the header")
        return
    line, titles = first[header.above]
    places = [Location(file.name, line=line, column=at + 1) for at in range(len(titles))]
    warn_unknown(stage, writer.spec, titles, places)
    writer.present.update(header.columns)
    part = Part(file.name, Layout.LINES, columns=header.columns)
    for line, row in (*first[header.above + 1 :], *()):
        _row(writer, header, Place(part, line), row)
    for line, row in rows:
        _row(writer, header, Place(part, line), row)


def _row(writer, header: Header, place: Place, row: list[str]) -> None:
    if not any(row):
        return
    faults = _shape(header, row) or (header.faults(row) if header.again else [])
    cells = header.cells(writer.spec, row)
    if faults:
        writer.refuse(place, dict(zip(writer.spec.names, cells, strict=True)) | {"row": row}, faults)
    else:
        writer.add(place, cells)


def _shape(header: Header, row: Sequence[str]) -> list[Fault]:
    if len(row) == header.width or (len(row) > header.width and not any(row[header.width :])):
        return []
    return [Fault("", "B201", f"the row has {len(row)} cells and the header {header.width}")]


def _numbered(text: Text, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the lines on which they begin."""
    with text.open() as lines:
        reader = csv.reader(lines, delimiter=delimiter)
        line = 1
        for row in reader:
            yield line, row
            line = reader.line_num + 1


def _delimiter(text: Text, names: Sequence[str]) -> str:
    with text.open() as lines:
        first = "".join(line for _, line in zip(range(SEARCHED), lines, strict=False))
    return max(",;\t", key=lambda mark: (first.count(mark), mark == ","))


CSV_FOLDER = Reader("a folder of CSV files", _recognise, _read)
