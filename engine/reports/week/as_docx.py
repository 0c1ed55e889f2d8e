"""`week.docx`: the report for those who go on writing in it: headings, tables, pictures.

In: a document. Out: one Word file with the same bytes each time, without macro or link. Headings
are Word's own, header rows repeat, and a picture says in words what it shows.
It must not know how a cell is worded (`engine.reports.week.cells` does).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from engine.reports.week import cells, charts, columns, fixed, typeset, word_page
from engine.reports.week.document import (
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    Paragraph,
    Table,
)

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table as Grid
    from docx.table import _Cell as Square

NAME = "week.docx"
ROSE = "FBECEC"
UNDRAWN = "The chart is not drawn here, because Typst is not installed; the table has its numbers."


def write(document: Document, folder: Path) -> None:
    """Write `week.docx`; where Typst is not installed, without pictures and saying so."""
    import docx

    word = docx.Document()
    _Writer(word, _drawn(document)).write(document)
    out = BytesIO()
    word.save(out)
    (folder / NAME).write_bytes(fixed.archive(out.getvalue()))


def _charts(document: Document) -> Iterator[Chart]:
    blocks = (block for section in document.sections for block in section.blocks)
    return (block for block in blocks if isinstance(block, Chart))


def _drawn(document: Document) -> Iterator[list[bytes]]:
    """Yield the pictures of each chart, in the order of the charts."""
    found = [charts.pages(chart) for chart in _charts(document)]
    if not typeset.available():
        return iter([[] for _ in found])
    made = iter(typeset.pictures([one for pages in found for one in pages]))
    return iter([[next(made) for _ in pages] for pages in found])


class _Writer:
    """Writes one report; counts its tables and figures."""

    def __init__(self, word: "Word", drawn: Iterator[list[bytes]]) -> None:
        self.word = word
        self.drawn = drawn
        self.tables = self.figures = 0

    def write(self, document: Document) -> None:
        word_page.set_up(self.word, document)
        self.word.add_paragraph(cells.printable(document.title), "Title")
        self.word.add_paragraph(cells.printable(document.subtitle), "Subtitle")
        for place, section in enumerate(document.sections):
            head = self.word.add_heading(cells.printable(section.title), 1)
            head.paragraph_format.page_break_before = place == 1  # the summary has its own page
            for block in section.blocks:
                self.block(block)
        self.word.add_heading(cells.FACTS, 1)
        self.grid(cells.facts(document))

    def block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self.paragraph(block)
            case Bullets():
                for item in block.items:
                    self.word.add_paragraph(cells.printable(cells.words(item)), "List Bullet")
            case Heading():
                self.word.add_heading(cells.printable(block.text), 2)
            case Table():
                self.table(block)
            case Chart():
                self.chart(block)
            case _:
                assert_never(block)

    def paragraph(self, paragraph: Paragraph) -> None:
        from docx.shared import Pt

        line = self.word.add_paragraph()
        run = line.add_run(cells.printable(cells.words(paragraph.words)))
        run.bold = bool(paragraph.style)
        if paragraph.style == "lead":
            run.font.size = Pt(12)
        if paragraph.style == "warning":
            word_page.shade(line._p.get_or_add_pPr(), ROSE)  # noqa: SLF001 - no public way

    def chart(self, chart: Chart) -> None:
        pictures = next(self.drawn)
        for place, picture in enumerate(pictures, 1):
            part = f" (part {place} of {len(pictures)})" if len(pictures) > 1 else ""
            self.figures += 1
            self.caption(f"Figure {self.figures}: {chart.title}{part}")
            self.picture(picture, cells.alternative(chart) + part)
        if not pictures:
            self.word.add_paragraph(UNDRAWN)
        self.table(chart.table)

    def picture(self, picture: bytes, alternative: str) -> None:
        from docx.shared import Cm

        shape = self.word.add_picture(BytesIO(picture), width=Cm(word_page.TEXT_WIDTH))
        shape._inline.docPr.set("descr", cells.printable(alternative))  # noqa: SLF001 - no public way

    def table(self, table: Table) -> None:
        self.tables += 1
        self.caption(f"Table {self.tables}: {table.title}")
        self.grid(table)
        if not table.rows:
            self.word.add_paragraph(cells.EMPTY)
        if table.note:
            self.small(table.note)

    def caption(self, text: str) -> None:
        line = self.word.add_paragraph(cells.printable(text), "Caption")
        line.paragraph_format.keep_with_next = True

    def small(self, text: str) -> None:
        from docx.shared import Pt, RGBColor

        run = self.word.add_paragraph().add_run(cells.printable(text))
        run.font.size = Pt(9)
        run.font.color.rgb = RGBColor.from_string(word_page.GREY)

    def grid(self, table: Table) -> None:
        from docx.shared import Pt

        grid = self.word.add_table(1 + len(table.rows), len(table.columns), "Table Grid")
        titles = [cells.printable(column.title) for column in table.columns]
        texts = [titles, *([cells.unbroken(cell) for cell in row] for row in table.rows)]
        found = columns.fit(texts)
        look = _Look(found.size, found.widths, [column.number for column in table.columns])
        grid.autofit = False
        for column, width in zip(grid.columns, found.widths, strict=True):
            column.width = Pt(width)
        for row, held in zip(grid.rows, texts, strict=True):
            look.fill(row.cells, held)
        _head(grid)
        self.word.add_paragraph().paragraph_format.space_after = 0


@dataclass(frozen=True)
class _Look:
    """How the columns of a table look: the size of the letters and the widths in points."""

    size: float
    widths: Sequence[float]
    rights: Sequence[bool]

    def fill(self, held: Sequence["Square"], texts: Sequence[str]) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        for cell, text, width, right in zip(held, texts, self.widths, self.rights, strict=True):
            cell.width = Pt(width)
            line = cell.paragraphs[0]
            line.add_run(text).font.size = Pt(self.size)
            line.paragraph_format.space_after = 0
            if right:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _head(grid: "Grid") -> None:
    """Make the first row a header that repeats on every page, and keep each row whole."""
    from docx.oxml import OxmlElement
    from docx.shared import RGBColor

    for place, row in enumerate(grid.rows):
        marks = row._tr.get_or_add_trPr()  # noqa: SLF001 - no public way
        marks.append(OxmlElement("w:cantSplit"))
        if place == 0:
            marks.append(OxmlElement("w:tblHeader"))
    for cell in grid.rows[0].cells:
        word_page.shade(cell._tc.get_or_add_tcPr(), word_page.NAVY)  # noqa: SLF001 - no public way
        for run in cell.paragraphs[0].runs:
            run.bold = True
            run.font.color.rgb = RGBColor(255, 255, 255)
