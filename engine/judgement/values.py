"""Features of patterns as arrays: a value an audit of a slice.

In: a rulebook, and what was found and said of each audit as small numbers. Out: the value of a
feature, or of all early or late ones as part of a key. It must not know which rules read a feature.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.judgement.contradictions import COMPARISONS
from engine.judgement.patterns import Patterns, by_domain, counted
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import (
    Answers,
    AuditorDomainGrades,
    DomainsCapped,
    Feature,
    Findings,
    Flag,
    Rank,
)
from engine.rulebook.standard import Standard
from engine.terms import NOT_MET_BY_SILENCE

Array = NDArray[Any]
# the code of an answer that was not given; codes have one digit, so a pair is a number of two
UNANSWERED, TENS = NOT_MET_BY_SILENCE + 1, 10


@dataclass
class Known:
    """What is known of each audit of a slice: codes, and ranks in which nought is none.

    `caps`, `alert` and `moderated` are known only once domains, or the audit, are judged.
    """

    count: int
    outcomes: Mapping[str, Array]
    answers: Mapping[str, Array]
    overall: Array
    grades: Mapping[str, Array]
    caps: dict[str, Array] = field(default_factory=dict)
    alert: Array | None = None
    moderated: Array | None = None


class Features:
    """The values of features on the audits of a slice."""

    def __init__(self, rulebook: Rulebook, known: Known) -> None:
        self.rulebook = rulebook
        self.known = known
        self.standards = by_domain(rulebook)

    def key(
        self, patterns: Patterns, standards: Sequence[Standard], *, late: bool = False
    ) -> Array:
        """Return the part of a pattern's key that the early features give, or the late ones."""
        key = np.zeros(self.known.count, dtype=np.int64)
        for feature, size in patterns.sizes.items():
            if is_late(feature) == late:
                key += patterns.weights[feature] * self.value(feature, standards, size - 1)
        return key

    def value(self, feature: Feature, standards: Sequence[Standard], most: int) -> Array:
        """Return a feature's value, counted no further than `most`."""
        match feature:
            case Rank.AUDITOR:
                return self.known.overall.astype(np.int64)
            case Rank.MODERATED | Flag.ALERT:
                late = self.known.alert if feature is Flag.ALERT else self.known.moderated
                assert late is not None  # noqa: S101 - what it hangs on was judged
                return late.astype(np.int64)
            case Flag.BETTER_THAN_MOST:
                return self._better_than_most()
            case Findings():
                tests = self._found(feature, standards)
            case Answers():
                tests = self._compared(feature, standards)
            case DomainsCapped() | AuditorDomainGrades():
                tests = self._of_domains(feature)
        total = np.zeros(self.known.count, dtype=np.int64)
        for test in tests:
            total += test
        return np.asarray(np.minimum(total, most))

    def _found(self, feature: Findings, standards: Sequence[Standard]) -> Iterable[Array]:
        for standard in counted(feature, standards):
            codes = self.known.outcomes[standard.id]
            yield any_of((codes == code for code in feature.codes), self.known.count)

    def _compared(self, feature: Answers, standards: Sequence[Standard]) -> Iterable[Array]:
        meant = np.zeros(TENS * TENS, dtype=bool)
        for (answer, outcome), comparison in COMPARISONS.items():
            meant[TENS * answer + outcome] = comparison in feature.comparison
        for standard in counted(feature, standards):
            said = self.known.answers[standard.id]
            yield meant.take(TENS * said + self.known.outcomes[standard.id])

    def _of_domains(self, feature: DomainsCapped | AuditorDomainGrades) -> Iterable[Array]:
        rank = self.rulebook.rank(feature.at)
        if isinstance(feature, DomainsCapped):
            return (at_most(self.known.caps[domain], rank) for domain in self.standards)
        chosen = feature.domains or self.rulebook.domains
        return (at_most(self.known.grades[domain], rank) for domain in chosen)

    def _better_than_most(self) -> Array:
        # one up for each domain that the auditor graded worse, one down for any other grade
        votes: Array = np.zeros(self.known.count, dtype=np.int64)
        for domain in self.rulebook.domains:
            grade = self.known.grades[domain]
            lower: Array = (grade > 0) & (grade < self.known.overall)
            votes += lower
            votes -= (grade > 0) & ~lower
        above: Array = votes > 0
        return above.astype(np.int64)


def is_late(feature: Feature) -> bool:
    """Say whether the feature is known only once domains, or the audit as a whole, are judged."""
    return isinstance(feature, DomainsCapped) or feature in (Flag.ALERT, Rank.MODERATED)


def any_of(tests: Iterable[Array], count: int) -> Array:
    """Return where any test holds."""
    found = np.zeros(count, dtype=bool)
    for test in tests:
        found |= test
    return found


def at_most(ranks: Array, rank: int) -> Array:
    """Return where there is a rank, and it is no better than one."""
    found: Array = (ranks > 0) & (ranks <= rank)
    return found
