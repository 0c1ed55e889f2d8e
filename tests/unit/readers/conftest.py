"""Every test of a reader runs twice: rows typed one by one, and whole columns typed at once."""

import pytest

from engine.records import parquet_rows, staging
from engine.records.readers import csv_folder


@pytest.fixture(params=["rows", "columns"], autouse=True)
def typer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Choose the typer, whatever the size of the batch."""
    if request.param == "columns":
        monkeypatch.setattr(staging, "BUFFER", 1)
        monkeypatch.setattr(csv_folder, "LARGE", 0)
        monkeypatch.setattr(parquet_rows, "SMALL", 0)
    return str(request.param)
