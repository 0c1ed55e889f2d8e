"""The tables that standards are tested on: without the rows whose day cannot be right.

In: a batch and the conditions that its rows meet. Out: what the batch holds as standards see it.
The batch itself stays as it is: a view takes the rows out, and the table counts as one in which a
row was put aside. An audit's own row stays; of a day in it that cannot be right the input cannot
tell, so that nothing that asks for the day is decided by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.records import sql
from engine.records.batch import PARTLY, PUT_ASIDE, Batch, Partly, Presence
from engine.records.quality.lives import LIVES, SCHEMA
from engine.records.quality.looking import Hit, any_of, by_table
from engine.records.quality.rowwise import Condition
from engine.rulebook.fields import AUDIT_ID, AUDITS


def left_out(found: Sequence[Hit]) -> Mapping[str, Sequence[Condition]]:
    """Return the conditions for which rows are left out, by table."""
    return by_table([hit for hit in found if hit.condition.left_out])


def rows_left_out(batch: Batch, found: Sequence[Hit]) -> int:
    """Return how many rows of the child's record are left out; an audit's own row is not."""
    each = [
        f"SELECT count(*) AS n FROM {_bad(table, conditions)}"
        for table, conditions in left_out(found).items()
        if table != AUDITS
    ]
    if not each:
        return 0
    counted = batch.con.execute(f"SELECT sum(n) FROM ({' UNION ALL '.join(each)})").fetchone()
    return int(counted[0]) if counted else 0


def believable(batch: Batch, found: Sequence[Hit]) -> Presence:
    """Return what the batch holds, with views for the tables that lose a row."""
    tables, presence = dict(left_out(found)), batch.presence
    own = tables.pop(AUDITS, ())
    names = {table: f"{SCHEMA}.{sql.name(table)}" for table in tables}
    for table, conditions in tables.items():
        query = _without(table, conditions)
        batch.con.execute(f"CREATE OR REPLACE VIEW {names[table]} AS {query}")
    if tables:
        each = {table: _bad(table, tables[table]) for table in sorted(tables)}
        names[PUT_ASIDE] = _more(batch, PUT_ASIDE, '"table"', each)
    days = sorted({one.field for one in own})
    doubted = {f"{AUDITS}:{day}": Partly(AUDITS, frozenset({day}), doubted=True) for day in days}
    if doubted:
        each = {f"{AUDITS}:{d}": _bad(AUDITS, [c for c in own if c.field == d]) for d in days}
        names[PARTLY] = _more(batch, PARTLY, "part", each)
    return replace(
        presence,
        believable=names,
        put_aside=presence.put_aside | tables.keys(),
        partly={**presence.partly, **doubted},
    )


def _more(batch: Batch, table: str, column: str, each: Mapping[str, str]) -> str:
    """Make a table of audits and what is so of them from the batch's own and further rows."""
    name = f"{SCHEMA}.{table}"
    parts = [
        f"SELECT DISTINCT s.{AUDIT_ID}, {sql.literal(what)} AS {column} FROM {rows}"
        for what, rows in each.items()
    ]
    if table != PARTLY or batch.presence.partly:  # a batch that was not joined has no such table
        parts.append(f"FROM {sql.typed(table)}")
    batch.con.execute(f"CREATE OR REPLACE TABLE {name} AS {' UNION '.join(parts)}")
    return name


def _bad(table: str, conditions: Sequence[Condition]) -> str:
    return f"{_beside_lives(table)} WHERE {any_of(conditions)}"


def _without(table: str, conditions: Sequence[Condition]) -> str:
    return f"SELECT s.* FROM {_beside_lives(table)} WHERE NOT ({any_of(conditions)})"


def _beside_lives(table: str) -> str:
    return f"{sql.typed(table)} s LEFT JOIN {LIVES} l ON s.{AUDIT_ID} = l.{AUDIT_ID}"
