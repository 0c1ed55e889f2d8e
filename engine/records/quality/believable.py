"""The tables that standards are tested on: without the rows whose day cannot be right.

In: a batch and the conditions that its rows meet. Out: what the batch holds as standards see it.
The batch itself stays as it is: a view takes the rows out, and the table counts as one in which a
row was put aside. An audit whose own row has such a day counts as one whose `audits` nobody
examined, so that nothing that asks of the audit itself is decided by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.records import sql
from engine.records.batch import PUT_ASIDE, Batch, Presence
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
    tables, presence = left_out(found), batch.presence
    if not tables:
        return presence
    names = {table: f"{SCHEMA}.{sql.name(table)}" for table in tables}
    for table, conditions in tables.items():
        query = _audits(presence, conditions) if table == AUDITS else _without(table, conditions)
        batch.con.execute(f"CREATE OR REPLACE VIEW {names[table]} AS {query}")
    lost = frozenset(tables) - {AUDITS}
    if lost:
        names[PUT_ASIDE] = f"{SCHEMA}.{PUT_ASIDE}"
        pairs = [
            f'SELECT DISTINCT s.{AUDIT_ID}, {sql.literal(table)} AS "table" '
            f"FROM {_bad(table, tables[table])}"
            for table in sorted(lost)
        ]
        query = f"FROM {sql.typed(PUT_ASIDE)} UNION {' UNION '.join(pairs)}"
        batch.con.execute(f"CREATE OR REPLACE TABLE {names[PUT_ASIDE]} AS {query}")
    unseen = {AUDITS} & tables.keys()
    return replace(
        presence,
        believable=names,
        put_aside=presence.put_aside | lost,
        not_examined=presence.not_examined | unseen,
    )


def _bad(table: str, conditions: Sequence[Condition]) -> str:
    return f"{_beside_lives(table)} WHERE {any_of(conditions)}"


def _without(table: str, conditions: Sequence[Condition]) -> str:
    return f"SELECT s.* FROM {_beside_lives(table)} WHERE NOT ({any_of(conditions)})"


def _audits(presence: Presence, conditions: Sequence[Condition]) -> str:
    """Return SQL of the audits, with `audits` among what was not examined of the doubtful ones."""
    held = "not_examined" in presence.columns[AUDITS]
    own = "coalesce(s.not_examined, [])" if held else "CAST([] AS VARCHAR[])"
    more = f"CASE WHEN {any_of(conditions)} THEN list_append({own}, '{AUDITS}') ELSE {own} END"
    kept = "s.* EXCLUDE (not_examined)" if held else "s.*"
    return f"SELECT {kept}, {more} AS not_examined FROM {_beside_lives(AUDITS)}"


def _beside_lives(table: str) -> str:
    return f"{sql.typed(table)} s LEFT JOIN {LIVES} l ON s.{AUDIT_ID} = l.{AUDIT_ID}"
