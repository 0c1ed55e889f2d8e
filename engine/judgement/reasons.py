"""Why: for each rule that fired on one audit, the standards whose findings made it fire.

In: a judged audit and the rulebook. Out: reasons, in the order of the audit form and of the file.
A pattern keeps only numbers; here they are bound to the standards again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.judgement.audit import AuditFacts, Judged
from engine.judgement.contradictions import compare
from engine.judgement.judge import Verdict
from engine.judgement.patterns import by_domain, counted
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import (
    STRATA,
    Answers,
    Condition,
    DomainsCapped,
    Findings,
    Flag,
    Rule,
    Stratum,
)
from engine.rulebook.standard import Standard


@dataclass(frozen=True)
class Reason:
    """A rule that fired: for which domain (None: the whole audit), and on which standards.

    A rule about the auditor's grades, or about the moderated grade, rests on no standard.
    """

    rule: Rule
    stratum: Stratum
    domain: str | None
    standards: tuple[str, ...]


class Binder:
    """Binds rules that fired to standards; made once for a rulebook, used for many audits."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._order = {standard.id: place for place, standard in enumerate(rulebook.live)}
        self._domains = by_domain(rulebook)
        self._rules = {s: {r.id: r for r in rulebook.judgement.rules(s)} for s in STRATA}

    def reasons(self, judged: Judged) -> tuple[Reason, ...]:
        """Return every rule that fired on the audit: by domain, then overall, then the route."""
        below = tuple(
            Reason(rule, "domain", domain, self._bound(rule, domain, judged.facts))
            for domain, verdict in judged.domains.items()
            for rule in self._fired("domain", verdict)
        )
        overall = self._later("overall", judged.overall, judged.facts, below)
        return below + overall + self._later("route", judged.next, judged.facts, below + overall)

    def _fired(self, stratum: Stratum, verdict: Verdict) -> Iterator[Rule]:
        return (self._rules[stratum][rule] for rule in verdict.fired)

    def _later(
        self,
        stratum: Stratum,
        verdict: Verdict,
        facts: AuditFacts,
        earlier: tuple[Reason, ...],
    ) -> tuple[Reason, ...]:
        """Return reasons that may rest on those of the lists before."""
        return tuple(
            Reason(rule, stratum, None, self._bound(rule, None, facts, earlier))
            for rule in self._fired(stratum, verdict)
        )

    def _bound(
        self,
        rule: Rule,
        domain: str | None,
        facts: AuditFacts,
        earlier: tuple[Reason, ...] = (),
    ) -> tuple[str, ...]:
        scope = self._domains[domain] if domain else self._rulebook.live
        found: set[str] = set()
        for condition in rule.conditions:
            found |= set(self._own(condition, scope, facts))
            found |= {s for reason in self._behind(condition, earlier) for s in reason.standards}
        return tuple(sorted(found, key=self._order.__getitem__))

    def _own(
        self, condition: Condition, scope: Iterable[Standard], facts: AuditFacts
    ) -> Iterator[str]:
        """Yield the standards that a condition on findings or answers counted."""
        match condition:
            case Findings():
                codes = condition.codes
                yield from (
                    s.id for s in counted(condition, scope) if facts.outcomes[s.id] in codes
                )
            case Answers():
                for s in counted(condition, scope):
                    answer = facts.answers.get(s.id)
                    if compare(answer, facts.outcomes[s.id]) in condition.comparison:
                        yield s.id

    def _behind(self, condition: Condition, earlier: tuple[Reason, ...]) -> Iterator[Reason]:
        """Yield the earlier reasons that a condition on caps or alerts rests on."""
        match condition:
            case DomainsCapped():
                rank = self._rulebook.rank(condition.at)
                for reason in earlier:
                    cap = reason.rule.cap if reason.domain else None
                    if cap and self._rulebook.rank(cap) <= rank:
                        yield reason
            case Flag.ALERT:
                yield from (reason for reason in earlier if reason.rule.alert)
