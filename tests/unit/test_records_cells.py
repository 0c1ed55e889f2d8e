"""The language of cells: what is read as what, and what is refused with which words."""

from datetime import date, datetime

import pytest

from engine.records.cells import Spec, Unreadable, Value, clean, read
from engine.rulebook.fields import FieldType

EARLIEST, LATEST = date(1980, 1, 1), date(2100, 12, 31)
GRADES = ("inadequate", "requires_improvement", "good", "outstanding")


def spec(kind: str, name: str = "f", **more: object) -> Spec:
    """Return a field of this type."""
    return Spec(name, FieldType(kind), EARLIEST, LATEST, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "blank",
    ["", " ", "\u00a0", "\u200b\ufeff", "#N/A", "n/a", "-", "–", "—", " NULL ", "(blank)", None],
)
@pytest.mark.parametrize("kind", list(FieldType))
def test_blanks(kind: FieldType, blank: str | None) -> None:
    """Nothing, and what people write for nothing, is nothing in a field of any type."""
    assert read(blank, spec(kind, values=("none",))) is None


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("id", " 17 ", "17"),
        ("id", "17.0", "17"),
        ("id", "17.5", "17.5"),
        ("id", "0017", "0017"),
        ("text", "\u00a0two  words\u200b", "two  words"),
        ("date", "2024-03-31", date(2024, 3, 31)),
        ("date", "2024-03-31T00:00:00", date(2024, 3, 31)),
        ("date", "2024-03-31 00:00:00.000", date(2024, 3, 31)),
        ("date", "2024-03-31 16:30", date(2024, 3, 31)),
        ("date", "31/03/2024 23:59:59", date(2024, 3, 31)),
        ("date", "31/03/2024", date(2024, 3, 31)),
        ("date", "1/3/2024", date(2024, 3, 1)),
        ("date", "01-03-2024", date(2024, 3, 1)),
        ("date", "01.03.2024", date(2024, 3, 1)),
        ("date", "1 Mar 2024", date(2024, 3, 1)),
        ("date", "1\u00a0March 2024", date(2024, 3, 1)),
        ("date", "30 SEPT 2024", date(2024, 9, 30)),
        ("datetime", "2024-03-31", datetime(2024, 3, 31)),  # noqa: DTZ001 - local time
        ("datetime", "2024-03-31 16:30", datetime(2024, 3, 31, 16, 30)),  # noqa: DTZ001
        ("datetime", "2024-03-31T16:30:05.5", datetime(2024, 3, 31, 16, 30, 5, 500000)),  # noqa: DTZ001
        ("datetime", "31/3/2024 16:30", datetime(2024, 3, 31, 16, 30)),  # noqa: DTZ001
        ("month", "2024-03", date(2024, 3, 1)),
        ("month", "03/2024", date(2024, 3, 1)),
        ("month", "31/03/2024", date(2024, 3, 1)),
        ("month", "2024-03-31 16:30", date(2024, 3, 1)),
        ("yes_no", "YES", True),
        ("yes_no", "y", True),
        ("yes_no", "1", True),
        ("yes_no", "a) Yes", True),
        ("yes_no", "TRUE", True),
        ("yes_no", "b) No", False),
        ("yes_no", "0.0", False),
        ("yes_no", "c) Unknown", None),
        ("number", "3", 3),
        ("number", "3.0", 3),
        ("choice", "Good", "good"),
        ("choice", "Requires improvement", "requires_improvement"),
        ("choice", "c) requires-improvement", "requires_improvement"),
        ("choice", "Requires\u00a0Improvement to be good", "requires_improvement"),
        ("list", "good; outstanding", ("good", "outstanding")),
        ("list", '["outstanding", "good"]', ("good", "outstanding")),
        ("list", "Good,good", ("good",)),
        ("list", "[]", None),
    ],
)
def test_readings(kind: str, raw: str, value: Value) -> None:
    """Each way to write a value gives that value."""
    values = GRADES if kind in ("choice", "list") else ()
    assert read(raw, spec(kind, values=values)) == value


@pytest.mark.parametrize(
    ("kind", "raw", "code", "message", "way_out"),
    [
        ("date", "13/25/2024", "B302", "`13/25/2024` in `f` is no day of the calendar",
         "dates are read as day/month/year"),
        ("date", "2024-02-30", "B302", "`2024-02-30` in `f` is no day of the calendar",
         "dates are read as day/month/year"),
        ("date", "1/3/24", "B302", "`1/3/24` in `f` has a year of two digits",
         "write all four digits of the year"),
        ("date", "1 Mar 24", "B302", "`1 Mar 24` in `f` has a year of two digits",
         "write all four digits of the year"),
        ("date", "2024-03-31T16:30Z", "B302", "`2024-03-31T16:30Z` in `f` has a time of day",
         "write the day alone: 2024-03-31 or 31/03/2024"),
        ("date", "soon", "B302", "`soon` in `f` is not a date",
         "write it as 2024-03-31 or 31/03/2024"),
        ("date", "45382", "B302", "`45382` in `f` is a number and not a date",
         "give the column in Excel the format of a date"),
        ("date", "1066-10-14", "B303", "`1066-10-14` is not a believable date for `f`",
         "dates lie between 1980-01-01 and 2100-12-31"),
        ("date", "01/01/2999", "B303", "`01/01/2999` is not a believable date for `f`",
         "dates lie between 1980-01-01 and 2100-12-31"),
        ("datetime", "2024-03-31T16:30Z", "B302",
         "`2024-03-31T16:30Z` in `f` is not a date and time",
         "write local time without a zone: 2024-03-31 16:30"),
        ("datetime", "soon", "B302", "`soon` in `f` is not a date",
         "write it as 2024-03-31 or 31/03/2024"),
        ("month", "2024-13", "B308", "`2024-13` in `f` is not a month", "write it as 2024-03"),
        ("yes_no", "perhaps", "B304", "`perhaps` in `f` is neither yes nor no", "write yes or no"),
        ("yes_no", "2", "B304", "`2` in `f` is neither yes nor no", "write yes or no"),
        ("number", "3.5", "B306", "`3.5` in `f` is not a whole number", ""),
        ("number", "many", "B306", "`many` in `f` is not a whole number", ""),
        ("number", "11", "B307", "`11` in `f` is out of range", "write a number from 0 to 10"),
        ("number", "-1", "B307", "`-1` in `f` is out of range", "write a number from 0 to 10"),
        ("choice", "god", "B305", "`god` is not allowed in `f`", "did you mean `good`?"),
        ("choice", "8", "B305", "`8` is not allowed in `f`",
         "write one of: inadequate, requires_improvement, good, outstanding"),
        ("list", "good; bad", "B305", "`bad` is not allowed in `f`",
         "write one of: inadequate, requires_improvement, good, outstanding"),
    ],
)  # fmt: skip
def test_refusals(kind: str, raw: str, code: str, message: str, way_out: str) -> None:
    """What cannot be read is refused with a code, in words, and with a way out."""
    values = GRADES if kind in ("choice", "list") else ()
    low, high = (0, 10) if kind == "number" else (None, None)
    with pytest.raises(Unreadable) as refused:
        read(raw, spec(kind, values=values, min=low, max=high))
    assert (refused.value.code, refused.value.message) == (code, message)
    assert refused.value.help == way_out


def test_a_required_field_must_be_filled() -> None:
    """A blank where something is required is refused."""
    with pytest.raises(Unreadable, match="`f` is blank and must be filled"):
        read(" - ", spec("id", required=True))


def test_a_choice_keeps_its_own_way_to_be_written() -> None:
    """An allowed value comes out as the rulebook writes it, whatever the case."""
    assert read("cp-05", spec("choice", values=("CP-05",))) == "CP-05"


def test_text_is_kept_as_it_is_inside() -> None:
    """Only the edges of a text are cleaned."""
    assert clean(" it’s\nin two lines ") == "it’s\nin two lines"
