import sys

import pytest

from engine.judgement.judge import Verdict, Verdicts, best_judge, fold
from engine.judgement.patterns import Pattern
from engine.judgement.plain import PlainJudge
from engine.rulebook.judgement import Judgement, Stratum
from tests.unit.judgement_book import GRADES, parsed, shipped

RULES = """
compliance_earns_at_most: good
domain:
  - {id: a, title: A, cap: good, overall_cap: good, when: {findings: {outcome: not_met}}}
  - {id: b, title: B, cap: inadequate, route: panel, when: {findings: {outcome: not_met}}}
  - {id: c, title: C, alert: Look., route: moderate, when: {findings: {outcome: partly_met}}}
"""


class Counting(PlainJudge):
    """A judge that counts how often it is asked."""

    def __init__(self, judgement: Judgement) -> None:
        super().__init__(judgement, GRADES)
        self.asked = 0

    def fired(self, stratum: Stratum, pattern: Pattern) -> frozenset[str]:
        """Return the ids of the rules that fire."""
        self.asked += 1
        return super().fired(stratum, pattern)


def test_a_verdict_is_the_worst_cap_and_the_furthest_route() -> None:
    """What several rules propose is folded, whichever comes first."""
    rules = parsed(Judgement, RULES).domain
    assert fold(rules, GRADES) == Verdict(
        ("a", "b", "c"), cap=1, overall_cap=3, alert=True, route=2
    )
    assert fold(rules[:1], GRADES) == Verdict(("a",), cap=3, overall_cap=3, alert=False, route=0)
    assert fold((), GRADES) == Verdict((), cap=None, overall_cap=None, alert=False, route=0)


def test_a_pattern_is_judged_once() -> None:
    """However often a verdict is asked for, the judge sees its pattern once."""
    judge = Counting(parsed(Judgement, RULES))
    verdicts = Verdicts(parsed(Judgement, RULES), GRADES, judge)
    assert [verdicts.fired("domain", key).fired for key in (0, 1, 3, 1, 3)] == [
        (),
        ("a", "b"),
        ("a", "b", "c"),
        ("a", "b"),
        ("a", "b", "c"),
    ]
    assert judge.asked == 3
    assert verdicts.counted() == {"domain": 3, "overall": 0, "route": 0}


def test_the_best_judge_is_durable_rules_where_it_can_be_loaded() -> None:
    """Its name, with its version, is for the header of the run."""
    pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    judge = best_judge(shipped(), GRADES)
    assert judge.name.startswith("durable-rules 2.0.")
    judge.close()


def test_the_plain_judge_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where durable-rules is missing or not wanted, the plain judge judges."""
    assert best_judge(shipped(), GRADES, plain=True).name == "plain"
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    monkeypatch.delitem(sys.modules, "engine.judgement.durable", raising=False)
    assert best_judge(shipped(), GRADES).name == "plain"


def test_an_engine_that_drops_facts_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the last fact fires nothing, the verdict is not believed."""
    durable = pytest.importorskip("engine.judgement.durable", exc_type=ImportError)
    judge = durable.DurableJudge(shipped(), GRADES)
    facts = {"kind": "counts", "_1": 1, "n0": float("inf")}
    monkeypatch.setattr(durable, "facts_of", lambda *_: [facts])
    with pytest.raises(RuntimeError, match="did not take every fact"):
        judge.fired("domain", {})
    judge.close()
