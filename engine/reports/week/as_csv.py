"""`week-csv/`: a CSV file a table, `texts.csv` and `facts.csv`, nothing live.

In: a document. Out: UTF-8 with a byte order mark and CRLF, as Excel wants them. Numbers stay
numbers, with as many digits as may be shown; an estimate has its low and high beside it. Text that
a spreadsheet would take for a formula begins with an apostrophe.
It must not know how a cell is worded (`engine.reports.week.cells` does).
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.reports.as_csv import END, inert
from engine.reports.week import cells
from engine.reports.week.cells import Datum, PerCent
from engine.reports.week.document import Block, Bullets, Chart, Document, Heading, Paragraph, Table

NAME = "week-csv"
TEXTS, FACTS = "texts.csv", "facts.csv"
TEXT_COLUMNS = "section", "number", "kind", "text"
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


def write(document: Document, folder: Path) -> None:
    """Write `week-csv/`."""
    files = folder / NAME
    files.mkdir(exist_ok=True)
    _write(files / TEXTS, (TEXT_COLUMNS, *_texts(document)))
    _write(files / FACTS, (("what", "value"), ("Marking", document.marking), *document.facts))
    for name, table in named(document):
        spread = cells.spread(table)
        _write(files / name, ([column.title for column in spread.columns], *spread.rows))


def named(document: Document) -> Iterator[tuple[str, Table]]:
    """Yield every table with the name of its file: its section, then its own id."""
    taken = {TEXTS, FACTS}
    for section in document.sections:
        for table in cells.tables(section):
            name = _file_name(section.id, table.id)
            number = 2
            while name in taken:
                name = _file_name(section.id, table.id, str(number))
                number += 1
            taken.add(name)
            yield name, table


def _file_name(*parts: str) -> str:
    words = (_NOT_A_NAME.sub("-", part.lower()).strip("-") for part in parts)
    return "-".join(word for word in words if word)[:60] + ".csv"


def _texts(document: Document) -> Iterator[tuple[Datum, ...]]:
    yield "", 1, "title", document.title
    yield "", 2, "subtitle", document.subtitle
    yield "", 3, "marking", document.marking
    for section in document.sections:
        said = (line for block in section.blocks for line in _lines(block))
        for number, (kind, text) in enumerate((("title", section.title), *said), 1):
            yield section.title, number, kind, text


def _lines(block: Block) -> Iterator[tuple[str, str]]:
    match block:
        case Heading():
            yield "heading", block.text
        case Paragraph():
            yield block.style or "paragraph", cells.words(block.words)
        case Bullets():
            yield from (("bullet", cells.words(item)) for item in block.items)
        case Chart():
            yield "chart", cells.alternative(block)
            yield from _lines(block.table)
        case Table():
            yield "table", block.title
            if block.note:
                yield "note", block.note


def _write(path: Path, rows: Iterable[Sequence[Datum]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        writer = csv.writer(file, lineterminator=END)
        writer.writerows([_written(datum) for datum in row] for row in rows)


def _written(datum: Datum) -> str | int | float:
    if isinstance(datum, float):
        return datum
    return f"{datum.value}%" if isinstance(datum, PerCent) else inert(datum)
