"""`week.pdf`: the report for a meeting, A4, accessible (PDF/UA-1), the summary on its first page.

In: a document. Out: one PDF with the same bytes each time. What people wrote goes to Typst as data
and is printed as text; nothing of it can be markup.
It must not know how a page looks (`templates/week.typ` does).
"""

import re
import unicodedata
from pathlib import Path
from typing import assert_never

from engine.reports.week import cells, charts, columns, typeset
from engine.reports.week.document import (
    Block,
    Bullets,
    Chart,
    Column,
    Document,
    Heading,
    Paragraph,
    Section,
    Table,
)

NAME = "week.pdf"
TEMPLATE = "week.typ"
LONGEST_WORD = 24  # characters; a longer one may be broken

_MARKS = "Mn", "Me", "Cf"
_LONG = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"


def write(document: Document, folder: Path) -> None:
    """Write `week.pdf`; stop where Typst is not installed."""
    typeset.check()
    (folder / NAME).write_bytes(typeset.pdf(TEMPLATE, as_data(document)))


def as_data(document: Document) -> dict[str, object]:
    """Return what the template prints."""
    return {
        "title": _heading(document.title),
        "subtitle": shown(document.subtitle),
        "marking": shown(document.marking),
        "sections": [_section(section) for section in document.sections],
        "facts": {**_table(cells.facts(document)), "title": ""},  # its heading says it
        "words": {
            "page": "Page",
            "part": "part",
            "of": "of",
            "contents": "Contents",
            "table": "Table",
            "figure": "Figure",
            "facts": cells.FACTS,
            "empty": cells.EMPTY,
        },
    }


def shown(text: str) -> str:
    """Return text as a page shows it: without control characters, long words free to break.

    >>> len(shown("x" * 50))
    52
    """
    return _LONG.sub(rf"\g<0>{_MAY_BREAK}", cells.printable(text).expandtabs(1))


def drawable(picture: str) -> str:
    r"""Return a picture without the marks that Typst cannot place in one; the table keeps them.

    >>> drawable("e\u0301 \u05d0\u05b0 a\u200db") == "\xe9 \u05d0 ab"
    True
    """
    letters = unicodedata.normalize("NFC", picture)
    return letters if letters.isascii() else "".join(filter(_drawn, letters))


def _drawn(letter: str) -> bool:
    kind = unicodedata.category(letter)
    struck = kind == "Sm" and bool(unicodedata.decomposition(letter))
    return not struck and kind not in _MARKS


def _heading(text: str) -> str:
    """Return a heading; a page may not hold an empty one."""
    return shown(text) if text.strip() else cells.NOTHING


def _section(section: Section) -> dict[str, object]:
    return {"title": _heading(section.title), "blocks": [_block(block) for block in section.blocks]}


def _block(block: Block) -> dict[str, object]:
    match block:
        case Paragraph():
            said = shown(cells.words(block.words))
            return {"kind": "paragraph", "style": block.style, "text": said}
        case Bullets():
            items = [shown(cells.words(item)) for item in block.items]
            return {"kind": "bullets", "items": items}
        case Heading():
            return {"kind": "heading", "text": _heading(block.text)}
        case Table():
            return {"kind": "table", **_table(block)}
        case Chart():
            return {"kind": "chart", **_chart(block)}
    assert_never(block)


def _chart(chart: Chart) -> dict[str, object]:
    return {
        "title": shown(chart.title),
        "alt": shown(cells.alternative(chart)),
        "pictures": [drawable(picture) for picture in charts.pages(chart)],
        "table": _table(chart.table),
    }


def _table(table: Table) -> dict[str, object]:
    rows = [[shown(cells.unbroken(cell)) for cell in row] for row in table.rows]
    titles = [shown(column.title) for column in table.columns]
    found = columns.fit([titles, *rows])
    return {
        "title": shown(table.title),
        "columns": [_column(column) for column in table.columns],
        "widths": [] if found.whole else found.widths,
        "size": found.size,
        "rows": rows,
        "note": shown(table.note),
    }


def _column(column: Column) -> dict[str, object]:
    return {"title": shown(column.title), "number": column.number}
