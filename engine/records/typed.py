"""A table after typing: `typed.<table>` in the database, and the way back to its raw rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from engine.records import sql
from engine.records.dictionary import TableSpec
from engine.records.facts import Facts
from engine.records.held import Held
from engine.records.places import Place
from engine.records.staging import Fetched, Staged


@dataclass
class Early:
    """How many rows were recorded before they happened, and where the first of them stand."""

    count: int = 0
    places: list[tuple[Place, str, str]] = field(default_factory=list)


@dataclass
class Typed:
    """One typed table.

    `base` is the SQL name of the table that holds its rows, and rows are deleted from it by
    `rowid`; without one, `typed.<table>` is a view of files that needed no typing, and `retype`
    types them all the same.
    `audits` are the audits that the rows name, `distinct` says that no key stands twice, where that
    was seen in passing, `looked` what else was. `kept` gives the raw row of each `rowid`;
    none: they are the same. `held` are the rows themselves where they are few.
    """

    staged: Staged
    base: str | None
    early: Early = field(default_factory=Early)
    kept: Sequence[int] | None = None
    audits: frozenset[str] | None = None
    distinct: bool = False
    retype: Callable[[], "Typed"] | None = None
    looked: Facts | None = None
    held: Held | None = None

    @property
    def facts(self) -> Facts | None:
        """Return what is known of all rows while they stand in their files, else nothing."""
        return self.looked if self.base is None else None

    @property
    def spec(self) -> TableSpec:
        """Return the table's fields."""
        return self.staged.spec

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the present columns in the order of the dictionary."""
        return tuple(name for name in self.spec.names if name in self.staged.present)

    def in_place(self) -> str | None:
        """Return SQL of the rows where they are read from files as they stand, in order."""
        staged = self.staged
        return staged.relation() if self.base is None and hasattr(staged, "relation") else None

    def numbered(self) -> str:
        """Return SQL of the rows with their `rowid`; a view of files is not made a table for it."""
        name = sql.typed(self.spec.name)
        if self.base is None:
            return f"(SELECT *, row_number() OVER () - 1 AS rowid FROM {name})"
        return self.base

    def own(self) -> str:
        """Return the table that holds the rows; a view of files is typed into one."""
        if self.base is None and self.retype:
            self.base = self.retype().base
        return str(self.base)

    def fetch(self, rowids: Iterable[int]) -> Iterator[Fetched]:
        """Yield the raw rows of these rowids."""
        if self.kept is None:
            yield from self.staged.fetch(rowids)
            return
        back = {self.kept[rowid]: rowid for rowid in rowids}
        for ordinal, place, cells in self.staged.fetch(back):
            yield back[ordinal], place, cells
