"""What the ledger says of each audit: the entries, in their order, as one case an audit.

In: entries and the rulebook's grades, from the worst to the best. Out: a `Case` for every audit
that an entry names. A pure fold: it trusts the order and judges nobody; what may be written next is
for `decide` to say. A sealed grade never changes: a later one of the same person is passed over.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from engine.moderation.entries import (
    Appeal,
    AppealDecided,
    Assigned,
    Blind,
    Body,
    Confirmed,
    Entry,
    Graded,
    Included,
    Inclusions,
    Override,
    Panel,
    Reaudited,
    Rescored,
    Response,
    Revealed,
    Safe,
    Standing,
)
from engine.moderation.named import Named
from engine.moderation.people import among, person, same

OVERALL = "overall"
APART = 2
"""so many grades between the auditor's and the confirmed one take an audit to a panel"""


class Stage(StrEnum):
    """How far the moderation of an audit has come."""

    NOT_DRAWN = "not_drawn"
    DRAWN = "drawn"
    GRADED = "graded"
    """a blind grade is sealed"""
    REVEALED = "revealed"
    """the auditor's grade was shown; nothing is confirmed, or a corrected fact opened it again"""
    PANEL = "panel"
    """it waits for a panel, or for the answer to an appeal"""
    CONFIRMED = "confirmed"
    """there is a final grade, and the auditor has not answered"""
    SETTLED = "settled"
    """there is a final grade, and the auditor accepted it or an appeal was decided"""


@dataclass(frozen=True)
class Appealed:
    """An appeal, and its answer; `past` if a corrected fact has opened the case since."""

    appeal: Appeal
    decided: AppealDecided | None = None
    past: bool = False


@dataclass(frozen=True)
class Case:
    """One audit as the ledger has it.

    `confirmed`, `panel` and `answer` (the auditor's) are those that hold now; what a corrected fact
    overtook stands in `earlier`. `standing` holds the auditor's grade and the cap as last scored:
    `overall`, and each domain. `grades` are the rulebook's, from the worst to the best.
    """

    audit_id: str
    grades: tuple[str, ...]
    included: Included | None = None
    draw: str = ""
    standing: Mapping[str, Standing] = field(default_factory=dict)
    assigned: tuple[Assigned, ...] = ()
    blind: tuple[Blind, ...] = ()
    revealed: tuple[Revealed, ...] = ()
    confirmed: Confirmed | None = None
    panel: Panel | None = None
    answer: Response | None = None
    responses: tuple[Response, ...] = ()
    appeals: tuple[Appealed, ...] = ()
    rescored: tuple[Rescored, ...] = ()
    safe: tuple[Safe, ...] = ()
    reaudited: tuple[Reaudited, ...] = ()
    earlier: tuple[Confirmed | Panel | AppealDecided, ...] = ()
    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """by a moderator's name as it is compared, the ids that they have in the batch"""
    teams: Mapping[str, str] = field(default_factory=dict)
    """by a moderator's name or id as it is compared, the team that was named last"""

    def rank(self, grade: str | None) -> int:
        """Return a grade's rank: 1 is the worst, 0 is no grade of this rulebook."""
        return self.grades.index(grade) + 1 if grade in self.grades else 0

    @property
    def auditor(self) -> str | None:
        """Who audited it, where the data says so."""
        return self.included.auditor_id if self.included else None

    def audited_by(self, name: str) -> bool:
        """Return whether a person audited it, by name or by the id that they have in the batch."""
        return any(same(one, self.auditor) for one in (name, *self.ids.get(person(name), ())))

    def of_team(self, name: str) -> str:
        """Return the team of the audit if a moderator was named with it; else nothing."""
        team = self.included.team if self.included else None
        return team if team and same(self.teams.get(person(name)), team) else ""

    @property
    def auditor_grade(self) -> str | None:
        """The auditor's overall grade."""
        return self.standing.get(OVERALL, Standing()).auditor_grade

    @property
    def drawn(self) -> bool:
        """Whether it is to be moderated: drawn, or added by a person."""
        return self.included is not None and self.included.drawn

    @property
    def moderated(self) -> Graded | None:
        """The grade that statistics use: the first moderator's blind one."""
        return self._blind("first")

    @property
    def second(self) -> Graded | None:
        """The second moderator's blind grade."""
        return self._blind("second")

    @property
    def graded_blind(self) -> bool:
        """Whether somebody has still to grade it blind: then no grade or cap of it is listed."""
        if self.drawn and self.moderated is None:
            return True
        return any(self.blind_of(one.moderator) is None for one in self.assigned)

    @property
    def appeal(self) -> Appealed | None:
        """The appeal against the decision that holds now, answered or not."""
        return next((one for one in self.appeals if not one.past), None)

    @property
    def upheld(self) -> AppealDecided | None:
        """The upheld appeal whose grade holds now."""
        decided = self.appeal.decided if self.appeal else None
        return decided if decided and decided.upheld and decided.graded else None

    @property
    def under_appeal(self) -> bool:
        """Whether an appeal waits for its answer."""
        return self.appeal is not None and self.appeal.decided is None

    @property
    def reopened(self) -> bool:
        """Whether a corrected fact opened it again and nobody has decided it since."""
        return bool(self.earlier) and self.decision is None

    @property
    def decision(self) -> Confirmed | Panel | AppealDecided | None:
        """What decides the grade, once it is final: an upheld appeal, the panel, the moderator."""
        return self.upheld or self.panel or self.confirmed

    @property
    def needs_panel(self) -> bool:
        """Whether a panel, or whoever answers an appeal, has to decide before a grade is final."""
        if self.under_appeal:
            return True
        return self.confirmed is not None and self.panel is None and self.routed

    @property
    def routed(self) -> bool:
        """Whether the confirmed grade is one that a panel decides.

        It is two or more grades from the auditor's, or one of the two is the worst grade.
        """
        said = self.rank(self.auditor_grade)
        given = self.rank(self.confirmed.graded.grade) if self.confirmed else 0
        if not said or not given:
            return False
        return abs(said - given) >= APART or (said == 1) != (given == 1)

    @property
    def final(self) -> Graded | None:
        """The grade of the audit; none while a panel, an appeal or a confirmation is awaited."""
        decision = self.decision
        return None if decision is None or self.needs_panel else decision.graded

    @property
    def final_domains(self) -> Mapping[str, str]:
        """The final grades of domains: those that the decision names, else the moderator's."""
        if self.final is None:
            return {}
        own = self.confirmed.graded.domains if self.confirmed else {}
        return {**own, **self.final.domains}

    @property
    def stage(self) -> Stage:
        """How far its moderation has come."""
        if self.needs_panel:
            return Stage.PANEL
        if self.final is not None:
            decided = self.appeal is not None
            accepted = self.answer is not None and self.answer.accepts
            return Stage.SETTLED if accepted or decided else Stage.CONFIRMED
        if self.revealed:
            return Stage.REVEALED
        if self.blind:
            return Stage.GRADED
        return Stage.DRAWN if self.drawn else Stage.NOT_DRAWN

    @property
    def deciders(self) -> tuple[str, ...]:
        """Everybody who has decided on it so far, second moderators of an override too."""
        answers = (one.decided for one in self.appeals)
        made = (*self.earlier, self.confirmed, self.panel, *answers)
        return tuple(dict.fromkeys(name for one in made if one for name in makers(one)))

    def breaches(self, graded: Graded) -> tuple[tuple[str, str, str], ...]:
        """Return where grades are above the cap: `overall` or a domain, the grade, the cap."""
        given = {OVERALL: graded.grade, **graded.domains}
        capped = ((name, grade, self._cap(name)) for name, grade in given.items())
        return tuple(
            (name, grade, cap)
            for name, grade, cap in capped
            if cap is not None and 0 < self.rank(cap) < self.rank(grade)
        )

    def shown_to(self, name: str) -> bool:
        """Return whether a person has seen the auditor's grade and the cap here."""
        return among(name, (*(one.moderator for one in self.revealed), *self.deciders))

    def blind_of(self, name: str) -> Blind | None:
        """Return the grade that a person sealed."""
        return next((one for one in self.blind if same(one.moderator, name)), None)

    def _cap(self, name: str) -> str | None:
        return self.standing.get(name, Standing()).cap

    def _blind(self, turn: str) -> Graded | None:
        return next((one.graded for one in self.blind if one.turn == turn), None)


def cases(
    entries: Iterable[Entry], grades: Sequence[str], only: str | None = None
) -> Mapping[str, Case]:
    """Return the case of every audit that the ledger names, by its id, in the order of the ids.

    `only` is one audit whose case is wanted, so that those of a large batch need no room.
    """
    found: dict[str, Case] = {}
    known = tuple(grades)
    people = Named()

    def case(audit_id: str) -> Case:
        return found.get(audit_id) or Case(audit_id, known)

    for entry in entries:
        body = entry.body
        people.hear(body)
        if isinstance(body, Inclusions):
            for one in body.audits:
                if only is not None and one.audit_id != only:
                    continue
                now = replace(case(one.audit_id), included=one, draw=body.draw)
                found[one.audit_id] = _scored(now, {OVERALL: one.overall, **one.domains})
        elif entry.audit_id is not None and only in (None, entry.audit_id) and type(body) in THEN:
            found[entry.audit_id] = after(case(entry.audit_id), body)
    if people.ids or people.teams:
        ids, teams = people.ids, people.teams
        found = {audit: replace(one, ids=ids, teams=teams) for audit, one in found.items()}
    return dict(sorted(found.items()))


def after(case: Case, body: Body) -> Case:
    """Return a case as it is once another entry is written of it."""
    then = THEN.get(type(body))
    return then(case, body) if then else case


def makers(decision: Confirmed | Panel | AppealDecided) -> tuple[str, ...]:
    """Return who made a decision, with the second moderator of an override."""
    second = (decision.override.second,) if decision.override else ()
    if isinstance(decision, Panel):
        return (*decision.members, *second)
    by = decision.moderator if isinstance(decision, Confirmed) else decision.by
    return (by, *second)


def _blind(case: Case, body: Blind) -> Case:
    return case if case.blind_of(body.moderator) else replace(case, blind=(*case.blind, body))


def _revealed(case: Case, body: Revealed) -> Case:
    return replace(case, revealed=(*case.revealed, body))


def _response(case: Case, body: Response) -> Case:
    return replace(case, answer=body, responses=(*case.responses, body))


def _appealed(case: Case, body: Appeal) -> Case:
    return replace(case, appeals=(*case.appeals, Appealed(body)))


def _appeal_decided(case: Case, body: AppealDecided) -> Case:
    """Answer the appeal that waits; an answer to none is passed over."""
    if not case.under_appeal:
        return case
    at = next(i for i, one in enumerate(case.appeals) if not one.past)
    answered = replace(case.appeals[at], decided=body)
    return replace(case, appeals=(*case.appeals[:at], answered, *case.appeals[at + 1 :]))


def _rescored(case: Case, body: Rescored) -> Case:
    return _scored(replace(case, rescored=(*case.rescored, body)), body.after)


def _scored(case: Case, standing: Mapping[str, Standing]) -> Case:
    """Take the new caps; open the case again if what was decided is now above them."""
    decision, before = case.decision, case.standing
    now = replace(case, standing=standing)
    if decision is None or decision.graded is None:
        return now
    if not _overtaken(now, decision.graded, decision.override, before):
        return now
    overtaken = (case.confirmed, case.panel, case.upheld)
    return replace(
        now,
        confirmed=None,
        panel=None,
        answer=None,
        appeals=tuple(replace(one, past=True) for one in case.appeals),
        earlier=(*case.earlier, *(one for one in overtaken if one)),
    )


def _overtaken(
    case: Case, graded: Graded, override: Override | None, before: Mapping[str, Standing]
) -> bool:
    """Return whether grades are above a cap that nobody has allowed them to be above.

    An override was given against the caps of its day: it holds for as long as none is lower.
    """
    for name, _, cap in case.breaches(graded):
        was = case.rank(before.get(name, Standing()).cap) or len(case.grades)
        if override is None or case.rank(cap) < was:
            return True
    return False


# What each kind of entry does to a case; a kind that is not here does nothing to it.
THEN: dict[type, Callable[[Case, Any], Case]] = {
    Assigned: lambda case, body: replace(case, assigned=(*case.assigned, body)),
    Blind: _blind,
    Revealed: _revealed,
    Confirmed: lambda case, body: replace(case, confirmed=body, answer=None),
    Panel: lambda case, body: replace(case, panel=body, answer=None),
    Response: _response,
    Appeal: _appealed,
    AppealDecided: _appeal_decided,
    Rescored: _rescored,
    Safe: lambda case, body: replace(case, safe=(*case.safe, body)),
    Reaudited: lambda case, body: replace(case, reaudited=(*case.reaudited, body)),
}
