"""One finding that turns: of every domain, what it was before and what it is after.

The states of domains (`space.py`) and a law come in; pairs of states go out, each with the fewest
misses that lead to it. A law says which turns of a finding it is about.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from engine.authoring.space import ANSWERS, STEPS, Choice, Domains, Question
from engine.authoring.states import Cost, State, Way, keep_both
from engine.rulebook.judgement import Answers, Feature
from engine.rulebook.standard import Standard
from engine.terms import Outcome

_MET = Outcome.MET.code
Turn = tuple[Way[Choice], State, State]
"""A finding that turns, with what it adds before and after."""


class Changed(NamedTuple):
    """One finding turned: the states of its domain before and after."""

    before: State
    after: State


def changes(
    domains: Domains, domain: str, question: Question, law: str
) -> dict[Changed, Way[Choice]]:
    """Return every change of one finding that a law is about, whatever else the domain holds."""
    found: dict[Changed, Way[Choice]] = {}
    tallies = domains.tallies(domain, question)
    sums = domains.sums(tallies)
    seen: set[object] = set()
    for standard in domains.standards[domain]:
        kind = (standard.severity, standard.bottom_line, domains.possible[standard.id])
        if kind in seen:
            continue  # another standard of the domain is read in just the same way
        seen.add(kind)
        others = domains.states(domain, question, without=standard.id)
        for turned, one, two in _told_apart(_turns(domains, standard, tallies, law)):
            for state, way in others.items():
                changed = Changed(sums.add(state, one), sums.add(state, two))
                keep_both(found, changed, way, turned)
    return found


def _told_apart(turns: Iterator[Turn]) -> Iterator[Turn]:
    """Leave out each turn that adds what an earlier and no dearer one adds."""
    cheapest: dict[tuple[State, State], Cost] = {}
    for turned, one, two in turns:
        known = cheapest.get((one, two))
        if known is None or turned.cost < known:
            cheapest[one, two] = turned.cost
            yield turned, one, two


def _turns(
    domains: Domains, standard: Standard, tallies: tuple[tuple[Feature, int], ...], law: str
) -> Iterator[Turn]:
    """Yield each turn of a finding, with what it adds before and after."""
    codes = domains.codes[standard.id]
    answers = any(isinstance(feature, Answers) for feature, _ in tallies)
    adds = cache(lambda code, answer: domains.adds(standard, code, answer, tallies, met=False))
    for was in codes:
        for code in codes:
            if not is_turn(law, was, code):
                continue
            for answer in ANSWERS if answers else (None,):
                one, two = adds(was, answer), adds(code, answer)
                misses = int(STEPS[code] > 0), int(STEPS[was] > 0) + int(answer is not None)
                yield Way(misses, Choice(standard.id, code, answer, was)), one, two


def is_turn(law: str, was: int, code: int) -> bool:
    """Say whether a law is about a finding that turns from one code to another."""
    if law == "more_met":
        return STEPS[was] == 0 and was != _MET and code == _MET
    return STEPS[code] > STEPS[was]
