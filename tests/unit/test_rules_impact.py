"""The promises of `audit rules impact`: what an edit would do, to which audits, and why."""

import csv
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.authoring.impact_words import turned
from tests.rules.rulebooks import change, copied
from tests.unit import goldens
from tests.unit.commands import AS_OF, Audit

DONE, FAILED, USAGE, RULEBOOK, PUT_ASIDE = 0, 1, 2, 3, 4
KEPT = ("visits.yaml", "contingency.yaml", "actions-owned-and-dated.yaml")
VISITS = "child_protection/visits.yaml"
GIT = shutil.which("git") is not None


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


@pytest.fixture(name="before")
def small_book(tmp_path: Path) -> Path:
    """Return a book of a few standards, so that other standards of the shipped one may change."""
    folder = copied(tmp_path)
    for path in folder.glob("*/*.yaml"):
        if path.parent.name != "calendars" and path.name not in KEPT:
            path.unlink()
    return folder


@pytest.fixture(name="now")
def edited_book(tmp_path: Path, before: Path) -> Path:
    """Return the same book with CP-05 tighter, PL-01 minor, PL-02 retired, a harder rule."""
    folder = tmp_path / "edited"
    plan = "planning/actions-owned-and-dated.yaml"
    shutil.copytree(before, folder)
    change(folder, VISITS, "at_most: 10}", "at_most: 5}")
    change(folder, VISITS, "at_most: 15}", "at_most: 7}")
    change(folder, "planning/contingency.yaml", "status: live", "status: retired")
    change(folder, plan, "severity: major", "severity: minor")
    old = "outcome: partly_met}}\n    cap: good"
    change(folder, "judgement.yaml", old, old.replace("good", "requires_improvement"))
    return folder


def visited(
    audit: str,
    team: str,
    grade: str | None,
    *days: str,
    contingency: str = "",
    owner: str | None = "Social worker",
) -> str:
    """Return an audit of a child on a plan from 3 March to 4 April, visited on some days."""
    plan = {"plan_id": "P1", "kind": "child_protection", "start_date": "2025-03-03"}
    return json.dumps(
        {
            "audit_id": audit,
            "team": team,
            "worker_id": "W-SECRET",
            "caseload": 20 if audit == "A-3" else None,
            "case_type": "child_protection",
            "period_start": "2025-03-01",
            "period_end": "2025-04-04",
            "overall_grade": grade,
            "plans": [{**plan, "end_date": None, "contingency": contingency or None}],
            "plan_actions": [{"plan_id": "P1", "owner": owner, "due_date": "2025-05-01"}],
            "visits": [{"visit_date": day, "child_seen": "yes"} for day in days],
        }
    )


@pytest.fixture(name="batch")
def audits(tmp_path: Path) -> Path:
    weekly = ("2025-03-03", "2025-03-07", "2025-03-14", "2025-03-21", "2025-03-28", "2025-04-04")
    lines = (
        visited("A-1", "North", "outstanding", *weekly[::2], contingency="We will go to court"),
        visited("A-2", "North", "good", *weekly, contingency="We will go to court"),
        visited("A-3", "South | East", "good", *weekly[:2], *weekly[4:]),
        visited("A-4", "", None, *weekly[::2]),
        visited("A-5", "North", "outstanding", *weekly, owner=None),
    )
    path = tmp_path / "batch.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def impact(audit: Audit, batch: Path, now: Path, *more: str | Path) -> tuple[int, str, str]:
    ended = audit("rules", "impact", batch, "--rules", now, *AS_OF, *more)
    return ended.code, ended.out, ended.err


def without_hashes(text: str) -> str:
    """Return a text in which nothing depends on what else the book holds."""
    return re.sub(r"\b([0-9a-f]{64}|[0-9a-f]{12})\b", "HASH", text)


@pytest.mark.parametrize("format_", ["full", "markdown", "json", "csv"])
def test_an_impact_is_written_in_each_format(
    audit: Audit, batch: Path, before: Path, now: Path, format_: str
) -> None:
    """Every format, whole: counts, the table from grade to grade, teams, standards, reasons."""
    code, out, err = impact(audit, batch, now, "--against", before, "--output-format", format_)
    assert code == DONE
    suffix = {"full": "txt", "markdown": "md"}.get(format_, format_)
    goldens.check(f"impact.{suffix}", without_hashes(out))
    closing = "3 of 5 audits would have another moderated grade: 2 worse, 1 better.\n"
    said = f"rules: {now} against {before}; as of 2026-06-30\n"
    assert err == (said if format_ == "full" else said + closing)
    assert "W-SECRET" not in out


def test_every_audit_that_changes_is_in_the_csv(
    audit: Audit, batch: Path, before: Path, now: Path, tmp_path: Path
) -> None:
    """However few are shown, CSV has a row for each; the limit is said where it holds."""
    out = tmp_path / "out" / "impact.csv"
    code, _, err = impact(
        audit, batch, now, "--against", before, "--output-format", "csv", "--out", out,
        "--show", "1", "-q",
    )  # fmt: skip
    assert (code, err) == (DONE, f"written to {out}\n")
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    _, shown, _ = impact(audit, batch, now, "--against", before, "--show", "1")
    assert (
        f"{len(rows) - 1} more audits change: --show N shows more, --output-format csv lists all.\n"
        in shown
    )
    _, none, _ = impact(audit, batch, now, "--against", before, "--show", "0")
    assert "Audits that change" not in none


def test_the_impact_the_other_way_is_the_opposite(
    audit: Audit, batch: Path, before: Path, now: Path
) -> None:
    """What gets worse by an edit gets better when it is taken back, audit by audit."""
    asked = ("--output-format", "json")
    there = json.loads(impact(audit, batch, now, "--against", before, *asked)[1])
    back = json.loads(impact(audit, batch, before, "--against", now, *asked)[1])
    assert there["total"]["worse"] == back["total"]["better"] > 0
    assert there["total"]["better"] == back["total"]["worse"] > 0
    assert there["findings_changed"] == back["findings_changed"]
    assert {(g["before"], g["now"], g["audits"]) for g in there["grades"]} == {
        (g["now"], g["before"], g["audits"]) for g in back["grades"]
    }
    stood = {one["audit_id"]: (one["before"], one["now"]) for one in there["audits"]}
    assert stood == {one["audit_id"]: (one["now"], one["before"]) for one in back["audits"]}


def test_an_edit_that_does_nothing_is_said_to_do_nothing(
    audit: Audit, batch: Path, before: Path, tmp_path: Path
) -> None:
    """Comments and examples change no grade; it is said plainly, and nothing fails."""
    same = tmp_path / "same"
    shutil.copytree(before, same)
    change(
        same,
        VISITS,
        "  - it: is met when every gap is",
        "  # first\n  - it: is met if every gap is",
    )
    code, out, _ = impact(audit, batch, same, "--against", before, "--fail-on-change")
    assert code == DONE
    assert without_hashes(out) == (
        "What the edit would do\n\n"
        "Nothing changes: 5 audits, each with the findings, grade and next step it had.\n"
        "The two rulebooks do the same: they differ in examples and comments at most.\n\n"
        "Before: practice_audit_england 2026.11 (HASH).\n"
        "Now: practice_audit_england 2026.11 (HASH).\n"
        "Both as of 30 June 2026.\n"
    )


def test_a_change_can_fail_a_build(audit: Audit, batch: Path, before: Path, now: Path) -> None:
    """With --fail-on-change an edit that moves a grade ends with 1; without it, with 0."""
    assert impact(audit, batch, now, "--against", before)[0] == DONE
    assert impact(audit, batch, now, "--against", before, "--fail-on-change")[0] == FAILED


def test_findings_may_change_and_nothing_else(
    audit: Audit, batch: Path, before: Path, tmp_path: Path
) -> None:
    """A finding that changes under the same cap is counted, and is no change that fails."""
    milder = tmp_path / "milder"
    shutil.copytree(before, milder)
    change(milder, "planning/contingency.yaml", "status: live", "status: retired")
    code, out, _ = impact(audit, batch, milder, "--against", before, "--fail-on-change")
    assert code == DONE
    assert "0 of 5 audits would have another moderated grade: 0 worse, 0 better.\n" in out
    assert (
        "5 findings change; in 5 audits findings change and nothing that rests on them does.\n"
        in out
    )
    assert "PL-02 2 met -> not in force; 3 not evidenced -> not in force" in out


def test_a_rulebook_with_errors_ends_it(audit: Audit, batch: Path, before: Path, now: Path) -> None:
    """Either book may be broken: its problems are told and the exit code is 3."""
    change(before, VISITS, "domain: visits", "domain: visit")
    ended = impact(audit, batch, now, "--against", before)
    assert ended[:2] == (RULEBOOK, "")
    assert f"{before}/{VISITS}:5:9: R020" in ended[2]
    assert impact(audit, batch, before, "--against", now)[0] == RULEBOOK


def test_books_may_read_a_batch_otherwise(
    audit: Audit, batch: Path, before: Path, now: Path
) -> None:
    """A row that only one book can read is put aside by the other; what both scored is compared."""
    change(now, "fields.yaml", "max: 500", "max: 10")
    code, out, err = impact(audit, batch, now, "--against", before)
    assert code == PUT_ASIDE
    assert "The rulebooks do not read the batch alike" in " ".join(out.split())
    assert "Also different: the dictionary of fields." in " ".join(out.split())
    assert "rules: " in err


def test_what_it_is_held_against_is_named_once(audit: Audit, batch: Path, now: Path) -> None:
    """A folder or a revision, not both and not neither."""
    help_ = "  help: --against FOLDER, or --against-git main for the rules on that branch\n"
    said = (
        "rules impact: U030 give the earlier rules with either --against or --against-git\n" + help_
    )
    assert impact(audit, batch, now) == (USAGE, "", said)
    both = impact(audit, batch, now, "--against", now, "--against-git", "HEAD")
    assert both == (USAGE, "", said)
    gone = impact(audit, batch, now, "--against", now / "gone")
    assert gone[0] == RULEBOOK


def test_an_outcome_may_be_that_the_standard_is_not_in_force() -> None:
    """A standard that comes or goes has no outcome in the other book."""
    assert turned("", "partly_met") == "not in force -> partly met"


# --- git -----------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    named = (
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.invalid",
        "-c",
        "commit.gpgsign=false",
    )
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(
        ["git", *named, *arguments], cwd=folder, check=True, capture_output=True, env=quiet
    )


@pytest.fixture(name="repository")
def repository_of_rules(tmp_path: Path, before: Path, now: Path) -> Path:
    """Return a repository in which the book was committed as `before` and then edited."""
    top = tmp_path / "council"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    (top / "readme").write_text("", "utf-8")
    git(top, "add", ".")
    git(top, "commit", "-qm", "Without rules")
    shutil.copytree(before, top / "our rules")
    git(top, "add", ".")
    git(top, "commit", "-qm", "As it was")
    shutil.copytree(now, top / "our rules", dirs_exist_ok=True)
    return top


@pytest.mark.skipif(not GIT, reason="git is not installed")
def test_rules_at_a_revision_are_those_of_the_folder_then(
    audit: Audit, batch: Path, before: Path, now: Path, repository: Path
) -> None:
    """A revision gives the same impact as a copy of the folder from before."""
    by_folder = impact(audit, batch, now, "--against", before)
    by_git = impact(audit, batch, repository / "our rules", "--against-git", "HEAD")
    assert by_git[:2] == by_folder[:2]
    assert by_git[2] == (
        f"rules: {repository}/our rules against HEAD:our rules; as of 2026-06-30\n"
    )


@pytest.mark.skipif(not GIT, reason="git is not installed")
def test_a_revision_that_cannot_be_had_is_told(
    audit: Audit, batch: Path, now: Path, repository: Path
) -> None:
    """No repository, no such revision, no such folder then: each is told apart."""
    rules = repository / "our rules"
    assert impact(audit, batch, now, "--against-git", "HEAD") == (
        USAGE,
        "",
        f"{now}: U032 the folder of rules is in no git repository\n"
        "  help: give the earlier rules as a folder with --against\n",
    )
    for name in ("nope", "--output=x"):
        assert impact(audit, batch, rules, f"--against-git={name}")[2] == (
            f"--against-git: U033 `{name}` is no revision\n"
            "  help: give a branch, a tag or the start of a commit, such as `main` or `HEAD~1`\n"
        )
    assert impact(audit, batch, rules, "--against-git", "HEAD~1") == (
        USAGE,
        "",
        f"{rules}: U034 there are no such rules at `HEAD~1`\n"
        "  help: name a later revision, or the folder as it was called then with --against\n",
    )


@pytest.mark.skipif(not GIT, reason="git is not installed")
def test_errors_of_earlier_rules_are_told_by_the_revision(
    audit: Audit, batch: Path, now: Path, repository: Path
) -> None:
    """A book that was broken then is told from the revision, not from a temporary folder."""
    rules = repository / "our rules"
    change(rules, VISITS, "domain: visits", "domain: visit")
    git(repository, "commit", "-qam", "Broken")
    shutil.copytree(now, rules, dirs_exist_ok=True)
    code, _, err = impact(audit, batch, rules, "--against-git", "main")
    assert code == RULEBOOK
    assert err.startswith(f"main:our rules/{VISITS}:5:9: R020 ")


def test_without_git_it_is_told(
    audit: Audit, batch: Path, now: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where git is not installed, a folder can still be named."""
    monkeypatch.setattr("engine.cli.earlier.shutil.which", lambda _: None)
    assert impact(audit, batch, now, "--against-git", "HEAD") == (
        USAGE,
        "",
        "--against-git: U031 git is not installed\n  help: give the earlier rules with --against\n",
    )
