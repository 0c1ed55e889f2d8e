"""What a sheet of a workbook in plain form is made of, as patterns of the bytes of its part.

In: the bytes of a part. Out: whether they are plain. Every cell, row and number format has to be
one that is known to be read alike by calamine and openpyxl: what nobody thought of is not plain.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# a sheet is held as a rectangle: a far cell makes cells of all before it
MOST_HELD = 10_000_000
MOST_TEXT = 500_000_000  # bytes of a sheet's texts, each held as often as it is shown
MOST_AROUND = 5_000_000  # bytes of what stands beside the rows, which is built as a tree
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576

_TEXT = (
    rb"(?:[^<&\x00-\x08\x0b\x0c\x0e-\x1f]|&(?:amp|lt|gt|quot|apos|#(?:9|10|13|[1-9][0-9]{2,5}));)*+"
)
_DIGITS = rb"-?[0-9]{1,15}(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]{1,3})?"
_MORE = rb'(?: (?!xmlns|r=)(?:[a-z0-9]+:)?[A-Za-z0-9]+="[^"<>&]*")'
_FORMULA = rb"(?:<f" + _MORE + rb"*+(?:/>|>" + _TEXT + rb"</f>))?"
_STYLE = rb'(?: s="[0-9]{1,5}")?'
_KNOWN_ERROR = rb"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)"  # the others calamine refuses
# one reads a text that is not marked with the blanks around it, and the other without
_MARKED = (
    rb'<t(?:/>| xml:space="preserve">' + _TEXT + rb"</t>|"
    rb">(?![ \t\r\n]|&#[0-9]{1,2};)" + _TEXT + rb"(?<![ \t\r\n])(?<!&#9;)(?<!&#1[03];)</t>)"
)
# Apache POI writes the style of a cell after its kind, the others before
_VALUE = b"|".join((
    rb'(?: t="(?:n|s|str)"' + _STYLE + rb")?(?:/>|>(?:<v></v>|<v ?/>)?</c>)",
    rb'(?: t="n"' + _STYLE + rb")?>" + _FORMULA + rb"<v>" + _DIGITS + rb"</v></c>",
    rb' t="s"' + _STYLE + rb"><v>[0-9]{1,9}</v></c>",
    rb' t="b"' + _STYLE + rb">" + _FORMULA + rb"<v>[01]</v></c>",
    rb' t="str"' + _STYLE + rb">" + _FORMULA + rb"<v>" + _TEXT + rb"</v></c>",
    rb' t="e"' + _STYLE + rb">" + _FORMULA + rb"<v>" + _KNOWN_ERROR + rb"</v></c>",
    rb' t="inlineStr"' + _STYLE + rb"><is>" + _MARKED + rb"</is></c>",
))  # fmt: skip
# the number of a row is that of its cells; a formula without a result is not plain
_ROW = (
    rb'<row r="([0-9]{1,7})"' + _MORE + rb"*+(?:/>|>"
    rb'(?:<c r="[A-Z]{1,3}\1"' + _STYLE + rb"(?:" + _VALUE + rb"))*+</row>)"
)
_ROWS = re.compile(rb"<sheetData(?:/>|>(?:" + _ROW + rb")*+</sheetData>)")
_SHOWN = re.compile(rb' t="s"' + _STYLE + rb"><v>([0-9]+)")
_NUMBERED = re.compile(rb'<row r="([0-9]+)"')
_FAR = re.compile(rb'<c r="([A-Z]{2,3})')
_ERROR = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"'
    + _STYLE
    + rb' t="e"'
    + _STYLE
    + rb">"
    + _FORMULA
    + rb"<v>([^<]*)</v>"
)
# a number that is none of a day that Excel knows, and its style
_NO_DAYS = re.compile(
    rb'<c r="[A-Z0-9]+"(?: t="n")? s="([0-9]+)"(?: t="n")?>' + _FORMULA
    + rb"<v>(?:-|[0-9]{7}|[0-9.]*[Ee](?!-))"
)  # fmt: skip

# a text, or pieces of text each with its font, and how it is said
_FIRST = rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml [^<>]*\?>\s*)?"
_SAID = rb"(?:<rPh" + _MORE + rb"*+>" + _MARKED + rb"</rPh>)*+(?:<phoneticPr" + _MORE + rb"*+/>)?"
_FONT = rb"(?:<rPr>(?:<[a-zA-Z]++" + _MORE + rb"*+/>)*+</rPr>)?"
_STRING = rb"(?:" + _MARKED + rb"|(?:<r>" + _FONT + _MARKED + rb"</r>)*+)" + _SAID
_STRINGS = re.compile(
    _FIRST + rb"(<sst[^<>]*)(?:/>|>(?:<si>" + _STRING + rb"</si>|<si/>)*+</sst>)\s*"
)

# what one reads as other characters
_ESCAPE = re.compile(rb"_x[0-9A-Fa-f]{4}_|x005F_")
_OTHER_CHARACTERS = re.compile(rb'encoding\s*=(?!"[Uu][Tt][Ff]-8")')
# comments and entities, and what is in no part in UTF-8
_ODD = (b"<!", b"\0", b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_RANGE = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?")

# the formats of which both say that they show days, or that they show numbers
_BEFORE = r"(?:\[\$-[0-9A-Za-z,-]+\])?(?:\[(?:hh?|mm?|ss?)\])?"  # a language; a length of time
_DAYS = re.compile(
    _BEFORE + r'(?:[dmyhsDMYHS/. :,-]|s\.0{1,3}|\\[-/. ,T]|"[^"]*")+(?:AM/PM|am/pm)?(?:;@)?'
)
_COLOUR = r"\[(?i:black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]{1,2})\]"
_NUMBERS = re.compile(
    r'General|(?:[0#?%., ()$£€;@/-]|E\+|"[^"]*"|\\[^A-Za-z]|_[^A-Za-z]|\*[ -]|'
    r"\[\$[^\]A-Za-z-]*(?:-[0-9A-F]+)?\]|" + _COLOUR + r")+"
)
_OWN_NUMBERS = {*range(14), *range(37, 45), 48, 49}  # of Excel's own formats
_OWN_DAYS = {*range(14, 23), 45, 46, 47}
_CUSTOM = 164  # from here on a workbook numbers its own


def is_text(part: bytes) -> bool:
    """Say whether a part is UTF-8 without comments and entities of its own."""
    part.decode()  # raises what is told of a damaged part
    heading = part[: part.find(b"?>") + 2]
    return not (_OTHER_CHARACTERS.search(heading) or any(odd in part for odd in _ODD))


def are_strings(part: bytes) -> bool:
    """Say whether the texts of a workbook are read alike."""
    strings = _STRINGS.fullmatch(part) if _are_alike(part) else None
    # the texts themselves are not held twice
    return strings is not None and ET.fromstring(strings[1] + b"/>").tag == f"{MAIN}sst"  # noqa: S314 - as above


def lengths_of(part: bytes) -> list[int]:
    """Return how many bytes each text of a workbook takes, with its tags.

    >>> lengths_of(b"<si>A1</si><si/><si></si>")
    [11, 5, 9]
    """
    ends = [0, *(one.end() for one in re.finditer(rb"</si>|<si/>", part))]
    return [end - start for start, end in pairwise(ends)]


def are_few(part: bytes, lengths: Sequence[int]) -> bool:
    """Say whether the texts that a sheet shows can be held, each as often as it is shown."""
    if part.count(b' t="s"') * max(lengths, default=0) <= MOST_TEXT:
        return True
    shown = (int(one[1]) for one in _SHOWN.finditer(part))
    return sum(lengths[at] for at in shown if at < len(lengths)) <= MOST_TEXT


def _are_alike(part: bytes) -> bool:
    # most texts hold no such mark, and to look for one is quick
    escapes = (b"_x" in part or b"x005F_" in part) and _ESCAPE.search(part)
    return is_text(part) and not escapes


def styles_of_days(part: bytes) -> frozenset[int] | None:
    """Return the styles that show numbers as days; nothing where a format is not known."""
    if not is_text(part):
        return None
    root = ET.fromstring(part)  # noqa: S314 - it has no entities
    formats = {own: own in _OWN_DAYS for own in _OWN_DAYS | _OWN_NUMBERS}
    for one in root.iterfind(f"{MAIN}numFmts/{MAIN}numFmt"):
        number, code = int(one.get("numFmtId", "")), one.get("formatCode", "")
        shows_days = bool(_DAYS.fullmatch(code))
        if not (shows_days or _NUMBERS.fullmatch(code)):
            return None
        # Excel writes what its own formats are in a country, such as `44` with the pound
        if number < _CUSTOM and formats.get(number) is not shows_days:
            return None
        formats[number] = shows_days
    used = [int(one.get("numFmtId", "0")) for one in root.findall(f"{MAIN}cellXfs/{MAIN}xf")]
    if not formats.keys() >= {*used}:
        return None
    return frozenset(at for at, number in enumerate(used) if formats[number])


def is_sheet(part: bytes, days: frozenset[int]) -> bool:
    """Say whether every row and cell of a sheet is plain, and all of it can be held."""
    cells = _ROWS.search(part) if _are_alike(part) else None
    if not (cells and _is_around(part[: cells.start()], part[cells.end() :])):
        return False
    rows = [int(number) for number in _NUMBERED.findall(part)]
    if not all(above < below for above, below in pairwise([0, *rows])):
        return False
    last, width = max(rows, default=0), _width(part)
    if last > MOST_ROWS or width > MOST_COLUMNS or last * width > MOST_HELD:
        return False
    return not any(int(style) in days for style in _NO_DAYS.findall(part))


def _is_around(before: bytes, after: bytes) -> bool:
    """Say whether there is nothing beside the rows that is taken for rows or stops a reader."""
    beside = before + after
    if b"sheetData" in beside or len(beside) > MOST_AROUND:
        return False
    sheet = ET.fromstring(before + b"<sheetData/>" + after)  # noqa: S314 - it has no entities
    if sheet.tag != f"{MAIN}worksheet" or sheet.find(f"{MAIN}sheetData") is None:
        return False
    sizes = [one.get("ref", "") for one in sheet.iter() if one.tag.endswith("}dimension")]
    rows = next(sheet.iter(f"{MAIN}row"), None)
    return rows is None and all(map(_RANGE.fullmatch, sizes))


def errors_of(part: bytes) -> Mapping[int, Mapping[int, str]]:
    """Return the errors that cells show, by row and column, both from 1."""
    errors: dict[int, dict[int, str]] = {}
    if b' t="e"' in part:
        for column, row, shown in _ERROR.findall(part):
            errors.setdefault(int(row), {})[_at(column)] = shown.decode()
    return errors


def _width(part: bytes) -> int:
    return max(map(_at, {found[1] for found in _FAR.finditer(part)}), default=26)


def _at(letters: bytes) -> int:
    """Return the number of a column, from 1.

    >>> _at(b"A"), _at(b"AA"), _at(b"XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
