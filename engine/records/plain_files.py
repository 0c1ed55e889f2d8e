"""Whether all cells of a table in Parquet files already are values in plain form.

In: the raw columns of a table. Out: what one look at them showed; none where not all are. Where
all are, nothing needs typing and the files are read in place; a none costs time but is never wrong.
Days and numbers are judged by their least and greatest value; words by the distinct ones; texts by
their edges.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import duckdb

from engine.records import sql
from engine.records.cells import Spec, Unreadable, clean, read
from engine.records.column_sql import as_it_is
from engine.records.dictionary import TableSpec
from engine.records.facts import Facts
from engine.rulebook.fields import AUDIT_ID, AUDITS, FieldType

SAMPLE, FEW = 50_000, 1_000

Seen = Callable[[object], bool]
Check = tuple[str, Seen]  # an aggregate over the raw rows, and whether its answer is good

_DAYS = (FieldType.DATE, FieldType.DATETIME, FieldType.MONTH)


def plain_facts(
    con: duckdb.DuckDBPyConnection,
    spec: TableSpec,
    present: Sequence[str],
    relation: str,
    *,
    hashed: bool,
) -> Facts | None:
    """Return what the raw rows show where every cell is its own value; else nothing.

    All is asked at once, so that the files are read once.
    """
    fields = [spec.fields[spec.index[name]] for name in present]
    few = _few(con, [f for f in fields if f.type is FieldType.TEXT], relation)
    checks = [check for field in fields for check in _checks(spec, field, few)]
    checks += [
        (f"bool_or({sql.name(late)} < {sql.name(early)})", _never)
        for late, early in spec.order
        if late in present and early in present
    ]
    figures = _figures(spec, fields, few, hashed=hashed)
    asked = ", ".join((*figures.values(), *(aggregate for aggregate, _ in checks)))
    (row,) = con.execute(f"SELECT {asked} FROM {relation}").fetchall()
    found = dict(zip(figures, row, strict=False))
    facts = _facts(fields, found)
    answers = row[len(figures) :]
    plain = all(good(answer) for (_, good), answer in zip(checks, answers, strict=True))
    return facts if plain and _in_bounds(fields, facts, found) else None


def _figures(
    spec: TableSpec, fields: Sequence[Spec], few: frozenset[str], *, hashed: bool
) -> Mapping[str, str]:
    """Return the aggregates that are kept, by what they are of."""
    names = {field.name: sql.name(field.name) for field in fields}
    figures = {"rows": "count(*)"} | {f"filled {n}": f"count({c})" for n, c in names.items()}
    for field in fields:
        if field.type in _DAYS:
            figures[f"days {field.name}"] = _days(field)
        elif _listed(field, few):
            figures[f"words {field.name}"] = f"array_agg(DISTINCT {names[field.name]})"
    if spec.dated and names.keys() >= {*spec.dated}:
        recorded, event = (names[name] for name in spec.dated)
        figures["least"] = f"min({recorded} - CAST({event} AS DATE))"
        figures["most"] = f"max({recorded} - CAST({event} AS DATE))"
    if hashed:
        figures["hashes"] = f"coalesce(sum(hash({', '.join(names.values())})), 0)"
    return figures


def _days(field: Spec) -> str:
    """Return SQL of the first and last day, if both are believable; other days have no place."""
    first, last = (f"CAST({of}({sql.name(field.name)}) AS DATE)" for of in ("min", "max"))
    believable = f"{first} >= DATE '{field.earliest}' AND {last} <= DATE '{field.latest}'"
    return f"CASE WHEN {believable} THEN [{first}, {last}] END"


def _facts(fields: Sequence[Spec], found: Mapping[str, Any]) -> Facts:
    days = {f.name: found[f"days {f.name}"] for f in fields if f.type in _DAYS}
    texts = {f.name: found.get(f"words {f.name}") for f in fields if f.type is FieldType.TEXT}
    return Facts(
        found["rows"],
        {f.name: found[f"filled {f.name}"] for f in fields},
        {name: (pair[0], pair[1]) if pair else None for name, pair in days.items()},
        None if found.get("least") is None else (found["least"], found["most"]),
        {n: tuple(filter(None, words)) for n, words in texts.items() if words is not None},
        found.get("hashes"),
    )


def _in_bounds(fields: Sequence[Spec], facts: Facts, found: Mapping[str, Any]) -> bool:
    """Say whether no day is out of time, no required cell blank and every word is plain."""
    return all(
        not (field.required and facts.filled[field.name] < facts.rows)
        and (not facts.filled[field.name] or facts.days.get(field.name, ()) is not None)
        and _all_plain(field, found.get(f"words {field.name}"))
        for field in fields
    )


def _listed(field: Spec, few: frozenset[str]) -> bool:
    """Say whether the distinct values of a column are few."""
    return field.type in (FieldType.CHOICE, FieldType.LIST) or field.name in few


def _few(con: duckdb.DuckDBPyConnection, fields: Sequence[Spec], relation: str) -> frozenset[str]:
    """Return the fields that hold few distinct texts, as far as the first rows show."""
    if not fields:
        return frozenset()
    counts = ", ".join(f"approx_count_distinct({sql.name(f.name)})" for f in fields)
    query = f"SELECT {counts} FROM (FROM {relation} LIMIT {SAMPLE})"
    (found,) = con.execute(query).fetchall()
    return frozenset(f.name for f, count in zip(fields, found, strict=True) if count <= FEW)


def _checks(spec: TableSpec, field: Spec, few: frozenset[str]) -> Iterator[Check]:
    name = sql.name(field.name)
    if field.type is FieldType.NUMBER:
        yield f"min({name}) >= {field.min} AND max({name}) <= {field.max}", _always
    if field.type is FieldType.MONTH:
        yield f"bool_and(day({name}) = 1)", _always
    elif _listed(field, few):
        return
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
