"""What a database says when it refuses, as problems that name a ledger and a way out."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import Exit, Location, Problem, Stop

NOTHING = "nothing was written"
BACKUP = "fetch the last copy from the backup; `audit ledger verify` says whether that is whole"

_CHANGED = (
    "M108",
    "the tables of this ledger are not as they were made",
    BACKUP,
)
# the first byte of what SQLite says of an error, by https://sqlite.org/rescode.html
_SQLITE: dict[int, tuple[str, str, str]] = {
    sqlite3.SQLITE_BUSY: (
        "M107",
        f"somebody else is writing to this ledger; {NOTHING}",
        "try again; if nobody is, a program that had it open may have to be closed",
    ),
    sqlite3.SQLITE_READONLY: (
        "M105",
        f"this ledger may only be read; {NOTHING}",
        "ask whoever keeps the file for the right to change it and its folder",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "M105",
        "this ledger cannot be opened here",
        "check that you may read and change the file and its folder",
    ),
    sqlite3.SQLITE_FULL: (
        "M106",
        f"there is no room on the disk; {NOTHING}",
        "make room and do it again; what the ledger held before is whole",
    ),
    sqlite3.SQLITE_IOERR: (
        "M106",
        f"the disk failed or is full; {NOTHING}",
        "check the disk or the network drive and do it again; what the ledger held before is whole",
    ),
    sqlite3.SQLITE_NOTADB: (
        "M103",
        "this file is not a ledger",
        "give the file that `audit sample` made, mostly `audit-ledger.sqlite` beside the batch",
    ),
    sqlite3.SQLITE_ERROR: _CHANGED,
    sqlite3.SQLITE_CONSTRAINT: _CHANGED,  # what follows the last entry does not fit after it
    sqlite3.SQLITE_CORRUPT: (
        "M108",
        "the file is damaged",
        BACKUP,
    ),
}
# what PostgreSQL says of an error: classes and codes of its appendix A
_LOST = (
    "M111",
    "the server does not answer, or the connection was lost",
    # a commit whose answer was lost may stand
    "check the address and the network; `audit ledger show` says whether the last entries stand",
)
_POSTGRESQL: dict[str, tuple[str, str, str]] = {
    "08": _LOST,
    "42P01": _CHANGED,
    "P0001": _CHANGED,  # a trigger refused what follows the last entry
    "23": _CHANGED,
    "42703": _CHANGED,
    "57P": _LOST,
    "42501": (
        "M112",
        f"this user may not do that to the ledger; {NOTHING}",
        "ask for the right to read and to insert; changing and deleting are not needed",
    ),
    "55P03": (
        "M107",
        f"somebody else is writing to this ledger; {NOTHING}",
        "try again; if nobody is, a program that had it open may have to be closed",
    ),
    "53100": (
        "M106",
        f"there is no room on the server's disk; {NOTHING}",
        "ask whoever keeps the server to make room; what the ledger held before is whole",
    ),
    "25006": (
        "M105",
        f"this ledger may only be read; {NOTHING}",
        "the server may be a copy: give the address of the one that is written to",
    ),
}


def stop(name: str, code: str, message: str, help_: str = "") -> Stop:
    """Return the end of a run that could not read or write the ledger of that name."""
    return Stop(Exit.USAGE, (Problem(Location(name), code, message, help_),))


@contextmanager
def telling(name: str) -> Iterator[None]:
    """Turn what a database refuses into a problem of the ledger of that name.

    Raises:
        Stop: the database refused.
    """
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        raise stop(name, *_refused(error.orig)) from None
    except sqlite3.Error as error:
        raise stop(name, *_refused(error)) from None
    except UnicodeDecodeError:
        # so Python ends where SQLite quotes the broken bytes of a damaged file
        raise stop(name, *_SQLITE[sqlite3.SQLITE_CORRUPT]) from None


def _refused(error: BaseException | None) -> tuple[str, str, str]:
    if isinstance(error, sqlite3.Error):
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return _SQLITE.get(primary, _other(f"SQLite says: {error}"))
    state = getattr(error, "sqlstate", None)
    if not state:
        return _not_connected(str(error))
    known = (_POSTGRESQL[state[:n]] for n in (5, 3, 2) if state[:n] in _POSTGRESQL)
    return next(known, _other(f"PostgreSQL says: {state}"))


def _not_connected(text: str) -> tuple[str, str, str]:
    """Say why there is no connection, of which the driver gives no code."""
    _, answered, why = text.rpartition("FATAL:")
    if answered:
        why = "".join(c for c in why.partition("\n")[0].strip() if c.isprintable())
        help_ = "check the user, the password and the database in the address"
        return ("M112", f"the server refuses: {why}", help_)
    return _LOST


def _other(said: str) -> tuple[str, str, str]:
    return ("M106", f"the ledger could not be used ({said}); {NOTHING}", "")
