"""The input hash: the same for the same batch, whatever its format and the order of its rows.

In: typed tables. Out: a text. Each row has a hash, the sum of a table's hashes knows no order, and
SHA-256 over the sums, with the names of the present tables and columns, is the hash of the batch.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence

import duckdb

from engine.records import sql

# up to so many audits a row's hash is a known one (MD5); beyond, the database's own, which is
# about ten times as fast and may change with its version
EXACT = 50_000
_HALF = "18446744073709551615::UHUGEINT"


def input_hash(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[str]], audits: int
) -> str:
    """Return the hash of the present columns of typed tables, in the order given."""
    scheme = "rows-md5" if audits <= EXACT else f"rows-duckdb-{duckdb.__version__}"
    one = _exact if audits <= EXACT else _quick
    sums = con.execute(" UNION ALL ".join(one(*table) for table in tables.items())).fetchall()
    figures = {name: [str(figure) for figure in figures] for name, *figures in sums}
    content = [[name, *columns, *figures[name]] for name, columns in tables.items()]
    return f"{scheme}:{hashlib.sha256(json.dumps(content).encode()).hexdigest()}"


def _exact(table: str, _: Sequence[str]) -> str:
    return (
        f"SELECT {sql.literal(table)}, count(*), sum((n & {_HALF})::UBIGINT),"
        f" sum((n >> 64)::UBIGINT)"
        f" FROM (SELECT md5_number(to_json(r)::VARCHAR) AS n FROM {sql.typed(table)} r)"
    )


def _quick(table: str, columns: Sequence[str]) -> str:
    return (
        f"SELECT {sql.literal(table)}, count(*), sum(hash({_list(columns)})), 0"
        f" FROM {sql.typed(table)}"
    )


def _list(columns: Sequence[str]) -> str:
    return ", ".join(map(sql.name, columns))
