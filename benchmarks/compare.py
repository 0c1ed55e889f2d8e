"""Compare the results of two contenders audit by audit, column by column.

In: two folders or files of Parquet. Out: one line of JSON with the number of values compared and,
by column, how many differ. A value in one and none in the other differs; so does an audit that
only one of them has; with `--partly` the second need not have all.
Run as a process of its own, so that its memory is nobody's peak.
"""

import json
import sys
from pathlib import Path

import duckdb

# the names of the rules that fired explain a cap; nobody else is asked for them
OURS_ALONE = "rules"


def main(mine: Path, other: Path, *, partly: bool = False) -> None:
    con = duckdb.connect()
    ours, theirs = columns(con, mine), columns(con, other)
    shared = [name for name in ours if name in theirs and name != "audit_id"]
    lacking = sorted(n for n in {*ours} ^ {*theirs} if not n.endswith(OURS_ALONE))
    join = "RIGHT" if partly else "FULL"
    flags = ", ".join(
        f'count(*) FILTER (m."{name}" IS DISTINCT FROM t."{name}")' for name in shared
    )
    audits, alone, *differing = con.execute(
        f"""SELECT count(*), count(*) FILTER (m.audit_id IS NULL OR t.audit_id IS NULL), {flags}
            FROM read_parquet('{pattern(mine)}') m
            {join} JOIN read_parquet('{pattern(other)}') t USING (audit_id)"""
    ).fetchall()[0]
    found = {name: number for name, number in zip(shared, differing, strict=True) if number}
    found |= {"audit_id": alone} if alone else {}
    found |= dict.fromkeys(lacking, audits)
    print(json.dumps({"audits": audits, "compared": audits * len(shared), "differing": found}))


def columns(con: duckdb.DuckDBPyConnection, results: Path) -> list[str]:
    rows = con.execute(f"DESCRIBE FROM read_parquet('{pattern(results)}')").fetchall()
    return [name for name, *_ in rows]


def pattern(results: Path) -> str:
    """Return the file, or the pattern of a folder's parts; the data quality stands beside them."""
    return str(results / "moderated" / "*.parquet") if results.is_dir() else str(results)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), partly="--partly" in sys.argv)
