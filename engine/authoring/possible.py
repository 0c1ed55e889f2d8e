"""Which outcomes a standard can give at all, read off its measure.

A standard comes in, codes of outcomes go out. What is left out here is proved impossible by
`docs/reference/semantics.md`; wherever that page leaves a doubt, the outcome is counted as
possible. So whoever tries every possible outcome tries more than can happen, never less.
"""

from collections.abc import Iterator

from engine.rulebook.measures import (
    AnswerMeasure,
    Before,
    Branch,
    Count,
    Every,
    LongestGap,
    Present,
    RecordedWithin,
    Share,
    Simple,
    Within,
)
from engine.rulebook.standard import Standard
from engine.terms import NOT_MET_BY_SILENCE, Outcome

_MET, _NOT_MET = Outcome.MET.code, Outcome.NOT_MET.code
_PARTLY, _NOT_EVIDENCED = Outcome.PARTLY_MET.code, Outcome.NOT_EVIDENCED.code
# not applicable, not yet due, not assessable: whatever the measure
_NOT_ASKED = frozenset(
    outcome.code
    for outcome in (Outcome.NOT_APPLICABLE, Outcome.NOT_YET_DUE, Outcome.NOT_ASSESSABLE)
)
_GRADUAL = (Within, RecordedWithin, LongestGap, Every, Share, Count)


def possible_codes(standard: Standard) -> frozenset[int]:
    """Return the codes of the outcomes that a standard may give on some record."""
    found = set(_NOT_ASKED)
    for branch in standard.branches():
        if branch.measure is not None:
            found |= set(_codes(standard, branch, branch.measure))
    return frozenset(found)


def expected_outcomes(standard: Standard) -> tuple[Outcome, ...]:
    """Return the outcomes of which a standard should be seen to give each, in the usual order.

    Left out is what it cannot give, or hardly: a standard that takes silence for a miss is silent
    otherwise only where a clock has no first day. Left out too is `not_assessable`, which depends
    on what the input holds and not on the standard.
    """
    codes, measures = possible_codes(standard), [b.measure for b in standard.branches()]
    found = {outcome for outcome in _SHOWN if _seen_as(outcome) & codes}
    if standard.silence == "not_met":
        found.discard(Outcome.NOT_EVIDENCED)
    if not any(_can_wait(measure) for measure in measures):
        found.discard(Outcome.NOT_YET_DUE)
    return tuple(outcome for outcome in _SHOWN if outcome in found)


_SHOWN = (
    Outcome.MET,
    Outcome.PARTLY_MET,
    Outcome.NOT_MET,
    Outcome.NOT_EVIDENCED,
    Outcome.NOT_YET_DUE,
    Outcome.NOT_APPLICABLE,
)


def _seen_as(outcome: Outcome) -> frozenset[int]:
    by_silence = {NOT_MET_BY_SILENCE} if outcome is Outcome.NOT_MET else set()
    return frozenset({outcome.code} | by_silence)


def _can_wait(measure: Simple | None) -> bool:
    """Say whether a measure has a time that may not have run out yet."""
    if isinstance(measure, Count | Present):
        return measure.grace is not None
    return isinstance(measure, Within | RecordedWithin | LongestGap | Every | Before)


def _codes(standard: Standard, branch: Branch, measure: Simple) -> Iterator[int]:
    yield _MET
    if _can_miss(measure):
        yield _NOT_MET
    if _can_be_partly(standard, branch, measure):
        yield _PARTLY
    spoken = standard.silence == "not_met"
    if _can_be_silent(standard, branch, measure):
        yield NOT_MET_BY_SILENCE if spoken else _NOT_EVIDENCED
    if _has_a_clock(measure):
        # a clock whose first day is blank has not started, whatever is said of silence
        yield _NOT_EVIDENCED


def _can_miss(measure: Simple) -> bool:
    if isinstance(measure, Present):
        return measure.of is None and bool(measure.satisfies)
    return True


def _can_be_partly(standard: Standard, branch: Branch, measure: Simple) -> bool:
    if isinstance(measure, Present):
        return bool(measure.partly)
    if isinstance(measure, _GRADUAL):
        return any(version.partly_met for version in standard.versions_of(branch))
    return isinstance(measure, AnswerMeasure)


def _can_be_silent(standard: Standard, branch: Branch, measure: Simple) -> bool:
    if not isinstance(measure, Count):
        return True
    # a ceiling: no row at all is within it
    return any(v.met is None or v.met.at_least is not None for v in standard.versions_of(branch))


def _has_a_clock(measure: Simple) -> bool:
    if isinstance(measure, AnswerMeasure | Before):
        return False
    clocked = isinstance(measure, Within | RecordedWithin)
    return clocked or getattr(measure, "window", None) is not None
