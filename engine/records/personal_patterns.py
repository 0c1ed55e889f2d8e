"""What looks like personal data in one text: where it stands, what it is, and a mask for it.

In: a text. Out: hits. Nothing here repeats what it found: `masked` shows its shape alone.
It must not know tables or files.

False alarms cost trust, so each kind is asked for more than its pattern: an NHS number for its
check digit and a range that is issued, a postcode for an area of Royal Mail's, a phone number for
a range of the National Telephone Numbering Plan, a date for words about birth beside it or the
child's month of birth. Numbers of organisations (03, 08, 09) are nobody's personal data.
"""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from engine.records.cells import MONTHS


class Kind(StrEnum):
    """What a piece of text looks like."""

    EMAIL = "e-mail address"
    NHS = "NHS number"
    PHONE = "phone number"
    BIRTH = "date of birth"
    POSTCODE = "postcode"


class Hit(NamedTuple):
    """A piece of a text that looks like personal data: from `start`, up to `end`."""

    start: int
    end: int
    kind: Kind


_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NHS = re.compile(r"(?<![\w+£.,/-])(?<!\d )\d{3}([ -]?)\d{3}\1\d{4}(?![\w-]|[.,/ ]\d)", re.ASCII)
_LOCAL = re.compile(r"[a-z0-9][a-z0-9._%+'-]{0,63}$", re.IGNORECASE | re.ASCII)
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.+/-])(?<!\d )(?:(?:\+|00)44(?: ?\(0\))?|\(?0)"
    r"(?:[ ()-]{0,3}\d){9,10}(?![\w-]|[./ ]\d)",
    re.ASCII,
)
_POSTCODE = re.compile(
    r"(?<![\w-])([a-z]{1,2})(\d[a-z\d]?)( ?)(\d[abd-hjlnp-uw-z]{2})(?![\w-])",
    re.IGNORECASE | re.ASCII,
)
_DATE = re.compile(
    r"(?<![\w/.-])(?:(?P<d>\d{1,2})(?P<by>[/.-])(?P<m>\d{1,2})(?P=by)(?P<y>\d{4}|\d{2})"
    r"|(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})"
    rf"|(?P<nd>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -](?P<nm>{_MONTH})[a-z]{{0,6}},?[ -]"
    r"(?P<ny>\d{4}|\d{2}))(?![\w/-])",
    re.IGNORECASE | re.ASCII,
)
_BIRTH = r"(?:d\.?o\.?b|date of birth|birth ?date|born|birthday)"
_BEFORE = re.compile(
    rf"\b{_BIRTH}\b[ .:=(,–-]{{0,4}}(?:(?:is|was|on|the|as)\b[ :]{{1,2}}){{0,3}}$", re.IGNORECASE
)
_AFTER = re.compile(rf"[ ,(–-]{{0,3}}{_BIRTH}\b", re.IGNORECASE)
_NUMBERED = re.compile(r"[+(]?([0-9])[0-9]*")  # where a number begins
_INWARD = re.compile(r"[0-9][abd-hjlnp-uw-z]{2}(?![\w-])", re.IGNORECASE | re.ASCII)
_LONGEST = 64  # characters of an address before its @
_NEAR = 40  # so many characters beside a date are looked at

# the 124 postcode areas (Royal Mail); third and fourth letters as in its Programmers' Guide
_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E "
    "EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL "
    "LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM "
    "SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_LAST_LETTER = {1: "ABCDEFGHJKPSTUW", 2: "ABEHMNPRVWXY"}
# in small letters `s47 2nd` and `p1 3yrs` are words about an enquiry and an age
_WORDS = re.compile(r"\d(?:st|nd|rd|th|hr|yr|dy|ft|lb|pt|ed)", re.IGNORECASE)
_SECTIONS = re.compile(r"S(?:17|20|22|25|31|37|38|44|46|47|76)")  # of the Children Act, as `S47`

# the same for the database and for Python: no text is missed that `hits` would find something in
MARKS = "[0-9@]"  # whatever is looked for holds one; most texts hold none
TEN = "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}"
MAYBE = (
    rf"@|{TEN}|"
    r"[A-Za-z][0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}"
    r"|[0+(][0-9() -]{9}|(?i:d\.?o\.?b|birth|born).{0,40}[0-9]"
    r"|[0-9].{0,6}(?i:d\.?o\.?b|date of birth|birth ?date|born|birthday)"
)
MAYBE_DATE = (
    r"[0-9][/.-][0-9]{1,2}[/.-][0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    rf"|[0-9](?i:st|nd|rd|th)?(?i: of)?[ -](?i:{_MONTH})(?i:[a-z]{{0,6}}),?[ -][0-9]{{4}}"
)
MAYBE_ID = rf"^{TEN}$|@|^(?:{MAYBE_DATE})"  # and no id that `id_kind` would find one in


def hits(text: str, born: date | None = None) -> tuple[Hit, ...]:
    """Return what looks like personal data in a text, in order.

    `born`: the month of the child's birth, in which any full date is taken for the birthday.

    >>> [hit.kind.value for hit in hits("ring 07700 900123, NHS 999 000 0018")]
    ['phone number', 'NHS number']
    >>> hits("CP-05 on 12/03/2025: s47 2nd enquiry, case 1234567890")
    ()
    """
    found: list[Hit] = []
    for hit in _all(text, born):
        if all(hit.end <= other.start or hit.start >= other.end for other in found):
            found.append(hit)
    return tuple(sorted(found))


def id_kind(text: str, born: date | None = None) -> Kind | None:
    """Return what the whole of an id looks like.

    >>> id_kind("9990000018"), id_kind("C000123")
    (<Kind.NHS: 'NHS number'>, None)
    """
    kinds = [h.kind for h in _all(text, born) if (h.start, h.end) == (0, len(text))]
    return next((kind for kind in kinds if kind is not Kind.POSTCODE), None)


def masked(text: str, hit: Hit) -> str:
    """Return the shape of what was found, without any of its letters and digits.

    >>> masked("at ZE99 9ZZ", Hit(3, 11, Kind.POSTCODE))
    '**** ***'
    """
    return re.sub(r"[^ @./-]", "*", text[hit.start : hit.end])


def is_nhs_number(digits: str) -> bool:
    """Say whether ten digits are an NHS number: the check digit, and a range that is issued.

    Check digit: modulus 11 (NHS Data Dictionary, attribute NHS NUMBER). Ranges: England, Wales and
    the Isle of Man 4 and 6 to 7; Northern Ireland 32 to 39; CHI numbers of Scotland begin with a
    day and month; 999 is for tests and never issued.

    >>> is_nhs_number("9990000018"), is_nhs_number("9990000019"), is_nhs_number("4444444444")
    (True, False, False)
    """
    total = sum((10 - at) * int(digit) for at, digit in enumerate(digits[:9]))
    check = (11 - total % 11) % 11
    if check != int(digits[9]) or len(set(digits)) == 1:
        return False
    return digits[0] in "467" or digits.startswith("999") or _local(digits)


def _local(digits: str) -> bool:
    irish = digits[0] == "3" and digits[1] in "23456789"
    return irish or (_day(digits[:2], digits[2:4], f"20{digits[4:6]}") is not None)


def _all(text: str, born: date | None) -> Iterator[Hit]:
    """Yield hits, which may overlap: the patterns are tried where they may begin or end alone."""
    yield from _addresses(text)
    begins = [at for m in _NUMBERED.finditer(text) for at in range(m.start(), m.start(1) + 1)]
    for at in begins:
        match = _NHS.match(text, at)
        if match and is_nhs_number(re.sub("[ -]", "", match[0])):
            yield Hit(*match.span(), Kind.NHS)
    phones = (_PHONE.match(text, at) for at in begins)
    yield from (Hit(*m.span(), Kind.PHONE) for m in phones if m and _is_phone(m[0]))
    dates = (_DATE.match(text, at) for at in begins)
    yield from (Hit(*m.span(), Kind.BIRTH) for m in dates if m and _is_birth(m, born))
    for inward in _INWARD.finditer(text):
        codes = (
            _POSTCODE.match(text, at) for at in range(max(0, inward.start() - 5), inward.start())
        )
        for match in codes:
            if match and match.end() == inward.end() and _is_code(match):
                yield Hit(*match.span(), Kind.POSTCODE)


def _addresses(text: str) -> Iterator[Hit]:
    at = text.find("@")
    while at >= 0:
        host = _HOST.match(text, at + 1)
        begins = max(0, at - _LONGEST)
        local = _LOCAL.search(text[begins:at]) if host else None
        if host and local:
            yield Hit(begins + local.start(), host.end(), Kind.EMAIL)
        at = text.find("@", at + 1)


def _is_phone(said: str) -> bool:
    digits = re.sub(r"\D", "", said)
    abroad = re.match(r"(?:\+|00)44", said)
    if abroad:
        digits = "0" + digits[len(re.sub(r"\D", "", abroad[0])) :].removeprefix("0")
    first = re.match(r"\d+", said.lstrip("("))
    if not abroad and (first is None or len(first[0]) < 3):  # noqa: PLR2004 - 020 is the shortest
        return False  # `01 02 2024 10` is a day and an hour
    short = r"|01[2-9]\d{7}" if abroad or " " in said else ""
    return bool(re.fullmatch(rf"01[1-9]\d{{8}}|02[03489]\d{{8}}|07[1-9]\d{{8}}{short}", digits))


def _is_birth(match: re.Match[str], born: date | None) -> bool:
    part = match.groupdict()
    year = part["y"] or part["iy"] or part["ny"]
    day = _day(
        part["d"] or part["id"] or part["nd"],
        part["m"] or part["im"] or _month(part["nm"]),
        year,
    )
    if day is None:
        return False
    whole = len(year) == 4  # noqa: PLR2004 - `12/03/15` may be any century
    if born is not None and whole and (day.year, day.month) == (born.year, born.month):
        return True
    text, (start, end) = match.string, match.span()
    return bool(
        _BEFORE.search(text[max(0, start - _NEAR) : start]) or _AFTER.match(text[end : end + _NEAR])
    )


def _month(name: str) -> str:
    return str(MONTHS.index(name.lower()) + 1)


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))  # noqa: PLR2004
    except ValueError:
        return None


def _is_code(match: re.Match[str]) -> bool:
    area, district, gap, inward = match.groups()
    letter = district[1:] if district[1:].isalpha() else ""
    if area.upper() not in _AREAS.split() or letter.upper() not in _LAST_LETTER[len(area)]:
        return False
    if match[0].isupper():
        whole = bool(gap) or len(match[0]) >= 6  # noqa: PLR2004 - `B12CD` is more often a reference
        return whole and not (_SECTIONS.fullmatch(area + district) and _WORDS.fullmatch(inward))
    return match[0].islower() and bool(gap) and len(area) > 1 and not _WORDS.fullmatch(inward)
