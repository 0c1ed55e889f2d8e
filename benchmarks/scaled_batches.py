"""Batches of unusual size and shape, each made from one that is there.

    scaled_batches.py copies BATCH OUT 10      ten times as many audits, under numbers of their own
    scaled_batches.py long BATCH OUT 10000     one audit with so many visits
    scaled_batches.py wide BATCH OUT 100       so many times as many visits as there are
    scaled_batches.py shuffled BATCH OUT 1     the same rows in an order by chance

To draw ten million audits anew would take half an hour of a processor. Copies differ from one
another in the numbers of audits and children alone, which is enough to see what size costs.
"""

import sys
from collections.abc import Iterator
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
    """Write a batch in which one audit has so many visits, on days before the first."""
    visits = _read(parts_of(batch)["visits"])
    times = f"CASE WHEN row_number() OVER () = 1 THEN {number} ELSE 1 END"
    _with_visits(con, batch, out, f"SELECT *, {times} AS times FROM {visits}")


def wide(con: duckdb.DuckDBPyConnection, batch: Path, out: Path, number: int) -> None:
    """Write a batch with so many times as many visits, each on days before the first."""
    visits = _read(parts_of(batch)["visits"])
    _with_visits(con, batch, out, f"SELECT *, {number} AS times FROM {visits}")


def shuffled(con: duckdb.DuckDBPyConnection, batch: Path, out: Path, _number: int) -> None:
    """Write a batch with the rows of each table in an order that has nothing to do with audits."""
    for table, files in parts_of(batch).items():
        numbered = f"SELECT *, row_number() OVER () AS _row FROM {_read(files)}"
        query = f"SELECT * EXCLUDE (_row) FROM ({numbered}) ORDER BY hash(_row)"
        _write(con, query, out / f"{table}.parquet")


def _with_visits(con: duckdb.DuckDBPyConnection, batch: Path, out: Path, visits: str) -> None:
    """Write a batch in which each visit stands so many `times`; the order stays."""
    earlier = "{0} - (i % 700)::INTEGER AS {0}"
    days = ", ".join(earlier.format(name) for name in ("visit_date", "recorded_date"))
    for table, files in parts_of(batch).items():
        query = f"SELECT * FROM {_read(files)}"
        if table == "visits":
            more = f"SELECT *, unnest(range(times)) AS i FROM ({visits})"
            query = f"SELECT * EXCLUDE (i, times) REPLACE ({days}) FROM ({more})"
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


SHAPES = {"copies": copies, "long": long, "wide": wide, "shuffled": shuffled}

if __name__ == "__main__":
    shape, source, target, how_many = sys.argv[1:]
    database = duckdb.connect(config={"memory_limit": "2GB"})
    making = Path(target).with_name(Path(target).name + ".making")
    SHAPES[shape](database, Path(source), making, int(how_many))
    making.rename(target)
