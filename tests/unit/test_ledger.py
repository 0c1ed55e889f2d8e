"""The ledger over both databases: what is appended stands, in order, and is never changed."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine.errors import Stop
from engine.moderation.entries import Draft, Head, Revealed
from engine.moderation.ledger import PAGE, Ledger, open_ledger
from engine.moderation.ledger_text import GENESIS
from tests.unit import postgres
from tests.unit.ledgers import action, included, meddle, revealed

# --- appending and reading -----------------------------------------------------------------------


def test_a_new_ledger_is_empty_and_whole(ledger: Ledger) -> None:
    assert ledger.head() == Head(0, GENESIS)
    assert list(ledger.entries()) == []
    assert ledger.verify() == ()


def test_entries_come_back_as_they_were_written_and_in_order(ledger: Ledger, where: str) -> None:
    drafts = [revealed("A1"), included("A1", "Ä2\n\t\"'\\"), action(1, "naïve 🙂 \x00\x1b[31m")]
    written = ledger.append(drafts)
    again = list(open_ledger(where, create=False).entries())
    assert tuple(again) == written
    assert [one.body for one in again] == [one.body for one in drafts]
    assert [(one.seq, one.by, one.audit_id) for one in again] == [
        (1, "Ann Example", "A1"),
        (2, "Ann Example", None),
        (3, "Ann Example", None),
    ]
    assert ledger.head() == Head(3, again[-1].hash)
    assert [one.prev for one in again] == [GENESIS, again[0].hash, again[1].hash]


def test_a_time_is_kept_as_utc_to_the_second(ledger: Ledger) -> None:
    summer = datetime(2026, 6, 1, 9, 30, 15, 999_999, timezone(timedelta(hours=1)))
    (entry,) = ledger.append([Draft(Revealed(moderator="Ann"), "Ann", summer, "A1")])
    assert entry.at == datetime(2026, 6, 1, 8, 30, 15, tzinfo=UTC)


def test_of_an_audit_are_its_own_entries_and_the_inclusions_that_name_it(ledger: Ledger) -> None:
    ledger.append([included("A1", "A2"), included("A3"), revealed("A1"), revealed("A2"), action(1)])
    assert [one.seq for one in ledger.entries("A1")] == [1, 3]
    with ledger.writing() as held:
        assert [one.seq for one in held.entries("A3")] == [2]
    assert list(ledger.entries("A9")) == []
    assert list(ledger.entries("A\udcff")) == []
    assert list(ledger.entries("A\0")) == []


def test_a_reader_gets_more_entries_than_it_fetches_at_once(ledger: Ledger) -> None:
    ledger.append([revealed(f"A{one}") for one in range(2 * PAGE + 1)])
    assert [one.seq for one in ledger.entries()] == list(range(1, 2 * PAGE + 2))
    assert [one.seq for one in ledger.entries("A400")] == [401]
    assert ledger.verify() == ()


def test_who_holds_the_ledger_sees_what_it_appended_and_nobody_else_does_yet(
    ledger: Ledger,
) -> None:
    with ledger.writing() as held:
        held.append([revealed("A1")])
        held.append([revealed("A2")])
        assert [one.audit_id for one in held.entries()] == ["A1", "A2"]
        assert held.head().seq == 2
        assert ledger.head().seq == 0
    assert ledger.head().seq == 2


def test_of_several_drafts_all_are_written_or_none(ledger: Ledger) -> None:
    ledger.append([revealed()])

    def fail() -> None:
        with ledger.writing() as held:
            held.append([revealed(), revealed()])
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="the power went"):
        fail()
    with pytest.raises(Stop):
        ledger.append([revealed(), revealed("half a \ud800 character")])
    assert ledger.head().seq == 1
    assert ledger.verify() == ()


def test_no_drafts_are_no_entries(ledger: Ledger) -> None:
    assert ledger.append([]) == ()
    assert ledger.head().seq == 0


@pytest.mark.parametrize(
    "draft",
    [revealed("A\ud800"), revealed("A\0"), revealed(by="A\udcff"), action(1, "half \udfff")],
)
def test_a_text_that_would_not_come_back_is_refused(ledger: Ledger, draft: Draft) -> None:
    with pytest.raises(Stop) as stopped:
        ledger.append([draft])
    (problem,) = stopped.value.problems
    assert problem.code == "M113"
    assert problem.message.endswith("holds a broken character; nothing was written")
    assert ledger.head().seq == 0


def test_a_time_without_a_zone_is_a_bug(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="the time of an entry has a zone"):
        ledger.append([replace(revealed(), at=datetime(2026, 1, 1))])  # noqa: DTZ001 - that is it


# --- several writers -----------------------------------------------------------------------------


def test_many_writers_at_once_make_one_chain(ledger: Ledger, where: str) -> None:
    def write(name: str) -> None:
        mine = open_ledger(where, create=False)
        for turn in range(25):
            mine.append([revealed(f"{name}-{turn}")])

    threads = [threading.Thread(target=write, args=(f"T{one}",)) for one in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = list(ledger.entries())
    assert [one.seq for one in entries] == list(range(1, 201))
    for name in range(8):
        mine = [one.audit_id for one in entries if (one.audit_id or "").startswith(f"T{name}-")]
        assert mine == [f"T{name}-{turn}" for turn in range(25)]
    assert ledger.verify() == ()


def test_many_who_begin_a_ledger_at_once_begin_one(where: str) -> None:
    def begin(name: str) -> None:
        open_ledger(where, create=True).append([revealed(name)])

    threads = [threading.Thread(target=begin, args=(f"T{one}",)) for one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger = open_ledger(where, create=False)
    assert sorted(one.audit_id or "" for one in ledger.entries()) == [f"T{one}" for one in range(6)]
    assert ledger.verify() == ()


def test_what_is_read_while_the_ledger_is_held_is_still_so_when_it_is_written(
    ledger: Ledger,
) -> None:
    def count() -> None:
        with ledger.writing() as held:
            there = held.head().seq
            held.append([revealed(f"after {there}")])

    threads = [threading.Thread(target=count) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.audit_id for one in ledger.entries()] == [f"after {one}" for one in range(12)]


# --- only appended to ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entries SET entry = '{}' WHERE seq = 2",
        "DELETE FROM ledger_entries WHERE seq = 3",
        "DELETE FROM ledger_entries",
        "INSERT INTO ledger_entries VALUES (9, 'revealed', 'A1', '{}', 'p', 'h')",
        "INSERT INTO ledger_entries SELECT 4, kind, audit_id, entry, 'x', 'y' "
        "FROM ledger_entries WHERE seq = 3",
    ],
)
def test_the_database_refuses_all_but_what_follows(ledger: Ledger, statement: str) -> None:
    ledger.append([revealed(), revealed(), revealed()])
    with pytest.raises(sa.exc.DBAPIError) as refused:
        meddle(ledger, statement)
    assert "of a ledger are never" in str(refused.value) or "follows the last" in str(refused.value)
    assert ledger.head().seq == 3
    assert ledger.verify() == ()


def test_sqlite_replaces_no_entry(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "a.sqlite", create=True)
    ledger.append([revealed(), revealed()])
    columns = "kind, audit_id, entry, prev, hash FROM ledger_entries WHERE seq = 1"
    for statement in (
        f"INSERT OR REPLACE INTO ledger_entries SELECT 1, {columns}",
        f"INSERT OR REPLACE INTO ledger_entries SELECT 3, {columns}",
        "INSERT OR REPLACE INTO ledger_entries SELECT 3, kind, audit_id, entry, hash, prev "
        "FROM ledger_entries WHERE seq = 2",
        "UPDATE OR REPLACE ledger_entries SET seq = 1 WHERE seq = 2",
    ):
        with pytest.raises(sa.exc.DBAPIError):
            meddle(ledger, statement)
    assert ledger.verify() == ()
    assert ledger.head().seq == 2


def test_postgresql_truncates_no_ledger(postgresql: str) -> None:
    ledger = open_ledger(postgres.address(postgresql), create=True)
    ledger.append([revealed()])
    with pytest.raises(sa.exc.DBAPIError, match="never changed or deleted"):
        meddle(ledger, "TRUNCATE ledger_entries")
    assert ledger.head().seq == 1


def test_two_ledgers_with_the_same_entries_have_the_same_head(
    tmp_path: Path, postgresql: str
) -> None:
    drafts = [revealed("Ä1"), included("A1"), action(1, "£ 🙂")]
    heads = []
    for where in (tmp_path / f"{uuid4()}.sqlite", postgres.address(postgresql)):
        ledger = open_ledger(where, create=True)
        ledger.append(drafts)
        heads.append(ledger.head())
    assert heads[0] == heads[1]
