"""The rows of the joined batch, and where the two inputs differ in them.

In: both sides in one database, with `joining.audit` and `joining.linked`. Out: `typed_rows.<table>`
with the rows that count, each with its row on the form and in the records (`_form`, `_record`);
rows of `joining.differences`; and of which audits the input cannot tell a table, a column or all
rows. Tables are joined together where they are small: a query costs more than its rows.
"""

from collections.abc import Sequence
from dataclasses import replace

from engine.records import sql
from engine.records.joining_children import told
from engine.records.joining_pairs import BY_KEY, INITIALS, Joint, chunks, pair, tell
from engine.records.joining_sides import OF_THE_AUDITOR, PUT_ASIDE, Sides
from engine.records.joining_values import Values
from engine.rulebook.fields import AUDIT_ID, AUDITS

BY_FORM, BY_RECORD, LATEST = "form", "record", "latest"
NO = "false"
NO_ROW = "CAST(NULL AS BIGINT)"


def prepare(sides: Sides) -> None:
    """Make the tables that the joining of each table adds to."""
    days = " UNION ALL ".join(
        f"SELECT CAST(max({sql.name(table.date)}) AS DATE) AS day FROM {sides.record.source(name)}"
        for name, table in sides.fields.tables.items()
        if name != AUDITS and table.date in sides.record.columns(name)
    )
    horizon = f"SELECT max(day) AS day FROM ({days})" if days else "SELECT NULL::DATE AS day"
    sides.con.execute(
        f"""CREATE TABLE joining.differences ("table" VARCHAR, field VARCHAR, audit_id VARCHAR,
             what VARCHAR, f BIGINT, r BIGINT, f_value VARCHAR, r_value VARCHAR);
           CREATE TABLE joining.partly (audit_id VARCHAR, part VARCHAR);
           CREATE TABLE joining.lost (audit_id VARCHAR, "table" VARCHAR);
           CREATE TABLE joining.numbers (side VARCHAR, field VARCHAR, a BIGINT,
             old VARCHAR, new VARCHAR);
           CREATE SCHEMA typed_rows;
           CREATE TABLE joining.horizon AS {horizon}"""
    )


def base(table: str) -> str:
    """Return the name of the table that holds joined rows."""
    return f"typed_rows.{sql.name(table)}"


def join_tables(sides: Sides, *, large: bool) -> None:
    """Make the joined rows of all tables but `audits`."""
    for table in OF_THE_AUDITOR.intersection(sides.tables()):
        _of_one(sides, Joint(sides, table), "f")
    numbered = [*enumerate(sides.facts())]
    _state(sides, numbered)
    for keyed in (True, False):
        joints = [j for t, name in numbered if bool((j := Joint(sides, name, t)).key) == keyed]
        for group in chunks(joints, large=large):
            _join(sides, group)
        if keyed:
            found = sides.con.execute("SELECT DISTINCT side, field FROM joining.numbers").fetchall()
            sides = replace(sides, renumbered=frozenset(found))
    _cannot_tell(sides, [Joint(sides, name, t) for t, name in numbered])


def _join(sides: Sides, joints: Sequence[Joint]) -> None:
    both = [joint for joint in joints if _to_be_paired(joint)]
    for joint in joints:
        if joint not in both:
            _of_one(sides, joint, "f" if sides.form.rows(joint.table) else "r")
    if both:
        tell(sides, both)
        if sides.several:
            _take_out_conflicts(sides, both)
        pair(sides, both)
        _judge_single_rows(sides, both)
        for joint in both:
            _put_together(sides, joint)
        _note_differences(sides, both)
        _number_anew(sides, both)


def _to_be_paired(joint: Joint) -> bool:
    sides = joint.sides
    theirs = sides.record.rows(joint.table)
    return bool(theirs and (sides.form.rows(joint.table) or sides.several))


def _of_one(sides: Sides, joint: Joint, initial: str) -> None:
    """Make the joined rows of a table in which one side alone has rows."""
    if not joint.side(initial).has(joint.table):
        initial = "f" if initial == "r" else "r"
    rows = {
        "f": f"f._row AS _form, {NO_ROW} AS _record",
        "r": f"{NO_ROW} AS _form, r._row AS _record",
    }
    audit = "f.audit_id" if initial == "f" else "x.audit_id"
    sides.con.execute(
        f"CREATE TABLE {base(joint.table)} AS SELECT {audit}{Values(joint).of(initial)}, "
        f"{rows[initial]} FROM {joint.rows(initial)}"
    )


def _state(sides: Sides, numbered: Sequence[tuple[int, str]]) -> None:
    """Make `joining.state`: which side can tell an audit of a table, and whether it lost rows."""
    form, record = sides.form, sides.record
    rows = ", ".join(f"({t}, {sql.literal(name)}, {form.has(name)}, {record.has(name)})"
                     for t, name in numbered)  # fmt: skip
    sides.con.execute(
        f"""CREATE TABLE joining.fact AS FROM (VALUES {rows or "(0, '', false, false)"})
              v(t, "table", on_form, in_records);
            CREATE TABLE joining.state AS
            SELECT t.t, x.a, t.on_form AND {told("x.listed", 't."table"')} AS form_told,
              t.in_records AND l.a IS NOT NULL AND {told("l.listed", 't."table"')} AS record_told,
              p.audit_id IS NOT NULL AS form_lost, q.a IS NOT NULL AS record_lost
            FROM joining.fact t CROSS JOIN joining.audit x
            LEFT JOIN joining.told l ON l.a = x.a
            LEFT JOIN (SELECT DISTINCT audit_id, "table" FROM form.{PUT_ASIDE}) p
              ON p.audit_id = x.audit_id AND p."table" = t."table"
            LEFT JOIN (SELECT DISTINCT l.a, p."table" FROM record.{PUT_ASIDE} p
                       JOIN joining.linked l ON p.audit_id = l.record) q
              ON q.a = x.a AND q."table" = t."table";
            CREATE TABLE joining.untold AS SELECT x.audit_id, t."table"
            FROM joining.state s JOIN joining.fact t USING (t) JOIN joining.audit x USING (a)
            WHERE NOT s.form_told AND NOT s.record_told"""
    )


def _take_out_conflicts(sides: Sides, joints: Sequence[Joint]) -> None:
    """Take out rows of one key that audits of one child in the records tell differently."""
    if not any(joint.key for joint in joints):
        return
    sides.con.execute(
        """CREATE OR REPLACE TABLE joining.conflicts AS
           SELECT x.audit_id, t."table", i.t, i.a, i.row,
             min(i.row) OVER (PARTITION BY i.t, i.a, i.number) AS first
           FROM joining.ids i JOIN joining.audit x USING (a) JOIN joining.fact t USING (t)
           WHERE i.side = 'r' AND i.number IS NOT NULL
           QUALIFY count(*) OVER (PARTITION BY i.t, i.a, i.number) > 1;
           DELETE FROM joining.ids i USING joining.conflicts c
           WHERE i.side = 'r' AND i.t = c.t AND i.a = c.a AND i.row = c.row;
           INSERT INTO joining.lost SELECT DISTINCT audit_id, "table" FROM joining.conflicts;
           INSERT INTO joining.differences SELECT "table", '', audit_id, 'conflict',
             first, row, NULL, NULL FROM joining.conflicts WHERE row <> first"""
    )


def _judge_single_rows(sides: Sides, joints: Sequence[Joint]) -> None:
    """Make `joining.single`: rows of one side only, if the other contradicts them, if they count.

    INVARIANT: a row that does not count is noted.
    """
    contradicts, unseen = (
        ", ".join(str(j.t) for j in joints if not j.side(a).latest(j.table)) or "-1"
        for a in ("r", "f")
    )
    sides.con.execute(
        f"""CREATE OR REPLACE TABLE joining.kinds AS {_kinds(joints)};
            CREATE OR REPLACE TABLE joining.single AS
            SELECT *, NOT noted OR side = '{"f" if sides.trust_form else "r"}' AS counts FROM (
              SELECT i.t, 'f' AS side, i.a, i.row,
                coalesce(i.t IN ({contradicts}) AND {_contradicted()}, false) AS noted
              FROM joining.ids i JOIN joining.state s ON s.t = i.t AND s.a = i.a
              LEFT JOIN joining.kinds k ON k.t = i.t
              ANTI JOIN joining.pairs p ON p.t = i.t AND p.a = i.a AND p.f = i.row
              WHERE i.side = 'f'
              UNION ALL
              SELECT i.t, 'r', i.a, i.row,
                coalesce(i.t IN ({unseen}) AND {_unseen()}, false)
              FROM joining.ids i JOIN joining.state s ON s.t = i.t AND s.a = i.a
              JOIN joining.audit x ON x.a = i.a
              LEFT JOIN (SELECT DISTINCT t, a FROM joining.ids WHERE side = 'f') o
                ON o.t = i.t AND o.a = i.a
              ANTI JOIN joining.pairs p ON p.t = i.t AND p.a = i.a AND p.r = i.row
              WHERE i.side = 'r');
            INSERT INTO joining.differences
            SELECT t."table", '', x.audit_id, s.side, CASE s.side WHEN 'f' THEN s.row END,
              CASE s.side WHEN 'r' THEN s.row END, NULL, NULL
            FROM joining.single s JOIN joining.fact t USING (t) JOIN joining.audit x USING (a)
            WHERE s.noted"""
    )


def _kinds(joints: Sequence[Joint]) -> str:
    """Return SQL of the kinds that the records hold of each table, for any child."""
    each = (
        f"SELECT {joint.t} AS t, bool_or(kind IS NULL) AS any_kind, "
        "list(DISTINCT hash(kind)) FILTER (WHERE kind IS NOT NULL) AS kinds "
        f"FROM (SELECT {joint.which('r')} AS kind FROM {joint.sides.record.source(joint.table)} r)"
        for joint in joints
    )
    return " UNION ALL ".join(each)


def _contradicted() -> str:
    """Return SQL that says whether the records contradict a row of the form."""
    return """s.record_told AND NOT s.record_lost
        AND NOT EXISTS (FROM joining.lost o JOIN joining.fact t ON t."table" = o."table"
                        JOIN joining.audit x ON x.audit_id = o.audit_id
                        WHERE t.t = i.t AND x.a = i.a)
        AND i.day <= (SELECT day FROM joining.horizon)
        AND (k.any_kind OR (i.kind IS NULL AND k.kinds IS NOT NULL)
             OR list_contains(k.kinds, i.kind))
        AND EXISTS (FROM joining.linked l WHERE l.a = i.a
                    AND coalesce(i.day >= l.since, true) AND coalesce(i.day <= l.until, true))"""


def _unseen() -> str:
    """Return SQL that says whether the form contradicts a row of the records."""
    return """s.form_told AND o.a IS NOT NULL AND NOT s.form_lost AND i.day IS NOT NULL
        AND coalesce(i.day >= x.since, true) AND coalesce(i.day <= x.until, true)"""


def _put_together(sides: Sides, joint: Joint) -> None:
    form, record = (_source(joint, initial) for initial in INITIALS)
    sides.con.execute(
        f"""CREATE TABLE {base(joint.table)} AS
            SELECT x.audit_id{Values(joint).columns()}, m.f AS _form, m.r AS _record
            FROM (SELECT a, f, r FROM joining.pairs WHERE t = {joint.t} UNION ALL
                  SELECT a, CASE side WHEN 'f' THEN row END, CASE side WHEN 'r' THEN row END
                  FROM joining.single WHERE t = {joint.t} AND counts) m
            JOIN joining.audit x USING (a) LEFT JOIN {form} f ON f._row = m.f
            LEFT JOIN {record} r ON r._row = m.r
            {joint.numbers("f", "m.a")} {joint.numbers("r", "m.a")}"""
    )


def _source(joint: Joint, initial: str) -> str:
    side = joint.side(initial)
    if side.has(joint.table):
        return side.source(joint.table)
    return f"(SELECT {NO_ROW} AS _row WHERE false)"


def _note_differences(sides: Sides, joints: Sequence[Joint]) -> None:
    """Note every value of a pair that differs."""
    query = "SELECT DISTINCT t FROM joining.pairs WHERE NOT same"
    unequal = {t for (t,) in sides.con.execute(query).fetchall()}
    each = []
    for joint in joints:
        values = Values(joint)
        turns = values.may_turn()
        if not (turns or joint.t in unequal) or not (found := values.differences()):
            continue
        only = "" if turns else "AND NOT p.same"
        form, record = (joint.side(initial).source(joint.table) for initial in INITIALS)
        each.append(
            f"""SELECT '{joint.table}', d.field, audit_id, d.what, f, r, d.f_value, d.r_value
                FROM (SELECT x.audit_id, p.f, p.r, unnest({found}) AS d
                  FROM joining.pairs p JOIN joining.audit x USING (a)
                  JOIN {form} f ON f._row = p.f JOIN {record} r ON r._row = p.r
                  {joint.numbers("f", "p.a")} {joint.numbers("r", "p.a")}
                  WHERE p.t = {joint.t} {only}) WHERE d IS NOT NULL"""
        )
    if each:
        sides.con.execute(f"INSERT INTO joining.differences {' UNION ALL '.join(each)}")


def _number_anew(sides: Sides, joints: Sequence[Joint]) -> None:
    """Remember the numbers of paired rows that are not the joined row's."""
    each = [
        f"SELECT '{initial}', '{name}', p.a, {joint.value(initial, name)}, "
        f"{Values(joint).number(name)} FROM joining.pairs p "
        f"JOIN {sides.form.source(joint.table)} f ON f._row = p.f "
        f"JOIN {sides.record.source(joint.table)} r ON r._row = p.r "
        f"WHERE p.t = {joint.t} AND p.step <> {BY_KEY} "
        f"AND {joint.value(initial, name)} <> {Values(joint).number(name)}"
        for joint in joints
        if sides.form.has(joint.table)
        for name in joint.key
        for initial in INITIALS
    ]
    if each:
        sides.con.execute(f"INSERT INTO joining.numbers {' UNION ALL '.join(each)}")


def _cannot_tell(sides: Sides, joints: Sequence[Joint]) -> None:
    """Say of which audits the input cannot tell a column or all rows of a table."""
    form, record = sides.form, sides.record
    each = []
    for joint in joints:
        table = joint.table
        if not (form.has(table) and record.has(table)):
            continue
        rows = f"x.audit_id IN (SELECT audit_id FROM {base(table)} WHERE {{}} IS NULL)"
        held, theirs = form.columns(table), record.columns(table)
        parts = {
            BY_RECORD: f"s.record_told AND NOT s.form_told OR {rows.format('_form')}"
            if held - theirs else NO,
            BY_FORM: f"NOT s.record_told OR {rows.format('_record')}" if theirs - held else NO,
            LATEST: _latest(sides, table),
        }  # fmt: skip
        each += [
            f"SELECT x.audit_id, '{table}:{part}' FROM joining.state s JOIN joining.audit x "
            f"USING (a) WHERE s.t = {joint.t} AND ({condition})"
            for part, condition in parts.items()
            if condition != NO
        ]
    if each:
        sides.con.execute(f"INSERT INTO joining.partly {' UNION ALL '.join(each)}")


def _latest(sides: Sides, table: str) -> str:
    """Return SQL that says whether an audit has the latest row of the table only."""
    form, record = sides.form, sides.record
    if record.latest(table) and not form.latest(table):
        shows = f"x.audit_id IN (SELECT {AUDIT_ID} FROM {form.source(table)})"
        theirs = f"x.audit_id IN (SELECT {AUDIT_ID} FROM {base(table)} WHERE _record IS NOT NULL)"
        return f"(s.record_told OR {theirs}) AND NOT (s.form_told AND {shows})"
    if form.latest(table) and not record.latest(table):
        return "NOT s.record_told"
    return NO
