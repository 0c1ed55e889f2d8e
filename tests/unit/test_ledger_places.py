"""Where a ledger can be and cannot: each way to fail is one plain problem, and nothing is written."""

import importlib.util
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import Exit, Stop
from engine.moderation import ledger_versions, ledger_where
from engine.moderation.ledger import Ledger, open_ledger
from engine.moderation.ledger_tables import REVISIONS
from tests.unit import postgres
from tests.unit.ledgers import meddle, revealed

NOBODY = 65534


def refusal(where: str | Path, *, create: bool = False) -> tuple[str, str]:
    """Return the code and the message of the problem that opening a ledger ends with."""
    with pytest.raises(Stop) as stopped:
        open_ledger(where, create=create)
    assert stopped.value.exit_code is Exit.USAGE
    (problem,) = stopped.value.problems
    return problem.code, f"{problem.location}: {problem.message}"


def test_a_missing_ledger_is_not_begun_by_who_only_reads(tmp_path: Path) -> None:
    path = tmp_path / "audit-ledger.sqlite"
    assert refusal(path) == ("M101", f"{path}: there is no ledger here")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "week" / "audit-ledger.sqlite"
    assert refusal(path, create=True) == ("M102", f"{path}: there is no folder `{path.parent}`")


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    assert refusal(tmp_path) == ("M103", f"{tmp_path}: this is a folder, not a ledger")


def test_a_device_is_no_ledger() -> None:
    assert refusal("/dev/null", create=True) == ("M103", "/dev/null: this is no file")


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + bytes(2000), b"audit_id,grade\nA1,good\n" * 99, b"x"]
)
@pytest.mark.parametrize("create", [True, False])
def test_another_file_is_no_ledger_and_stays_as_it_is(
    tmp_path: Path, content: bytes, create: bool
) -> None:
    path = tmp_path / "batch.xlsx"
    path.write_bytes(content)
    assert refusal(path, create=create) == ("M103", f"{path}: this file is not a ledger")
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["batch.xlsx"]


@pytest.mark.parametrize("create", [True, False])
def test_another_database_is_no_ledger_and_stays_as_it_is(tmp_path: Path, create: bool) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE people (name TEXT)")
    other.close()
    before = path.read_bytes()
    said = f"{path}: this file is a database, but not a ledger"
    assert refusal(path, create=create) == ("M103", said)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_ledger_only_for_who_writes(tmp_path: Path) -> None:
    path = tmp_path / "audit-ledger.sqlite"
    path.touch()
    assert refusal(path) == ("M101", f"{path}: there is no ledger here yet")
    assert path.stat().st_size == 0
    assert open_ledger(path, create=True).head().seq == 0


def test_a_damaged_ledger_is_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "audit-ledger.sqlite"
    open_ledger(path, create=True).append([revealed(f"A{one}") for one in range(200)])
    whole = path.read_bytes()
    for cut in (5000, 20_000):
        path.write_bytes(whole[:cut] + b"\xff" * (len(whole) - cut))
        with pytest.raises(Stop) as stopped:
            list(open_ledger(path, create=False).entries())
        (problem,) = stopped.value.problems
        assert (problem.code, problem.message) == ("M108", "the file is damaged")


@pytest.mark.parametrize("name", ["a b.sqlite", "50%.sqlite", "ä🙂?x=1#y.sqlite", ":memory:"])
def test_a_file_may_have_any_name(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_ledger(name, create=True).append([revealed()])
    assert open_ledger(tmp_path / name, create=False).head().seq == 1
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_file_may_be_given_as_an_address(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    ledger = open_ledger(f"sqlite:///{path}", create=True)
    assert ledger.name == str(path)
    assert path.is_file()


# --- what may only be read -----------------------------------------------------------------------


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Drop root's right to write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def shelf() -> Iterator[Path]:
    """Return a folder that everybody may enter, and nobody but its owner may write to."""
    folder = Path(tempfile.mkdtemp(prefix="shelf"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="rights are given otherwise on Windows")
def test_a_ledger_that_may_only_be_read_is_read_and_not_written(shelf: Path) -> None:
    path = shelf / "audit-ledger.sqlite"
    open_ledger(path, create=True).append([revealed()])
    path.chmod(0o444)
    shelf.chmod(0o555)
    before = path.read_bytes()
    with as_somebody_else():
        ledger = open_ledger(path, create=True)
        assert len(list(ledger.entries())) == 1
        assert ledger.verify() == ()
        with pytest.raises(Stop) as stopped:
            ledger.append([revealed()])
    (problem,) = stopped.value.problems
    assert str(problem) == (
        f"{path}: M105 this ledger may only be read; nothing was written\n"
        "  help: ask whoever keeps the file for the right to change it and its folder"
    )
    assert path.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="rights are given otherwise on Windows")
def test_a_ledger_that_cannot_be_opened_or_made_is_named(shelf: Path) -> None:
    path = shelf / "audit-ledger.sqlite"
    open_ledger(path, create=True).append([revealed()])
    path.chmod(0o000)
    new = shelf / "new.sqlite"
    shelf.chmod(0o555)
    with as_somebody_else():
        said = "this ledger cannot be opened here"
        assert refusal(path) == ("M105", f"{path}: {said}")
        assert refusal(new, create=True) == ("M105", f"{new}: {said}")
    assert not new.exists()


def test_who_waits_too_long_for_another_writer_is_told(ledger: Ledger, where: str) -> None:
    other = open_ledger(where, create=False)
    if other.engine.dialect.name == "sqlite":
        sa.event.listen(other.engine, "connect", lambda c, _: c.execute("PRAGMA busy_timeout=50"))
    else:
        sa.event.listen(other.engine, "before_cursor_execute", _wait_shortly, retval=True)
    with ledger.writing() as held:
        held.append([revealed()])
        assert other.head().seq == 0, "who reads does not wait"
        with pytest.raises(Stop) as stopped:
            other.append([revealed()])
    (problem,) = stopped.value.problems
    said = "somebody else is writing to this ledger; nothing was written"
    assert (problem.code, problem.message) == ("M107", said)
    assert ledger.head().seq == 1


def _wait_shortly(_c: object, _k: object, statement: str, given: object, *_: object) -> object:
    return statement.replace("lock_timeout = '30s'", "lock_timeout = '50ms'"), given


# --- versions ------------------------------------------------------------------------------------

SECOND = """
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    op.create_table("ledger_notes", sa.Column("note", sa.Text))
"""


def test_the_versions_of_the_tool_are_its_migrations() -> None:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(ledger_versions.MIGRATIONS))
    assert tuple(one.revision for one in script.walk_revisions())[::-1] == REVISIONS


def test_a_newer_ledger_is_refused(ledger: Ledger, where: str) -> None:
    meddle(ledger, "UPDATE ledger_version SET version_num = '0099'")
    said = f"{ledger.name}: this ledger is of a newer version (`0099`)"
    assert refusal(where) == ("M104", said)
    assert refusal(where, create=True) == ("M104", said)


def test_an_older_ledger_is_migrated_and_keeps_its_entries(
    ledger: Ledger, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ledger.append([revealed(), revealed()])
    folder = tmp_path / "migrations"
    shutil.copytree(ledger_versions.MIGRATIONS, folder)
    (folder / "versions" / "v0002_notes.py").write_text(SECOND)
    monkeypatch.setattr(ledger_versions, "MIGRATIONS", folder)
    monkeypatch.setattr("engine.moderation.ledger_tables.REVISIONS", (*REVISIONS, "0002"))
    again = open_ledger(where, create=False)
    assert tuple(again.entries()) == before
    assert again.verify() == ()
    assert "ledger_notes" in sa.inspect(again.engine).get_table_names()
    open_ledger(where, create=False).append([revealed()])
    assert again.head().seq == 3


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(
    ledger: Ledger, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.append([revealed()])
    folder = tmp_path / "migrations"
    shutil.copytree(ledger_versions.MIGRATIONS, folder)
    broken = f"{SECOND}    op.execute('INSERT INTO ledger_nowhere VALUES (1)')\n"
    (folder / "versions" / "v0002_notes.py").write_text(broken)
    with monkeypatch.context() as later:
        later.setattr(ledger_versions, "MIGRATIONS", folder)
        later.setattr("engine.moderation.ledger_tables.REVISIONS", (*REVISIONS, "0002"))
        with pytest.raises(Stop):
            open_ledger(where, create=False)
    assert sorted(sa.inspect(ledger.engine).get_table_names()) == [
        "ledger_entries",
        "ledger_version",
    ]
    assert open_ledger(where, create=False).append([revealed()])[0].seq == 2


# --- servers -------------------------------------------------------------------------------------


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
