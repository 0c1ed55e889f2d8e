"""What several tests share: a server that is started once, and ledgers over both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.moderation.ledger import Ledger, open_ledger
from tests.unit import postgres


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Return the address of a PostgreSQL server, started when the first test asks for it."""
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a path or an address at which there is no ledger yet."""
    if request.param == "sqlite":
        return str(tmp_path / "audit-ledger.sqlite")
    return postgres.address(request.getfixturevalue("postgresql"))


@pytest.fixture
def ledger(where: str) -> Ledger:
    """Return an empty ledger."""
    return open_ledger(where, create=True)
