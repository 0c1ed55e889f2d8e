"""What a promise asks of one pattern: whether it speaks of it, and whether it is kept.

A promise and the space that it is tried in come in; functions of a pattern go out, made once so
that a pattern is quickly asked.
"""

from collections.abc import Callable
from dataclasses import dataclass

from engine.authoring import auditors as grades
from engine.authoring.judging import Judging, Seen
from engine.authoring.states import State
from engine.judgement.judge import ROUTES
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import BetterThanModerated, Feature, Flag, ModeratedGrade, Rank, asks
from engine.rulebook.promises import AuditorGrade, FindingsIn, Promise, PromiseCondition

Asks = Callable[[State, State, Seen], bool]
"""A question to a pattern: the findings' state, the auditor's, and what came out."""


@dataclass(frozen=True)
class Instance:
    """A promise of the audit, or of one domain."""

    promise: Promise
    conditions: tuple[PromiseCondition, ...]
    domain: str | None

    @classmethod
    def of_audit(cls, promise: Promise) -> "Instance":
        """Return a promise as it stands."""
        return cls(promise, promise.conditions, None)

    @classmethod
    def of_domain(cls, promise: Promise, domain: str) -> "Instance":
        """Return what a promise of each domain says of one."""
        own = tuple(
            c.model_copy(update={"domain": (domain,)}) if isinstance(c, FindingsIn) else c
            for c in promise.conditions
        )
        return cls(promise, own, domain)

    @property
    def asks_of_findings(self) -> bool:
        """Say whether the conditions read nothing but findings."""
        return all(isinstance(condition, FindingsIn) for condition in self.conditions)

    def read(self, rulebook: Rulebook) -> dict[Feature, int]:
        """Return what is read by the conditions before anything is judged, as `sizes` does."""
        found: dict[Feature, int] = {}
        for condition in self.conditions:
            if isinstance(condition, AuditorGrade):
                continue
            for feature, most in asks(condition, rulebook.grades):
                if feature not in (Rank.AUDITOR, Rank.MODERATED, Flag.ALERT):
                    found[feature] = max(found.get(feature, 0), most + 1)
        return found


def speaks_of(instance: Instance, judging: Judging, rulebook: Rulebook) -> Asks:
    """Return whether everything that is given holds of a pattern."""
    tests = tuple(_given(condition, judging, rulebook) for condition in instance.conditions)
    return lambda found, given, seen: all(test(found, given, seen) for test in tests)


def _given(condition: PromiseCondition, judging: Judging, rulebook: Rulebook) -> Asks:
    match condition:
        case AuditorGrade():
            worst = rulebook.rank(condition.at)
            return lambda _found, given, _seen: 1 <= given[grades.OVERALL] <= worst
        case ModeratedGrade():
            most = rulebook.rank(condition.at)
            return lambda _found, _given, seen: 1 <= (seen.moderated or 0) <= most
        case BetterThanModerated():
            lead = condition.by_at_least
            return lambda _found, given, seen: (
                seen.moderated is not None and given[grades.OVERALL] - seen.moderated >= lead
            )
        case Flag.ALERT:
            return lambda _found, _given, seen: seen.alert
        case Flag():
            return lambda _found, given, _seen: given[grades.BETTER] == 1
        case _:
            (which, place), least = judging.at(condition.feature), condition.at_least
            return lambda found, given, _seen: (found, given)[which][place] >= least


def is_kept(instance: Instance, judging: Judging, rulebook: Rulebook) -> Asks:
    """Return whether what was promised came out of a pattern."""
    then = instance.promise.then
    if then.never_better_than:
        return _no_better(instance, judging, rulebook)
    if then.route:
        least = ROUTES.index(then.route)
        return lambda _found, _given, seen: seen.route >= least
    if then.alert:
        return lambda _found, _given, seen: seen.alert
    if then.compliance_never_gives:
        return _not_given(then.compliance_never_gives, judging, rulebook)
    return lambda _found, given, seen: (seen.moderated or 0) <= given[grades.OVERALL]


def _no_better(instance: Instance, judging: Judging, rulebook: Rulebook) -> Asks:
    best, most = len(rulebook.grades), rulebook.rank(instance.promise.then.never_better_than or "")
    if instance.domain is None:
        return lambda _found, _given, seen: seen.standing(best) <= most
    space = judging.space

    def kept(found: State, given: State, _seen: Seen) -> bool:
        cap = space.cap(found[space.place.domain_cap]) or best
        return min(cap, given[grades.DOMAIN] or best) <= most

    return kept


def _not_given(grade: str, judging: Judging, rulebook: Rulebook) -> Asks:
    """Return whether an auditor's worse grade is neither raised to a grade, nor it suggested."""
    least, met = rulebook.rank(grade), judging.space.place.met
    earned = rulebook.rank(rulebook.judgement.compliance_earns_at_most)

    def kept(found: State, given: State, seen: Seen) -> bool:
        auditor = given[grades.OVERALL]
        if not 0 < auditor < least:
            return True
        # as `engine.judgement.audit.suggested` has it
        suggested = min(earned, seen.cap or earned) if found[met] else 0
        return max(seen.moderated or 0, suggested) < least

    return kept
