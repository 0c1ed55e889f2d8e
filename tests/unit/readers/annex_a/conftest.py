"""The shipped rulebook, and a workbook that a test writes and has read."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.records import Batch, read_batch
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from tests.unit.readers.annex_a.sheets import ROOT, Read, Sheets


@pytest.fixture(autouse=True)
def typer() -> str:
    """Run each test once: that the two typers agree is shown with the other formats."""
    return "rows"


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """Return the rulebook that is shipped."""
    book, problems = load_rulebook(ROOT / "rules")
    assert book, problems
    return book


@pytest.fixture
def read(tmp_path: Path, rulebook: Rulebook) -> Iterator[Read]:
    """Give a function that writes sheets to a workbook and reads it."""
    with ExitStack() as opened:
        yield _reading(tmp_path, rulebook, opened)


def _reading(folder: Path, rulebook: Rulebook, opened: ExitStack) -> Read:
    def reading(sheets: Sheets, name: str = "book.xlsx") -> Batch:
        book = Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            made = book.create_sheet(title)
            for row in rows:
                made.append(list(row))
        book.save(folder / name)
        return opened.enter_context(read_batch(folder / name, rulebook.fields, rulebook.allowed))

    return reading
