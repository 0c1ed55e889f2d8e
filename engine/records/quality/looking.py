"""Ask the database what the checks want to know: counts of all, and some entries of each.

In: a batch and conditions. Out: counts and entries. Where nothing is found, no row is fetched and
no file is read again. The order of rows and files does not matter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from engine.records import sql
from engine.records.batch import Batch
from engine.records.noted import Noted
from engine.records.personal_patterns import hits as hits_in
from engine.records.personal_patterns import masked
from engine.records.places import Place
from engine.records.quality.lives import LIVES
from engine.records.quality.result import Counted
from engine.records.quality.rowwise import Condition
from engine.records.quality.twice import Group
from engine.rulebook.fields import AUDIT_ID

Conditions = Mapping[str, Sequence[Condition]]
# of one group, so many rows are named
NAMED = 20
TWICE, FOUND = "alike", "alike_in"
_SHOWN = (
    f"SELECT group_of, count(*), min(DISTINCT {AUDIT_ID}, {NAMED}), "
    f"arg_min(rowid, ({AUDIT_ID}, rowid), {NAMED}) FROM {TWICE} "
    "GROUP BY group_of ORDER BY group_of LIMIT ?"
)


@dataclass(frozen=True)
class Hit:
    """A condition of a table that some rows meet: how many, and how many of them in an outage."""

    table: str
    condition: Condition
    rows: int
    marked: int


def hits(batch: Batch, checked: Conditions) -> tuple[Hit, ...]:
    """Return the conditions that some row meets, in one pass over each table."""
    tables = [(table, found) for table, found in checked.items() if found]
    each = [
        f"SELECT {at} AS place, [{', '.join(map(counts_of, found))}] AS counts FROM "
        f"{_source(sql.typed(table), found)}"
        for at, (table, found) in enumerate(tables)
    ]
    if not each:
        return ()
    rows = batch.con.execute(" UNION ALL ".join(each)).fetchall()
    return tuple(
        Hit(tables[at][0], condition, *count)
        for at, counts in sorted(rows)
        for condition, count in zip(tables[at][1], counts, strict=True)
        if count[0]
    )


def counted(found: Sequence[Hit]) -> Iterator[Counted]:
    """Yield the entries of each check and table."""
    for (check, table), group in groupby(
        sorted(found, key=_by_check), key=lambda hit: (hit.condition.check, hit.table)
    ):
        same = list(group)
        yield Counted(check, table, sum(h.rows for h in same), sum(h.marked for h in same))


def audits(batch: Batch, found: Sequence[Hit]) -> frozenset[str]:
    """Return the audits that have a row which meets a condition."""
    query = _touched(found)
    if not query:
        return frozenset()
    return frozenset(audit for (audit,) in batch.con.execute(query).fetchall())


def number_of_audits(batch: Batch, found: Sequence[Hit], others: frozenset[str]) -> int:
    """Return how many audits have a row which meets a condition, or are among the others.

    Of a large batch the audits themselves would not fit in memory.
    """
    named = f"SELECT unnest(?::VARCHAR[]) AS {AUDIT_ID}"
    query = " UNION ".join(filter(None, (_touched(found), named)))
    rows = batch.con.execute(f"SELECT count(*) FROM ({query})", [sorted(others)])
    return int(rows.fetchall()[0][0])


def _touched(found: Sequence[Hit]) -> str:
    """Return SQL of the audits that have a row which meets a condition; none without any."""
    each = [
        f"SELECT s.{AUDIT_ID} FROM {_source(sql.typed(table), same)} WHERE {any_of(same)}"
        for table, same in by_table(found).items()
    ]
    return f"SELECT DISTINCT {AUDIT_ID} FROM ({' UNION ALL '.join(each)})" if each else ""


def by_table(found: Sequence[Hit]) -> Mapping[str, Sequence[Condition]]:
    """Return the conditions that rows meet, by table."""
    tables: dict[str, list[Condition]] = {}
    for hit in found:
        tables.setdefault(hit.table, []).append(hit.condition)
    return tables


def any_of(conditions: Sequence[Condition]) -> str:
    """Return SQL that is true of a row which meets one of the conditions."""
    return " OR ".join(f"coalesce({condition.test}, FALSE)" for condition in conditions)


def entries(batch: Batch, found: Sequence[Hit], most: int) -> Iterator[Noted]:
    """Yield at most so many entries of each check and table, each with its place."""
    for table, group in groupby(sorted(found, key=lambda hit: hit.table), key=lambda h: h.table):
        picked = [
            (hit.condition, row)
            for _, same in groupby(sorted(group, key=_by_check), key=lambda h: h.condition.check)
            for hit in same
            for row in _rows(batch, table, hit.condition, most)
        ]
        places = batch.places(table, {row[0] for _, row in picked})
        for condition, (at, audit, values) in picked:
            words = tuple("" if value is None else value for value in values)
            where = places[at].at(condition.field)
            yield Noted(
                condition.check,
                table,
                condition.field,
                audit,
                condition.say(words),
                words,
                (where,),
            )


def grouped(
    batch: Batch, check: str, group: Group, most: int
) -> tuple[int, frozenset[str], list[Noted]]:
    """Return how many groups there are, the audits in them, and at most so many as entries."""
    batch.con.execute(f"CREATE OR REPLACE TEMP TABLE {FOUND} AS {group.found()}")
    if not batch.con.execute(f"SELECT 1 FROM {FOUND} LIMIT 1").fetchone():
        return 0, frozenset(), []
    # a table that can be spilled: there may be millions of rows, of which few are shown
    query = group.members(batch.numbered(group.table), FOUND)
    batch.con.execute(f"CREATE OR REPLACE TEMP TABLE {TWICE} AS {query}")
    shown = batch.con.execute(_SHOWN, [most]).fetchall()
    ((number,),) = batch.con.execute(f"SELECT count(DISTINCT group_of) FROM {TWICE}").fetchall()
    audits = batch.con.execute(f"SELECT DISTINCT {AUDIT_ID} FROM {TWICE}").fetchall()
    batch.con.execute(f"DROP TABLE {TWICE}")
    batch.con.execute(f"DROP TABLE {FOUND}")
    places = batch.places(group.table, {row for one in shown for row in one[-1]}) if shown else {}
    noted = [_group(check, group, Alike(*one), places) for one in shown]
    return int(number), frozenset(audit for (audit,) in audits), noted


@dataclass(frozen=True)
class Alike:
    """Rows that are alike: in what, how many, the first audits and the first rows of them."""

    said: str
    count: int
    audits: Sequence[str]
    rows: Sequence[int]


def _group(check: str, group: Group, alike: Alike, places: Mapping[int, Place]) -> Noted:
    named = ", ".join(f"`{audit}`" for audit in alike.audits)
    of = f" (audits {named})" if alike.audits[1:] else ""
    where = tuple(places[row].at(group.field) for row in alike.rows)
    message = group.message.replace("{n}", f"{alike.count:,}")
    first, words = alike.audits[0], (_masked(alike.said),)
    return Noted(check, group.table, group.field, first, f"{message}{of}", words, where)


def _masked(said: str) -> str:
    """Return a text without what looks like personal data in it."""
    for hit in reversed(hits_in(said)):
        said = f"{said[: hit.start]}{masked(said, hit)}{said[hit.end :]}"
    return said


def _rows(
    batch: Batch, table: str, condition: Condition, most: int
) -> list[tuple[int, str, list[str | None]]]:
    values = ", ".join(f"CAST({value} AS VARCHAR)" for value in condition.values)
    source = _source(batch.numbered(table), (condition,))
    return batch.con.execute(
        f"SELECT s.rowid, s.{AUDIT_ID}, CAST([{values}] AS VARCHAR[]) AS shown FROM {source} "
        f"WHERE {condition.test} ORDER BY 2, 3, 1 LIMIT {int(most)}"
    ).fetchall()


def _source(source: str, conditions: Sequence[Condition]) -> str:
    asked = " ".join(c.test + c.marked + " ".join(c.values) for c in conditions)
    lives = f" LEFT JOIN {LIVES} l ON s.{AUDIT_ID} = l.{AUDIT_ID}" if "l." in asked else ""
    return f"{source} s{lives}"


def counts_of(condition: Condition) -> str:
    """Return SQL of how many rows meet a condition, and how many of them in an outage."""
    marked = f"count_if(({condition.test}) AND ({condition.marked}))" if condition.marked else "0"
    return f"[count_if({condition.test}), {marked}]"


def _by_check(hit: Hit) -> tuple[str, str, str]:
    return hit.condition.check, hit.table, hit.condition.field
