"""The promises of `audit rules test`: which examples it runs, and where it writes what they gave."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.rules.rulebooks import RULES, change, copied
from tests.unit.commands import Audit

DONE, FAILED, USAGE, RULEBOOK = 0, 1, 2, 3
PLACE = "child_protection/visits.yaml"


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


@pytest.fixture(name="broken")
def folder_with_a_failure(tmp_path: Path) -> Path:
    folder = copied(tmp_path)
    change(folder, PLACE, "    expect: partly_met", "    expect: not_met")
    return folder


def test_a_rule_file_is_tested_by_itself(audit: Audit, broken: Path) -> None:
    """A path may be one rule file, or a folder of them: only its examples are run."""
    ended = audit("rules", "test", broken / "planning" / "contingency.yaml")
    assert (ended.code, ended.out, ended.err) == (
        DONE,
        "6 examples of 1 standard, 0 failed.\n",
        "",
    )
    two = audit("rules", "test", broken / "child_in_need", broken / "planning" / "contingency.yaml")
    held = len(list((broken / "child_in_need").glob("*.yaml"))) + 1
    assert two.out.endswith(f" examples of {held} standards, 0 failed.\n")
    failed = audit("rules", "test", broken / PLACE)
    assert (failed.code, failed.out) == (FAILED, "9 examples of 1 standard, 1 failed.\n")
    assert failed.err == (
        f"{broken}/{PLACE}:50:5: U011 `is partly met when the longest gap is fifteen working days` "
        "expects `not_met` and gives `partly_met`\n"
        "  help: The longest time without seeing the child was 15 working days, 17 March 2025 to 7 "
        "April 2025. The standard is no more than 10.\n"
        "  evidence: value 15; 17 March 2025 to 7 April 2025; 2 rows counted; version from 1 "
        "January 2015\n"
        "  evidence: those days stand in visits 1 (visit_date), visits 2 (visit_date)\n"
    )


def test_a_rule_file_is_found_from_its_own_folder(
    audit: Audit, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stands in the folder of a stage need only name the file."""
    monkeypatch.chdir(broken / "planning")
    assert audit("rules", "test", "contingency.yaml").code == DONE
    assert audit("rules", "test", "contingency.yaml", "--rules", RULES).code == USAGE


def test_results_are_written_for_machines(audit: Audit, broken: Path, tmp_path: Path) -> None:
    """JUnit and JSON go to the screen or a file; what failed is told on standard error as well."""
    ended = audit("rules", "test", broken / PLACE, "--output-format", "junit")
    assert ended.code == FAILED
    assert ET.fromstring(ended.out).attrib["failures"] == "1"  # noqa: S314 - our own
    assert ended.err.endswith("9 examples of 1 standard, 1 failed.\n")
    out = tmp_path / "new" / "results.json"
    ended = audit("rules", "test", broken / PLACE, "--output-format", "json", "--out", out)
    assert (ended.code, ended.out) == (FAILED, "")
    assert ended.err.startswith(f"written to {out}\n")
    assert json.loads(out.read_text("utf-8"))["failed"] == 1
    text = tmp_path / "results.txt"
    audit("rules", "test", broken / PLACE, "--out", text)
    assert text.read_text("utf-8").endswith("9 examples of 1 standard, 1 failed.\n")
    assert [path.name for path in tmp_path.iterdir()].count("new") == 1
    assert not list(tmp_path.glob("**/.unfinished*"))


def test_a_file_that_cannot_be_written_is_told(audit: Audit, tmp_path: Path) -> None:
    """The results have nowhere to go: the exit code is 2, and the reason is said."""
    (tmp_path / "file").write_text("", "utf-8")
    out = tmp_path / "file" / "results.xml"
    ended = audit("rules", "test", RULES / "planning" / "contingency.yaml", "--out", out)
    assert ended.code == USAGE
    assert ended.err.startswith(f"{out}: U002 it cannot be written here (")


def test_a_path_that_is_no_rule_file_is_told(audit: Audit, broken: Path, tmp_path: Path) -> None:
    """What is not there, lies outside a rulebook, or holds no standard, is told apart."""
    gone = audit("rules", "test", tmp_path / "gone.yaml")
    assert (gone.code, gone.err) == (
        USAGE,
        f"{tmp_path}/gone.yaml: U020 there is no such file or folder\n  help: give a rule file, or "
        "a folder of rules; a rulebook is a folder with rulebook.yaml\n",
    )
    stray = tmp_path / "stray.yaml"
    stray.write_text("id: X", "utf-8")
    assert f"U020 `{stray}` is in no rulebook" in audit("rules", "test", stray).err
    none = audit("rules", "test", broken / "judgement.yaml")
    assert (none.code, none.err) == (
        USAGE,
        f"{broken}/judgement.yaml: U022 no standard stands here\n  help: give the file of a "
        "standard, a folder of them, or a rulebook\n",
    )
    several = audit("rules", "test", broken / PLACE, RULES / PLACE)
    assert several.code == USAGE
    assert f"rules test: U021 the paths are of several rulebooks: `{broken}`, " in several.err


def test_a_rulebook_with_errors_is_not_tested(audit: Audit, broken: Path, tmp_path: Path) -> None:
    """A file is tested within its book: a mistake in another file ends it with 3."""
    change(broken, "planning/contingency.yaml", "domain: planning", "domain: plans")
    ended = audit("rules", "test", broken / PLACE)
    assert (ended.code, ended.out) == (RULEBOOK, "")
    assert "contingency.yaml:5:9: R020" in ended.err
    empty = tmp_path / "empty"
    empty.mkdir()
    assert audit("rules", "test", empty).code == RULEBOOK
