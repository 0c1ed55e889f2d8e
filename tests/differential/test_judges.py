"""The two judges against each other, and the whole chain against the table of design §5 by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.judgement.audit import AuditFacts, judge_audit, suggested
from engine.judgement.judge import Verdicts
from engine.judgement.patterns import patterns_of
from engine.judgement.plain import PlainJudge
from engine.rulebook.judgement import STRATA, Judgement, Stratum
from engine.rulebook.judgement_check import (
    MOST_CONDITIONS,
    MOST_RULES,
    check_judgement,
)
from engine.terms import Severity
from tests.unit.judgement_book import DOMAINS, GRADES, STANDARDS, rulebook, shipped
from tests.unit.judgement_drawn import MISSED, audits, few, judgements

durable = pytest.importorskip(
    "engine.judgement.durable", reason="the plain judge stands in", exc_type=ImportError
)

JUDGED = sorted({domain for domain, _, _ in STANDARDS.values()})


@pytest.mark.parametrize("stratum", STRATA)
def test_the_judges_agree_on_every_pattern_of_the_shipped_rules(stratum: Stratum) -> None:
    """Of every pattern, reachable or not, durable-rules and the plain judge fire the same rules."""
    judge, plain = durable.DurableJudge(shipped(), GRADES), PlainJudge(shipped(), GRADES)
    patterns = patterns_of(shipped(), GRADES)[stratum]
    for pattern in patterns.every():
        assert judge.fired(stratum, pattern) == plain.fired(stratum, pattern), pattern
    judge.close()
    print(f"{stratum}: {patterns.count} patterns")  # noqa: T201 - shown with -rP


@few
@given(judgements(), st.data())
def test_the_judges_agree_whatever_the_rules(judgement: Judgement, data: st.DataObject) -> None:
    """Any file in the language gives the same verdicts from both judges, on any pattern."""
    judge, plain = durable.DurableJudge(judgement, GRADES), PlainJudge(judgement, GRADES)
    for stratum, patterns in patterns_of(judgement, GRADES).items():
        keys = st.lists(st.integers(0, patterns.count - 1), max_size=20, unique=True)
        for key in data.draw(keys):
            pattern = patterns.decode(key)
            assert judge.fired(stratum, pattern) == plain.fired(stratum, pattern)
    judge.close()


def test_the_engine_takes_as_many_rules_and_conditions_as_an_author_may_write() -> None:
    """A list with the largest number of rules, each with the most conditions, is judged rightly."""
    names = [Severity(name) for name in Severity]
    asked = [
        {"findings": {"outcome": list(MISSED[: 1 + n % 3]), "severity": names[: 1 + n // 3 % 3]}}
        for n in range(MOST_CONDITIONS - 1)
    ]
    lists = {
        stratum: [
            {
                "id": f"{stratum}-{n}",
                "title": "A rule",
                "when": [*asked, {"findings": {"outcome": "not_met", "at_least": n + 1}}],
                "route": "panel",
            }
            for n in range(MOST_RULES)
        ]
        for stratum in STRATA
    }
    judgement = Judgement(compliance_earns_at_most="good", **lists)
    assert check_judgement(judgement, GRADES, DOMAINS) == []
    judge, plain = durable.DurableJudge(judgement, GRADES), PlainJudge(judgement, GRADES)
    for stratum, patterns in patterns_of(judgement, GRADES).items():
        for key in {*range(0, patterns.count, 61), patterns.count - 1}:
            pattern = patterns.decode(key)
            assert judge.fired(stratum, pattern) == plain.fired(stratum, pattern)
    judge.close()


def told_of_domain(facts: AuditFacts, domain: str) -> tuple[int, int, bool]:
    """Tell the caps of a domain and of the audit, and whether to alert; 9 is no cap."""
    ids = [name for name, (home, _, _) in STANDARDS.items() if home == domain]
    codes = {
        severity: [facts.outcomes[name] for name in ids if STANDARDS[name][1] == severity]
        for severity in Severity
    }
    # partly met is 4, not evidenced 5, not met 6 or, by silence, 7
    critical = max([code for code in codes[Severity.CRITICAL] if code >= 4], default=0)
    at_risk = {0: 9, 4: 2, 5: 2, 6: 1, 7: 1}[critical]
    major = {4: 3, 5: 2, 6: 2, 7: 2}.get(max(codes[Severity.MAJOR], default=0), 9)
    minors = sum(code >= 5 for code in codes[Severity.MINOR])
    minor = (9, 3, 3, 2)[min(minors, 3)]
    return min(at_risk, major, minor), at_risk, critical > 0


def told_of_route(facts: AuditFacts, moderated: int, *, alert: bool) -> int:
    """Tell what happens next, as a place in `Route`."""
    given_ = facts.overall or moderated
    worse = [rank for rank in facts.domains.values() if rank < (facts.overall or 0)]
    if alert:
        return 3
    if given_ - moderated >= 2 or moderated == 1 < given_:
        return 2
    return int(moderated < given_ or len(worse) * 2 > len(facts.domains))


def told(facts: AuditFacts) -> tuple[dict[str, int], int | None, int | None, int | None, int]:
    """Tell the table of design §5 by hand: caps by domain, cap, moderated, suggested, route."""
    domains = {domain: told_of_domain(facts, domain) for domain in JUDGED}
    caps = {domain: cap for domain, (cap, _, _) in domains.items() if cap < 9}
    missed = [
        name for name, (_, _, line) in STANDARDS.items() if line and facts.outcomes[name] >= 5
    ]
    own = [facts.domains.get(domain) for domain in ("safety", "visits", "decision_making")]
    weak = sum(cap <= 2 for cap in caps.values())
    cap = min(
        *(overall for _, overall, _ in domains.values()),
        2 if missed or 1 in own else 9,
        (9, 3, 2)[min(weak, 2)],
    )
    moderated = min(facts.overall or 9, cap)
    earned = min(cap, 3)
    more = facts.overall and earned > facts.overall and 2 in facts.outcomes.values()
    alert = any(alert for _, _, alert in domains.values())
    return (
        caps,
        cap if cap < 9 else None,
        moderated if facts.overall else None,
        earned if more else None,
        told_of_route(facts, moderated, alert=alert),
    )


@few
@given(audits())
def test_the_shipped_rules_are_the_table_of_the_design(facts: AuditFacts) -> None:
    """Caps, grades and route are those that the table gives when it is followed by hand."""
    book = rulebook()
    verdicts = Verdicts(book.judgement, book.grades, PlainJudge(book.judgement, book.grades))
    judged = judge_audit(facts, book, verdicts)
    more = suggested(judged, book)
    assert (judged.caps, judged.cap, judged.moderated, more, judged.route) == told(facts)
