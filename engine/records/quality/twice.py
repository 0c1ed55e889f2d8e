"""Rows that stand twice though their keys do not, and children who were audited twice.

In: a batch. Out: groups of rows that say the same. Rows with one key are the readers' matter.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.records import sql
from engine.records.batch import Batch
from engine.rulebook.fields import ANSWERS, AUDIT_ID, AUDITS, RECORDED, Fields, FieldType

# What the auditor says is not part of the child's record, and grades are few and alike.
NOT_RECORD = frozenset({AUDITS, ANSWERS, "domain_grades", "moderations"})
# A shorter text may well be the same of two children.
COPIED = 40


@dataclass(frozen=True)
class Group:
    """SQL of the rows of a table that stand in groups, with what makes a group and what is said.

    The relation has `audit_id`, `rowid` and `group_of`, a text. One entry is a group: `{n}` rows.
    `hashed` gives a number a row; only where `least` rows share one is there a group.
    """

    table: str
    field: str
    query: str
    message: str
    hashed: str
    least: int = 2


def groups(batch: Batch, fields: Fields) -> Iterator[Group]:
    """Yield what is looked for in each table."""
    for table in batch.presence.columns:
        if table == AUDITS:
            yield from _children(batch)
        elif table not in NOT_RECORD:
            yield from _rows(batch, fields, table)


def _children(batch: Batch) -> Iterator[Group]:
    columns = "child_id", "period_start", "period_end"
    if {*columns} <= batch.presence.columns[AUDITS]:
        said = "the child stands in several audits of the same period"
        filled = "child_id IS NOT NULL AND period_start IS NOT NULL AND period_end IS NOT NULL"
        query = _grouped(columns, filled, "count(*) > 1")
        yield Group(AUDITS, "child_id", query, said, _hashed(AUDITS, columns, filled))


def _rows(batch: Batch, fields: Fields, table: str) -> Iterator[Group]:
    model, held = fields.tables[table], batch.presence.columns[table]
    facts = [n for n in model.fields if n in held and n not in {AUDIT_ID, RECORDED, *model.key}]
    days = [n for n in facts if model.fields[n].type in (FieldType.DATE, FieldType.DATETIME)]
    if facts and not model.key and len(facts) > 1:
        filled = " OR ".join(f"{sql.name(name)} IS NOT NULL" for name in days or facts)
        said = f"{{n}} rows of `{table}` say the same of one audit"
        query = _grouped((AUDIT_ID, *facts), filled, "count(*) > 1")
        yield Group(table, "", query, said, _hashed(table, (AUDIT_ID, *facts), filled))
    texts = [name for name in facts if model.fields[name].type is FieldType.TEXT]
    child = "child_id" in batch.presence.columns[AUDITS]
    for name in texts if days and child else ():
        said = f"the same `{name}` is written of several children on the same days"
        long = f"length({sql.name(name)}) >= {COPIED}"
        several = "count(DISTINCT child) > 1"
        query = _grouped((name, *days), long, several)
        yield Group(table, name, query, said, _hashed(table, (name, *days), long))


def _grouped(columns: Sequence[str], filled: str, having: str) -> str:
    """Return SQL of the rows in groups; `{source}` stands for the table with its `rowid`."""
    named = ", ".join(map(sql.name, columns))
    texts = ", ".join(f"coalesce(CAST({sql.name(c)} AS VARCHAR), '')" for c in columns)
    child = "NULL AS child"
    joined = ""
    if "child" in having:
        child, joined = "a.child_id AS child", f" JOIN {sql.typed(AUDITS)} a USING ({AUDIT_ID})"
    rows = f"(SELECT s.*, {child}, s.rowid AS row_at FROM {{source}} s{joined})"
    return (
        f"SELECT unnest(audits) AS {AUDIT_ID}, unnest(row_ids) AS rowid, said AS group_of FROM ("
        f"SELECT list({AUDIT_ID} ORDER BY {AUDIT_ID}, row_at) AS audits, "
        f"list(row_at ORDER BY {AUDIT_ID}, row_at) AS row_ids, concat_ws(' | ', {texts}) AS said "
        f"FROM {rows} WHERE {filled} GROUP BY {named} HAVING {having})"
    )


def _hashed(table: str, columns: Sequence[str], filled: str) -> str:
    """Return SQL of one number a row, equal for rows of one group and seldom for others."""
    named = ", ".join(map(sql.name, columns))
    return f"SELECT hash({named}) AS h FROM {sql.typed(table)} WHERE {filled}"


def suspects(batch: Batch, found: Iterable[Group]) -> list[Group]:
    """Return the groups that some rows may make, by one look over all tables."""
    asked = list(found)
    each = [
        f"SELECT {at} AS place, h FROM ({one.hashed}) GROUP BY h HAVING count(*) >= {one.least}"
        for at, one in enumerate(asked)
    ]
    if not each:
        return []
    query = f"SELECT DISTINCT place FROM ({' UNION ALL '.join(each)}) ORDER BY place"
    return [asked[at] for (at,) in batch.con.execute(query).fetchall()]


def bulk(batch: Batch, fields: Fields, table: str) -> Group | None:
    """Return what is looked for as entered in bulk: many days of one team, on one day."""
    model, held = fields.tables[table], batch.presence.columns[table]
    few = batch.rows.get(table, 0) < fields.quality.bulk_rows
    if few or not model.date or table == AUDITS or not {RECORDED, model.date} <= held:
        return None
    team = "coalesce(a.team, '')" if "team" in batch.presence.columns[AUDITS] else "''"
    day, limits = f"CAST(s.{sql.name(model.date)} AS DATE)", fields.quality
    query = (
        f"SELECT unnest(audits) AS {AUDIT_ID}, unnest(row_ids) AS rowid, said AS group_of FROM ("
        f"SELECT list(s.{AUDIT_ID} ORDER BY s.{AUDIT_ID}, {day}, s.rowid) AS audits, "
        f"list(s.rowid ORDER BY s.{AUDIT_ID}, {day}, s.rowid) AS row_ids, "
        f"concat_ws(' | ', CAST({RECORDED} AS VARCHAR), {team}) AS said "
        f"FROM {{source}} s JOIN {sql.typed(AUDITS)} a USING ({AUDIT_ID}) "
        f"WHERE {RECORDED} IS NOT NULL AND {day} IS NOT NULL GROUP BY {RECORDED}, {team} "
        f"HAVING count(*) >= {limits.bulk_rows} AND count(DISTINCT {day}) >= {limits.bulk_days})"
    )
    said = "{n} rows, of many different days, were recorded on one day"
    counted = f"{sql.name(RECORDED)} IS NOT NULL"
    return Group(
        table, RECORDED, query, said, _hashed(table, (RECORDED,), counted), limits.bulk_rows
    )
