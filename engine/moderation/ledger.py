"""The ledger: entries in the order in which they happened, never changed, each bound to the last.

In: drafts. Out: entries. A ledger is a SQLite file, or tables in a PostgreSQL database. What is
appended together is written together or not at all. SQLAlchemy is imported once one is opened.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.moderation.entries import Draft, Entry, Head, Inclusions
from engine.moderation.ledger_errors import stop, telling
from engine.moderation.ledger_text import (
    GENESIS,
    NotKept,
    Row,
    Unreadable,
    entry_of,
    keepable,
    row_of,
)
from engine.moderation.ledger_verify import Breach, breaches
from engine.moderation.ledger_versions import migrate, needs_work
from engine.moderation.ledger_where import check, engine_of, place_of

if TYPE_CHECKING:
    import sqlalchemy as sa

VERIFY = "`audit ledger verify` says what is no longer as it was written"
PAGE = 200
"""entries that are fetched at once: no reader holds the ledger for long, or all of it in memory"""


@dataclass(frozen=True)
class Held:
    """A ledger that nobody else can write to until its `with` ends; nothing is written before."""

    name: str
    connection: "sa.Connection"

    def entries(self, audit_id: str | None = None) -> Iterator[Entry]:
        """Return the entries in order, as `Ledger.entries` does, with those appended here."""
        return _paged(self.name, audit_id, lambda last: _page(self.connection, audit_id, last))

    def head(self) -> Head:
        """Return the end of the ledger as it stands here."""
        return _head(self.name, self.connection)

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Append entries after the last; they stand once the `with` has ended well.

        Raises:
            Stop: a text cannot be kept, or the database refused; nothing is written.
        """
        from sqlalchemy import insert

        from engine.moderation.ledger_tables import ENTRIES

        rows = self._chained(drafts)
        if rows:
            with telling(self.name):
                self.connection.execute(insert(ENTRIES), [asdict(row) for row in rows])
        return tuple(map(entry_of, rows))

    def _chained(self, drafts: Sequence[Draft]) -> list[Row]:
        head, rows = self.head(), list[Row]()
        for seq, draft in enumerate(drafts, head.seq + 1):
            try:
                rows.append(row_of(draft, seq, rows[-1].hash if rows else head.hash))
            except NotKept:
                said = f"a text of {_whose(draft)} holds a broken character"
                help_ = (
                    "type the text again: it was copied from where characters are written otherwise"
                )
                raise stop(self.name, "M113", f"{said}; nothing was written", help_) from None
        return rows


@dataclass(frozen=True)
class Ledger:
    """A ledger that was opened; `name` is what it may be called in print."""

    name: str
    engine: "sa.Engine"

    @contextmanager
    def writing(self) -> Iterator[Held]:
        """Hold the ledger against other writers: what is read within is still so at the end.

        Raises:
            Stop: the database refused, or somebody else held it too long; nothing is written.
        """
        with telling(self.name), _held(self.engine) as connection:
            yield Held(self.name, connection)

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Append entries after the last, all or none, and return them as they stand.

        Raises:
            Stop: as `writing`, or a text cannot be kept.
        """
        with self.writing() as held:
            return held.append(drafts)

    def entries(self, audit_id: str | None = None) -> Iterator[Entry]:
        """Return all entries in order, or those that speak of one audit.

        Of an audit are its own entries, and the inclusions in which it stands.

        Raises:
            Stop: the ledger cannot be read, or an entry in it is none.
        """

        def fetch(last: int) -> list[Row]:
            with telling(self.name), self.engine.connect() as connection:
                return _page(connection, audit_id, last)

        return _paged(self.name, audit_id, fetch)

    def head(self) -> Head:
        """Return the end of the ledger, for a report to print.

        Raises:
            Stop: the ledger cannot be read.
        """
        with telling(self.name), self.engine.connect() as connection:
            return _head(self.name, connection)

    def verify(self, expected: str | None = None) -> tuple[Breach, ...]:
        """Return everything that is not as it was written; nothing if all is.

        `expected` is a head from an old report (`seq:hash`, or the hash): whether the ledger still
        holds it.

        Raises:
            Stop: the ledger cannot be read at all.
        """
        with telling(self.name), self.engine.connect() as connection:
            return breaches(connection, expected)


def open_ledger(where: str | Path, *, create: bool) -> Ledger:
    """Return the ledger of a path or an address; with `create` it is begun where there is none.

    A ledger of an older version is migrated. No password is ever printed.

    Raises:
        Stop: it cannot be opened, with what is wrong and what to do.
    """
    place = place_of(where)
    check(place, create=create)
    engine = engine_of(place)
    with telling(place.name):
        with engine.connect() as connection:
            work = needs_work(connection, place.name, create=create)
        if work:
            with _held(engine) as connection:
                # another may have begun or migrated it in the meantime
                if needs_work(connection, place.name, create=create):
                    migrate(connection)
    return Ledger(place.name, engine)


@contextmanager
def _held(engine: "sa.Engine") -> Iterator["sa.Connection"]:
    from engine.moderation.ledger_tables import lock

    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        lock(connection)
        yield connection


def _page(connection: "sa.Connection", audit_id: str | None, last: int) -> list[Row]:
    """Return the next rows after `last` that may speak of an audit."""
    import sqlalchemy as sa

    from engine.moderation.ledger_tables import ENTRIES, ORDER

    wanted = sa.select(*(ENTRIES.c[name] for name in ORDER)).where(ENTRIES.c.seq > last)
    if audit_id is not None:
        own = ENTRIES.c.audit_id == audit_id
        wanted = wanted.where(sa.or_(own, ENTRIES.c.kind == Inclusions.kind))
    found = connection.execute(wanted.order_by(ENTRIES.c.seq).limit(PAGE))
    return [Row(*values) for values in found]


def _paged(name: str, audit_id: str | None, fetch: Callable[[int], list[Row]]) -> Iterator[Entry]:
    if audit_id is not None and not keepable(audit_id):
        return
    last = 0
    while rows := fetch(last):
        for row in rows:
            entry = _read(name, row)
            if _speaks(entry, audit_id):
                yield entry
        if len(rows) < PAGE:
            return
        last = rows[-1].seq


def _speaks(entry: Entry, audit_id: str | None) -> bool:
    if audit_id in {None, entry.audit_id}:
        return True
    held = entry.body.audits if isinstance(entry.body, Inclusions) else ()
    return any(one.audit_id == audit_id for one in held)


def _head(name: str, connection: "sa.Connection") -> Head:
    import sqlalchemy as sa

    from engine.moderation.ledger_tables import ENTRIES

    last = sa.select(ENTRIES.c.seq, ENTRIES.c.hash).order_by(ENTRIES.c.seq.desc()).limit(1)
    found = connection.execute(last).first()
    if found is None:
        return Head(0, GENESIS)
    # another hand may have put anything into a file of SQLite
    if not isinstance(found.seq, int) or not isinstance(found.hash, str):
        raise stop(name, "M108", "the last entry is none", VERIFY)
    return Head(found.seq, found.hash)


def _read(name: str, row: Row) -> Entry:
    try:
        return entry_of(row)
    except Unreadable as error:
        raise stop(name, "M108", f"entry {row.seq} cannot be read: {error}", VERIFY) from None


def _whose(draft: Draft) -> str:
    return f"audit `{draft.audit_id}`" if draft.audit_id else f"the entry `{draft.body.kind}`"
