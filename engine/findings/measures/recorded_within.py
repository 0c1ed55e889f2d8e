"""`recorded_within`: time from the day of the trigger row to the day it was recorded."""

from collections.abc import Sequence

from engine.findings import expressions as x
from engine.findings.counting import Limits
from engine.findings.measures.within import time_taken
from engine.findings.plan import Op, Relation, Type
from engine.findings.rows import CUT_OFF, Setting, day, extend
from engine.rulebook.conditions import DayOf
from engine.rulebook.fields import RECORDED
from engine.rulebook.measures import RecordedWithin, Version


def compile_recorded_within(
    setting: Setting, measure: RecordedWithin, versions: Sequence[Version], rows: Relation
) -> Relation:
    """Return the tested rows of a `recorded_within`."""
    name = measure.date or setting.table(setting.standard.trigger.table).date
    rows = day(setting, rows, DayOf(field=f"trigger.{name}"), "start")
    rows = day(setting, rows, DayOf(field=f"trigger.{RECORDED}"), "end")
    end = x.col(rows, "end")
    come = x.compare(Op.AT_MOST, end, x.col(rows, f"u.{CUT_OFF}"))
    rows = extend(rows, end=x.case((come, end), otherwise=x.null(Type.DATE)))
    return time_taken(setting, rows, versions, Limits(None, measure))
