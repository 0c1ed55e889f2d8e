"""The records of some audits as a host program holds them: Parquet in, plain Python rows out.

Days are whole numbers, the days since 1 January 1970, because comparing those is the quickest that
Python does. All peers read in this way, and reading is part of their time.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from needed import AUDIT, TABLES
from polars import col

# audits in memory at a time
PIECE = 25_000

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit by its columns, and its rows by table, each a tuple in the order of `TABLES`."""

    own: dict[str, Any]
    rows: dict[str, list[Row]]


def pieces(data: Path) -> Iterator[list[Audit]]:
    """Yield the audits of a batch in the order of their ids, so many at a time."""
    ids = scan(data, "audits").select("audit_id").collect()["audit_id"].sort()
    for start in range(0, len(ids), PIECE):
        part = ids[start : start + PIECE]
        # ids rise in the files, so that most row groups are passed over
        yield piece(data, col("audit_id").is_between(pl.lit(part[0]), pl.lit(part[-1])))


def piece(data: Path, wanted: pl.Expr) -> list[Audit]:
    audits = {own[0]: Audit(dict(zip(AUDIT, own, strict=True)), defaultdict(list))
              for own in rows(data, "audits", AUDIT, wanted)}  # fmt: skip
    for table, columns in TABLES.items():
        for audit, *cells in rows(data, table, ("audit_id", *columns), wanted):
            audits[audit].rows[table].append(tuple(cells))
    return list(audits.values())


def rows(data: Path, table: str, columns: tuple[str, ...], wanted: pl.Expr) -> Iterator[Row]:
    """Return the wanted rows of a table; days as numbers."""
    read = scan(data, table).filter(wanted).select(columns).collect()
    days = [name for name, kind in read.schema.items() if kind == pl.Date]
    read = read.with_columns(col(days).to_physical())
    return zip(*(read[name].to_list() for name in columns), strict=True)


def scan(data: Path, table: str) -> pl.LazyFrame:
    one = data / f"{table}.parquet"
    return pl.scan_parquet(one if one.is_file() else data / table / "*.parquet")
