"""What every measure gives for a trigger row, and the parts of a test that are the same for all.

A tested row: `a`, `t`, `outcome` (code; 7 is not met by silence), and its evidence: `value`,
`day_from`, `day_to`, `rows` (null where none are counted), `clock`, `version` (place from 1),
`back_filled`, and the `phase` of a gap (place from 0) where there are phases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.findings import expressions as x
from engine.findings.counting import code
from engine.findings.exceptions import excused
from engine.findings.plan import (
    Aggregate,
    Expression,
    Filter,
    Fold,
    Join,
    Op,
    Project,
    Relation,
    Type,
)
from engine.findings.rows import (
    CUT_OFF,
    LOST,
    SKIPPED,
    Scope,
    Setting,
    condition,
    day,
    event_day,
    extend,
    recorded_late,
    related,
    scan,
)
from engine.rulebook.conditions import DayOf, Where
from engine.rulebook.fields import AUDITS
from engine.rulebook.measures import Window
from engine.terms import NOT_MET_BY_SILENCE, Outcome

EVIDENCE = {
    "value": Type.INT,
    "day_from": Type.DATE,
    "day_to": Type.DATE,
    "rows": Type.INT,
    "clock": Type.DATE,
    "version": Type.INT,
    "back_filled": Type.BOOL,
    "phase": Type.INT,
    "excused": Type.BOOL,
}


@dataclass(frozen=True)
class Verdict:
    """The parts of a test: what is asked first to last, and the evidence to keep.

    `asked` are (condition, outcome) in order; `otherwise` is the outcome when none is true.
    `sought` are tables in which a further row could cure an adverse outcome; `reads` all tables.
    `start` is the column of the clock's first day, `began` how the author says it.
    """

    asked: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression
    evidence: Mapping[str, Expression] = field(default_factory=dict)
    sought: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    start: str = ""
    began: DayOf | None = None


def tested(setting: Setting, rows: Relation, verdict: Verdict) -> Relation:
    """Return the tested rows."""
    found = x.case(*verdict.asked, otherwise=verdict.otherwise)
    seen = extend(rows, found=found)
    seen = extend(seen, doubted=_doubted(setting, seen, verdict))
    seen, outcome = excused(setting, seen, x.col(seen, "doubted"))
    columns: list[tuple[str, Expression]] = [("a", x.col(seen, "a")), ("t", x.col(seen, "t"))]
    columns.append(("outcome", outcome))
    for name, kind in EVIDENCE.items():
        given = verdict.evidence.get(name)
        if name == "excused" and outcome != x.col(seen, "doubted"):
            given = x.compare(Op.EQUAL, outcome, code(Outcome.NOT_APPLICABLE))
            given = x.both(given, _adverse(x.col(seen, "doubted")))
        elif given is None:
            given = x.col(seen, name) if name in seen.schema else _blank(kind)
        columns.append((name, given))
    return Project(seen, tuple(columns))


def _adverse(outcome: Expression) -> Expression:
    return x.compare(Op.AT_LEAST, outcome, code(Outcome.PARTLY_MET))


def _blank(kind: Type) -> Expression:
    return x.FALSE if kind is Type.BOOL else x.null(kind)


def _doubted(setting: Setting, rows: Relation, verdict: Verdict) -> Expression:
    """Make not assessable what was not examined, and what a row put aside could have cured."""
    found, presence = x.col(rows, "found"), setting.presence
    cannot: list[Expression] = [
        x.col(rows, f"u.{SKIPPED}{table}")
        for table in sorted({*verdict.reads, *setting.looked_up} & presence.not_examined)
    ]
    adverse: Expression = _adverse(found)
    start_name = verdict.start or ("first" if "first" in rows.schema else "")
    if start_name:
        # No further row starts a clock whose first day is blank, unless the day is looked up.
        start = x.col(rows, start_name)
        begins_in = (verdict.began.table,) if verdict.began else ()
        cannot += _lost(setting, rows, begins_in, x.both(adverse, x.is_null(start)))
        adverse = x.both(adverse, x.filled(start))
    cannot += _lost(setting, rows, verdict.sought, adverse)
    if not cannot:
        return found
    return x.case((x.either(*cannot), code(Outcome.NOT_ASSESSABLE)), otherwise=found)


def _lost(
    setting: Setting, rows: Relation, tables: Iterable[str | None], when: Expression
) -> list[Expression]:
    held = sorted({table for table in tables if table in setting.presence.put_aside and table})
    return [x.both(when, x.col(rows, f"u.{LOST}{table}")) for table in held]


def with_held(
    setting: Setting, rows: Relation, of: tuple[str, str | None], since: str | None
) -> Relation:
    """Return the rows with `held`: rows of a table that are not known to lie before a day.

    For a table of which the input holds the latest row only: such a row may hide an earlier one.
    """
    table, dated = of
    source = scan(setting, table)
    day_name = dated or setting.table(table).date
    value = x.as_date(x.col(source, day_name)) if day_name else x.null(Type.DATE)
    days = Project(source, (("a", x.col(source, "a")), ("held_day", value)))
    joined: Relation = Join(rows, days, (("a", "a"),))
    if since is not None:
        before = x.compare(Op.LESS, x.col(joined, "held_day"), x.col(joined, since))
        joined = Filter(joined, x.negate(x.is_true(before)))
    counts = Aggregate(joined, ("t",), (("held", Fold.COUNT, x.TRUE),))
    return Join(rows, counts, (("t", "t"),), outer=True)


def silent(setting: Setting) -> Expression:
    """Return the outcome of silence for this standard."""
    spoken = setting.standard.silence == "not_met"
    return x.whole(NOT_MET_BY_SILENCE) if spoken else code(Outcome.NOT_EVIDENCED)


def not_assessable(rows: Relation) -> Relation:
    """Return trigger rows of which the input cannot tell."""
    columns = [("a", x.col(rows, "a")), ("t", x.col(rows, "t"))]
    evidence = [(name, _blank(kind)) for name, kind in EVIDENCE.items()]
    return Project(rows, (*columns, ("outcome", code(Outcome.NOT_ASSESSABLE)), *evidence))


def not_applicable(rows: Relation) -> Relation:
    """Return trigger rows that a branch says the standard does not bind."""
    columns = [("a", x.col(rows, "a")), ("t", x.col(rows, "t"))]
    evidence = [(name, _blank(kind)) for name, kind in EVIDENCE.items()]
    return Project(rows, (*columns, ("outcome", code(Outcome.NOT_APPLICABLE)), *evidence))


def windowed(setting: Setting, rows: Relation, window: Window) -> Relation:
    """Return the rows with the window's days: `own` start before clipping, `first` and `last`.

    `first` is null where the clock has not started.
    """
    rows = day(setting, rows, window.start, "own")
    own: Expression = x.col(rows, "own")
    if window.after is not None:
        own = x.plus_days(own, x.whole(1))
    first: Expression = own
    if window.clip and "u.period_start" in rows.schema:
        first = x.greatest(own, x.col(rows, "u.period_start"))
    rows = extend(rows, own=own, first=first)
    cut_off = x.col(rows, f"u.{CUT_OFF}")
    if window.to is None:
        return extend(rows, last=cut_off)
    rows = day(setting, rows, window.to, "ends")
    return extend(rows, last=x.least(x.col(rows, "ends"), cut_off))


def not_binding(rows: Relation) -> tuple[Expression, Expression]:
    """Return what is asked first of a window: does it end before it begins."""
    over = x.is_true(x.compare(Op.LESS, x.col(rows, "last"), x.col(rows, "first")))
    return (over, code(Outcome.NOT_APPLICABLE))


def not_started(rows: Relation, name: str) -> tuple[Expression, Expression]:
    """Return what is asked of a clock: has it a first day."""
    return (x.is_null(x.col(rows, name)), code(Outcome.NOT_EVIDENCED))


def no_version(rows: Relation) -> tuple[Expression, Expression]:
    """Return what is asked of the versions: is one in force."""
    return (x.is_null(x.col(rows, "version")), code(Outcome.NOT_ASSESSABLE))


def unknown(value: Expression) -> tuple[Expression, Expression]:
    """Return what is asked of a figure: could it be worked out."""
    return (x.is_null(value), code(Outcome.NOT_ASSESSABLE))


def own_day(setting: Setting, rows: Relation) -> Expression:
    """Return the day of the trigger row if it is known and has come, else the cut-off."""
    cut_off = x.col(rows, f"u.{CUT_OFF}")
    table = setting.standard.trigger.table
    name = setting.table(table).date
    prefix = "u" if table == AUDITS else "t"
    if name is None or f"{prefix}.{name}" not in rows.schema:
        return cut_off
    return x.least(x.as_date(x.col(rows, f"{prefix}.{name}")), cut_off)


@dataclass(frozen=True)
class Sought:
    """Which related rows a measure looks at."""

    of: str
    date: str | None
    where: Where
    join: tuple[str, ...] = ()


def chosen(setting: Setting, rows: Relation, sought: Sought, *, in_window: bool) -> Relation:
    """Return related rows that a measure looks at, with their `day` and whether they are `late`.

    With a window the day is known and in it; without, a day that is blank does not exclude a row.
    """
    setting.needs(sought.of)
    scope = Scope("e", sought.of)
    joined = related(setting, sought.of, rows, scope)
    conditions = [condition(setting, joined, sought.where, scope)]
    own = setting.standard.trigger.table
    for name in sought.join:
        setting.has(sought.of, name)
        setting.has(own, name)
        prefix = "u" if own == AUDITS else "t"
        pair = (x.col(joined, f"e.{name}"), x.col(joined, f"{prefix}.{name}"))
        conditions.append(x.compare(Op.EQUAL, *pair))
    value: Expression = x.null(Type.DATE)
    if in_window:
        value = event_day(setting, joined, sought.of, sought.date)
        conditions.append(x.compare(Op.AT_LEAST, value, x.col(joined, "first")))
        conditions.append(x.compare(Op.AT_MOST, value, x.col(joined, "last")))
    kept = Filter(joined, x.both(*conditions))
    return extend(kept, day=value, late=recorded_late(setting, kept, sought.of))
