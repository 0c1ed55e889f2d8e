"""`count`: the number of rows."""

from collections.abc import Sequence

from engine.findings import expressions as x
from engine.findings.counting import by_version, code, judged
from engine.findings.measures.related import asked_first, fold_related
from engine.findings.plan import Expression, Op, Relation
from engine.findings.rows import Setting
from engine.findings.tested import Verdict, not_assessable, silent, tested
from engine.rulebook.measures import Count, Version
from engine.terms import Outcome


def compile_count(
    setting: Setting, measure: Count, versions: Sequence[Version], rows: Relation
) -> Relation:
    """Return the tested rows of a `count`."""
    setting.needs(measure.of)
    if setting.latest(measure.of):
        return not_assessable(rows)
    found = fold_related(setting, measure, versions, rows)
    n, waiting = x.col(found, "n"), x.col(found, "waiting")
    nothing = x.case(
        (x.is_null(waiting), code(Outcome.NOT_ASSESSABLE)),
        (waiting, code(Outcome.NOT_YET_DUE)),
        otherwise=silent(setting),
    )
    wanted = by_version(found, versions, _asks_for_some)
    asked = (*asked_first(found, measure), (x.both(wanted, x.none(n)), nothing))
    late = x.both(x.some(n), x.compare(Op.LESS, x.col(found, "in_time"), n))
    evidence = {"value": n, "rows": n, "back_filled": late}
    # A further row can cure only a standard that asks for more of them.
    more = (measure.of,) if any(_more_is_better(version) for version in versions) else ()
    began = measure.start
    sought, outcome = (*more, *setting.looked_up), judged(found, versions, n)
    verdict = Verdict(asked, outcome, evidence, sought, (measure.of,), began=began)
    return tested(setting, found, verdict)


def _more_is_better(version: Version) -> bool:
    return version.met is not None and version.met.at_least is not None


def _asks_for_some(version: Version) -> Expression:
    return x.TRUE if _more_is_better(version) else x.FALSE
