"""The promises of `audit rules prove`: what holds is proved, what does not is shown in a case."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from engine.authoring.case_words import judged_again
from engine.authoring.prove import Proof, Prover, audits_there_can_be, prove
from engine.authoring.proved_as import FORMATS
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from engine.rulebook.promises import Promise
from tests.rules.few import FEW, Made, few
from tests.rules.rulebooks import change, shipped
from tests.unit.commands import Audit

DONE, FAILED = 0, 1
MAJOR = "when: {findings: {severity: major, outcome: [not_met, not_evidenced]}}"


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


def loaded(folder: Path) -> Rulebook:
    rulebook, problems = load_rulebook(folder)
    assert rulebook is not None, problems
    return rulebook


def proof_of(folder: Path, promise: str) -> tuple[Proof, Rulebook]:
    """Return the proof of one promise of a folder."""
    rulebook = loaded(folder)
    (one,) = (p for p in rulebook.promises if p.id == promise)
    return Prover(rulebook).proof(one), rulebook


def told(folder: Path, promise: str) -> str:
    """Return what is printed of one promise of a folder."""
    rulebook = loaded(folder)
    only = replace(rulebook, promises=tuple(p for p in rulebook.promises if p.id == promise))
    return "\n".join(FORMATS["full"](prove(only), only)).partition("\n\n")[0]


def test_every_promise_of_the_shipped_book_holds() -> None:
    """Over every pattern of the shipped book each promise is kept, and each is put to the test."""
    proved = prove(shipped())
    assert {proof.promise.id: proof.broken for proof in proved.proofs if not proof.holds} == {}
    assert [proof.promise.id for proof in proved.proofs if not proof.spoken_of] == []
    assert all(proof.patterns >= proof.spoken_of > 0 for proof in proved.proofs)
    assert proved.audits > 10**18


def test_promises_that_hold_are_told_with_how_many_patterns_were_tried(tmp_path: Path) -> None:
    """A promise that is kept says of how many patterns it speaks, and how many were tried."""
    assert told(few(tmp_path), "critical-miss-in-safety") == (
        "kept    no audit with a critical miss in safety is ever better than inadequate\n"
        "        critical-miss-in-safety: kept in all 32 patterns that it speaks of, 128 tried"
    )


def test_a_grade_that_is_too_good_is_shown_in_the_smallest_case(tmp_path: Path) -> None:
    """With the rule on bottom lines gone, one missed bottom line is all that it takes."""
    folder = few(tmp_path)
    text = (folder / "judgement.yaml").read_text("utf-8")
    start, end = text.index("  - id: bottom-line-missed"), text.index("  - id: one-weak-domain")
    (folder / "judgement.yaml").write_text(text[:start] + text[end:], "utf-8")
    assert told(folder, "bottom-line") == (
        "BROKEN  no audit that misses a bottom line is better than requires improvement\n"
        "        bottom-line: broken in 5 of 64 patterns that it speaks of, 128 tried\n"
        "        The smallest audit that breaks it:\n"
        "          VI-01 (Visits, major, a bottom line): not evidenced\n"
        "          Every other standard is met.\n"
        "          The auditor's overall grade is Outstanding.\n"
        "        What comes out: the audit is Good; promised was no better than Requires improvement.\n"
        "          - rule `major-missed` fires in Visits (A major standard is missed): caps the domain at\n"
        "              Requires improvement\n"
        "          - rule `one-weak-domain` fires (One domain is capped at requires improvement or worse):\n"
        "              caps the audit at Good\n"
        "          - rule `one-grade-down` fires (The moderated grade is below the auditor's): sends it to\n"
        "              moderation"
    )


def test_a_miss_that_raises_a_grade_is_shown_before_and_after(tmp_path: Path) -> None:
    """A rule that asks for no evidence, and not for not met, is stopped by a worse finding."""
    folder = few(tmp_path)
    change(
        folder, "judgement.yaml", MAJOR, MAJOR.replace("[not_met, not_evidenced]", "not_evidenced")
    )
    assert told(folder, "further-miss") == (
        "BROKEN  a further miss never raises a grade\n"
        "        further-miss: broken in 7 of 950 changes\n"
        "        The smallest audit that breaks it:\n"
        "          VI-01 (Visits, major, a bottom line): partly met, then not met\n"
        "          Every other standard is met.\n"
        "          The auditor gave no overall grade.\n"
        "        Before: Visits is capped at Good.\n"
        "          - rule `major-partly-met` fires in Visits (A major standard is only partly met): caps the\n"
        "              domain at Good\n"
        "        After: Visits is not capped.\n"
        "          - rule `bottom-line-missed` fires (A bottom line is missed): caps the audit at Requires\n"
        "              improvement"
    )


def test_what_compliance_gives_is_shown(tmp_path: Path) -> None:
    """If compliance may earn outstanding, it is suggested to an auditor who gave good."""
    folder = few(tmp_path)
    change(folder, "judgement.yaml", "earns_at_most: good", "earns_at_most: outstanding")
    assert told(folder, "compliance-alone") == (
        "BROKEN  compliance alone never gives outstanding\n"
        "        compliance-alone: broken in 5 of 256 patterns\n"
        "        The smallest audit that breaks it:\n"
        "          Every standard is met.\n"
        "          The auditor's overall grade is Good.\n"
        "        What comes out: Outstanding is suggested, though the auditor gave Good.\n"
        "          - no rule fires"
    )


def test_a_domain_that_is_too_good_is_shown(tmp_path: Path) -> None:
    """A promise of each domain is broken by one domain, which is named."""
    folder = few(tmp_path)
    change(
        folder, "judgement.yaml", MAJOR, MAJOR.replace("[not_met, not_evidenced]", "not_evidenced")
    )
    assert told(folder, "major-miss") == (
        "BROKEN  no domain with a major miss is better than requires improvement\n"
        "        major-miss: broken in 2 of 8 patterns that it speaks of, 18 tried\n"
        "        The smallest audit that breaks it:\n"
        "          VI-01 (Visits, major, a bottom line): not met\n"
        "          Every other standard is met.\n"
        "          The auditor gave no overall grade.\n"
        "        What comes out: Visits is not capped; promised was no better than Requires improvement.\n"
        "          - rule `bottom-line-missed` fires (A bottom line is missed): caps the audit at Requires\n"
        "              improvement"
    )


def test_an_alert_that_is_not_routed_is_shown(tmp_path: Path) -> None:
    """Without the rule that routes alerts, a critical standard in doubt goes only to the panel."""
    folder = few(tmp_path)
    change(
        folder,
        "judgement.yaml",
        "when: {alert: yes}\n    route: alert",
        "when: {alert: yes}\n    route: moderate",
    )
    assert told(folder, "alert-goes-to-alert") == (
        "BROKEN  an alert is always routed to alert\n"
        "        alert-goes-to-alert: broken in 64 of 64 patterns that it speaks of, 128 tried\n"
        "        The smallest audit that breaks it:\n"
        "          SF-01 (Safety, critical): partly met\n"
        "          Every other standard is met.\n"
        "          The auditor's overall grade is Outstanding.\n"
        "        What comes out: it goes to the panel; promised was at least to an alert.\n"
        "          - rule `critical-in-doubt` fires in Safety (A critical standard is only partly met, or not\n"
        "              evidenced): caps the domain at Requires improvement, caps the audit at Requires\n"
        "              improvement, raises an alert\n"
        "          - rule `one-weak-domain` fires (One domain is capped at requires improvement or worse):\n"
        "              caps the audit at Good\n"
        "          - rule `one-grade-down` fires (The moderated grade is below the auditor's): sends it to\n"
        "              moderation\n"
        "          - rule `two-grades-down` fires (The moderated grade is two or more grades below the\n"
        "              auditor's): sends it to the panel\n"
        "          - rule `child-at-risk` fires (A critical standard is missed or in doubt): sends it to\n"
        "              moderation"
    )


def test_an_alert_that_is_not_raised_is_shown(tmp_path: Path) -> None:
    """A critical rule without its alert leaves a child to chance, and the case says so."""
    folder = few(tmp_path)
    said = "    alert: A critical standard is in doubt. Find out what was done, and record it.\n"
    change(folder, "judgement.yaml", said, "")
    assert told(folder, "critical-raises-an-alert") == (
        "BROKEN  a critical standard that is missed or in doubt always raises an alert\n"
        "        critical-raises-an-alert: broken in 32 of 64 patterns that it speaks of, 128 tried\n"
        "        The smallest audit that breaks it:\n"
        "          SF-01 (Safety, critical): partly met\n"
        "          Every other standard is met.\n"
        "          The auditor's overall grade is Outstanding.\n"
        "        What comes out: no alert is raised.\n"
        "          - rule `critical-in-doubt` fires in Safety (A critical standard is only partly met, or not\n"
        "              evidenced): caps the domain at Requires improvement, caps the audit at Requires\n"
        "              improvement\n"
        "          - rule `one-weak-domain` fires (One domain is capped at requires improvement or worse):\n"
        "              caps the audit at Good\n"
        "          - rule `one-grade-down` fires (The moderated grade is below the auditor's): sends it to\n"
        "              moderation\n"
        "          - rule `two-grades-down` fires (The moderated grade is two or more grades below the\n"
        "              auditor's): sends it to the panel"
    )


def test_a_promise_that_nothing_puts_to_the_test_is_idle(tmp_path: Path) -> None:
    """Without a critical standard there is nothing that a promise about critical misses speaks of."""
    folder = few(tmp_path, {"PL-01": FEW["PL-01"]})
    assert told(folder, "critical-miss") == (
        "idle    no audit with a critical miss in any domain is ever better than inadequate\n"
        "        critical-miss: of the 16 patterns tried none is so: no audit of this book can put it to the\n"
        "          test"
    )


def test_own_grades_are_part_of_a_case(tmp_path: Path) -> None:
    """A promise about the auditor's own grades is broken by as few of them as can be."""
    folder = few(tmp_path)
    change(
        folder,
        "judgement.yaml",
        "domains: [safety, visits, decision_making]}}",
        "domains: [visits]}}",
    )
    proof, rulebook = proof_of(folder, "own-grade-inadequate")
    assert proof.case is not None
    assert proof.case.facts.domains in ({"safety": 1}, {"decision_making": 1})
    assert "of domains: " in "\n".join(FORMATS["full"](prove(rulebook), rulebook))


def test_the_case_is_one_that_judgement_gives(tmp_path: Path) -> None:
    """What the prover says of its case is what judging that audit gives."""
    folder = few(tmp_path)
    change(folder, "judgement.yaml", "    overall_cap: inadequate\n    alert: A", "    alert: A")
    proof, rulebook = proof_of(folder, "critical-miss-in-safety")
    assert proof.case is not None
    judged = judged_again(proof.case.facts, rulebook)
    assert judged.moderated is not None
    assert judged.moderated > 1
    assert judged.caps == {"safety": 1}
    assert sorted(proof.case.facts.outcomes.values()) == [2, 2, 2, 6]


def test_the_number_of_audits_is_every_way_they_fall_out(tmp_path: Path) -> None:
    """Seven things that a standard may show, and five that an auditor may give, in all eleven."""
    rulebook = loaded(few(tmp_path, {"PL-01": Made("planning", "minor")}))
    assert audits_there_can_be(rulebook) == 7 * 5**11


def test_a_book_without_promises_says_so(audit: Audit, tmp_path: Path) -> None:
    """Nothing promised is nothing broken, and is said."""
    folder = few(tmp_path)
    (folder / "promises.yaml").unlink()
    ended = audit("rules", "prove", folder)
    said = f"no promises in {folder}: there is no promises.yaml, or it lists none.\n"
    assert (ended.code, ended.out.replace("\n", " "), ended.err) == (
        DONE,
        said.replace("\n", " "),
        "",
    )


def test_the_command_fails_when_a_promise_is_broken(audit: Audit, tmp_path: Path) -> None:
    """Exit code 1 and the names of what is broken; 0 when all is kept."""
    folder = few(tmp_path)
    ended = audit("rules", "prove", folder)
    assert (ended.code, ended.err) == (DONE, "")
    assert "\n\n17 promises, 0 broken. " in ended.out
    change(folder, "judgement.yaml", "earns_at_most: good", "earns_at_most: outstanding")
    ended = audit("rules", "prove", folder)
    assert (ended.code, ended.err) == (FAILED, "")
    assert "17 promises, 1 broken (`compliance-alone`)" in ended.out


def test_proofs_are_written_as_json(audit: Audit, tmp_path: Path) -> None:
    """As JSON every promise has its figures, and a broken one its case in data and in words."""
    folder = few(tmp_path)
    change(
        folder, "judgement.yaml", MAJOR, MAJOR.replace("[not_met, not_evidenced]", "not_evidenced")
    )
    ended = audit("rules", "prove", folder, "--output-format", "json")
    assert ended.code == FAILED
    data = json.loads(ended.out)
    assert data["audits"] == 7**4 * 5**11
    found = {promise["id"]: promise for promise in data["promises"]}
    assert "case" not in found["critical-miss"]
    assert found["further-miss"]["holds"] is False
    case = found["further-miss"]["case"]
    assert (
        case.pop("words")[1] == "  VI-01 (Visits, major, a bottom line): partly met, then not met"
    )
    met = dict.fromkeys(("PL-01", "SF-01", "SF-02", "VI-01"), "met")
    assert case == {
        "domain": "visits",
        "outcomes": {**met, "VI-01": "not_met"},
        "before": {**met, "VI-01": "partly_met"},
        "silent": [],
        "answers": {},
        "auditor": {"overall": None, "domains": {}},
        "cap": "requires_improvement",
        "domain_caps": {},
        "moderated_grade": None,
        "alert": False,
        "route": "none",
    }


def test_proofs_are_written_as_junit(audit: Audit, tmp_path: Path) -> None:
    """As JUnit each promise is a test: broken ones failed, idle ones skipped."""
    folder = few(tmp_path)
    change(folder, "judgement.yaml", "earns_at_most: good", "earns_at_most: outstanding")
    ended = audit("rules", "prove", folder, "--output-format", "junit")
    suite = ET.fromstring(ended.out.partition("\n")[2])  # noqa: S314 - written here
    assert (suite.get("tests"), suite.get("failures")) == ("17", "1")
    (failed,) = suite.findall("./testcase[failure]")
    assert failed.get("name") == "compliance alone never gives outstanding"
    assert "Outstanding is suggested" in (failed.find("failure").text or "")  # type: ignore[union-attr]


def test_a_promise_may_read_what_no_rule_reads(tmp_path: Path) -> None:
    """Promises tell apart what rules do not: here minor misses of one domain out of several."""
    rulebook = loaded(few(tmp_path))
    given = {"findings": {"severity": "minor", "outcome": "not_met", "domain": "planning"}}
    kept = Promise.model_validate(
        {"id": "p", "it": "p", "given": given, "then": {"never_better_than": "good"}}
    )
    proof = Prover(rulebook).proof(kept)
    assert proof.case is not None
    missed = {s: code for s, code in proof.case.facts.outcomes.items() if code != 2}
    assert missed == {"PL-01": 6}
