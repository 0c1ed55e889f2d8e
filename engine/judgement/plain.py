"""The judge in plain Python: reads the rules as they are written and says which of them fire.

In: the rules, the grades, a pattern. Out: the ids of the rules that fire. It must not know how
durable-rules is driven: each of the two judges is the other's proof.
"""

from collections.abc import Sequence

from engine.judgement.patterns import Pattern
from engine.rulebook.judgement import (
    STRATA,
    BetterThanModerated,
    Condition,
    Flag,
    Judgement,
    ModeratedGrade,
    Rank,
    Stratum,
)


class PlainJudge:
    """Judges by going through the rules one after the other."""

    name = "plain"

    def __init__(self, judgement: Judgement, grades: Sequence[str]) -> None:
        self._grades = tuple(grades)
        self._rules = {stratum: judgement.rules(stratum) for stratum in STRATA}

    def fired(self, stratum: Stratum, pattern: Pattern) -> frozenset[str]:
        """Return the ids of the rules of one list of which every condition holds."""
        return frozenset(
            rule.id
            for rule in self._rules[stratum]
            if all(self._holds(condition, pattern) for condition in rule.conditions)
        )

    def close(self) -> None:
        """Do nothing: there is nothing to give back."""

    def _holds(self, condition: Condition, pattern: Pattern) -> bool:
        match condition:
            case Flag():
                return pattern[condition] == 1
            case ModeratedGrade():
                return 1 <= pattern[Rank.MODERATED] <= self._grades.index(condition.at) + 1
            case BetterThanModerated():
                moderated = pattern[Rank.MODERATED]
                lead = pattern[Rank.AUDITOR] - moderated
                return moderated >= 1 and lead >= condition.by_at_least
            case _:
                return pattern[condition.feature] >= condition.at_least
