"""Every pattern of findings that the standards of a book can give, domain by domain.

A rulebook and a question come in; the states that the findings of all audits fall into go out,
each with the fewest misses that lead to it. A question is what is read of an audit: by the rules
that judge it, and by whoever asks (a promise may read what no rule reads). Two audits in one state
are judged alike and asked alike, so that one of them speaks for both.

A finding may be whatever its standard can give (`possible.py`), each independent of all others.
That is more than any file can show: what holds of all these patterns holds of every audit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.authoring.possible import possible_codes
from engine.authoring.states import State, Sums, Way, Ways, keep
from engine.judgement.contradictions import compare
from engine.judgement.judge import Verdict, Verdicts
from engine.judgement.patterns import by_domain, counted
from engine.judgement.plain import PlainJudge
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Answers, DomainsCapped, Feature, Findings
from engine.rulebook.promises import FindingsIn
from engine.rulebook.standard import Standard
from engine.terms import Answer, Outcome

_MET = Outcome.MET.code
ANSWERS = (None, *(Outcome(answer).code for answer in Answer))

# How bad a finding is: a further miss is a step up. Not met is one step, silent or not.
STEPS = {code: (0, 0, 0, 0, 1, 2, 3, 3)[code] for code in range(Outcome.NOT_MET.code + 2)}


@dataclass(frozen=True)
class Choice:
    """What a case says of one standard: codes of the finding and, if it matters, of the answer.

    `was` is what the finding was before it changed, where the case is about a change.
    """

    standard: str
    code: int
    answer: int | None = None
    was: int | None = None


@dataclass(frozen=True)
class Question:
    """What is read of an audit, each with how many values of it are told apart.

    `domain`: the cap and the auditor's grade of that domain too; `met`: whether anything is met.
    """

    sizes: Mapping[Feature, int]
    domain: str | None = None
    met: bool = False


@dataclass(frozen=True)
class Place:
    """Where the numbers of a state of the whole audit stand; tallies follow in their order."""

    cap: int = 0
    alert: int = 1
    route: int = 2
    domain_cap: int = 3
    met: int = 4
    tallies: Mapping[Feature, int] = field(default_factory=dict)


FIRST_TALLY = 5
Tallies = tuple[tuple[Feature, int], ...]


class Domains:
    """The states of each domain of a book, worked out once for whoever asks."""

    def __init__(
        self, rulebook: Rulebook, possible: Mapping[str, frozenset[int]] | None = None
    ) -> None:
        self.rulebook = rulebook
        judge = PlainJudge(rulebook.judgement, rulebook.grades)
        self.verdicts = Verdicts(rulebook.judgement, rulebook.grades, judge)
        self.standards = by_domain(rulebook)
        self.possible = possible or {s.id: possible_codes(s) for s in rulebook.live}
        # met comes first, so that of findings that nobody tells apart it is the one that is kept
        self.codes = {
            name: sorted(codes, key=lambda code: (code != _MET, code))
            for name, codes in self.possible.items()
        }
        self.unmissed = {name: codes[0] for name, codes in self.codes.items()}
        self._rules = tuple(self.verdicts.patterns["domain"].sizes.items())
        self._known: dict[tuple[object, ...], dict[State, Way[Choice]]] = {}
        self._rows: dict[tuple[object, ...], _Row] = {}
        self._counted: dict[tuple[str, Findings | Answers], frozenset[str]] = {}

    def tallies(self, domain: str, question: Question) -> tuple[tuple[Feature, int], ...]:
        """Return what a state of the domain counts: for its rules, and for later ones."""
        return self._rules + tuple(
            (feature, size)
            for feature, size in question.sizes.items()
            if isinstance(feature, Findings | Answers) and self.counts(domain, feature)
        )

    def counts(self, domain: str, feature: Findings | Answers) -> frozenset[str]:
        """Return the standards of the domain that a tally looks at."""
        key = (domain, feature)
        if key not in self._counted:
            chosen = not isinstance(feature, FindingsIn) or domain in (feature.domain or (domain,))
            standards = counted(feature, self.standards[domain]) if chosen else ()
            self._counted[key] = frozenset(standard.id for standard in standards)
        return self._counted[key]

    def states(
        self, domain: str, question: Question, without: str | None = None
    ) -> dict[State, Way[Choice]]:
        """Return every state of a domain, or of all its standards but one."""
        tallies = self.tallies(domain, question)
        key = (domain, tallies, question.met, without)
        if key not in self._known:
            named = [standard.id for standard in self.standards[domain]]
            row = self._row(domain, tallies, met=question.met)
            left_out = named.index(without) if without else len(named)
            self._known[key] = row.without(left_out)
        return self._known[key]

    def _row(self, domain: str, tallies: Tallies, *, met: bool) -> "_Row":
        key = (domain, tallies, met)
        if key not in self._rows:
            steps = [self.steps(one, tallies, met=met) for one in self.standards[domain]]
            self._rows[key] = _Row(self.sums(tallies), steps)
        return self._rows[key]

    def sums(self, tallies: Iterable[tuple[Feature, int]]) -> Sums:
        """Return how states of a domain add up: the tallies, then whether anything is met."""
        return Sums([*(size - 1 for _, size in tallies), 1])

    def steps(
        self, standard: Standard, tallies: Iterable[tuple[Feature, int]], *, met: bool
    ) -> dict[State, Way[Choice]]:
        """Return what one finding can add to the state of its domain."""
        wanted = tuple(tallies)
        answers = any(isinstance(feature, Answers) for feature, _ in wanted)
        found: dict[State, Way[Choice]] = {}
        for code in self.codes[standard.id]:
            for answer in ANSWERS if answers else (None,):
                added = self.adds(standard, code, answer, wanted, met=met)
                cost = (int(STEPS[code] > 0), int(answer is not None))
                keep(found, added, Way(cost, Choice(standard.id, code, answer)))
        return found

    def adds(
        self,
        standard: Standard,
        code: int,
        answer: int | None,
        tallies: Iterable[tuple[Feature, int]],
        *,
        met: bool,
    ) -> State:
        """Return what a finding adds to the state of its domain."""
        parts = [self._counts(feature, standard, code, answer) for feature, _ in tallies]
        return (*parts, int(met and code == _MET))

    def _counts(self, feature: Feature, standard: Standard, code: int, answer: int | None) -> int:
        if not isinstance(feature, Findings | Answers):
            raise TypeError(feature)
        if standard.id not in self.counts(standard.domain, feature):
            return 0
        if isinstance(feature, Findings):
            return int(code in feature.codes)
        return int(compare(answer, code) in feature.comparison)

    def verdict(self, state: State) -> Verdict:
        """Return what the rules of a domain say of one of its states."""
        values = state[: len(self._rules)]
        return self.verdicts.fired("domain", self.verdicts.patterns["domain"].key_of(values))


class _Row:
    """The steps of all standards of a domain in their order; all but one of them are added up."""

    def __init__(self, sums: Sums, steps: Sequence[Ways[State, Choice]]) -> None:
        self.sums, self.steps = sums, steps
        self._first: list[dict[State, Way[Choice]]] = [sums.nothing()]

    def without(self, place: int) -> dict[State, Way[Choice]]:
        """Return what all steps reach but the one at a place; past the end: all."""
        states = self.first(min(place, len(self.steps)))
        for step in self.steps[place + 1 :]:
            states = self.sums.both(states, step)
        return states

    def first(self, count: int) -> dict[State, Way[Choice]]:
        """Return what the first steps reach."""
        while len(self._first) <= count:
            self._first.append(self.sums.both(self._first[-1], self.steps[len(self._first) - 1]))
        return self._first[count]


class Space:
    """The states of the findings of the whole audit, for one question."""

    def __init__(self, domains: Domains, question: Question) -> None:
        self.domains, self.question = domains, question
        self.best = len(domains.rulebook.grades)
        late = (Findings, Answers, DomainsCapped)
        tallies = {f: size for f, size in question.sizes.items() if isinstance(f, late)}
        self.place = Place(tallies={f: FIRST_TALLY + n for n, f in enumerate(tallies)})
        self.sums = Sums([0, 0, 0, 0, 1, *(size - 1 for size in tallies.values())])
        self._features = {
            domain: tuple(feature for feature, _ in domains.tallies(domain, question))
            for domain in domains.standards
        }
        self._lifted: dict[tuple[str, State], State] = {}

    def all(self) -> dict[State, Way[Choice]]:
        """Return every state that the findings of an audit can be in."""
        return self.sums.all_of(self.of_domain(domain) for domain in self.domains.standards)

    def of_domain(self, domain: str) -> dict[State, Way[Choice]]:
        """Return what each state of a domain is for the whole audit."""
        found: dict[State, Way[Choice]] = {}
        for state, way in self.domains.states(domain, self.question).items():
            keep(found, self.lifted(domain, state), way)
        return found

    def lifted(self, domain: str, state: State) -> State:
        """Return what one state of a domain is for the whole audit."""
        key = (domain, state)
        if key not in self._lifted:
            self._lifted[key] = self._of_whole(domain, state)
        return self._lifted[key]

    def _of_whole(self, domain: str, state: State) -> State:
        verdict = self.domains.verdict(state)
        counts = dict(zip(self._features[domain], state, strict=False))
        return (
            self.badness(verdict.overall_cap),
            int(verdict.alert),
            verdict.route,
            self.badness(verdict.cap) if domain == self.question.domain else 0,
            state[-1],
            *(self._tally(feature, verdict, counts) for feature in self.place.tallies),
        )

    def _tally(self, feature: Feature, verdict: Verdict, counts: Mapping[Feature, int]) -> int:
        if isinstance(feature, DomainsCapped):
            worst = self.domains.rulebook.rank(feature.at)
            return int(verdict.cap is not None and verdict.cap <= worst)
        return counts.get(feature, 0)

    def badness(self, cap: int | None) -> int:
        """Return a cap as a number of which the largest is the worst; 0: no cap."""
        return self.best + 1 - cap if cap else 0

    def cap(self, badness: int) -> int | None:
        """Return the cap that a number stands for."""
        return self.best + 1 - badness if badness else None

    def rest(self, domain: str) -> dict[State, Way[Choice]]:
        """Return every state of the findings of all other domains."""
        others = (self.of_domain(other) for other in self.domains.standards if other != domain)
        return self.sums.all_of(others)
