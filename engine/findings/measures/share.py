"""`share`: the per cent of rows that satisfy a condition."""

from collections.abc import Sequence

from engine.findings import expressions as x
from engine.findings.counting import judged, per_cent
from engine.findings.measures.related import asked_first, fold_related
from engine.findings.plan import Op, Relation
from engine.findings.rows import Setting
from engine.findings.tested import Verdict, not_assessable, silent, tested
from engine.rulebook.measures import Share, Version


def compile_share(
    setting: Setting, measure: Share, versions: Sequence[Version], rows: Relation
) -> Relation:
    """Return the tested rows of a `share`."""
    setting.needs(measure.of)
    if setting.latest(measure.of):
        return not_assessable(rows)
    found = fold_related(setting, measure, versions, rows)
    n, satisfied = x.col(found, "n"), x.col(found, "satisfied")
    asked = (*asked_first(found, measure), (x.none(n), silent(setting)))
    evidence = {
        "value": per_cent(satisfied, n),
        "rows": n,
        "back_filled": x.compare(Op.LESS, x.col(found, "in_time"), n),
    }
    outcome = judged(found, versions, satisfied, per=n)
    began, sought = measure.start, (measure.of, *setting.looked_up)
    verdict = Verdict(asked, outcome, evidence, sought, (measure.of,), began=began)
    return tested(setting, found, verdict)
