"""Which row of the form is which row of the records.

In: both sides in one database, with `joining.audit` and `joining.linked`. Out: `joining.ids` (what
tells the rows of some tables), `joining.pairs` (`t`, `a`, `f`, `r`, one to one). What is paired
with what is said in docs/reference/joining.md. The order of rows never matters.

Rows are told by hashes: `number` of the key, `whole` of the day, the kind and what both sides have
(of a row without a day, also whose it is), `ident` of what tells a row without a day. Contents are
compared only of the few rows that are left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.records import sql
from engine.records.joining_sides import Side, Sides
from engine.rulebook.fields import AUDIT_ID, RECORDED, FieldType

NEAR = 2  # days
KINDS = ("kind", "given_by")
BY_KEY = 1  # the first step
INITIALS = ("f", "r")


@dataclass(frozen=True)
class Joint:
    """One table of both sides, and what its columns are for; `t` is its number."""

    sides: Sides
    table: str
    t: int = 0

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Return the numbers that each side gives to its rows."""
        return tuple(n for n in self.sides.fields.tables[self.table].key if n != AUDIT_ID)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """Return the columns that both have and that say something: no numbers of rows."""
        numbers = {*self.key, *self.links}
        return tuple(name for name in self.sides.shared(self.table) if name not in numbers)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """Return the columns that name a row of another table."""
        tables = self.sides.fields.tables
        numbers = {n for name, t in tables.items() if name != self.table for n in t.key[1:]}
        own = {n for n in self.sides.columns(self.table) if n not in self.key}
        ids = {n for n in own if tables[self.table].fields[n].type is FieldType.ID}
        return tuple(sorted(ids & numbers))

    @cached_property
    def identity(self) -> tuple[str, ...]:
        """Return what makes rows without a day the same: not judgements nor what came later."""
        table = self.sides.fields.tables[self.table]
        later = {RECORDED, table.until, *self.key}
        shared = self.sides.shared(self.table)
        return tuple(n for n in shared if n not in later and not table.fields[n].judged)

    def side(self, initial: str) -> Side:
        """Return the side of an initial."""
        return self.sides.form if initial == "f" else self.sides.record

    def value(self, initial: str, name: str) -> str:
        """Return SQL of a column of a side; a number of another table's row is the joined one."""
        own = self.sides.value(self.side(initial), self.table, name)
        renumbered = (initial, name) in self.sides.renumbered and name in self.links
        return f"coalesce(n_{initial}_{name}.new, {own})" if renumbered else own

    def numbers(self, initial: str, audit: str) -> str:
        """Return the joins that `value` needs; `audit` is SQL of the audit's place."""
        held = self.side(initial).columns(self.table)
        return " ".join(
            f"LEFT JOIN joining.numbers n_{initial}_{name} ON n_{initial}_{name}.side = "
            f"'{initial}' AND n_{initial}_{name}.field = '{name}' "
            f"AND n_{initial}_{name}.a = {audit} AND n_{initial}_{name}.old = "
            f"{initial}.{sql.name(name)}"
            for name in self.links
            if name in held and (initial, name) in self.sides.renumbered
        )

    def day(self, initial: str) -> str:
        """Return SQL of the day of a row; none can be compared where a side lacks the column."""
        name = self.sides.fields.tables[self.table].date
        both = name and all(name in self.side(i).columns(self.table) for i in INITIALS)
        return (
            f"CAST({initial}.{sql.name(name)} AS DATE)" if name and both else "CAST(NULL AS DATE)"
        )

    def which(self, initial: str) -> str:
        """Return SQL of the kind of a row."""
        held = self.sides.fields.tables[self.table].fields
        name = next((kind for kind in KINDS if kind in held), None)
        found = self.sides.value(self.side(initial), self.table, name) if name else "NULL"
        return f"CAST({found} AS VARCHAR)"

    def plain(self, initial: str, name: str) -> str:
        """Return SQL of a value in the form in which two are compared."""
        column = self.value(initial, name)
        if self.sides.fields.tables[self.table].fields[name].type is FieldType.TEXT:
            spaced = f"lower(regexp_replace(trim({column}), '\\s+', ' ', 'g'))"
            seldom = f"regexp_matches({column}, '\\s\\s|[\\t\\n\\f\\r]')"  # cheaper than to replace
            return f"CASE WHEN {seldom} THEN {spaced} ELSE lower(trim({column})) END"
        return f"CAST({column} AS VARCHAR)"

    def plains(self, initial: str, names: Sequence[str]) -> str:
        """Return SQL of some values, parted by commas."""
        return ", ".join(self.plain(initial, name) for name in names)

    def rows(self, initial: str) -> str:
        """Return SQL of a side's rows as they belong to audits (`x.a`), each row once."""
        if initial == "f":
            source = f"{self.sides.form.source(self.table)} f JOIN joining.audit x USING (audit_id)"
        elif self.sides.several:
            source = f"({self._once()}) r JOIN joining.audit x USING (a)"
        else:
            source = (
                f"{self.sides.record.source(self.table)} r "
                "JOIN joining.linked x ON r.audit_id = x.record"
            )
        return f"{source} {self.numbers(initial, 'x.a')}"

    def _once(self) -> str:
        """Return SQL of the records' rows; one that several audits hold is taken once."""
        held = sorted(self.sides.record.columns(self.table) - {AUDIT_ID})
        each = "".join(f", r.{sql.name(name)}" for name in held)
        own = "".join(f", {sql.name(name)}" for name in held)
        return (
            f"SELECT a, min(_row) AS _row{own} FROM (SELECT l.a, r._row{each}, row_number() OVER "
            f"(PARTITION BY l.a, l.record{each}) AS n FROM {self.sides.record.source(self.table)} "
            f"r JOIN joining.linked l ON r.audit_id = l.record) GROUP BY a, n{own}"
        )

    def ids(self, initial: str) -> str:
        """Return SQL of what tells the rows of a side."""
        day, which = self.day(initial), self.which(initial)
        held = self.side(initial).columns(self.table)
        others = [n for n in self.sides.columns(self.table)
                  if n in held and n != AUDIT_ID and n not in self.compared]  # fmt: skip
        rest = f"[{self.plains(initial, others)}]" if others else "NULL"
        named = " AND ".join(f"{initial}.{sql.name(n)} IS NOT NULL" for n in self.key)
        number = "NULL"
        if self.key and set(self.key) <= held:
            number = f"CASE WHEN {named} THEN hash({self.plains(initial, self.key)}) END"
        links = [n for n in self.links if n in self.identity]
        told = [f"CASE WHEN {day} IS NULL THEN {self.plain(initial, n)} END" for n in links]
        whole = ", ".join([day, which, *(self.plain(initial, n) for n in self.compared), *told])
        ident = "NULL"
        if self.identity:
            ident = f"CASE WHEN {day} IS NULL THEN hash({self.plains(initial, self.identity)}) END"
        return (
            f"SELECT {self.t}::INTEGER AS t, '{initial}' AS side, x.a, {initial}._row AS row, "
            f"CAST({number} AS UBIGINT) AS number, hash({whole}) AS whole, {day} AS day, "
            f"CASE WHEN {which} IS NOT NULL THEN hash({which}) END AS kind, "
            f"CAST({ident} AS UBIGINT) AS ident, {rest}::VARCHAR[] AS rest "
            f"FROM {self.rows(initial)}"
        )

    def contents(self, initial: str) -> str:
        """Return SQL of rows that are left, with what orders them."""
        source = self.side(initial).source(self.table)
        order = f"[{self.plains(initial, self.compared)}]::VARCHAR[]" if self.compared else "NULL"
        return (
            f"SELECT i.*, {order} AS content FROM joining.unpaired i JOIN {source} {initial} "
            f"ON {initial}._row = i.row WHERE i.t = {self.t} AND i.side = '{initial}'"
        )


def tell(sides: Sides, joints: Sequence[Joint]) -> None:
    """Make `joining.ids` of some tables."""
    each = " UNION ALL ".join(joint.ids(initial) for joint in joints for initial in INITIALS
                              if joint.side(initial).has(joint.table))  # fmt: skip
    sides.con.execute(f"CREATE OR REPLACE TABLE joining.ids AS {each}")


def pair(sides: Sides, joints: Sequence[Joint]) -> None:
    """Make `joining.pairs` of `joining.ids`; `step` is how, `same` that nothing differs."""
    sides.con.execute(
        "CREATE OR REPLACE TABLE joining.pairs "
        "(t INTEGER, a BIGINT, f BIGINT, r BIGINT, step INTEGER, same BOOLEAN)"
    )
    if any(joint.key for joint in joints):
        sides.con.execute(
            f"""INSERT INTO joining.pairs
                SELECT f.t, f.a, f.row, r.row, {BY_KEY}, f.whole = r.whole
                FROM (FROM joining.ids WHERE side = 'f') f
                JOIN (FROM joining.ids WHERE side = 'r') r USING (t, a, number)"""
        )
    _step(sides, _Step(2, "whole", "(day IS NOT NULL OR ident IS NOT NULL)", "ids", "rest"))
    left = _left_over(sides, joints)
    if left:
        sides.con.execute(
            "CREATE OR REPLACE TABLE joining.contents AS "
            + " UNION ALL ".join(joint.contents(initial) for joint in left for initial in INITIALS)
        )
        _compare(sides)


def _left_over(sides: Sides, joints: Sequence[Joint]) -> Sequence[Joint]:
    """Make `joining.unpaired`, where both sides have rows left; return the tables of them."""
    sides.con.execute(
        f"""CREATE OR REPLACE TABLE joining.unpaired AS
            SELECT i.* FROM (FROM joining.ids i WHERE {_unpaired("i", "f")} UNION ALL
                             FROM joining.ids i WHERE {_unpaired("i", "r")}) i
            QUALIFY count(*) FILTER (WHERE side = 'f') OVER (PARTITION BY t, a) > 0
              AND count(*) FILTER (WHERE side = 'r') OVER (PARTITION BY t, a) > 0"""
    )
    found = sides.con.execute("SELECT DISTINCT t FROM joining.unpaired").fetchall()
    left = {t for (t,) in found}
    return [joint for joint in joints if joint.t in left]


def _compare(sides: Sides) -> None:
    dated = "day IS NOT NULL"
    _step(sides, _Step(3, "hash(day, kind)", dated))
    for number, blank in enumerate(INITIALS, 4):
        only = f"{dated} AND (side <> '{blank}' OR kind IS NULL)"
        _step(sides, _Step(number, "hash(day)", only))
    near = f"abs(date_diff('day', f.day, r.day)) <= {NEAR}"
    _only_ones(sides, 6, near)
    _step(sides, _Step(7, "ident", "ident IS NOT NULL"))
    _only_ones(sides, 8, "(f.day IS NULL) <> (r.day IS NULL)")


@dataclass(frozen=True)
class _Step:
    """Rows that satisfy `only` are the same row where `ident` is; equals go by their order."""

    number: int
    ident: str
    only: str
    source: str = "contents"
    order: str = "content, rest"


def _step(sides: Sides, step: _Step) -> None:
    """Pair the rows that are left and have the same identity, in the order of their contents."""
    first, second = (
        f"SELECT t, a, row, whole, {step.ident} AS same, row_number() OVER (PARTITION BY t, a, "
        f"{step.ident} ORDER BY {step.order}, row) AS n FROM joining.{step.source} i "
        f"WHERE {step.only} AND {_unpaired('i', initial)}"
        for initial in INITIALS
    )
    sides.con.execute(
        f"INSERT INTO joining.pairs SELECT f.t, f.a, f.row, r.row, {step.number}, "
        f"f.whole = r.whole FROM ({first}) f JOIN ({second}) r USING (t, a, same, n)"
    )


def _unpaired(alias: str, initial: str) -> str:
    return (
        f"{alias}.side = '{initial}' AND NOT EXISTS (FROM joining.pairs p WHERE p.t = {alias}.t "
        f"AND p.a = {alias}.a AND p.{initial} = {alias}.row)"
    )


def _only_ones(sides: Sides, number: int, condition: str) -> None:
    """Pair rows not of different kinds, where each is the only one left for the other."""
    first, second = (f"(FROM joining.contents i WHERE {_unpaired('i', a)})" for a in INITIALS)
    sides.con.execute(
        f"""INSERT INTO joining.pairs SELECT t, a, f, r, {number}, false FROM (
              SELECT f.t, f.a, f.row AS f, r.row AS r FROM {first} f
              JOIN {second} r ON f.t = r.t AND f.a = r.a AND {condition}
              AND coalesce(f.kind = r.kind, true))
            QUALIFY count(*) OVER (PARTITION BY t, a, f) = 1
              AND count(*) OVER (PARTITION BY t, a, r) = 1"""
    )


def chunks(joints: Sequence[Joint], *, large: bool) -> Iterator[Sequence[Joint]]:
    """Yield the tables that are paired together: those with keys come first; one of many rows."""
    keyed = [joint for joint in joints if joint.key]
    others = [joint for joint in joints if not joint.key]
    for group in (keyed, others):
        if large:
            yield from ([joint] for joint in group)
        elif group:
            yield group
