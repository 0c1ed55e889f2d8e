"""Why a row was refused: pydantic models made from the dictionary say it cell by cell.

In: the raw cells of a row. Out: every fault of the row, field by field.
The typed tables are made without these models (`rows.py`, `columns.py`); a test holds them
together: a row is kept if and only if its model takes it, with the same values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model
from pydantic_core import PydanticCustomError

from engine.records.cells import Spec, Unreadable, Value, clean, identifier, read
from engine.records.dictionary import TableSpec
from engine.records.places import Fault, Refusal
from engine.records.staging import Staged
from engine.rulebook.fields import AUDIT_ID

# so many different cells of a column are remembered with what they say
REMEMBERED = 10_000


class Row(BaseModel):
    """One row of a table; its fields come from the dictionary."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def refusals(staged: Staged, ordinals: Iterable[int]) -> Iterator[Refusal]:
    """Yield why raw rows are put aside; a row in which nothing is said is passed over."""
    for _, place, cells in staged.fetch(ordinals):
        if any(map(clean, cells.values())):
            audit = identifier(cells.get(AUDIT_ID))
            why = faults(staged.spec, cells)
            yield Refusal(staged.spec.name, place, audit, why, cells)


def faults(table: TableSpec, cells: Mapping[str, str | None]) -> tuple[Fault, ...]:
    """Return everything that is wrong with the raw cells of a row; nothing if it is good."""
    try:
        row = model(table).model_validate({name: cells.get(name) for name in table.names})
    except ValidationError as errors:
        return tuple(_fault(dict(error)) for error in errors.errors())
    return order_faults(table, row.model_dump(by_alias=True))


def order_faults(table: TableSpec, values: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return a fault for each end that lies before its start."""
    pairs = ((late, early, values.get(late), values.get(early)) for late, early in table.order)
    return tuple(
        Fault(late, "B404", f"`{late}` {end} lies before `{early}` {start}")
        for late, early, end, start in pairs
        if end is not None and start is not None and end < start
    )


def model(table: TableSpec) -> type[Row]:
    """Return the model of a table's row."""
    return _model(table.name, table.fields)


@cache
def _model(name: str, fields: tuple[Spec, ...]) -> type[Row]:
    made: dict[str, Any] = {
        f"field_{at}": (Annotated[Any, BeforeValidator(_reader(spec))], Field(alias=spec.name))
        for at, spec in enumerate(fields)
    }
    return create_model(name, __base__=Row, **made)


def _reader(spec: Spec) -> Callable[[str | None], Value]:
    @lru_cache(maxsize=REMEMBERED)
    def outcome(raw: str | None) -> Value | Unreadable:
        try:
            return read(raw, spec)
        except Unreadable as fault:
            return fault

    def validate(raw: str | None) -> Value:
        said = outcome(raw)
        if isinstance(said, Unreadable):
            found = {"code": said.code, "message": said.message, "help": said.help}
            raise PydanticCustomError("cell", "{message}", found)
        return said

    return validate


def _fault(error: Mapping[str, Any]) -> Fault:
    said = error["ctx"]
    return Fault(str(error["loc"][0]), said["code"], said["message"], said["help"])
