"""Small books in which every audit can be tried, and a naive way of holding promises of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from hypothesis import strategies as st

from engine.judgement.audit import AuditFacts, Judged, judge_audit, suggested
from engine.judgement.contradictions import compare
from engine.judgement.judge import ROUTES, Verdicts
from engine.judgement.plain import PlainJudge
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import (
    Answers,
    AuditorDomainGrades,
    BetterThanModerated,
    DomainsCapped,
    Findings,
    Flag,
    Judgement,
    ModeratedGrade,
)
from engine.rulebook.promises import AuditorGrade, FindingsIn, Promise, PromiseCondition
from engine.terms import Severity
from tests.unit.judgement_book import GRADES, book, rulebook, standard
from tests.unit.judgement_drawn import CONDITION, MISSED, judgements, some

TWO = ("safety", "visits")
STEPS = {0: 0, 1: 0, 2: 0, 3: 0, 4: 1, 5: 2, 6: 3, 7: 3}
ANSWERS = (None, 0, 2, 4, 6)


@dataclass(frozen=True)
class Small:
    """A book of two domains, and what each of its standards can give."""

    rulebook: Rulebook
    possible: Mapping[str, frozenset[int]]

    @property
    def answered(self) -> bool:
        """Say whether any rule or promise reads the auditor's answers."""
        rules = self.rulebook.judgement.route
        said = str([*rules, *self.rulebook.promises])
        return "Answers(" in said


@st.composite
def smalls(
    draw: st.DrawFn,
    rules: st.SearchStrategy[Judgement] | None = None,
    asked: st.SearchStrategy[Promise] | None = None,
) -> Small:
    """Draw a book of one to three standards, any rules of judgement, and promises of it."""
    judgement = draw(judgements() if rules is None else rules)
    promises = draw(st.lists(promised() if asked is None else asked, min_size=1, max_size=4))
    number = draw(st.integers(1, 3))
    if "Answers(" in str([judgement.route, promises]):
        number = 1
    codes = st.frozensets(st.sampled_from([4, 5, 6, 7]), max_size=2)
    standards, possible = [], {}
    for n in range(number):
        severity, line = draw(st.sampled_from(list(Severity))), draw(st.booleans())
        standards.append(standard(f"X-{n}", draw(st.sampled_from(TWO)), severity, bottom_line=line))
        possible[f"X-{n}"] = draw(codes) | {0, 2}
    return Small(small_book(judgement, tuple(standards), tuple(promises)), possible)


@st.composite
def plain_judgements(draw: st.DrawFn) -> Judgement:
    """Draw rules that each ask one thing: more of them fire, and some reward a further miss."""
    asked = st.fixed_dictionaries(
        {"outcome": some(MISSED), "at_least": st.integers(1, 2), "severity": some(Severity)}
    )
    caps = st.sampled_from(GRADES[:-1])
    made: dict[str, list[dict[str, Any]]] = {}
    for stratum, effects in (("domain", ("cap", "overall_cap")), ("overall", ("cap",))):
        made[stratum] = [
            {
                "id": f"{stratum}-{n}",
                "title": "A rule",
                "when": {"findings": draw(asked)},
                draw(st.sampled_from(effects)): draw(caps),
            }
            for n in range(draw(st.integers(0, 3)))
        ]
    return Judgement.model_validate({"compliance_earns_at_most": "good", **made})


def small_book(
    judgement: Judgement, standards: tuple[Any, ...], promises: tuple[Promise, ...]
) -> Rulebook:
    """Return a rulebook of two domains."""
    two = tuple(domain for domain in book().domains if domain.id in TWO)
    made = rulebook(judgement, standards)
    named = tuple(p.model_copy(update={"id": f"p-{n}"}) for n, p in enumerate(promises))
    return replace(made, book=book().model_copy(update={"domains": two}), promises=named)


def laws() -> st.SearchStrategy[Promise]:
    """Return the promises about one finding that turns."""
    law = st.sampled_from(["a_further_miss", "more_met"])
    return law.map(
        lambda said: Promise.model_validate(
            {"id": "p", "it": "A promise", "then": {"never_raised_by": said}}
        )
    )


@st.composite
def promised(draw: st.DrawFn) -> Promise:
    """Draw a promise of any kind."""
    then = draw(
        st.sampled_from(
            [
                *({"never_better_than": grade} for grade in GRADES[:-1]),
                {"never_better_than_auditors": "yes"},
                *({"compliance_never_gives": grade} for grade in GRADES),
                {"never_raised_by": "a_further_miss"},
                {"never_raised_by": "more_met"},
                *({"route": route} for route in ROUTES[1:]),
                {"alert": "yes"},
            ]
        )
    )
    said: dict[str, Any] = {"id": "p", "it": "A promise", "then": then}
    if "never_raised_by" in then:
        return Promise.model_validate(said)
    of = "each_domain" if "never_better_than" in then and draw(st.booleans()) else "audit"
    names = st.lists(st.sampled_from([*CONDITION, "findings", "auditor_grade"]), max_size=2)
    given = [{name: _condition(draw, name, of)} for name in draw(names)]
    return Promise.model_validate({**said, "of": of, "given": given})


def _condition(draw: st.DrawFn, name: str, of: str) -> object:
    if name == "auditor_grade":
        return {"at": draw(st.sampled_from(GRADES))}
    drawn = draw(CONDITION[name])
    if name == "findings" and of == "audit" and draw(st.booleans()):
        return {**drawn, "domain": draw(some(TWO))}
    return drawn


@dataclass(frozen=True)
class Tried:
    """One audit, judged, with what it costs to tell it."""

    facts: AuditFacts
    judged: Judged
    misses: int
    said: int


def every_audit(small: Small) -> list[Tried]:
    """Return every audit of a small book, judged one by one."""
    verdicts = verdicts_of(small.rulebook)
    return [
        Tried(
            facts,
            judge_audit(facts, small.rulebook, verdicts),
            sum(STEPS[code] > 0 for code in facts.outcomes.values()),
            len(facts.domains) + len(facts.answers),
        )
        for facts in _facts(small)
    ]


def verdicts_of(made: Rulebook) -> Verdicts:
    """Return the plain judge's verdicts."""
    return Verdicts(made.judgement, made.grades, PlainJudge(made.judgement, made.grades))


def _facts(small: Small) -> Iterator[AuditFacts]:
    names = list(small.possible)
    ranks = range(len(GRADES) + 1)
    answers = ANSWERS if small.answered else (None,)
    for codes in product(*(sorted(codes) for codes in small.possible.values())):
        for said in product(answers, repeat=len(names)):
            for overall, *own in product(ranks, repeat=1 + len(TWO)):
                yield AuditFacts(
                    outcomes=dict(zip(names, codes, strict=True)),
                    answers={n: a for n, a in zip(names, said, strict=True) if a is not None},
                    overall=overall or None,
                    domains={d: r for d, r in zip(TWO, own, strict=True) if r},
                )


def smallest_broken(promise: Promise, small: Small, audits: list[Tried]) -> tuple[int, int] | None:
    """Return the size of the smallest case that breaks a promise, tried on every audit."""
    if promise.then.never_raised_by:
        return min(_raised(promise.then.never_raised_by, small, audits), default=None)
    made, sizes = small.rulebook, []
    for one in audits:
        domains = [None] if promise.of == "audit" else list(one.judged.domains)
        for domain in domains:
            spoken_of = all(holds(c, one, made, domain) for c in promise.conditions)
            if spoken_of and not _kept(promise, one, made, domain):
                sizes.append((one.misses, one.said))
    return min(sizes, default=None)


def _raised(law: str, small: Small, audits: list[Tried]) -> Iterator[tuple[int, int]]:
    """Yield the size of every case in which one finding that turned raised a grade."""
    known = {_key(one.facts): one for one in audits}
    for one in audits:
        for name, was in one.facts.outcomes.items():
            for code in small.possible[name]:
                if not _turns(law, was, code):
                    continue
                turned = replace(one.facts, outcomes={**one.facts.outcomes, name: code})
                after = known[_key(turned)]
                if _grades(after) != _grades(one) and _better(after, one, small.rulebook):
                    yield after.misses, one.misses + one.said


def _turns(law: str, was: int, code: int) -> bool:
    if law == "more_met":
        return STEPS[was] == 0 and was != 2 and code == 2
    return STEPS[code] > STEPS[was]


def _key(facts: AuditFacts) -> object:
    return (
        tuple(facts.outcomes.items()),
        tuple(facts.answers.items()),
        facts.overall,
        tuple(facts.domains.items()),
    )


def _grades(one: Tried) -> tuple[object, ...]:
    return (one.judged.moderated, one.judged.cap, tuple(one.judged.caps.items()))


def _better(after: Tried, before: Tried, made: Rulebook) -> bool:
    def standing(one: Tried) -> int:
        return one.judged.moderated or one.judged.cap or 4

    raised = standing(after) > standing(before)
    caps = (one.judged.caps for one in (after, before))
    now, then = caps
    return raised or any(now.get(d, 4) > then.get(d, 4) for d in made.domains)


def holds(condition: PromiseCondition, one: Tried, made: Rulebook, domain: str | None) -> bool:
    """Say whether a condition of a promise holds of one audit, as it is written."""
    facts, judged = one.facts, one.judged
    given, moderated = facts.overall or 0, judged.moderated or 0
    match condition:
        case Findings() | Answers():
            found = _counted(condition, facts, made, domain) >= condition.at_least
        case DomainsCapped():
            capped = [cap for cap in judged.caps.values() if cap <= made.rank(condition.at)]
            found = len(capped) >= condition.at_least
        case AuditorDomainGrades():
            chosen = condition.domains or made.domains
            own = [r for d, r in facts.domains.items() if d in chosen]
            found = sum(r <= made.rank(condition.at) for r in own) >= condition.at_least
        case AuditorGrade():
            found = 0 < given <= made.rank(condition.at)
        case ModeratedGrade():
            found = 0 < moderated <= made.rank(condition.at)
        case BetterThanModerated():
            found = moderated > 0 and given - moderated >= condition.by_at_least
        case Flag.ALERT:
            found = judged.alert
        case _:
            worse = sum(rank < given for rank in facts.domains.values())
            found = 2 * worse > len(facts.domains)
    return found


def _counted(
    condition: Findings | Answers, facts: AuditFacts, made: Rulebook, domain: str | None
) -> int:
    number = 0
    for one in made.live:
        code = facts.outcomes[one.id]
        if one.severity not in condition.severity:
            continue
        if isinstance(condition, Answers):
            number += compare(facts.answers.get(one.id), code) in condition.comparison
            continue
        named = condition.domain if isinstance(condition, FindingsIn) else ()
        chosen = (domain,) if domain else named or made.domains
        if one.domain in chosen and condition.bottom_line in (None, one.bottom_line):
            number += code in condition.codes
    return number


def _kept(promise: Promise, one: Tried, made: Rulebook, domain: str | None) -> bool:
    then, judged = promise.then, one.judged
    if then.never_better_than:
        best = judged.moderated or judged.cap or 4
        if domain:
            best = min(judged.caps.get(domain, 4), one.facts.domains.get(domain, 4))
        return best <= made.rank(then.never_better_than)
    if then.route:
        return judged.route >= ROUTES.index(then.route)
    if then.alert:
        return judged.alert
    given = one.facts.overall
    if then.compliance_never_gives:
        least = made.rank(then.compliance_never_gives)
        gives = max(suggested(judged, made) or 0, judged.moderated or 0)
        return given is None or given >= least or gives < least
    return judged.moderated is None or (given is not None and judged.moderated <= given)
