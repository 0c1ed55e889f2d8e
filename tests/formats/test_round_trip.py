"""A synthetic batch goes into each format and comes back: the same, or the part that it can hold."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.records import read_batch
from tests.formats import annex_a
from tests.formats.cases import Tables
from tests.formats.every import book
from tests.unit.readers.given import as_csv, as_json, as_lines, as_parquet, as_workbook, as_yaml
from tests.unit.synthetic_batches import make, read_csv

OURS: dict[str, Callable[[Tables, Path], Path]] = {
    "csv": as_csv,
    "parquet": as_parquet,
    "workbook": as_workbook,
    "jsonl": as_lines,
    "json": as_json,
    "yaml": as_yaml,
}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tables, str]:
    """Return a synthetic batch as tables of text, and its hash as it was made."""
    folder = tmp_path_factory.mktemp("made") / "batch"
    make(folder, 30, seed=5)
    with read_batch(folder, book().fields, book().allowed) as made:
        as_made = made.input_hash
    return {
        name: [{field: cell or None for field, cell in row.items()} for row in rows]
        for name, rows in read_csv(folder).items()
    }, as_made


@pytest.mark.parametrize("name", OURS)
def test_our_own_shapes_bring_everything_back(
    name: str, batch: tuple[Tables, str], tmp_path: Path
) -> None:
    """Written by simple means and read back, the batch has the hash that it was made with."""
    tables, as_made = batch
    with read_batch(OURS[name](tables, tmp_path / name), book().fields, book().allowed) as back:
        assert not back.problems
        assert back.input_hash == as_made


def test_an_annex_a_brings_back_what_it_can_hold(batch: tuple[Tables, str], tmp_path: Path) -> None:
    """Every row of the return stands in the batch that it was made of."""
    tables, _ = batch
    path = annex_a.write(tables, tmp_path / "lists.xlsx")
    numbers = {row["audit_id"]: row["child_id"] for row in tables["audits"]}
    with read_batch(path, book().fields, book().allowed) as back:
        assert not back.rejected
        assert {audit for (audit,) in _rows(back, "audits", ("audit_id",))} <= {*numbers.values()}
        for table, fields in HELD.items():
            made = {
                (numbers[row["audit_id"]], *(row.get(field) for field in fields))
                for row in tables[table]
            }
            found = _rows(back, table, ("audit_id", *fields))
            assert found, table
            assert set(found) <= made, table


HELD = {
    "referrals": ("received_date",),
    "assessments": ("start_date", "authorised_date"),
    "strategy_discussions": ("held_date",),
    "conferences": ("kind", "held_date"),
    "reviews": ("kind", "held_date"),
    "health_assessments": ("assessment_date",),
    "audits": ("birth_month", "team", "worker_id"),
}


def _rows(batch: object, table: str, fields: tuple[str, ...]) -> list[tuple[str | None, ...]]:
    """Return rows as text; a month without its day."""
    names = ", ".join(f'"{field}"::VARCHAR' for field in fields)
    rows = batch.con.execute(f"SELECT {names} FROM typed.{table}").fetchall()  # type: ignore[attr-defined]
    month = fields.index("birth_month") if "birth_month" in fields else None
    return [
        tuple(cell[:7] if at == month and cell else cell for at, cell in enumerate(row))
        for row in rows
    ]
