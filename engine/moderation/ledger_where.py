"""Where a ledger is: a file, or a database by its address; and how to connect to it.

In: what a user gave as `--ledger`. Out: a `Place` with a name that may be printed (never with a
password) and a SQLAlchemy engine.
"""

import sqlite3
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from engine.moderation.ledger_errors import stop

if TYPE_CHECKING:
    import sqlalchemy as sa

ADDRESS = "write it as postgresql://user@server/database, or give the path of a file"
MAGIC = b"SQLite format 3\0"
"""how every file of SQLite begins"""
ANSWERS = 10
"""seconds within which a server has to answer"""


@dataclass(frozen=True)
class Place:
    """A ledger that may be there: its name for people, and its file or its address."""

    name: str
    file: Path | None
    url: "sa.URL | None" = None


def place_of(where: str | Path) -> Place:
    """Return the place that a path or an address names.

    Raises:
        Stop: the address is of no database that a ledger can be in.
    """
    if isinstance(where, Path) or "://" not in where:
        path = Path(where)
        return Place(str(path), path)
    return _address(where)


def without_password(where: str) -> str:
    """Return a path or an address as it may stand on a screen: a password in it is `***`.

    `psql` and this tool find a password that is left out in `PGPASSWORD` or `~/.pgpass`.
    """
    if "://" not in where:
        return where
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        return f"{where.partition('://')[0]}://…"
    secret = [key for key in url.query if "password" in key]
    hidden = url.difference_update_query(secret) if secret else url
    return hidden.render_as_string(hide_password=True)


def _address(where: str) -> Place:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    scheme = where.partition("://")[0]
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        # what cannot be read may hold a password anywhere
        raise stop(f"{scheme}://…", "M109", "this address cannot be read", ADDRESS) from None
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return Place(url.database, Path(url.database))
    if kind not in {"postgresql", "postgres"}:
        raise stop(f"{scheme}://…", "M109", f"a ledger cannot be in `{kind}`", ADDRESS)
    name = url.set(query={}).render_as_string(hide_password=True)
    return Place(name, None, url.set(drivername="postgresql+psycopg"))


def check(place: Place, *, create: bool) -> None:
    """Look whether a ledger can be there at all, before a database is asked.

    Raises:
        Stop: there is no file to read, or no folder to write it to, or something else is there.
    """
    if place.file is None:
        if find_spec("psycopg") is None:
            help_ = 'install it: pip install "practice-audit[postgresql]"'
            raise stop(place.name, "M110", "the driver for PostgreSQL is not installed", help_)
    elif place.file.is_dir():
        help_ = "give the file, mostly `audit-ledger.sqlite` in it"
        raise stop(place.name, "M103", "this is a folder, not a ledger", help_)
    elif not place.file.exists():
        _missing(place, place.file, create=create)
    elif not place.file.is_file():
        raise stop(place.name, "M103", "this is no file", "give the file that holds the ledger")
    else:
        _begins(place, place.file)


def _missing(place: Place, file: Path, *, create: bool) -> None:
    if not create:
        help_ = "`audit sample` begins one; if there is one elsewhere, give it with --ledger"
        raise stop(place.name, "M101", "there is no ledger here", help_)
    if not file.parent.is_dir():
        help_ = "make the folder first, or check the spelling"
        raise stop(place.name, "M102", f"there is no folder `{file.parent}`", help_)


def _begins(place: Place, file: Path) -> None:
    """Look how a file begins: SQLite would take a very short one for empty, and write over it."""
    try:
        with file.open("rb") as opened:
            first = opened.read(len(MAGIC))
    except OSError:
        help_ = "check that you may read and change the file and its folder"
        raise stop(place.name, "M105", "this ledger cannot be opened here", help_) from None
    if first not in {b"", MAGIC}:
        help_ = "give the file that `audit sample` made, mostly `audit-ledger.sqlite`"
        raise stop(place.name, "M103", "this file is not a ledger", help_)


def engine_of(place: Place) -> "sa.Engine":
    """Return an engine that opens a connection for each use and closes it after.

    What begins a transaction says with the execution option `writes` whether it will write.
    """
    import sqlalchemy as sa

    from engine.moderation.ledger_tables import WAIT

    if place.url is not None:
        waits = {"connect_timeout": ANSWERS}
        return sa.create_engine(place.url, poolclass=sa.NullPool, connect_args=waits)
    path = str(Path(place.file or "").absolute())

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, timeout=WAIT, isolation_level=None, check_same_thread=False
        )
        # what is no UTF-8 was put there by another hand: its hash will say so
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        return connection

    engine = sa.create_engine("sqlite://", poolclass=sa.NullPool, creator=connect)
    sa.event.listen(engine, "connect", _settle)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _settle(connection: sqlite3.Connection, _record: object) -> None:
    # the default journal, not WAL, which needs memory that computers on a network drive do not
    # share (decision 0016); EXTRA: what was said to be written is there after a power cut
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA trusted_schema = OFF")


def _begin(connection: "sa.Connection") -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
