"""What is odd about the rules of judgement of a book, though nothing is wrong with any of them.

A rulebook comes in, and where each rule stands; Problems go out. A rule that can never fire, given
what the standards can find, and a rule that changes nothing are warnings. Rules by which a further
miss raises a grade are an error, told with the smallest case. All of it is looked at over every
pattern (`space.py`), as promises are.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from engine.authoring.auditors import auditors
from engine.authoring.case_words import case_in_short, judged_again
from engine.authoring.judging import Judging
from engine.authoring.prove import Prover, read_by_rules
from engine.authoring.space import Domains, Question, Space
from engine.errors import Location, Problem
from engine.judgement.audit import AuditFacts
from engine.judgement.judge import ROUTES, fold
from engine.judgement.reasons import Binder
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import STRATA, Rule, Stratum
from engine.rulebook.promises import Promise

CODES = {
    "R330": "a rule of judgement that can never fire",
    "R331": "a rule of judgement that changes nothing",
    "R332": "two rules of judgement that say the same",
    "R333": "rules of judgement by which a further miss raises a grade",
}

PlaceOf = Callable[[Stratum, str], Location]
"""Where a rule of a list stands, by its id."""

MONOTONE = Promise.model_validate(
    {
        "id": "further-miss",
        "it": "a further miss never raises a grade",
        "then": {"never_raised_by": "a_further_miss"},
    }
)


def lint_judgement(rulebook: Rulebook, place_of: PlaceOf) -> tuple[Problem, ...]:
    """Return what is odd about the rules of judgement, sorted."""
    if not rulebook.live:
        return ()  # a book of drafts gives no pattern at all
    prover = Prover(rulebook)
    fired = _Fired(prover.domains)
    found = [*_never(rulebook, fired, place_of), *_idle(rulebook, fired, place_of)]
    return tuple(sorted([*found, *_raised(prover, place_of)]))


class Meeting(NamedTuple):
    """Rules of one list that fire together, and what rules before them gave already.

    `cap` is a rank, or None; `route` a place in `Route`.
    """

    rules: frozenset[str]
    cap: int | None = None
    alert: bool = False
    route: int = 0


class _Fired:
    """Which rules of each list fire together, on any pattern that the standards can give."""

    def __init__(self, domains: Domains) -> None:
        self.met: dict[Stratum, set[Meeting]] = {stratum: set() for stratum in STRATA}
        question = Question(read_by_rules(domains.rulebook))
        for domain in domains.standards:
            for state in domains.states(domain, question):
                self.met["domain"].add(Meeting(frozenset(domains.verdict(state).fired)))
        space = Space(domains, question)
        judging, place = Judging(space), space.place
        given = auditors(domains.rulebook, question)
        for found in space.all():
            cap, alert, route = space.cap(found[place.cap]), found[place.alert], found[place.route]
            for grades in given:
                seen = judging.seen(found, grades)
                first = Meeting(frozenset(seen.overall.fired), cap, bool(alert), route)
                self.met["overall"].add(first)
                before = max(route, seen.overall.route)
                self.met["route"].add(Meeting(frozenset(seen.next.fired), route=before))

    def with_rule(self, stratum: Stratum, rule: str) -> list[Meeting]:
        """Return the meetings in which a rule takes part."""
        return [one for one in self.met[stratum] if rule in one.rules]


def _never(rulebook: Rulebook, fired: _Fired, place_of: PlaceOf) -> Iterator[Problem]:
    for stratum in STRATA:
        for rule in rulebook.judgement.rules(stratum):
            if not fired.with_rule(stratum, rule.id):
                yield Problem(
                    place_of(stratum, rule.id),
                    "R330",
                    f"rule `{rule.id}` can never fire, whatever the live standards find",
                    "change what it asks, mark the standards that it is about, or take it out",
                    warning=True,
                )


def _idle(rulebook: Rulebook, fired: _Fired, place_of: PlaceOf) -> Iterator[Problem]:
    """Yield each rule without which every verdict would be the same; of two alike, the second."""
    for stratum in STRATA:
        rules = {rule.id: rule for rule in rulebook.judgement.rules(stratum)}
        twins: set[str] = set()
        for rule in rules.values():
            meetings = fired.with_rule(stratum, rule.id)
            alike = (r for r in rules.values() if _alike(rule, r, fired, stratum))
            twin = next((r for r in alike if r.id in twins), None)
            twins.add(rule.id)
            if not meetings or rule.backstop:
                continue
            if twin is not None:
                yield _same(rule, twin, place_of(stratum, rule.id))
            elif _is_covered(rule, meetings, rules, fired, (rulebook, stratum)):
                yield _covered(rule, meetings, rules, place_of(stratum, rule.id))


def _alike(rule: Rule, other: Rule, fired: _Fired, stratum: Stratum) -> bool:
    if rule.id == other.id or _effects(rule) != _effects(other):
        return False
    return all((rule.id in one.rules) == (other.id in one.rules) for one in fired.met[stratum])


def _effects(rule: Rule) -> tuple[object, ...]:
    return (rule.cap, rule.overall_cap, rule.alert, rule.route)


def _is_covered(
    rule: Rule,
    meetings: list[Meeting],
    rules: dict[str, Rule],
    fired: _Fired,
    of: tuple[Rulebook, Stratum],
) -> bool:
    """Say whether others give the same or worse wherever the rule fires."""
    rulebook, stratum = of
    twins = {r.id for r in rules.values() if _alike(rule, r, fired, stratum)}
    for one in meetings:
        here = [rules[name] for name in one.rules]
        # of two that say the same the first stays: the other is told by itself
        others = [r for r in here if r.id != rule.id and r.id not in twins]
        if _given(here, one, rulebook) != _given(others, one, rulebook):
            return False
    return True


def _given(rules: list[Rule], one: Meeting, rulebook: Rulebook) -> tuple[object, ...]:
    """Return all that rules give together, on top of what was given before."""
    verdict = fold(rules, rulebook.grades)
    caps = [cap for cap in (verdict.cap, one.cap) if cap]
    # what a person is told is part of what a rule gives
    told = frozenset(rule.alert for rule in rules if rule.alert)
    return (
        min(caps, default=None),
        verdict.overall_cap,
        verdict.alert or one.alert,
        told,
        max(verdict.route, one.route),
    )


def _same(rule: Rule, twin: Rule, place: Location) -> Problem:
    said = f"rule `{rule.id}` fires whenever rule `{twin.id}` does, and gives the same"
    return Problem(place, "R332", said, "take one of the two out", warning=True)


def _covered(
    rule: Rule, meetings: list[Meeting], rules: dict[str, Rule], place: Location
) -> Problem:
    always = frozenset.intersection(*(one.rules for one in meetings)) - {rule.id}
    over = sorted(name for name in always if _is_worse(rules[name], rule))
    by = f"rule `{over[0]}` does" if over else "other rules do"
    said = f"rule `{rule.id}` changes nothing: whenever it fires, {by} as much or more"
    help_ = "take it out, or write `backstop: yes` if it is kept in case other rules change"
    return Problem(place, "R331", said, help_, warning=True)


def _is_worse(one: Rule, than: Rule) -> bool:
    """Say whether a rule by itself plainly gives all that another gives."""
    caps = all(
        getattr(than, key) is None or getattr(one, key) == getattr(than, key)
        for key in ("cap", "overall_cap", "alert")
    )
    routes = [ROUTES.index(rule.route or "none") for rule in (one, than)]
    return caps and routes[0] >= routes[1]


def _raised(prover: Prover, place_of: PlaceOf) -> Iterator[Problem]:
    proof = prover.proof(MONOTONE)
    if proof.case is None or proof.case.before is None:
        return
    stratum, rule = _gone(prover.rulebook, proof.case.before, proof.case.facts)
    said = f"a further miss raises a grade: it stops rule `{rule}`"
    yield Problem(place_of(stratum, rule), "R333", said, case_in_short(proof, prover.rulebook))


def _gone(rulebook: Rulebook, before: AuditFacts, after: AuditFacts) -> tuple[Stratum, str]:
    """Return the rule that capped lowest of those that fired before a miss and not after it."""
    binder = Binder(rulebook)
    was, now = (binder.reasons(judged_again(facts, rulebook)) for facts in (before, after))
    still = {(reason.rule.id, reason.domain) for reason in now}
    gone = [r for r in was if (r.rule.id, r.domain) not in still and _caps(r.rule)]
    # INVARIANT: a grade is a minimum of caps, so it only rises where a rule with a cap stops
    lowest = min(gone, key=lambda reason: min(map(rulebook.rank, _caps(reason.rule))))
    return lowest.stratum, lowest.rule.id


def _caps(rule: Rule) -> list[str]:
    return [cap for cap in (rule.cap, rule.overall_cap) if cap]
