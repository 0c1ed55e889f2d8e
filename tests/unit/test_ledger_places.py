"""Where a ledger can be and cannot: each way to fail is one plain problem, and nothing is written."""

import os
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import Stop
from engine.moderation import ledger_versions
from engine.moderation.ledger import Ledger, open_ledger
from engine.moderation.ledger_tables import REVISIONS
from engine.moderation.ledger_where import without_password
from tests.unit.ledgers import meddle, refusal, revealed, unguard

NOBODY = 65534


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
    for cut in (4096, 4500, 5000, 5500, 6000, 8192, 12_288, 20_000):  # one hides the version
        path.write_bytes(whole[:cut] + b"\xff" * (len(whole) - cut))
        with pytest.raises(Stop) as stopped:
            list(open_ledger(path, create=False).entries())
        (problem,) = stopped.value.problems
        assert (problem.code, problem.message) == ("M108", "the file is damaged")


def test_whatever_the_bytes_of_a_ledger_it_is_read_or_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "audit-ledger.sqlite"
    open_ledger(path, create=True).append([revealed(f"A{one}") for one in range(30)])
    whole, chance, ends = path.read_bytes(), random.Random(1), Counter[str]()
    for _ in range(60):
        broken = bytearray(whole)
        for _ in range(chance.choice([1, 3, 30])):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        path.write_bytes(broken)
        try:
            ledger = open_ledger(path, create=False)
            ends["breach" if ledger.verify() else "whole"] += 1
            list(ledger.entries())
            ledger.append([revealed()])
        except Stop as stopped:
            ends[stopped.problems[0].code] += 1
    assert ends["breach"] > 5
    assert ends["M108"] > 5


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE ledger_entries",
        "ALTER TABLE ledger_entries DROP COLUMN kind",
        "ALTER TABLE ledger_entries RENAME COLUMN entry TO text",
    ],
)
def test_tables_that_are_not_as_they_were_made_are_a_problem(
    ledger: Ledger, where: str, statement: str
) -> None:
    unguard(ledger)
    meddle(ledger, statement)
    again = open_ledger(where, create=True)
    for use in (again.verify, lambda: list(again.entries()), lambda: again.append([revealed()])):
        with pytest.raises(Stop) as stopped:
            use()
        (problem,) = stopped.value.problems
        said = "the tables of this ledger are not as they were made"
        assert (problem.code, problem.message) == ("M108", said)


def test_rows_of_another_hand_are_breaches_and_no_traceback(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "a.sqlite", create=True)
    ledger.append([revealed(), revealed()])
    unguard(ledger)
    meddle(
        ledger,
        "CREATE TABLE loose AS SELECT * FROM ledger_entries",
        "DROP TABLE ledger_entries",
        "ALTER TABLE loose RENAME TO ledger_entries",
        "INSERT INTO ledger_entries VALUES (2, NULL, 7, NULL, x'ff', 1.5)",
        "INSERT INTO ledger_entries VALUES ('x', 'y', 'z', x'fffe', NULL, NULL)",
    )
    assert [one.text for one in ledger.verify()][:4] == [
        "entry 2 stands twice, or before the first",
        "entry 2 was altered",
        "entry 0 stands twice, or before the first",
        "entry 0 was altered",
    ]
    for use in (lambda: list(ledger.entries()), lambda: ledger.append([revealed()]), ledger.head):
        with pytest.raises(Stop) as stopped:
            use()
        assert stopped.value.problems[0].code == "M108"


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


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a b.sqlite", "a b.sqlite"),
        ("postgresql://me:hush@here/db?host=x", "postgresql://me:***@here/db?host=x"),
        ("postgresql://here/db?host=x&password=hush", "postgresql://here/db?host=x"),
        ("postgresql://me:hush@here:port/db", "postgresql://…"),
    ],
)
def test_a_password_in_an_address_is_not_shown(given: str, shown: str) -> None:
    assert without_password(given) == shown


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
