"""What rows say of one another: rows that stand twice, and rows whose audit is not there.

In: typed tables. Out: refusals; the rows are taken out of the tables. The order of rows and files
never matters: rows with one key that differ are all put aside, not all but the first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import duckdb

from engine.records import sql
from engine.records.cells import identifier
from engine.records.places import Fault, Place, Refusal
from engine.records.put_aside import MOST, PutAside
from engine.records.typed import Typed
from engine.rulebook.fields import AUDIT_ID, AUDITS

# beyond so many unknown audits, the nearest name is not looked for
SUGGESTED = 100

Ordinal = int
Reasons = Mapping[Ordinal, Fault]


@dataclass
class Relations:
    """The tables of one batch, held against one another."""

    con: duckdb.DuckDBPyConnection
    tables: Mapping[str, Typed]
    put_aside: PutAside
    named: dict[str, str] = field(default_factory=dict)

    def settle(self) -> None:
        """Put aside what is at odds with other rows."""
        audits = self.tables[AUDITS]
        self._take_out(audits, self._doubled(audits))
        lost = self.put_aside.audits
        children = [table for name, table in self.tables.items() if name != AUDITS]
        for table in children:
            self._name_audits(table)
        for table, reasons in self._orphans(children, lost):
            self._take_out(table, reasons)
        for table in children:
            self._take_out(table, self._doubled(table))
        for named in self.named.values():
            self.con.execute(f"DROP TABLE {named}")

    def _take_out(self, table: Typed, reasons: Reasons) -> None:
        if not reasons:
            return
        self.put_aside.take(
            _refusal(table, reasons[at], place, row) for at, place, row in table.fetch(reasons)
        )
        self.con.execute(
            f"DELETE FROM {table.own()} WHERE rowid IN (SELECT unnest(?::BIGINT[]))",
            [[*reasons]],
        )
        if table.held is not None:
            table.held = table.held.without(reasons)

    def _doubled(self, table: Typed) -> Reasons:
        key = _key(table)
        if not key:
            return {}
        parts = ", ".join(map(sql.name, key))
        filled = " AND ".join(f"{sql.name(part)} IS NOT NULL" for part in key)
        source = sql.typed(table.spec.name)
        if named := self.named.get(table.spec.name):
            suspects = f"(FROM {named} WHERE suspect)"
            if not self.con.execute(f"SELECT 1 FROM {suspects} LIMIT 1").fetchall():
                return {}
            source = f"{source} SEMI JOIN {suspects} USING ({sql.name(key[0])})"
        again = f"SELECT {parts} FROM {source} WHERE {filled} GROUP BY ALL HAVING count(*) > 1"
        if not self.con.execute(f"SELECT 1 FROM ({again}) LIMIT 1").fetchall():
            return {}
        shown = ", ".join(map(sql.name, table.columns))
        rows = self.con.execute(
            f"SELECT rowid, [{', '.join(f'{p}::VARCHAR' for p in map(sql.name, key))}], "
            f"to_json(row({shown}))::VARCHAR FROM {table.own()} SEMI JOIN ({again}) "
            # of so many, more than MOST are put aside: the end
            f"USING ({parts}) ORDER BY 2, 1 LIMIT {3 * MOST}"
        ).fetchall()
        found: dict[int, Fault] = {}
        for values, group in groupby(rows, key=lambda row: tuple(row[1])):
            found |= twice(dict(zip(key, values, strict=True)), [(r[0], r[2]) for r in group])
        return found

    def _name_audits(self, table: Typed) -> None:
        """Make the table of the audits that a large table names; those that may hold a key twice.

        Such suspects are few, and none is missed.
        """
        key = _key(table)
        if len(key) < 2 or table.base is not None:  # noqa: PLR2004 - the audit, and what it holds
            return
        audit, *others = map(sql.name, key)
        hashed = f"hash({', '.join(others)})"
        different = (  # twice, by different bits: names that share one bit seldom share another
            f"bit_count(bit_or(1::HUGEINT << ({bits} % 127)::INTEGER))"
            for bits in (hashed, f"({hashed} // 127)")
        )
        named = sql.name(f"named_{table.spec.name}")
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE {named} AS "
            f"SELECT {audit}, count(*) > greatest({', '.join(different)}) AS suspect "
            f"FROM {sql.typed(table.spec.name)} GROUP BY {audit}"
        )
        self.named[table.spec.name] = named

    def _orphans(
        self, children: Sequence[Typed], lost: frozenset[str]
    ) -> Iterable[tuple[Typed, Reasons]]:
        rows = {at: self._astray(children[at]) for at in self._with_orphans(children)}
        unknown = {audit for found in rows.values() for _, audit in found} - lost
        near = self._nearest(unknown) if len(unknown) <= SUGGESTED else {}
        for at, found in rows.items():
            yield children[at], {rowid: orphan(audit, lost, near) for rowid, audit in found}

    def _with_orphans(self, children: Sequence[Typed]) -> Sequence[int]:
        known = self._known()
        each = [
            f"SELECT {at} AS child, {AUDIT_ID} FROM {self._naming(table)}"
            for at, table in enumerate(children)
            if table.audits is None or not table.audits <= known
        ]
        if not each:
            return ()
        query = (
            f"SELECT DISTINCT child FROM ({' UNION ALL '.join(each)}) ANTI JOIN {self._audits} a"
        )
        found = self.con.execute(f"{query} USING ({AUDIT_ID}) ORDER BY 1").fetchall()
        return [at for (at,) in found]

    def _naming(self, table: Typed) -> str:
        return self.named.get(table.spec.name) or sql.typed(table.spec.name)

    def _known(self) -> frozenset[str]:
        """Return the audits of the batch where they are few and all were kept, else nothing."""
        audits = self.tables[AUDITS]
        return audits.audits if audits.audits and audits.distinct else frozenset()

    def _astray(self, table: Typed) -> Sequence[tuple[int, str]]:
        query = f"SELECT c.rowid, c.{AUDIT_ID} FROM {table.own()} c ANTI JOIN {self._audits} a"
        limited = (
            f"{query} USING ({AUDIT_ID}) ORDER BY 1 LIMIT {MOST + 1}"  # with so many it is the end
        )
        return self.con.execute(limited).fetchall()

    @property
    def _audits(self) -> str:
        return sql.typed(AUDITS)

    def _nearest(self, unknown: set[str]) -> Mapping[str, str]:
        if not unknown:
            return {}
        query = f"""SELECT id, arg_max(known, (near, known)) FROM (
            SELECT u.id, a.{AUDIT_ID} AS known, jaro_winkler_similarity(u.id, a.{AUDIT_ID}) AS near
            FROM (SELECT unnest(?::VARCHAR[]) AS id) u, {self._audits} a)
            WHERE near >= 0.8 GROUP BY id"""
        return dict(self.con.execute(query, [sorted(unknown)]).fetchall())


def _key(table: Typed) -> Sequence[str]:
    """Return the columns of a key that may stand twice; none where one is absent."""
    key = [name for name in table.spec.key if name in table.columns]
    return () if table.distinct or len(key) < len(table.spec.key) else key


def twice(key: Mapping[str, str], rows: Sequence[tuple[int, str]]) -> dict[int, Fault]:
    """Return what is wrong with rows of one key, by their number; `rows` say what they hold."""
    said = ", ".join(f"{name} `{value}`" for name, value in key.items())
    if len({content for _, content in rows}) > 1:
        fault = Fault(
            "",
            "B402",
            f"several rows have {said} and differ, so none is kept",
            "keep the row that is right and delete the others",
        )
        return dict.fromkeys((at for at, _ in rows), fault)
    fault = Fault("", "B401", f"the row with {said} stands twice; the first is kept")
    return dict.fromkeys((at for at, _ in rows[1:]), fault)


def orphan(audit: str, lost: frozenset[str], near: Mapping[str, str]) -> Fault:
    """Return what is wrong with a row whose audit is not there."""
    if audit in lost:
        return Fault("", "B405", f"audit `{audit}` was put aside and takes its rows with it")
    way_out = f"did you mean `{near[audit]}`?" if audit in near else ""
    return Fault(AUDIT_ID, "B403", f"there is no audit `{audit}` in the batch", way_out)


def _refusal(table: Typed, fault: Fault, place: Place, row: Mapping[str, str | None]) -> Refusal:
    audit = identifier(row.get(AUDIT_ID))
    return Refusal(table.spec.name, place, audit, (fault,), row, quiet=fault.code == "B405")
