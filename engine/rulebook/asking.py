"""What may be asked of each type of field, and how the value that it is held against is read."""

from collections.abc import Callable

from engine.rulebook.fields import FieldType
from engine.rulebook.scalars import Fault, parse_day, parse_whole, parse_yes_no


def _parse_month(text: str) -> object:
    try:
        return parse_day(f"{text}-01")
    except Fault:
        raise Fault(f"`{text}` is not a month", "write it as `2025-01`") from None


PARSERS: dict[FieldType, Callable[[str], object]] = {
    FieldType.DATE: parse_day,
    FieldType.MONTH: _parse_month,
    FieldType.NUMBER: parse_whole,
    FieldType.YES_NO: parse_yes_no,
}
_TEXTS = (FieldType.ID, FieldType.TEXT, FieldType.CHOICE)
_DAYS = (FieldType.DATE, FieldType.MONTH, FieldType.DATETIME)
_SINGLE = (*_TEXTS, FieldType.DATE, FieldType.MONTH, FieldType.NUMBER, FieldType.YES_NO)
ASKED_OF: dict[str, tuple[FieldType, ...]] = {
    "one_of": (*_SINGLE, FieldType.LIST),
    "not_": _SINGLE,
    "at_least": (FieldType.NUMBER,),
    "at_most": (FieldType.NUMBER,),
    "on_or_after": _DAYS,
    "on_or_before": _DAYS,
}


def compared_as(kind: FieldType) -> FieldType:
    """Return what a field is compared as: an id, a text and a choice are all text."""
    same = {FieldType.ID: FieldType.TEXT, FieldType.CHOICE: FieldType.TEXT}
    return same.get(kind, FieldType.DATE if kind is FieldType.MONTH else kind)


def type_words(kind: FieldType) -> str:
    """Return the words for a type of field."""
    names = {FieldType.YES_NO: "yes or no", FieldType.DATETIME: "day and time"}
    return names.get(kind, kind.value)
