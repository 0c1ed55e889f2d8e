"""The two judges against each other, and the whole chain against the table of design §5 by hand."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.judgement.audit import AuditFacts, judge_audit, suggested
from engine.judgement.judge import Verdicts
from engine.judgement.patterns import patterns_of
from engine.judgement.plain import PlainJudge
from engine.rulebook.judgement import STRATA, Judgement, Stratum
from engine.rulebook.judgement_check import (
    CONDITIONS,
    EFFECTS,
    MOST_CONDITIONS,
    MOST_RULES,
    check_judgement,
)
from engine.terms import Comparison, Severity
from tests.unit.judgement_book import DOMAINS, GRADES, STANDARDS, audits, rulebook, shipped

durable = pytest.importorskip("engine.judgement.durable", reason="the plain judge stands in")

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


def some(values: Any) -> st.SearchStrategy[list[Any]]:
    """Return lists of one or more of some values."""
    return st.lists(st.sampled_from(list(values)), min_size=1, max_size=3, unique=True)


MISSED = ("partly_met", "not_evidenced", "not_met")
COUNT = st.integers(1, 3)
MARK = st.sampled_from([None, True, False])
CONDITION: dict[str, st.SearchStrategy[Any]] = {
    "findings": st.fixed_dictionaries(
        {"outcome": some(MISSED), "at_least": COUNT, "silent": MARK, "bottom_line": MARK},
        optional={"severity": some(Severity)},
    ),
    "answers": st.fixed_dictionaries({"comparison": some(Comparison), "at_least": COUNT}),
    "domains_capped": st.fixed_dictionaries({"at": st.sampled_from(GRADES), "at_least": COUNT}),
    "auditor_domain_grades": st.fixed_dictionaries(
        {"at": st.sampled_from(GRADES)}, optional={"domains": some(DOMAINS)}
    ),
    "auditor_better_than_most_domains": st.just("yes"),
    "auditor_better_than_moderated": st.fixed_dictionaries({"by_at_least": COUNT}),
    "moderated_grade": st.fixed_dictionaries({"at": st.sampled_from(GRADES)}),
    "alert": st.just("yes"),
}
EFFECT: dict[str, st.SearchStrategy[Any]] = {
    "cap": st.sampled_from(GRADES[:-1]),
    "overall_cap": st.sampled_from(GRADES[:-1]),
    "alert": st.just("Look today."),
    "route": st.sampled_from(["moderate", "panel", "alert"]),
}


@st.composite
def rules(draw: st.DrawFn, stratum: Stratum, most: int = 6) -> list[dict[str, Any]]:
    """Draw rules of one list, as an author might write them."""
    found = []
    for number in range(draw(st.integers(0, most))):
        names = st.sampled_from(CONDITIONS[stratum])
        when = [
            {name: draw(CONDITION[name])} for name in draw(st.lists(names, min_size=1, max_size=3))
        ]
        effect = draw(st.sampled_from(EFFECTS[stratum]))
        rule = {"id": f"{stratum}-{number}", "title": "A rule", "when": when}
        found.append(rule | {effect: draw(EFFECT[effect])})
    return found


def judgements() -> st.SearchStrategy[Judgement]:
    """Return rulebooks' judgement files without a mistake."""
    lists = st.fixed_dictionaries({stratum: rules(stratum) for stratum in STRATA})
    made = lists.map(lambda found: Judgement(compliance_earns_at_most="good", **found))
    return made.filter(lambda judgement: not check_judgement(judgement, GRADES, DOMAINS))


@settings(max_examples=60, deadline=None)
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
    judgement = Judgement(compliance_earns_at_most="good", **lists)  # type: ignore[arg-type]
    assert check_judgement(judgement, GRADES, DOMAINS) == []
    judge, plain = durable.DurableJudge(judgement, GRADES), PlainJudge(judgement, GRADES)
    for stratum, patterns in patterns_of(judgement, GRADES).items():
        for key in {*range(0, patterns.count, 61), patterns.count - 1}:
            pattern = patterns.decode(key)
            assert judge.fired(stratum, pattern) == plain.fired(stratum, pattern)
    judge.close()


def told(facts: AuditFacts) -> tuple[dict[str, int], int | None, int | None, int | None, int]:
    """Tell the table of design §5 by hand: caps by domain, cap, moderated, suggested, route."""
    caps: dict[str, int] = {}
    overall: list[int] = []
    alert = False
    for domain in JUDGED:
        found: list[int] = []
        minors = 0
        for name, (home, severity, bottom_line) in STANDARDS.items():
            code = facts.outcomes[name]
            if home != domain:
                continue
            if severity == "critical" and code >= 4:
                grade = 1 if code >= 6 else 2
                found.append(grade)
                overall.append(grade)
                alert = True
            if severity == "major" and code >= 4:
                found.append(3 if code == 4 else 2)
            if severity == "minor" and code >= 5:
                found.append(3)
                minors += 1
            if bottom_line and code >= 5:
                overall.append(2)
        if minors >= 3:
            found.append(2)
        if found:
            caps[domain] = min(found)
    weak = sum(cap <= 2 for cap in caps.values())
    overall += [3] if weak else []
    overall += [2] if weak >= 2 else []
    overall += (
        [2] if 1 in [facts.domains.get(d) for d in ("safety", "visits", "decision_making")] else []
    )
    cap = min(overall, default=None)
    given_ = facts.overall
    moderated = None if given_ is None else min(given_, cap or 9)
    earned = min(cap or 9, 3)
    more = earned if given_ and earned > given_ and 2 in facts.outcomes.values() else None
    route = 0
    if given_ is not None and moderated is not None:
        worse = [rank for rank in facts.domains.values() if rank < given_]
        route = 1 if len(worse) * 2 > len(facts.domains) or moderated < given_ else 0
        route = 2 if given_ - moderated >= 2 or (moderated == 1 and given_ > 1) else route
    return caps, cap, moderated, more, 3 if alert else route


@settings(max_examples=600, deadline=None)
@given(audits())
def test_the_shipped_rules_are_the_table_of_the_design(facts: AuditFacts) -> None:
    """Caps, grades and route are those that the table gives when it is followed by hand."""
    book = rulebook()
    verdicts = Verdicts(book.judgement, book.grades, PlainJudge(book.judgement, book.grades))
    judged = judge_audit(facts, book, verdicts)
    more = suggested(judged, book)
    assert (judged.caps, judged.cap, judged.moderated, more, judged.route) == told(facts)
