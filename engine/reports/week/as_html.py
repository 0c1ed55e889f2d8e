"""`week.html`: the report to read on a screen, a telephone or paper, in one file without script.

In: a document. Out: HTML by `templates/week.html.j2`, every word of it escaped.
It must not hold wording that other formats share (`cells`), nor compute a number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.reports import as_html
from engine.reports.week import cells, charts
from engine.reports.week.charts.ink import name_of
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

if TYPE_CHECKING:
    from markupsafe import Markup

NAME = "week.html"
SUMMARY = 1  # so many sections make the first page
_BARE = re.compile(r"[^A-Za-z0-9 -]")
_LONG = re.compile(r"\S{25}")  # a word that may be broken anywhere, lest it widen its column
_STYLES = {"lead": "headline", "warning": "alerts"}


def write(document: Document, folder: Path) -> None:
    """Write `week.html`."""
    environment = as_html.environment()
    environment.tests["broken"] = lambda text: bool(_LONG.search(text))
    template = environment.get_template("week.html.j2")
    facts = _Grid.of("facts", cells.facts(document))
    text = template.render(
        title=_shown(document.title),
        subtitle=_shown(document.subtitle),
        marking=_shown(document.marking),
        printed_marking=in_style(document.marking),
        sections=list(_sections(document)),
        summary=SUMMARY,
        facts=facts,
        facts_title=cells.FACTS,
        empty=cells.EMPTY,
    )
    (folder / NAME).write_text(text, encoding="utf-8", errors="replace", newline="\n")


def in_style(text: str) -> "Markup":
    r"""Write words as a string of a style sheet, all but plain letters escaped.

    >>> print(in_style('A"</style>'))
    "A\000022\00003C\00002Fstyle\00003E"
    """
    from markupsafe import Markup

    bare = _BARE.sub(lambda found: f"\\{ord(found[0]):06X}", cells.printable(text))
    return Markup(f'"{bare}"')  # noqa: S704 - nothing but letters, digits and escapes is left


@dataclass(frozen=True)
class _Grid:
    """A table as the page shows it."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: list[list[str]]
    note: str

    @classmethod
    def of(cls, id_: str, table: Table, title: str = "") -> "_Grid":
        rows = [[_shown(cells.text(cell)) for cell in row] for row in table.rows]
        return cls(id_, _shown(title or table.title), table.columns, rows, _shown(table.note))


@dataclass(frozen=True)
class _Piece:
    """A block as the page shows it; `kind` says which of the rest it has."""

    kind: str
    text: str = ""
    style: str = ""
    items: list[str] = field(default_factory=list)
    id: str = ""
    pictures: "Markup | None" = None
    table: _Grid | None = None


@dataclass(frozen=True)
class _Part:
    """A section as the page shows it."""

    id: str
    title: str
    pieces: list[_Piece]


def _sections(document: Document) -> Iterator[_Part]:
    taken: set[str] = set()
    for place, section in enumerate(document.sections, start=1):
        name = f"section-{name_of(section.id)}"
        while name in taken:
            name = f"{name}-again"
        taken.add(name)
        yield _Part(name, _shown(section.title), list(_pieces(section, place)))


def _pieces(section: Section, place: int) -> Iterator[_Piece]:
    for number, block in enumerate(section.blocks, start=1):
        yield _piece(block, f"block-{place}-{number}")


def _piece(block: Block, id_: str) -> _Piece:
    match block:
        case Paragraph():
            style = _STYLES.get(block.style, "")
            return _Piece("paragraph", _shown(cells.words(block.words)), style)
        case Bullets():
            return _Piece("bullets", items=[_shown(cells.words(item)) for item in block.items])
        case Heading():
            return _Piece("heading", _shown(block.text))
        case Table():
            return _Piece("table", table=_Grid.of(id_, block))
        case Chart():
            return _chart(block, id_)


def _chart(chart: Chart, id_: str) -> _Piece:
    """Show a chart over its table, which has a name of its own where both have the same title."""
    from markupsafe import Markup

    drawn = Markup("\n").join(
        Markup(picture)  # noqa: S704 - charts escape every word
        for picture in charts.pages(chart, id_)
    )
    table = chart.table
    title = f"{table.title}: the numbers" if table.title == chart.title else table.title
    grid = _Grid.of(f"{id_}-table", table, title)
    return _Piece("chart", _shown(chart.title), id=id_, pictures=drawn, table=grid)


def _shown(text: str) -> str:
    """Return text without what no page can hold."""
    return cells.printable(text)
