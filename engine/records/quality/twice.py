"""Rows that stand twice though their keys do not, and children who were audited twice.

In: a batch. Out: groups of rows that say the same. Rows with one key are the readers' matter.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.records import sql
from engine.records.batch import Batch
from engine.records.held import Held
from engine.rulebook.fields import ANSWERS, AUDIT_ID, AUDITS, RECORDED, Fields, FieldType

# What the auditor says is not part of the child's record, and grades are few and alike.
NOT_RECORD = frozenset({AUDITS, ANSWERS, "domain_grades", "moderations"})
# A shorter text may well be the same of two children.
COPIED = 40


@dataclass(frozen=True)
class Same:
    """The columns in which rows of a group are the same, and which rows count.

    `filled`: all of these columns are filled; `some`: one of them is; `long`: this text is long.
    """

    columns: Sequence[str]
    filled: Sequence[str] = ()
    some: Sequence[str] = ()
    long: str = ""

    def test(self, of: str = "") -> str:
        """Return SQL that is true of a row which counts, `of` a relation."""
        if self.long:
            return f"length({of}{sql.name(self.long)}) >= {COPIED}"
        word, names = (" AND ", self.filled) if self.filled else (" OR ", self.some)
        return word.join(f"{of}{sql.name(name)} IS NOT NULL" for name in names)

    def any_in(self, held: Held, least: int) -> bool:
        """Say whether so many of the rows that are held are alike."""
        if held.count < least:
            return False
        keys = zip(*(map(_plain, held[name]) for name in self.columns), strict=True)
        most = Counter(key for key, counts in zip(keys, self._count(held), strict=True) if counts)
        return max(most.values(), default=0) >= least

    def _count(self, held: Held) -> Iterable[bool]:
        if self.long:
            return (len(str(text or "")) >= COPIED for text in held[self.long])
        enough = all if self.filled else any
        rows = zip(*(held[name] for name in (*self.filled, *self.some)), strict=True)
        return (enough(value is not None for value in row) for row in rows)


def _plain(value: object) -> Hashable:
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Group:
    """Rows of a table that stand in groups: what makes a group and what is said of one.

    `rows` is SQL of the rows that count, with `audit_id`, `rowid`, the `keys` and what `having`
    asks of a group; `{source}` stands for the table. One entry is a group: `{n}` rows.
    Only where `least` rows are `alike` is there a group.
    """

    table: str
    field: str
    rows: str
    keys: Sequence[str]
    having: str
    message: str
    alike: Same
    least: int = 2

    def found(self) -> str:
        """Return SQL of the keys of all groups, with `group_of`, a text; no row is numbered."""
        rows = self.rows.format(source=f"(SELECT *, 0 AS rowid FROM {sql.typed(self.table)})")
        texts = ", ".join(f"coalesce(CAST({key} AS VARCHAR), '')" for key in self.keys)
        return (
            f"SELECT {', '.join(self.keys)}, concat_ws(' | ', {texts}) AS group_of "
            f"FROM ({rows}) GROUP BY {', '.join(self.keys)} HAVING {self.having}"
        )

    def members(self, source: str, found: str) -> str:
        """Return SQL of the rows in groups: `audit_id`, `rowid` and `group_of`."""
        same = " AND ".join(f"r.{key} IS NOT DISTINCT FROM g.{key}" for key in self.keys)
        rows = self.rows.format(source=source)
        return f"SELECT r.{AUDIT_ID}, r.rowid, g.group_of FROM ({rows}) r JOIN {found} g ON {same}"

    @property
    def hashed(self) -> str:
        """Return SQL of one number a row, equal for rows of one group and seldom for others."""
        named = ", ".join(map(sql.name, self.alike.columns))
        return f"SELECT hash({named}) AS h FROM {sql.typed(self.table)} WHERE {self.alike.test()}"


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
        alike = Same(columns, filled=columns)
        yield _group(AUDITS, "child_id", said, alike)


def _rows(batch: Batch, fields: Fields, table: str) -> Iterator[Group]:
    model, held = fields.tables[table], batch.presence.columns[table]
    facts = [n for n in model.fields if n in held and n not in {AUDIT_ID, RECORDED, *model.key}]
    days = [n for n in facts if model.fields[n].type in (FieldType.DATE, FieldType.DATETIME)]
    if facts and not model.key and len(facts) > 1:
        said = f"{{n}} rows of `{table}` say the same of one audit"
        alike = Same((AUDIT_ID, *facts), some=days or facts)
        yield _group(table, "", said, alike)
    texts = [name for name in facts if model.fields[name].type is FieldType.TEXT]
    child = "child_id" in batch.presence.columns[AUDITS]
    for name in texts if days and child else ():
        said = f"the same `{name}` is written of several children on the same days"
        alike = Same((name, *days), long=name)
        yield _group(table, name, said, alike, children=True)


def _group(table: str, field: str, said: str, alike: Same, *, children: bool = False) -> Group:
    """Return the groups of rows that are alike, or of those that are so of several `children`."""
    child, joined, having = "NULL", "", "count(*) > 1"
    if children:
        child, joined = "a.child_id", f" JOIN {sql.typed(AUDITS)} a USING ({AUDIT_ID})"
        having = "count(DISTINCT child) > 1"
    keys = [f"k{at}" for at, _ in enumerate(alike.columns)]
    named = zip(alike.columns, keys, strict=True)
    shown = ", ".join(f"s.{sql.name(column)} AS {key}" for column, key in named)
    rows = (
        f"SELECT s.{AUDIT_ID}, s.rowid, {child} AS child, {shown} "
        f"FROM {{source}} s{joined} WHERE {alike.test('s.')}"
    )
    return Group(table, field, rows, keys, having, said, alike)


def suspects(batch: Batch, found: Iterable[Group]) -> list[Group]:
    """Return the groups that some rows may make, by one look over all tables."""
    asked = list(found)
    held = {one.table: batch.held(one.table) for one in asked}
    worth = {
        at
        for at, one in enumerate(asked)
        if (rows := held[one.table]) is not None and one.alike.any_in(rows, one.least)
    }
    each = [
        f"SELECT {at} AS place, h FROM ({one.hashed}) GROUP BY h HAVING count(*) >= {one.least}"
        for at, one in enumerate(asked)
        if held[one.table] is None
    ]
    if each:
        query = f"SELECT DISTINCT place FROM ({' UNION ALL '.join(each)})"
        worth |= {at for (at,) in batch.con.execute(query).fetchall()}
    return [asked[at] for at in sorted(worth)]


def bulk(batch: Batch, fields: Fields, table: str) -> Group | None:
    """Return what is looked for as entered in bulk: many days of one team, on one day."""
    model, held = fields.tables[table], batch.presence.columns[table]
    few = batch.rows.get(table, 0) < fields.quality.bulk_rows
    if few or not model.date or table == AUDITS or not {RECORDED, model.date} <= held:
        return None
    team = "coalesce(a.team, '')" if "team" in batch.presence.columns[AUDITS] else "''"
    day, limits = f"CAST(s.{sql.name(model.date)} AS DATE)", fields.quality
    rows = (
        f"SELECT s.{AUDIT_ID}, s.rowid, s.{RECORDED} AS k0, {team} AS k1, {day} AS day "
        f"FROM {{source}} s JOIN {sql.typed(AUDITS)} a USING ({AUDIT_ID}) "
        f"WHERE s.{RECORDED} IS NOT NULL AND {day} IS NOT NULL"
    )
    having = f"count(*) >= {limits.bulk_rows} AND count(DISTINCT day) >= {limits.bulk_days}"
    said = "{n} rows, of many different days, were recorded on one day"
    alike = Same((RECORDED,), filled=(RECORDED,))
    return Group(table, RECORDED, rows, ("k0", "k1"), having, said, alike, limits.bulk_rows)
