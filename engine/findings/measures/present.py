"""`present`: something is there, as a row of a table or in the trigger row itself."""

from collections.abc import Sequence

from engine.findings import expressions as x
from engine.findings.counting import code, with_version
from engine.findings.measures.related import asked_first, fold_related
from engine.findings.plan import Expression, Relation
from engine.findings.rows import Scope, Setting, condition, read
from engine.findings.tested import Verdict, no_version, own_day, silent, tested, with_held
from engine.rulebook.measures import Present, Version
from engine.terms import Outcome


def compile_present(
    setting: Setting, measure: Present, versions: Sequence[Version], rows: Relation
) -> Relation:
    """Return the tested rows of a `present`."""
    if measure.of is not None:
        return _a_row(setting, measure, versions, rows)
    return _in_the_row(setting, measure, versions, rows)


def _a_row(
    setting: Setting, measure: Present, versions: Sequence[Version], rows: Relation
) -> Relation:
    assert measure.of is not None  # noqa: S101 - the caller looked
    setting.needs(measure.of)
    found = fold_related(setting, measure, versions, rows)
    hidden: Expression = x.FALSE
    if setting.latest(measure.of):
        # The one row that is held does not count, and an earlier one may have.
        first = "first" if measure.window else None
        found = with_held(setting, found, (measure.of, measure.date), first)
        hidden = x.some(x.col(found, "held"))
    n, waiting = x.col(found, "n"), x.col(found, "waiting")
    nothing = x.case(
        (x.either(hidden, x.is_null(waiting)), code(Outcome.NOT_ASSESSABLE)),
        (waiting, code(Outcome.NOT_YET_DUE)),
        otherwise=silent(setting),
    )
    asked = (*asked_first(found, measure), (x.none(n), nothing))
    late = x.both(x.some(n), x.none(x.col(found, "in_time")))
    evidence = {"value": n, "rows": n, "back_filled": late}
    if measure.window:
        evidence |= {"day_from": x.col(found, "first"), "day_to": x.col(found, "last")}
    began, sought = measure.start, (measure.of, *setting.looked_up)
    verdict = Verdict(asked, code(Outcome.MET), evidence, sought, (measure.of,), began=began)
    return tested(setting, found, verdict)


def _in_the_row(
    setting: Setting, measure: Present, versions: Sequence[Version], rows: Relation
) -> Relation:
    scope = Scope("t", setting.standard.trigger.table)
    rows = with_version(rows, versions, own_day(setting, rows))
    satisfied = condition(setting, rows, measure.satisfies, scope)
    partly = condition(setting, rows, measure.partly, scope) if measure.partly else x.FALSE
    blanks = x.either(*(x.is_null(read(setting, rows, name, scope)) for name in measure.fields))
    # False already, whatever the blanks would have said; true only where nothing is blank.
    failed = x.is_true(x.negate(satisfied))
    outcomes: tuple[tuple[Expression, Expression], ...] = (
        no_version(rows),
        (x.both(failed, x.is_true(partly)), code(Outcome.PARTLY_MET)),
        (x.both(failed, x.is_true(x.negate(partly))), code(Outcome.NOT_MET)),
        (x.either(failed, x.is_null(satisfied), blanks), silent(setting)),
    )
    return tested(setting, rows, Verdict(outcomes, code(Outcome.MET)))
