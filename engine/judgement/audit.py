"""One audit, judged in Python: the same chain as `stage.py`.

In: the findings, answers and grades of one audit, the rulebook, the verdicts. Out: caps, grades
and route, with the verdict of each list of rules. Used where an audit is shown or explained; a
batch goes through `stage.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.judgement.contradictions import compare
from engine.judgement.judge import Verdict, Verdicts
from engine.judgement.patterns import by_domain, counted
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import (
    Answers,
    AuditorDomainGrades,
    DomainsCapped,
    Feature,
    Findings,
    Flag,
    Rank,
    Stratum,
)
from engine.rulebook.standard import Standard
from engine.terms import Outcome

NO_VERDICT = Verdict(fired=(), cap=None, overall_cap=None, alert=False, route=0)


@dataclass(frozen=True)
class AuditFacts:
    """What judgement reads of one audit: codes by standard, and the auditor's grades as ranks.

    `outcomes` holds every live standard; a grade that the auditor did not give is left out.
    """

    outcomes: Mapping[str, int]
    answers: Mapping[str, int] = field(default_factory=dict)
    overall: int | None = None
    domains: Mapping[str, int] = field(default_factory=dict)

    def with_met(self, standards: Sequence[str]) -> "AuditFacts":
        """Return the same audit with these standards met."""
        met = dict.fromkeys(standards, Outcome.MET.code)
        return replace(self, outcomes={**self.outcomes, **met})


@dataclass(frozen=True)
class Judged:
    """What was judged of one audit: a verdict for each list of rules; grades are ranks.

    `domains` has a verdict for each domain that has a live standard.
    """

    facts: AuditFacts
    domains: Mapping[str, Verdict] = field(default_factory=dict)
    overall: Verdict = NO_VERDICT
    next: Verdict = NO_VERDICT

    @property
    def caps(self) -> dict[str, int]:
        """Return the cap of each domain that is capped."""
        return {d: verdict.cap for d, verdict in self.domains.items() if verdict.cap is not None}

    @property
    def cap(self) -> int | None:
        """Return the overall cap: the worst that any rule proposes; None: no rule does."""
        return worst(self.overall.cap, *(verdict.overall_cap for verdict in self.domains.values()))

    @property
    def alert(self) -> bool:
        """Say whether any rule raised an alert."""
        return self.overall.alert or any(verdict.alert for verdict in self.domains.values())

    @property
    def moderated(self) -> int | None:
        """Return the worse of the auditor's grade and the cap; None without an auditor's grade."""
        return None if self.facts.overall is None else worst(self.facts.overall, self.cap)

    @property
    def moderated_domains(self) -> dict[str, int | None]:
        """Return the moderated grade of each domain that the auditor graded."""
        return {d: worst(rank, self.caps.get(d)) for d, rank in self.facts.domains.items()}

    @property
    def route(self) -> int:
        """Return how far any rule sends the audit, as a place in `Route`."""
        verdicts = (*self.domains.values(), self.overall, self.next)
        return max(verdict.route for verdict in verdicts)


def judge_audit(facts: AuditFacts, rulebook: Rulebook, verdicts: Verdicts) -> Judged:
    """Judge one audit: its domains, then the audit as a whole, then what happens next."""
    reader = _Reader(rulebook, verdicts)
    judged = Judged(facts)
    domains = {
        domain: reader.verdict("domain", standards, judged)
        for domain, standards in by_domain(rulebook).items()
    }
    judged = replace(judged, domains=domains)
    judged = replace(judged, overall=reader.verdict("overall", rulebook.live, judged))
    return replace(judged, next=reader.verdict("route", rulebook.live, judged))


def suggested(judged: Judged, rulebook: Rulebook) -> int | None:
    """Return the grade that the record supports, where it is better than the auditor's.

    Compliance alone earns only so much, and a record in which nothing is met earns nothing.
    """
    given = judged.facts.overall
    if given is None or Outcome.MET.code not in judged.facts.outcomes.values():
        return None
    earns = worst(judged.cap, rulebook.rank(rulebook.judgement.compliance_earns_at_most))
    return earns if earns is not None and earns > given else None


def worst(*ranks: int | None) -> int | None:
    """Return the worst of some grades; what is missing does not constrain.

    >>> worst(3, None, 2)
    2
    """
    return min((rank for rank in ranks if rank is not None), default=None)


class _Reader:
    """Reads the features of one audit and asks for the verdict on their pattern."""

    def __init__(self, rulebook: Rulebook, verdicts: Verdicts) -> None:
        self.rulebook = rulebook
        self.verdicts = verdicts

    def verdict(self, stratum: Stratum, standards: Sequence[Standard], judged: Judged) -> Verdict:
        patterns = self.verdicts.patterns[stratum]
        values = (self.value(feature, standards, judged) for feature in patterns.sizes)
        return self.verdicts.fired(stratum, patterns.key_of(values))

    def value(self, feature: Feature, standards: Sequence[Standard], judged: Judged) -> int:
        facts = judged.facts
        match feature:
            case Findings():
                codes = [facts.outcomes[s.id] for s in counted(feature, standards)]
                return sum(code in feature.codes for code in codes)
            case Answers():
                return sum(
                    compare(facts.answers.get(s.id), facts.outcomes[s.id]) in feature.comparison
                    for s in counted(feature, standards)
                )
            case DomainsCapped():
                return _at(judged.caps.values(), self.rulebook.rank(feature.at))
            case AuditorDomainGrades():
                chosen = feature.domains or self.rulebook.domains
                ranks = [rank for d, rank in facts.domains.items() if d in chosen]
                return _at(ranks, self.rulebook.rank(feature.at))
            case Flag() | Rank():
                return _of_the_whole(feature, judged)


def _of_the_whole(feature: Flag | Rank, judged: Judged) -> int:
    match feature:
        case Rank.AUDITOR:
            return judged.facts.overall or 0
        case Rank.MODERATED:
            return judged.moderated or 0
        case Flag.ALERT:
            return int(judged.alert)
        case Flag.BETTER_THAN_MOST:
            own = judged.facts.domains.values()
            overall = judged.facts.overall or 0
            return int(2 * sum(rank < overall for rank in own) > len(own))


def _at(ranks: Iterable[int], rank: int) -> int:
    """Return how many are this grade or a worse one."""
    return sum(each <= rank for each in ranks)
