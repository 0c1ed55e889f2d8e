"""Verdicts: each distinct pattern judged once, whoever judges it.

In: a judge that says which rules fire. Out: what those rules propose, folded. A fold is a minimum
of caps and a maximum of routes, so the order of rules cannot matter. It must not know of audits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from threading import Lock
from typing import Protocol

from engine.judgement.patterns import Pattern, patterns_of
from engine.judgement.plain import PlainJudge
from engine.rulebook.judgement import STRATA, Judgement, Rule, Stratum
from engine.terms import Route

ROUTES: tuple[str, ...] = tuple(Route)


class Judge(Protocol):
    """Something that says which rules of a list fire on a pattern."""

    @property
    def name(self) -> str:
        """Return which judge this is, for the header of a run."""
        ...

    def fired(self, stratum: Stratum, pattern: Pattern) -> frozenset[str]:
        """Return the ids of the rules that fire."""
        ...

    def close(self) -> None:
        """Give back what the judge holds."""
        ...


@dataclass(frozen=True)
class Verdict:
    """What the rules of one list propose of a pattern: the best grades left, as ranks.

    `fired` is in the order of the file; `route` is a place in `Route`.
    """

    fired: tuple[str, ...]
    cap: int | None
    overall_cap: int | None
    alert: bool
    route: int


def best_judge(judgement: Judgement, grades: Sequence[str], *, plain: bool = False) -> Judge:
    """Return the durable-rules judge, or the plain one where it is wanted or must stand in."""
    if plain or find_spec("durable_rules_engine") is None:
        return PlainJudge(judgement, grades)
    try:
        from engine.judgement.durable import DurableJudge
    except ImportError:  # built, but not loadable: so on Python 3.13
        return PlainJudge(judgement, grades)
    return DurableJudge(judgement, grades)


def fold(fired: Iterable[Rule], grades: Sequence[str]) -> Verdict:
    """Return what the rules that fired propose together: the worst cap and the furthest route."""
    rules = tuple(fired)
    caps = [grades.index(rule.cap) + 1 for rule in rules if rule.cap]
    overall_caps = [grades.index(rule.overall_cap) + 1 for rule in rules if rule.overall_cap]
    return Verdict(
        fired=tuple(rule.id for rule in rules),
        cap=min(caps, default=None),
        overall_cap=min(overall_caps, default=None),
        alert=any(rule.alert for rule in rules),
        route=max((ROUTES.index(rule.route) for rule in rules if rule.route), default=0),
    )


class Verdicts:
    """The verdicts of a run, on as many patterns as were met so far; they live over all slices."""

    def __init__(self, judgement: Judgement, grades: Sequence[str], judge: Judge) -> None:
        self.judge = judge
        self.grades = tuple(grades)
        self.patterns = patterns_of(judgement, grades)
        self.rules = {stratum: judgement.rules(stratum) for stratum in STRATA}
        self._judging = Lock()
        self._known: dict[Stratum, dict[int, Verdict]] = {stratum: {} for stratum in STRATA}

    def fired(self, stratum: Stratum, key: int) -> Verdict:
        """Return the verdict on a pattern, judging it if it is new."""
        known = self._known[stratum]
        with self._judging:  # slices are worked on side by side
            if key not in known:
                fired = self.judge.fired(stratum, self.patterns[stratum].decode(key))
                known[key] = fold((r for r in self.rules[stratum] if r.id in fired), self.grades)
            return known[key]

    def known(self, stratum: Stratum) -> dict[int, Verdict]:
        """Return the verdicts of a list so far, by the key of the pattern."""
        return dict(self._known[stratum])

    def counted(self) -> dict[Stratum, int]:
        """Return how many patterns of each list were judged."""
        return {stratum: len(known) for stratum, known in self._known.items()}
