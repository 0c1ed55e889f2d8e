from hypothesis import given
from hypothesis import strategies as st

from engine.judgement.patterns import by_domain, counted, patterns_of
from engine.rulebook.judgement import STRATA, Findings, Judgement
from tests.unit.judgement_book import GRADES, STANDARDS, parsed, rulebook, shipped
from tests.unit.judgement_drawn import few, judgements


def test_the_shipped_rules_tell_few_patterns_apart() -> None:
    """All patterns of the shipped rules can be tried in the tests: they are this many."""
    counts = {s: patterns.count for s, patterns in patterns_of(shipped(), GRADES).items()}
    assert counts == {"domain": 128, "overall": 12, "route": 100}


@few
@given(judgements(), st.data())
def test_a_key_is_a_pattern_and_a_pattern_a_key(judgement: Judgement, data: st.DataObject) -> None:
    """Decoding a key and making the key of what comes out gives the same key."""
    for patterns in patterns_of(judgement, GRADES).values():
        key = data.draw(st.integers(0, patterns.count - 1))
        assert patterns.key(patterns.decode(key)) == key


def test_a_tally_counts_no_further_than_any_rule_asks() -> None:
    """Four minor misses are the same pattern as three, since no rule asks for four."""
    patterns = patterns_of(shipped(), GRADES)["domain"]
    tally = next(f for f in patterns.sizes if isinstance(f, Findings) and f.severity == ("minor",))
    none = dict.fromkeys(patterns.sizes, 0)
    assert patterns.key({**none, tally: 4}) == patterns.key({**none, tally: 3})
    assert patterns.key({**none, tally: 3}) != patterns.key({**none, tally: 2})


def test_the_same_tally_in_several_rules_is_one_feature() -> None:
    """The order in which an author lists severities and outcomes makes no new pattern."""
    judgement = parsed(
        Judgement,
        """
        compliance_earns_at_most: good
        domain:
          - {id: one, title: One, cap: good,
             when: {findings: {severity: [minor, major], outcome: [not_met, partly_met]}}}
          - {id: other, title: Other, cap: good,
             when: {findings: {severity: [major, minor], outcome: [partly_met, not_met],
                               at_least: 2}}}
        """,
    )
    assert {s: patterns_of(judgement, GRADES)[s].count for s in STRATA} == {
        "domain": 3,
        "overall": 1,
        "route": 1,
    }


def test_a_tally_looks_only_at_its_standards() -> None:
    """Severity and bottom line choose the standards; leaving them out takes all."""
    live = rulebook().live
    lines = Findings(outcome=("not_met",), bottom_line=True)
    majors = Findings(outcome=("not_met",), severity=("major",), bottom_line=False)
    assert [s.id for s in counted(lines, live)] == ["PL-02", "SA-01", "VI-02", "VI-04"]
    assert [s.id for s in counted(majors, live)] == ["PL-01", "SA-02"]
    assert len(counted(Findings(outcome=("not_met",)), live)) == len(STANDARDS)


def test_domains_without_a_live_standard_are_not_judged() -> None:
    """Domains come in the order of the audit form, and only those that hold standards."""
    assert list(by_domain(rulebook())) == ["planning", "visits", "safety", "recording"]
