"""The page and the styles of a Word file: A4, British English, the marking above and below.

In: a new Word document. Out: the same one, set up. It must not know what stands in the report.
"""

from typing import TYPE_CHECKING, Any

from engine.reports.week import cells, fixed
from engine.reports.week.document import Document

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph as Line

LANGUAGE = "en-GB"
FONT = "Arial"
NAVY, GREY = "1D3557", "505A5F"
TEXT_WIDTH = 17  # centimetres
_SIZES = {"Title": 20, "Subtitle": 12, "Heading 1": 16, "Heading 2": 13, "Caption": 10}


def set_up(word: "Word", document: Document) -> None:
    """Set styles, language, properties, page, header and footer."""
    _set_styles(word)
    _set_properties(word, document)
    _set_page(word, document)


def shade(properties: Any, colour: str) -> None:  # noqa: ANN401 - an element of XML
    """Fill the ground of a paragraph or a cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    properties.append(shading)


def _set_styles(word: "Word") -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    normal: Any = word.styles["Normal"]
    _set_font(normal, 10.5, "000000")
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.1
    for name, size in _SIZES.items():
        style: Any = word.styles[name]
        _set_font(style, size, GREY if name == "Subtitle" else NAVY)
        style.font.italic = False
        style.paragraph_format.space_after = Pt(6)
    for name, before in (("Heading 1", 18), ("Heading 2", 12), ("Caption", 10)):
        spaced: Any = word.styles[name]
        spaced.paragraph_format.space_before = Pt(before)


def _set_font(style: "ParagraphStyle", size: float, colour: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:cs"), FONT)
    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour)


def _set_properties(word: "Word", document: Document) -> None:
    core = word.core_properties
    core.title = cells.printable(document.title)[:255]
    core.subject = cells.printable(document.subtitle)[:255]
    core.keywords = cells.printable(document.marking)[:255]
    core.author = core.last_modified_by = "practice-audit"
    core.comments = ""
    core.language = LANGUAGE
    core.created = core.modified = fixed.MADE
    core.revision = 1


def _set_page(word: "Word", document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm((21 - TEXT_WIDTH) / 2)
    page.top_margin = page.bottom_margin = Cm(2.2)
    for part in (page.header, page.footer):
        line = part.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run(cells.printable(document.marking)).bold = True
    number = page.footer.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.add_run(f"{cells.printable(document.title)} \N{EN DASH} page ")
    _field(number, "PAGE")
    number.add_run(" of ")
    _field(number, "NUMPAGES")


def _field(line: "Line", name: str) -> None:
    """Add a number that Word keeps: of the page, or of all pages."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    line._p.append(field)  # noqa: SLF001 - no public way
