"""One table of a joined batch, whose rows stand in the form, in the records, or in both.

In: the rowids of joined rows. Out: where they stand in the two inputs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import duckdb

from engine.errors import Location
from engine.records.dictionary import TableSpec
from engine.records.places import Place
from engine.records.staging import Fetched


class Fetching(Protocol):
    """A table of one of the inputs."""

    def fetch(self, rowids: Iterable[int]) -> Iterator[Fetched]:
        """Yield the raw rows of these rowids."""
        ...


class BothPlaces(Place):
    """The place of a row that both inputs have: that of the side which decides.

    A field's place is the other side's where only that filled it.
    """

    other: Place
    filled: frozenset[str]

    @classmethod
    def of(cls, own: Fetched, other: Fetched) -> "BothPlaces":
        """Return the places of a row of the deciding side and its pair."""
        place = cls(*own[1])
        place.other, place.filled = other[1], frozenset(other[2]) - frozenset(own[2])
        return place

    def at(self, name: str = "") -> Location:
        """Return the location of a field of the row, or of the row as a whole."""
        return self.other.at(name) if name in self.filled else super().at(name)


@dataclass(frozen=True)
class JoinedTable:
    """A table of a joined batch; `form` and `record` are the inputs' own, where they have it."""

    spec: TableSpec
    columns: tuple[str, ...]
    con: duckdb.DuckDBPyConnection
    base: str
    form: Fetching | None
    record: Fetching | None
    trust_form: bool

    def in_place(self) -> None:
        """Return nothing: joined rows stand in a table."""

    def numbered(self) -> str:
        """Return the table that holds the rows."""
        return self.base

    def fetch(self, rowids: Iterable[int]) -> Iterator[Fetched]:
        """Yield the raw rows of these rowids; of a pair, what both fill is the deciding side's."""
        query = (
            f"SELECT rowid, _form, _record FROM {self.base} "
            "WHERE rowid IN (SELECT unnest(?::BIGINT[])) ORDER BY 1"
        )
        rows = self.con.execute(query, [list(rowids)]).fetchall()
        form = _fetched(self.form, (row[1] for row in rows))
        record = _fetched(self.record, (row[2] for row in rows))
        for rowid, of_form, of_record in rows:
            found = [side[at] for side, at in ((record, of_record), (form, of_form)) if at in side]
            if self.trust_form:
                found.reverse()
            own, other = found[0], found[-1]
            place = own[1] if len(found) == 1 else BothPlaces.of(own, other)
            yield rowid, place, {**other[2], **own[2]}


def _fetched(table: Fetching | None, rowids: Iterable[int | None]) -> Mapping[int, Fetched]:
    wanted = sorted({rowid for rowid in rowids if rowid is not None})
    return {row[0]: row for row in table.fetch(wanted)} if table and wanted else {}
