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
TEXTS = (FieldType.ID, FieldType.TEXT, FieldType.CHOICE)
DAYS = (FieldType.DATE, FieldType.MONTH, FieldType.DATETIME)
_SINGLE = (*TEXTS, FieldType.DATE, FieldType.MONTH, FieldType.NUMBER, FieldType.YES_NO)
ASKED_OF: dict[str, tuple[FieldType, ...]] = {
    "one_of": (*_SINGLE, FieldType.LIST),
    "not_": _SINGLE,
    "at_least": (FieldType.NUMBER,),
    "at_most": (FieldType.NUMBER,),
    "on_or_after": DAYS,
    "on_or_before": DAYS,
}


COMPARED = (
    "comparisons are written `{at_least: 3}`, `{at_most: 3}`, or, of days, "
    "`{on_or_after: trigger.start_date}`, `{on_or_before: audit.audit_date}`"
)


def question(kind: FieldType, name: str) -> str:
    """Return a condition that can be asked of a field of this type.

    >>> question(FieldType.NUMBER, "caseload")
    'caseload: {at_least: 1}'
    """
    if kind in DAYS:
        return f"{name}: {{on_or_after: trigger.start_date}}"
    if kind is FieldType.NUMBER:
        return f"{name}: {{at_least: 1}}"
    if kind is FieldType.TEXT:
        return f"{name}: {{present: yes}}"
    return f"{name}: {'yes' if kind is FieldType.YES_NO else 'value'}"


def compared_as(kind: FieldType) -> FieldType:
    """Return what a field is compared as: an id, a text and a choice are all text."""
    same = {FieldType.ID: FieldType.TEXT, FieldType.CHOICE: FieldType.TEXT}
    return same.get(kind, FieldType.DATE if kind is FieldType.MONTH else kind)


def type_words(kind: FieldType) -> str:
    """Return the words for a type of field."""
    names = {FieldType.YES_NO: "yes or no", FieldType.DATETIME: "day and time"}
    return names.get(kind, kind.value)
