"""Large batches: every check of a table in one pass, and the audits that meet any as bits.

In: a batch, its lives, and the conditions of its tables. Out: hits, and how many audits have one.
What the first and last days of a table already rule out is not asked. For few audits the database
would plan for longer than it looks: `sweep.py` serves them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise
from operator import itemgetter

from duckdb import DuckDBPyConnection

from engine.records import sql
from engine.records.batch import Batch
from engine.records.facts import Facts
from engine.records.quality.lives import LIVES, SCHEMA
from engine.records.quality.looking import Conditions, Hit, any_of, counts_of
from engine.records.quality.rowwise import Condition
from engine.rulebook.fields import AUDIT_ID

# beyond so many audits
MANY = 10_000
# The lives of so many are held beside each table at once; those of more would not fit in memory.
AT_A_TIME = 2_000_000
# of so many audits one is asked for its number, to see where to cut
ONE_IN = 1_000
_SEEN = f"{SCHEMA}.seen"

Days = Mapping[str, date | None]


def look_at_once(batch: Batch, checked: Conditions, late_after: int) -> tuple[tuple[Hit, ...], int]:
    """Return the conditions that some row meets, and how many audits have such a row or a note."""
    days = _days(batch.con, (c for conditions in checked.values() for c in conditions))
    asked = {
        table: [c for c in conditions if not _ruled_out(c, facts, days, late_after)]
        for table, conditions in checked.items()
        for facts in [batch.facts(table)]
    }
    tables = [(table, conditions) for table, conditions in asked.items() if conditions]
    none = "SELECT -1 AS table_at, CAST([] AS BIGINT[][]) AS counts, CAST(NULL AS BIT) AS bits"
    batch.con.execute(f"CREATE OR REPLACE TABLE {_SEEN} AS {none}")
    for some in _ranges(batch):
        each = [_pass(at, *one, batch.audit_count, some) for at, one in enumerate(tables)]
        if each:
            batch.con.execute(f"INSERT INTO {_SEEN} {' UNION ALL '.join(each)}")
    rows = batch.con.execute(f"SELECT table_at, counts FROM {_SEEN} ORDER BY 1").fetchall()
    audits = _audits(batch)
    batch.con.execute(f"DROP TABLE {_SEEN}")
    return tuple(_hits(tables, rows)), audits


def _days(con: DuckDBPyConnection, conditions: Iterable[Condition]) -> Days:
    """Return the days of all lives that conditions name, by their SQL."""
    named = sorted({one for c in conditions for one in (c.before, c.after) if one})
    if not named:
        return {}
    asked = ", ".join(f"CAST({one} AS DATE)" for one in named)
    # the count makes one row of days that hang on no life
    ((_, *row),) = con.execute(f"SELECT count(*), {asked} FROM {LIVES}").fetchall()
    return dict(zip(named, row, strict=True))


def _ruled_out(condition: Condition, facts: Facts | None, days: Days, late_after: int) -> bool:
    """Say whether what is known of a table rules out that a row of it meets the condition."""
    if facts is None:
        return False
    match condition.check:
        case "missing_context":
            return facts.filled[condition.field] == facts.rows
        case "recorded_before_event":
            return facts.recorded is None or facts.recorded[0] >= 0
        case "late_recording":
            return facts.recorded is None or facts.recorded[1] <= late_after
    limit, span = days.get(condition.before or condition.after), facts.days.get(condition.field)
    if limit is None or span is None:
        return True
    return span[0] >= limit if condition.before else span[1] <= limit


def _ranges(batch: Batch) -> Sequence[str]:
    """Return SQL conditions on `audit_id` that each let some of the audits through; one: all."""
    parts = -(-batch.audit_count // AT_A_TIME)
    if parts == 1:
        return ("true",)
    query = f"SELECT {AUDIT_ID} FROM {LIVES} WHERE ordinal % {ONE_IN} = 0 ORDER BY 1"
    known = [audit for (audit,) in batch.con.execute(query).fetchall()]
    cuts = [sql.literal(known[len(known) * part // parts]) for part in range(1, parts)]
    inner = (f"{AUDIT_ID} >= {first} AND {AUDIT_ID} < {end}" for first, end in pairwise(cuts))
    return (f"{AUDIT_ID} < {cuts[0]}", *inner, f"{AUDIT_ID} >= {cuts[-1]}")


def _pass(at: int, table: str, conditions: Sequence[Condition], audits: int, some: str) -> str:
    counted = ", ".join(map(counts_of, conditions))
    return (
        f"SELECT {at}, [{counted}], bitstring_agg(l.ordinal, 0, {max(audits - 1, 0)}) "
        f"FILTER (WHERE {any_of(conditions)}) "
        f"FROM (FROM {sql.typed(table)} WHERE {some}) s "
        f"LEFT JOIN (FROM {LIVES} WHERE {some}) l ON s.{AUDIT_ID} = l.{AUDIT_ID}"
    )


def _hits(
    tables: Sequence[tuple[str, Sequence[Condition]]], rows: Iterable[tuple[int, list[list[int]]]]
) -> Iterator[Hit]:
    """Yield the conditions that rows meet, with the counts of all ranges together."""
    for at, same in groupby(((at, counts) for at, counts in rows if at >= 0), key=itemgetter(0)):
        table, conditions = tables[at]
        by_condition = zip(*(counts for _, counts in same), strict=True)
        for condition, counts in zip(conditions, by_condition, strict=True):
            # nothing is counted where a table has no row
            number, marked = (sum(filter(None, each)) for each in zip(*counts, strict=True))
            if number:
                yield Hit(table, condition, number, marked)


def _audits(batch: Batch) -> int:
    """Return how many audits have a row that was hit, or a note."""
    noted = sorted({one.audit_id for one in batch.noted if one.audit_id})
    query = (
        f"WITH hit AS (SELECT bit_or(bits) AS bits FROM {_SEEN}) "
        "SELECT coalesce(bit_count(bits), 0), (SELECT count(*) "
        f"FROM {LIVES} WHERE {AUDIT_ID} IN (SELECT unnest(?::VARCHAR[])) "
        "AND get_bit(bits, ordinal) = 1) FROM hit"
    )
    ((hit, both),) = batch.con.execute(query, [noted]).fetchall()
    return int(hit) + len(noted) - int(both)
