"""What a report says, and what a reader finds in each format, without any white space."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import docx
import pypdfium2
from docx.oxml.ns import qn
from openpyxl import load_workbook

from engine.reports.week import cells
from engine.reports.week.cells import Datum, PerCent
from engine.reports.week.document import Block, Bullets, Chart, Document, Heading, Paragraph, Table

NOT_READ = re.compile("[\\s\N{ZERO WIDTH SPACE}]")
NAMES = {
    "\N{CHILD}": "[child]",
    "\N{SMILING FACE WITH HALO}": "[smiling face with halo]",
    "北": "[cjk unified ideograph-5317]",
    "京": "[cjk unified ideograph-4eac]",
}
"""How a page writes the characters of the sample that no font holds."""


def bare(text: str) -> str:
    return NOT_READ.sub("", text)


def texts(document: Document) -> Iterator[str]:
    """Yield every text outside the cells of tables, with the numbers in it."""
    yield from (document.title, document.subtitle, document.marking)
    for fact in document.facts:
        yield from fact
    for section in document.sections:
        yield section.title
        for block in section.blocks:
            yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield cells.words(block.words)
        case Bullets():
            yield from map(cells.words, block.items)
        case Heading():
            yield block.text
        case Table():
            yield from (block.title, block.note, *(column.title for column in block.columns))
        case Chart():
            yield block.title
            yield from _texts(block.table)


def tables(document: Document) -> Iterator[Table]:
    for section in document.sections:
        yield from cells.tables(section)


def of_pdf(path: Path) -> list[str]:
    """Return the text of each page."""
    with pypdfium2.PdfDocument(path) as pdf:
        return [_page(pdf[number]) for number in range(len(pdf))]


def _page(page: pypdfium2.PdfPage) -> str:
    read = page.get_textpage()
    text: str = read.get_text_range()
    read.close()
    page.close()
    return text


def of_docx(path: Path) -> str:
    """Return the text of the body, the header and the footer."""
    word = docx.Document(str(path))
    parts = (word.element.body, word.sections[0].header._element, word.sections[0].footer._element)  # noqa: SLF001 - no public way
    return "".join(text.text or "" for part in parts for text in part.iter(qn("w:t")))


def of_xlsx(path: Path) -> list[list[object]]:
    """Return the rows of every sheet."""
    book = load_workbook(path)
    return [list(row) for sheet in book for row in sheet.iter_rows(values_only=True)]


def of_csv(folder: Path) -> Mapping[str, list[list[str]]]:
    """Return the rows of every file."""
    found = {}
    for path in sorted(folder.iterdir()):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.name] = list(csv.reader(file))
    return found


def as_csv_writes(datum: Datum) -> str:
    match datum:
        case PerCent():
            return f"{datum.value}%"
        case None:
            return ""
        case str():
            live = datum.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
            return f"'{datum}" if live else datum
    return str(datum)


PAGES: Mapping[str, Callable[[Path], str]] = {
    "pdf": lambda folder: "".join(of_pdf(folder / "week.pdf")),
    "docx": lambda folder: of_docx(folder / "week.docx"),
}
