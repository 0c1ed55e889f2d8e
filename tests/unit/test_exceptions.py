"""Declared exceptions: shown beside what they bear on, never a silent excuse."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from engine.findings.exceptions import Declared
from engine.pipeline import Scoring, score
from engine.records import read_batch
from engine.reports.explain import explain_audit
from engine.reports.view import View
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from tests.rules.rulebooks import change, copied

CP05 = "child_protection/visits.yaml"

PLAN = {"plan_id": "P1", "kind": "child_protection", "start_date": "2025-02-03"}
ABROAD = {
    "kind": "child_abroad",
    "start_date": "2025-02-01",
    "end_date": None,
    "reason": "With grandparents.",
}
NOT_BOUND = "A declared exception held all the time, so the standard does not bind."


def book(tmp_path: Path) -> Rulebook:
    """Return a rulebook whose CP-05 hears of a child abroad, and shows refused access."""
    folder = copied(tmp_path)
    effects = "exceptions: {child_abroad: not_applicable, access_refused: shown}\n"
    change(folder, CP05, "trigger:", f"{effects}trigger:")
    rulebook, problems = load_rulebook(folder)
    assert rulebook is not None, problems
    return rulebook


def scored(tmp_path: Path, *declared: Mapping[str, object], **audit: object) -> View:
    """Return a scored audit of a child on a plan whom nobody visited, with some exceptions."""
    rulebook = book(tmp_path)
    record = {"audit_id": "A1", "period_end": "2025-05-30", "plans": [PLAN], "visits": []}
    path = tmp_path / "batch.jsonl"
    path.write_text(json.dumps({**record, "exceptions": list(declared), **audit}), "utf-8")
    with read_batch(path, rulebook.fields, rulebook.allowed) as batch:
        return score(Scoring(rulebook, batch, date(2026, 1, 31), plain=True))


def told(view: View) -> tuple[str, str]:
    """Return the outcome of CP-05 and what is said of it."""
    (audit,) = view.audits
    (found,) = (one for one in audit.findings if one.standard == "CP-05")
    return found.outcome, found.because


def test_what_frees_a_case_is_said_with_its_days_and_reason(tmp_path: Path) -> None:
    """A standard that does not bind because of an exception says which, and for how long."""
    assert told(scored(tmp_path, ABROAD)) == (
        "not_applicable",
        f"{NOT_BOUND} Declared on the file: the child was abroad, from 1 February 2025 and going "
        'on ("With grandparents").',
    )


def test_what_frees_a_case_is_listed_with_the_findings(tmp_path: Path) -> None:
    """A freed standard does not hide among those that never applied."""
    view = scored(tmp_path, ABROAD)
    (audit,) = view.audits
    (found,) = (one for one in audit.findings if one.standard == "CP-05")
    assert found.excused
    assert found.binds
    lines = explain_audit(audit, view.words, book(tmp_path / "again"))
    assert any(NOT_BOUND[:40] in line for line in lines)
    (silent,) = (line for line in lines if line.startswith("- Not applicable to this case"))
    assert "CP-05" not in silent


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (
            {"kind": "access_refused", "start_date": "2025-03-03", "end_date": "2025-03-03"},
            "the family refused access, 3 March 2025 (no reason is given)",
        ),
        (
            {**ABROAD, "start_date": "2025-03-03", "end_date": "2025-03-21"},
            'the child was abroad, from 3 March 2025 to 21 March 2025 ("With grandparents")',
        ),
        (
            {"kind": "access_refused", "start_date": None, "reason": "The father\n shouted"},
            'the family refused access, on days that are not on record ("The father shouted")',
        ),
    ],
)
def test_an_exception_is_shown_beside_a_finding_that_it_does_not_change(
    tmp_path: Path, declared: dict[str, object], words: str
) -> None:
    """The finding stays what it is; what was declared stands beside it for the moderator."""
    outcome, because = told(scored(tmp_path, declared))
    assert outcome == "not_evidenced"
    assert because.endswith(f" Declared on the file: {words}.")


@pytest.mark.parametrize(
    "declared",
    [
        {"kind": "in_hospital", "start_date": "2025-03-03", "reason": "Birth"},
        {**ABROAD, "start_date": "2025-01-06", "end_date": "2025-02-02"},
        {**ABROAD, "start_date": "2025-05-31"},
        {**ABROAD, "kind": None},
    ],
    ids=["a kind that is not listed", "over before", "after the cut-off", "no kind"],
)
def test_what_does_not_bear_on_a_finding_is_not_shown(
    tmp_path: Path, declared: dict[str, object]
) -> None:
    """A finding is not cluttered with what has nothing to do with it."""
    outcome, because = told(scored(tmp_path, declared))
    assert outcome == "not_evidenced"
    assert "Declared" not in because


def test_what_was_not_examined_is_not_shown(tmp_path: Path) -> None:
    """An auditor who did not look at exceptions declares none."""
    view = scored(tmp_path, ABROAD, not_examined="exceptions")
    assert told(view)[0] == "not_evidenced"
    assert "Declared" not in told(view)[1]


def test_an_exception_that_could_not_be_read_leaves_the_question_open(tmp_path: Path) -> None:
    """A row that was put aside might have freed the case; the reason is named."""
    assert told(scored(tmp_path, {**ABROAD, "start_date": "1066-10-14"})) == (
        "not_assessable",
        "The input cannot tell: a row of `exceptions` was put aside.",
    )


@pytest.mark.parametrize(
    ("start", "end", "touches"),
    [(None, None, True), (5, None, True), (6, None, False), (None, 1, True), (None, 0, False)],
)
def test_days_touch_where_they_share_one(start: int | None, end: int | None, touches: bool) -> None:
    """The first and the last day count; a day that is not known bounds nothing."""
    start_day, end_day = (None if n is None else date(2025, 3, n + 1) for n in (start, end))
    one = Declared("child_abroad", start_day, end_day, "Why")
    assert one.touches(date(2025, 3, 2), date(2025, 3, 6)) is touches
    assert one.touches(None, None)
