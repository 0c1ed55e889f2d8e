"""The dictionary of tables and fields (`rules/fields.yaml`) as models.

It must not know how the tables are read or stored.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import model_validator

from engine.errors import nearest
from engine.rulebook.model import Strict
from engine.rulebook.scalars import Day, Fault, Name, Text, Whole, YesNo

AUDITS = "audits"
ANSWERS = "answers"
AUDIT_ID = "audit_id"
RECORDED = "recorded_date"
FARTHEST = 999_999_999
"""No number in a batch is farther from nothing: nine digits, which every engine can hold."""
# What the engine makes of a batch stands beside its tables, under these names.
TABLES_OF_A_SLICE = frozenset(
    {"answers_wide", "auditor", "calendar", "compared", "judgements", "outcomes", "put_aside"}
)
COLUMNS_OF_A_SLICE = frozenset({"a", "cut_off", "put_aside", "row", "rowid"})


class FieldType(StrEnum):
    """How the text of a field is read."""

    ID = "id"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    MONTH = "month"
    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"
    LIST = "list"


ValuesFrom = Literal["grades", "domains", "standards", "tables", "exceptions"]


class Field(Strict):
    """One field of a table: how it is read, what it means, what it may hold.

    A date is the day that something happened in the case, unless it is `not_an_event`: a deadline,
    a day of the audit itself, or the day of recording, which may lie after the cut-off.
    """

    type: FieldType
    """how it is read: `date`, `yes_no`, `choice`, `text` and so on"""
    meaning: Text
    """what it holds, in words for the person who fills it in"""
    required: YesNo = False
    """`yes`: a row without it is put aside"""
    values: tuple[Name, ...] = ()
    """what a choice may hold"""
    values_from: ValuesFrom | None = None
    """take the values from a list of the rulebook"""
    min: Whole | None = None
    """the smallest number that is believable; if it is left out: -999999999"""
    max: Whole | None = None
    """the largest number that is believable; if it is left out: 999999999"""
    not_before: Name | None = None
    """the field whose day must not be later"""
    not_an_event: YesNo = False
    """`yes`: a day that may lie after the cut-off, such as a deadline"""
    may_be_planned: YesNo = False
    """`yes`: a day that may be written down before it comes, such as the planned end of a plan"""
    months_before_birth: Whole | None = None
    """how long before the month of birth its day may lie, where that differs from its table's"""
    after_death: YesNo = False
    """`yes`: its day may lie after the child's death, such as that of a report"""
    names: Name | None = None
    """whom or what an id or text names, such as `staff`; a text without it is free text"""
    judged: YesNo = False
    """`yes`: the auditor's own judgement, on which the form decides whatever the records say"""
    ssd: tuple[Name, ...] = ()
    """the columns of the Standard Safeguarding Dataset that fill it"""

    @model_validator(mode="after")
    def _choices_have_values(self) -> "Field":
        takes = self.type in (FieldType.CHOICE, FieldType.LIST)
        if takes != bool(self.values or self.values_from):
            must = "needs" if takes else "takes no"
            said = f"a field of type `{self.type}` {must} `values` or `values_from`"
            raise Fault(said, "add `values: [one, other]`" if takes else "take it out")
        if self.names and self.type not in (FieldType.ID, FieldType.TEXT):
            raise Fault(f"a field of type `{self.type}` takes no `names`", "take it out")
        return self

    @model_validator(mode="after")
    def _bounds_are_of_a_number(self) -> "Field":
        for name in ("min", "max"):
            if getattr(self, name) is not None and self.type is not FieldType.NUMBER:
                raise Fault(f"a field of type `{self.type}` takes no `{name}`", "take it out")
        least, most = self.bounds
        if least > most:
            said = f"no number lies between {least} and {most}"
            raise Fault(said, "`min` is the smaller of the two, and neither has over nine digits")
        return self

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the smallest and the largest number that are believable."""
        least = -FARTHEST if self.min is None else max(self.min, -FARTHEST)
        return least, FARTHEST if self.max is None else min(self.max, FARTHEST)


class Table(Strict):
    """One table: its fields in the order they are shown, its key and the day a row happened.

    `until` is the day that something which takes time was over; blank: it still goes on.
    """

    meaning: Text
    """what its rows are"""
    key: tuple[Name, ...] = ()
    """rows with the same key are the same thing"""
    date: Name | None = None
    """the field with the day that a row happened"""
    until: Name | None = None
    """the field with the day that it was over; blank: it still goes on"""
    months_before_birth: Whole = 0
    """how long before the month of birth its days may lie, such as those of a pre-birth plan"""
    after_death: YesNo = False
    """`yes`: its days may lie after the child's death"""
    context: tuple[Name, ...] = ()
    """the fields without which little can be said of a row"""
    fields: dict[Name, Field]
    """its fields, in the order they are shown"""

    @model_validator(mode="after")
    def _names_are_fields(self) -> "Table":
        named: list[tuple[tuple[str | int, ...], str]] = [
            *((("key", place), name) for place, name in enumerate(self.key)),
            *((("context", place), name) for place, name in enumerate(self.context)),
            *(((key,), name) for key in ("date", "until") if (name := getattr(self, key))),
            *((("fields", own, "not_before"), field.not_before)
              for own, field in self.fields.items() if field.not_before),
        ]  # fmt: skip
        for at, name in named:
            if name not in self.fields:
                help_ = nearest(name, tuple(self.fields))
                raise Fault(f"`{name}` is not a field of this table", help_, at=at)
        return self


class Limits(Strict):
    """From when on an entry of the record is worth a question."""

    late_after: Whole = 14
    """recorded more than so many days after it happened: recorded late"""
    bulk_rows: Whole = 20
    """so many rows of one table and team recorded on one day"""
    bulk_days: Whole = 10
    """of so many different days at least: entered in bulk"""


class Fields(Strict):
    """All tables by name, and the days between which a date is believable."""

    earliest: Day
    """no day in a batch is earlier"""
    latest: Day
    """no day in a batch is later"""
    quality: Limits = Limits()
    """from when on an entry is worth a question"""
    tables: dict[Name, Table]
    """the tables by name"""

    @model_validator(mode="after")
    def _audits_are_there(self) -> "Fields":
        if AUDITS not in self.tables:
            help_ = "every rulebook has it: one row for each audited child's file"
            raise Fault("there is no table `audits`", help_, at=("tables",))
        for name, table in self.tables.items():
            if AUDIT_ID not in table.fields:
                help_ = "add `audit_id: {type: id, required: yes, meaning: The audit}`"
                said = f"table `{name}` has no field `audit_id`"
                raise Fault(said, help_, at=("tables", name, "fields"))
            if name in TABLES_OF_A_SLICE or re.fullmatch("found_[0-9]+|judging_.*", name):
                raise _reserved(name, ("tables", name))
            for field in COLUMNS_OF_A_SLICE & table.fields.keys():
                raise _reserved(field, ("tables", name, "fields", field))
        return self

    def believable(self, day: date) -> bool:
        """Say whether a day lies between `earliest` and `latest`, both included."""
        return self.earliest <= day <= self.latest


def _reserved(name: str, at: tuple[str, ...]) -> Fault:
    said = f"`{name}` is a name that the engine keeps for itself"
    return Fault(said, "choose another", at=at)
