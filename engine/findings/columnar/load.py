"""The tables of a slice as arrays: each read from the input by one query, its rows by their audit.

A text is the place of it among the texts that the plans name, nought for any other. An exact text
is DuckDB's hash of it, 64 bits, and is only ever compared with those of the same audit.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np

from engine.findings.columnar.asked import FromTable
from engine.findings.columnar.columns import Array, Places, Values, null_of
from engine.findings.columnar.frames import Asked, Exact, Expressions, Frame, Holding, bare
from engine.findings.columnar.joins import is_sorted
from engine.findings.columnar.whose import Whose
from engine.findings.duckdb_sql import quote
from engine.findings.plan import Type
from engine.records import sql

_NUMBERS: Mapping[Type, str] = {
    Type.INT: "coalesce(CAST({0} AS INTEGER), CAST(-2147483648 AS INTEGER))",
    Type.DATE: (
        "coalesce(CAST(date_diff('day', DATE '1970-01-01', {0}) AS INTEGER), "
        "CAST(-2147483648 AS INTEGER))"
    ),
    Type.BOOL: "CAST(CASE WHEN {0} THEN 2 WHEN {0} IS NULL THEN 1 ELSE 0 END AS UTINYINT)",
    Type.TIMESTAMP: "coalesce(epoch_us({0}), CAST(-9223372036854775808 AS BIGINT))",
    Type.TEXTS: "CAST(CASE WHEN {0} IS NULL THEN -128 ELSE 0 END AS TINYINT)",
}
_EXACT = "CASE WHEN {0} IS NULL THEN CAST(9223372036854775808 AS UBIGINT) ELSE hash({0}) END"
# what is worked out here
_MADE = ("a", "rowid")


class Table:
    """The rows of a table of a slice, `a` among them, with what is asked of it.

    Where it is to be told `whose` a row is, it has the hash of its audit's id in place of `a`.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        rows: str,
        of: FromTable,
        known: Expressions,
        whose: Whose | None = None,
    ) -> None:
        self._known = known
        asked = sorted((one for one in of.asked if one not in _MADE), key=repr)
        made = (f", {_sql(one, of, known.places)} AS c{n}" for n, one in enumerate(asked))
        number = "whose" if whose else "a"
        found: dict[str, Any] = con.execute(
            f"SELECT {number}{''.join(made)} FROM ({rows})"
        ).fetchnumpy()
        numbers = whose.numbers(np.asarray(found.pop(number))) if whose else found[number]
        order = _in_order(numbers)
        self.numbers: Array = numbers if order is None else numbers[order]
        self._columns: dict[Asked, Values] = {}
        for place, one in enumerate(asked):
            data = np.asarray(found[f"c{place}"])
            data = data.view(np.int64) if isinstance(one, Exact) else data
            data = data if order is None else data[order]
            self._columns[one] = Values(data, bool((data == null_of(data.dtype)).any()))

    def frame(self, audits: tuple[int, int]) -> Frame:
        """Return the rows of the audits from one number to before another, numbered from nought."""
        first, last = (int(at) for at in np.searchsorted(self.numbers, audits))
        count = last - first

        def make(asked: Asked) -> Values:
            if asked == "a":
                return Values(self.numbers[first:last] - audits[0], nulls=False)
            if asked == "rowid":
                return Values(np.arange(count, dtype=np.int32), nulls=False)
            column = self._columns[asked]
            return Values(column.data[first:last], column.nulls)

        return Frame(count, make, self._known)


def _in_order(numbers: Array) -> Places | None:
    """Return the places of the rows in the order of their audits, without those of none."""
    order = None if is_sorted(numbers) else np.argsort(numbers, kind="stable")
    first = numbers[:1] if order is None else numbers[order[:1]]
    if (first >= 0).all():
        return order
    order = np.arange(len(numbers)) if order is None else order
    return order[numbers[order] >= 0]


def _sql(asked: Asked, of: FromTable, places: Mapping[str, int]) -> str:
    name, kind = quote(bare(asked)), of.kinds[bare(asked)]
    if isinstance(asked, Holding):
        return _NUMBERS[Type.BOOL].format(f"list_contains({name}, {sql.literal(asked.text)})")
    if isinstance(asked, Exact):
        return _EXACT.format(name)
    if kind is not Type.TEXT:
        return _NUMBERS[kind].format(name)
    texts = sorted(of.texts.get(asked, ()))
    whens = "".join(f" WHEN {sql.literal(text)} THEN {places[text]}" for text in texts)
    coded = f"CASE {name}{whens} ELSE 0 END" if whens else "0"
    return f"CAST(CASE WHEN {name} IS NULL THEN -32768 ELSE {coded} END AS SMALLINT)"
