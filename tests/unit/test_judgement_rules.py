"""One test for each row of the table of design §5, on one audit of the shipped rules."""

import pytest

from engine.judgement.audit import AuditFacts, Judged, judge_audit, suggested
from engine.judgement.judge import Verdicts
from engine.judgement.plain import PlainJudge
from engine.judgement.reasons import Binder, Reason
from engine.rulebook.judgement import Judgement
from engine.terms import Outcome, Route
from tests.unit.judgement_book import GRADES, STANDARDS, rulebook, shipped

INADEQUATE, IMPROVE, GOOD, OUTSTANDING = range(1, 5)
NONE, MODERATE, PANEL, ALERT = range(len(Route))
SILENT = 7


def judged(
    findings: dict[str, str | int] | None = None,
    overall: int | None = OUTSTANDING,
    domains: dict[str, int] | None = None,
) -> Judged:
    """Judge an audit in which all is met but these findings."""
    codes = dict.fromkeys(STANDARDS, Outcome.MET.code)
    for name, outcome in (findings or {}).items():
        codes[name] = outcome if isinstance(outcome, int) else Outcome(outcome).code
    book = rulebook()
    verdicts = Verdicts(book.judgement, book.grades, PlainJudge(book.judgement, book.grades))
    return judge_audit(AuditFacts(codes, {}, overall, domains or {}), book, verdicts)


def fired(one: Judged) -> dict[str, Reason]:
    """Return the rules that fired, by id."""
    return {reason.rule.id: reason for reason in Binder(rulebook()).reasons(one)}


def test_nothing_missed_caps_nothing() -> None:
    """Without a miss there is no cap, and the auditor's outstanding stands."""
    one = judged()
    assert (one.caps, one.cap, one.moderated, one.route) == ({}, None, OUTSTANDING, NONE)


def test_a_critical_standard_not_met_caps_domain_and_audit_at_inadequate() -> None:
    """One critical miss is inadequate for the domain and the audit, and raises an alert."""
    one = judged({"VI-01": "not_met"})
    assert (one.caps["visits"], one.cap, one.route) == (INADEQUATE, INADEQUATE, ALERT)
    assert fired(one)["critical-not-met"].standards == ("VI-01",)
    assert fired(one)["child-at-risk"].standards == ("VI-01",)


def test_a_critical_standard_missed_by_silence_says_to_check_the_child() -> None:
    """Where silence made the miss, the alert says that there is no evidence."""
    one = judged({"VI-01": SILENT})
    assert (one.caps["visits"], one.cap, one.route) == (INADEQUATE, INADEQUATE, ALERT)
    assert "critical-not-met" not in fired(one)
    assert fired(one)["critical-no-evidence"].rule.alert == "No evidence: check the child today."


@pytest.mark.parametrize("outcome", ["partly_met", "not_evidenced"])
def test_a_critical_standard_in_doubt_caps_at_requires_improvement(outcome: str) -> None:
    """Partly met, or not evidenced, caps domain and audit at requires improvement, and alerts."""
    one = judged({"VI-01": outcome})
    assert (one.caps["visits"], one.cap, one.route) == (IMPROVE, IMPROVE, ALERT)


@pytest.mark.parametrize("outcome", ["not_met", "not_evidenced", SILENT])
def test_a_major_standard_missed_caps_its_domain(outcome: str | int) -> None:
    """A major miss leaves its domain requires improvement and, as one such domain, good overall."""
    one = judged({"PL-01": outcome})
    assert (one.caps, one.cap) == ({"planning": IMPROVE}, GOOD)


def test_a_major_standard_partly_met_caps_its_domain_at_good() -> None:
    """A shortfall of a major standard leaves good, and leaves the audit alone."""
    one = judged({"PL-01": "partly_met"})
    assert (one.caps, one.cap) == ({"planning": GOOD}, None)


@pytest.mark.parametrize("outcome", ["not_met", "not_evidenced"])
def test_a_minor_standard_missed_caps_its_domain_at_good(outcome: str) -> None:
    """One minor miss leaves good, two do as well, and a minor shortfall costs nothing."""
    assert judged({"RE-01": outcome}).caps == {"recording": GOOD}
    assert judged({"RE-01": outcome, "RE-02": outcome}).caps == {"recording": GOOD}
    assert judged({"RE-01": "partly_met"}).caps == {}


def test_three_minor_misses_in_a_domain_cap_it_at_requires_improvement() -> None:
    """Three in one domain weigh as a major one; three over several domains do not."""
    missed = dict.fromkeys(("RE-01", "RE-02", "RE-03"), "not_met")
    assert judged({**missed}).caps == {"recording": IMPROVE}
    assert fired(judged({**missed}))["minors-missed"].standards == ("RE-01", "RE-02", "RE-03")
    spread = dict.fromkeys(("RE-01", "SA-03", "VI-03"), "not_met")
    assert set(judged({**spread}).caps.values()) == {GOOD}


@pytest.mark.parametrize("outcome", ["not_met", "not_evidenced"])
def test_a_bottom_line_missed_caps_the_audit_at_requires_improvement(outcome: str) -> None:
    """A bottom line caps the audit, even where its own severity only touches the domain."""
    one = judged({"VI-04": outcome})
    assert (one.caps, one.cap) == ({"visits": GOOD}, IMPROVE)
    assert fired(one)["bottom-line-missed"].standards == ("VI-04",)
    assert judged({"VI-04": "partly_met"}).cap is None


def test_weak_domains_cap_the_audit() -> None:
    """One domain at requires improvement or worse leaves good; two leave requires improvement."""
    assert judged({"PL-01": "not_met"}).cap == GOOD
    two = judged({"PL-01": "not_met", "SA-02": "not_met"})
    assert two.cap == IMPROVE
    assert fired(two)["several-weak-domains"].standards == ("PL-01", "SA-02")


@pytest.mark.parametrize("domain", ["safety", "visits", "decision_making"])
def test_an_own_inadequate_where_safety_is_decided_caps_the_audit(domain: str) -> None:
    """The auditor's own inadequate caps the audit, in these three domains and no other."""
    assert judged(domains={domain: INADEQUATE}).cap == IMPROVE
    assert judged(domains={domain: IMPROVE}).cap is None
    assert judged(domains={"planning": INADEQUATE}).cap is None


def test_an_overall_grade_better_than_most_own_domains_is_moderated() -> None:
    """Better than more than half of the own domain grades goes to moderation; half does not."""
    assert judged(overall=GOOD, domains={"voice": IMPROVE, "planning": IMPROVE}).route == MODERATE
    assert judged(overall=GOOD, domains={"voice": IMPROVE, "planning": GOOD}).route == NONE
    assert judged(overall=None, domains={"voice": IMPROVE}).route == NONE


def test_the_route_goes_by_how_far_the_grade_came_down() -> None:
    """One grade goes to moderation; two or more, or down to inadequate, to a panel."""
    weak = {"PL-01": "not_met", "SA-02": "not_met"}
    assert judged({"PL-01": "not_met"}).route == MODERATE
    assert judged({**weak}, overall=GOOD).route == MODERATE
    assert judged({**weak}, overall=OUTSTANDING).route == PANEL
    assert judged({**weak}, overall=IMPROVE).route == NONE
    # the alert goes further than the panel, so the panel is seen in what fired
    down = judged({"VI-01": "not_met"}, overall=IMPROVE)
    assert "down-to-inadequate" in fired(down)
    assert "two-grades-down" not in fired(down)
    assert "down-to-inadequate" not in fired(judged({"VI-01": "not_met"}, overall=INADEQUATE))


def test_an_audit_without_a_grade_is_capped_and_alerted_but_not_moderated() -> None:
    """What is missing does not constrain: no moderated grade, and a route only where a child is."""
    one = judged({"PL-01": "not_met"}, overall=None)
    assert (one.cap, one.moderated, one.route) == (GOOD, None, NONE)
    assert judged({"VI-01": "not_met"}, overall=None).route == ALERT


def test_a_rule_on_answers_rests_on_the_standards_that_were_answered_so() -> None:
    """A council may route by contradictions; the reason names the standards contradicted."""
    rule = {
        "id": "contradicted",
        "title": "Two answers contradict the record",
        "when": {"answers": {"comparison": "contradiction", "at_least": 2}},
        "route": "moderate",
    }
    book = rulebook(Judgement.model_validate({"compliance_earns_at_most": "good", "route": [rule]}))
    verdicts = Verdicts(book.judgement, book.grades, PlainJudge(book.judgement, book.grades))
    codes = dict.fromkeys(STANDARDS, Outcome.NOT_MET.code)
    answers = {"VI-01": 2, "SA-01": 0, "RE-01": 6}
    one = judge_audit(AuditFacts(codes, answers, 3), book, verdicts)
    (reason,) = Binder(book).reasons(one)
    assert (one.route, reason.rule.id, reason.standards) == (
        MODERATE,
        "contradicted",
        ("SA-01", "VI-01"),
    )


def test_domains_are_moderated_too() -> None:
    """The worse of the auditor's domain grade and the cap; an ungraded domain stays so."""
    one = judged({"PL-01": "not_met"}, domains={"planning": GOOD, "voice": GOOD})
    assert one.moderated_domains == {"planning": IMPROVE, "voice": GOOD}


@pytest.mark.parametrize(
    ("findings", "overall", "expected"),
    [
        ({}, INADEQUATE, GOOD),
        ({}, GOOD, None),
        ({}, None, None),
        ({"VI-04": "not_met"}, INADEQUATE, IMPROVE),
        ({"VI-04": "not_met"}, IMPROVE, None),
        (dict.fromkeys(STANDARDS, "not_applicable"), INADEQUATE, None),
    ],
)
def test_a_better_grade_is_suggested_never_given(
    findings: dict[str, str | int], overall: int | None, expected: int | None
) -> None:
    """Where the record supports more, it is suggested, at most good, and the grade stays."""
    one = judged(findings, overall)
    assert suggested(one, rulebook()) == expected
    assert one.moderated == overall


def test_every_shipped_rule_fires_on_some_pattern_and_not_on_all() -> None:
    """No shipped rule is dead, and none fires whatever it is shown."""
    verdicts = Verdicts(shipped(), GRADES, PlainJudge(shipped(), GRADES))
    for stratum, patterns in verdicts.patterns.items():
        seen = [verdicts.fired(stratum, key).fired for key in range(patterns.count)]
        for rule in shipped().rules(stratum):
            assert 0 < sum(rule.id in each for each in seen) < len(seen), rule.id
