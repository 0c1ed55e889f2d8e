"""Many rows are typed by the database, column by column.

In: a relation of raw columns. Out: `typed.<table>`, and a refusal for each row that cannot be read:
refused rows are fetched again and explained cell by cell (`explain.py`).
INVARIANT: the relation has a fixed order, so that a row's `rowid` in the base table is its ordinal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import duckdb

from engine.records import explain, sql
from engine.records.cells import Spec, Unreadable, Value, identifier, read
from engine.records.column_sql import Column, column
from engine.records.places import Refusal
from engine.records.staging import Staged
from engine.records.typed import Early, Typed
from engine.rulebook.fields import AUDIT_ID

SHOWN = 10  # so many early rows are shown one by one


class Relational(Staged, Protocol):
    """Raw rows that the database reads by itself; `kinds` are the types of the raw columns."""

    kinds: Mapping[str, str]

    def relation(self) -> str:
        """Return the raw rows as SQL."""
        ...


@dataclass(frozen=True)
class Words:
    """The texts of one column that are not in plain form, and the values that they are read as."""

    raw: Sequence[str]
    values: Sequence[Value]


def type_columns(con: duckdb.DuckDBPyConnection, staged: Relational) -> Typed:
    """Make the typed table of many rows."""
    fields = [f for f in staged.spec.fields if f.name in staged.present]
    columns = [column(f, f"r.{sql.name(f.name)}", staged.kinds[f.name]) for f in fields]
    words = _read_words(con, staged.relation(), columns)
    base = f"typed_rows.{sql.name(staged.spec.name)}"
    con.execute("CREATE SCHEMA IF NOT EXISTS typed_rows")
    values = [list(part) for found in words.values() for part in (found.raw, found.values)]
    con.execute(f"CREATE TABLE {base} AS {_select(staged, columns, words)}", values)
    shown = ", ".join(sql.name(f.name) for f in fields)
    con.execute(f"CREATE VIEW {sql.typed(staged.spec.name)} AS SELECT {shown} FROM {base}")
    return Typed(staged, base, _refused(con, staged, base), _early(con, staged, base))


def _read_words(
    con: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[Column]
) -> Mapping[str, Words]:
    partial = [column for column in columns if not column.total]
    if not partial:
        return {}
    each = (
        f"array_agg(DISTINCT {c.raw}) FILTER (WHERE {c.raw} IS NOT NULL "
        f"AND NOT coalesce({c.quick}, false))"
        for c in partial
    )
    (found,) = con.execute(f"SELECT {', '.join(each)} FROM {relation} r").fetchall()
    known = {c.spec.name: _words(c.spec, texts) for c, texts in zip(partial, found, strict=True)}
    return {name: words for name, words in known.items() if words.raw}


def _words(spec: Spec, texts: Sequence[str] | None) -> Words:
    good: dict[str, Value] = {}
    for text in texts or ():
        try:
            good[text] = read(text, spec)
        except Unreadable:
            # INVARIANT: what cannot be read is in no list of words, so its row is refused
            if spec.required:
                continue
    return Words([*good], [list(v) if isinstance(v, tuple) else v for v in good.values()])


def _select(staged: Relational, columns: Sequence[Column], words: Mapping[str, Words]) -> str:
    cells, bad, joins = [], [], []
    for at, column in enumerate(columns):
        spec, name = column.spec, sql.name(column.spec.name)
        if spec.name in words:
            kind = sql.TYPES[spec.type]
            joins.append(
                f"LEFT JOIN (SELECT unnest(?::VARCHAR[]) AS raw, unnest(?::{kind}[]) AS value) w{at}"
                f" ON w{at}.raw = {column.raw}"
            )
            value = f"CASE WHEN {column.quick} THEN {column.value} ELSE w{at}.value END"
            good = f"(coalesce({column.quick}, false) OR w{at}.raw IS NOT NULL)"
        else:
            value = column.value if column.total else f"CASE WHEN {column.quick} THEN {column.value} END"
            good = f"coalesce({column.quick}, false)"
        cells.append(f"{value} AS {name}")
        if not column.total:
            bad.append(f"({column.raw} IS NOT NULL AND NOT {good})")
        if spec.required:
            bad.append(f"{name} IS NULL")
    bad += [f"coalesce({sql.name(a)} < {sql.name(b)}, false)" for a, b in _order(staged)]
    return _ordered(staged.relation(), cells, bad, joins)


def _ordered(
    relation: str, cells: Sequence[str], bad: Sequence[str], joins: Sequence[str]
) -> str:
    picked = f"SELECT {', '.join(cells)}, {' OR '.join(bad) or 'false'} AS _bad"
    if not joins:
        return f"{picked} FROM {relation} r"
    # a join may change the order of rows, so it is numbered before and sorted after
    numbered = f"(SELECT *, row_number() OVER () AS _row FROM {relation}) r"
    return f"{picked} FROM {numbered} {' '.join(joins)} ORDER BY r._row"


def _order(staged: Relational) -> Sequence[tuple[str, str]]:
    return [pair for pair in staged.spec.order if staged.present.issuperset(pair)]


def _refused(
    con: duckdb.DuckDBPyConnection, staged: Relational, base: str
) -> Sequence[Refusal]:
    rowids = [r for (r,) in con.execute(f"SELECT rowid FROM {base} WHERE _bad").fetchall()]
    if not rowids:
        return ()
    con.execute(f"DELETE FROM {base} WHERE _bad")
    name = staged.spec.name
    return [
        Refusal(name, place, identifier(row.get(AUDIT_ID)), explain.faults(staged.spec, row), row)
        for _, place, row in staged.fetch(rowids)
    ]


def _early(con: duckdb.DuckDBPyConnection, staged: Relational, base: str) -> Early:
    if not staged.spec.dated or not staged.present.issuperset(staged.spec.dated):
        return Early()
    recorded, event = map(sql.name, staged.spec.dated)
    query = f"FROM {base} WHERE {recorded} < CAST({event} AS DATE)"
    (count,) = con.execute(f"SELECT count(*) {query}").fetchall()[0]
    if not count:
        return Early()
    first = con.execute(
        f"SELECT rowid, {recorded}::VARCHAR, {event}::DATE::VARCHAR {query} ORDER BY 1 LIMIT {SHOWN}"
    ).fetchall()
    said = {rowid: (day, happened) for rowid, day, happened in first}
    return Early(count, [(place, *said[rowid]) for rowid, place, _ in staged.fetch(said)])
