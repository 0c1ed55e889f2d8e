"""Few rows of a Parquet file, handed over as rows of text, as any other file of few rows is.

In: a small file. Out: its columns, and its rows where the text of every cell is as the database
would write it, so that it does not matter who typed them. Of few rows the database plans for longer
than it looks, and it plans a dozen questions a file that is read in place.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from engine.records.found import Found
from engine.records.parquet_columns import scan
from engine.records.places import Layout, Part, Place
from engine.records.staging import BUFFER, RowStage

# files of no more bytes, which might unpack to no more, are read as rows
SMALL = 500_000
UNPACKED = 200_000_000


class _Odd(Exception):  # noqa: N818 - it is an answer, not an error in the program
    """A cell whose text the database writes in its own way."""


@dataclass(frozen=True)
class FewRows:
    """The rows of one file; `columns` gives the types of all its columns."""

    file: Found
    columns: Mapping[str, str]
    rows: Sequence[tuple[object, ...]]

    def fill(self, staged: RowStage, titles: Mapping[str, str]) -> bool:
        """Add the rows to a stage, or none; say whether it was done."""
        at = {title: place for place, title in enumerate(self.columns)}
        try:
            columns = {name: [*self._texts(at[title])] for name, title in titles.items()}
        except _Odd:
            return False
        staged.present.update(titles)
        part = Part(self.file.name, Layout.LINES)
        blank: Sequence[str | None] = (None,) * len(self.rows)
        cells = (columns.get(name, blank) for name in staged.spec.names)
        for number, row in enumerate(zip(*cells, strict=True), start=1):
            staged.add(Place(part, number), [*row])
        return True

    def _texts(self, place: int) -> Iterator[str | None]:
        text = _TEXTS[[*self.columns.values()][place]]
        for row in self.rows:
            value = row[place]
            yield None if value is None else text(value)


def are_small(con: duckdb.DuckDBPyConnection, files: Sequence[Found]) -> bool:
    """Say whether files are small, and would be if each value were as long as its whole column."""
    if sum(file.size for file in files) > SMALL:
        return False
    query = "SELECT sum(num_values * total_uncompressed_size) FROM parquet_metadata(?::VARCHAR[])"
    try:
        ((unpacked,),) = con.execute(query, [[str(file.path) for file in files]]).fetchall()
    except duckdb.Error:  # those who read it in place say what is wrong with it
        return False
    return (unpacked or 0) <= UNPACKED


def few_rows(con: duckdb.DuckDBPyConnection, files: Sequence[Found]) -> FewRows | None:
    """Return the rows of a table that stands in one file and has few of them, else nothing."""
    if len(files) > 1:
        return None
    try:
        # rows come as they are fetched; to plan a limit takes longer than to read a small file
        found = con.execute(f"SELECT * FROM {scan(files)}")
        columns = {column[0]: str(column[1]) for column in found.description}
        if not {*columns.values()} <= _TEXTS.keys():  # some kinds have no like in Python
            return None
        rows = found.fetchmany(BUFFER)
    except duckdb.Error:
        return None
    return FewRows(files[0], columns, rows) if len(rows) < BUFFER else None


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:  # an empty text is shown where a blank is not
        raise _Odd
    return value


def _day(value: object) -> str:
    # a year beyond Python's, or infinity on either side
    if type(value) is not date or value in (date.min, date.max):
        raise _Odd
    return value.isoformat()


def _moment(value: object) -> str:
    if not isinstance(value, datetime) or value.microsecond or value.date() == date.min:
        raise _Odd
    return value.isoformat(" ")


def _yes_no(value: object) -> str:
    return "true" if value else "false"


def _number(value: object) -> str:
    return str(value)


def _list(value: object) -> str:
    if not isinstance(value, list) or not value:
        raise _Odd
    return ";".join(map(_text, value))


_TEXTS: Mapping[str, Callable[[object], str]] = {
    "VARCHAR": _text,
    "DATE": _day,
    "TIMESTAMP": _moment,
    "BOOLEAN": _yes_no,
    "VARCHAR[]": _list,
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT"), _number),
}
