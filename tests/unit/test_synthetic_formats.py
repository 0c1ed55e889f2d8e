"""Synthetic batches: every format holds the same records, with all tables and all columns."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.records.read import read_batch
from engine.rulebook.fields import Fields, FieldType, Table
from engine.synthetic import Order, synthesise
from tests.unit.synthetic_batches import (
    Tables,
    fields,
    make,
    read_csv,
    read_jsonl,
    read_parquet,
    read_xlsx,
    rulebook,
)

PLACES = {
    "csv": "csv",
    "jsonl": "jsonl/audits.jsonl",
    "parquet": "parquet",
    "xlsx": "xlsx/audits.xlsx",
}
READERS = {"csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet, "xlsx": read_xlsx}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the same batch in every format."""
    folder = tmp_path_factory.mktemp("formats")
    for format_ in PLACES:
        make(folder / format_, 66, seed=3, format_=format_)
    return folder


@pytest.fixture(scope="module")
def records(made: Path) -> Tables:
    """Return the records as the CSV files have them."""
    return read_csv(made / "csv")


@pytest.mark.parametrize("format_", ["jsonl", "parquet", "xlsx"])
def test_formats_hold_the_same_records(format_: str, made: Path, records: Tables) -> None:
    """Read naively, every format gives the same rows in the same order, with all columns."""
    found = READERS[format_](made / PLACES[format_])
    for table, rows in records.items():
        assert found[table] == rows, table


def test_readers_agree(made: Path) -> None:
    """The readers of the engine take every format whole, and find the same records in each."""
    book = rulebook()
    hashes = set()
    for place in PLACES.values():
        batch = read_batch(made / place, book.fields, book.allowed)
        assert (batch.audit_count, batch.problems, batch.rejected) == (66, (), ()), place
        assert not batch.presence.latest_only
        assert set(batch.presence.columns) == set(book.fields.tables)
        hashes.add(batch.input_hash)
    assert len(hashes) == 1


def test_a_table_without_rows_is_there(tmp_path: Path) -> None:
    """A batch of one audit has every table, with a header or an empty list where it has no row."""
    for format_ in ("csv", "jsonl"):
        make(tmp_path / format_, 1, seed=3, format_=format_)
        tables = READERS[format_](tmp_path / PLACES[format_])
        assert set(tables) == set(fields().tables)
        assert [] in tables.values()


def test_cells_of_a_workbook_have_types(made: Path) -> None:
    """Dates are dates for Excel, numbers are numbers, and nothing is a formula."""
    book = load_workbook(made / PLACES["xlsx"])
    kinds = {
        FieldType.DATE: "d",
        FieldType.MONTH: "d",
        FieldType.DATETIME: "d",
        FieldType.NUMBER: "n",
    }
    for table, described in fields().tables.items():
        for name, column in zip(described.fields, book[table].iter_cols(min_row=2), strict=True):
            expected = kinds.get(described.fields[name].type, "s")
            found = {cell.data_type for cell in column if cell.value is not None}
            assert found <= {expected}, (table, name)


def test_the_dictionary_decides_the_columns(tmp_path: Path) -> None:
    """A field or table unknown to the generator is there and blank; one taken out is not."""
    wider = fields().model_copy(update={"tables": dict(_changed(fields()))})
    for format_ in ("csv", "jsonl"):
        synthesise(Order(3, tmp_path / format_, format=format_), wider)
    header = (tmp_path / "csv" / "visits.csv").read_text().partition("\n")[0]
    assert header.endswith(",recorded_date,weather")
    assert "purpose" not in header
    assert (tmp_path / "csv" / "sightings.csv").read_text().strip() == "audit_id,weather"
    line = (tmp_path / "jsonl" / "audits.jsonl").read_text().partition("\n")[0]
    assert '"sightings":[]' in line


def _changed(shipped: Fields) -> Iterator[tuple[str, Table]]:
    weather = shipped.tables["feedback"].fields["text"]
    own = shipped.tables["visits"].fields["audit_id"]
    for name, table in shipped.tables.items():
        kept = {n: field for n, field in table.fields.items() if n != "purpose"}
        extra = {"weather": weather} if name == "visits" else {}
        yield name, table.model_copy(update={"fields": {**kept, **extra}})
    yield "sightings", Table(meaning="Sightings", fields={"audit_id": own, "weather": weather})
