"""The kinds of value that authors write: yes or no, days, whole numbers, durations, names.

YAML gives text only (`engine/rulebook/source.py`); each type here says how its text is read and,
where it cannot be, what to write instead. Values that are typed already are taken as they are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated, Any, NoReturn

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from engine.rulebook.frames import ticked
from engine.rulebook.meant import day_meant, id_meant, length_meant, number_meant, why_no_day
from engine.terms import Unit

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_LARGEST = 1_000_000_000
_LONGEST = 9999
_WHOLE = re.compile(r"-?[0-9]{1,100}")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_UK_DAY = re.compile(r"[0-9]{1,2}[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_IDENTIFIER = re.compile(r"[A-Z]{2,}-[0-9]{2,}")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_DURATION = re.compile(r"([0-9]{1,9}) *([a-z][a-z_ ]*)?", re.IGNORECASE)
_YES = {"yes": True, "true": True, "no": False, "false": False}


class Fault(ValueError):  # noqa: N818 - it becomes a problem; it is not an error in the program
    """What a validator raises to say more than a message: a help line, a code, a place.

    `at` is the path from the value that is validated to the part that is wrong.
    """

    def __init__(
        self, message: str, help_: str = "", *, code: str = "R005", at: Sequence[str | int] = ()
    ) -> None:
        super().__init__(message)
        self.message, self.help, self.code, self.at = message, help_, code, tuple(at)


@dataclass(frozen=True)
class Duration:
    """A length of time: so many days, working days or months.

    >>> str(Duration.parse("6 weeks")), str(Duration.parse("1 year"))
    ('42 days', '12 months')
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= _LONGEST:
            raise _wrong(str(self), "is not a length of time", f"at most {_LONGEST} of a unit")

    def __str__(self) -> str:
        unit = self.unit.value.replace("_", " ")
        return f"{self.amount} {unit.removesuffix('s') if self.amount == 1 else unit}"

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read a duration such as `10 working days`; weeks become days and years months.

        >>> Duration.parse("10 working days")
        Duration(amount=10, unit=<Unit.WORKING_DAYS: 'working_days'>)
        """
        found = _DURATION.fullmatch(text)
        if not found:
            meant = length_meant(text) or "10 working days"
            raise _wrong(text, "is not a length of time", f"write it as `{meant}`")
        amount, unit = int(found[1]), found[2]
        if not unit:
            both = (cls(min(amount, _LONGEST), unit) for unit in (Unit.DAYS, Unit.WORKING_DAYS))
            raise _wrong(text, "has no unit", "write " + " or ".join(f"`{each}`" for each in both))
        return cls(*_in_unit(text, amount, " ".join(unit.lower().replace("_", " ").split())))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        text = core_schema.to_string_ser_schema()
        return core_schema.no_info_plain_validator_function(_duration, serialization=text)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        pattern = "^[0-9]+ +(working days?|days?|weeks?|months?|years?)$"
        return {"type": "string", "pattern": pattern, "examples": ["10 working days", "6 weeks"]}


_UNITS: dict[str, tuple[int, Unit]] = {
    "day": (1, Unit.DAYS),
    "working day": (1, Unit.WORKING_DAYS),
    "week": (7, Unit.DAYS),
    "month": (1, Unit.MONTHS),
    "year": (12, Unit.MONTHS),
}


def _in_unit(text: str, amount: int, words: str) -> tuple[int, Unit]:
    known = words if words in _UNITS else words.removesuffix("s")
    if known not in _UNITS:
        plurals = [f"{unit}s" for unit in _UNITS]
        listed = "units are " + ", ".join(f"`{unit}`" for unit in plurals)
        near = get_close_matches(words, plurals, n=1)
        meant = f"{amount} {near[0]}" if near else length_meant(text)
        offer = f"write `{meant}`" if meant else ""
        raise _wrong(words, "is not a unit of time", _joined(offer, listed))
    times, unit = _UNITS[known]
    return amount * times, unit


def _duration(value: object) -> Duration:
    if isinstance(value, Duration):
        return value
    return Duration.parse(_text(value, "a length of time, such as `10 working days`"))


def _yes_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = _text(value, "`yes` or `no`")
    if text.lower() not in _YES:
        raise _wrong(text, "is neither yes nor no", "write `yes` or `no`")
    return _YES[text.lower()]


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = _text(value, "a whole number")
    if not _WHOLE.fullmatch(text):
        raise _wrong(text, "is not a whole number", _whole_meant(text))
    if re.match("-?0[0-9]", text):
        raise _wrong(text, "starts with a zero", f"write `{int(text)}`")
    if abs(int(text)) > _LARGEST:
        raise _wrong(text, "is too large", f"numbers go up to {_LARGEST}")
    return int(text)


def _whole_meant(text: str) -> str:
    part = re.fullmatch(r"(-?[0-9]{1,9})\.([0-9]*)", text)
    if text.isdigit() and text.isascii():
        return f"numbers go up to {_LARGEST}"
    if not part:
        meant = number_meant(text)
        alone = " alone" if re.match(r"[0-9]+ *[A-Za-z%]", text) else ""
        return f"write `{meant}`{alone}" if meant else "write it in digits, such as `10`"
    low = int(part[1])
    return f"write `{low}` or `{low + 1}`" if part[2].strip("0") else f"write `{low}`"


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return _in_range(value)
    text = _text(value, "a date, such as `2024-12-31`")
    found = _ISO_DAY.fullmatch(text)
    if not found:
        meant = day_meant(text)
        british = _UK_DAY.fullmatch(text)
        if british and not meant:
            why = why_no_day(int(british[2]), int(british[1]))
            raise _wrong(text, "is not in the calendar", why)
        raise _wrong(text, "is not a date", f"write it as `{meant or 'YYYY-MM-DD'}`")
    year, month, number = map(int, found.groups())
    day = _date(year, month, number)
    if not day:
        raise _wrong(text, "is not in the calendar", why_no_day(year, month))
    return _in_range(day)


def _in_range(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise _wrong(str(day), f"lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return day


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _identifier(value: object) -> str:
    text = _text(value, "an identifier, such as `CP-05`")
    if not _IDENTIFIER.fullmatch(text):
        shape = "an id is two or more capitals, a hyphen and two or more digits, such as `CP-05`"
        meant = id_meant(text)
        raise _wrong(
            text, "is not an identifier", _joined(f"write `{meant}`" if meant else "", shape)
        )
    return text


def _name(value: object) -> str:
    text = _text(value, "a name, such as `visit_date`")
    if not _NAME.fullmatch(text):
        snake = "_".join(re.findall("[a-z0-9]+", text.lower()))
        help_ = "use small letters, digits and `_`, with a letter first"
        meant = f"write `{snake}`" if _NAME.fullmatch(snake) else ""
        raise _wrong(text, "is not a name", _joined(meant, help_))
    return text


def _filled(value: object) -> str:
    text = _text(value, "text")
    if not text.strip():
        raise PydanticCustomError("no_value", "has no value")
    return text


def _text(value: object, wanted: str) -> str:
    if value is None or isinstance(value, list | tuple | dict):
        _refuse(wanted)
    return str(value)


def _refuse(wanted: str) -> NoReturn:
    raise PydanticCustomError("wrong_kind", "must be {wanted}", {"wanted": wanted})


def _wrong(text: str, what: str, help_: str = "") -> Fault:
    return Fault(f"{ticked(text)} {what}", help_, code="R003")


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


YesNo = Annotated[
    bool, BeforeValidator(_yes_no), WithJsonSchema({"enum": ["yes", "no", True, False]})
]
"""`yes` or `no` (also `true`, `false`, in any case)."""

Day = Annotated[date, BeforeValidator(_day)]
"""A day as YYYY-MM-DD, 1900 to 2200."""

Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number, written without a leading zero or a decimal point."""

Identifier = Annotated[
    str,
    BeforeValidator(_identifier),
    WithJsonSchema({"type": "string", "pattern": f"^{_IDENTIFIER.pattern}$"}),
]
"""The identifier of a standard: capitals, a hyphen, digits."""

Name = Annotated[
    str, BeforeValidator(_name), WithJsonSchema({"type": "string", "pattern": f"^{_NAME.pattern}$"})
]
"""A name in snake case: a table, a field, an entry of a list."""

Text = Annotated[str, BeforeValidator(_filled), WithJsonSchema({"type": "string", "minLength": 1})]
"""Text that is not empty."""


def parse_yes_no(text: str) -> bool:
    """Read `yes` or `no`.

    >>> parse_yes_no("Yes")
    True
    """
    return _yes_no(text)


def parse_identifier(text: str) -> str:
    """Read the identifier of a standard.

    >>> parse_identifier("CP-05")
    'CP-05'
    """
    return _identifier(text)


def parse_day(text: str) -> date:
    """Read a day written as `2025-01-31`.

    >>> parse_day("2025-01-31")
    datetime.date(2025, 1, 31)
    """
    return _day(text)


def parse_whole(text: str) -> int:
    """Read a whole number.

    >>> parse_whole("12")
    12
    """
    return _whole(text)
