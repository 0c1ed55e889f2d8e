"""Batches of unusual size and shape, each made from one that is there.

    scaled_batches.py copies BATCH OUT 10      ten times as many audits, under numbers of their own
    scaled_batches.py long BATCH OUT 10000     one audit with so many visits
    scaled_batches.py wide BATCH OUT 100       so many times as many visits as there are

To draw ten million audits anew would take half an hour of a processor. Copies differ from one
another in the numbers of audits and children alone, which is enough to see what size costs.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

WIDEST = 90_000_000  # eight digits number the audits of a synthetic batch


def copies(con: duckdb.DuckDBPyConnection, batch: Path, out: Path, number: int) -> None:
    """Write a batch so many times over; audit A00000001 becomes A01000001 in the second copy."""
    audits = _read(parts_of(batch)["audits"])
    (size,) = con.execute(f"SELECT max(substr(audit_id, 2)::INTEGER) FROM {audits}").fetchall()[0]
    if size * number > WIDEST:
        sys.exit(f"{number} copies of {size:,} audits are more than eight digits can number")
    for copy in range(number):
        for table, files in parts_of(batch).items():
            named = f"format('A{{:08d}}', substr(audit_id, 2)::INTEGER + {copy * size})"
            child = f", child_id || '-{copy:02}' AS child_id" if table == "audits" else ""
            for at, file in enumerate(files):
                query = f"SELECT * REPLACE ({named} AS audit_id{child}) FROM {_read([file])}"
                _write(con, query, out / table / f"part-{copy:03}-{at:03}.parquet")


def long(con: duckdb.DuckDBPyConnection, batch: Path, out: Path, number: int) -> None:
    """Write a batch in which one audit has so many visits, on days after one another."""
    first = f"(SELECT min(audit_id) FROM {_read(parts_of(batch)['visits'])})"
    more = (
        "SELECT * REPLACE (visit_date - (i % 700)::INTEGER AS visit_date, "
        "recorded_date - (i % 700)::INTEGER AS recorded_date) EXCLUDE (i) "
        "FROM (SELECT * FROM {0} WHERE audit_id = {1} LIMIT 1), range({2}) t(i)"
    )
    _with_visits(con, batch, out, lambda rows: more.format(rows, first, number))


def wide(con: duckdb.DuckDBPyConnection, batch: Path, out: Path, number: int) -> None:
    """Write a batch with so many times as many visits, each on days around the first."""
    more = (
        "SELECT * REPLACE (visit_date - (i % 700)::INTEGER AS visit_date, "
        "recorded_date - (i % 700)::INTEGER AS recorded_date) EXCLUDE (i) "
        "FROM {0}, range(1, {1}) t(i)"
    )
    _with_visits(con, batch, out, lambda rows: more.format(rows, number))


def _with_visits(
    con: duckdb.DuckDBPyConnection, batch: Path, out: Path, more: Callable[[str], str]
) -> None:
    for table, files in parts_of(batch).items():
        rows = _read(files)
        query = f"SELECT * FROM {rows}"
        if table == "visits":
            query = f"SELECT * FROM ({query} UNION ALL {more(rows)}) ORDER BY audit_id"
        _write(con, query, out / f"{table}.parquet")


def parts_of(batch: Path) -> dict[str, list[Path]]:
    """Return the files of each table of a batch."""
    return dict(_tables(batch))


def _tables(batch: Path) -> Iterator[tuple[str, list[Path]]]:
    for path in sorted(batch.iterdir()):
        yield path.stem, sorted(path.glob("*.parquet")) if path.is_dir() else [path]


def _read(files: list[Path]) -> str:
    listed = ", ".join(f"'{file}'" for file in files)
    return f"read_parquet([{listed}])"


def _write(con: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    con.execute(
        f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )


SHAPES = {"copies": copies, "long": long, "wide": wide}

if __name__ == "__main__":
    shape, source, target, how_many = sys.argv[1:]
    database = duckdb.connect(config={"memory_limit": "2GB"})
    making = Path(target).with_name(Path(target).name + ".making")
    SHAPES[shape](database, Path(source), making, int(how_many))
    making.rename(target)
