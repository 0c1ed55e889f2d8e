"""Ledgers on a server: addresses, passwords that are never printed, and what a server refuses."""

import importlib.util

import pytest
import sqlalchemy as sa

from engine.errors import Stop
from engine.moderation import ledger_where
from engine.moderation.ledger import open_ledger
from tests.unit import postgres
from tests.unit.ledgers import meddle, refusal, revealed


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("mysql://audit:geheim@server/x", "mysql://…: a ledger cannot be in `mysql`"),
        ("sqlite://", "sqlite://…: a ledger cannot be in `sqlite`"),
        ("sqlite:///:memory:", "sqlite://…: a ledger cannot be in `sqlite`"),
        ("postgresql://audit:geheim@server:port/x", "postgresql://…: this address cannot be read"),
        ("://geheim", "://…: this address cannot be read"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(
    where: str, said: str
) -> None:
    assert refusal(where, create=True) == ("M109", said)


def test_a_password_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    for where in (
        "postgresql://audit:geheim@127.0.0.1:9/x",
        "postgres://audit@127.0.0.1:9/x?password=geheim",
    ):
        with pytest.raises(Stop) as stopped:
            open_ledger(where, create=True)
        assert "geheim" not in str(stopped.value)
        assert stopped.value.__cause__ is None
        (problem,) = stopped.value.problems
        assert problem.code == "M111"
        assert problem.message == "the server does not answer, or the connection was lost"
    name = "postgresql://audit:***@127.0.0.1:9/x"
    assert refusal("postgresql://audit:geheim@127.0.0.1:9/x")[1].startswith(name)
    missing = importlib.util.find_spec
    monkeypatch.setattr(
        ledger_where, "find_spec", lambda one: None if one == "psycopg" else missing(one)
    )
    said = f"{name}: the driver for PostgreSQL is not installed"
    assert refusal("postgresql://audit:geheim@127.0.0.1:9/x") == ("M110", said)


def test_a_server_says_what_it_refuses(postgresql: str) -> None:
    url = sa.make_url(postgresql)
    nowhere = url.set(database="nowhere").render_as_string(hide_password=False)
    nobody = url.set(username="nobody").render_as_string(hide_password=False)
    said = ': the server refuses: database "nowhere" does not exist'
    assert refusal(nowhere, create=True)[0] == "M112"
    assert refusal(nowhere, create=True)[1].endswith(said)
    said = ': the server refuses: role "nobody" does not exist'
    assert refusal(nobody, create=True)[1].endswith(said)
    empty = postgres.address(postgresql)
    assert refusal(empty)[1].endswith("there is no ledger here yet")


def test_who_may_only_read_and_insert_can_use_a_ledger_on_a_server(postgresql: str) -> None:
    where = postgres.address(postgresql)
    owner = open_ledger(where, create=True)
    schema = (sa.make_url(where).query["options"]).split("=")[1]  # type: ignore[union-attr]
    meddle(
        owner,
        "DO $$ BEGIN CREATE ROLE moderator LOGIN; EXCEPTION WHEN duplicate_object THEN END $$",
        f"GRANT USAGE ON SCHEMA {schema} TO moderator",
        "GRANT SELECT, INSERT ON ledger_entries TO moderator",
        "GRANT SELECT ON ledger_version TO moderator",
    )
    url = sa.make_url(where).set(username="moderator")
    ledger = open_ledger(url.render_as_string(hide_password=False), create=True)
    ledger.append([revealed()])
    assert ledger.verify() == ()
    meddle(owner, "REVOKE INSERT ON ledger_entries FROM moderator")
    with pytest.raises(Stop) as stopped:
        ledger.append([revealed()])
    (problem,) = stopped.value.problems
    said = "this user may not do that to the ledger; nothing was written"
    assert (problem.code, problem.message) == ("M112", said)
