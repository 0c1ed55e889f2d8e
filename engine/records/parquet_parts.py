"""The parts of one table in Parquet files: whether they are of one kind, and whether one lacks.

In: the files of a table. Out: what is said of them, or the end of the run where they cannot be read
as one table. What a part says by itself is left to those who read it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from engine.errors import Exit, Location, Problem, Stop
from engine.records import sql
from engine.records.found import Found
from engine.records.parquet_columns import scan

Columns = Mapping[str, str]

SHOWN = 5  # so many parts are named in one message
_NUMBER = re.compile(r"\d+")


def told_of(con: duckdb.DuckDBPyConnection, files: Sequence[Found]) -> Iterator[Problem]:
    """Yield what a person should know of the parts of a table.

    Raises:
        Stop: a column has types in two parts that cannot be held in one.
    """
    if len(files) < 2:  # noqa: PLR2004 - one part differs from no other
        return
    yield from _missing(files)
    kinds = _kinds(con, files)
    if not kinds:
        return
    for title in dict.fromkeys(title for _, columns in kinds for title in columns):
        theirs = [(file, columns[title]) for file, columns in kinds if title in columns]
        first, usual = theirs[0]
        for file, other in theirs[1:]:
            if other != usual:
                together = _fit(con, title, (first, file))
                problem = _another(file, title, (other, usual), first, together=together)
                if not together:
                    raise Stop(Exit.USAGE, (problem,))
                yield problem
    yield from _lacking(kinds)


def _lacking(kinds: Sequence[tuple[Found, Columns]]) -> Iterator[Problem]:
    """Yield the columns that some kinds of parts lack."""
    every = dict.fromkeys(title for _, columns in kinds for title in columns)
    for file, columns in kinds:
        lacks = [title for title in every if title not in columns]
        for title in lacks:
            has = next(other for other, theirs in kinds if title in theirs)
            said = f"`{title}` is no column of this part, and is one of `{has.name}`"
            way_out = "its rows are read as blank there; write the part again if it has the column"
            yield _warning(file, "B603", said, way_out)


def _missing(files: Sequence[Found]) -> Iterator[Problem]:
    """Yield a gap in the numbers of parts that are called alike but for their number."""
    named = [Path(file.name).name for file in files]
    found = [_NUMBER.search(name) for name in named]
    if not all(found):
        return
    around = {_NUMBER.sub("#", name, count=1) for name in named}
    numbers = sorted(int(match[0]) for match in found if match)
    lacking = numbers[-1] - numbers[0] + 1 - len({*numbers})
    if len(around) > 1 or not lacking or lacking > len(numbers):
        return  # numbered after something else, such as days
    gone = sorted({*range(numbers[0], numbers[-1] + 1)} - {*numbers})
    shown = ", ".join(map(str, gone[:SHOWN])) + (", ..." if len(gone) > SHOWN else "")
    said = f"of the parts {numbers[0]} to {numbers[-1]} there is no {shown}"
    way_out = "look whether it was left behind: what it holds counts as not recorded"
    folder = Path(files[0].name).parent.as_posix()
    yield Problem(Location(folder), "B605", said, way_out, warning=True)


def _kinds(
    con: duckdb.DuckDBPyConnection, files: Sequence[Found]
) -> Sequence[tuple[Found, Columns]]:
    """Return the first file of each kind, with its columns and their types."""
    listed = [str(file.path) for file in files]
    signed = dict(
        con.execute(
            "SELECT file_name, list_sort(list((name, duckdb_type, num_children)::VARCHAR)) "
            "FROM parquet_schema(?::VARCHAR[]) GROUP BY file_name",
            [listed],
        ).fetchall()
    )
    firsts: dict[tuple[str, ...], Found] = {}
    for file in files:
        firsts.setdefault(tuple(signed[str(file.path)]), file)
    if len(firsts) < 2:  # noqa: PLR2004 - all are alike
        return ()
    return [(file, _columns(con, scan([file]))) for file in firsts.values()]


def _columns(con: duckdb.DuckDBPyConnection, source: str) -> Columns:
    return {title: kind for title, kind, *_ in con.execute(f"DESCRIBE FROM {source}").fetchall()}


def _fit(con: duckdb.DuckDBPyConnection, title: str, files: Sequence[Found]) -> bool:
    """Say whether a column of several files can be read as one, by reading it."""
    try:
        con.execute(f"SELECT bool_or(hash({sql.name(title)}) = 0) FROM {scan(files)}").fetchall()
    except duckdb.ConversionException:
        return False
    return True


def _another(
    file: Found, title: str, kinds: tuple[str, str], first: Found, *, together: bool
) -> Problem:
    here, there = map(_kind, kinds)
    said = f"`{title}` is {here} here and {there} in `{first.name}`"
    way_out = "write the parts with the same type"
    if together:
        return _warning(file, "B604", said, f"both were read; {way_out} to be sure")
    return Problem(file.location, "B604", said, f"{way_out}, or give the tables as CSV")


def _kind(kind: str) -> str:
    plain = {"VARCHAR": "text", "BOOLEAN": "yes or no", "DATE": "a day", "INTEGER": "a number",
             "BIGINT": "a number", "DOUBLE": "a number", "TIMESTAMP": "a moment"}  # fmt: skip
    return plain.get(kind, f"`{kind}`")


def _warning(file: Found, code: str, said: str, way_out: str) -> Problem:
    return Problem(Location(file.name), code, said, way_out, warning=True)
