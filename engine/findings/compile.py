"""Compile a standard to a plan: one row for each audit that it has something to say about.

An audit without a row: the standard does not bind it. What a plan means is said in
docs/reference/semantics.md.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from engine.findings import expressions as x
from engine.findings.counting import counted, full_months
from engine.findings.fuse import fuse
from engine.findings.measures import MEASURES
from engine.findings.plan import (
    Aggregate,
    Expression,
    Filter,
    First,
    Fold,
    Op,
    Project,
    Relation,
    Type,
    Union,
)
from engine.findings.prune import prune
from engine.findings.rows import (
    CUT_OFF,
    LOST,
    PARTLY,
    SKIPPED,
    AbsentError,
    Scope,
    Setting,
    audits,
    condition,
    day,
    extend,
    looked_up,
    plain_day,
    related,
)
from engine.findings.tested import EVIDENCE, not_applicable, not_assessable
from engine.records.batch import Presence
from engine.rulebook.fields import AUDITS, Fields
from engine.rulebook.measures import Age, Branch, Counting
from engine.rulebook.standard import OpenFor, Standard
from engine.terms import Unit

ORDER = (("outcome", True), ("value", True), ("clock", False), ("day_from", False),
         ("day_to", False), ("branch", False), ("version", False), ("rows", False),
         ("back_filled", False), ("phase", False), ("excused", False))  # fmt: skip


@dataclass(frozen=True)
class Against:
    """What standards are compiled against: the dictionary, what the input holds, the settings."""

    fields: Fields
    presence: Presence
    settings: Mapping[str, int]


def lacks(standard: Standard, against: Against) -> tuple[str, ...]:
    """Return the tables and columns that a standard asks for and the input does not have."""
    setting = _setting(standard, against, evidence=False)
    _compiled(setting)
    return tuple(sorted(setting.lacking))


def compile_standard(standard: Standard, against: Against, *, evidence: bool) -> Relation:
    """Return the plan of a standard.

    Columns: `a`, `outcome` (code; 7 is not met by silence) and, with `evidence`, the columns of
    `tested.EVIDENCE` of the trigger row that decided, and its `branch` (from 0).
    """
    return fuse(prune(_compiled(_setting(standard, against, evidence=evidence))))


def plan_with_others(standard: Standard, against: Against) -> Relation:
    """Return the plan of a standard that gives `a` and `outcome`, to be run beside others.

    It is not made shorter: what is left out of one plan alone can no longer be shared.
    """
    return _compiled(_setting(standard, against, evidence=False))


def plan_of_few(
    standard: Standard, against: Against, everyone: Relation, reached: Callable[[Relation], bool]
) -> Relation | None:
    """Return the plan with evidence for a few audits, none if it has nothing to say of them.

    `everyone` is `everyone_of` any of the standards. `reached` says whether a part of the plan
    gives rows on these audits; what would be done with rows that are not there is left out, which
    is most of the work of planning. It is not made shorter: that takes longer than it saves.
    """
    setting = _setting(standard, against, evidence=True)
    return _of_rows(replace(setting, reached=reached), everyone)


def everyone_of(standard: Standard, against: Against) -> Relation:
    """Return the plan of all audits; it is the same for every standard."""
    return audits(_setting(standard, against, evidence=True))


def _setting(standard: Standard, against: Against, *, evidence: bool) -> Setting:
    return Setting(standard, against.fields, against.presence, dict(against.settings), evidence)


@dataclass(frozen=True)
class Untold:
    """The parts of the audits of which the input cannot tell what a standard asks for.

    `columns` are what is lacking in each (`table.column`; none: the rows before the latest).
    `who` are those where it cannot tell whom the standard binds, `trigger` those where it cannot
    tell of the trigger rows; in the others it cannot tell how a trigger row is tested.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    who: frozenset[str] = frozenset()
    trigger: frozenset[str] = frozenset()

    def flagged(self, rows: Relation, parts: Iterable[str]) -> Expression:
        """Say whether the audit of a row is in one of some parts."""
        return x.either(*(x.col(rows, f"u.{PARTLY}{part}") for part in sorted(parts)))


def untold_columns(standard: Standard, against: Against) -> Mapping[str, tuple[str, ...]]:
    """Return the parts of the audits of which the input cannot tell what a standard asks for."""
    setting = _setting(standard, against, evidence=False)
    return _untold(setting, audits(setting)).columns


def _compiled(setting: Setting) -> Relation:
    plan = _of_rows(setting, audits(setting))
    assert plan is not None  # noqa: S101 - all rows count as reached
    return plan


def _of_rows(setting: Setting, everyone: Relation) -> Relation | None:
    rows = _tested_rows(setting, everyone, _untold(setting, everyone))
    return None if rows is None else _decided(setting, rows)


def _tested_rows(setting: Setting, everyone: Relation, untold: Untold) -> Relation | None:
    """Return the tested rows, if there are any."""
    standard = setting.standard
    try:
        binds = condition(setting, everyone, standard.applies_to, _AUDIT)
    except AbsentError:
        return _unasked(everyone)
    told = bound = Filter(everyone, binds)
    cannot = _cannot_trigger(everyone, binds, untold)
    if cannot != x.FALSE:
        told = Filter(bound, x.negate(x.is_true(cannot)))
    try:
        triggered = _triggered(setting, told)
    except AbsentError:
        return _unasked(bound)
    tested = _tested_or_untold(setting, triggered, untold) if setting.reached(triggered) else ()
    tested += _unexamined(setting, told)
    if cannot != x.FALSE:
        tested += (_unasked(Filter(everyone, cannot)),)
    if not tested:
        return None
    return tested[0] if len(tested) == 1 else Union(tested)


def _cannot_trigger(everyone: Relation, binds: Expression, untold: Untold) -> Expression:
    """Say whether the input cannot tell if an audit is bound or what its trigger rows are."""
    trigger = x.both(binds, untold.flagged(everyone, untold.trigger))
    return x.either(untold.flagged(everyone, untold.who), trigger)


def _tested_or_untold(
    setting: Setting, triggered: Relation, untold: Untold
) -> tuple[Relation, ...]:
    """Return the tested rows; those of which the input lacks what is measured cannot be told of."""
    cannot = untold.flagged(triggered, untold.columns.keys() - untold.who - untold.trigger)
    if cannot == x.FALSE:
        return _branches(setting, triggered)
    known = _branches(setting, Filter(triggered, x.negate(cannot)))
    return (*known, _tagged(not_assessable(Filter(triggered, cannot)), 0))


def _untold(setting: Setting, everyone: Relation) -> Untold:
    """Return what a standard asks for in vain of some audits.

    What it asks for is known once it is compiled, so it is compiled once more for that.
    """
    if not setting.presence.partly:
        return Untold()
    whole = replace(setting, lacking=set(), asked=set(), reached=lambda _rows: True)
    _tested_rows(whole, everyone, Untold())
    early = replace(whole, asked=set())
    with suppress(AbsentError):
        condition(early, everyone, setting.standard.applies_to, _AUDIT)
        binding = frozenset(_in_vain(early))
        _triggered(early, everyone)
        return Untold(_in_vain(whole), binding, frozenset(_in_vain(early)) - binding)
    return Untold()  # it cannot be asked of any audit


def _in_vain(setting: Setting) -> Mapping[str, tuple[str, ...]]:
    """Return the parts of the audits that lack what was asked for, and which columns they lack."""
    found: dict[str, tuple[str, ...]] = {}
    for name, part in sorted(setting.presence.partly.items()):
        asked = sorted(c for c in part.columns if (part.table, c) in setting.asked)
        if asked or (part.latest and (part.table, "") in setting.asked):
            found[name] = tuple(f"{part.table}.{column}" for column in asked)
    return found


_AUDIT = Scope("u", AUDITS)


def _unasked(rows: Relation) -> Relation:
    """Return audits of which the input cannot tell, as tested rows."""
    return extend(not_assessable(extend(rows, t=x.col(rows, "a"))), branch=x.whole(0))


def _skipped(setting: Setting, bound: Relation) -> Expression:
    """Say whether a table that the trigger names was not examined for the audit."""
    trigger = setting.standard.trigger
    named = {trigger.table, trigger.open_for.from_.table if trigger.open_for else None}
    tables = sorted(table for table in named if table in setting.presence.not_examined)
    return x.either(*(x.col(bound, f"u.{SKIPPED}{table}") for table in tables))


def _unexamined(setting: Setting, bound: Relation) -> tuple[Relation, ...]:
    """Return audits of which the input cannot tell all trigger rows, as tested rows.

    One that lost a trigger row is not assessable, unless another trigger row is worse than that.
    """
    unsure = [_skipped(setting, bound)]
    table = setting.standard.trigger.table
    if table in setting.presence.put_aside:
        unsure.append(x.col(bound, f"u.{LOST}{table}"))
    cannot = x.either(*unsure)
    return () if cannot == x.FALSE else (_unasked(Filter(bound, cannot)),)


def _triggered(setting: Setting, bound: Relation) -> Relation:
    """Return the trigger rows: `unsure` where the input cannot tell if they have lasted."""
    trigger = setting.standard.trigger
    setting.needs(trigger.table)
    skipped = _skipped(setting, bound)
    if skipped != x.FALSE:
        bound = Filter(bound, x.negate(skipped))
    if trigger.table == AUDITS:
        rows = extend(bound, t=x.col(bound, "a"))
    else:
        rows = related(setting, trigger.table, bound, Scope("t", trigger.table))
        rows = _in_period(setting, rows)
    wanted = condition(setting, rows, trigger.where, Scope("t", trigger.table))
    if wanted != x.TRUE:
        rows = Filter(rows, wanted)
    if trigger.open_for is None:
        return extend(rows, unsure=x.FALSE)
    return _lasting(setting, rows, trigger.open_for)


def _in_period(setting: Setting, rows: Relation) -> Relation:
    """Leave out what was over before the audited period began."""
    table = setting.table(setting.standard.trigger.table)
    over = f"t.{table.until or table.date}"
    if "u.period_start" not in rows.schema or over not in rows.schema:
        return rows
    before = x.compare(Op.LESS, x.as_date(x.col(rows, over)), x.col(rows, "u.period_start"))
    return Filter(rows, x.negate(x.is_true(before)))


def _lasting(setting: Setting, rows: Relation, open_for: OpenFor) -> Relation:
    rows = day(setting, rows, open_for.from_, "opened")
    opened: Expression = x.col(rows, "opened")
    if open_for.in_period and "u.period_start" in rows.schema:
        opened = x.greatest(opened, x.col(rows, "u.period_start"))
    rows = extend(rows, opened=opened, until=x.col(rows, f"u.{CUT_OFF}"))
    if open_for.at_least.unit is Unit.MONTHS:  # a month has run when it is full
        months = full_months(x.col(rows, "opened"), x.col(rows, "until"))
        rows = extend(rows, lasted=months)
    else:
        how = Counting(unit=open_for.at_least.unit)
        rows = counted(rows, "opened", "until", how, "lasted")
    lasted = x.col(rows, "lasted")
    long_enough = x.compare(Op.AT_LEAST, lasted, x.whole(open_for.at_least.amount))
    kept = Filter(rows, x.coalesce(long_enough, x.TRUE))
    return extend(kept, unsure=x.is_null(lasted))


def _branches(setting: Setting, rows: Relation) -> tuple[Relation, ...]:
    """Return the tested rows of each branch, and of rows that are not assessable or not bound."""
    branches = setting.standard.branches()
    reached, reachable, stuck = _chosen_branch(setting, rows, branches)
    rows = extend(rows, branch=x.case((x.col(rows, "unsure"), x.whole(-1)), otherwise=reached))
    parts = []
    if reached == x.whole(0) and setting.standard.trigger.open_for is None:
        return (_tagged(_tested(setting, rows, branches[0]), 0),)
    if setting.standard.trigger.open_for or stuck:
        parts.append(_tagged(not_assessable(_at(rows, -1)), -1))
    for place, branch in enumerate(branches[:reachable]):
        mine = _at(rows, place)
        if setting.reached(mine):
            parts.append(_tagged(_tested(setting, mine, branch), place))
    return tuple(parts)


def _at(rows: Relation, place: int) -> Relation:
    mine = x.compare(Op.EQUAL, x.col(rows, "branch"), x.whole(place))
    return Filter(rows, mine)


def _tagged(rows: Relation, place: int) -> Relation:
    return extend(rows, branch=x.whole(place))


def _chosen_branch(
    setting: Setting, rows: Relation, branches: tuple[Branch, ...]
) -> tuple[Expression, int, bool]:
    """Return the place of the first branch that applies, how many can be reached, and if it stops.

    It stops where the input cannot tell: such rows are at -1. Null is a row that no branch binds.
    """
    whens: list[tuple[Expression, Expression]] = []
    scope = Scope("t", setting.standard.trigger.table)
    for place, branch in enumerate(branches):
        try:
            when = [condition(setting, rows, branch.when, scope)]
            when += [_younger(setting, rows, branch.age)] if branch.age else []
        except AbsentError:
            return x.case(*whens, otherwise=x.whole(-1)), place, True
        if x.both(*when) == x.TRUE:
            return x.case(*whens, otherwise=x.whole(place)), place + 1, False
        whens.append((x.both(*when), x.whole(place)))
    return x.case(*whens, otherwise=x.null(Type.INT)), len(branches), False


def _younger(setting: Setting, rows: Relation, age: Age) -> Expression:
    under = age.under if isinstance(age.under, int) else setting.settings[age.under]
    born = x.null(Type.DATE)
    if setting.has(AUDITS, "birth_month"):
        born = x.col(rows, "u.birth_month")  # type: ignore[assignment]
    on = plain_day(setting, rows, age.on)
    months = x.arithmetic(Op.SUBTRACT, x.month_number(on), x.month_number(born))
    return x.compare(Op.LESS, months, x.whole(under * 12))


def _tested(setting: Setting, rows: Relation, branch: Branch) -> Relation:
    if branch.measure is None:
        return not_applicable(rows)
    versions = setting.standard.versions_of(branch)
    setting = replace(setting, looked_up=looked_up(branch.measure))
    try:
        found: Relation = MEASURES[branch.measure.kind](setting, branch.measure, versions, rows)
    except AbsentError:
        return not_assessable(rows)
    return found


def _decided(setting: Setting, rows: Relation) -> Relation:
    """Fold tested rows to one an audit: the worst decides."""
    if not setting.evidence:
        return Aggregate(rows, ("a",), (("outcome", Fold.MAX, x.col(rows, "outcome")),))
    first = First(rows, ("a",), ORDER)
    names = ("a", "outcome", *EVIDENCE, "branch")
    return Project(first, tuple((name, x.col(first, name)) for name in names))
