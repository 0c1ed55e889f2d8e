"""The promises of running examples: together as alone, told with their place and their evidence."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from engine.authoring.asked import Plans
from engine.authoring.examples import LATE, Ran, _presence, ran_examples
from engine.authoring.told import as_json, closing, failures, junit
from engine.findings.stage import compile_rulebook
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from engine.rulebook.standard import Example
from engine.terms import Outcome
from tests.rules.rulebooks import change, copied, shipped

PLACE = "child_protection/visits.yaml"


def book(folder: Path) -> Rulebook:
    rulebook, problems = load_rulebook(folder)
    assert rulebook is not None, problems
    return rulebook


def broken(tmp_path: Path) -> Rulebook:
    """Return CP-05 alone, asking for nine working days: two of its examples no longer hold."""
    folder = copied(tmp_path)
    change(folder, PLACE, "met: {at_most: 10}\n    partly_met", "met: {at_most: 9}\n    partly_met")
    rulebook = book(folder)
    return replace(rulebook, standards=(rulebook.by_id["CP-05"],))


@pytest.mark.parametrize("name", ["AS-02", "CP-05", "CP-06", "SU-01"])
def test_examples_run_together_give_what_each_gives_alone(name: str) -> None:
    """An example is not touched by those that it is run with: all of its evidence is the same."""
    standard = shipped().by_id[name]
    together = ran_examples(shipped(), (standard,))
    assert len(together) == len(standard.examples)
    for place, one in enumerate(together):
        alone = standard.model_copy(update={"examples": (standard.examples[place],)})
        (again,) = ran_examples(shipped(), (alone,))
        assert again.found == one.found
        assert one.case.place == place


@pytest.mark.parametrize("name", ["AS-01", "CC-01", "CP-05", "PL-01", "RC-01"])
def test_a_plan_that_is_used_again_is_the_plan_that_would_be_made(name: str) -> None:
    """Whatever an example's record holds, it is tested by the SQL that it alone would have."""
    plans, standard = Plans(shipped()), shipped().by_id[name]
    for case in (one.case for one in ran_examples(shipped(), (standard,))):
        presence = _presence(shipped(), case)
        (made,) = compile_rulebook(shipped(), presence, (standard,))
        assert plans.of(standard, presence).evidence_sql == made.evidence_sql
    assert 1 <= len(plans.known[name]) <= len(standard.examples)


def test_an_example_has_a_day_of_its_own() -> None:
    """Two examples with one record and other days to judge it on are not taken for one."""
    standard = shipped().by_id["AS-01"]
    given = {
        "audits": {"audit_id": "A1", "period_start": "2025-01-01"},
        "assessments": [{"referral_date": "2025-03-03", "authorised_date": None}],
    }
    examples = tuple(
        Example.model_validate({"it": "is it?", "given": given, "as_of": day, "expect": "met"})
        for day in ("2025-03-04", "2026-03-04", None)
    )
    ran = ran_examples(shipped(), (standard.model_copy(update={"examples": examples}),))
    assert [one.outcome for one in ran[:2]] == [Outcome.NOT_YET_DUE, Outcome.NOT_EVIDENCED]
    assert ran[2].outcome is Outcome.NOT_ASSESSABLE, f"{LATE} is past the calendar"


def test_no_example_that_can_be_read_is_no_crash() -> None:
    """If every record is put aside, each example says why."""
    given = {"audits": {"audit_id": "A1", "audit_date": "one day"}, "assessments": []}
    example = Example.model_validate({"it": "is", "given": given, "expect": "met"})
    standard = shipped().by_id["AS-01"].model_copy(update={"examples": (example, example)})
    ran = ran_examples(shipped(), (standard,))
    assert [one.passed for one in ran] == [False, False]
    assert all("`one day`" in one.unread for one in ran)


def test_an_example_that_fails_is_told_with_its_evidence(tmp_path: Path) -> None:
    """Place, sentence, expected, got, the standard's own words, figures, days, and their rows."""
    rulebook = broken(tmp_path)
    folder = rulebook.folder
    first, *_ = "\n".join(failures(rulebook, ran_examples(rulebook))).split(f"\n{folder}/")
    assert first == (
        f"{folder}/{PLACE}:38:5: U011 `is met when every gap is ten working days or less` expects "
        "`met` and gives `partly_met`\n"
        "  help: The longest time without seeing the child was 10 working days, 3 March 2025 to 17 "
        "March 2025. The standard is no more than 9.\n"
        "  evidence: value 10; 3 March 2025 to 17 March 2025; 2 rows counted; "
        "version from 1 January 2015\n"
        "  evidence: those days stand in plans 1 (start_date), visits 1 (visit_date)"
    )
    assert closing(ran_examples(rulebook)) == "9 examples of 1 standard, 2 failed."


def test_junit_holds_one_case_an_example(tmp_path: Path) -> None:
    """What JUnit readers read: a suite a standard, a case an example, failures with the message."""
    rulebook = broken(tmp_path)
    ran = ran_examples(rulebook)
    root = ET.fromstring(junit(rulebook, ran))  # noqa: S314 - we wrote it
    assert root.attrib == {"name": "audit rules test", "tests": "9", "failures": "2", "errors": "0"}
    (suite,) = root
    assert suite.tag == "testsuite"
    assert suite.attrib["name"] == f"CP-05 {rulebook.by_id['CP-05'].title}"
    assert [case.attrib["name"] for case in suite] == [one.case.example.it for one in ran]
    assert suite[0].attrib["line"] == "38"
    assert suite[0].attrib["file"].endswith(PLACE)
    (failure,) = suite[0]
    assert failure.attrib == {
        "type": "U011",
        "message": "`is met when every gap is ten working days or less` expects `met` and gives "
        "`partly_met`",
    }
    assert "those days stand in plans 1 (start_date)" in str(failure.text)
    assert [len(case) for case in suite].count(1) == 2


def test_junit_holds_what_no_xml_can(tmp_path: Path) -> None:
    """An example that cannot be read is an error; characters that XML refuses are replaced."""
    rulebook = broken(tmp_path)
    case = ran_examples(rulebook)[0].case
    named = case.example.model_copy(update={"it": 'a\x07 <b> & "c"'})
    ran = (Ran(replace(case, example=named), unread="`x` is no day"),)
    root = ET.fromstring(junit(rulebook, ran))  # noqa: S314 - we wrote it
    assert root.attrib["errors"] == "1"
    assert root[0][0].attrib["name"] == 'a\ufffd <b> & "c"'
    assert root[0][0][0].tag == "error"


def test_results_are_data_too(tmp_path: Path) -> None:
    """JSON holds the run, and each example with what it expects, gave and rests on."""
    rulebook = broken(tmp_path)
    held = json.loads(as_json(rulebook, ran_examples(rulebook)))
    results = held.pop("results")
    assert held == {
        "schema": "rules-test/1",
        "rulebook": {
            "id": "practice_audit_england",
            "version": rulebook.book.version,
            "hash": rulebook.hash,
            "books": [
                {
                    "id": "practice_audit_england",
                    "title": rulebook.book.title,
                    "version": rulebook.book.version,
                    "hash": rulebook.hash,
                }
            ],
        },
        "examples": 9,
        "failed": 2,
    }
    assert results[0] == {
        "standard": "CP-05",
        "example": "is met when every gap is ten working days or less",
        "file": f"{rulebook.folder}/{PLACE}",
        "line": 38,
        "passed": False,
        "expect": "met",
        "got": "partly_met",
        "cannot_be_read": None,
        "because": "The longest time without seeing the child was 10 working days, 3 March 2025 "
        "to 17 March 2025. The standard is no more than 9.",
        "value": 10,
        "day_from": "2025-03-03",
        "day_to": "2025-03-17",
        "rows": 2,
        "version": "2015-01-01",
        "branch": None,
    }
