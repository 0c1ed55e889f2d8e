"""The Batch: one input as typed tables, what it holds, and what was put aside.

It must not know how files are read or what standards ask.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

import duckdb

from engine.errors import Exit, Problem, Stop
from engine.records import sql
from engine.records.memory import exhausted
from engine.records.noted import Noted
from engine.records.store import Scratch
from engine.rulebook.fields import ANSWERS

if TYPE_CHECKING:
    from engine.records.facts import Facts
    from engine.records.held import Held
    from engine.records.joined_table import JoinedTable
    from engine.records.places import Place
    from engine.records.typed import Typed


PUT_ASIDE, PARTLY = "put_aside", "partly"


@dataclass(frozen=True)
class Partly:
    """What the input cannot tell of a table for some audits.

    `columns` are those in which a row of such an audit is blank because its source lacks them, or
    `doubted`, because the day that stands there cannot be right; `latest`: such an audit has the
    latest row of the table only.
    """

    table: str
    columns: frozenset[str]
    latest: bool = False
    doubted: bool = False


@dataclass(frozen=True)
class Presence:
    """What the whole input holds, decided once; it travels with every slice.

    `columns` gives the columns present somewhere in the input; a table not in it is absent.
    `put_aside` names the tables that lost a row: one that could not be read, or that is at odds
    with other rows. A row that stands twice loses nothing. `asked` holds the standards that some
    answer names, blank or not; None: nobody looked. `partly` says, by the parts that
    `typed.partly` names, of what some audits cannot tell (forms joined with records). `source` is
    what a return is called, such as "Annex A"; it is blank for the project's own shapes, which an
    auditor fills in. `believable` gives the SQL names
    of the tables that standards are tested on, where rows with an impossible day are left out.
    """

    columns: Mapping[str, frozenset[str]]
    latest_only: frozenset[str] = frozenset()
    not_examined: frozenset[str] = frozenset()
    put_aside: frozenset[str] = frozenset()
    asked: frozenset[str] | None = None
    partly: Mapping[str, Partly] = field(default_factory=dict)
    source: str = ""
    believable: Mapping[str, str] = field(default_factory=dict)

    def rows_of(self, table: str) -> str:
        """Return the SQL name of a table as standards are tested on it."""
        return self.believable.get(table, sql.typed(table))


@dataclass(frozen=True, order=True)
class Rejected:
    """A row that was put aside: where it stands, why, and what it says (JSON).

    `field` is the field that decided; nothing where the whole row is wrong.
    """

    file: str
    sheet: str
    place: str
    table: str
    audit_id: str
    code: str
    reason: str
    row: str
    field: str = ""


class NothingRead(Stop):
    """Ends a run in which no audit is left; what was put aside can still be listed."""

    def __init__(self, problems: tuple[Problem, ...], rejected: tuple[Rejected, ...]) -> None:
        super().__init__(Exit.USAGE, problems)
        self.rejected = rejected


@dataclass
class Batch:
    """Typed tables in schema `typed` of a connection, and everything said about them.

    Schema `typed` holds a table or view for each present table, with exactly the present columns,
    and `typed.put_aside(audit_id, "table")`: the tables in which a kept audit lost a row. Where
    `presence.partly` names parts, `typed.partly(audit_id, part)` says which audits are in which.
    `noted` is what was found out about its quality while it was read; `format` names what it was
    read from.
    Close it when done: a large batch stands in temporary files. `joined_of` are the batches that it
    was joined from, and they are closed with it.
    """

    con: duckdb.DuckDBPyConnection
    presence: Presence
    problems: tuple[Problem, ...]
    rejected: tuple[Rejected, ...]
    audit_count: int
    rows: Mapping[str, int]
    sources: tuple[str, ...]
    input_hash: str
    scratch: Scratch | None = field(default=None, repr=False)
    damage: Callable[[], Stop | None] = field(default=lambda: None, repr=False)
    noted: tuple[Noted, ...] = ()
    format: str = ""
    tables: "Mapping[str, Typed | JoinedTable]" = field(default_factory=dict, repr=False)
    joined_of: "tuple[Batch, ...]" = field(default=(), repr=False)

    def numbered(self, table: str) -> str:
        """Return SQL of a relation with the rows of a table and their `rowid`."""
        return self.tables[table].numbered()

    def places(self, table: str, rowids: "Iterable[int]") -> "Mapping[int, Place]":
        """Return where rows stand in the input, by their `rowid` in `numbered`.

        The input's files are read again for it, so ask once for all rows of a table.
        """
        return {at: place for at, place, _ in self.tables[table].fetch(rowids)}

    def facts(self, table: str) -> "Facts | None":
        """Return what was seen of all rows of a table while it was read, if anything was."""
        return getattr(self.tables.get(table), "facts", None)

    def held(self, table: str) -> "Held | None":
        """Return the rows of a table where Python holds them: they are few, and none was lost."""
        return getattr(self.tables.get(table), "held", None)

    def asking(self) -> Presence:
        """Return what the input holds, with the standards that its auditors were asked about."""
        if "standard" not in self.presence.columns.get(ANSWERS, frozenset()):
            return self.presence
        rows = self.con.execute(f"SELECT DISTINCT standard FROM typed.{ANSWERS}").fetchall()
        return replace(self.presence, asked=frozenset(name for (name,) in rows))

    @contextmanager
    def being_read(self) -> Iterator[None]:
        """Tell an error in what is done meanwhile from input that went away or was damaged.

        Raises:
            Stop: files that are read in place are no longer as they were.
        """
        try:
            yield
        except duckdb.InterruptException:  # nothing is wrong with the input
            raise
        except duckdb.Error as error:
            raise exhausted(self.con, error) or self._told(error) or error from error

    def _told(self, error: duckdb.Error) -> Stop | None:
        # a full disk is not looked for in the input, every row of which would be read for it
        return None if "No space left" in str(error) else self.damage()

    def close(self) -> None:
        """Close the connection and remove the temporary files."""
        self.con.close()
        if self.scratch is not None:
            self.scratch.close()
        for batch in self.joined_of:
            batch.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
