"""Features of patterns as Spark's SQL: what `values.py` works out as arrays.

In: a rulebook and a feature. Out: an expression that gives the feature's value on each audit of a
view. It must not know which rules read the feature, nor in which order the views are made.

Columns of the view: an outcome's code for each standard as `o:<id>`, the code of the auditor's
answer as `w:<id>`, the auditor's grades as `g:overall` and `g:<domain>`. What is known only once
something is judged stands in columns `cap:<domain>`, `alert`, `moderated`.
"""

from collections.abc import Iterable, Mapping, Sequence

from engine.judgement.contradictions import COMPARISONS
from engine.judgement.patterns import Patterns, by_domain, counted
from engine.judgement.values import TENS, is_late
from engine.records.spark_cells import quoted
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
from engine.terms import Comparison

GRADE = "`g:overall`"
# so many values are looked through one by one
_FEW = 16


class Columns:
    """The expressions of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.standards = by_domain(rulebook)

    def key(self, patterns: Patterns, standards: Sequence[Standard], *, late: bool = False) -> str:
        """Return the part of a pattern's key that the early features give, or the late ones."""
        # a whole number of eight bytes: a key that is cut short would be another pattern
        parts = (
            f"{patterns.weights[feature]}L * {self.value(feature, standards, size - 1)}"
            for feature, size in patterns.sizes.items()
            if is_late(feature) == late
        )
        return f"({' + '.join(parts) or '0L'})"

    def value(self, feature: Feature, standards: Sequence[Standard], most: int) -> str:
        """Return a feature's value, counted no further than `most`."""
        match feature:
            case Rank.AUDITOR:
                return f"coalesce({GRADE}, 0)"
            case Rank.MODERATED:
                return "coalesce(moderated, 0)"
            case Flag.ALERT:
                return "CAST(alert AS INT)"
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
            found = quoted(f"o:{standard.id}")
            if isinstance(feature, Answers):
                yield comparison_is(feature.comparison, quoted(f"w:{standard.id}"), found)
            else:
                yield f"{found} IN ({', '.join(map(str, sorted(feature.codes)))})"

    def _of_domains(self, feature: DomainsCapped | AuditorDomainGrades) -> Iterable[str]:
        rank = self.rulebook.rank(feature.at)
        if isinstance(feature, DomainsCapped):
            return (f"{quoted(f'cap:{domain}')} <= {rank}" for domain in self.standards)
        chosen = feature.domains or self.rulebook.domains
        return (f"{quoted(f'g:{domain}')} <= {rank}" for domain in chosen)

    def _better_than_most(self) -> str:
        # one up for each domain that the auditor graded worse, one down for any other grade
        grades = [quoted(f"g:{domain}") for domain in self.rulebook.domains]
        votes = " + ".join(
            f"CASE WHEN {grade} < {GRADE} THEN 1 WHEN {grade} > 0 THEN -1 ELSE 0 END"
            for grade in grades
        )
        return f"CAST(({votes}) > 0 AS INT)"


def _count(tests: tuple[str, ...], most: int) -> str:
    """Return how many tests hold, counted no further than `most`; one that is unknown does not."""
    if not tests:
        return "0"
    if most == 1:
        return f"CASE WHEN {' OR '.join(tests)} THEN 1 ELSE 0 END"
    terms = " + ".join(f"CASE WHEN {test} THEN 1 ELSE 0 END" for test in tests)
    return f"least({most}, {terms})"


def comparison_is(wanted: Iterable[Comparison], answer: str, outcome: str) -> str:
    """Return SQL that is true where two columns compare in one of the ways; null without answer.

    >>> comparison_is((Comparison.UNSUPPORTED,), "a", "o")
    '(10 * a + o) IN (5, 25, 45)'
    """
    chosen = frozenset(wanted)
    pairs = sorted(
        TENS * said + shown for (said, shown), found in COMPARISONS.items() if found in chosen
    )
    return f"({TENS} * {answer} + {outcome}) IN ({', '.join(map(str, pairs))})"


def looked_up(values: Mapping[int, str], key: str) -> str:
    """Return SQL of what stands at a key, found by halves; null where there is nothing.

    Not by `element_at`, which gave the last of a list where the place was null.

    >>> looked_up({3: "1", 7: "2"}, "k")
    '(CASE k WHEN 3 THEN 1 WHEN 7 THEN 2 END)'
    >>> looked_up({}, "k")
    'NULL'
    """
    known = sorted(values)
    if len(known) > _FEW:
        half = len(known) // 2
        low, high = ({at: values[at] for at in some} for some in (known[:half], known[half:]))
        below = f"{key} < {known[half]}"
        return f"(CASE WHEN {below} THEN {looked_up(low, key)} ELSE {looked_up(high, key)} END)"
    whens = " ".join(f"WHEN {at} THEN {values[at]}" for at in known)
    return f"(CASE {key} {whens} END)" if whens else "NULL"
