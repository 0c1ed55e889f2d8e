"""The SSDA903 return on children in care: a folder of CSV files, or one XML file.

Each file is known by the columns of its header, whatever its name; what they mean stands in
`ssda903_tables.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NoReturn

from engine.errors import Location
from engine.records.cells import clean
from engine.records.delimited import after, delimiter_of, rows_of
from engine.records.found import Found, stop
from engine.records.places import Fault, Layout, Part, Place
from engine.records.readers import ssda903_tables as t
from engine.records.readers.ssda903_return import Return
from engine.records.recognise import is_text, is_xml, lines_of
from engine.records.stage import Stage
from engine.records.text import utf8_of
from engine.records.xml_elements import Element, elements, say_encoding
from engine.rulebook.fields import AUDIT_ID

SEARCHED = 30
DELIMITERS = ",;\t"
WIDEST = 1 << 20  # a line that is longer is no header of a return


@dataclass(frozen=True)
class Sheet:
    """One CSV file, the table that it holds, and where its columns stand."""

    file: Found
    table: t.Table
    columns: Mapping[str, int]


def _table_in(found: Found) -> t.Table | None:
    """Return the table that a file holds, by the first lines that hold anything."""
    if found.folder or not is_text(found) or is_xml(found):
        return None
    for line in islice(lines_of(found), SEARCHED):
        for mark in DELIMITERS if len(line) < WIDEST else "":
            if table := t.table_of(frozenset(map(t.column, line.split(mark)))):
                return table
    return None


def recognise_folder(found: Found) -> bool:
    """Say whether a folder holds a table of a return."""
    return any(map(_table_in, found.inside))


def recognise_table(found: Found) -> bool:
    """Say whether a file is one table of a return."""
    return _table_in(found) is not None


def refuse_table(found: Found) -> NoReturn:
    """Say that a table of a return stands alone.

    Raises:
        Stop: always.
    """
    table = _table_in(found)
    name = table.name if table else ""
    said = f"`{found.name}` is the table {name} of an SSDA903 return, and stands alone"
    needed = t.BY_NAME[t.EPISODES if name == t.HEADER else t.HEADER]
    way_out = (
        f"give the folder that holds it with the table {needed.name} "
        f"({', '.join(needed.columns)}) and the others"
    )
    raise stop(found.location, "B012", said, way_out)


def read_folder(found: Found, stage: Stage) -> None:
    """Fill the stage with a child an audit, from tables."""
    stage.source = "SSDA903 return"
    made = Return(stage, found.location)
    sheets = []
    for file in found.inside:
        table = _table_in(file)
        if table is None:
            stage.not_read(file)
        elif not table.fills:
            said = f"the table {table.name} holds nothing that is read here"
            stage.warn(file.location, "B108", said)
        else:
            sheets.append((table, file))
    _say_missing({table.name for table, _ in sheets}, found, stage)
    for table, file in sorted(sheets, key=lambda pair: pair[0].name != t.HEADER):
        _sheet(file, table, stage, made)
    made.close()


def _say_missing(names: set[str], found: Found, stage: Stage) -> None:
    wanting = {
        t.HEADER: "nothing is known of when most children were born",
        t.EPISODES: "nothing is known of where children live, nor of their time in care",
    }
    for name, so in wanting.items():
        if name not in names:
            columns = ", ".join(t.BY_NAME[name].columns)
            said = f"the return has no table {name}, so {so}"
            stage.warn(found.location, "B132", said, f"its columns are {columns}")


def _sheet(file: Found, table: t.Table, stage: Stage, made: Return) -> None:
    path = utf8_of(file, stage)
    delimiter = delimiter_of(path)
    first = islice(rows_of(path, delimiter), SEARCHED)
    found = [(line, row) for line, row in first if table.known_by <= set(map(t.column, row))]
    if not found:
        return
    line, titles = found[0]
    columns: dict[str, int] = {}
    for at, title in enumerate(titles):
        name = t.column(title)
        if name in table.columns:
            columns.setdefault(name, at)
        elif clean(title):
            where = Location(file.name, line=line, column=at + 1)
            said = f"`{clean(title)}` is no column of the table {table.name} and was not read"
            stage.warn(where, "B102", said)
    part = _part(file, table, columns)
    stage.rows(table.fills).present.update(_present(table, columns))
    for number, row in after(rows_of(path, delimiter), line):
        place = Place(part, number)
        cells = {name: (row[at] if at < len(row) else "").strip() for name, at in columns.items()}
        if len(row) == len(titles) or (len(row) > len(titles) and not any(row[len(titles) :])):
            made.take(table, place, cells)
        else:
            _misshapen(
                stage,
                table,
                place,
                cells | {AUDIT_ID: cells.get(t.CHILD, "")},
                (len(row), len(titles)),
            )


def _misshapen(
    stage: Stage, table: t.Table, place: Place, row: Mapping[str, str], sizes: tuple[int, int]
) -> None:
    said = f"the row has {sizes[0]} cells and the header has {sizes[1]}"
    way_out = "put quotes around text that holds a comma or a line end"
    stage.rows(table.fills).refuse(place, row, [Fault("", "B201", said, way_out)])


def _part(file: Found, table: t.Table, columns: Mapping[str, int]) -> Part:
    named = {AUDIT_ID: t.CHILD, "birth_month": t.BORN, **table.names}
    at = {name: columns[title] for name, title in named.items() if title in columns}
    return Part(file.name, Layout.LINES, columns=at)


def _present(table: t.Table, columns: Mapping[str, int]) -> Iterator[str]:
    yield from (name for name, title in table.names.items() if title in columns)
    if table.name == t.REVIEWS:
        yield "kind"


def _child(names: tuple[str, ...]) -> bool:
    return len(names) in (2, 3) and names[-1].upper() == "CHILD"


def recognise_xml(found: Found) -> bool:
    """Say whether an XML file is a return."""
    first = next(elements(found, _child), None)
    return first is not None and any(name.upper() == "CHILDID" for name in _leaves(first))


def _leaves(element: Element, deep: int = 0) -> dict[str, str]:
    """Return the texts in an element, and in those in it that have a name of their own."""
    found: dict[str, str] = {}
    for inner in element.inside:
        if not inner.inside:
            found.setdefault(inner.name, inner.text.strip())
        elif deep == 0 and inner.name.upper() == "HEADER":
            found |= _leaves(inner, 1)
    return found


def read_xml(found: Found, stage: Stage) -> None:
    """Fill the stage with a child an audit, from XML."""
    say_encoding(found, stage)
    stage.source = "SSDA903 return"
    made = Return(stage, found.location)
    parts = {table.name: _xml_part(found, table) for table in t.TABLES if table.fills}
    for table in t.TABLES:
        if table.fills and table.name != t.WORKERS:
            stage.rows(table.fills).present.update(_present(table, dict.fromkeys(table.columns, 0)))
    for child in elements(found, _child):
        _xml_child(child, parts, stage, made)
    made.close()


def _xml_part(found: Found, table: t.Table) -> Part:
    other = {name: written for written, name in t.IN_XML.items()}
    names = {AUDIT_ID: t.CHILD, "birth_month": t.BORN, **table.names}
    return Part(
        found.name, Layout.NESTED, names={n: other.get(title, title) for n, title in names.items()}
    )


def _xml_child(child: Element, parts: Mapping[str, Part], stage: Stage, made: Return) -> None:
    own = {t.column(name): text for name, text in _leaves(child).items()}
    number = {t.CHILD: own.get(t.CHILD, "")}
    header = child.first("HEADER") or child
    place = Place(parts[t.HEADER], header.line, header.path)
    made.take(t.BY_NAME[t.HEADER], place, number | {t.BORN: own.get(t.BORN, "")})
    inner = list(child.inside)
    for element in inner:
        if element.name.upper() == "HEADER":
            inner.extend(element.inside)
    for element in inner:
        cells = {
            t.column(leaf.name): leaf.text.strip() for leaf in element.inside if not leaf.inside
        }
        table = t.table_of(frozenset({t.CHILD, *cells})) if element is not header else None
        if table and table.names:
            if table.name == t.WORKERS:
                stage.rows(table.fills).present.update(table.names)
            made.take(table, Place(parts[table.name], element.line, element.path), cells | number)
