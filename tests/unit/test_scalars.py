"""Promises of `engine.rulebook.scalars`: text becomes a value, or says what to write instead."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from engine.rulebook.scalars import Day, Duration, Fault, Identifier, Name, Text, Whole, YesNo
from engine.terms import Unit

YES_NO: TypeAdapter[bool] = TypeAdapter(YesNo)
DAY: TypeAdapter[date] = TypeAdapter(Day)
WHOLE: TypeAdapter[int] = TypeAdapter(Whole)
DURATION: TypeAdapter[Duration] = TypeAdapter(Duration)
IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)
NAME: TypeAdapter[str] = TypeAdapter(Name)
TEXT: TypeAdapter[str] = TypeAdapter(Text)
EVERY = (YES_NO, DAY, WHOLE, DURATION, IDENTIFIER, NAME, TEXT)

UNITS = "units are `days`, `working days`, `weeks`, `months`, `years`"
DIGITS = "write it in digits, such as `10`"
CAPITALS = "an id is two or more capitals, a hyphen and two or more digits, such as `CP-05`"
LETTERS = "use small letters, digits and `_`, with a letter first"


def days(amount: int) -> Duration:
    return Duration(amount, Unit.DAYS)


def test_yes_and_no_are_read_in_any_case() -> None:
    """Yes, no, true and false mean what they say; a value that is typed already stays."""
    assert [YES_NO.validate_python(each) for each in ("yes", "Yes", "TRUE", True)] == [True] * 4
    assert [YES_NO.validate_python(each) for each in ("no", "No", "false", False)] == [False] * 4


def test_days_are_read_in_iso_form() -> None:
    """A day is YYYY-MM-DD, and both ends of the believable years are included."""
    for text in ("1900-01-01", "2024-02-29", "2200-12-31"):
        assert DAY.validate_python(text) == date.fromisoformat(text)
    assert DAY.validate_python(date(2024, 2, 29)) == date(2024, 2, 29)


def test_whole_numbers_are_read() -> None:
    """A whole number has digits only, and perhaps a minus."""
    read = [WHOLE.validate_python(each) for each in ("0", "14", "-3", 7, "1000000000")]
    assert read == [0, 14, -3, 7, 10**9]


@pytest.mark.parametrize(
    ("text", "duration", "written"),
    [
        ("10 working days", Duration(10, Unit.WORKING_DAYS), "10 working days"),
        ("1 working day", Duration(1, Unit.WORKING_DAYS), "1 working day"),
        ("1 day", days(1), "1 day"),
        ("0 days", days(0), "0 days"),
        ("6 weeks", days(42), "42 days"),
        ("1 Week", days(7), "7 days"),
        ("3 months", Duration(3, Unit.MONTHS), "3 months"),
        ("1 year", Duration(12, Unit.MONTHS), "12 months"),
        ("2  working_days", Duration(2, Unit.WORKING_DAYS), "2 working days"),
    ],
)
def test_durations_are_read_and_written(text: str, duration: Duration, written: str) -> None:
    """A duration is a number and a unit; weeks become days and years become months."""
    assert DURATION.validate_python(text) == DURATION.validate_python(duration) == duration
    assert str(duration) == written
    assert DURATION.dump_python(duration, mode="json") == written


@given(st.integers(0, 9999), st.sampled_from(Unit))
def test_a_duration_that_is_written_is_read_back(amount: int, unit: Unit) -> None:
    """Reading what was written gives the same duration."""
    assert Duration.parse(str(Duration(amount, unit))) == Duration(amount, unit)


def test_names_and_identifiers_are_read() -> None:
    """Identifiers are capitals and digits, names are snake case, text is what it is."""
    assert [IDENTIFIER.validate_python(each) for each in ("CP-05", "SUPV-123")]
    assert [NAME.validate_python(each) for each in ("visits", "visit_date2", "a")]
    assert TEXT.validate_python(" as it is ") == " as it is "


@pytest.mark.parametrize(
    ("kind", "value", "message", "help_"),
    [
        (YES_NO, "maybe", "`maybe` is neither yes nor no", "write `yes` or `no`"),
        (YES_NO, "1", "`1` is neither yes nor no", "write `yes` or `no`"),
        (YES_NO, 1, "`1` is neither yes nor no", "write `yes` or `no`"),
        (DAY, "31/12/2024", "`31/12/2024` is not a date", "write it as `2024-12-31`"),
        (DAY, "3.4.2024", "`3.4.2024` is not a date", "write it as `2024-04-03`"),
        (DAY, "12/31/2024", "`12/31/2024` is not a date", "write it as `2024-12-31`"),
        (DAY, "20241231", "`20241231` is not a date", "write it as `YYYY-MM-DD`"),
        (DAY, "2024-1-1", "`2024-1-1` is not a date", "write it as `2024-01-01`"),
        (DAY, "2023-02-29", "`2023-02-29` is not in the calendar", "February 2023 has 28 days"),
        (DAY, "1899-12-31", "`1899-12-31` lies outside the years 1900 to 2200", ""),
        (DAY, date(2201, 1, 1), "`2201-01-01` lies outside the years 1900 to 2200", ""),
        (
            DAY,
            datetime(2024, 1, 1, tzinfo=UTC),
            "`2024-01-01 00:00:00+00:00` is not a date",
            "write it as `2024-01-01`",
        ),
        (WHOLE, "1.0", "`1.0` is not a whole number", "write `1`"),
        (WHOLE, 1.0, "`1.0` is not a whole number", "write `1`"),
        (WHOLE, "1.5", "`1.5` is not a whole number", "write `1` or `2`"),
        (WHOLE, "014", "`014` starts with a zero", "write `14`"),
        (WHOLE, "-014", "`-014` starts with a zero", "write `-14`"),
        (WHOLE, "1_000", "`1_000` is not a whole number", "write `1000`"),
        (WHOLE, "٣", "`٣` is not a whole number", DIGITS),
        (WHOLE, True, "`True` is not a whole number", DIGITS),
        (WHOLE, "1000000001", "`1000000001` is too large", "numbers go up to 1000000000"),
        (WHOLE, "9" * 5000, f"`{'9' * 59}…` is not a whole number", "numbers go up to 1000000000"),
        (DURATION, "45", "`45` has no unit", "write `45 days` or `45 working days`"),
        (DURATION, 45, "`45` has no unit", "write `45 days` or `45 working days`"),
        (
            DURATION,
            "ten days",
            "`ten days` is not a length of time",
            "write it as `10 days`",
        ),
        (DURATION, "-3 days", "`-3 days` is not a length of time", "write it as `10 working days`"),
        (
            DURATION,
            "1.5 days",
            "`1.5 days` is not a length of time",
            "write it as `10 working days`",
        ),
        (
            DURATION,
            "10 wrking days",
            "`wrking days` is not a unit of time",
            f"write `10 working days`; {UNITS}",
        ),
        (
            DURATION,
            "3 fortnights",
            "`fortnights` is not a unit of time",
            f"write `6 weeks`; {UNITS}",
        ),
        (DURATION, "2000 weeks", "`14000 days` is not a length of time", "at most 9999 of a unit"),
        (IDENTIFIER, "cp-05", "`cp-05` is not an identifier", f"write `CP-05`; {CAPITALS}"),
        (IDENTIFIER, "CP-5", "`CP-5` is not an identifier", f"write `CP-05`; {CAPITALS}"),
        (NAME, "Visit Date", "`Visit Date` is not a name", f"write `visit_date`; {LETTERS}"),
        (NAME, "visit_date\n", "`visit_date` is not a name", f"write `visit_date`; {LETTERS}"),
        (NAME, "2", "`2` is not a name", LETTERS),
    ],
)
def test_what_cannot_be_read_says_what_to_write(
    kind: TypeAdapter[Any], value: object, message: str, help_: str
) -> None:
    """Every value that is refused is named, with what to write instead where that is known."""
    with pytest.raises(ValidationError) as caught:
        kind.validate_python(value)
    fault = caught.value.errors()[0]["ctx"]["error"]
    assert isinstance(fault, Fault)
    assert (fault.message, fault.help, fault.code) == (message, help_, "R003")


@pytest.mark.parametrize("value", [None, [], {}, ["yes"], {"a": "1"}])
def test_a_scalar_takes_no_list_or_group(value: object) -> None:
    """A list, a group or nothing is refused by every kind of scalar with what it takes."""
    for kind in EVERY:
        with pytest.raises(ValidationError) as caught:
            kind.validate_python(value)
        assert caught.value.errors()[0]["type"] == "wrong_kind"


def test_text_is_never_empty() -> None:
    """Spaces alone are no text."""
    with pytest.raises(ValidationError, match="has no value"):
        TEXT.validate_python("  ")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes a scalar do anything but read it or refuse it."""
    for kind in EVERY:
        try:
            kind.validate_python(text)
        except ValidationError as error:
            assert len(error.errors()) == 1


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.integers(-(10**9), 10**9))
def test_what_python_writes_is_read(day: date, number: int) -> None:
    """Every day and every number in range is read from its plain form."""
    assert DAY.validate_python(str(day)) == day
    assert WHOLE.validate_python(str(number)) == number


def test_the_schema_tells_an_editor_what_to_complete() -> None:
    """The JSON Schema of each scalar says what an author may write, not what Python holds."""

    class Everything(BaseModel):
        yes_no: YesNo
        day: Day
        whole: Whole
        duration: Duration
        identifier: Identifier
        name: Name
        text: Text

    schema = Everything.model_json_schema()["properties"]
    assert schema["yes_no"]["enum"] == ["yes", "no", True, False]
    assert (schema["day"]["format"], schema["whole"]["type"]) == ("date", "integer")
    assert schema["duration"]["pattern"] == "^[0-9]+ +(working days?|days?|weeks?|months?|years?)$"
    assert schema["identifier"]["pattern"] == "^[A-Z]{2,}-[0-9]{2,}$"
    assert schema["name"]["pattern"] == "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
    assert schema["text"]["minLength"] == 1
