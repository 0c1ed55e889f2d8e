"""What a sheet of a workbook in plain form is made of, as patterns of the bytes of its part.

In: the bytes of a part. Out: whether they are plain. Every cell, row and number format has to be
one that is known to be read alike by calamine and openpyxl: what nobody thought of is not plain.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# a sheet is held as a rectangle: a far cell makes cells of all before it
MOST_HELD = 10_000_000
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576

_TEXT = rb"(?:[^<&\x00-\x08\x0b\x0c\x0e-\x1f]|&(?:amp|lt|gt|quot|apos);)*+"
_DIGITS = rb"-?[0-9]{1,15}(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]{1,3})?"
_MORE = rb'(?: [A-Za-z0-9:]+="[^"<>&]*")'
_FORMULA = rb"(?:<f" + _MORE + rb"*+(?:/>|>" + _TEXT + rb"</f>))?"
_STYLE = rb'(?: s="[0-9]{1,5}")?'
_VALUE = b"|".join((
    rb"/>",
    rb'(?: t="(?:n|s|str)")?>(?:<v></v>|<v ?/>)?</c>',
    rb'(?: t="n")?>' + _FORMULA + rb"<v>" + _DIGITS + rb"</v></c>",
    rb' t="s"><v>[0-9]{1,9}</v></c>',
    rb' t="b">' + _FORMULA + rb"<v>[01]</v></c>",
    rb' t="str">' + _FORMULA + rb"<v>" + _TEXT + rb"</v></c>",
    rb' t="e">' + _FORMULA + rb"<v>[#A-Z0-9/!?_]*</v></c>",
    rb' t="inlineStr"><is><t(?: xml:space="preserve")?>' + _TEXT + rb"</t></is></c>",
))  # fmt: skip
# the number of a row is that of its cells; a formula without a result is not plain
_ROW = (
    rb'<row r="([0-9]{1,7})"' + _MORE + rb"*+(?:/>|>"
    rb'(?:<c r="[A-Z]{1,3}\1"' + _STYLE + rb"(?:" + _VALUE + rb"))*+</row>)"
)
_ROWS = re.compile(rb"<sheetData(?:/>|>(?:" + _ROW + rb")*+</sheetData>)")
_NUMBERED = re.compile(rb'<row r="([0-9]+)"')
_FAR = re.compile(rb'<c r="([A-Z]{2,3})')
_ERROR = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"' + _STYLE + rb' t="e">' + _FORMULA + rb"<v>([^<]*)</v>"
)

# text that one reads with the blanks around it and the other without, or with other characters
_BLANKS = re.compile(rb"<t>(?:[ \t\r\n]|[^<]*[ \t\r\n]</t>)")
_ESCAPE = re.compile(rb"_x[0-9A-Fa-f]{4}_")
# comments and entities, and what is not UTF-8
_ODD = re.compile(rb'<!|<\?xml[^>]* encoding=(?!"[Uu][Tt][Ff]-8")')

# the formats of which both say that they show days, or that they show numbers
_LANGUAGE = r"(?:\[\$-[0-9A-Za-z,-]+\])?"
_DAYS = re.compile(_LANGUAGE + r"(?:[dmyhs/. :,-]|\\[-/. ,])+(?: AM/PM)?(?:;@)?")
_NUMBERS = re.compile(
    r'General|(?:[0#?%., ()$£€;@-]|E\+|"[^"]*"|\\[^A-Za-z]|_[^A-Za-z]|\*[ -]|\[Red\]|'
    r"\[\$[^\]A-Za-z-]*(?:-[0-9A-F]+)?\])+"
)
_OWN_NUMBERS = {*range(14), *range(37, 45), 48, 49}  # of Excel's own formats
_OWN_DAYS = {*range(14, 23), 45, 46, 47}
_CUSTOM = 164  # from here on a workbook numbers its own


def is_text(part: bytes) -> bool:
    """Say whether a part is UTF-8 without comments and entities of its own."""
    part.decode()  # raises what is told of a damaged part
    return not _ODD.search(part)


def are_strings(part: bytes) -> bool:
    """Say whether the texts of a workbook are read alike."""
    return _are_alike(part) and ET.fromstring(part).tag == f"{MAIN}sst"  # noqa: S314 - as above


def _are_alike(part: bytes) -> bool:
    # most texts hold no such mark, and to look for one is quick
    escapes = b"_x" in part and _ESCAPE.search(part)
    return is_text(part) and not escapes and not _BLANKS.search(part)


def styles_of_days(part: bytes) -> frozenset[int] | None:
    """Return the styles that show numbers as days; nothing where a format is not known."""
    if not is_text(part):
        return None
    root = ET.fromstring(part)  # noqa: S314 - it has no entities
    formats = {own: own in _OWN_DAYS for own in _OWN_DAYS | _OWN_NUMBERS}
    for one in root.iter(f"{MAIN}numFmt"):
        number, code = int(one.get("numFmtId", "")), one.get("formatCode", "")
        shows_days = bool(_DAYS.fullmatch(code))
        if number < _CUSTOM or not (shows_days or _NUMBERS.fullmatch(code)):
            return None
        formats[number] = shows_days
    used = [int(one.get("numFmtId", "0")) for one in root.findall(f"{MAIN}cellXfs/{MAIN}xf")]
    if not formats.keys() >= {*used}:
        return None
    return frozenset(at for at, number in enumerate(used) if formats[number])


def is_sheet(part: bytes, days: frozenset[int]) -> bool:
    """Say whether every row and cell of a sheet is plain, and all of it can be held."""
    cells = _ROWS.search(part) if _are_alike(part) and part.count(b"<sheetData") == 1 else None
    if not cells:
        return False
    around = ET.fromstring(part[: cells.start()] + b"<sheetData/>" + part[cells.end() :])  # noqa: S314
    if around.tag != f"{MAIN}worksheet" or around.find(f"{MAIN}sheetData") is None:
        return False
    rows = [int(number) for number in _NUMBERED.findall(part)]
    if not all(above < below for above, below in pairwise([0, *rows])):
        return False
    last, width = max(rows, default=0), _width(part)
    if last > MOST_ROWS or width > MOST_COLUMNS or last * width > MOST_HELD:
        return False
    return not (days and _no_days(days).search(part))


def errors_of(part: bytes) -> Mapping[int, Mapping[int, str]]:
    """Return the errors that cells show, by row and column, both from 1."""
    errors: dict[int, dict[int, str]] = {}
    if b' t="e"' in part:
        for column, row, shown in _ERROR.findall(part):
            errors.setdefault(int(row), {})[_at(column)] = shown.decode()
    return errors


def _no_days(days: frozenset[int]) -> re.Pattern[bytes]:
    """Return what finds numbers that are shown as days and are none that Excel knows."""
    styles = "|".join(map(str, sorted(days))).encode()
    return re.compile(
        rb'<c r="[A-Z0-9]+" s="(?:' + styles + rb')"(?: t="n")?>' + _FORMULA
        + rb"<v>(?:-|[0-9]{7}|[0-9.]*[Ee])"
    )  # fmt: skip


def _width(part: bytes) -> int:
    return max(map(_at, {*_FAR.findall(part)}), default=26)


def _at(letters: bytes) -> int:
    """Return the number of a column, from 1.

    >>> _at(b"A"), _at(b"AA"), _at(b"XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
