"""What every chart is drawn with: colours, letters, shapes as SVG text.

In: words and numbers. Out: SVG that is the same each time. Colours and letters are attributes, not
a style sheet, so that a browser, a PDF and an office program draw the same. A chart stands on its
own white ground. It must not know what is counted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite
from unicodedata import east_asian_width

from engine.reports.week.cells import printable
from engine.reports.week.cells import text as written
from engine.reports.week.document import Cell, Chart, Count, Estimate, Share

WIDTH = 640  # units; on A4 between margins of 15 mm a unit is 0.28 mm
LETTER = 13
LINE = 17  # from one line of words to the next
GAP = 1.5  # white between marks that touch

WHITE = "#ffffff"
INK = "#1b1b1b"
QUIET = "#595959"
RULE = "#767676"
NAVY = "#1d3557"
RUST = "#9c3d00"
BAND = "#e3edf6"  # a ground: lines that are seen bound it
SHADES = (WHITE, "#e3edf6", "#b9d1e8", "#7fabd3", "#2f6499", NAVY)
_FONTS = "'Segoe UI', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

_NOT_AN_ID = re.compile(r"[^A-Za-z0-9_-]+")
_NARROW, _BROAD, _FULL = 0.3, 0.85, 1.05  # of the height of the letters
_USUAL = 0.58


@dataclass(frozen=True)
class Drawing:
    """What a chart holds, and how tall it is."""

    height: float
    parts: Sequence[str]


def number(value: float) -> str:
    """Write a place or a length.

    >>> number(12.04), number(3.0), number(-0.01)
    ('12', '3', '0')
    """
    return f"{round(value, 1) or 0.0:.1f}".removesuffix(".0")


def said(text: str) -> str:
    """Escape words for XML; what XML cannot hold becomes a question mark in a lozenge.

    >>> print(said(f"<b> & {chr(0)}") == f"&lt;b&gt; &amp; {chr(0xFFFD)}")
    True
    """
    return escape(printable(text))


def name_of(text: str) -> str:
    """Turn any words into a name that may stand in a list of names.

    >>> name_of("grades chart"), name_of("<é>")
    ('grades-chart', '-')
    """
    return _NOT_AN_ID.sub("-", text) or "chart"


def svg(chart: Chart, name: str, drawing: Drawing, part: str = "") -> str:
    """Frame a drawing: its title and description are read aloud, its ground is white."""
    size = f'width="{WIDTH}" height="{number(drawing.height)}"'
    frame = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="week-chart" role="img" {size} '
        f'viewBox="0 0 {WIDTH} {number(drawing.height)}" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{_FONTS}" '
        f'font-size="{LETTER}" fill="{INK}">'
    )
    title = f'<title id="{name}-title">{said(chart.title + part)}</title>'
    told = f'<desc id="{name}-desc">{said(chart.description)}</desc>'
    ground = f'<rect {size} fill="{WHITE}"/>'
    return "\n".join([frame, title, told, ground, *drawing.parts, "</svg>"])


def words(x: float, y: float, text: str, **look: str) -> str:
    """Write words; `look` holds attributes: `anchor`, `weight`, `fill`, `size`."""
    names = {"anchor": "text-anchor", "weight": "font-weight", "size": "font-size"}
    more = "".join(f' {names.get(key, key)}="{value}"' for key, value in look.items())
    return f'<text x="{number(x)}" y="{number(y)}"{more}>{said(text)}</text>'


def box(place: tuple[float, float], size: tuple[float, float], fill: str, stroke: str = "") -> str:
    """Draw a rectangle from its upper left corner."""
    (x, y), (wide, high) = place, size
    edge = f' stroke="{stroke}"' if stroke else ""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(wide)}" height="{number(high)}" '
        f'fill="{fill}"{edge}/>'
    )


def line(start: tuple[float, float], end: tuple[float, float], **look: str) -> str:
    """Draw a line; `look` holds attributes: `stroke`, `dash`, `wide`."""
    stroke = look.get("stroke", INK)
    wide, dash = look.get("wide", "1"), look.get("dash", "")
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{number(start[0])}" y1="{number(start[1])}" x2="{number(end[0])}" '
        f'y2="{number(end[1])}" stroke="{stroke}" stroke-width="{wide}"{dashed}/>'
    )


def dot(x: float, y: float, fill: str = NAVY, r: float = 4.5) -> str:
    """Draw a point with white around it."""
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(r)}" fill="{fill}" '
        f'stroke="{WHITE}" stroke-width="{GAP}"/>'
    )


def diamond(x: float, y: float, fill: str = RUST, r: float = 6) -> str:
    """Draw a square that stands on its corner."""
    corners = ((x, y - r), (x + r, y), (x, y + r), (x - r, y))
    points = " ".join(f"{number(a)},{number(b)}" for a, b in corners)
    return f'<polygon points="{points}" fill="{fill}" stroke="{WHITE}" stroke-width="{GAP}"/>'


def stripes(name: str) -> str:
    """Return a pattern of slanted stripes; `url(#name)` fills with it."""
    return (
        f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{WHITE}"/>'
        f'<rect width="2.5" height="6" fill="{QUIET}"/></pattern></defs>'
    )


def wide(text: str, size: float = LETTER) -> float:
    """Return about how wide words are, in units."""
    return size * sum(map(_letter, text))


def _letter(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return _FULL
    if letter in "mwMW@%" or letter.isupper():
        return _BROAD
    return _NARROW if letter in "iljtfr.,:;'|!()[] " else _USUAL


def short(text: str, room: float) -> str:
    """Cut words that are too wide; the table beside the chart holds them whole.

    >>> short("Requires improvement", 70), short("Good", 70)
    ('Requires…', 'Good')
    """
    text = " ".join(text.split())
    if wide(text) <= room:
        return text
    while text and wide(text + "…") > room:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, room: float, lines: int = 2) -> list[str]:
    """Break words into so many lines at most; what is left over is cut.

    >>> wrapped("Voice of the child and family", 100), wrapped("", 80)
    (['Voice of the', 'child and family'], [''])
    """
    found: list[str] = []
    for word in text.split():
        joined = f"{found[-1]} {word}" if found else word
        if found and (wide(joined) <= room or len(found) == lines):
            found[-1] = joined
        else:
            found.append(word)
    return [short(one, room) for one in found] or [""]


def read(chart: Chart, rows: Sequence[tuple[Cell, ...]]) -> list[Mapping[str, Cell]]:
    """Return each row by the ids of its columns; whatever its id, the first column is `label`."""
    ids = ["label", *(column.id for column in chart.table.columns[1:])]
    return [dict(zip(ids, row, strict=False)) for row in rows]


def label(row: Mapping[str, Cell]) -> str:
    """Return what heads a row."""
    return written(row.get("label"))


def value(cell: Cell) -> float | None:
    """Return the number to draw, or nothing where there is none or it may not be shown."""
    match cell:
        case Count():
            return cell.value
        case Share():
            return cell.percent
        case Estimate():
            return _finite(cell.value)
        case bool():
            return None
        case int() | float():
            return _finite(cell)
    return None


def ends(cell: Cell) -> tuple[float, float] | None:
    """Return both ends of an interval, or nothing."""
    if isinstance(cell, Estimate) and cell.low is not None and cell.high is not None:
        low, high = _finite(cell.low), _finite(cell.high)
        return None if low is None or high is None else (low, high)
    return None


def reach(cells: Sequence[Cell]) -> Iterator[float]:
    """Yield every number that has to find room: values and the ends of intervals."""
    for cell in cells:
        one = value(cell)
        if one is not None:
            yield one
            yield from ends(cell) or ()


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
