"""A large CSV file without faults of form, read by the database.

In: a file of UTF-8 and its header. Out: raw columns of text in a table of the database. Any fault
of form (`FormFault`) sends the file to the slower reader, which says row by row what is wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from engine.records import sql
from engine.records.apostrophes import TEXTS, bare, bare_sql
from engine.records.delimited import after, rows_of
from engine.records.dictionary import TableSpec
from engine.records.headers import Header, Row
from engine.records.places import Part, Place
from engine.records.put_aside import PutAside
from engine.records.staging import Fetched, read_csv
from engine.rulebook.fields import AUDIT_ID


class FormFault(Exception):  # noqa: N818 - it is an answer, not an error in the program
    """The file has rows that the database does not take."""


@dataclass
class CsvColumns:
    """The raw rows of one large CSV file."""

    spec: TableSpec
    part: Part
    path: Path
    delimiter: str
    header: Header
    header_line: int
    put_aside: PutAside
    apostrophes: bool = False  # texts like formulas have an apostrophe before them

    @property
    def present(self) -> set[str]:
        """Return the fields that the file has."""
        return {AUDIT_ID, *self.header.columns}

    @property
    def kinds(self) -> Mapping[str, str]:
        """Return the types of the raw columns: text."""
        return dict.fromkeys(self.present, "VARCHAR")

    def relation(self) -> str:
        """Return the raw rows as SQL."""
        return f"raw_rows.{sql.name(self.spec.name)}"

    def load(self, con: duckdb.DuckDBPyConnection, lines: int) -> None:
        """Read the file after so many lines into the database, or raise `FormFault`."""
        names = [f"c{at}" for at in range(self.header.width)]
        options = f", delim = {sql.literal(self.delimiter)}, skip = {lines}, strict_mode = true"
        source = read_csv(str(self.path), names, options)
        columns = {AUDIT_ID: "NULL::VARCHAR"} | {
            n: self._column(n, f"c{at}") for n, at in self.header.columns.items()
        }
        picked = (f"{column} AS {sql.name(name)}" for name, column in columns.items())
        filled = f"coalesce({', '.join(names)}) IS NOT NULL"
        con.execute("CREATE SCHEMA IF NOT EXISTS raw_rows")
        try:
            con.execute(
                f"CREATE TABLE {self.relation()} AS "
                f"SELECT {', '.join(picked)} FROM {source} WHERE {filled}"
            )
        except duckdb.Error as error:
            raise FormFault from error

    def cells(self, row: Row) -> list[str | None]:
        """Return the cells of a row in the order of the table's fields."""
        cells = self.header.cells(self.spec, row)
        if not self.apostrophes:
            return cells
        fields = zip(self.spec.fields, cells, strict=True)
        return [bare(cell) if cell and field.type in TEXTS else cell for field, cell in fields]

    def _column(self, name: str, column: str) -> str:
        of_text = self.spec.fields[self.spec.index[name]].type in TEXTS
        return bare_sql(column) if self.apostrophes and of_text else column

    def fetch(self, ordinals: Iterable[int]) -> Iterator[Fetched]:
        """Yield the rows at these ordinals, in order, with their places and cells."""
        wanted = set(ordinals)
        rows = after(rows_of(self.path, self.delimiter), self.header_line)
        for ordinal, (line, row) in enumerate(rows):
            if ordinal in wanted:
                cells = zip(self.spec.names, self.cells(row), strict=True)
                yield ordinal, Place(self.part, line), {name: cell for name, cell in cells if cell}
                wanted.discard(ordinal)
                if not wanted:  # what comes after need not be read
                    return
