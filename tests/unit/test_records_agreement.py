"""One language of cells, told three times: row by row, by whole columns, and by pydantic."""

from collections.abc import Iterable, Iterator
from datetime import date

import duckdb
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.records import explain
from engine.records.cells import INVISIBLE, Spec, Unreadable, read
from engine.records.dictionary import TableSpec
from engine.records.put_aside import PutAside
from engine.records.staging import Fetched
from engine.records.type_columns import type_columns
from engine.rulebook.fields import FieldType

VALUES = ("good", "requires_improvement", "CP-05", "visits")
SPECS = tuple(
    Spec(
        kind.value,
        kind,
        date(1980, 1, 1),
        date(2100, 12, 31),
        required=required,
        values=VALUES if kind in (FieldType.CHOICE, FieldType.LIST) else (),
        min=0,
        max=500,
    )
    for kind in FieldType
    for required in (False, True)
)
ALPHABET = (
    *"0123456789/-.: TZabyesno_;,[]\"'",
    *INVISIBLE[:3],
    *("\xa0", "\u200b", "\u2028", "\u00e9", "\u212a", "\u0130", "\u2019", "\u2013", "\U0001f600"),
    *("2024-01-31", "31/01/2024", "1980-01-01", "2101-01-01", "Mar", "12 Sept 2024", "March"),
    *(
        "10:30",
        "00:00",
        "2024-03-01 10:30:00",
        "31/01/2024 22:15",
        "infinity",
        "3.0",
        "501",
        "yes",
        "No",
        "unknown",
        "a) ",
        "good",
        "visits",
    ),
    *("Requires improvement", "CP-05", "cp_05", "n/a", "#N/A", "null"),
)
CELLS = st.none() | st.lists(st.sampled_from(ALPHABET), max_size=5).map("".join)
TEXTS = CELLS | st.text(st.characters(codec="utf-8"), max_size=12)


class Given:
    """Rows of one field as the database holds them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, spec: Spec, cells: list[str | None]) -> None:
        self.put_aside = PutAside()
        self.spec = TableSpec("t", (spec,))
        self.present = frozenset({spec.name})
        self.kinds = {spec.name: "VARCHAR"}
        con.execute("CREATE TABLE given (cell VARCHAR)")
        con.execute("INSERT INTO given SELECT unnest(?::VARCHAR[])", [cells])

    def relation(self) -> str:
        return f'(FROM given AS g("{self.spec.names[0]}"))'

    def fetch(self, ordinals: Iterable[int]) -> Iterator[Fetched]:
        del ordinals  # the explanations of refused rows are not asked for here
        return iter(())


def by_cell(spec: Spec, cell: str | None) -> tuple[bool, object]:
    """Return whether a cell can be read, and its value."""
    try:
        value = read(cell, spec)
    except Unreadable:
        return False, None
    return True, list(value) if isinstance(value, tuple) else value


def by_column(spec: Spec, cells: list[str | None]) -> list[tuple[bool, object]]:
    """Return the same of a whole column, as the database says it."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA typed")
    type_columns(con, Given(con, spec, cells))
    found = con.execute(f'SELECT rowid, "{spec.name}" FROM typed_rows.t').fetchall()
    good: dict[int, object] = dict(found)
    con.close()
    return [(at in good, good.get(at)) for at in range(len(cells))]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SPECS), st.lists(TEXTS, min_size=1, max_size=40))
@example(SPECS[0], ["~a", "1.0", "a\u200d", "a "])
def test_columns_are_typed_as_cells_are(spec: Spec, cells: list[str | None]) -> None:
    """The database takes a cell if and only if the language of cells does, with the same value."""
    assert by_column(spec, cells) == [by_cell(spec, cell) for cell in cells]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SPECS), TEXTS)
def test_pydantic_accepts_what_the_typer_accepts(spec: Spec, cell: str | None) -> None:
    """The explanation finds a fault if and only if the typer refuses, and models the same value."""
    table = TableSpec("t", (spec,))
    good, value = by_cell(spec, cell)
    assert bool(explain.faults(table, {spec.name: cell})) != good
    if good:
        model = explain.model(table).model_validate({spec.name: cell})
        (held,) = model.model_dump(by_alias=True).values()
        assert (list(held) if isinstance(held, tuple) else held) == value
