"""One table of Parquet files, read by the database in the types that it has.

In: files. Out: raw columns. The files are read in the order given, so that a row's ordinal tells
its file and its number there.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

import duckdb

from engine.errors import Stop
from engine.records import sql
from engine.records.dictionary import TableSpec
from engine.records.facts import Facts
from engine.records.found import Found, stop, unreadable
from engine.records.places import Layout, Part, Place
from engine.records.plain_files import plain_facts
from engine.records.put_aside import PutAside
from engine.records.staging import Fetched
from engine.records.type_columns import early, type_columns
from engine.records.typed import Early, Typed
from engine.rulebook.fields import AUDIT_ID


@dataclass
class ParquetColumns:
    """The raw rows of one table in Parquet files.

    `titles` gives the column of each field as the files name it.
    """

    spec: TableSpec
    files: Sequence[Found]
    con: duckdb.DuckDBPyConnection
    titles: Mapping[str, str]
    kinds: Mapping[str, str]
    put_aside: PutAside

    @property
    def present(self) -> set[str]:
        """Return the fields that the files have."""
        return {AUDIT_ID, *self.titles}

    def relation(self) -> str:
        """Return the raw rows as SQL."""
        names = (name for name in self.spec.names if name in self.present)
        columns = {n: sql.name(title) for n, title in self.titles.items()}
        picked = (f"{columns.get(name, 'NULL::VARCHAR')} AS {sql.name(name)}" for name in names)
        return f"(SELECT {', '.join(picked)} FROM {scan(self.files)})"

    def facts(self, *, hashed: bool) -> Facts | None:
        """Return what a look at all rows shows if the files can be read in place, else nothing."""
        names = [name for name in self.spec.names if name in self.titles]
        required = {f.name for f in self.spec.fields if f.required}
        typed = all(
            self.kinds[f.name] == sql.TYPES[f.type] for f in self.spec.fields if f.name in names
        )
        if not typed or not required <= {*names}:
            return None
        return plain_facts(self.con, self.spec, names, self.relation(), hashed=hashed)

    @property
    def rows(self) -> int:
        """Return how many rows the files say that they hold."""
        return sum(self._lengths())

    def fetch(self, ordinals: Iterable[int]) -> Iterator[Fetched]:
        """Yield the rows at these ordinals, in order, with their places and cells."""
        ends = list(accumulate(self._lengths()))
        for at, group in groupby(sorted(ordinals), key=lambda ordinal: bisect_right(ends, ordinal)):
            start = ends[at - 1] if at else 0
            part = Part(self.files[at].name, Layout.LINES)
            for number, cells in self._rows(self.files[at], [ordinal - start for ordinal in group]):
                yield start + number, Place(part, number + 1), cells

    def _lengths(self) -> Sequence[int]:
        query = "SELECT num_rows FROM parquet_file_metadata(?)"
        return [self.con.execute(query, [str(f.path)]).fetchall()[0][0] for f in self.files]

    def _rows(
        self, file: Found, numbers: Sequence[int]
    ) -> Iterator[tuple[int, Mapping[str, str | None]]]:
        source = scan([file])
        held = {row[0] for row in self.con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        names = [n for n in self.spec.names if n in self.titles and self.titles[n] in held]
        picked = (_text(sql.name(self.titles[name]), self.kinds[name]) for name in names)
        query = (
            f"SELECT file_row_number, {', '.join(picked)} FROM {source} "
            "WHERE file_row_number IN (SELECT unnest(?::BIGINT[])) ORDER BY 1"
        )
        for number, *cells in self.con.execute(query, [numbers]).fetchall():
            named = zip(names, cells, strict=True)
            yield number, {name: cell for name, cell in named if cell is not None}


def type_files(
    con: duckdb.DuckDBPyConnection, staged: ParquetColumns, *, hashed: bool = False
) -> Typed:
    """Make the typed table: a view of the files where they are as they should be."""
    facts = staged.facts(hashed=hashed)
    if facts is None:
        return type_columns(con, staged)
    con.execute(f"CREATE VIEW {sql.typed(staged.spec.name)} AS FROM {staged.relation()}")
    noted = Early()
    if facts.recorded and facts.recorded[0] < 0:
        numbered = f"(SELECT *, row_number() OVER () - 1 AS _row FROM {staged.relation()})"
        noted = early(con, staged, numbered, "_row")
    return Typed(staged, None, early=noted, retype=lambda: type_columns(con, staged), looked=facts)


def damaged(tables: Iterable[object]) -> Stop | None:
    """Return the end of a run in which a Parquet file cannot be read; `None` where all can."""
    for table in (table for table in tables if isinstance(table, ParquetColumns)):
        for file in table.files:
            try:
                table.con.execute(f"SELECT count(hash(r)) FROM {scan([file])} r").fetchall()
            except duckdb.Error:
                return gone(file) or stop_at(file)
    return None


def gone(file: Found) -> Stop | None:
    """Return the end of a run whose file was taken away or locked; `None` where it is there."""
    try:
        with file.path.open("rb"):
            return None
    except OSError as error:
        return unreadable(file.name, error)


def stop_at(file: Found) -> Stop:
    """Return the end of a run at a damaged file."""
    said = f"`{file.name}` is damaged and cannot be read as Parquet"
    return stop(file.location, "B009", said, "write it again, or give the tables as CSV")


def scan(files: Sequence[Found]) -> str:
    """Return SQL that reads Parquet files one after another."""
    listed = ", ".join(sql.literal(str(file.path)) for file in files)
    # the name of a folder, such as `team=north`, says nothing of the rows in it
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def _text(column: str, kind: str) -> str:
    if kind.endswith("[]"):
        return f"array_to_string({column}, ';')"
    # as the parts have it together: one alone may hold days where others hold moments
    return f"CAST(CAST({column} AS {kind}) AS VARCHAR)"
