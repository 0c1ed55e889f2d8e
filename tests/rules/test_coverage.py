"""The promises of `audit rules coverage`: what is reached, what never, and what is not asked for."""

import csv
import json
from pathlib import Path

import pytest

from engine.authoring.possible import expected_outcomes, possible_codes
from engine.terms import NOT_MET_BY_SILENCE
from tests.rules.few import Made, few
from tests.rules.rulebooks import change, shipped
from tests.unit.commands import AS_OF, Audit
from tests.unit.goldens import GOLDEN

DONE, FAILED, PUT_ASIDE = 0, 1, 4
ONE = {"VI-01": Made("visits", "major", line="yes")}
JUDGEMENT = """\
compliance_earns_at_most: good
domain:
  - {id: missed, title: A major standard is missed, when: {findings: {severity: major, outcome: [not_met, not_evidenced]}}, cap: good}
  - {id: critical, title: A critical standard is missed, when: {findings: {severity: critical, outcome: not_met}}, cap: inadequate}
"""


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


@pytest.fixture(name="folder")
def one_standard(tmp_path: Path) -> Path:
    """Return a book of one standard, in which an outcome, a version and a rule are not reached."""
    folder = few(tmp_path, ONE)
    (folder / "promises.yaml").unlink()
    (folder / "judgement.yaml").write_text(JUDGEMENT, "utf-8")
    name = "child_protection/vi-01.yaml"
    earlier = "versions:\n  - {from: 2001-01-01, met: {at_most: 20}, source: {title: T, checked: 2026-01-01}}\n"
    change(folder, name, "versions:\n", earlier)
    text = (folder / name).read_text("utf-8")
    partly, fourth = text.index("  - it: is partly met"), text.index("  - it: is not met when one")
    (folder / name).write_text(text[:partly] + text[fourth:], "utf-8")
    return folder


def test_gaps_come_first_and_then_a_table(audit: Audit, folder: Path) -> None:
    """What no example reaches is told first; then how often each outcome and rule was reached."""
    ended = audit("rules", "coverage", "--rules", folder)
    assert (ended.code, ended.err) == (DONE, "")
    assert ended.out == (
        "Never reached\n"
        "  Outcomes\n"
        "    VI-01: partly met\n"
        "  Dated versions\n"
        "    VI-01: 2001-01-01\n"
        "  Limits that no example stands on\n"
        "    VI-01: at most 20\n"
        "  Rules of judgement, each example being judged by itself and without an auditor's grade\n"
        "    critical (domain): A critical standard is missed\n"
        "\n"
        "How often (0: never; a dot: it cannot be, or need not)\n"
        "              met   partly  not met   silent  not due      n/a  no data\n"
        "VI-01           2        0        2        2        1        1        ·\n"
        "\n"
        "Rules of judgement, and how often each fired\n"
        "       4  domain   missed: A major standard is missed\n"
        "       0  domain   critical: A critical standard is missed\n"
        "\n"
        "8 examples: 8 of 12 outcomes, versions, branches, limits and rules reached (66 %).\n"
    )


def test_a_batch_is_covered_like_examples(audit: Audit) -> None:
    """Of a batch, what its audits reach is told in the same way."""
    ended = audit("rules", "coverage", GOLDEN / "batch.jsonl", *AS_OF)
    assert ended.code == DONE
    lines = ended.out.splitlines()
    assert lines[0] == "Never reached"
    assert lines[-1].startswith("4 audits: ")
    assert "  Rules of judgement" in lines
    assert any(line.startswith("CP-05") for line in lines)


def test_a_batch_of_which_rows_are_put_aside_ends_with_4(audit: Audit, folder: Path) -> None:
    """What can be read is covered, what cannot is told, as when a batch is scored."""
    ended = audit("rules", "coverage", GOLDEN / "batch.jsonl", "--rules", folder, *AS_OF)
    assert ended.code == PUT_ASIDE
    assert "`CP-05` is not allowed in `standard`" in ended.err
    assert ended.out.endswith(
        "4 audits: 4 of 10 outcomes, versions, branches and rules reached (40 %).\n"
    )


def test_everything_can_be_reached(audit: Audit, tmp_path: Path) -> None:
    """A book in which nothing is left out says so."""
    folder = few(tmp_path, ONE)
    (folder / "promises.yaml").unlink()
    (folder / "judgement.yaml").write_text(
        "".join(JUDGEMENT.splitlines(keepends=True)[:3]), "utf-8"
    )
    ended = audit("rules", "coverage", "--rules", folder, "--fail-under", "100")
    assert ended.code == DONE
    assert ended.out.startswith("Everything is reached.\n\nHow often")
    assert ended.out.endswith(
        "9 examples: 9 of 9 outcomes, versions, branches, limits and rules reached (100 %).\n"
    )


def test_too_little_can_be_made_to_fail(audit: Audit, folder: Path) -> None:
    """Below the per cent that is asked for the exit code is 1."""
    assert audit("rules", "coverage", "--rules", folder, "--fail-under", "66").code == DONE
    assert audit("rules", "coverage", "--rules", folder, "--fail-under", "67").code == FAILED


def test_coverage_is_written_for_programs(audit: Audit, folder: Path) -> None:
    """JSON and CSV hold an entry for each thing to be reached."""
    ended = audit("rules", "coverage", "--rules", folder, "--output-format", "json")
    data = json.loads(ended.out)
    assert (data["of"], data["cases"], data["percent"]) == ("8 examples", 8, 66)
    never = [item["name"] for item in data["items"] if not item["times"]]
    assert never == ["partly_met", "2001-01-01", "critical", "at most 20"]
    ended = audit("rules", "coverage", "--rules", folder, "--output-format", "csv")
    rows = list(csv.DictReader(ended.out.splitlines()))
    assert rows[0] == {"of": "VI-01", "kind": "outcome", "name": "met", "times": "2"}
    assert len(rows) == len(data["items"]) == 12


def test_an_example_never_gives_what_is_impossible() -> None:
    """Whatever an example of a shipped standard expects is among what the standard may give."""
    for standard in shipped().standards:
        for example in standard.examples:
            codes = {example.expect.code}
            codes |= {NOT_MET_BY_SILENCE} if example.expect == "not_met" else set()
            assert codes & possible_codes(standard), (standard.id, example.it)


def test_what_cannot_be_is_not_asked_for() -> None:
    """Without a threshold for partly met there is no such outcome to be reached, and so on."""
    standards = shipped().standards
    found = {standard.id: expected_outcomes(standard) for standard in standards}
    assert all("met" in outcomes for outcomes in found.values())
    assert not any("not_assessable" in outcomes for outcomes in found.values())
    silent = [standard.id for standard in standards if standard.silence == "not_met"]
    assert silent
    assert not any("not_evidenced" in found[name] for name in silent)
    assert "partly_met" in found["CP-05"]
    assert "partly_met" not in found["CP-06"]
