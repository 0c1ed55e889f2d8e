"""The dictionary of tables and fields (`rules/fields.yaml`) as models.

It must not know how the tables are read or stored.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import model_validator

from engine.rulebook.model import Strict
from engine.rulebook.scalars import Day, Fault, Name, Text, Whole, YesNo

AUDITS = "audits"
ANSWERS = "answers"
AUDIT_ID = "audit_id"
RECORDED = "recorded_date"
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
    meaning: Text
    required: YesNo = False
    values: tuple[Name, ...] = ()
    values_from: ValuesFrom | None = None
    min: Whole | None = None
    max: Whole | None = None
    not_before: Name | None = None
    not_an_event: YesNo = False
    ssd: str = ""

    @model_validator(mode="after")
    def _choices_have_values(self) -> "Field":
        takes = self.type in (FieldType.CHOICE, FieldType.LIST)
        if takes != bool(self.values or self.values_from):
            must = "needs" if takes else "takes no"
            raise ValueError(f"a field of type `{self.type}` {must} `values` or `values_from`")
        return self


class Table(Strict):
    """One table: its fields in the order they are shown, its key and the day a row happened.

    `until` is the day that something which takes time was over; blank: it still goes on.
    """

    meaning: Text
    key: tuple[Name, ...] = ()
    date: Name | None = None
    until: Name | None = None
    fields: dict[Name, Field]

    @model_validator(mode="after")
    def _names_are_fields(self) -> "Table":
        named = [*self.key, *(name for name in (self.date, self.until) if name)]
        named += [field.not_before for field in self.fields.values() if field.not_before]
        for name in named:
            if name not in self.fields:
                raise ValueError(f"`{name}` is not a field of this table")
        return self


class Fields(Strict):
    """All tables by name, and the days between which a date is believable."""

    earliest: Day
    latest: Day
    tables: dict[Name, Table]

    @model_validator(mode="after")
    def _audits_are_there(self) -> "Fields":
        if AUDITS not in self.tables:
            raise ValueError("there is no table `audits`")
        for name, table in self.tables.items():
            if AUDIT_ID not in table.fields:
                raise ValueError(f"table `{name}` has no field `audit_id`")
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
