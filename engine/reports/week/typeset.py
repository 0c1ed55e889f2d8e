"""Typst, for all that is set in type: the report as PDF, and charts as pictures.

In: the data of a template, or SVG. Out: bytes, the same each time: the fonts are those shipped
here and those that Typst itself holds, never the machine's. It must not know what a report is.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.errors import Exit, Location, Problem, Stop

if TYPE_CHECKING:
    import typst

CODES = {"M700": "Typst, which sets a report as PDF, is not installed on this machine"}
HERE = Path(__file__).parent
STANDARD: Final = "ua-1"
PIXELS_PER_INCH = 192.0
# every glyph that is lacking is told at once, so that a second round is enough
ROUNDS = 3

_LACKING = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_PICTURES = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#set text(font: "Liberation Sans")
#for one in json(bytes(sys.inputs.data)) { page(image(bytes(one), format: "svg", width: 16cm)) }
"""


def available() -> bool:
    """Tell whether Typst is installed here."""
    try:
        import typst  # noqa: F401
    except ImportError:
        return False
    return True


def check() -> None:
    """Stop where Typst is not installed."""
    if not available():
        said = "a report cannot be written as PDF on this machine: Typst is not installed"
        help_ = "write it as html and print that, or as docx; Typst has no build for Windows on ARM"
        raise Stop(Exit.USAGE, (Problem(Location("week.pdf"), "M700", said, help_),))


def pdf(template: str, data: Mapping[str, object]) -> bytes:
    """Set a template as accessible PDF; a character that no font holds is written by its name."""
    import typst

    said = json.dumps(data, ensure_ascii=False)
    for _ in range(ROUNDS - 1):
        try:
            return _compile(template, said)
        except typst.TypstError as error:
            lacking = _lacking(error)
            if not lacking:
                raise
            said = _named(said, lacking)
    return _compile(template, said)


def pictures(drawings: Sequence[str]) -> list[bytes]:
    """Return each SVG as PNG."""
    import typst

    if not drawings:
        return []
    made = typst.compile(
        _PICTURES,
        font_paths=_fonts(),
        format="png",
        ppi=PIXELS_PER_INCH,
        sys_inputs={"data": json.dumps(drawings)},
    )
    # a single page comes as it is, several in a list; Typst's types know only of the first
    return [made] if isinstance(made, bytes) else list(made)  # type: ignore[redundant-expr]


def _compile(template: str, said: str) -> bytes:
    import typst

    return typst.compile(
        HERE / "templates" / template,
        font_paths=_fonts(),
        format="pdf",
        pdf_standards=STANDARD,
        sys_inputs={"data": said},
    )


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(HERE / "fonts")])


def _lacking(error: "typst.TypstError") -> set[str]:
    """Return what Typst said that it cannot draw: characters, or several that are drawn as one."""
    return {
        _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        for text in _LACKING.findall(error.diagnostic)
    }


def _named(said: str, lacking: set[str]) -> str:
    """Put the name of each character in its place, in brackets.

    >>> _named("a \N{CHILD} laughs", {"\N{CHILD}"})
    'a [child] laughs'
    """
    for text in sorted(lacking, key=len, reverse=True):
        names = (unicodedata.name(one, f"character {ord(one):X}").lower() for one in text)
        said = said.replace(text, "".join(f"[{name}]" for name in names))
    return said
