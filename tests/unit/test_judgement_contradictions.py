import duckdb
import pytest

from engine.judgement.contradictions import compare, comparison_is
from engine.terms import OUTCOMES, Answer, Comparison, Outcome

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


def test_sql_compares_as_python_does() -> None:
    """Over every answer and outcome, the SQL says the same as the function."""
    con = duckdb.connect()
    con.execute("CREATE TABLE pairs (answer UTINYINT, outcome UTINYINT)")
    con.executemany("INSERT INTO pairs VALUES (?, ?)", [(a, o) for a in ANSWERS for o in CODES])
    kinds = ", ".join(comparison_is((kind,), "answer", "outcome") for kind in Comparison)
    rows = con.execute(f"SELECT answer, outcome, {kinds} FROM pairs").fetchall()
    for answer, outcome, *each in rows:
        found = compare(answer, outcome)
        assert [bool(holds) for holds in each] == [found == kind for kind in Comparison]
