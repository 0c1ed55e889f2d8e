"""Verdicts: each distinct pattern judged once, whoever judges it.

In: a judge that says which rules fire. Out: what those rules propose, folded. A fold is a minimum
of caps and a maximum of routes, so the order of rules cannot matter. It must not know of audits.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from threading import Lock
from typing import Protocol

from engine.judgement.patterns import Pattern, patterns_of
from engine.judgement.plain import PlainJudge
from engine.rulebook.judgement import STRATA, Judgement, Rule, Stratum
from engine.sources import source_hash
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


Kept = dict[tuple[Stratum, int], tuple[int, ...]]
"""Which rules of a list fired on a pattern, by their places in the file."""


class Store(Protocol):
    """Verdicts of earlier runs; one that cannot be read or written holds nothing and says nothing.

    `book` tells apart what verdicts hang on: the rules, the grades, the judge. A pattern is a tally
    of outcomes and grades, so that nothing personal is ever kept.
    """

    def read(self, book: str) -> Kept:
        """Return the verdicts that are kept."""
        ...

    def write(self, book: str, new: Kept) -> None:
        """Keep further verdicts."""
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


def book_of(judgement: Judgement, grades: Sequence[str], judge: str) -> str:
    """Return a hash of all that a verdict hangs on; other code has another."""
    rules = judgement.model_dump(mode="json")
    said = json.dumps([source_hash("judgement"), judge, [*grades], rules])
    return hashlib.sha256(said.encode()).hexdigest()


class Verdicts:
    """The verdicts of a run, on as many patterns as were met so far; they live over all slices.

    With a store, those of earlier runs are used; what this one finds out is kept by `keep`.
    """

    def __init__(
        self,
        judgement: Judgement,
        grades: Sequence[str],
        judge: Judge,
        store: Store | None = None,
    ) -> None:
        self.judge = judge
        self.store = store
        self.book = book_of(judgement, grades, judge.name)
        self._kept = store.read(self.book) if store else {}
        self._new: Kept = {}
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
                known[key] = fold(self._fired(stratum, key), self.grades)
            return known[key]

    def known(self, stratum: Stratum) -> dict[int, Verdict]:
        """Return the verdicts of a list so far, by the key of the pattern."""
        return dict(self._known[stratum])

    def keep(self) -> None:
        """Hand the verdicts that were not known before to the store."""
        with self._judging:
            if self.store and self._new:
                self.store.write(self.book, self._new)
            self._new = {}

    def _fired(self, stratum: Stratum, key: int) -> Iterator[Rule]:
        """Yield the rules that fire on a pattern, as they were kept or as the judge says."""
        rules = self.rules[stratum]
        places = self._kept.get((stratum, key))
        if places is None or any(place >= len(rules) for place in places):
            fired = self.judge.fired(stratum, self.patterns[stratum].decode(key))
            places = tuple(place for place, rule in enumerate(rules) if rule.id in fired)
            self._new[stratum, key] = places
        return (rules[place] for place in places)

    def counted(self) -> dict[Stratum, int]:
        """Return how many patterns of each list were judged."""
        return {stratum: len(known) for stratum, known in self._known.items()}
