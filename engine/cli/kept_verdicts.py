"""Verdicts on patterns, kept in the user's cache folder from one run to the next.

A cache and nothing more: what cannot be read, written or believed is judged again, in silence.
`AUDIT_CACHE` names another folder, or is `off`. A pattern is a tally of outcomes and grades, and no
audit, child or name is in it.
"""

import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from engine.judgement.judge import Kept, Store
from engine.rulebook.judgement import STRATA

FOLDER, FILE = "practice-audit", "verdicts-1.sqlite"
NAMED, OFF = "AUDIT_CACHE", "off"
# of so many rulebooks, those added to last; more pages (4 KiB) than these are never filled
BOOKS, PAGES = 20, 4_096
# what SQLite can hold; many tallies together make larger patterns, which are judged each time
LARGEST = (1 << 63) - 1
# another run writes for some milliseconds; to wait longer would cost more than to judge again
PATIENCE = 0.5
_TABLES = """
    CREATE TABLE IF NOT EXISTS books (book TEXT PRIMARY KEY, used INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS verdicts (
        book TEXT NOT NULL, stratum TEXT NOT NULL, pattern INTEGER NOT NULL,
        fired TEXT NOT NULL, proof TEXT NOT NULL,
        PRIMARY KEY (book, stratum, pattern)) WITHOUT ROWID;
"""


def kept_verdicts() -> Store | None:
    """Return the store of this user; nothing where it is switched off or there is no home."""
    folder = _folder()
    return None if folder is None else VerdictFile(folder / FILE)


def _folder() -> Path | None:
    named = os.environ.get(NAMED, "").strip()
    if named:
        return None if named.lower() == OFF else Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")  # noqa: PTH111 - see below
    else:
        base = os.environ.get("XDG_CACHE_HOME", "") or os.path.expanduser("~/.cache")  # noqa: PTH111
    # a relative place is none (XDG), and `~` stays as it is where nobody has a home, where `Path`
    # would raise
    return Path(base) / FOLDER if Path(base).is_absolute() else None


class VerdictFile:
    """An SQLite file with the verdicts of several rulebooks; several runs may use it at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, book: str) -> Kept:
        """Return the verdicts that are kept and are as they were written."""
        kept: Kept = {}
        with suppress(sqlite3.Error, OSError, ValueError), self._open("ro") as con:
            rows = con.execute(
                "SELECT stratum, pattern, fired, proof FROM verdicts WHERE book = ?", [book]
            )
            for stratum, pattern, fired, proof in rows:
                if stratum in STRATA and proof == _proof(book, stratum, pattern, fired):
                    kept[stratum, pattern] = tuple(map(int, fired.split()))
        return kept

    def write(self, book: str, new: Kept) -> None:
        """Keep further verdicts, and forget the books that were added to longest ago."""
        rows = [
            (book, stratum, pattern, fired, _proof(book, stratum, pattern, fired))
            for (stratum, pattern), places in sorted(new.items())
            if pattern <= LARGEST
            for fired in [" ".join(map(str, places))]
        ]
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._open("rwc") as con:
                con.executescript(_TABLES)
                with con:
                    _use(con, book)
                    con.executemany("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?)", rows)
        except sqlite3.OperationalError:  # locked, full or not to be written
            return
        except sqlite3.DatabaseError:  # no such file as this writes: the next run begins anew
            with suppress(OSError):
                self.path.unlink()
        except OSError:
            return

    @contextmanager
    def _open(self, mode: str) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as con:
            con.execute(f"PRAGMA max_page_count = {PAGES}")
            yield con


def _use(con: sqlite3.Connection, book: str) -> None:
    con.execute(
        "INSERT OR REPLACE INTO books SELECT ?, coalesce(max(used), 0) + 1 FROM books", [book]
    )
    old = con.execute("SELECT book FROM books ORDER BY used DESC LIMIT -1 OFFSET ?", [BOOKS])
    gone = old.fetchall()
    con.executemany("DELETE FROM verdicts WHERE book = ?", gone)
    con.executemany("DELETE FROM books WHERE book = ?", gone)


def _proof(book: str, stratum: str, pattern: int, fired: str) -> str:
    """Return what shows that a row is as it was written; it is no seal against forgery."""
    said = f"{book} {stratum} {pattern} {fired}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]
