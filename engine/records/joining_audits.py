"""The joined row of each audit: what the auditor says of the audit, and facts of the case.

In: both sides in one database, with `joining.linked` and `joining.untold`. Out:
`typed_rows.audits`, and rows of `joining.differences` where the two differ.
"""

from engine.records import sql
from engine.records.joining_pairs import Joint
from engine.records.joining_rows import base
from engine.records.joining_sides import NOT_EXAMINED, OF_THE_AUDIT, OF_THE_AUDITOR, Sides
from engine.rulebook.fields import AUDITS


def join_audits(sides: Sides) -> tuple[str, ...]:
    """Make the joined rows of `audits`; return its columns."""
    facts = [n for n in sides.columns(AUDITS) if n in sides.added(AUDITS)]
    _first_told(sides, facts)
    _not_examined(sides)
    columns = [f"{_value(sides, name)} AS {sql.name(name)}" for name in sides.columns(AUDITS)
               if name != NOT_EXAMINED]  # fmt: skip
    listed = _listed(sides)
    if listed:
        columns.append(f"u.tables AS {NOT_EXAMINED}")
    sides.con.execute(
        f"CREATE TABLE {base(AUDITS)} AS SELECT {', '.join(columns)}, f._row AS _form, "
        "c._row AS _record FROM form.audits f LEFT JOIN joining.child c USING (audit_id) "
        "LEFT JOIN joining.unexamined u USING (audit_id)"
    )
    _note(sides, [name for name in facts if name in sides.form.columns(AUDITS)])
    names = [name for name in sides.columns(AUDITS) if name != NOT_EXAMINED]
    ordered = [n for n in sides.fields.tables[AUDITS].fields if n in (*names, *listed)]
    return tuple(ordered)


def _first_told(sides: Sides, facts: list[str]) -> None:
    """Make `joining.child`: of each audit what the records say; a blank is filled by the next."""
    each = "".join(
        f", arg_min(r.{sql.name(n)}, l.rank) FILTER (WHERE r.{sql.name(n)} IS NOT NULL) "
        f"AS {sql.name(n)}, coalesce(arg_min(r._row, l.rank) FILTER (WHERE r.{sql.name(n)} "
        f"IS NOT NULL), arg_min(r._row, l.rank)) AS {sql.name(n + '_row')}"
        for n in facts
    )
    sides.con.execute(
        f"CREATE TABLE joining.child AS SELECT l.audit_id, arg_min(r._row, l.rank) AS _row{each} "
        "FROM joining.linked l JOIN record.audits r ON r._row = l.row GROUP BY l.audit_id"
    )


def _not_examined(sides: Sides) -> None:
    """Make `joining.unexamined`: what neither side can tell of, and what neither holds."""
    held = [name for name in sides.tables() if name != AUDITS and name not in OF_THE_AUDITOR]
    listed = sides.value(sides.form, AUDITS, NOT_EXAMINED)
    known = f"[{', '.join(map(sql.literal, held))}]::VARCHAR[]"
    sides.con.execute(
        f"""CREATE TABLE joining.unexamined AS
            SELECT audit_id, list_sort(list("table")) AS tables FROM (
              SELECT audit_id, "table" FROM joining.untold UNION
              SELECT audit_id, "table" FROM
                (SELECT f.audit_id, unnest({listed}) AS "table" FROM form.audits f)
              WHERE NOT list_contains({known}, "table"))
            GROUP BY audit_id"""
    )


def _listed(sides: Sides) -> tuple[str, ...]:
    """Return the column of tables that were not examined, if it is there or is needed."""
    found = sides.con.execute("SELECT count(*) FROM joining.unexamined").fetchall()
    needed = found[0][0] or NOT_EXAMINED in sides.form.columns(AUDITS)
    return (NOT_EXAMINED,) if needed else ()


def _value(sides: Sides, name: str) -> str:
    form = sides.value(sides.form, AUDITS, name)
    if name in OF_THE_AUDIT or name not in sides.added(AUDITS):
        return form
    record = f"c.{sql.name(name)}"
    first, second = (form, record) if sides.form_decides(AUDITS, name) else (record, form)
    return f"coalesce({first}, {second})"


def _note(sides: Sides, names: list[str]) -> None:
    joint = Joint(sides, AUDITS)
    each = [
        f"CASE WHEN {joint.plain('f', name)} <> {joint.plain('r', name)} THEN {{'field': '{name}', "
        f"'r': r.{sql.name(name + '_row')}, 'f_value': CAST(f.{sql.name(name)} AS VARCHAR), "
        f"'r_value': CAST(r.{sql.name(name)} AS VARCHAR)}} END"
        for name in names
    ]
    if each:
        sides.con.execute(
            f"""INSERT INTO joining.differences
                SELECT '{AUDITS}', d.field, audit_id, 'differs', _row, d.r, d.f_value, d.r_value
                FROM (SELECT f.audit_id, f._row, unnest([{", ".join(each)}]) AS d
                  FROM form.audits f JOIN joining.child r USING (audit_id)) WHERE d IS NOT NULL"""
        )
