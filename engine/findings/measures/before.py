"""`before`: events come before a day."""

from collections.abc import Sequence

from engine.findings import expressions as x
from engine.findings.counting import code, with_version
from engine.findings.plan import Expression, Op, Relation
from engine.findings.rows import CUT_OFF, RAW, Setting, day, moved
from engine.findings.tested import Verdict, no_version, own_day, silent, tested
from engine.rulebook.fields import AUDITS
from engine.rulebook.measures import Before, Version
from engine.terms import Outcome


def compile_before(
    setting: Setting, measure: Before, versions: Sequence[Version], rows: Relation
) -> Relation:
    """Return the tested rows of a `before`."""
    rows = with_version(rows, versions, own_day(setting, rows))
    rows = day(setting, rows, measure.day, "day")
    names = []
    for place, event in enumerate(measure.events):
        names.append(f"event_{place}")
        rows = day(setting, rows, event, names[-1])
    limit = x.col(rows, "day")
    late = Op.MORE if measure.same_day == "counted" else Op.AT_LEAST
    too_late = x.either(*(x.is_true(x.compare(late, x.col(rows, n), limit)) for n in names))
    blank = x.either(x.is_null(limit), *(x.is_null(x.col(rows, name)) for name in names))
    asked = (
        no_version(rows),
        _not_come(setting, rows, measure),
        (too_late, code(Outcome.NOT_MET)),
        (blank, silent(setting)),
    )
    tables = tuple(d.table for d in (measure.day, *measure.events) if d.table)
    last = x.greatest(*(x.col(rows, name) for name in names))
    filled_late = x.either(*(x.col(rows, f"{name}_late") for name in names))
    evidence = {"day_from": last, "day_to": limit, "back_filled": filled_late}
    return tested(setting, rows, Verdict(asked, code(Outcome.MET), evidence, tables, tables))


def _not_come(setting: Setting, rows: Relation, measure: Before) -> tuple[Expression, Expression]:
    """Ask whether the day itself lies after the cut-off: then nothing was to come before it yet."""
    own = "u." if setting.standard.trigger.table == AUDITS else "t."
    name = (measure.day.field or "").replace("trigger.", own)
    name = f"{name}{RAW}" if f"{name}{RAW}" in rows.schema else name
    if name not in rows.schema:
        return (x.FALSE, code(Outcome.NOT_YET_DUE))
    limit = moved(x.as_date(x.col(rows, name)), measure.day)
    future = x.compare(Op.MORE, limit, x.col(rows, f"u.{CUT_OFF}"))
    return (x.is_true(future), code(Outcome.NOT_YET_DUE))
