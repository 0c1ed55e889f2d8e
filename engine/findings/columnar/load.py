"""The tables of a slice as arrays, each column read from the database when it is first asked for.

Rows are ordered by their audit's number. A text is the place of it among the texts that the plans
name, nought for any other; an exact text is DuckDB's hash of it, 64 bits, and is compared only
with those of the same audit.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import numpy as np

from engine.findings.columnar.columns import Array, Places, Values, null_of
from engine.findings.columnar.frames import Asked, Exact, Expressions, Frame, Holding, bare
from engine.findings.columnar.joins import is_sorted
from engine.findings.duckdb_sql import quote
from engine.findings.plan import Apply, Expression, Literal, Type
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


def texts_in(expressions: Iterable[Expression]) -> Mapping[str, int]:
    """Return the texts that expressions name, each with its place from one."""
    found: set[str] = set()
    waiting = [*expressions]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Apply):
            waiting.extend(one.args)
        elif isinstance(one, Literal) and isinstance(one.value, str):
            found.add(one.value)
    return {text: place for place, text in enumerate(sorted(found), start=1)}


class Table:
    """The rows of a table of a laid-out slice."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, name: str, known: Expressions
    ) -> None:
        self._con, self._name, self._known = con, name, known
        self._columns: dict[Asked, Values] = {}
        found = self._read({"a": "a"})
        numbers = found["a"]
        self._order: Places | None = None
        if not is_sorted(numbers):
            self._order = np.argsort(numbers, kind="stable")
            numbers = numbers[self._order]
        self.numbers = numbers

    def frame(self, audits: tuple[int, int], kinds: Mapping[str, Type]) -> Frame:
        """Return the rows of the audits from one number to before another, numbered from nought."""
        first, last = (int(at) for at in np.searchsorted(self.numbers, audits))
        count = last - first

        def make(asked: Asked) -> Values:
            if asked == "a":
                return Values(self.numbers[first:last] - audits[0], nulls=False)
            if asked == "rowid":
                return Values(np.arange(count, dtype=np.int32), nulls=False)
            column = self._column(asked, kinds)
            return Values(column.data[first:last], column.nulls)

        return Frame(count, make, self._known)

    def _column(self, asked: Asked, kinds: Mapping[str, Type]) -> Values:
        if asked not in self._columns:
            data = self._read({"c": self._sql(asked, kinds[bare(asked)])})["c"]
            if isinstance(asked, Exact):
                data = data.view(np.int64)
            if self._order is not None:
                data = data[self._order]
            null = null_of(data.dtype)
            self._columns[asked] = Values(data, bool((data == null).any()))
        return self._columns[asked]

    def _read(self, columns: Mapping[str, str]) -> dict[str, Array]:
        """Return columns in the order of the rows, which the database keeps; it is looked at."""
        named = ", ".join(f"{made} AS {name}" for name, made in columns.items())
        query = f"SELECT rowid AS place, {named} FROM {quote(self._name)}"
        found: dict[str, Any] = self._con.execute(query).fetchnumpy()
        place = found.pop("place")
        if not is_sorted(place):
            order = np.argsort(place)
            return {name: np.asarray(column)[order] for name, column in found.items()}
        return {name: np.asarray(column) for name, column in found.items()}

    def _sql(self, asked: Asked, kind: Type) -> str:
        name = quote(bare(asked))
        if isinstance(asked, Holding):
            holding = f"list_contains({name}, {sql.literal(asked.text)})"
            return _NUMBERS[Type.BOOL].format(holding)
        if isinstance(asked, Exact):
            return _EXACT.format(name)
        return self._placed(name) if kind is Type.TEXT else _NUMBERS[kind].format(name)

    def _placed(self, name: str) -> str:
        """Return SQL for the place of a text; only those are looked for that the table holds."""
        places = self._known.places
        named = ", ".join(map(sql.literal, places)) or "NULL"
        rows = self._con.execute(
            f"SELECT DISTINCT {name} FROM {quote(self._name)} WHERE {name} IN ({named})"
        ).fetchall()
        whens = "".join(f" WHEN {sql.literal(text)} THEN {places[text]}" for (text,) in rows)
        coded = f"CASE {name}{whens} ELSE 0 END" if whens else "0"
        return f"CAST(CASE WHEN {name} IS NULL THEN -32768 ELSE {coded} END AS SMALLINT)"

