"""What is odd about the rules of judgement of a book, though nothing is wrong with any of them.

A rulebook comes in, and where each rule stands; Problems go out. A rule that can never fire, given
what the standards can find, and a rule that changes nothing are warnings. Rules by which a further
miss raises a grade are an error, told with the smallest case. All of it is looked at over every
pattern (`space.py`), as promises are.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from engine.authoring.auditors import auditors
from engine.authoring.case_words import case_in_short, judged_again
from engine.authoring.judging import Judging
from engine.authoring.prove import Prover, read_by_rules
from engine.authoring.space import Domains, Question, Space
from engine.errors import Location, Problem
from engine.judgement.audit import AuditFacts
from engine.judgement.judge import fold
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


def lint_judgement(
    rulebook: Rulebook,
    place_of: PlaceOf,
    possible: Mapping[str, frozenset[int]] | None = None,
) -> tuple[Problem, ...]:
    """Return what is odd about the rules of judgement, sorted.

    `possible`: the codes that each standard may give, if they are not to be read off its measure.
    """
    if not rulebook.live:
        return ()  # a book of drafts gives no pattern at all
    prover = Prover(rulebook, possible)
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
    """Yield each rule without which every verdict would be the same.

    From the last rule to the first, each held against those that are left: all that are told could
    be taken out together, and of two that say the same the second is told.
    """
    for stratum in STRATA:
        left = {rule.id: rule for rule in rulebook.judgement.rules(stratum)}
        for rule in reversed(rulebook.judgement.rules(stratum)):
            meetings = fired.with_rule(stratum, rule.id)
            if not meetings or rule.backstop:
                continue
            if _is_covered(rule, meetings, left, rulebook):
                del left[rule.id]
                place = place_of(stratum, rule.id)
                yield _told(_Covered(rule, meetings, left, rulebook), fired.met[stratum], place)


def _is_covered(
    rule: Rule, meetings: list[Meeting], left: dict[str, Rule], rulebook: Rulebook
) -> bool:
    """Say whether others that are left give the same or worse wherever the rule fires."""
    for one in meetings:
        here = [left[name] for name in one.rules if name in left]
        others = [other for other in here if other.id != rule.id]
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


class _Covered(NamedTuple):
    """A rule that changes nothing, where it fires, and the rules that are left without it."""

    rule: Rule
    meetings: list[Meeting]
    left: dict[str, Rule]
    rulebook: Rulebook

    def always(self) -> list[Rule]:
        """Return the rules that are left and fire wherever the rule does."""
        names = frozenset.intersection(*(one.rules for one in self.meetings))
        return [rule for name, rule in self.left.items() if name in names]


def _told(covered: _Covered, met: set[Meeting], place: Location) -> Problem:
    rule = covered.rule
    for other in covered.always():
        together = all((rule.id in one.rules) == (other.id in one.rules) for one in met)
        if together and _effects(rule) == _effects(other):
            said = f"rule `{rule.id}` fires whenever rule `{other.id}` does, and gives the same"
            return Problem(place, "R332", said, "take one of the two out", warning=True)
    over = [one.id for one in covered.always() if _is_worse(one, rule, covered.rulebook)]
    by = f"rule `{over[0]}` does" if over else "other rules do"
    said = f"rule `{rule.id}` changes nothing: whenever it fires, {by} as much or more"
    help_ = "take it out, or write `backstop: yes` if it is kept in case other rules change"
    return Problem(place, "R331", said, help_, warning=True)


def _effects(rule: Rule) -> tuple[object, ...]:
    return (rule.cap, rule.overall_cap, rule.alert, rule.route)


def _is_worse(one: Rule, than: Rule, rulebook: Rulebook) -> bool:
    """Say whether a rule by itself plainly gives all that another gives."""
    verdict, other = fold([one], rulebook.grades), fold([than], rulebook.grades)
    best = len(rulebook.grades)
    caps = (verdict.cap or best) <= (other.cap or best)
    overall = (verdict.overall_cap or best) <= (other.overall_cap or best)
    return caps and overall and than.alert in (None, one.alert) and verdict.route >= other.route


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
