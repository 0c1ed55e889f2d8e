"""The rows that a standard is tested on: trigger rows, rows related to them, days and conditions.

Columns of these relations: `a` the audit, `t` the trigger row, and fields by where they come from:
`t.field` the trigger row, `u.field` the audit, `e.field` a related row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from pydantic import BaseModel

from engine.findings import expressions as x
from engine.findings.plan import (
    Aggregate,
    Expression,
    Filter,
    Fold,
    Join,
    Op,
    Project,
    Relation,
    Scan,
    Type,
)
from engine.records.batch import Presence
from engine.rulebook.conditions import DayOf, Test, Where
from engine.rulebook.fields import ANSWERS, AUDIT_ID, AUDITS, RECORDED, Fields, FieldType
from engine.rulebook.fields import Table as TableModel
from engine.rulebook.scalars import parse_day, parse_yes_no
from engine.rulebook.standard import Standard

CUT_OFF = "cut_off"
# a day as it stands in the record, even where it has not come by the cut-off
RAW = "~raw"
TYPES = {
    FieldType.ID: Type.TEXT,
    FieldType.TEXT: Type.TEXT,
    FieldType.CHOICE: Type.TEXT,
    FieldType.DATE: Type.DATE,
    FieldType.MONTH: Type.DATE,
    FieldType.DATETIME: Type.TIMESTAMP,
    FieldType.YES_NO: Type.BOOL,
    FieldType.NUMBER: Type.INT,
    FieldType.LIST: Type.TEXTS,
}
SKIPPED, LOST, PARTLY = "skipped:", "lost:", "partly:"
"""Columns of `audits`: the table was not examined for this audit; a row of it was put aside; the
input cannot tell all of its columns, or all of its rows, of this audit."""


class AbsentError(Exception):
    """A measure names a table or column that the input does not have."""


@dataclass(frozen=True)
class Setting:
    """What a standard is compiled against: the dictionary, what the input holds, the settings.

    `reached` may say of rows that there are none, in the audits that a plan is made for alone:
    what would be done with them is left out.
    """

    standard: Standard
    fields: Fields
    presence: Presence
    settings: dict[str, int]
    evidence: bool
    lacking: set[str] = field(default_factory=set)
    looked_up: tuple[str, ...] = ()
    asked: set[tuple[str, str]] = field(default_factory=set)
    reached: Callable[[Relation], bool] = lambda _rows: True

    def table(self, name: str) -> TableModel:
        """Return the dictionary's entry for a table."""
        return self.fields.tables[name]

    def has(self, table: str, column: str) -> bool:
        """Say whether the input has a column; one that may be absent counts as blank.

        Raises:
            AbsentError: it is absent and may not be.
        """
        if table == AUDITS and column == CUT_OFF:
            return True
        may_be_absent = f"{table}.{column}" in self.standard.may_be_absent
        if not may_be_absent:
            self.asked.add((table, column))
        if column in self.presence.columns.get(table, frozenset()):
            return True
        if may_be_absent:
            return False
        raise self._absent(f"{table}.{column}" if table in self.presence.columns else table)

    def latest(self, table: str | None) -> bool:
        """Say whether the input holds the latest row of a table only; asked by what needs others.

        Which tables were asked about is remembered, under the name of no column.
        """
        if table:
            self.asked.add((table, ""))
        return table in self.presence.latest_only

    def needs(self, table: str) -> None:
        """Refuse a table that the input does not have."""
        if table not in self.presence.columns:
            raise self._absent(table)

    def needs_answer(self) -> None:
        """Refuse a standard that no auditor was asked about: no answer of the input names it."""
        asked = self.presence.asked
        if asked is not None and self.standard.id not in asked:
            raise self._absent(f"{ANSWERS} on {self.standard.id}")

    def _absent(self, name: str) -> AbsentError:
        self.lacking.add(name)
        return AbsentError(name)


@dataclass(frozen=True)
class Scope:
    """Where a bare field name is looked up: a column prefix and the table behind it."""

    prefix: str
    table: str


def flags(presence: Presence) -> tuple[str, ...]:
    """Return the columns of `audits` that say of which tables the audit cannot tell all."""
    skipped = (f"{SKIPPED}{table}" for table in sorted(presence.not_examined))
    lost = (f"{LOST}{table}" for table in sorted(presence.put_aside))
    return (*skipped, *lost, *(f"{PARTLY}{part}" for part in sorted(presence.partly)))


def scan(setting: Setting, table: str) -> Relation:
    """Return the rows of a table with the columns that the input has."""
    model, held = setting.table(table), setting.presence.columns[table]
    columns = [("a", Type.INT), ("rowid", Type.INT)]
    columns += [(n, TYPES[f.type]) for n, f in model.fields.items() if n in held and n != AUDIT_ID]
    if table == AUDITS:
        columns += [(CUT_OFF, Type.DATE), *((name, Type.BOOL) for name in flags(setting.presence))]
    return Scan(table, tuple(columns))


def audits(setting: Setting) -> Relation:
    """Return one row an audit, its fields as `u.field`."""
    source = scan(setting, AUDITS)
    cut_off = x.col(source, CUT_OFF)
    taken: list[tuple[str, Expression]] = [("a", x.col(source, "a"))]
    for name in source.schema:
        if name not in ("a", "rowid"):
            taken += _as_it_stood(
                setting, AUDITS, name, f"u.{name}", (x.col(source, name), cut_off)
            )
    return Project(source, tuple(taken))


def _as_it_stood(
    setting: Setting, table: str, field_name: str, name: str, day: tuple[Expression, Expression]
) -> list[tuple[str, Expression]]:
    """Return a column as it stood at the cut-off and, where that differs, as recorded."""
    column, cut_off = day
    come = _happened(setting, table, field_name, column, cut_off)
    return [(name, come)] if come == column else [(name, come), (f"{name}{RAW}", column)]


def related(
    setting: Setting,
    table: str,
    to: Relation,
    scope: Scope,
    belonging: tuple[tuple[str, str], ...] | None = None,
) -> Relation:
    """Join the rows of a table to audits or trigger rows; a row's day, if known, has come.

    The fields get the scope's prefix; an event after the cut-off is blank. With pairs of columns
    that have to be equal, a trigger row that nothing belongs to stands alone, beside nulls.
    """
    source = scan(setting, table)
    renamed = Project(source, tuple((_renamed(scope, n), x.col(source, n)) for n in source.schema))
    on = (("a", "a"), *(belonging or ()))
    joined: Relation = Join(to, renamed, on, outer=belonging is not None)
    cut_off = x.col(joined, f"u.{CUT_OFF}")
    kept: list[tuple[str, Expression]] = [(name, x.col(joined, name)) for name in to.schema]
    for name in joined.schema:
        if name in to.schema:
            continue
        bare = name.removeprefix(f"{scope.prefix}.")
        kept += _as_it_stood(setting, table, bare, name, (x.col(joined, name), cut_off))
    day = setting.table(table).date
    if day and f"{scope.prefix}.{day}" in joined.schema:
        own = x.as_date(x.col(joined, f"{scope.prefix}.{day}"))
        joined = Filter(joined, x.either(x.is_null(own), x.compare(Op.AT_MOST, own, cut_off)))
    return Project(joined, tuple(kept))


def _renamed(scope: Scope, name: str) -> str:
    if name == "a":
        return "a"
    return (
        ("t" if scope.prefix == "t" else f"{scope.prefix}.row")
        if name == "rowid"
        else (f"{scope.prefix}.{name}")
    )


def _happened(
    setting: Setting, table: str, name: str, column: Expression, cut_off: Expression
) -> Expression:
    """Blank a day that has not come by the cut-off."""
    field = setting.table(table).fields.get(name)
    if field is None or field.not_an_event:
        return column
    if field.type not in (FieldType.DATE, FieldType.DATETIME):
        return column
    come = x.compare(Op.AT_MOST, x.as_date(column), cut_off)
    return x.case((come, column), otherwise=x.null(column.type))


def read(setting: Setting, rows: Relation, name: str, scope: Scope) -> Expression:
    """Return a field by the name that an author gives it: bare, `trigger.field`, `audit.field`."""
    prefix, table, column = scope.prefix, scope.table, name
    if name.startswith("trigger."):
        prefix, table, column = "t", setting.standard.trigger.table, name.removeprefix("trigger.")
    elif name.startswith("audit."):
        prefix, table, column = "u", AUDITS, name.removeprefix("audit.")
    if table == AUDITS:
        prefix = "u"
    if not setting.has(table, column):
        return x.null(TYPES[setting.table(table).fields[column].type])
    return x.col(rows, f"{prefix}.{column}")


def condition(setting: Setting, rows: Relation, where: Where, scope: Scope) -> Expression:
    """Return a `where` in three-valued logic."""
    return x.both(*(
        _test(setting, rows, read(setting, rows, name, scope), test)
        for name, test in where.items()
    ))  # fmt: skip


def _test(setting: Setting, rows: Relation, value: Expression, test: Test) -> Expression:
    if test.present is not None:
        return x.filled(value) if test.present else x.is_null(value)
    if test.not_ is not None:
        differs = x.compare(Op.NOT_EQUAL, value, _typed(value.type, test.not_))
        return x.coalesce(differs, x.TRUE)
    if test.one_of and value.type is Type.TEXTS:
        return x.either(*(x.holds(value, one) for one in test.one_of))
    if test.one_of:
        return x.one_of(value, tuple(_typed(value.type, one) for one in test.one_of))
    limits = ((Op.AT_LEAST, test.at_least), (Op.AT_MOST, test.at_most))
    for op, limit in limits:
        if limit is not None:
            return x.compare(op, value, x.whole(limit))
    op, other = (
        (Op.AT_LEAST, test.on_or_after) if test.on_or_after else (Op.AT_MOST, test.on_or_before)
    )
    assert other is not None  # noqa: S101 - a test says exactly one thing (conditions.py)
    return x.compare(op, x.as_date(value), plain_day(setting, rows, other))


def _typed(kind: Type, written: str) -> Expression:
    if kind is Type.BOOL:
        return x.TRUE if parse_yes_no(written) else x.FALSE
    if kind is Type.INT:
        return x.whole(int(written))
    return x.day(_first_day(written)) if kind is Type.DATE else x.text(written)


def _first_day(written: str) -> date:
    return parse_day(f"{written}-01" if len(written) == len("2025-01") else written)


def looked_up(part: object) -> tuple[str, ...]:
    """Return the tables in which a measure looks days up."""
    if isinstance(part, DayOf) and part.table:
        return (part.table,)
    inner = part if isinstance(part, tuple) else ()
    if isinstance(part, BaseModel):
        inner = tuple(value for _, value in part)
    return tuple(dict.fromkeys(table for one in inner for table in looked_up(one)))


def plain_day(setting: Setting, rows: Relation, of: DayOf) -> Expression:
    """Return a day that is a field of the trigger row or the audit, moved as it says."""
    assert of.field is not None  # noqa: S101 - rulebook/check.py sees to it
    value = x.as_date(read(setting, rows, of.field, Scope("t", setting.standard.trigger.table)))
    return moved(value, of)


def moved(value: Expression, of: DayOf) -> Expression:
    """Return a day moved by the `plus` or `minus` of its author."""
    if of.minus is not None:
        return x.plus_days(value, x.whole(-of.minus.amount))
    if of.plus is None:
        return value
    amount = x.whole(of.plus.amount)
    return x.plus_months(value, amount) if of.plus.unit == "months" else x.plus_days(value, amount)


def extend(rows: Relation, **columns: Expression) -> Relation:
    """Return the rows with further columns; one that was there is computed anew."""
    kept = {**rows.each}
    for name in columns:
        kept.pop(name, None)
    return Project(rows, (*kept.items(), *columns.items()))


def day(
    setting: Setting, rows: Relation, of: DayOf, name: str, start: Expression | None = None
) -> Relation:
    """Return the rows with a day as column `name`, and `name_late` whether it was back-filled.

    A day looked up in a table is its first or last row's, on or after `start` if that is given
    and the author does not say otherwise.
    """
    if of.table is None:
        # who the audit is and when was never entered as a row of the record
        own = (of.field or "").startswith("trigger.")
        scope = Scope("t", setting.standard.trigger.table)
        late = _recorded_late(setting, rows, scope) if own else x.FALSE
        return extend(rows, **{name: plain_day(setting, rows, of), f"{name}_late": late})
    found = _lookup(setting, rows, of, start)
    fold = Fold.MIN if of.pick == "first" else Fold.MAX
    picked = Aggregate(found, ("t",), (("picked", fold, x.col(found, "day")),))
    taken = Project(picked, (("t", x.col(picked, "t")), (name, x.col(picked, "picked"))))
    joined = _with_lateness(setting, Join(rows, taken, (("t", "t"),), outer=True), found, name)
    return extend(joined, **{name: moved(x.col(joined, name), of)})


def _lookup(setting: Setting, rows: Relation, of: DayOf, start: Expression | None) -> Relation:
    assert of.table is not None  # noqa: S101 - the caller looked
    setting.needs(of.table)
    scope = Scope("e", of.table)
    joined = related(setting, of.table, rows, scope)
    value = x.as_date(read(setting, joined, _date_name(setting, of.table, of.date), scope))
    conditions = [condition(setting, joined, of.where, scope), x.filled(value)]
    conditions.append(x.compare(Op.AT_MOST, value, x.col(joined, f"u.{CUT_OFF}")))
    if of.on_or_after:
        conditions.append(x.compare(Op.AT_LEAST, value, plain_day(setting, joined, of.on_or_after)))
    elif start is not None:
        conditions.append(x.compare(Op.AT_LEAST, value, start))
    if of.on_or_before:
        conditions.append(x.compare(Op.AT_MOST, value, plain_day(setting, joined, of.on_or_before)))
    kept = Filter(joined, x.both(*conditions))
    late = _recorded_late(setting, kept, scope)
    return Project(kept, (("t", x.col(kept, "t")), ("day", value), ("late", late)))


def _with_lateness(setting: Setting, rows: Relation, found: Relation, name: str) -> Relation:
    """Say whether every row of the picked day was recorded after the case was selected."""
    if not setting.evidence:
        return extend(rows, **{f"{name}_late": x.FALSE})
    timely = Filter(found, x.negate(x.col(found, "late")))
    days = Aggregate(timely, ("t", "day"), (("in_time", Fold.COUNT, x.TRUE),))
    joined = Join(rows, days, (("t", "t"), (name, "day")), outer=True)
    late = x.both(x.filled(x.col(joined, name)), x.is_null(x.col(joined, "in_time")))
    kept = tuple((n, x.col(joined, n)) for n in rows.schema)
    return Project(joined, (*kept, (f"{name}_late", late)))


def _date_name(setting: Setting, table: str, named: str | None) -> str:
    name = named or setting.table(table).date
    assert name is not None  # noqa: S101 - rulebook/check.py sees to it
    return name


def event_day(setting: Setting, rows: Relation, table: str, named: str | None) -> Expression:
    """Return the day of a related row: the named date, or its table's own."""
    return x.as_date(read(setting, rows, _date_name(setting, table, named), Scope("e", table)))


def _recorded_late(setting: Setting, rows: Relation, scope: Scope) -> Expression:
    """Say whether a row was recorded after the case was told that it would be audited."""
    recorded, selected = f"{scope.prefix}.{RECORDED}", "u.selected_date"
    if not setting.evidence or recorded not in rows.schema or selected not in rows.schema:
        return x.FALSE
    late = x.compare(Op.MORE, x.col(rows, recorded), x.col(rows, selected))
    return x.is_true(late)


def recorded_late(setting: Setting, rows: Relation, table: str) -> Expression:
    """Say whether a related row was recorded after the case was selected for audit."""
    return _recorded_late(setting, rows, Scope("e", table))
