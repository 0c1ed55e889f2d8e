"""Whether a ledger is as it was written: what was altered, removed, put in, moved or cut off.

In: the rows of a ledger, and perhaps a head that was printed earlier. Out: breaches. It trusts
neither triggers nor columns: only what is bound into the hashes, and the head that a person holds.
Whoever can write to the file can make all hashes anew; then only an old head tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from engine.moderation.ledger_text import GENESIS, Row, Unreadable, entry_of, hash_of, said_by

if TYPE_CHECKING:
    import sqlalchemy as sa

Sort = Literal["altered", "removed", "moved", "fork", "cut", "unreadable", "unguarded"]


@dataclass(frozen=True)
class Breach:
    """Something that is not as it was written: at which entry, of which sort, and in words.

    `seq` is 0 where it is no entry's.
    """

    seq: int
    sort: Sort
    text: str


def breaches(connection: "sa.Connection", expected: str | None) -> tuple[Breach, ...]:
    """Return everything that is not as it was written, in the order of the ledger."""
    chain = Chain()
    found = [one for row in _rows(connection) for one in chain.follow(row)]
    found.extend(_unguarded(connection))
    if expected is not None:
        found.extend(chain.holds(expected))
    return tuple(found)


@dataclass
class Chain:
    """What was seen of a ledger so far: the last entry, and where each hash stands."""

    seq: int = 0
    hash: str = GENESIS
    blamed: bool = False
    stands: dict[str, int] = field(default_factory=dict)
    followed: dict[str, int] = field(default_factory=dict)

    def follow(self, row: Row) -> Iterator[Breach]:
        """Take the next row, and return what is wrong with it, or with how it follows."""
        gap = row.seq > self.seq + 1
        if gap:
            yield Breach(self.seq + 1, "removed", _missing(self.seq + 1, row.seq - 1))
        elif row.seq <= self.seq:
            yield Breach(row.seq, "moved", f"entry {row.seq} stands twice, or before the first")
        wrong = [*_wrong(row)]
        yield from wrong
        sorts = {one.sort for one in wrong}
        if row.prev != self.hash and not gap and "altered" not in sorts:
            yield from self._torn(row, moved="moved" in sorts)
        self.seq, self.hash = row.seq, row.hash
        self.blamed = bool(sorts & {"altered", "moved"})
        self.stands.setdefault(row.hash, row.seq)
        self.followed.setdefault(row.prev, row.seq)

    def _torn(self, row: Row, *, moved: bool) -> Iterator[Breach]:
        other = self.followed.get(row.prev)
        if other is not None:
            after = f"entry {self.stands[row.prev]}" if row.prev in self.stands else "the beginning"
            said = f"entries {other} and {row.seq} both follow {after}: one of them was put in"
            yield Breach(row.seq, "fork", said)
        elif self.seq == 0:
            yield Breach(row.seq, "removed", f"what entry {row.seq} follows is not there")
        elif not self.blamed and not moved:
            said = (
                f"entry {self.seq} is not the one that entry {row.seq} follows: it was altered or "
                "replaced, and its hash made anew"
            )
            yield Breach(self.seq, "altered", said)

    def holds(self, expected: str) -> Iterator[Breach]:
        """Return what is wrong with an old head: nothing if it is still in the chain."""
        seq, _, hash_ = expected.strip().lower().rpartition(":")
        at = next((at for one, at in self._known() if one.startswith(hash_)), None)
        if at is not None and seq in {"", str(at)}:
            return
        if seq and int(seq) > self.seq:
            missing = _missing(self.seq + 1, int(seq))
            who = "it was" if int(seq) == self.seq + 1 else "they were"
            yield Breach(self.seq + 1, "cut", f"{missing}: {who} cut off the end")
        else:
            said = f"the head {expected.strip()} is not in this ledger"
            said = f"{said}: entries were cut off or made anew"
            yield Breach(0, "cut", said)

    def _known(self) -> Iterator[tuple[str, int]]:
        yield GENESIS, 0
        yield from self.stands.items()


def _wrong(row: Row) -> Iterator[Breach]:
    """Return what is wrong with a row by itself."""
    if hash_of(row.prev, row.entry) != row.hash:
        yield Breach(row.seq, "altered", f"entry {row.seq} was altered")
        return
    try:
        said = said_by(row.entry)
        written = said.get("seq")
        if written != row.seq:
            text = f"what stands as entry {row.seq} was written as entry {written}: it was moved"
            yield Breach(row.seq, "moved", text)
        elif (said.get("kind"), said.get("audit_id")) != (row.kind, row.audit_id):
            text = f"entry {row.seq} was altered: its columns are at odds with its text"
            yield Breach(row.seq, "altered", text)
        entry_of(row)
    except Unreadable as error:
        yield Breach(row.seq, "unreadable", f"entry {row.seq} cannot be read: {error}")


def _missing(first: int, last: int) -> str:
    return (
        f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"
    )


def _rows(connection: "sa.Connection") -> Iterator[Row]:
    import sqlalchemy as sa

    from engine.moderation.ledger_tables import ENTRIES, ORDER

    wanted = sa.select(*(ENTRIES.c[name] for name in ORDER)).order_by(ENTRIES.c.seq)
    for seq, kind, audit_id, *texts in connection.execution_options(yield_per=200).execute(wanted):
        yield Row(seq if isinstance(seq, int) else 0, kind, audit_id, *map(_text, texts))


def _text(value: object) -> str:
    """Return a text, or what another hand put in its place in a form that no hash fits."""
    return value if isinstance(value, str) else repr(value)


def _unguarded(connection: "sa.Connection") -> Iterator[Breach]:
    import sqlalchemy as sa

    from engine.moderation.ledger_tables import TRIGGERS

    dialect = connection.dialect.name
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entries'"
        if dialect == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgrelid = 'ledger_entries'::regclass "
        "AND tgenabled <> 'D'"
    )
    there = set(connection.scalars(sa.text(asked)))
    if missing := sorted(TRIGGERS[dialect] - there):
        said = f"the triggers that refuse changes are gone: {', '.join(missing)}"
        yield Breach(0, "unguarded", said)
