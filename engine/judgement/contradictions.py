"""What the auditor said of a standard, held against what the record shows.

In: the code of an answer and the code of an outcome. Out: how they compare, or nothing where there
is nothing to compare. The same in Python and in SQL, made from one table.

| answer         | met        | partly_met    | not_evidenced | not_met       |
|----------------|------------|---------------|---------------|---------------|
| met            | agrees     | contradiction | unsupported   | contradiction |
| partly_met     | harsher    | agrees        | unsupported   | contradiction |
| not_met        | harsher    | harsher       | agrees        | agrees        |
| not_applicable |            |               | unsupported   | contradiction |

`not_met` on a silent record agrees: auditors have no nearer word for it. `not_applicable` says
nothing of quality, so it compares only where it would excuse a miss. Where the record cannot show
anything (not applicable, not yet due, not assessable), nothing is compared.
"""

from types import MappingProxyType

from engine.terms import NOT_MET_BY_SILENCE, Answer, Comparison, Outcome

_AGREES, _HARSHER = Comparison.AGREES, Comparison.HARSHER
_CONTRADICTION, _UNSUPPORTED = Comparison.CONTRADICTION, Comparison.UNSUPPORTED

_TABLE = {
    (Answer.MET, Outcome.MET): _AGREES,
    (Answer.MET, Outcome.PARTLY_MET): _CONTRADICTION,
    (Answer.MET, Outcome.NOT_EVIDENCED): _UNSUPPORTED,
    (Answer.MET, Outcome.NOT_MET): _CONTRADICTION,
    (Answer.PARTLY_MET, Outcome.MET): _HARSHER,
    (Answer.PARTLY_MET, Outcome.PARTLY_MET): _AGREES,
    (Answer.PARTLY_MET, Outcome.NOT_EVIDENCED): _UNSUPPORTED,
    (Answer.PARTLY_MET, Outcome.NOT_MET): _CONTRADICTION,
    (Answer.NOT_MET, Outcome.MET): _HARSHER,
    (Answer.NOT_MET, Outcome.PARTLY_MET): _HARSHER,
    (Answer.NOT_MET, Outcome.NOT_EVIDENCED): _AGREES,
    (Answer.NOT_MET, Outcome.NOT_MET): _AGREES,
    (Answer.NOT_APPLICABLE, Outcome.NOT_EVIDENCED): _UNSUPPORTED,
    (Answer.NOT_APPLICABLE, Outcome.NOT_MET): _CONTRADICTION,
}


def _codes(outcome: Outcome) -> tuple[int, ...]:
    code = outcome.code
    return (code, NOT_MET_BY_SILENCE) if outcome is Outcome.NOT_MET else (code,)


COMPARISONS = MappingProxyType(
    {
        (Outcome(answer).code, code): comparison
        for (answer, outcome), comparison in _TABLE.items()
        for code in _codes(outcome)
    }
)
"""(answer's code, outcome's code) → comparison; a pair that is missing is not compared."""


def compare(answer: int | None, outcome: int) -> Comparison | None:
    """Return how an answer compares with an outcome, both as codes; None: nothing to compare.

    >>> compare(Outcome.MET.code, Outcome.NOT_MET.code)
    <Comparison.CONTRADICTION: 'contradiction'>
    """
    return None if answer is None else COMPARISONS.get((answer, outcome))
