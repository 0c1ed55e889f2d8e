"""Why: for each rule that fired on one audit, the standards whose findings made it fire.

In: a judged audit and the rulebook. Out: reasons, in the order of the audit form and of the file.
A pattern keeps only numbers; here they are bound to the standards again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.judgement.audit import Judged
from engine.judgement.contradictions import compare
from engine.judgement.judge import Verdict
from engine.judgement.patterns import by_domain, counted
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import (
    Answers,
    Condition,
    DomainsCapped,
    Findings,
    Flag,
    Rule,
    Stratum,
)


@dataclass(frozen=True)
class Reason:
    """A rule that fired: for which domain (None: the whole audit), and on which standards.

    A rule about the auditor's grades, or about the moderated grade, rests on no standard.
    """

    rule: Rule
    stratum: Stratum
    domain: str | None
    standards: tuple[str, ...]


def reasons(judged: Judged, rulebook: Rulebook) -> tuple[Reason, ...]:
    """Return every rule that fired on the audit: by domain, then overall, then the route."""
    binder = _Binder(judged, rulebook)
    return (
        *(reason for domain in judged.domains for reason in binder.of_domain(domain)),
        *binder.of("overall", judged.overall),
        *binder.of("route", judged.next),
    )


class _Binder:
    """Binds the rules that fired on one audit to its standards."""

    def __init__(self, judged: Judged, rulebook: Rulebook) -> None:
        self.judged = judged
        self.rulebook = rulebook
        self.standards = by_domain(rulebook)

    def of_domain(self, domain: str) -> tuple[Reason, ...]:
        return self.of("domain", self.judged.domains[domain], domain)

    def of(
        self, stratum: Stratum, verdict: Verdict, domain: str | None = None
    ) -> tuple[Reason, ...]:
        rules = [
            rule for rule in self.rulebook.judgement.rules(stratum) if rule.id in verdict.fired
        ]
        return tuple(Reason(rule, stratum, domain, self.bound(rule, domain)) for rule in rules)

    def bound(self, rule: Rule, domain: str | None) -> tuple[str, ...]:
        found = {s for condition in rule.conditions for s in self.asked(condition, domain)}
        return tuple(standard.id for standard in self.rulebook.live if standard.id in found)

    def asked(self, condition: Condition, domain: str | None) -> Iterator[str]:
        facts = self.judged.facts
        scope = self.standards[domain] if domain else self.rulebook.live
        match condition:
            case Findings():
                chosen = counted(condition, scope)
                yield from (s.id for s in chosen if facts.outcomes[s.id] in condition.codes)
            case Answers():
                for s in counted(condition, scope):
                    found = compare(facts.answers.get(s.id), facts.outcomes[s.id])
                    if found in condition.comparison:
                        yield s.id
            case DomainsCapped():
                yield from self.capped(self.rulebook.rank(condition.at))
            case Flag.ALERT:
                yield from self.alerted()

    def capped(self, rank: int) -> Iterator[str]:
        """Yield the standards behind every cap of a domain at this grade or a worse one."""
        for domain in self.judged.domains:
            for reason in self.of_domain(domain):
                if reason.rule.cap and self.rulebook.rank(reason.rule.cap) <= rank:
                    yield from reason.standards

    def alerted(self) -> Iterator[str]:
        for reason in (
            *(reason for domain in self.judged.domains for reason in self.of_domain(domain)),
            *self.of("overall", self.judged.overall),
        ):
            if reason.rule.alert:
                yield from reason.standards
