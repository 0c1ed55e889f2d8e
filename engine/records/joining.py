"""Audit forms on one side, what the case management system holds on the other: one Batch.

In: two batches, the dictionary, and which side is trusted. Out: a `Batch` in which each audit has
the facts of both, and an entry of data quality wherever they differ. What is joined with what is
said in docs/reference/joining.md. It must not know files or what standards ask.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb

from engine.errors import Location, Problem
from engine.records import sql
from engine.records.batch import Batch, Partly, Presence
from engine.records.joined_table import JoinedTable
from engine.records.joining_audits import join_audits
from engine.records.joining_children import link
from engine.records.joining_notes import DISAGREES, disagreements
from engine.records.joining_rows import BY_FORM, BY_RECORD, LATEST, base, join_tables, prepare
from engine.records.joining_sides import (
    FORM,
    NOT_EXAMINED,
    OF_THE_AUDITOR,
    PUT_ASIDE,
    RECORD,
    Side,
    Sides,
    laid_side_by_side,
)
from engine.records.noted import Noted
from engine.records.store import LARGE, Scratch, connect
from engine.rulebook.fields import AUDIT_ID, AUDITS, Fields

Columns = Mapping[str, tuple[str, ...]]
# of so many audits or more the joined batch stands in a file
IN_MEMORY = 50_000


@dataclass(frozen=True)
class Joined:
    """A joined batch, and how many of its audits were found in the records."""

    batch: Batch
    found: int
    disagreements: int


def join(forms: Batch, records: Batch, fields: Fields, *, trust_form: bool = False) -> Joined:
    """Join audit forms with the records of the children; the joined batch closes both.

    Raises:
        Stop: one of them names no child, or no child is in both.
    """
    scratch = Scratch()
    large = forms.audit_count + records.audit_count >= IN_MEMORY
    con = connect(scratch.path, LARGE + 1 if large else 0)
    if not large:  # many queries over few rows: handing them round costs more than it saves
        con.execute("SET threads = 1")
    try:
        sides = Sides(con, Side(FORM, forms), Side(RECORD, records), fields, trust_form)
        with forms.being_read(), records.being_read():
            laid_side_by_side(con, scratch.path, sides.form, sides.record)
            return _join(sides, scratch, large=large)
    except BaseException:
        con.close()
        scratch.close()
        raise


def _join(sides: Sides, scratch: Scratch, *, large: bool) -> Joined:
    con, form, record = sides.con, sides.form.batch, sides.record.batch
    con.execute("CREATE SCHEMA joining")
    found = link(sides)
    sides = replace(sides, several=found.several)
    prepare(sides)
    join_tables(sides, large=large)
    columns = {table: sides.columns(table) for table in sides.tables() if table != AUDITS}
    columns[AUDITS] = join_audits(sides)
    columns = {name: columns[name] for name in sides.fields.tables if name in columns}
    _views(con, columns)
    _lost(sides)
    con.execute("RESET threads")
    presence = _presence(sides, columns)
    noted = disagreements(sides)
    con.execute("".join(f"DROP SCHEMA {done} CASCADE;" for done in (FORM, RECORD, "joining")))
    batch = Batch(
        con,
        presence,
        tuple(sorted({*form.problems, *record.problems, *found.problems, *_say(sides, noted)})),
        (*form.rejected, *record.rejected),
        form.audit_count,
        _counts(con, columns),
        (*form.sources, *record.sources),
        _hash(sides),
        scratch,
        lambda: form.damage() or record.damage(),
        tuple(sorted({*form.noted, *record.noted, *found.noted, *noted})),
        format=f"{form.format}, joined with {record.format}",
        tables=_tables(sides, columns),
        joined_of=(form, record),
    )
    return Joined(batch, found.joined, len(noted))


def _views(con: duckdb.DuckDBPyConnection, columns: Columns) -> None:
    con.execute(
        "".join(
            f"CREATE VIEW {sql.typed(table)} AS SELECT {', '.join(map(sql.name, held))} "
            f"FROM {base(table)};"
            for table, held in columns.items()
        )
    )


def _lost(sides: Sides) -> None:
    """Make `typed.put_aside` and `typed.partly`."""
    auditors = ", ".join(map(sql.literal, sorted({*OF_THE_AUDITOR, AUDITS})))
    sides.con.execute(
        f"""CREATE TABLE {sql.typed(PUT_ASIDE)} AS
            SELECT audit_id, "table" FROM form.{PUT_ASIDE} UNION
            SELECT l.audit_id, p."table" FROM record.{PUT_ASIDE} p JOIN joining.linked l
            ON p.audit_id = l.record WHERE p."table" NOT IN ({auditors}) UNION
            FROM joining.lost ORDER BY ALL;
            CREATE TABLE typed.partly AS SELECT DISTINCT audit_id, part FROM joining.partly"""
    )


def _presence(sides: Sides, columns: Columns) -> Presence:
    con = sides.con
    found = con.execute('SELECT DISTINCT "table" FROM joining.lost').fetchall()
    conflicts = {name for (name,) in found}
    unexamined: frozenset[str] = frozenset()
    if NOT_EXAMINED in columns[AUDITS]:
        query = f"SELECT DISTINCT unnest({NOT_EXAMINED}) FROM {sql.typed(AUDITS)}"
        unexamined = frozenset(name for (name,) in con.execute(query).fetchall())
    return Presence(
        {name: frozenset(held) for name, held in columns.items()},
        frozenset(table for table in columns if _only_latest(sides, table)),
        unexamined,
        sides.form.lost() | sides.record.lost() - {AUDITS} | conflicts,
        partly=_partly(sides, columns),
    )


def _only_latest(sides: Sides, table: str) -> bool:
    holders = [side for side in (sides.form, sides.record) if side.has(table)]
    return all(side.latest(table) for side in holders)


def _partly(sides: Sides, columns: Columns) -> Mapping[str, Partly]:
    """Return what parts of the audits cannot tell, of those parts that have audits."""
    found = sides.con.execute("SELECT DISTINCT part FROM typed.partly ORDER BY 1").fetchall()
    parts: dict[str, Partly] = {}
    for (part,) in found:
        table, _, why = part.partition(":")
        form, record = sides.form.columns(table), sides.added(table)
        held = frozenset(columns[table])
        lacking = {BY_FORM: held - form, BY_RECORD: held - record, LATEST: frozenset[str]()}[why]
        if lacking or why == LATEST:
            parts[part] = Partly(table, lacking - {AUDIT_ID}, why == LATEST)
    return parts


def _counts(con: duckdb.DuckDBPyConnection, columns: Columns) -> dict[str, int]:
    each = (f"SELECT {sql.literal(name)}, count(*) FROM {base(name)}" for name in columns)
    counted = dict(con.execute(" UNION ALL ".join(each)).fetchall())
    return {name: counted[name] for name in columns}


def _tables(sides: Sides, columns: Columns) -> dict[str, JoinedTable]:
    return {
        table: JoinedTable(
            (sides.form if sides.form.has(table) else sides.record).batch.tables[table].spec,
            held,
            sides.con,
            base(table),
            sides.form.batch.tables.get(table),
            sides.record.batch.tables.get(table) if sides.record.has(table) else None,
            sides.trust_form,
        )
        for table, held in columns.items()
    }


def _hash(sides: Sides) -> str:
    trusted = FORM if sides.trust_form else "system"
    parts = (sides.form.batch.input_hash, sides.record.batch.input_hash, trusted)
    return f"joined:{hashlib.sha256(' '.join(parts).encode()).hexdigest()}"


def _say(sides: Sides, noted: tuple[Noted, ...]) -> tuple[Problem, ...]:
    if not noted:
        return ()
    audits = len({note.audit_id for note in noted})
    entries = "1 disagreement" if len(noted) == 1 else f"{len(noted):,} disagreements"
    those = "1 audit" if audits == 1 else f"{audits:,} audits"
    decide = "the form decides" if sides.trust_form else "the records decide"
    said = f"{entries} between forms and records in {those}: {decide}, and all are listed"
    way_out = f"see `{DISAGREES}` in the data quality"
    where = Location(sides.form.where())
    return (Problem(where, "B168", said, way_out, warning=True),)
