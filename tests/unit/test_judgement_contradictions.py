import numpy as np
import pytest

from engine.judgement.contradictions import compare
from engine.judgement.values import UNANSWERED, Features, Known
from engine.rulebook.judgement import Answers
from engine.terms import OUTCOMES, Answer, Comparison, Outcome
from tests.unit.weeks import rulebook

CODES = range(8)
ANSWERS = [None, *(Outcome(answer).code for answer in Answer)]


@pytest.mark.parametrize(
    ("answer", "outcome", "expected"),
    [
        ("met", "met", "agrees"),
        ("met", "partly_met", "contradiction"),
        ("met", "not_met", "contradiction"),
        ("met", "not_evidenced", "unsupported"),
        ("partly_met", "not_met", "contradiction"),
        ("partly_met", "not_evidenced", "unsupported"),
        ("partly_met", "met", "harsher"),
        ("not_met", "not_evidenced", "agrees"),
        ("not_met", "partly_met", "harsher"),
        ("not_applicable", "not_met", "contradiction"),
        ("not_applicable", "not_evidenced", "unsupported"),
        ("not_applicable", "partly_met", None),
        ("not_applicable", "met", None),
        ("not_met", "not_applicable", None),
        ("met", "not_assessable", None),
        ("met", "not_yet_due", None),
    ],
)
def test_an_answer_compares_with_the_record(
    answer: str, outcome: str, expected: str | None
) -> None:
    """An answer better than the record contradicts it, or is unsupported where it is silent."""
    assert compare(Outcome(answer).code, Outcome(outcome).code) == expected


def test_a_miss_by_silence_compares_as_any_other_miss() -> None:
    """The record says `not_met` either way, so the answer is held against it either way."""
    for answer in ANSWERS:
        assert compare(answer, 7) == compare(answer, Outcome.NOT_MET.code)


def test_no_answer_and_nothing_shown_compare_with_nothing() -> None:
    """Only what was said is held against only what was shown."""
    silent = [o.code for o in OUTCOMES if o in ("not_applicable", "not_yet_due", "not_assessable")]
    assert {compare(None, code) for code in CODES} == {None}
    assert {compare(answer, code) for answer in ANSWERS for code in silent} == {None}


def test_arrays_compare_as_the_function_does() -> None:
    """Over every answer and outcome, judging a slice says the same as judging one audit."""
    book = rulebook()
    one = book.live[0]
    pairs = [(answer, outcome) for answer in ANSWERS for outcome in CODES]
    said = [UNANSWERED if answer is None else answer for answer, _ in pairs]
    none = np.zeros(len(pairs), dtype=np.uint8)
    known = Known(
        len(pairs),
        {one.id: np.array([outcome for _, outcome in pairs], dtype=np.uint8)},
        {one.id: np.array(said, dtype=np.uint8)},
        none,
        dict.fromkeys(book.domains, none),
    )
    features = Features(book, known)
    for kind in Comparison:
        found = features.value(Answers.model_validate({"comparison": [kind]}), [one], 1)
        assert found.tolist() == [int(compare(*pair) == kind) for pair in pairs]
