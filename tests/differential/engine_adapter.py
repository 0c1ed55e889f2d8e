"""The engine as the differential tests see it: a scene comes in, its findings go out.

Only this file knows how the findings stage is called.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import duckdb

from engine.findings.duckdb_sql import SQL_TYPES, quote
from engine.findings.rows import TYPES
from engine.findings.slices import lay_out, lay_out_calendar, slices
from engine.findings.stage import columns_read, compile_rulebook, evidence, find
from engine.findings.together import finder
from engine.records.batch import Presence
from engine.rulebook.fields import AUDIT_ID
from engine.terms import NOT_MET_BY_SILENCE, OUTCOMES, Outcome
from tests.differential.reference import Row
from tests.differential.scene import AUDITS, Scene, rulebook


@dataclass(frozen=True)
class Shown:
    """A finding of the engine; `told` is its outcome once more, as its evidence says it."""

    outcome: Outcome
    silent: bool
    told: Outcome
    value: int | None
    back_filled: bool


def engine_findings(scene: Scene, *, slice_size: int = 100) -> dict[tuple[str, str], Shown]:
    """Return what the engine finds, by the database, in Python and as arrays alike."""
    presence = presence_of(scene)
    book = replace(rulebook(), standards=scene.standards)
    compiled = compile_rulebook(book, presence)
    reads = columns_read(compiled, evidence=True)
    con = loaded(scene, reads)
    found: dict[tuple[str, str], Shown] = {}
    for part in slices(con, slice_size):
        lay_out(con, book, presence, part, as_of=scene.as_of, reads=reads)
        find(con, compiled)
        by_sql = _all_outcomes(con)
        together = finder(compiled, book.calendar)
        together.find(con, presence, part)
        assert not together.by_sql
        assert _all_outcomes(con) == by_sql
        told = evidence(con, compiled)
        assert evidence(con, compiled, book.calendar) == told
        for a, audit, standard, code in _outcomes(con, scene):
            shown = told.get(a, {}).get(standard)
            found[audit, standard] = Shown(
                outcome=OUTCOMES[min(code, Outcome.NOT_MET.code)],
                silent=code == NOT_MET_BY_SILENCE,
                told=shown.outcome if shown else Outcome.NOT_APPLICABLE,
                value=shown.value if shown else None,
                back_filled=bool(shown and shown.back_filled),
            )
    return found


def presence_of(scene: Scene) -> Presence:
    """Return what the input of a scene holds."""
    aside = _aside(scene)
    told = (scene.asked, scene.partly)
    return Presence(scene.columns, scene.latest_only, _unexamined(scene), aside, *told)


def loaded(scene: Scene, reads: Iterable[str]) -> duckdb.DuckDBPyConnection:
    """Return a connection with the tables of a scene as the readers would make them."""
    con = _connection()
    _load(con, scene, {AUDITS, "answers", *reads})
    return con


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": 1})
    lay_out_calendar(con, rulebook())
    return con


def _all_outcomes(con: duckdb.DuckDBPyConnection) -> list[tuple[int, ...]]:
    return con.execute("SELECT * FROM outcomes ORDER BY a").fetchall()


def _unexamined(scene: Scene) -> frozenset[str]:
    listed = (record[AUDITS][0].get("not_examined") for record in scene.records.values())
    return frozenset(name for names in listed if isinstance(names, tuple | list) for name in names)


def _aside(scene: Scene) -> frozenset[str]:
    return frozenset(name for names in scene.put_aside.values() for name in names)


def _load(con: duckdb.DuckDBPyConnection, scene: Scene, read: set[str]) -> None:
    """Make the schema `typed` as the readers would; rows only where they are read, to be quick."""
    con.execute("DROP SCHEMA IF EXISTS typed CASCADE; CREATE SCHEMA typed")
    for name, held in scene.columns.items():
        columns = [c for c in rulebook().fields.tables[name].fields if c in held]
        rows = [
            {**row, AUDIT_ID: audit}
            for audit, record in scene.records.items()
            for row in record.get(name, ())
            if name in read
        ]
        _table(con, name, columns, rows)
    con.execute('CREATE TABLE typed.put_aside (audit_id VARCHAR, "table" VARCHAR)')
    pairs = [(audit, name) for audit, names in scene.put_aside.items() for name in sorted(names)]
    _insert(con, "typed.put_aside", pairs)
    con.execute("CREATE TABLE typed.partly (audit_id VARCHAR, part VARCHAR)")
    pairs = [(audit, part) for audit, parts in scene.parts.items() for part in sorted(parts)]
    _insert(con, "typed.partly", pairs)


def _table(
    con: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], rows: Sequence[Row]
) -> None:
    fields = rulebook().fields.tables[name].fields
    made = ", ".join(f"{quote(c)} {SQL_TYPES[TYPES[fields[c].type]]}" for c in columns)
    con.execute(f"CREATE TABLE typed.{quote(name)} ({made})")
    _insert(
        con, f"typed.{quote(name)}", [tuple(_held(row.get(c)) for c in columns) for row in rows]
    )


def _held(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        marks = ", ".join("(" + ", ".join("?" for _ in row) + ")" for row in rows)
        con.execute(f"INSERT INTO {table} VALUES {marks}", [v for row in rows for v in row])


def _outcomes(con: duckdb.DuckDBPyConnection, scene: Scene) -> Iterator[tuple[int, str, str, int]]:
    names = [standard.id for standard in scene.standards]
    columns = "".join(f", o.{quote(name)}" for name in names)
    rows = con.execute(
        f"SELECT u.a, u.audit_id{columns} FROM audits u JOIN outcomes o ON u.a = o.a"
    ).fetchall()
    for a, audit, *codes in rows:
        for name, code in zip(names, codes, strict=True):
            yield a, audit, name, code
