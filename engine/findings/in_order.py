"""Rows that stand by audit: tables of files in another order are written anew, once.

A slice reads the rows of some audits out of files. Where rows stand by audit, most of a file is
passed over; where they do not, every slice would read all of it, and cost would grow with the
square of the size.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from engine.findings.slices import Slice
from engine.records import sql
from engine.records.batch import Presence
from engine.rulebook.fields import AUDIT_ID

# Of fewer slices, reading all rows for each should cost less than writing them anew: drawn out
# from one run of ten slices.
MANY = 20
# so many rows from the start of a table tell its order, and so many slices that they may lie in
LOOKED_AT, SPREAD = 20_000, 2
FOLDER = "in_order"


def in_order(
    con: duckdb.DuckDBPyConnection,
    presence: Presence,
    tables: Iterable[str],
    parts: Sequence[Slice],
) -> Presence:
    """Return what the batch holds, with those tables by audit; an audit's rows keep their order."""
    if len(parts) < MANY:
        return presence
    mixed = {t for t in tables if t in presence.columns and _is_mixed(con, presence, t, parts)}
    written = {table: _written(con, presence, table) for table in sorted(mixed)}
    return replace(presence, believable={**presence.believable, **written})


def _is_mixed(
    con: duckdb.DuckDBPyConnection, presence: Presence, table: str, parts: Sequence[Slice]
) -> bool:
    """Say whether the first rows of a table are of audits from everywhere."""
    ((lies_in,),) = con.execute(
        f"SELECT count(DISTINCT len(list_filter($1, lambda last: last < {AUDIT_ID}))) "
        f"FROM (SELECT {AUDIT_ID} FROM {presence.rows_of(table)} LIMIT {LOOKED_AT})",
        [[part.last for part in parts]],
    ).fetchall()
    return int(lies_in) > SPREAD


def _written(con: duckdb.DuckDBPyConnection, presence: Presence, table: str) -> str:
    """Write a table by audit beside what the database spills; return the SQL name of it."""
    (spill,) = con.execute("SELECT current_setting('temp_directory')").fetchall()[0]
    folder = Path(spill).parent / FOLDER
    folder.mkdir(exist_ok=True)
    file = sql.literal(str(folder / f"{table}.parquet"))
    con.execute(
        f"COPY (SELECT * EXCLUDE (_row) FROM (SELECT *, row_number() OVER () AS _row "
        f"FROM {presence.rows_of(table)}) ORDER BY {AUDIT_ID}, _row) TO {file} (FORMAT parquet)"
    )
    name = f"{FOLDER}.{sql.name(table)}"
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {FOLDER}")
    con.execute(f"CREATE OR REPLACE VIEW {name} AS FROM read_parquet({file})")
    return name
