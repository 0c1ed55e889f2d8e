"""Which files of a batch Spark reads where they stand, and how their places are written for it."""

from pathlib import Path

import duckdb
import pytest

from engine.records.read import read_batch
from engine.records.spark_files import on_disk, spark_files
from tests.rules.rulebooks import shipped

VISIT = "SELECT 'A1' AS audit_id, {} AS visit_date"


def test_a_place_is_written_letter_for_letter() -> None:
    """A space is no `%20`: Spark would make another folder of it, and leave it behind."""
    assert on_disk(Path("/a b/c%20d/é#1")) == "file:///a b/c%20d/é#1"


@pytest.mark.parametrize(
    ("other", "read_in_place"),
    [("DATE '2024-01-02'", True), ("NULL::DATE", True), ("TIMESTAMP '2024-01-02 10:00:00'", False)],
)
def test_parts_of_one_kind_alone_are_read_where_they_stand(
    other: str, tmp_path: Path, *, read_in_place: bool
) -> None:
    """What only this machine reads as one kind is written anew for the workers."""
    written(tmp_path / "batch" / "audits.parquet", "SELECT 'A1' AS audit_id")
    written(tmp_path / "batch" / "visits" / "part-1.parquet", VISIT.format("DATE '2024-01-01'"))
    written(tmp_path / "batch" / "visits" / "part-2.parquet", VISIT.format(other))
    book = shipped()
    with read_batch(tmp_path / "batch", book.fields, book.allowed) as batch:
        files = spark_files(batch, batch.presence, {"visits"}, tmp_path / "scratch")
    stand = [path.startswith(on_disk(tmp_path / "batch")) for path in files["visits"].paths]
    assert all(stand) == read_in_place
    assert batch.rows["visits"] == 2


def written(file: Path, query: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    duckdb.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
