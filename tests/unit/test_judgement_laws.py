"""The laws of judgement, on the shipped rules and any audit."""

from functools import cache
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engine.judgement.audit import AuditFacts, Judged, judge_audit, worst
from engine.judgement.judge import Verdicts
from engine.judgement.plain import PlainJudge
from engine.rulebook.judgement import STRATA, Judgement
from tests.unit.judgement_book import DOMAINS, GRADES, STANDARDS, rulebook, shipped
from tests.unit.judgement_drawn import audits, few, judgements

# from nothing held against the case, over partly met and not evidenced, to not met (7: by silence)
STEPS = {0: 0, 1: 0, 2: 0, 3: 0, 4: 1, 5: 2, 6: 3, 7: 3}


def judge(facts: AuditFacts, judgement: Judgement | None = None) -> Judged:
    """Judge an audit by the shipped rules, or by others."""
    return judge_audit(facts, rulebook(judgement), verdicts(judgement or shipped()))


@cache
def verdicts(judgement: Judgement) -> Verdicts:
    """Return the verdicts of the plain judge."""
    return Verdicts(judgement, GRADES, PlainJudge(judgement, GRADES))


def no_better(one: int | None, other: int | None) -> bool:
    """Say whether a cap or grade is no better than another; none is the best."""
    return (one or 9) <= (other or 9)


@few
@given(audits(), st.sampled_from(list(STANDARDS)), st.integers(0, 7))
def test_one_more_miss_never_raises_a_grade(facts: AuditFacts, name: str, code: int) -> None:
    """Whatever a finding turns to that is worse, no cap, grade or route becomes milder."""
    worse = AuditFacts({**facts.outcomes, name: code}, facts.answers, facts.overall, facts.domains)
    if STEPS[code] < STEPS[facts.outcomes[name]]:
        facts, worse = worse, facts
    before, after = judge(facts), judge(worse)
    assert no_better(after.cap, before.cap)
    assert no_better(after.moderated, before.moderated)
    assert all(no_better(after.caps.get(d), before.caps.get(d)) for d in DOMAINS)
    assert after.route >= before.route


@few
@given(audits(), judgements())
def test_the_moderated_grade_is_never_better_than_the_auditors(
    facts: AuditFacts, judgement: Judgement
) -> None:
    """Whatever the rules, what the auditor gave is lowered or confirmed, and a gap stays a gap."""
    one = judge(facts, judgement)
    assert (one.moderated is None) == (facts.overall is None)
    assert no_better(one.moderated, facts.overall)
    assert set(one.moderated_domains) == set(facts.domains)
    assert all(no_better(rank, facts.domains[d]) for d, rank in one.moderated_domains.items())
    assert one.moderated in (None, worst(facts.overall, one.cap))


@few
@given(audits(), judgements(), st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(
    facts: AuditFacts, judgement: Judgement, dice: Random
) -> None:
    """Rules in any order give the same caps, grade and route, and the same rules fire."""
    lists = {s: judgement.rules(s) for s in STRATA}
    shuffled = judgement.model_copy(
        update={s: tuple(dice.sample(rules, len(rules))) for s, rules in lists.items()}
    )
    one, other = judge(facts, judgement), judge(facts, shuffled)
    assert (one.caps, one.cap, one.moderated) == (other.caps, other.cap, other.moderated)
    assert (one.alert, one.route) == (other.alert, other.route)
    assert set(one.next.fired) == set(other.next.fired)
