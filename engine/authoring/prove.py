"""Prove the promises of a rulebook over every pattern that an audit can have.

A rulebook comes in; for each promise goes out on how many patterns it was tried and, if it is
broken, the smallest case that breaks it: an audit with as few misses as any.

Why that is a proof, though no audit is ever made: docs/decisions/0010-promises-are-proved.md.
In short: rules read tallies up to a largest number, so audits fall into finitely many patterns
that the rules, and the promise, cannot tell apart; each domain's patterns are all worked out from
what its standards can give, put together for all domains, and joined with all that auditors can
give. What is kept of each pattern is one audit with the fewest misses, which can be shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import prod

from engine.authoring.auditors import Given, auditors
from engine.authoring.judging import Judging, facts_of
from engine.authoring.kept import Instance, is_kept, speaks_of
from engine.authoring.possible import possible_codes
from engine.authoring.space import Choice, Domains, Question, Space
from engine.authoring.states import FREE, Cost, State, Way
from engine.authoring.turns import changes
from engine.judgement.audit import AuditFacts
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Feature, sizes
from engine.rulebook.promises import FindingsIn, Promise


@dataclass(frozen=True)
class Case:
    """An audit that breaks a promise; `before`: what it was before a finding turned.

    `domain` is the one whose grade breaks it, where it is not the audit's.
    """

    facts: AuditFacts
    before: AuditFacts | None = None
    domain: str | None = None


@dataclass(frozen=True)
class Proof:
    """A promise: tried on so many patterns, of which it speaks of so many and is broken by some.

    Of a promise about a change, patterns are pairs: before and after.
    """

    promise: Promise
    patterns: int
    spoken_of: int
    broken: int
    case: Case | None = None

    @property
    def holds(self) -> bool:
        """Say whether nothing breaks the promise."""
        return not self.broken


@dataclass(frozen=True)
class Proved:
    """All promises of a book, and how many audits there can be."""

    proofs: tuple[Proof, ...]
    audits: int

    @property
    def broken(self) -> tuple[Proof, ...]:
        """Return the promises that something breaks."""
        return tuple(proof for proof in self.proofs if not proof.holds)


def prove(rulebook: Rulebook) -> Proved:
    """Try every promise of a book on every pattern."""
    prover = Prover(rulebook)
    return Proved(tuple(prover.proof(p) for p in rulebook.promises), audits_there_can_be(rulebook))


def audits_there_can_be(rulebook: Rulebook) -> int:
    """Return in how many ways findings and the auditor's grades can fall together."""
    findings = prod(len(possible_codes(standard)) for standard in rulebook.live)
    grades: int = (len(rulebook.grades) + 1) ** (len(rulebook.domains) + 1)
    return findings * grades


NO_GRADES: Way[Given] = Way(FREE)


class _Tried:
    """Counts what was tried, and keeps the smallest case."""

    def __init__(self) -> None:
        self.patterns = self.spoken_of = self.broken = 0
        self.cost: Cost | None = None
        self.case: tuple[Way[Choice], Way[Given], str | None] | None = None

    def broken_by(self, found: Way[Choice], given: Way[Given], domain: str | None = None) -> None:
        self.broken += 1
        cost = (found.cost[0], found.cost[1] + given.cost[1])
        if self.cost is None or cost < self.cost:
            self.cost, self.case = cost, (found, given, domain)


class Prover:
    """Tries promises on one rulebook; what they share is worked out once."""

    def __init__(
        self, rulebook: Rulebook, possible: Mapping[str, frozenset[int]] | None = None
    ) -> None:
        self.rulebook = rulebook
        self.best = len(rulebook.grades)
        self.domains = Domains(rulebook, possible)
        self.read = read_by_rules(rulebook)
        self._spaces = cache(self._space)

    def proof(self, promise: Promise) -> Proof:
        """Try one promise on every pattern."""
        tried = _Tried()
        changing = promise.then.never_raised_by is not None
        if changing:
            self._try_changes(promise, tried)
        else:
            for one in self._instances(promise):
                if one.domain and one.asks_of_findings:
                    self._try_domain(one, one.domain, tried)
                else:
                    self._try(one, tried)
        case = self._case(tried, changing=changing)
        return Proof(promise, tried.patterns, tried.spoken_of, tried.broken, case)

    def _case(self, tried: _Tried, *, changing: bool) -> Case | None:
        if tried.case is None:
            return None
        found, given, domain = tried.case
        facts = facts_of(found, given, self.domains.unmissed)
        before = facts_of(found, given, self.domains.unmissed, before=True) if changing else None
        return Case(facts, before, domain)

    def _instances(self, promise: Promise) -> Iterator[Instance]:
        """Yield the promise, or that of each domain."""
        if promise.of == "audit":
            yield Instance.of_audit(promise)
        else:
            for domain in self.domains.standards:
                yield Instance.of_domain(promise, domain)

    def _space(self, question_key: tuple[object, ...]) -> "_Opened":
        read, domain, met = question_key
        question = Question(dict(read), domain, met)  # type: ignore[call-overload, arg-type]
        space = Space(self.domains, question)
        return _Opened(space, Judging(space), auditors(self.rulebook, question))

    def opened(self, more: Mapping[Feature, int], domain: str | None, *, met: bool) -> "_Opened":
        """Return the space of what the rules read and more."""
        read = {f: max(n, more.get(f, 0)) for f, n in self.read.items()}
        read |= {f: n for f, n in more.items() if f not in read}
        return self._spaces((tuple(read.items()), domain, met))

    def _try(self, one: Instance, tried: _Tried) -> None:
        met = one.promise.then.compliance_never_gives is not None
        opened = self.opened(one.read(self.rulebook), one.domain, met=met)
        spoken_of = speaks_of(one, opened.judging, self.rulebook)
        kept = is_kept(one, opened.judging, self.rulebook)
        for found, way in opened.space.all().items():
            for given, ranks in opened.auditors.items():
                tried.patterns += 1
                seen = opened.judging.seen(found, given)
                if spoken_of(found, given, seen):
                    tried.spoken_of += 1
                    if not kept(found, given, seen):
                        tried.broken_by(way, ranks, one.domain)

    def _try_domain(self, one: Instance, domain: str, tried: _Tried) -> None:
        """Try a promise that reads nothing but the findings of one domain, on its states alone.

        The auditor's grade of the domain can only make the moderated one worse, so none is given.
        """
        question = Question(one.read(self.rulebook), domain)
        features = [feature for feature, _ in self.domains.tallies(domain, question)]
        most = self.rulebook.rank(one.promise.then.never_better_than or "")
        asked = [(c.feature, c.at_least) for c in one.conditions if isinstance(c, FindingsIn)]
        for state, way in self.domains.states(domain, question).items():
            tried.patterns += 1
            counts = dict(zip(features, state, strict=False))
            if all(counts.get(feature, 0) >= least for feature, least in asked):
                tried.spoken_of += 1
                if (self.domains.verdict(state).cap or self.best) > most:
                    tried.broken_by(way, NO_GRADES, domain)

    def _try_changes(self, promise: Promise, tried: _Tried) -> None:
        """Try what one finding that turns does, whatever all others are."""
        opened = self.opened({}, None, met=False)
        space, law = opened.space, promise.then.never_raised_by or ""
        for domain in self.domains.standards:
            pairs: dict[tuple[State, State], Way[Choice]] = {}
            for changed, way in changes(self.domains, domain, space.question, law).items():
                before, after = changed.before, changed.after
                caps = [self.domains.verdict(state).cap or self.best for state in (before, after)]
                tried.patterns += 1
                if caps[1] > caps[0]:
                    tried.broken_by(way, NO_GRADES, domain)
                pair = (space.lifted(domain, before), space.lifted(domain, after))
                if pair not in pairs or way.cost < pairs[pair].cost:
                    pairs[pair] = way
            self._try_pairs(opened, domain, pairs, tried)
        tried.spoken_of = tried.patterns

    def _try_pairs(
        self,
        opened: "_Opened",
        domain: str,
        pairs: Mapping[tuple[State, State], Way[Choice]],
        tried: _Tried,
    ) -> None:
        """Try pairs of what a domain is for the audit, with all that the other domains can be."""
        add, judging = opened.space.sums.add, opened.judging
        for state, others in opened.rest(domain).items():
            for (one, two), way in pairs.items():
                before, after = add(state, one), add(state, two)
                for given, grades_given in opened.auditors.items():
                    tried.patterns += 1
                    was = judging.seen(before, given).standing(self.best)
                    if judging.seen(after, given).standing(self.best) > was:
                        tried.broken_by(way.then(others), grades_given)


class _Opened:
    """A space with all that it takes to go through it."""

    def __init__(self, space: Space, judging: Judging, given: Mapping[State, Way[Given]]) -> None:
        self.space, self.judging, self.auditors = space, judging, given
        self.rest = cache(space.rest)


def read_by_rules(rulebook: Rulebook) -> dict[Feature, int]:
    """Return what the rules of the audit and of what happens next read."""
    judgement = rulebook.judgement
    return sizes((*judgement.overall, *judgement.route), rulebook.grades)
