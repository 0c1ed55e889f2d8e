"""A drawn synthetic batch for the tests of moderation: made once, copied by whoever changes it."""

import csv
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from engine.cli.sample import Asked, run_sample
from engine.records import read_batch
from engine.records.batch import Batch
from tests.unit.synthetic_batches import made_once, rulebook

Change = Callable[[dict[str, str]], None]
_KEPT = tempfile.TemporaryDirectory(prefix="audit-drawn-")  # until the tests are over

AT = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
AS_OF = date(2026, 6, 30)
THREE = ("Ann Able", "Ben Baker:Team 02", "Cal Carter")
COUNT, BUDGET, SEED = 60, 12, 5


def batch_folder() -> Path:
    """Return the folder of the batch; its truth is beside it."""
    return made_once(COUNT, 3, "csv")


def read(folder: Path | None = None) -> Batch:
    """Return the batch, to be closed by whoever opens it."""
    book = rulebook()
    return read_batch(str(folder or batch_folder()), book.fields, book.allowed)


def asked(out: Path, ledger: Path, **changed: object) -> Asked:
    """Return what a user asks of `audit sample`, with some of it changed."""
    usual: dict[str, object] = {
        "batch": str(batch_folder()),
        "records": None,
        "trust": "system",
        "rules": None,
        "as_of": AS_OF,
        "budget": BUDGET,
        "seed": SEED,
        "out": out,
        "moderators": THREE,
        "files": (),
        "ledger": str(ledger),
        "added": (),
        "because": "",
        "by": "Quinn Lead",
        "quiet": True,
    }
    return Asked(**{**usual, **changed})  # type: ignore[arg-type] # as each test needs it


@cache
def drawn() -> tuple[Path, Path]:
    """Return the folder of workbooks and the ledger of a draw; nobody changes them."""
    out, ledger = Path(_KEPT.name) / "books", Path(_KEPT.name) / "ledger.sqlite"
    assert run_sample(asked(out, ledger), AT) == 0
    return out, ledger


def rewritten(source: Path, out: Path, changes: Mapping[str, Change]) -> Path:
    """Copy a batch of CSV files, with the rows of some tables changed."""
    out.mkdir()
    for path in source.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            names, rows = reader.fieldnames or (), list(reader)
        for row in rows if path.stem in changes else ():
            changes[path.stem](row)
        with (out / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    return out
