"""Rules of judgement and audits, drawn at random for the tests of judgement."""

from collections.abc import Iterable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from engine.judgement.audit import AuditFacts
from engine.rulebook.judgement import STRATA, Judgement, Stratum
from engine.rulebook.judgement_check import CONDITIONS, EFFECTS, check_judgement
from engine.terms import Answer, Comparison, Outcome, Severity
from tests.unit.judgement_book import DOMAINS, GRADES, STANDARDS

# Fixed and small here; a longer run sets more examples on the command line.
few = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def audits() -> st.SearchStrategy[AuditFacts]:
    """Return audits of `STANDARDS`, with any outcomes; answers and grades may be missing."""
    codes = st.sampled_from([0, 1, 2, 2, 2, 2, 3, 4, 5, 6, 7])
    answers = st.sampled_from([Outcome(answer).code for answer in Answer])
    rank = st.integers(1, len(GRADES))
    return st.builds(
        AuditFacts,
        outcomes=st.fixed_dictionaries(dict.fromkeys(STANDARDS, codes)),
        answers=st.dictionaries(st.sampled_from(list(STANDARDS)), answers),
        overall=st.none() | rank,
        domains=st.dictionaries(st.sampled_from(DOMAINS), rank),
    )


def some(values: Iterable[str]) -> st.SearchStrategy[list[str]]:
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
def rules(draw: st.DrawFn, stratum: Stratum, most: int = 4) -> list[dict[str, Any]]:
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
