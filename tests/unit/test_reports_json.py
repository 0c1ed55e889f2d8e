"""`results.json` and JSON Lines: exactly these keys, in this order."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.reports import as_json, screen
from engine.reports.view import View
from tests.web import views

AUDIT_KEYS = [
    "audit_id",
    "auditor_grade",
    "cap",
    "moderated_grade",
    "status",
    "route",
    "alerts",
    "contradictions",
    "domains",
    "caps",
    "findings",
    "suggested_grade",
]


def test_top_level_and_header() -> None:
    """The document names its schema and the run, and nothing that depends on names of files."""
    written = _read(views.small_view())
    assert list(written) == ["schema", "run", "summary", "data_quality", "audits", "problems"]
    assert written["schema"] == "audit-results/1"
    assert written["run"] == {
        "engine_version": "0.1.0",
        "rulebook_id": "practice_audit_test",
        "rulebook_version": "2026.11",
        "rulebook_hash": "ab" * 32,
        "books": [
            {
                "id": "practice_audit_test",
                "title": "Practice audit standards",
                "version": "2026.11",
                "hash": "ab" * 32,
            }
        ],
        "input_hash": "cd" * 32,
        "as_of": "2026-11-22",
        "judge": "plain",
        "audits": 5,
        "put_aside": 1,
    }


def test_keys_of_an_audit() -> None:
    """An audit has exactly the keys of the schema, with null where there is no grade."""
    audits = _read(views.small_view())["audits"]
    assert [list(audit) for audit in audits] == [AUDIT_KEYS] * 5
    calm, alarming, capped, contradicted, supported = audits
    assert calm["suggested_grade"] is None
    assert supported["suggested_grade"] == "good"
    assert contradicted["auditor_grade"] is contradicted["moderated_grade"] is None
    assert alarming["alerts"] == [
        {
            "rule": "critical_miss",
            "standard": "REF-01",
            "message": "no evidence: check the child today",
        }
    ]
    assert list(capped["contradictions"][0]) == ["standard", "answer", "outcome", "because"]
    assert list(capped["caps"][0]) == ["rule", "scope", "grade", "standards", "because", "source"]


def test_domains_and_findings_are_maps() -> None:
    """Domains come in the order of the form, findings in the order of the rulebook."""
    capped = _read(views.small_view())["audits"][2]
    assert list(capped["domains"]) == ["planning", "visits"]
    assert capped["domains"]["visits"] == {
        "auditor_grade": "good",
        "cap": "requires_improvement",
        "moderated_grade": "requires_improvement",
    }
    assert capped["findings"] == {
        "CP-05": "not_met",
        "PLAN-01": "not_evidenced",
        "REF-01": "not_assessable",
    }


@pytest.mark.parametrize("make", [views.small_view, views.empty_view, views.hostile_view])
def test_file_is_the_document(make: Callable[[], View], tmp_path: Path) -> None:
    """What is written piece by piece is what `json.dumps` would write at once."""
    as_json.write(make(), tmp_path)
    text = (tmp_path / "results.json").read_text(encoding="utf-8")
    assert (
        text
        == json.dumps(json.loads(text), ensure_ascii=False, indent=2).replace(
            '"audits": []', '"audits": [\n  ]'
        )
        + "\n"
    )


def test_json_lines_are_lines() -> None:
    """Every audit is one line for every reader, whatever its text holds."""
    view = views.view_of([views.calm("A\x85B\u2028C\nD"), views.calm("Łódź")])
    lines = list(screen.FORMATS["jsonl"](view, 80))
    assert [len(line.splitlines()) for line in lines] == [1, 1]
    assert [json.loads(line)["audit_id"] for line in lines] == ["A\x85B\u2028C\nD", "Łódź"]
    assert "Łódź" in lines[1]


def test_problems_name_their_place() -> None:
    """Problems carry a code, a place in words, a message and a way out."""
    assert _read(views.small_view())["problems"] == [
        {
            "code": "B012",
            "place": "march.xlsx!Visits!C14",
            "message": "`31/02/2026` is not a date",
            "help": "mend it",
            "warning": False,
        }
    ]


def _read(view: View) -> dict[str, Any]:
    read: dict[str, Any] = json.loads("\n".join(as_json.lines(view)))
    return read
