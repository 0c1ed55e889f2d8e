"""The promises of `audit explain`: the whole chain of an audit, and what a standard asks."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.judgement.way_back import WayBack
from engine.pipeline import Scoring, explained
from engine.records import Batch, read_batch
from engine.reports.explain import explain_audit, explain_standard
from engine.reports.view import AlertView, AuditView, Words
from engine.rulebook.standard import Standard
from tests.rules.rulebooks import shipped
from tests.unit.goldens import GOLDEN, check

AS_OF = date(2026, 6, 30)


@pytest.fixture(name="batch", scope="module")
def read() -> Iterator[Batch]:
    with read_batch(GOLDEN / "batch.jsonl", shipped().fields, shipped().allowed) as batch:
        yield batch


def seen(batch: Batch, audit: str) -> tuple[AuditView, Words, WayBack | None]:
    found = explained(Scoring(shipped(), batch, AS_OF, plain=True), audit, way_back=True)
    assert found is not None
    return found


def text(view: AuditView, words: Words, ways: WayBack | None = None) -> str:
    return "\n".join(explain_audit(view, words, shipped(), ways)) + "\n"


@pytest.mark.parametrize("audit", ["G-1", "G-2", "G-3"])
def test_an_audit_is_explained_word_for_word(batch: Batch, audit: str) -> None:
    """The whole chain of an audit is told: grades, alerts, caps with their rules, and findings."""
    view, words, ways = seen(batch, audit)
    check(f"explain-{audit}.txt", text(view, words, ways))


@pytest.mark.parametrize("name", ["CC-01", "CP-05", "FD-01", "PL-01", "SF-01"])
def test_a_standard_is_explained_word_for_word(name: str) -> None:
    """A standard: what it asks and why, since when, by what authority, and its examples."""
    told = explain_standard(shipped().by_id[name], shipped())
    check(f"explain-{name}.txt", "\n".join(told) + "\n")


def test_what_could_not_be_assessed_says_why(tmp_path: Path) -> None:
    """The reason is that of this audit: what its auditor did not examine, or what was put aside."""
    plan = {"plan_id": "P", "kind": "child_protection", "start_date": "2025-02-03"}
    visits = [{"visit_date": "2025-02-10", "child_seen": "yes"}]
    lines = [
        {"audit_id": "A1", "not_examined": "visits", "plans": [plan], "visits": []},
        {"audit_id": "A2", "plans": [plan], "visits": [*visits, {"visit_date": "never"}]},
        {"audit_id": "A3", "plans": [plan], "visits": visits},
    ]
    path = tmp_path / "batch.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    with read_batch(path, shipped().fields, shipped().allowed) as batch:
        found = {}
        for audit in ("A1", "A2", "A3"):
            (view, _, _) = seen(batch, audit)
            found[audit] = {one.standard: one.because for one in view.findings}["CP-05"]
    assert found["A1"] == "The input cannot tell: the auditor did not examine `visits`."
    assert found["A2"] == "The input cannot tell: a row of `visits` was put aside."
    assert found["A3"].startswith("The longest time without a visit that counts")


def test_lines_fit_a_page(batch: Batch) -> None:
    """No line is wider than 96 characters, and none ends in a blank."""
    lines = text(*seen(batch, "G-1")).splitlines()
    for standard in shipped().standards:
        lines += explain_standard(standard, shipped())
    assert max(map(len, lines)) <= 96
    assert [line for line in lines if line != line.rstrip()] == []


def test_the_way_back_is_told_only_when_asked_for(batch: Batch) -> None:
    """What would have to change is left out unless it is asked for: it would be a recipe."""
    view, words, ways = seen(batch, "G-1")
    assert ways is not None
    assert "way back" not in text(view, words)
    assert "way back" in text(view, words, ways)
    none = WayBack(ways.grade, (), complete=True)
    assert "No change of findings alone would give a better grade." in text(view, words, none)
    many = WayBack(ways.grade, (), complete=False)
    assert "There are too many ways to list." in text(view, words, many)


def test_an_audit_without_a_grade_has_a_next_step_too(batch: Batch) -> None:
    """Where the auditor gave no grade there is no moderated one, but the route is told."""
    view, words, _ = seen(batch, "G-1")
    ungraded = replace(view, auditor_grade=None, moderated_grade=None)
    told = text(ungraded, words)
    assert "The auditor's grade: No grade." in told
    assert "Moderated grade" not in told
    assert "Next step: alert. Somebody looks at the child's file today." in told


def test_an_alert_of_no_standard_is_an_alert(batch: Batch) -> None:
    """An alert that rests on no single standard is told without one."""
    view, words, _ = seen(batch, "G-2")
    alerted = replace(view, alerts=(AlertView("some-rule", "", "Look at it today."),))
    assert "ALERT: Look at it today." in text(alerted, words).splitlines()


def with_version(name: str, **values: Any) -> Standard:  # noqa: ANN401 - any part of a version
    standard = shipped().by_id[name]
    version = standard.versions[0].model_copy(update=values)
    return standard.model_copy(update={"versions": (version,), "examples": ()})


def test_a_limit_is_told_with_its_unit() -> None:
    """One working day is one, per cent are per cent, and a standard may lack examples."""
    told = "\n".join(explain_standard(with_version("FD-01"), shipped()))
    assert "met: at most 1 working day. Source" in told
    assert "Examples" not in told
    told = "\n".join(explain_standard(with_version("PL-01"), shipped()))
    assert "met: at least 100 per cent; partly met: at least 80 per cent." in told
