"""Features of patterns as SQL over the columns of a slice.

In: a rulebook and a feature. Out: an expression that gives the feature's value on each audit.
It must not know which rules read the feature, nor in which order the tables are made.

Tables by their short names: `o` outcomes, `w` the auditor's answers, `g` the auditor's grades.
What is known only once something is judged stands in columns `cap:<domain>`, `alert`, `moderated`.
"""

from collections.abc import Iterable, Sequence

from engine.judgement.contradictions import comparison_is
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


def quoted(*parts: str) -> str:
    """Return a column's name; parts are joined by colons.

    >>> quoted("cap", "visits")
    '"cap:visits"'
    """
    return '"' + ":".join(parts).replace('"', '""') + '"'


def is_late(feature: Feature) -> bool:
    """Say whether the feature is known only once domains, or the audit as a whole, are judged."""
    return isinstance(feature, DomainsCapped) or feature in (Flag.ALERT, Rank.MODERATED)


class Columns:
    """The expressions of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.standards = by_domain(rulebook)

    def key(self, patterns: Patterns, standards: Sequence[Standard], *, late: bool = False) -> str:
        """Return the part of a pattern's key that the early features give, or the late ones."""
        parts = (
            f"{patterns.weights[feature]} * {self.value(feature, standards, size - 1)}"
            for feature, size in patterns.sizes.items()
            if is_late(feature) == late
        )
        return f"({' + '.join(parts) or '0'})"

    def value(self, feature: Feature, standards: Sequence[Standard], most: int) -> str:
        """Return a feature's value, counted no further than `most`."""
        match feature:
            case Rank.AUDITOR:
                return "coalesce(g.overall, 0)::INTEGER"
            case Rank.MODERATED:
                return "coalesce(moderated, 0)::INTEGER"
            case Flag.ALERT:
                return "alert::INTEGER"
            case Flag.BETTER_THAN_MOST:
                return self._better_than_most()
            case Findings() | Answers():
                tests = self._of_standards(feature, standards)
            case DomainsCapped() | AuditorDomainGrades():
                tests = self._of_domains(feature)
        return _count(tuple(tests), most)

    def _of_standards(
        self, feature: Findings | Answers, standards: Sequence[Standard]
    ) -> Iterable[str]:
        for standard in counted(feature, standards):
            column = quoted(standard.id)
            if isinstance(feature, Answers):
                yield comparison_is(feature.comparison, f"w.{column}", f"o.{column}")
            else:
                yield f"o.{column} IN ({', '.join(map(str, sorted(feature.codes)))})"

    def _of_domains(self, feature: DomainsCapped | AuditorDomainGrades) -> Iterable[str]:
        rank = self.rulebook.rank(feature.at)
        if isinstance(feature, DomainsCapped):
            return (f"{quoted('cap', domain)} <= {rank}" for domain in self.standards)
        chosen = feature.domains or self.rulebook.domains
        return (f"g.{quoted(domain)} <= {rank}" for domain in chosen)

    def _better_than_most(self) -> str:
        # one up for each domain that the auditor graded worse, one down for any other grade
        votes = " + ".join(
            f"CASE WHEN g.{quoted(d)} < g.overall THEN 1 WHEN g.{quoted(d)} > 0 THEN -1 ELSE 0 END"
            for d in self.rulebook.domains
        )
        return f"({votes} > 0)::INTEGER"


def _count(tests: tuple[str, ...], most: int) -> str:
    """Return how many tests hold, counted no further than `most`; one that is unknown does not."""
    if not tests:
        return "0"
    if most == 1:
        return f"CASE WHEN {' OR '.join(tests)} THEN 1 ELSE 0 END"
    terms = " + ".join(f"CASE WHEN {test} THEN 1 ELSE 0 END" for test in tests)
    return f"least({most}, {terms})"
