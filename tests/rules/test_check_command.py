"""The promises of `audit rules check`: its formats, its parts, its watching."""

import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.cli.watching import changes
from engine.errors import Exit
from tests.rules.rulebooks import change
from tests.unit.commands import ROOT, Ended, process

SMALL = Path(__file__).parent / "small"
CP05 = "child_protection/visits.yaml"
AS_OF = ("--as-of", "2026-12-01")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Copy the small rulebook, under a path that needs escaping."""
    folder = tmp_path / "our rules, 100%"
    shutil.copytree(SMALL, folder)
    return folder


@pytest.fixture
def wrong(rules: Path) -> Path:
    """Make one error and one warning."""
    change(rules, CP05, "severity: major", "severity: high")
    shutil.copy(SMALL / CP05, rules / "child_protection" / "more.yaml")
    change(rules, "child_protection/more.yaml", "id: CP-05", "id: CP-06")
    change(rules, "child_protection/more.yaml", "checked: 2026-11-22", "checked: 2024-11-22")
    return rules


def check(folder: Path, *more: str | Path) -> Ended:
    return process("rules", "check", folder, *AS_OF, *more)


def test_full_shows_the_line_and_the_way_out(wrong: Path) -> None:
    """Each problem has its place, its line with a caret, and help; errors end with 3."""
    ended = check(wrong)
    assert ended == Ended(
        Exit.RULEBOOK,
        f"{wrong}/child_protection/more.yaml:24:16: R053 warning: the source was last checked on "
        "`2024-11-22`, over a year ago\n"
        "   |\n"
        "24 |       checked: 2024-11-22\n"
        "   |                ^^^^^^^^^^\n"
        "   = help: look whether it still says this, then write today's date there\n\n"
        f"{wrong}/{CP05}:7:11: R004 `high` is not a severity\n"
        "  |\n"
        "7 | severity: high\n"
        "  |           ^^^^\n"
        "  = help: allowed: `critical`, `major`, `minor`\n\n"
        f"1 error and 1 warning in {wrong}.\n",
        "",
    )


def test_concise_gives_each_problem_a_line(wrong: Path) -> None:
    """Place, code and message on one line each, and the count."""
    lines = check(wrong, "--output-format", "concise").out.splitlines()
    assert [line.removeprefix(f"{wrong}/") for line in lines] == [
        "child_protection/more.yaml:24:16: R053 warning: the source was last checked on "
        "`2024-11-22`, over a year ago",
        f"{CP05}:7:11: R004 `high` is not a severity",
        f"1 error and 1 warning in {wrong}.",
    ]


def test_json_names_every_part(wrong: Path) -> None:
    """Other programs find file, line, column, code, severity, message and help."""
    said = json.loads(check(wrong, "--output-format", "json").out)
    assert (said["errors"], said["warnings"]) == (1, 1)
    assert said["problems"][1] == {
        "file": f"{wrong}/{CP05}",
        "line": 7,
        "column": 11,
        "code": "R004",
        "severity": "error",
        "message": "`high` is not a severity",
        "help": "allowed: `critical`, `major`, `minor`",
    }


def test_github_annotates_the_line(wrong: Path) -> None:
    """A workflow command each, with what would end it escaped."""
    place = f"{wrong}/{CP05}".replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
    assert check(wrong, "--output-format", "github").out.splitlines()[1] == (
        f"::error file={place},line=7,col=11,title=R004::`high` is not a severity%0A"
        "help: allowed: `critical`, `major`, `minor`"
    )


def test_sarif_holds_what_the_standard_asks_for(wrong: Path) -> None:
    """Version, driver, a description for each code, and results that point at both."""
    log = json.loads(check(wrong, "--output-format", "sarif").out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["R004", "R053"]
    assert all(rule[key]["text"] for rule in rules for key in ("shortDescription", "help"))
    results: list[dict[str, Any]] = run["results"]
    assert [(one["ruleId"], one["level"]) for one in results] == [
        ("R053", "warning"),
        ("R004", "error"),
    ]
    for one in results:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["message"]["text"]
        place = one["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[\w/%.~-]+", place["artifactLocation"]["uri"])
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1


def test_warnings_do_not_fail_a_run(wrong: Path) -> None:
    """With warnings alone the exit code is 0: nothing is wrong with the rulebook as it stands."""
    shutil.copy(SMALL / CP05, wrong / CP05)
    change(wrong, "child_protection/more.yaml", "severity: major", "severity: minor")
    ended = check(wrong, "--output-format", "concise")
    assert ended.code == Exit.DONE
    assert ended.out.endswith(f"2 warnings in {wrong}.\n")


def test_the_same_standard_twice_is_told(rules: Path) -> None:
    """Two live standards that ask the same of the same rows are told once, at the later id."""
    shutil.copy(SMALL / CP05, rules / "child_protection" / "again.yaml")
    change(rules, "child_protection/again.yaml", "id: CP-05", "id: CP-06")
    ended = check(rules, "--output-format", "concise")
    assert ended.out.splitlines()[0] == (
        f"{rules}/child_protection/again.yaml:1:5: R055 warning: `CP-06` asks the same as `CP-05`: "
        "trigger, measure and limits agree"
    )


def test_a_part_of_a_folder_can_be_asked_about(wrong: Path) -> None:
    """Given a file or folder inside a rulebook, only what is wrong there is told."""
    one = check(wrong / "child_protection" / "more.yaml", "--output-format", "concise")
    assert (one.code, one.out.count("\n")) == (Exit.DONE, 2)
    assert check(wrong / "child_protection").out == check(wrong).out
    assert "nothing wrong" in check(wrong / "fields.yaml").out


def test_a_folder_that_is_nowhere_is_told(tmp_path: Path) -> None:
    """No folder, no rulebook: a problem as any other, and exit code 3."""
    ended = check(tmp_path / "none", "--output-format", "concise")
    assert ended.code == Exit.RULEBOOK
    assert ended.out.startswith(f"{tmp_path / 'none'}: R010 there is no such folder\n")


def test_a_change_is_noticed_once_it_is_whole(rules: Path) -> None:
    """After a change the folder has to stand still for one look; then it is checked again."""
    path = rules / CP05
    written = iter(("id: X", "id: XX", None, None, "taken away", None))

    def wait(_: float) -> None:
        match next(written):
            case "taken away":
                path.unlink()
            case str() as text:
                path.write_text(text, "utf-8")

    noticed = changes((rules,), wait)
    for _ in range(3):
        next(noticed)
    assert list(written) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a signal stands for Ctrl-C")
def test_watching_checks_again_until_it_is_stopped(rules: Path) -> None:
    """Each result stands below a line; Ctrl-C ends it without a word and with exit code 0."""
    # whoever runs the tests in the background may have told them to pass Ctrl-C over
    program = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    program += "from engine.cli import main; main()"
    command = [sys.executable, "-u", "-c", program, "rules", "check"]
    started = subprocess.Popen(
        [*command, str(rules), *AS_OF, "--output-format", "concise", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        text=True,
        encoding="utf-8",
    )
    assert started.stdout is not None
    assert started.stderr is not None
    assert started.stdout.readline() == f"1 live standard in {rules}: nothing wrong.\n"
    assert started.stderr.readline() == f"watching {rules}; Ctrl-C ends it\n"
    change(rules, CP05, "severity: major", "severity: high")
    assert started.stdout.readline() == f"{rules}/{CP05}:7:11: R004 `high` is not a severity\n"
    assert started.stdout.readline() == f"1 error in {rules}.\n"
    assert [started.stderr.readline() for _ in range(4)] == [
        "\n", f"{'─' * 72}\n", "\n", f"watching {rules}; Ctrl-C ends it\n"
    ]  # fmt: skip
    started.send_signal(signal.SIGINT)
    assert started.communicate(timeout=20) == ("", "")
    assert started.returncode == 0
