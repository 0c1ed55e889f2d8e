"""Patterns: of an audit or a domain, just what the rules of one list can tell apart.

In: the rules and the grades. Out: for each list of rules its features, and every pattern of them
as one small integer, so that a pattern is judged once however many audits have it. It must not
know where the values come from: `values.py` counts them in arrays, `audit.py` for one audit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import (
    STRATA,
    Answers,
    Feature,
    Findings,
    Judgement,
    Stratum,
    sizes,
)
from engine.rulebook.standard import Standard

Pattern = Mapping[Feature, int]
"""The value of each feature that the rules of a list read."""


@dataclass(frozen=True)
class Patterns:
    """All patterns of one list of rules; a key is a number in mixed radix, one digit a feature."""

    stratum: Stratum
    sizes: Mapping[Feature, int]

    @property
    def count(self) -> int:
        """Return how many patterns there are, whether or not an audit can have them."""
        return prod(self.sizes.values())

    @cached_property
    def weights(self) -> Mapping[Feature, int]:
        """Return what one of each feature adds to the key."""
        weights: dict[Feature, int] = {}
        weight = 1
        for feature, size in self.sizes.items():
            weights[feature] = weight
            weight *= size
        return weights

    def key(self, pattern: Pattern) -> int:
        """Return the key of a pattern; a tally above the largest number asked for counts as that.

        >>> from engine.rulebook.judgement import Flag, Rank
        >>> patterns = Patterns("route", {Flag.ALERT: 2, Rank.AUDITOR: 5})
        >>> patterns.key({Flag.ALERT: 1, Rank.AUDITOR: 3})
        7
        """
        return self.key_of(pattern[feature] for feature in self.sizes)

    def key_of(self, values: Iterable[int]) -> int:
        """Return the key of the values of all features, in their order."""
        digits = zip(values, self.sizes.values(), self.weights.values(), strict=True)
        return sum(min(value, size - 1) * weight for value, size, weight in digits)

    def decode(self, key: int) -> Pattern:
        """Return the pattern that has this key."""
        return {
            feature: key // weight % size
            for (feature, size), weight in zip(
                self.sizes.items(), self.weights.values(), strict=True
            )
        }

    def every(self) -> Iterator[Pattern]:
        """Yield all patterns, in the order of their keys."""
        return map(self.decode, range(self.count))


def patterns_of(judgement: Judgement, grades: Sequence[str]) -> dict[Stratum, Patterns]:
    """Return the patterns of each list of rules."""
    return {
        stratum: Patterns(stratum, sizes(judgement.rules(stratum), grades)) for stratum in STRATA
    }


def counted(feature: Findings | Answers, standards: Iterable[Standard]) -> tuple[Standard, ...]:
    """Return the standards that a tally looks at."""
    mark = feature.bottom_line if isinstance(feature, Findings) else None
    return tuple(
        standard
        for standard in standards
        if standard.severity in feature.severity and mark in (None, standard.bottom_line)
    )


def by_domain(rulebook: Rulebook) -> dict[str, tuple[Standard, ...]]:
    """Return the live standards of each domain that has any, in the order of the audit form."""
    live = {d: tuple(s for s in rulebook.live if s.domain == d) for d in rulebook.domains}
    return {domain: standards for domain, standards in live.items() if standards}
