"""What one look at a table shows is what others would have found by asking again."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from engine.records import parquet_rows, read_batch
from engine.records.batch import Batch
from engine.records.fingerprint import input_hash
from engine.records.quality import Seen, look, seen_of
from engine.records.quality.looking import audits
from engine.records.quality.profile import profile
from engine.rulebook.fields import AUDIT_ID
from engine.synthetic import Order, synthesise
from tests.unit.synthetic_batches import rulebook

AS_OF = date(2026, 1, 31)
OTHERWISE = "ABC123 was seen by a@b.example"


@pytest.fixture(autouse=True)
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in place, however small they are."""
    monkeypatch.setattr(parquet_rows, "SMALL", 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a batch of 300 audits as Parquet, whose rows have something of every kind."""
    place = tmp_path_factory.mktemp("made") / "batch"
    book = rulebook()
    synthesise(Order(300, place, format="parquet"), book.fields, book.calendar)
    return place


@pytest.fixture
def batch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Batch]:
    """Return the batch, read as a large one is."""
    monkeypatch.setattr("engine.records.settle.EXACT", 0)
    monkeypatch.setattr("engine.records.fingerprint.EXACT", 0)
    with read(folder) as batch:
        yield batch


def read(folder: Path) -> Batch:
    return read_batch(folder, rulebook().fields, rulebook().allowed)


def looked(batch: Batch, monkeypatch: pytest.MonkeyPatch, many: int) -> Seen:
    monkeypatch.setattr("engine.records.quality.MANY", many)
    return look(batch, rulebook().fields, rulebook().outages, AS_OF)


def test_every_table_of_sound_files_is_known_after_one_look(batch: Batch) -> None:
    unknown = [name for name in batch.presence.columns if batch.facts(name) is None]
    assert unknown == []


def test_the_hash_is_that_of_the_rows_whoever_adds_it_up(batch: Batch) -> None:
    columns = {name: table.columns for name, table in batch.tables.items()}
    asked = input_hash(batch.con, columns | {"put_aside": (AUDIT_ID, "table")}, 300)
    assert batch.input_hash == asked
    assert batch.input_hash.startswith(f"rows-duckdb-{duckdb.__version__}:")


def test_counts_are_those_of_the_rows(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    known = profile(batch)
    monkeypatch.setattr(Batch, "facts", lambda _batch, _table: None)
    assert known == profile(batch)


@pytest.mark.parametrize(
    ("as_of", "at_a_time"), [(AS_OF, 1_000), (date(2025, 6, 30), 299), (AS_OF, 70)]
)
def test_many_audits_are_told_what_few_are(
    batch: Batch, monkeypatch: pytest.MonkeyPatch, as_of: date, at_a_time: int
) -> None:
    monkeypatch.setattr("tests.unit.test_looked_at_once.AS_OF", as_of)
    monkeypatch.setattr("engine.records.quality.at_once.AT_A_TIME", at_a_time)
    monkeypatch.setattr("engine.records.quality.at_once.ONE_IN", 7)
    few, many = (looked(batch, monkeypatch, many) for many in (10_000, 0))
    figures = [
        {(hit.table, hit.condition.test): (hit.rows, hit.marked) for hit in seen.hits}
        for seen in (few, many)
    ]
    assert figures[0] == figures[1]
    assert len({check for _, check in figures[0]}) > 5
    assert many.quality == few.quality
    assert seen_of(batch, many) == seen_of(batch, few)
    assert many.audits == len(audits(batch, few.hits))


def test_many_audits_without_the_life_of_a_child_are_looked_at(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no day hangs on a life, there is still one answer for all of them."""
    duckdb.sql(
        f"COPY (SELECT audit_id, child_id, case_type, audit_date FROM '{folder}/audits.parquet') "
        f"TO '{tmp_path}/audits.parquet' (FORMAT parquet)"
    )
    with read(tmp_path) as batch:
        few, many = (looked(batch, monkeypatch, many) for many in (10_000, 0))
    assert many.quality == few.quality


def test_a_number_without_bounds_has_nine_digits_at_most(tmp_path: Path) -> None:
    """What is farther from nothing is put aside, whichever column of a file it stands in."""
    fields = rulebook().fields
    caseload = fields.tables["audits"].fields["caseload"]
    free = caseload.model_copy(update={"min": None, "max": None})
    own = fields.tables["audits"].fields | {"caseload": free}
    audits = fields.tables["audits"].model_copy(update={"fields": own})
    free_fields = fields.model_copy(update={"tables": fields.tables | {"audits": audits}})
    numbers = (999_999_999, -999_999_999, 1_000_000_000, -(2**31), 2**31 - 1, 2**63 - 1)
    said = "is out of range"
    for kind in ("INTEGER", "BIGINT", "VARCHAR"):
        fit = [n for n in numbers if kind != "INTEGER" or -(2**31) <= n < 2**31]
        duckdb.sql(
            f"COPY (SELECT 'A' || i AS audit_id, CAST({fit}[i] AS {kind}) AS caseload "
            f"FROM range(1, {len(fit) + 1}) t(i)) TO '{tmp_path}/audits.parquet' (FORMAT parquet)"
        )
        with read_batch(tmp_path, free_fields, rulebook().allowed) as batch:
            assert batch.audit_count == 2
            problems = [p for p in batch.problems if p.code.startswith("B30")]
            assert [(p.code, p.message) for p in problems] == [
                ("B307", f"`{n}` in `caseload` {said}") for n in fit[2:]
            ]
            assert {p.help for p in problems} == {"write a number from -999999999 to 999999999"}


def test_personal_data_is_found_among_texts_that_are_few(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "batch"
    place.mkdir()
    for file in folder.rglob("*.parquet"):
        (place / file.name).write_bytes(file.read_bytes())
    purpose = f"'{OTHERWISE}' AS purpose"
    duckdb.sql(
        f"COPY (SELECT * EXCLUDE (purpose), {purpose} FROM '{folder}/visits.parquet') "
        f"TO '{place}/visits.parquet' (FORMAT parquet)"
    )
    with read(folder) as sound, read(place) as other:
        codes = [[p.code for p in one.problems if p.code == "B190"] for one in (sound, other)]
        assert codes == [[], ["B190"]]
        assert other.facts("visits") is not None
