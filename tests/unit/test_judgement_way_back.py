from itertools import combinations

from hypothesis import given

from engine.judgement.audit import AuditFacts, judge_audit
from engine.judgement.judge import Verdicts
from engine.judgement.plain import PlainJudge
from engine.judgement.way_back import WayBack, way_back
from engine.rulebook.judgement import Judgement
from engine.terms import ADVERSE, Outcome
from tests.unit.judgement_book import GRADES, STANDARDS, rulebook, shipped
from tests.unit.judgement_drawn import audits, few, judgements

MOST_TRIED = 9


def brute(facts: AuditFacts, judgement: Judgement) -> tuple[tuple[str, ...], ...]:
    """Try every set of standards that fall short, smallest first, and return the first that do."""
    book = rulebook(judgement)
    verdicts = Verdicts(judgement, GRADES, PlainJudge(judgement, GRADES))

    def standing(changed: AuditFacts) -> int:
        one = judge_audit(changed, book, verdicts)
        return (one.moderated if facts.overall else one.cap) or 9

    adverse = {outcome.code for outcome in ADVERSE} | {7}
    missed = sorted(name for name, code in facts.outcomes.items() if code in adverse)
    for size in range(1, len(missed) + 1):
        found = [
            names
            for names in combinations(missed, size)
            if standing(facts.with_met(names)) > standing(facts)
        ]
        if found:
            return tuple(found)
    return ()


def missed(*names: str, overall: int | None = 4) -> AuditFacts:
    """Return an audit in which these standards are not met and all others are."""
    codes = dict.fromkeys(STANDARDS, Outcome.MET.code)
    return AuditFacts(codes | dict.fromkeys(names, Outcome.NOT_MET.code), overall=overall)


def test_a_single_critical_miss_is_the_way_back() -> None:
    """One critical miss holds the grade at inadequate, whatever else is missed."""
    facts = missed("VI-01", "RE-01", "PL-01")
    assert way_back(facts, rulebook()) == WayBack(1, (("VI-01",),))


def test_every_smallest_set_is_named() -> None:
    """Of two weak domains either will do; three of four minors need any two to change."""
    assert way_back(missed("PL-01", "SA-02"), rulebook()).sets == (("PL-01",), ("SA-02",))
    four = missed("RE-01", "RE-02", "RE-03", "RE-04")
    assert way_back(four, rulebook()).sets == tuple(
        combinations(("RE-01", "RE-02", "RE-03", "RE-04"), 2)
    )


def test_there_is_no_way_back_where_findings_do_not_hold_the_grade() -> None:
    """Nothing missed, the auditor's own grade, or a rule on it: no set of findings lifts it."""
    assert way_back(missed(), rulebook()).sets == ()
    assert way_back(missed("PL-01", overall=2), rulebook()) == WayBack(2, ())
    own = AuditFacts(missed("PL-01").outcomes, overall=4, domains={"safety": 1})
    assert way_back(own, rulebook()) == WayBack(2, ())


def test_without_an_auditors_grade_the_cap_is_what_is_lifted() -> None:
    """The way back is told of the cap where there is no moderated grade."""
    assert way_back(missed("PL-01", overall=None), rulebook()) == WayBack(3, (("PL-01",),))


def test_a_search_that_is_too_long_says_so() -> None:
    """Rather than take for ever it stops, and does not pretend that there is no way."""
    four = missed("RE-01", "RE-02", "RE-03", "RE-04")
    assert way_back(four, rulebook(), most_tries=3) == WayBack(3, (), complete=False)


@few
@given(audits())
def test_the_way_back_is_what_trying_everything_finds(facts: AuditFacts) -> None:
    """By the shipped rules, the sets are all those, and only those, of the smallest size."""
    assert way_back(facts, rulebook()).sets == brute(facts, shipped())


@few
@given(audits(), judgements())
def test_the_way_back_is_right_whatever_the_rules(facts: AuditFacts, judgement: Judgement) -> None:
    """Any rules in the language leave the short search as good as the long one."""
    assert way_back(facts, rulebook(judgement)).sets == brute(facts, judgement)
