"""The input hash: the same for the same batch, whatever its format and the order of its rows.

In: typed tables. Out: a text. Each row has a hash, the sum of a table's hashes knows no order, and
SHA-256 over the sums, with the names of the present tables and columns, is the hash of the batch.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import duckdb

from engine.records import sql
from engine.records.facts import Facts
from engine.records.fingerprint_few import sums_of
from engine.records.held import Held

# up to so many audits a row's hash is a known one (MD5); beyond, the database's own, which is
# about ten times as fast and may change with its version
EXACT = 50_000
NOTHING: Mapping[str, Facts] = MappingProxyType({})
NONE_HELD: Mapping[str, Held] = MappingProxyType({})
NONE = ("0", "0", "0")  # the sums of a table without rows
_HALF = "18446744073709551615::UHUGEINT"


def input_hash(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Sequence[str]],
    audits: int,
    known: Mapping[str, Facts] = NOTHING,
    held: Mapping[str, Held] = NONE_HELD,
) -> str:
    """Return the hash of the present columns of typed tables, in the order given.

    What is known of a table's rows, or `held` of them, is not asked again.
    """
    scheme = "rows-md5" if audits <= EXACT else f"rows-duckdb-{duckdb.__version__}"
    figures: dict[str, Sequence[str]] = {}
    if audits > EXACT:
        figures = {
            name: (str(facts.rows), str(facts.hashes), "0")
            for name, facts in known.items()
            if facts.hashes is not None
        }
    else:
        known_sums = {name: sums_of(rows) for name, rows in held.items()}
        figures = {name: sums for name, sums in known_sums.items() if sums is not None}
    asked = {name: columns for name, columns in tables.items() if name not in figures}
    query = (_exact if audits <= EXACT else _quick)(asked)
    for name, *sums in con.execute(query).fetchall() if asked else ():
        figures[name] = [str(figure) for figure in sums]
    content = [[name, *columns, *figures.get(name, NONE)] for name, columns in tables.items()]
    return f"{scheme}:{hashlib.sha256(json.dumps(content).encode()).hexdigest()}"


def _exact(tables: Mapping[str, Sequence[str]]) -> str:
    each = (
        f"SELECT {sql.literal(name)} AS t, to_json(r)::VARCHAR AS r FROM {sql.typed(name)} r"
        for name in tables
    )
    return (
        f"SELECT t, count(*), sum((n & {_HALF})::UBIGINT), sum((n >> 64)::UBIGINT) "
        f"FROM (SELECT t, md5_number(r) AS n FROM ({' UNION ALL '.join(each)})) GROUP BY t"
    )


def _quick(tables: Mapping[str, Sequence[str]]) -> str:
    hashes = {name: f"hash({', '.join(map(sql.name, cols))})" for name, cols in tables.items()}
    return " UNION ALL ".join(
        f"SELECT {sql.literal(name)}, count(*), coalesce(sum({row}), 0), 0 FROM {sql.typed(name)}"
        for name, row in hashes.items()
    )
