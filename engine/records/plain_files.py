"""Whether all cells of a table in Parquet files already are values in plain form.

In: the raw columns of a table. Out: yes or no. Where it is yes, nothing needs typing and the files
are read in place; a no costs time but is never wrong. Days and numbers are judged by their least
and greatest value, which the files state; words by the distinct ones; texts by their edges.
"""

from collections.abc import Callable, Iterator, Sequence

import duckdb

from engine.records import sql
from engine.records.cells import Spec, Unreadable, clean, read
from engine.records.column_sql import as_it_is
from engine.records.dictionary import TableSpec
from engine.rulebook.fields import AUDIT_ID, AUDITS, FieldType

SAMPLE, FEW = 50_000, 1_000

Seen = Callable[[object], bool]
Check = tuple[str, Seen]  # an aggregate over the raw rows, and whether its answer is good

_DAYS = (FieldType.DATE, FieldType.DATETIME, FieldType.MONTH)


def is_plain(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, present: Sequence[str], relation: str
) -> bool:
    """Say whether every cell of the raw rows is its own value."""
    fields = [spec.fields[spec.index[name]] for name in present]
    few = _few(con, [f for f in fields if f.type is FieldType.TEXT], relation)
    bounds = [check for field in fields for check in _bounds(field)]
    looks = [check for field in fields for check in _looks(spec, field, few)]
    looks += [
        (f"bool_or({sql.name(late)} < {sql.name(early)})", _never)
        for late, early in spec.order
        if late in present and early in present
    ]
    # apart, because the files answer the first without being read
    return all(_hold(con, checks, relation) for checks in (bounds, looks))


def _hold(con: duckdb.DuckDBPyConnection, checks: Sequence[Check], relation: str) -> bool:
    if not checks:
        return True
    query = f"SELECT {', '.join(aggregate for aggregate, _ in checks)} FROM {relation}"
    (answers,) = con.execute(query).fetchall()
    return all(good(answer) for (_, good), answer in zip(checks, answers, strict=True))


def _few(con: duckdb.DuckDBPyConnection, fields: Sequence[Spec], relation: str) -> frozenset[str]:
    """Return the fields that hold few distinct texts, as far as the first rows show."""
    if not fields:
        return frozenset()
    counts = ", ".join(f"approx_count_distinct({sql.name(f.name)})" for f in fields)
    query = f"SELECT {counts} FROM (FROM {relation} LIMIT {SAMPLE})"
    (found,) = con.execute(query).fetchall()
    return frozenset(f.name for f, count in zip(fields, found, strict=True) if count <= FEW)


def _bounds(field: Spec) -> Iterator[Check]:
    name = sql.name(field.name)
    if field.required:
        yield f"count(*) - count({name})", lambda missing: missing == 0
    if field.type in _DAYS:
        first, last = (f"DATE '{day}'" for day in (field.earliest, field.latest))
        yield f"min({name})::DATE >= {first} AND max({name})::DATE <= {last}", _always
    if field.type is FieldType.NUMBER and field.min is not None:
        yield f"min({name}) >= {field.min}", _always
    if field.type is FieldType.NUMBER and field.max is not None:
        yield f"max({name}) <= {field.max}", _always


def _looks(spec: TableSpec, field: Spec, few: frozenset[str]) -> Iterator[Check]:
    name = sql.name(field.name)
    if field.type is FieldType.MONTH:
        yield f"bool_and(day({name}) = 1)", _always
    elif field.type in (FieldType.CHOICE, FieldType.LIST) or field.name in few:
        yield f"array_agg(DISTINCT {name})", lambda seen: _all_plain(field, seen)
    elif field.type is FieldType.ID and field.name == AUDIT_ID and spec.name != AUDITS:
        # a number that is not in plain form is no audit's number, and is found as such
        return
    elif field.type in (FieldType.ID, FieldType.TEXT):
        yield f"bool_and({as_it_is(field, name)})", _always


def _all_plain(field: Spec, seen: object) -> bool:
    try:
        return all(_plain(field, value) for value in (seen if isinstance(seen, list) else ()))
    except Unreadable:
        return False


def _plain(field: Spec, value: object) -> bool:
    if isinstance(value, list):
        return value == list(read(";".join(map(str, value)), field) or ())  # type: ignore[arg-type]
    return value is None or (value == clean(str(value)) and value == read(str(value), field))


def _always(answer: object) -> bool:
    return answer is not False  # no rows: no fault


def _never(answer: object) -> bool:
    return answer is not True
