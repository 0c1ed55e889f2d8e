"""Questions of quality: one that no auditor was asked is a data gap, one left blank is silence."""

import json
from datetime import date
from pathlib import Path

import pytest

from engine.pipeline import Scoring, score
from engine.records import read_batch
from tests.rules.rulebooks import shipped

PLAN = {"plan_id": "P1", "kind": "care", "start_date": "2025-02-03", "emotional_needs": None}
NOT_ASKED = "The input cannot tell: it has no `answers on CC-03`."
NOT_ANSWERED = "The auditor gave no answer, and the record cannot show it."


@pytest.mark.parametrize(
    ("answers", "outcome", "words"),
    [
        ([], "not_assessable", NOT_ASKED),
        ([{"standard": "PL-02", "answer": "met"}], "not_assessable", NOT_ASKED),
        ([{"standard": "CC-03", "answer": None}], "not_evidenced", NOT_ANSWERED),
    ],
    ids=["nothing was asked", "something else was asked", "it was asked and left blank"],
)
def test_a_question_counts_once_a_form_puts_it(
    tmp_path: Path, answers: list[dict[str, object]], outcome: str, words: str
) -> None:
    """A form that leaves a standard out makes no audit worse; one that asks makes a blank count."""
    asked = {"audit_id": "A1", "case_type": "child_in_care", "plans": [PLAN], "answers": answers}
    silent = {"audit_id": "A2", "case_type": "child_in_care", "plans": [PLAN], "answers": []}
    path = tmp_path / "batch.jsonl"
    path.write_text(f"{json.dumps(asked)}\n{json.dumps(silent)}\n", "utf-8")
    with read_batch(path, shipped().fields, shipped().allowed) as batch:
        view = score(Scoring(shipped(), batch, date(2026, 1, 31), plain=True))
    for audit in view.audits:
        (found,) = (one for one in audit.findings if one.standard == "CC-03")
        assert (found.outcome, found.because) == (outcome, words)
