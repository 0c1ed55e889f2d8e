"""Many rows are typed by the database, column by column.

In: a relation of raw columns. Out: `typed.<table>`, and a refusal for each row that cannot be read:
refused rows are fetched again and explained cell by cell (`explain.py`).
INVARIANT: the relation has a fixed order, so that a row's `rowid` in the base table is its ordinal.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import duckdb

from engine.records import sql
from engine.records.cells import Spec, Unreadable, Value, read
from engine.records.column_sql import Column, column
from engine.records.explain import refusals
from engine.records.put_aside import MOST
from engine.records.staging import Staged
from engine.records.typed import Early, Typed

SHOWN = 10  # so many early rows are shown one by one


class Relational(Staged, Protocol):
    """Raw rows that the database reads by itself."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """Return the types of the raw columns."""
        ...

    def relation(self) -> str:
        """Return the raw rows as SQL."""
        ...


@dataclass(frozen=True)
class Surveyed:
    """A column after a first look at all its cells.

    `odd`: some cell is not in plain form. `words` are the texts to look up and what they say.
    """

    column: Column
    odd: bool
    words: Mapping[str, Value]


def type_columns(con: duckdb.DuckDBPyConnection, staged: Relational) -> Typed:
    """Make the typed table of many rows."""
    surveyed = _survey(con, staged)
    base = f"typed_rows.{sql.name(staged.spec.name)}"
    con.execute("CREATE SCHEMA IF NOT EXISTS typed_rows")
    con.execute(f"CREATE TABLE {base} AS {_select(staged, surveyed)}", _parameters(surveyed))
    _put_aside(con, staged, base)
    typed = Typed(staged, base, early(con, staged, base))
    shown = ", ".join(map(sql.name, typed.columns))
    con.execute(
        f"CREATE OR REPLACE VIEW {sql.typed(typed.spec.name)} AS SELECT {shown} FROM {base}"
    )
    return typed


def _survey(con: duckdb.DuckDBPyConnection, staged: Relational) -> Sequence[Surveyed]:
    fields = [f for f in staged.spec.fields if f.name in staged.present]
    columns = [column(f, f"r.{sql.name(f.name)}", staged.kinds[f.name]) for f in fields]
    looks = ", ".join(map(_look, columns))
    (found,) = con.execute(f"SELECT {looks} FROM {staged.relation()} r").fetchall()
    return [
        Surveyed(c, bool(seen), _words(c.spec, () if c.slow else seen or ()))
        for c, seen in zip(columns, found, strict=True)
    ]


def _look(column: Column) -> str:
    odd = f"{column.raw} IS NOT NULL AND NOT coalesce({column.quick}, false)"
    if column.slow:
        return f"bool_or({odd})"
    return f"array_agg(DISTINCT {column.raw}) FILTER (WHERE {odd})"


def _words(spec: Spec, texts: Sequence[str]) -> Mapping[str, Value]:
    # INVARIANT: what cannot be read is in no list of words, so its row is refused
    good: dict[str, Value] = {}
    for text in texts:
        with suppress(Unreadable):
            good[text] = read(text, spec)
    return good


def _parameters(surveyed: Sequence[Surveyed]) -> list[object]:
    parameters: list[object] = []
    for each in surveyed:
        if each.words:
            values = (list(v) if isinstance(v, tuple) else v for v in each.words.values())
            parameters += [[*each.words], [*values]]
    return parameters


def _select(staged: Relational, surveyed: Sequence[Surveyed]) -> str:
    cells = [f"{_value(at, s)} AS {sql.name(s.column.spec.name)}" for at, s in enumerate(surveyed)]
    bad = " OR ".join(filter(None, (_bad(at, s) for at, s in enumerate(surveyed)))) or "false"
    joins = [_join(at, each) for at, each in enumerate(surveyed) if each.words]
    relation, last = f"{staged.relation()} r", ""
    if joins:
        # a join may change the order of rows, so they are numbered before and sorted after
        relation = f"(SELECT *, row_number() OVER () AS _row FROM {staged.relation()}) r"
        cells.append("r._row")
        last = " ORDER BY _row"
    inner = f"SELECT {', '.join(cells)}, {bad} AS _bad FROM {relation} {' '.join(joins)}"
    shown = ", ".join(sql.name(s.column.spec.name) for s in surveyed)
    whole = " OR ".join(["_bad", *_bad_rows(staged, surveyed)])
    return f"SELECT {shown}, {whole} AS _bad FROM ({inner}){last}"


def _value(at: int, each: Surveyed) -> str:
    column = each.column
    if not each.odd:
        return column.value
    other = column.slow or (f"w{at}.value" if each.words else "NULL")
    return f"CASE WHEN {column.quick} THEN {column.value} ELSE {other} END"


def _bad(at: int, each: Surveyed) -> str:
    column = each.column
    if not each.odd or column.slow:
        return ""
    unknown = f" AND w{at}.raw IS NULL" if each.words else ""
    return f"({column.raw} IS NOT NULL AND NOT coalesce({column.quick}, false){unknown})"


def _bad_rows(staged: Relational, surveyed: Sequence[Surveyed]) -> Iterator[str]:
    """Yield what is asked of a row once its cells have their values."""
    for each in surveyed:
        if each.column.spec.required:
            yield f"{sql.name(each.column.spec.name)} IS NULL"
    for late, early in staged.spec.order:
        if staged.present >= {late, early}:
            yield f"coalesce({sql.name(late)} < {sql.name(early)}, false)"


def _join(at: int, each: Surveyed) -> str:
    kind = sql.TYPES[each.column.spec.type]
    words = f"SELECT unnest(?::VARCHAR[]) AS raw, unnest(?::{kind}[]) AS value"
    return f"LEFT JOIN ({words}) w{at} ON w{at}.raw = {each.column.raw}"


def _put_aside(con: duckdb.DuckDBPyConnection, staged: Relational, base: str) -> None:
    bad = f"SELECT rowid FROM {base} WHERE _bad LIMIT {MOST + 1}"  # with so many it is the end
    rowids = [rowid for (rowid,) in con.execute(bad).fetchall()]
    if rowids:
        con.execute(f"DELETE FROM {base} WHERE _bad")
        staged.put_aside.take(refusals(staged, rowids))


def early(con: duckdb.DuckDBPyConnection, staged: Staged, rows: str, at: str = "rowid") -> Early:
    """Return how many rows were recorded before they happened; `at` is the ordinal of a row."""
    if not staged.spec.dated or not staged.present >= {*staged.spec.dated}:
        return Early()
    recorded, event = map(sql.name, staged.spec.dated)
    query = f"FROM {rows} WHERE {recorded} < CAST({event} AS DATE)"
    (count,) = con.execute(f"SELECT count(*) {query}").fetchall()[0]
    if not count:
        return Early()
    first = con.execute(
        f"SELECT {at}, {recorded}::VARCHAR, {event}::DATE::VARCHAR {query} ORDER BY 1 LIMIT {SHOWN}"
    ).fetchall()
    said = {ordinal: (day, happened) for ordinal, day, happened in first}
    return Early(count, [(place, *said[ordinal]) for ordinal, place, _ in staged.fetch(said)])
