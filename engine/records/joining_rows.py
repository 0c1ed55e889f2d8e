"""The rows of one table of the joined batch, and where the two inputs differ in it.

In: both sides in one database, with `joining.linked`. Out: `typed_rows.<table>` with the rows that
count, each with its row on the form and in the records (`_form`, `_record`); rows of
`joining.differences`; and for each audit what it cannot tell of the table.
"""

from dataclasses import dataclass

from engine.records import sql
from engine.records.joining_children import told
from engine.records.joining_pairs import Joint, pair
from engine.records.joining_sides import OF_THE_AUDITOR, PUT_ASIDE, Side, Sides
from engine.rulebook.fields import AUDIT_ID, AUDITS, FieldType

BY_FORM, BY_RECORD, LATEST = "form", "record", "latest"
NO = "false"


def prepare(sides: Sides) -> None:
    """Make the tables that the joining of each table adds to."""
    sides.con.execute(
        """CREATE TABLE joining.differences ("table" VARCHAR, field VARCHAR, audit_id VARCHAR,
             what VARCHAR, f BIGINT, r BIGINT, f_value VARCHAR, r_value VARCHAR);
           CREATE TABLE joining.untold (audit_id VARCHAR, "table" VARCHAR);
           CREATE TABLE joining.partly (audit_id VARCHAR, part VARCHAR);
           CREATE TABLE joining.lost (audit_id VARCHAR, "table" VARCHAR);
           CREATE TABLE joining.numbers (side VARCHAR, field VARCHAR, audit_id VARCHAR,
             old VARCHAR, new VARCHAR);
           CREATE SCHEMA typed_rows"""
    )
    days = " UNION ALL ".join(
        f"SELECT CAST(max({sql.name(table.date)}) AS DATE) AS day FROM {sides.record.source(name)}"
        for name, table in sides.fields.tables.items()
        if name != AUDITS and table.date in sides.record.columns(name)
    )
    query = f"SELECT max(day) AS day FROM ({days})" if days else "SELECT NULL::DATE AS day"
    sides.con.execute(f"CREATE TABLE joining.horizon AS {query}")


def join_table(sides: Sides, table: str) -> None:
    """Make the joined rows of a table other than `audits`."""
    if table in OF_THE_AUDITOR:
        _of_the_form(sides, table)
        return
    joint = Joint(sides, table)
    Rows(joint).join()


def _of_the_form(sides: Sides, table: str) -> None:
    shown = ", ".join(map(sql.name, sides.columns(table)))
    sides.con.execute(
        f"CREATE TABLE {base(table)} AS SELECT {shown}, _row AS _form, "
        f"CAST(NULL AS BIGINT) AS _record FROM {sides.form.source(table)}"
    )


def base(table: str) -> str:
    """Return the name of the table that holds joined rows."""
    return f"typed_rows.{sql.name(table)}"


@dataclass(frozen=True)
class Rows:
    """One table of both sides, while its rows are put together."""

    joint: Joint

    @property
    def sides(self) -> Sides:
        """Return both sides."""
        return self.joint.sides

    @property
    def table(self) -> str:
        """Return the table's name."""
        return self.joint.table

    def run(self, query: str) -> None:
        """Run SQL."""
        self.sides.con.execute(query)

    def join(self) -> None:
        """Put the rows together."""
        self._rows_of_the_form()
        self._rows_of_the_records()
        self._take_out_conflicts()
        self._state()
        pair(self.joint)
        self._judge_single_rows()
        self.run(f"CREATE TABLE {base(self.table)} AS {self._paired()} UNION ALL BY NAME "
                 f"{self._single('f')} UNION ALL BY NAME {self._single('r')}")  # fmt: skip
        self._note_differences()
        self._number_anew()
        self._cannot_tell()

    def _columns(self, side: Side) -> str:
        """Return SQL of a side's columns; numbers of rows of other tables are the joined ones."""
        initial, held = side.name[0], side.columns(self.table) - {AUDIT_ID}
        names = [name for name in self.sides.columns(self.table) if name in held]
        return "".join(f", {self._renumbered(initial, name)} AS {sql.name(name)}" for name in names)

    def _renumbered(self, initial: str, name: str) -> str:
        own = f"{initial}.{sql.name(name)}"
        return f"coalesce(n_{name}.new, {own})" if name in self.joint.links else own

    def _numbers(self, side: Side, audit: str) -> str:
        initial, held = side.name[0], side.columns(self.table)
        return " ".join(
            f"LEFT JOIN joining.numbers n_{name} ON n_{name}.side = '{side.name}' "
            f"AND n_{name}.field = '{name}' AND n_{name}.audit_id = {audit}.audit_id "
            f"AND n_{name}.old = {initial}.{sql.name(name)}"
            for name in self.joint.links
            if name in held
        )

    def _rows_of_the_form(self) -> None:
        form = self.sides.form
        if not form.has(self.table):
            self.run("CREATE OR REPLACE TEMP TABLE f (audit_id VARCHAR, _row BIGINT)")
            return
        self.run(
            f"CREATE OR REPLACE TEMP TABLE f AS SELECT f.audit_id, f._row{self._columns(form)} "
            f"FROM {form.source(self.table)} f {self._numbers(form, 'f')}"
        )

    def _rows_of_the_records(self) -> None:
        """Make `r`: a row that several audits of a child hold is taken once."""
        record = self.sides.record
        if not record.has(self.table):
            self.run("CREATE OR REPLACE TEMP TABLE r (audit_id VARCHAR, _row BIGINT)")
            return
        held = [n for n in self.sides.columns(self.table) if n in record.columns(self.table)]
        own = [sql.name(name) for name in held if name != AUDIT_ID]
        each = ", ".join(["l.audit_id", *(f"r.{name}" for name in own)])
        once = "".join(f", {name}" for name in own)
        self.run(
            f"""CREATE OR REPLACE TEMP TABLE r AS
                SELECT r.audit_id, r._row{self._columns(record)} FROM (
                  SELECT audit_id, min(_row) AS _row{once} FROM (
                    SELECT {each}, r._row, row_number() OVER (PARTITION BY l.record, {each}) AS n
                    FROM {record.source(self.table)} r JOIN joining.linked l
                    ON r.audit_id = l.record)
                  GROUP BY audit_id, n{once}) r {self._numbers(record, "r")}"""
        )

    def _take_out_conflicts(self) -> None:
        """Take out rows of one key that audits of one child in the records tell differently."""
        key = self.joint.key
        if not key or not set(key) <= self.sides.record.columns(self.table):
            return
        parts = ", ".join(map(sql.name, key))
        filled = " AND ".join(f"{sql.name(name)} IS NOT NULL" for name in key)
        self.run(
            f"""CREATE OR REPLACE TEMP TABLE conflicts AS
                SELECT audit_id, _row, min(_row) OVER (PARTITION BY audit_id, {parts}) AS first
                FROM r WHERE {filled}
                QUALIFY count(*) OVER (PARTITION BY audit_id, {parts}) > 1;
                DELETE FROM r WHERE (audit_id, _row) IN (SELECT (audit_id, _row) FROM conflicts);
                INSERT INTO joining.lost SELECT DISTINCT audit_id, '{self.table}' FROM conflicts;
                INSERT INTO joining.differences SELECT '{self.table}', '', audit_id, 'conflict',
                  first, _row, NULL, NULL FROM conflicts WHERE _row <> first"""
        )

    def _state(self) -> None:
        """Make `state`: for each audit, which side can tell of the table, and whether it lost rows.

        `shows`: the form holds rows of it.
        """
        form, record = self.sides.form, self.sides.record
        lost = f"SELECT audit_id FROM {{}}.{PUT_ASIDE} WHERE \"table\" = '{self.table}'"
        start, end, audited = (
            self.sides.value(form, AUDITS, name)
            for name in ("period_start", "period_end", "audit_date")
        )
        self.run(
            f"""CREATE OR REPLACE TEMP TABLE state AS
                SELECT f.audit_id, {told(self.sides, form, self.table)} AS form_told,
                  coalesce(l.told, false) AS record_told, coalesce(l.lost, false)
                    OR f.audit_id IN (SELECT audit_id FROM joining.lost
                                      WHERE "table" = '{self.table}') AS record_lost,
                  f.audit_id IN ({lost.format("form")}) AS form_lost,
                  f.audit_id IN (SELECT audit_id FROM f) AS shows,
                  {start} AS since, coalesce({end}, {audited}) AS until
                FROM form.audits f LEFT JOIN (
                  SELECT l.audit_id, bool_or({told(self.sides, record, self.table)}) AS told,
                    bool_or(l.record IN ({lost.format("record")})) AS lost
                  FROM joining.linked l JOIN record.audits r ON r._row = l.row
                  GROUP BY l.audit_id) l ON f.audit_id = l.audit_id"""
        )

    def _judge_single_rows(self) -> None:
        """Make `single`: rows of one side only, whether the other contradicts them, if they count.

        INVARIANT: a row that does not count is noted.
        """
        trust = self.sides.trust_form
        self.run(
            f"""CREATE OR REPLACE TEMP TABLE single AS
                SELECT *, NOT noted OR side = '{"f" if trust else "r"}' AS counts FROM (
                  SELECT 'f' AS side, f.audit_id, f._row,
                    coalesce({self._contradicted()}, false) AS noted
                  FROM f JOIN state s ON f.audit_id = s.audit_id
                  ANTI JOIN pairs p ON f.audit_id = p.audit_id AND f._row = p.f
                  UNION ALL
                  SELECT 'r', r.audit_id, r._row, coalesce({self._unseen()}, false)
                  FROM r JOIN state s ON r.audit_id = s.audit_id
                  ANTI JOIN pairs p ON r.audit_id = p.audit_id AND r._row = p.r);
                INSERT INTO joining.differences
                SELECT '{self.table}', '', audit_id, side, CASE side WHEN 'f' THEN _row END,
                  CASE side WHEN 'r' THEN _row END, NULL, NULL FROM single WHERE noted"""
        )

    def _contradicted(self) -> str:
        """Return SQL that says whether the records contradict a row of the form."""
        record = self.sides.record
        if not record.has(self.table) or record.latest(self.table):
            return NO
        day, which = self.joint.day(self.sides.form), self.joint.which(self.sides.form)
        theirs = self.joint.which(record)
        return f"""s.record_told AND NOT s.record_lost AND {day} <= (FROM joining.horizon)
            AND EXISTS (FROM {record.source(self.table)} r
                        WHERE coalesce({theirs} = {which}, true))
            AND EXISTS (FROM joining.linked l WHERE l.audit_id = f.audit_id
                        AND coalesce({day} >= l.since, true) AND coalesce({day} <= l.until, true))
        """

    def _unseen(self) -> str:
        """Return SQL that says whether the form contradicts a row of the records."""
        form = self.sides.form
        if not form.has(self.table) or form.latest(self.table):
            return NO
        day = self.joint.day(self.sides.record)
        return f"""s.form_told AND s.shows AND NOT s.form_lost AND {day} IS NOT NULL
            AND coalesce({day} >= s.since, true) AND coalesce({day} <= s.until, true)"""

    def _single(self, alias: str) -> str:
        side = self.sides.form if alias == "f" else self.sides.record
        held = side.columns(self.table) - {AUDIT_ID}
        names = [sql.name(name) for name in self.sides.columns(self.table) if name in held]
        row = {"f": "_form", "r": "_record"}[alias]
        shown = "".join(f", {alias}.{name}" for name in names)
        other = "_record" if alias == "f" else "_form"
        return (
            f"(SELECT {alias}.audit_id{shown}, {alias}._row AS {row}, "
            f"CAST(NULL AS BIGINT) AS {other} "
            f"FROM {alias} JOIN single s ON s.side = '{alias}' AND s.counts "
            f"AND s.audit_id = {alias}.audit_id AND s._row = {alias}._row)"
        )

    def _paired(self) -> str:
        names = [name for name in self.sides.columns(self.table) if name != AUDIT_ID]
        taken = "".join(f", {self.taken(name)} AS {sql.name(name)}" for name in names)
        return (
            f"(SELECT p.audit_id{taken}, p.f AS _form, p.r AS _record FROM pairs p "
            "JOIN f ON f.audit_id = p.audit_id AND f._row = p.f "
            "JOIN r ON r.audit_id = p.audit_id AND r._row = p.r)"
        )

    def taken(self, name: str) -> str:
        """Return SQL of the value of a pair: the deciding side's, or the other's if it is blank."""
        merged, own = self._merged(name), self._deciding(name)
        for late, early in self._order():
            if name in (late, early):
                turned = f"{self._merged(late)} < {self._merged(early)}"
                return f"CASE WHEN {turned} THEN {own} ELSE {merged} END"
        return merged

    def _order(self) -> tuple[tuple[str, str], ...]:
        """Return which day must not lie before which."""
        held, fields = self.sides.columns(self.table), self.sides.fields.tables[self.table].fields
        pairs = ((name, fields[name].not_before) for name in held)
        return tuple((late, early) for late, early in pairs if early in held and early)

    def _sides(self, name: str) -> tuple[str, str]:
        """Return SQL of a value of the deciding side, and of the other."""
        values = [
            self.sides.value(s, self.table, name) for s in (self.sides.form, self.sides.record)
        ]
        judged = self.sides.fields.tables[self.table].fields[name].judged
        first, second = values if self.sides.trust_form or judged else reversed(values)
        return first, second

    def _deciding(self, name: str) -> str:
        return self._sides(name)[0]

    def _merged(self, name: str) -> str:
        own, other = self._sides(name)
        if self.sides.fields.tables[self.table].fields[name].type is FieldType.DATETIME:
            whole = f"{own} = date_trunc('day', {own}) AND CAST({own} AS DATE)"
            same = f"{whole} = CAST({other} AS DATE)"  # a day, and a moment of that day
            return f"CASE WHEN {same} THEN {other} ELSE coalesce({own}, {other}) END"
        return f"coalesce({own}, {other})"

    def _note_differences(self) -> None:
        """Note every value of a pair that differs, in one pass over the pairs."""
        both = self.joint.compared if self.sides.form.has(self.table) else ()
        each = [self._difference(name, "differs", self._differ(name)) for name in both]
        for late, early in self._order():
            turned = f"{self._merged(late)} < {self._merged(early)}"
            each.append(self._difference(late, "turned", turned))
        if each and self._any("pairs"):
            self.run(
                f"""INSERT INTO joining.differences
                    SELECT '{self.table}', d.field, audit_id, d.what, f, r, d.f_value, d.r_value
                    FROM (SELECT p.audit_id, p.f, p.r, unnest([{", ".join(each)}]) AS d
                      FROM pairs p JOIN f ON f.audit_id = p.audit_id AND f._row = p.f
                      JOIN r ON r.audit_id = p.audit_id AND r._row = p.r) WHERE d IS NOT NULL"""
            )

    def _any(self, relation: str) -> bool:
        return bool(self.sides.con.execute(f"SELECT 1 FROM {relation} LIMIT 1").fetchall())

    def _differ(self, name: str) -> str:
        kind = self.sides.fields.tables[self.table].fields[name].type
        first, second = f"f.{sql.name(name)}", f"r.{sql.name(name)}"
        if kind is FieldType.DATETIME:
            on_days = f"CAST({first} AS DATE) <> CAST({second} AS DATE)"
            at_times = (
                f"{first} <> date_trunc('day', {first}) AND {second} <> date_trunc('day', {second})"
            )
            return f"{first} <> {second} AND ({on_days} OR ({at_times}))"
        return f"{self.joint.plain('f', name)} <> {self.joint.plain('r', name)}"

    def _difference(self, name: str, what: str, condition: str) -> str:
        form, record = (
            self.sides.value(side, self.table, name)
            for side in (self.sides.form, self.sides.record)
        )
        return (
            f"CASE WHEN {condition} THEN {{'field': '{name}', 'what': '{what}', "
            f"'f_value': CAST({form} AS VARCHAR), 'r_value': CAST({record} AS VARCHAR)}} END"
        )

    def _number_anew(self) -> None:
        """Remember the numbers of paired rows that are not the joined row's."""
        for name in self.joint.key if self._any("pairs") else ():
            for side in (self.sides.form, self.sides.record):
                old = self.sides.value(side, self.table, name)
                self.run(
                    f"INSERT INTO joining.numbers SELECT '{side.name}', '{name}', p.audit_id, "
                    f"{old}, {self._merged(name)} FROM pairs p "
                    "JOIN f ON f.audit_id = p.audit_id AND f._row = p.f "
                    "JOIN r ON r.audit_id = p.audit_id AND r._row = p.r "
                    f"WHERE {old} <> {self._merged(name)}"
                )

    def _cannot_tell(self) -> None:
        """Say of which audits the input cannot tell the table, a column or all rows."""
        self.run(
            f"INSERT INTO joining.untold SELECT audit_id, '{self.table}' FROM state "
            "WHERE NOT form_told AND NOT record_told"
        )
        form, record = self.sides.form, self.sides.record
        if not (form.has(self.table) and record.has(self.table)):
            return
        rows = f"SELECT audit_id FROM {base(self.table)} WHERE {{}} IS NULL"
        held, theirs = form.columns(self.table), record.columns(self.table)
        lacking = {BY_RECORD: held - theirs, BY_FORM: theirs - held, LATEST: self._latest() != NO}
        parts = {
            BY_RECORD: f"record_told AND NOT form_told OR audit_id IN ({rows.format('_form')})",
            BY_FORM: f"NOT record_told OR audit_id IN ({rows.format('_record')})",
            LATEST: self._latest(),
        }
        for part, condition in parts.items():
            if not lacking[part]:
                continue
            self.run(
                f"INSERT INTO joining.partly SELECT audit_id, '{self.table}:{part}' FROM state "
                f"WHERE {condition}"
            )

    def _latest(self) -> str:
        """Return SQL that says whether an audit has the latest row of the table only."""
        form, record = self.sides.form, self.sides.record
        if record.latest(self.table) and not form.latest(self.table):
            return "record_told AND NOT (form_told AND shows)"
        if form.latest(self.table) and not record.latest(self.table):
            return "NOT record_told"
        return NO
