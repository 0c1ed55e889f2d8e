"""What judgement makes of a state of the findings together with a state of the auditor's grades.

Two states come in; caps, grades, alert and route go out. The same rules and the same folding as
for any audit (`engine.judgement.audit`); every case that is shown is judged by that again.
"""

from collections.abc import Mapping
from typing import NamedTuple

from engine.authoring import auditors as grades
from engine.authoring.auditors import Given
from engine.authoring.space import Choice, Space
from engine.authoring.states import State, Way
from engine.judgement.audit import AuditFacts, worst
from engine.judgement.judge import Verdict
from engine.rulebook.judgement import AuditorDomainGrades, Feature, Flag, Rank, Stratum

FOUND, GIVEN, LATE = 0, 1, 2
LATER: tuple[Stratum, ...] = ("overall", "route")


class At(NamedTuple):
    """Where a value stands: in which state (found, given, known late), and at what place."""

    which: int
    place: int


class Seen(NamedTuple):
    """What came out for a pattern; grades as ranks, None: there is none."""

    cap: int | None
    moderated: int | None
    alert: bool
    route: int
    overall: Verdict
    next: Verdict

    def standing(self, best: int) -> int:
        """Return the grade that counts: the moderated one, or else the cap; no cap is the best."""
        return self.moderated or self.cap or best


class Judging:
    """Judges the patterns of one space."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.verdicts = space.domains.verdicts
        sizes = space.question.sizes
        own = (f for f in sizes if isinstance(f, AuditorDomainGrades))
        self.own = {f: grades.FIRST_TALLY + n for n, f in enumerate(own)}
        self._known: dict[tuple[State, State], Seen] = {}
        self._where = {
            stratum: tuple(self.at(feature) for feature in self.verdicts.patterns[stratum].sizes)
            for stratum in LATER
        }
        self._verdicts: dict[Stratum, dict[State, Verdict]] = {stratum: {} for stratum in LATER}

    def at(self, feature: Feature) -> "At":
        """Return where the value of a feature stands."""
        if feature in (Flag.ALERT, Rank.MODERATED):
            return At(LATE, int(feature is Rank.MODERATED))
        if feature is Rank.AUDITOR:
            return At(GIVEN, grades.OVERALL)
        if feature is Flag.BETTER_THAN_MOST:
            return At(GIVEN, grades.BETTER)
        if isinstance(feature, AuditorDomainGrades):
            return At(GIVEN, self.own[feature])
        return At(FOUND, self.space.place.tallies[feature])

    def seen(self, found: State, given: State) -> Seen:
        """Return what the rules make of a pattern."""
        pair = (found, given)
        if pair not in self._known:
            self._known[pair] = self._judged(found, given)
        return self._known[pair]

    def _judged(self, found: State, given: State) -> Seen:
        place = self.space.place
        overall = self._verdict("overall", (found, given, ()))
        cap = worst(self.space.cap(found[place.cap]), overall.cap)
        auditor = given[grades.OVERALL] or None
        moderated = worst(auditor, cap) if auditor else None
        alert = bool(found[place.alert]) or overall.alert
        then = self._verdict("route", (found, given, (int(alert), moderated or 0)))
        route = max(found[place.route], overall.route, then.route)
        return Seen(cap, moderated, alert, route, overall, then)

    def _verdict(self, stratum: Stratum, states: tuple[State, State, State]) -> Verdict:
        values = tuple(states[at.which][at.place] for at in self._where[stratum])
        known = self._verdicts[stratum]
        if values not in known:
            patterns = self.verdicts.patterns[stratum]
            known[values] = self.verdicts.fired(stratum, patterns.key_of(values))
        return known[values]


def facts_of(
    found: Way[Choice], given: Way[Given], unmissed: Mapping[str, int], *, before: bool = False
) -> AuditFacts:
    """Return the audit that two ways describe, or what it was before its change."""
    choices, ranks = tuple(found.choices()), tuple(given.choices())
    codes = {c.standard: c.was if before and c.was is not None else c.code for c in choices}
    return AuditFacts(
        outcomes={**unmissed, **codes},
        answers={c.standard: c.answer for c in choices if c.answer is not None},
        overall=next((g.rank for g in ranks if g.domain is None), 0) or None,
        domains={g.domain: g.rank for g in ranks if g.domain is not None and g.rank},
    )
