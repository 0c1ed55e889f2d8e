"""Whether a ledger is as it was written, over both databases, after hands that had the right to."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import Stop
from engine.moderation.ledger import Ledger, open_ledger
from engine.moderation.ledger_text import hash_of
from tests.unit.commands import ROOT
from tests.unit.ledgers import action, included, meddle, put, rebuilt, revealed, rows, unguard


def said(ledger: Ledger, expected: str | None = None) -> list[str]:
    return [one.text for one in ledger.verify(expected)]


@pytest.fixture
def ten(ledger: Ledger) -> Ledger:
    """Return a ledger of ten entries whose triggers somebody took away."""
    ledger.append([revealed(f"A{one}") for one in range(1, 11)])
    unguard(ledger)
    return ledger


@pytest.fixture
def gone(ten: Ledger) -> str:
    """Return what is said of the missing triggers."""
    if ten.engine.dialect.name == "sqlite":
        names = "ledger_no_delete, ledger_no_update, ledger_only_append"
    else:
        names = "ledger_no_change, ledger_only_append"
    return f"the triggers that refuse changes are gone: {names}"


def test_missing_triggers_are_named(ten: Ledger, gone: str) -> None:
    assert said(ten) == [gone]


def test_an_altered_entry_is_named(ten: Ledger, gone: str) -> None:
    meddle(ten, "UPDATE ledger_entries SET entry = replace(entry, 'Ann', 'Bob') WHERE seq = 5")
    assert said(ten) == ["entry 5 was altered", gone]


def test_an_altered_entry_whose_hash_was_made_anew_is_named(ten: Ledger, gone: str) -> None:
    held = rows(ten)
    entry = held[4].entry.replace("Ann", "Bob")
    held[4] = replace(held[4], entry=entry, hash=hash_of(held[4].prev, entry))
    put(ten, held)
    assert said(ten) == [
        "entry 5 is not the one that entry 6 follows: it was altered or replaced, and its hash made anew",
        gone,
    ]


@pytest.mark.parametrize(
    "change", ["audit_id = 'A9'", "audit_id = NULL", "kind = 'safe'", "hash = 'x'", "prev = 'y'"]
)
def test_an_altered_column_is_named(ten: Ledger, change: str) -> None:
    meddle(ten, f"UPDATE ledger_entries SET {change} WHERE seq = 5")
    found = ten.verify()
    assert (found[0].seq, found[0].sort) == (5, "altered")
    assert {one.seq for one in found} <= {5, 0}


def test_a_removed_entry_is_named(ten: Ledger, gone: str) -> None:
    meddle(ten, "DELETE FROM ledger_entries WHERE seq = 4")
    assert said(ten) == ["entry 4 is missing", gone]
    meddle(ten, "DELETE FROM ledger_entries WHERE seq IN (1, 2, 5)")
    assert said(ten) == ["entries 1 to 2 are missing", "entries 4 to 5 are missing", gone]


def test_a_removed_entry_whose_place_was_closed_is_named(ten: Ledger, gone: str) -> None:
    held = [row for row in rows(ten) if row.seq != 4]
    put(ten, [replace(row, seq=seq) for seq, row in enumerate(held, 1)])
    moved = [
        f"what stands as entry {seq} was written as entry {seq + 1}: it was moved"
        for seq in range(4, 10)
    ]
    assert said(ten) == [*moved, gone]


def test_entries_that_changed_places_are_named(ten: Ledger, gone: str) -> None:
    held = rows(ten)
    held[3], held[6] = replace(held[6], seq=4), replace(held[3], seq=7)
    put(ten, held)
    assert said(ten) == [
        "what stands as entry 4 was written as entry 7: it was moved",
        "what stands as entry 7 was written as entry 4: it was moved",
        gone,
    ]


def test_an_entry_that_was_put_in_is_named(ten: Ledger, gone: str) -> None:
    held = rows(ten)
    entry = held[5].entry.replace("A6", "B6")
    between = replace(held[5], audit_id="B6", entry=entry, hash=hash_of(held[5].prev, entry))
    later = [replace(row, seq=row.seq + 1) for row in held[5:]]
    if ten.engine.dialect.name == "sqlite":
        _without_constraints(ten)
    else:
        meddle(ten, "ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_prev_key")
    put(ten, [*held[:5], between, *later])
    assert said(ten)[:2] == [
        "what stands as entry 7 was written as entry 6: it was moved",
        "entries 6 and 7 both follow entry 5: one of them was put in",
    ]
    assert said(ten)[-1] == gone


def test_a_fork_is_named(ten: Ledger) -> None:
    held = rows(ten)
    entry = held[9].entry.replace('"seq":10', '"seq":11')
    fork = replace(held[9], seq=11, entry=entry, hash=hash_of(held[9].prev, entry))
    if ten.engine.dialect.name == "sqlite":
        _without_constraints(ten)
    else:
        meddle(ten, "ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_prev_key")
    put(ten, [*held, fork])
    assert said(ten)[0] == "entries 10 and 11 both follow entry 9: one of them was put in"


def _without_constraints(ledger: Ledger) -> None:
    meddle(
        ledger,
        "ALTER TABLE ledger_entries RENAME TO old",
        "CREATE TABLE ledger_entries AS SELECT * FROM old",
        "DROP TABLE old",
    )


def test_a_cut_tail_is_known_by_an_old_head(ten: Ledger, gone: str) -> None:
    old = ten.head()
    meddle(ten, "DELETE FROM ledger_entries WHERE seq > 7")
    assert said(ten) == [gone], "without an old head nobody can tell"
    assert said(ten, f"10:{old.hash}") == [
        gone,
        "entries 8 to 10 are missing: they were cut off the end",
    ]
    assert said(ten, old.hash) == [
        gone,
        f"the head {old.hash} is not in this ledger: entries were cut off or made anew",
    ]


def test_a_chain_that_was_made_anew_is_known_by_an_old_head(ten: Ledger, gone: str) -> None:
    old, held = ten.head(), rows(ten)
    held[2] = replace(held[2], entry=held[2].entry.replace("Ann", "Bob"))
    put(ten, rebuilt(held))
    assert said(ten) == [gone]
    assert said(ten, f"10:{old.hash}") == [
        gone,
        f"the head 10:{old.hash} is not in this ledger: entries were cut off or made anew",
    ]


def test_an_old_head_that_is_still_in_the_chain_is_well(ledger: Ledger) -> None:
    begun = ledger.head()
    ledger.append([revealed()])
    old = ledger.head()
    ledger.append([revealed(), revealed()])
    for head in (old, ledger.head(), begun):
        assert ledger.verify(f"{head.seq}:{head.hash}") == ()
        assert ledger.verify(head.hash.upper()) == ()
    assert said(ledger, f"2:{old.hash}") == [
        f"the head 2:{old.hash} is not in this ledger: entries were cut off or made anew"
    ]


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ('"moderator":"Ann Example"', '"moderator":7', "what it says is no `revealed`"),
        ('"moderator":"Ann Example"', '"mod":"Ann"', "what it says is no `revealed`"),
        ('"by":"Ann Example"', '"by":7', "it has no `by`"),
        ("2026-01-12T09:30:00Z", "yesterday", "its `at` is no time"),
        ('{"at"', "[[[[", "its text is no JSON"),
    ],
)
def test_an_entry_that_no_longer_fits_its_kind_is_named(
    ten: Ledger, old: str, new: str, text: str
) -> None:
    held = rows(ten)
    held[4] = replace(held[4], entry=held[4].entry.replace(old, new))
    put(ten, rebuilt(held))
    assert said(ten)[0] == f"entry 5 cannot be read: {text}"
    with pytest.raises(Stop) as stopped:
        list(ten.entries())
    assert stopped.value.problems[0].message == f"entry 5 cannot be read: {text}"
    assert stopped.value.problems[0].code == "M108"


def test_an_entry_of_an_unknown_kind_is_named(ten: Ledger) -> None:
    held = rows(ten)
    entry = held[4].entry.replace('"kind":"revealed"', '"kind":"sung"')
    held[4] = replace(held[4], kind="sung", entry=entry)
    put(ten, rebuilt(held))
    assert said(ten)[0] == (
        "entry 5 cannot be read: it is of a kind that this version does not know"
    )


# --- without this tool ---------------------------------------------------------------------------


def checked(ledger: Path) -> tuple[int, str]:
    """Check a ledger with the program that the documentation gives; it imports nothing of ours."""
    page = (ROOT / "docs" / "reference" / "ledger.md").read_text("utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert "engine" not in program
    command = [sys.executable, "-I", "-c", program, str(ledger)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def test_the_program_of_the_documentation_checks_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    ledger = open_ledger(path, create=True)
    ledger.append([revealed("Ä1"), included("A1", "A2"), action(1, '£ 🙂 \x00 \u2028 "\\ \n')])
    assert checked(path) == (0, f"3:{ledger.head().hash}")
    unguard(ledger)
    meddle(ledger, "UPDATE ledger_entries SET audit_id = 'A9' WHERE seq = 1")
    assert checked(path) == (1, "the columns of entry 1 are at odds with its text")
    meddle(ledger, "UPDATE ledger_entries SET entry = replace(entry, 'A1', 'A9') WHERE seq = 2")
    meddle(ledger, "DELETE FROM ledger_entries WHERE seq = 1")
    assert checked(path) == (1, "entry 2 does not follow entry 0")


def test_what_is_hashed_never_changes(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "a.sqlite", create=True)
    ledger.append([revealed("Ä1", "Zoë 🙂"), included("A1")])
    first, second = rows(ledger)
    assert first.entry == (
        '{"at":"2026-01-12T09:30:00Z","audit_id":"\\u00c41","body":{"moderator":"Zo\\u00eb '
        '\\ud83d\\ude42"},"by":"Zo\\u00eb \\ud83d\\ude42","kind":"revealed","seq":1}'
    )
    assert first.hash == "88c8e22de4bfaf2aeafa50198e579e016f5507fa56d8f60cd99df03bb02978a8"
    assert second.hash == "e5e4a106345cefa8aca4d6e7b6f06fa88f258638ef8c9adff5b3b68076350ad9"
