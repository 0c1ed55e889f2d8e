"""`answer`: the auditor's own answer on the standard."""

from collections.abc import Sequence

from engine.findings import expressions as x
from engine.findings.counting import code, with_version
from engine.findings.plan import Aggregate, Filter, Fold, Join, Op, Project, Relation
from engine.findings.rows import LOST, Scope, Setting, related
from engine.findings.tested import Verdict, no_version, own_day, silent, tested
from engine.rulebook.measures import AnswerMeasure, Version
from engine.terms import Answer, Outcome


def compile_answer(
    setting: Setting, measure: AnswerMeasure, versions: Sequence[Version], rows: Relation
) -> Relation:
    """Return the tested rows of an `answer`."""
    del measure  # it has no parts
    setting.needs("answers")
    setting.has("answers", "answer")
    setting.needs_answer()
    rows = with_version(rows, versions, own_day(setting, rows))
    given = related(setting, "answers", rows, Scope("e", "answers"))
    mine = x.compare(Op.EQUAL, x.col(given, "e.standard"), x.text(setting.standard.id))
    kept = Filter(given, mine)
    answered = x.case(
        *(
            (x.compare(Op.EQUAL, x.col(kept, "e.answer"), x.text(a)), code(Outcome(a.value)))
            for a in Answer
        ),
        otherwise=x.null(x.whole(0).type),
    )
    told = Project(kept, (("t", x.col(kept, "t")), ("answered", answered)))
    one = Aggregate(told, ("t",), (("answered", Fold.MAX, x.col(told, "answered")),))
    found = Join(rows, one, (("t", "t"),), outer=True)
    answer = x.col(found, "answered")
    nothing = silent(setting)
    if "answers" in setting.presence.put_aside:
        # Only silence could be cured by the row that was put aside; an answer that is there stands.
        lost = x.col(found, f"u.{LOST}answers")
        nothing = x.case((lost, code(Outcome.NOT_ASSESSABLE)), otherwise=nothing)
    asked = (no_version(found), (x.is_null(answer), nothing))
    verdict = Verdict(asked, answer, reads=("answers",))
    return tested(setting, found, verdict)
