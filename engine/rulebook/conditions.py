"""Conditions on rows and days in a record, as authors write them in a standard.

A condition that meets a blank is unknown: a row with an unknown condition is not chosen,
and a standard with an unknown answer is silent. `not` and `present` are never unknown.
"""

from typing import Any, Literal

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from engine.rulebook.frames import ticked
from engine.rulebook.model import Strict
from engine.rulebook.scalars import Duration, Fault, Name, Whole, YesNo
from engine.terms import Unit


class Test(Strict):
    """What one field must be; written short as `field: value` or `field: [a, b]`."""

    __test__ = False  # pytest: this is not a test case

    one_of: tuple[str, ...] = ()
    """any of these values; written short as `field: [a, b]`"""
    not_: str | None = Field(default=None, alias="not")
    """not this value (a blank is not that value)"""
    present: YesNo | None = None
    """`yes`: it is filled; `no`: it is blank"""
    at_least: Whole | None = None
    """this number or more"""
    at_most: Whole | None = None
    """this number or less"""
    on_or_after: "DayOf | None" = None
    """this day or later, such as `trigger.start_date`"""
    on_or_before: "DayOf | None" = None
    """this day or earlier, such as `trigger.end_date`"""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        scalar = {"type": ["string", "boolean", "integer"]}
        return _or_short(schema, handler, scalar, {"type": "array", "items": scalar})

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        if isinstance(data, dict | Test):
            return data
        if data is None:
            raise Fault("a condition has no value", "for a blank, write `{present: no}`")
        return {"one_of": tuple(data) if isinstance(data, list | tuple) else (_plain(data),)}

    @model_validator(mode="after")
    def _exactly_one(self) -> "Test":
        said = [name for name in self.model_fields_set if getattr(self, name) not in (None, ())]
        if len(said) != 1 or len(self.model_fields_set) != 1:
            help_ = "write one of them: `value`, `[one, other]`, `{present: yes}` or `{not: value}`"
            raise Fault("a condition says exactly one thing of a field", help_)
        return self


Where = dict[str, Test]
"""Field name (or `audit.field`, `trigger.field`) → what it must be; all must hold."""


class DayOf(Strict):
    """A day in the record; written short as `trigger.start_date` or `audit.allocated_date`.

    Either a `field`, or the first or last row of a `table` (its own `date` unless another is
    named), optionally moved by `plus` or `minus`.
    """

    field: str | None = None
    """a field, as `trigger.start_date` or `audit.allocated_date`"""
    table: Name | None = None
    """a table, of which the first or last row is taken"""
    date: Name | None = None
    """which day of that row; the table's own day if left out"""
    where: Where = {}
    """which rows of it"""
    pick: Literal["first", "last"] = "first"
    """the `first` such row or the `last`"""
    on_or_after: "DayOf | None" = None
    """only rows of this day or later"""
    on_or_before: "DayOf | None" = None
    """only rows of this day or earlier"""
    plus: Duration | None = None
    """so much later, such as `3 weeks` or `6 months`"""
    minus: Duration | None = None
    """so much earlier, in days or weeks, such as `4 weeks`"""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        named = {"type": "string", "pattern": r"^(trigger|audit)\.[a-z0-9_]+$"}
        return _or_short(schema, handler, named)

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return {"field": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _field_or_table(self) -> "DayOf":
        if (self.field is None) == (self.table is None):
            said = "a day is either a `field` or from a `table`"
            raise Fault(said, "write `trigger.start_date`, or `{table: visits, pick: last}`")
        if self.field is not None and self.field.split(".")[0] not in ("trigger", "audit"):
            bare = self.field.rpartition(".")[2]
            help_ = f"write `trigger.{bare}` for the trigger row, or `audit.{bare}`"
            said = f"{ticked(self.field)} must begin with `trigger.` or `audit.`"
            raise Fault(said, help_)
        self._moves()
        return self

    def _moves(self) -> None:
        if self.plus is not None and self.plus.unit is Unit.WORKING_DAYS:
            said, help_ = "a day cannot be moved by working days", "write days, weeks or months"
            raise Fault(said, help_, at=("plus",))
        if self.minus is not None and self.minus.unit is not Unit.DAYS:
            raise Fault("a day is moved back by days or weeks", "write `28 days`", at=("minus",))
        if self.plus is not None and self.minus is not None:
            raise Fault("a day is moved by `plus` or by `minus`", "take one away", at=("minus",))


def _or_short(
    schema: CoreSchema, handler: GetJsonSchemaHandler, *short: dict[str, Any]
) -> dict[str, Any]:
    """Return a JSON Schema that takes the short ways of writing as well."""
    return {"anyOf": [*short, handler.resolve_ref_schema(handler(schema))]}


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


Test.model_rebuild()
