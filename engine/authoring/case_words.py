"""The case that breaks a promise, in plain English: what was found, what came out, and why.

A proof and its rulebook come in, lines go out. The case is judged once more here, as any audit is
(`engine.judgement.audit`), so that what is printed does not rest on the prover alone.
"""

from collections.abc import Iterable, Iterator

from engine.authoring.prove import Case, Proof
from engine.judgement.audit import AuditFacts, Judged, judge_audit, suggested
from engine.judgement.judge import Verdicts
from engine.judgement.plain import PlainJudge
from engine.judgement.reasons import Binder, Reason
from engine.rulebook.book import Rulebook
from engine.rulebook.promises import Then
from engine.rulebook.standard import Standard
from engine.terms import NOT_MET_BY_SILENCE, OUTCOMES, Outcome, Route

MET = Outcome.MET.code
GOES_TO = {
    Route.NONE: "to nobody",
    Route.MODERATE: "to moderation",
    Route.PANEL: "to the panel",
    Route.ALERT: "to an alert",
}


def judged_again(facts: AuditFacts, rulebook: Rulebook) -> Judged:
    """Return what the rules make of an audit."""
    judge = PlainJudge(rulebook.judgement, rulebook.grades)
    verdicts = Verdicts(rulebook.judgement, rulebook.grades, judge)
    return judge_audit(facts, rulebook, verdicts)


def case_lines(proof: Proof, rulebook: Rulebook) -> Iterator[str]:
    """Yield the smallest case that breaks a promise; nothing if it is kept."""
    if proof.case is not None:
        words = _Words(rulebook)
        yield "The smallest audit that breaks it:"
        yield from (f"  {line}" for line in words.audit(proof.case))
        if proof.case.before is None:
            yield from words.came_out(proof.case, proof.promise.then)
        else:
            yield from words.turned(proof.case, proof.case.before)


def case_in_short(proof: Proof, rulebook: Rulebook) -> str:
    """Return what turned in the smallest case, and what came out before and after, on one line."""
    if proof.case is None or proof.case.before is None:
        return ""
    words, case = _Words(rulebook), proof.case
    told = [*words.missed(case)]
    if case.facts.overall or case.facts.domains:
        told.append(words.auditor(case.facts).rstrip("."))
    standings = [
        f"{when}, {words.standing(judged_again(facts, rulebook), case.domain)}"
        for when, facts in (("before", proof.case.before), ("after", case.facts))
    ]
    return "; ".join([*told, *standings])


class _Words:
    """Tells cases of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook

    def grade(self, rank: int | None) -> str:
        return self.rulebook.title(self.rulebook.grades[rank - 1]) if rank else "not capped"

    def audit(self, case: Case) -> Iterator[str]:
        """Yield what was found and what the auditor gave."""
        told = tuple(self.missed(case))
        yield from told
        if len(told) < len(self.rulebook.live):
            yield f"Every {'other ' if told else ''}standard is met."
        yield self.auditor(case.facts)

    def missed(self, case: Case) -> Iterator[str]:
        """Yield each standard that is not simply met, or of which the auditor's answer matters."""
        for standard in self.rulebook.live:
            said = outcome_words(case.facts.outcomes[standard.id])
            was = outcome_words(case.before.outcomes[standard.id]) if case.before else said
            said = said if said == was else f"{was}, then {said}"
            if said != outcome_words(MET) or standard.id in case.facts.answers:
                yield f"{self.standard(standard)}: {said}{self.answer(case.facts, standard)}"

    def standard(self, standard: Standard) -> str:
        line = ", a bottom line" if standard.bottom_line else ""
        domain = self.rulebook.title(standard.domain)
        return f"{standard.id} ({domain}, {standard.severity}{line})"

    def answer(self, facts: AuditFacts, standard: Standard) -> str:
        answer = facts.answers.get(standard.id)
        return f"; the auditor answered: {outcome_words(answer)}" if answer is not None else ""

    def auditor(self, facts: AuditFacts) -> str:
        own = [f"{self.rulebook.title(d)} {self.grade(r)}" for d, r in facts.domains.items()]
        if facts.overall is None:
            said = "The auditor gave no overall grade"
        else:
            said = f"The auditor's overall grade is {self.grade(facts.overall)}"
        return f"{said}; of domains: {', '.join(own)}." if own else f"{said}."

    def came_out(self, case: Case, then: Then) -> Iterator[str]:
        """Yield what came out, what was promised, and the rules that fired."""
        judged = judged_again(case.facts, self.rulebook)
        yield f"What comes out: {self.result(judged, case, then)}"
        yield from self.rules(judged)

    def result(self, judged: Judged, case: Case, then: Then) -> str:
        title = self.rulebook.title
        if then.never_better_than:
            promised = f"promised was no better than {title(then.never_better_than)}."
            return f"{self.standing(judged, case.domain)}; {promised}"
        if then.route:
            gone = GOES_TO[tuple(Route)[judged.route]]
            return f"it goes {gone}; promised was at least {GOES_TO[Route(then.route)]}."
        if then.alert:
            return "no alert is raised."
        if then.compliance_never_gives:
            given = suggested(judged, self.rulebook)
            how = f"{self.grade(given)} is suggested" if given else self.standing(judged, None)
            return f"{how}, though the auditor gave {self.grade(judged.facts.overall)}."
        return f"{self.standing(judged, None)}, better than the auditor's grade."

    def standing(self, judged: Judged, domain: str | None) -> str:
        """Return the grade that counts: the moderated one, or the cap."""
        if domain is None:
            rank, cap, name = judged.moderated, judged.cap, "the audit"
        else:
            rank, cap = judged.moderated_domains.get(domain), judged.caps.get(domain)
            name = self.rulebook.title(domain)
        if rank:
            return f"{name} is {self.grade(rank)}"
        return f"{name} is capped at {self.grade(cap)}" if cap else f"{name} is not capped"

    def turned(self, case: Case, before: AuditFacts) -> Iterator[str]:
        """Yield what comes out before and after a finding turned."""
        for when, facts in (("Before", before), ("After", case.facts)):
            judged = judged_again(facts, self.rulebook)
            yield f"{when}: {self.standing(judged, case.domain)}."
            yield from self.rules(judged)

    def rules(self, judged: Judged) -> Iterator[str]:
        """Yield the rules that fired on an audit, in their order, with what each gives."""
        reasons = Binder(self.rulebook).reasons(judged)
        for reason in reasons:
            where = f" in {self.rulebook.title(reason.domain)}" if reason.domain else ""
            effects = ", ".join(self.effects(reason))
            yield f"  - rule `{reason.rule.id}` fires{where} ({reason.rule.title}): {effects}"
        if not reasons:
            yield "  - no rule fires"

    def effects(self, reason: Reason) -> Iterable[str]:
        """Yield what a rule gives, in words."""
        rule, title = reason.rule, self.rulebook.title
        if rule.cap:
            capped = "the domain" if reason.domain else "the audit"
            yield f"caps {capped} at {title(rule.cap)}"
        if rule.overall_cap:
            yield f"caps the audit at {title(rule.overall_cap)}"
        if rule.alert:
            yield "raises an alert"
        if rule.route:
            yield f"sends it {GOES_TO[Route(rule.route)]}"


def outcome_words(code: int) -> str:
    """Return an outcome in words.

    >>> outcome_words(7)
    'not met (the record is silent)'
    """
    if code == NOT_MET_BY_SILENCE:
        return "not met (the record is silent)"
    return OUTCOMES[code].replace("_", " ")
