"""Which row of the form is which row of the records, table by table.

In: temporary tables `f` and `r` with the rows of one table that belong to each audit. Out: the
temporary table `pairs` (`audit_id`, `f`, `r`), one to one. What is paired with what is said in
docs/reference/joining.md. The order of rows never matters.
"""

from dataclasses import dataclass
from functools import cached_property

from engine.records import sql
from engine.records.joining_sides import Side, Sides
from engine.rulebook.fields import AUDIT_ID, RECORDED, FieldType

NEAR = 2  # days
KINDS = ("kind", "given_by")


@dataclass(frozen=True)
class Joint:
    """One table of both sides, and what its columns are for."""

    sides: Sides
    table: str

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

    def day(self, side: Side) -> str:
        """Return SQL of the day of a row."""
        name = self.sides.fields.tables[self.table].date
        found = self.sides.value(side, self.table, name) if name else "CAST(NULL AS DATE)"
        return f"CAST({found} AS DATE)"

    def which(self, side: Side) -> str:
        """Return SQL of the kind of a row."""
        held = self.sides.fields.tables[self.table].fields
        name = next((kind for kind in KINDS if kind in held), None)
        return self.sides.value(side, self.table, name) if name else "CAST(NULL AS VARCHAR)"

    def plain(self, alias: str, name: str) -> str:
        """Return SQL of a value in the form in which two are compared."""
        column = f"{alias}.{sql.name(name)}"
        if self.sides.fields.tables[self.table].fields[name].type is FieldType.TEXT:
            return f"lower(regexp_replace(trim({column}), '\\s+', ' ', 'g'))"
        return f"CAST({column} AS VARCHAR)"

    def same_as(self, names: tuple[str, ...], alias: str) -> str:
        """Return SQL of some values of a row as one number, in which a blank equals a blank."""
        return f"hash({', '.join(self.plain(alias, name) for name in names) or 'NULL'})"


def pair(joint: Joint) -> None:
    """Make `pairs` of the temporary tables `f` and `r`."""
    sides = joint.sides
    form, record = sides.form, sides.record
    sides.con.execute("CREATE OR REPLACE TEMP TABLE pairs (audit_id VARCHAR, f BIGINT, r BIGINT)")
    if not (form.has(joint.table) and record.has(joint.table)):
        return
    if joint.key and set(joint.key) <= set(sides.shared(joint.table)):
        filled = " AND ".join(f"{{0}}.{sql.name(name)} IS NOT NULL" for name in joint.key)
        _step(joint, joint.same_as(joint.key, "{0}"), filled)
    days, kinds = (
        {side.name[0]: of(side) for side in (form, record)} for of in (joint.day, joint.which)
    )
    dated = _of(days, "{day} IS NOT NULL")
    ident = "hash({day}, {kind}, {all})"
    whole = {a: joint.same_as(joint.compared, a) for a in "fr"}
    exact = {a: ident.format(day=days[a], kind=kinds[a], all=whole[a]) for a in "fr"}
    alike = {a: ident.format(day=days[a], kind=kinds[a], all="NULL") for a in "fr"}
    on_a_day = {a: f"CAST({days[a]} AS VARCHAR)" for a in "fr"}
    _step(joint, exact, dated)
    _step(joint, alike, dated)
    for blank in "fr":
        only = {a: dated[a] + (f" AND {kinds[a]} IS NULL" if a == blank else "") for a in "fr"}
        _step(joint, on_a_day, only)
    _near(joint, days, kinds)
    if identity := _identity(joint):
        undated = _of(days, "{day} IS NULL")
        _step(joint, {a: joint.same_as(identity, a) for a in "fr"}, undated)


def _of(days: dict[str, str], text: str) -> dict[str, str]:
    return {alias: text.format(day=day) for alias, day in days.items()}


def _identity(joint: Joint) -> tuple[str, ...]:
    """Return what makes rows without a day the same: all but judgements and what came later."""
    table = joint.sides.fields.tables[joint.table]
    later = {RECORDED, table.until, *joint.key}
    shared = joint.sides.shared(joint.table)
    return tuple(n for n in shared if n not in later and not table.fields[n].judged)


def _step(joint: Joint, ident: str | dict[str, str], where: str | dict[str, str]) -> None:
    """Pair the rows that are left and have the same identity, in the order of their contents."""
    if not _both_left(joint):
        return
    first, second = (_left(joint, alias, ident, where) for alias in "fr")
    joint.sides.con.execute(
        f"INSERT INTO pairs SELECT f.audit_id, f._row, r._row FROM ({first}) f "
        f"JOIN ({second}) r USING (audit_id, ident, n)"
    )


def _both_left(joint: Joint) -> bool:
    """Say whether both sides have rows that are not paired; most steps have nothing to do."""
    counts = joint.sides.con.execute(
        "SELECT count(*) FROM f UNION ALL SELECT count(*) FROM r UNION ALL "
        "SELECT count(*) FROM pairs"
    ).fetchall()
    (form,), (record,), (paired,) = counts
    return bool(min(form, record) > paired)


def _left(
    joint: Joint, alias: str, ident: str | dict[str, str], where: str | dict[str, str]
) -> str:
    same = ident.format(alias) if isinstance(ident, str) else ident[alias]
    only = where.format(alias) if isinstance(where, str) else where[alias]
    order = ", ".join(joint.plain(alias, name) for name in _order(joint, alias))
    return (
        f"SELECT {alias}.audit_id, {alias}._row, {same} AS ident, row_number() OVER "
        f"(PARTITION BY {alias}.audit_id, {same} ORDER BY {order}, {alias}._row) AS n "
        f"FROM {_unpaired(alias)} WHERE {only}"
    )


def _order(joint: Joint, alias: str) -> tuple[str, ...]:
    side = joint.sides.form if alias == "f" else joint.sides.record
    held = side.columns(joint.table)
    others = (n for n in joint.sides.columns(joint.table) if n in held)
    return tuple(dict.fromkeys((*joint.compared, *others)))


def _unpaired(alias: str) -> str:
    return (
        f"{alias} ANTI JOIN pairs p ON {alias}.audit_id = p.audit_id AND {alias}._row = p.{alias}"
    )


def _near(joint: Joint, days: dict[str, str], kinds: dict[str, str]) -> None:
    """Pair rows of nearly the same day, where each is the only one left for the other."""
    if not _both_left(joint):
        return
    parts = {
        a: f"(SELECT {a}.audit_id, {a}._row, {days[a]} AS day, {kinds[a]} AS which "
        f"FROM {_unpaired(a)} WHERE {days[a]} IS NOT NULL)"
        for a in "fr"
    }
    joint.sides.con.execute(
        f"""INSERT INTO pairs SELECT audit_id, f, r FROM (
              SELECT f.audit_id, f._row AS f, r._row AS r FROM {parts["f"]} f
              JOIN {parts["r"]} r ON f.audit_id = r.audit_id
              AND abs(date_diff('day', f.day, r.day)) <= {NEAR}
              AND coalesce(f.which = r.which, true))
            QUALIFY count(*) OVER (PARTITION BY audit_id, f) = 1
              AND count(*) OVER (PARTITION BY audit_id, r) = 1"""
    )
