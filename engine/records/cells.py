"""How the text of one cell is read: the same language for every file format.

In: the text of a cell and what its field may hold. Out: a value, or `Unreadable` with the reason.
`cell_sql.py` says the same in SQL; a test holds the two together.
It must not know files, tables or databases.

Blank is: nothing, only invisible characters, or one of the words in `BLANK` in any case.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache

from engine.errors import nearest
from engine.rulebook.fields import FARTHEST, FieldType

# Spaces of all kinds, control characters and characters of no width. They carry no meaning
# at the edges of a cell and stand for one space inside a date, a choice or a yes or no.
INVISIBLE = (
    "".join(map(chr, range(33)))
    + "\x7f\x85\xa0\xad\u1680\u180e"
    + "".join(map(chr, range(0x2000, 0x2010)))
    + "\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
BLANK = ("", "#n/a", "n/a", "-", "–", "—", "null", "(blank)", "(null)")
YES = ("yes", "y", "true", "1", "1.0")
NO = ("no", "n", "false", "0", "0.0")
# an answer that says nothing: blank, and so never taken as yes
UNKNOWN = ("unknown", "not_known", "not_recorded")
# the long form of a grade's title, as inspectors write it
ALIASES = {"requires_improvement_to_be_good": "requires_improvement"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# quotes and dashes of typography, and those of a keyboard
CURLY = "\u2018\u2019\u201c\u201d\u2010\u2011\u2012\u2013\u2014\u2212"
STRAIGHT = "''\"\"------"
TIME = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
ISO = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
DAY_FIRST = (
    r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})",
    r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})",
    r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})",
)
NAMED = (
    r"([0-9]{1,2})[ -](jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)[ -]([0-9]{4})"
)
MONTH = r"([0-9]{4})-([0-9]{2})"
MONTH_FIRST = r"([0-9]{1,2})/([0-9]{4})"
WHOLE = r"([+-]?[0-9]{1,9})(?:\.0*)?"
_ANY_WHOLE = r"([+-]?[0-9]{1,40})(?:\.0*)?"
NUMBERED_ID = r"([0-9]+)\.0"
LETTERED = r"^[a-z]\)_*"
LIST_PARTS = "[;,]"
LISTED = 12  # so many allowed values are listed in a message
LIST_EDGES = INVISIBLE + "\"'[]"

_TWO_DIGITS = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}|[0-9]{1,2}[ -][a-z]+[ -][0-9]{2}")
_TIMED = re.compile(rf"(?:{ISO}|{'|'.join(DAY_FIRST)})[T ][0-9].*")
_RUNS = re.compile(f"[{re.escape(INVISIBLE)}]+")
_JOINS = re.compile(f"[{re.escape(INVISIBLE)}_/-]+")
_CURLY = str.maketrans(CURLY, STRAIGHT)


class Unreadable(Exception):  # noqa: N818 - it is an answer, not an error in the program
    """What is wrong with a cell: a code, a message and a way out."""

    def __init__(self, code: str, message: str, way_out: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.help = code, message, way_out


Value = str | date | datetime | bool | int | tuple[str, ...] | None


@dataclass(frozen=True)
class Spec:
    """What one field may hold, with the lists of the rulebook filled in."""

    name: str
    type: FieldType
    earliest: date
    latest: date
    required: bool = False
    values: tuple[str, ...] = ()
    min: int = -FARTHEST
    max: int = FARTHEST

    @cached_property
    def choices(self) -> Mapping[str, str]:
        """Return every way to write an allowed value, in its plain form, and the value."""
        known = {plain(value): value for value in reversed(self.values)}
        aliases = {a: known[v] for a, v in ALIASES.items() if v in known and a not in known}
        return known | aliases


def clean(raw: str | None) -> str | None:
    r"""Return the text of a cell without invisible edges, or `None` where it is blank.

    >>> clean("\u00a0Yes "), clean("#N/A"), clean(" – ")
    ('Yes', None, None)
    """
    text = (raw or "").strip(INVISIBLE)
    return None if text.lower() in BLANK else text


def plain(text: str) -> str:
    r"""Return the plain form in which choices are compared.

    >>> plain("c) Requires\u00a0improvement"), plain("CP-05")
    ('requires_improvement', 'cp_05')
    """
    joined = _JOINS.sub("_", text.translate(_CURLY))
    if joined.isascii():  # lower case has surprises beyond ASCII
        joined = joined.lower()
    return re.sub(LETTERED, "", joined).strip("_")


def identifier(raw: str | None) -> str:
    """Return the number that a cell names, as far as it can be read.

    >>> identifier(" A1 "), identifier("17.0"), identifier(None)
    ('A1', '17', '')
    """
    text = clean(raw) or ""
    found = re.fullmatch(NUMBERED_ID, text)
    return found[1] if found else text


def read(raw: str | None, spec: Spec) -> Value:
    """Return the value of a cell, or raise `Unreadable`."""
    text = clean(raw)
    if text is not None:
        return _READ[spec.type](text, spec)
    if spec.required:
        raise Unreadable("B301", f"`{spec.name}` is blank and must be filled")
    return None


def _text(text: str, _: Spec) -> str:
    return text


def _id(text: str, _: Spec) -> str:
    return identifier(text)


def _day(text: str, spec: Spec) -> date:
    # systems hand out days as the moments of their clocks; the day is what is asked for
    day = _date(text, f"(?:{TIME})?")
    if day is None:
        raise _not_a_day(text, spec)
    return _believable(day, text, spec)


def _month(text: str, spec: Spec) -> date:
    year_first, month_first = re.fullmatch(MONTH, text), re.fullmatch(MONTH_FIRST, text)
    day = _date(text, f"(?:{TIME})?")
    if year_first:
        day = _calendar(year_first[1], year_first[2], "1")
    elif month_first:
        day = _calendar(month_first[2], month_first[1], "1")
    if day is None:
        raise Unreadable("B308", f"`{text}` in `{spec.name}` is not a month", "write it as 2024-03")
    return _believable(day.replace(day=1), text, spec)


def _moment(text: str, spec: Spec) -> datetime:
    text = _RUNS.sub(" ", text)
    day = _date(text, f"(?:{TIME})?")
    if day is None:
        raise _not_a_moment(text, spec)
    _believable(day, text, spec)
    found = re.search(f"{TIME}$", text)
    return datetime.fromisoformat(
        f"{day.isoformat()}T{_padded(found[0][1:]) if found else '00:00'}"
    )


def _padded(time: str) -> str:
    whole, dot, part = time.partition(".")
    return f"{whole}.{part.ljust(6, '0')}" if dot else time


def _date(text: str, time: str) -> date | None:
    text = _RUNS.sub(" ", text)
    if found := re.fullmatch(ISO + time, text):
        return _calendar(found[1], found[2], found[3])
    for form in DAY_FIRST:
        if found := re.fullmatch(form + time, text):
            return _calendar(found[3], found[2], found[1])
    if found := re.fullmatch(NAMED, text.lower()):
        return _calendar(found[3], str(MONTHS.index(found[2][:3]) + 1), found[1])
    return None


def _calendar(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _believable(day: date, text: str, spec: Spec) -> date:
    if spec.earliest <= day <= spec.latest:
        return day
    raise Unreadable(
        "B303",
        f"`{text}` is not a believable date for `{spec.name}`",
        f"dates lie between {spec.earliest} and {spec.latest}",
    )


def _not_a_day(text: str, spec: Spec) -> Unreadable:
    if _TWO_DIGITS.fullmatch(text.lower()):
        said = f"`{text}` in `{spec.name}` has a year of two digits"
        return Unreadable("B302", said, "write all four digits of the year")
    if _TIMED.fullmatch(text):
        said = f"`{text}` in `{spec.name}` has a time of day"
        return Unreadable("B302", said, "write the day alone: 2024-03-31 or 31/03/2024")
    if re.fullmatch(WHOLE, text):
        said = f"`{text}` in `{spec.name}` is a number and not a date"
        return Unreadable("B302", said, "give the column in Excel the format of a date")
    if any(re.fullmatch(form, text) for form in (ISO, *DAY_FIRST)):
        said = f"`{text}` in `{spec.name}` is no day of the calendar"
        return Unreadable("B302", said, "dates are read as day/month/year")
    said = f"`{text}` in `{spec.name}` is not a date"
    return Unreadable("B302", said, "write it as 2024-03-31 or 31/03/2024")


def _not_a_moment(text: str, spec: Spec) -> Unreadable:
    if _TIMED.fullmatch(text):
        said = f"`{text}` in `{spec.name}` is not a date and time"
        return Unreadable("B302", said, "write local time without a zone: 2024-03-31 16:30")
    return _not_a_day(text, spec)


def _yes_no(text: str, spec: Spec) -> bool | None:
    word = plain(text)
    if word in UNKNOWN:
        return None
    if word in YES or word in NO:
        return word in YES
    raise Unreadable("B304", f"`{text}` in `{spec.name}` is neither yes nor no", "write yes or no")


def _number(text: str, spec: Spec) -> int:
    found = re.fullmatch(_ANY_WHOLE, text)
    if not found:
        raise Unreadable("B306", f"`{text}` in `{spec.name}` is not a whole number")
    number = int(found[1])
    if not spec.min <= number <= spec.max:
        said = f"`{text}` in `{spec.name}` is out of range"
        raise Unreadable("B307", said, f"write a number from {spec.min} to {spec.max}")
    return number


def _choice(text: str, spec: Spec) -> str:
    if text in spec.values:
        return text
    if value := spec.choices.get(plain(text)):
        return value
    raise Unreadable(
        "B305", f"`{text}` is not allowed in `{spec.name}`", suggest(text, spec.values)
    )


def _list(text: str, spec: Spec) -> tuple[str, ...] | None:
    words = (part.strip(LIST_EDGES) for part in re.split(LIST_PARTS, text))
    return tuple(sorted({_choice(word, spec) for word in words if word})) or None


def suggest(word: str, values: tuple[str, ...]) -> str:
    """Return the help for a word that is not among the allowed values."""
    few = ", ".join(values)
    return nearest(plain(word), values) or (f"write one of: {few}" if len(values) <= LISTED else "")


_READ: Mapping[FieldType, Callable[[str, Spec], Value]] = {
    FieldType.ID: _id,
    FieldType.TEXT: _text,
    FieldType.DATE: _day,
    FieldType.DATETIME: _moment,
    FieldType.MONTH: _month,
    FieldType.YES_NO: _yes_no,
    FieldType.NUMBER: _number,
    FieldType.CHOICE: _choice,
    FieldType.LIST: _list,
}


@lru_cache(maxsize=65_536)  # the same days stand in many rows
def readable(cell: str, spec: Spec) -> date | None:
    """Return the day that a cell holds, if it can be read."""
    try:
        value = read(cell, spec)
    except Unreadable:
        return None
    return value if isinstance(value, date) else None
