"""The physical limit: every value that the fifteen standards read is decoded and looked at once.

`bare_scan.py BATCH OUT` hashes the needed columns of every row of the Parquet files in DuckDB, so
that none of it can be answered from the statistics of the files, and writes the hashes of the
tables. No row is joined, sorted, grouped or written.
"""

import sys
from pathlib import Path

import duckdb
from needed import AUDIT, TABLES
from phases import Clock


def main(batch: Path, out: Path) -> None:
    clock = Clock()
    con = duckdb.connect()
    clock.done("start")
    found = []
    for table, columns in {"audits": AUDIT[1:], **TABLES}.items():
        one = batch / f"{table}.parquet"
        files = one if one.is_file() else batch / table / "*.parquet"
        asked = ", ".join(("audit_id", *columns))
        (row,) = con.execute(
            f"SELECT count(*), bit_xor(hash({asked})) FROM read_parquet('{files}')"
        ).fetchall()
        found.append((table, *row))
        clock.done(table)
    out.write_text("\n".join(f"{table} {rows} {seen}" for table, rows, seen in found))
    clock.print(duckdb=duckdb.__version__)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
