"""The promises of `audit rules new`: a whole file, with places to fill, that then is right."""

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from engine.authoring.examples import run_examples
from engine.authoring.new import KINDS
from engine.cli.rules_app import Kind
from engine.rulebook.load import load_rulebook
from engine.rulebook.measures import Choose, Simple
from tests.rules.rulebooks import RULES, copied
from tests.unit.commands import Audit

DONE, FAILED, USAGE, RULEBOOK = 0, 1, 2, 3

# what stands for FILL before the measure, in order: area, severity, why
HEAD = ("help_and_protection", "minor", "A child waits while nothing is done.")
# what stands for FILL in the source: title, paragraph, checked, note
SOURCE = ("Local practice standard", "Paragraph 4", "2026-11-23", "A default to be set locally.")
# and in the measure and the examples of each kind, as the comments beside them say
FILLED: dict[str, tuple[str, ...]] = {
    "within": ("5", *SOURCE, "2025-03-10", "2025-03-11"),
    "longest_gap": (
        *("5", "10", *SOURCE),
        *("2025-03-10", "2025-03-10", "2025-03-11", "2025-03-11", "2025-03-18", "2025-03-18"),
    ),
    "every": ("100", "75", *SOURCE, "partly_met"),
    "share": ("100", *SOURCE, "not_met"),
    "count": ("2", *SOURCE, "2025-03-17"),
    "present": (*SOURCE, "does not apply without a plan"),
    "answer": SOURCE,
    "recorded_within": ("5", *SOURCE, "2025-03-10", "2025-03-11"),
    "before": (*SOURCE, "met"),
    "choose": ("5", *SOURCE, "2025-03-10", "2025-03-11"),
}
TITLE = "What is asked is done in time"


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


@pytest.fixture(name="folder")
def rules(tmp_path: Path) -> Path:
    return copied(tmp_path)


def new(audit: Audit, folder: Path, *more: str) -> tuple[int, str]:
    ended = audit("rules", "new", *more, "--rules", folder)
    assert ended.out == ""
    return ended.code, ended.err


def fill(path: Path, *values: str) -> None:
    """Put values in the place of FILL, in order, and leave none."""
    text = path.read_text("utf-8")
    lines = text.splitlines()
    body = next(n for n, line in enumerate(lines) if line.startswith("id: "))
    rest = "\n".join(lines[body:]) + "\n"
    assert len(re.findall(r"\bFILL\b", rest)) == len(values)
    for value in values:
        rest = re.sub(r"\bFILL\b", value, rest, count=1)
    path.write_text(rest, "utf-8")


def test_every_kind_of_measure_has_a_file() -> None:
    """Each kind that a standard may have can be begun with, and its comments are filled here."""
    assert set(KINDS) == set(FILLED) == {kind.value for kind in Kind}
    models = (*get_args(Simple), Choose)
    assert {get_args(get_type_hints(model)["kind"])[0] for model in models} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_standard_is_right_once_it_is_filled(audit: Audit, folder: Path, kind: str) -> None:
    """Filled as its comments say, a new file passes check and test, as a draft and live."""
    asked = ("ZZ-01", "--kind", kind, "--stage", "recording", "--domain", "recording")
    path = folder / "recording" / "what-is-asked-is-done.yaml"
    assert new(audit, folder, *asked, "--title", TITLE) == (
        DONE,
        f"written to {path}; put something in the place of every FILL, then `audit rules check`\n",
    )
    unfilled = audit("rules", "check", folder)
    assert unfilled.code == RULEBOOK
    assert unfilled.out.count(" R070 ") == len(HEAD) + len(FILLED[kind])
    fill(path, *HEAD, *FILLED[kind])
    assert audit("rules", "check", folder).code == DONE
    path.write_text(path.read_text("utf-8").replace("status: draft", "status: live"), "utf-8")
    rulebook, problems = load_rulebook(folder)
    assert rulebook is not None, problems
    made = rulebook.by_id["ZZ-01"]
    assert (made.title, made.measure.kind) == (TITLE, kind)
    ended = audit("rules", "test", path)
    assert (ended.code, ended.err) == (DONE, "")
    assert ended.out == f"{len(made.examples)} examples of 1 standard, 0 failed.\n"
    assert len(made.examples) >= 3


def test_what_is_still_to_be_filled_in_is_told_with_its_comment(audit: Audit, folder: Path) -> None:
    """`check` lists each place that says FILL, with line, column and what belongs there."""
    new(audit, folder, "CP-90", "--title", TITLE)
    path = folder / "child_protection" / "what-is-asked-is-done.yaml"
    told = audit("rules", "check", folder).out
    assert f"{path}:10:7: R070 `area` is still to be filled in\n" in told
    assert f"{path}:12:11: R070 `severity` is still to be filled in\n" in told
    assert "= help: critical, major or minor: how much a miss weighs\n" in told
    assert "R070 `at_most` is still to be filled in\n" in told
    assert "= help: a whole number: the longest time that is still met\n" in told
    assert path.read_text("utf-8").startswith(
        "# yaml-language-server: $schema=../schemas/standard.schema.json\n"
    )


def test_stage_and_domain_are_those_of_its_like(audit: Audit, folder: Path) -> None:
    """Standards of the same letters that agree lend their stage and domain; else it is asked."""
    assert new(audit, folder, "RC-77")[0] == DONE
    path = folder / "recording" / "rc-77.yaml"
    text = path.read_text("utf-8")
    assert "\ndomain: recording  # " in text
    assert "\ntitle: FILL  # what good practice is\n" in text
    path.unlink()
    code, said = new(audit, folder, "ZZ-01")
    assert code == USAGE
    assert said.startswith("--stage: U041 no stage is given\n  help: give one of `front_door`, ")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            ("cp5", "--stage", "recording"),
            "cp5: U040 `cp5` is not an identifier\n  help: write `CP-05`; an id is two or more "
            "capitals, a hyphen and two or more digits, such as `CP-05`\n",
        ),
        (
            ("ZZ-01", "--stage", "recordings"),
            "--stage: U041 `recordings` is not a stage of the rulebook\n  help: did you mean "
            "`recording`?\n",
        ),
        (
            ("ZZ-01", "--stage", "recording", "--domain", "visit"),
            "--domain: U041 `visit` is not a domain of the rulebook\n  help: did you mean "
            "`visits`?\n",
        ),
    ],
)
def test_a_wish_that_cannot_be_is_told(
    audit: Audit, folder: Path, asked: tuple[str, ...], said: str
) -> None:
    """An id that is none, and a stage or domain that is not there, are told with the nearest."""
    before = sorted(folder.rglob("*"))
    assert new(audit, folder, *asked) == (USAGE, said)
    assert sorted(folder.rglob("*")) == before


def test_an_id_that_is_taken_is_told_with_the_next(audit: Audit, folder: Path) -> None:
    """A standard that is there stays as it is; the next free id is named."""
    code, said = new(audit, folder, "PL-01", "--title", TITLE)
    rulebook, _ = load_rulebook(folder)
    assert rulebook is not None
    last = max(id_ for id_ in rulebook.by_id if id_.startswith("PL-"))
    assert code == USAGE
    assert said == (
        f"PL-01: U040 `PL-01` is taken: it stands in {folder}/planning/actions-owned-and-dated.yaml"
        f"\n  help: the next that is free is `PL-{int(last[3:]) + 1:02}`\n"
    )


def test_a_file_is_never_written_over(audit: Audit, folder: Path) -> None:
    """Whatever stands where the new file would go is left alone."""
    stands = folder / "recording" / "visits-recorded.yaml"
    before = stands.read_text("utf-8")
    code, said = new(audit, folder, "ZZ-01", "--stage", "recording", "--title", "Visits recorded")
    assert code == USAGE
    assert "U042 `recording/visits-recorded.yaml` is there already, with `RC-01`" in said
    assert stands.read_text("utf-8") == before


def test_a_title_is_text_whatever_it_holds(audit: Audit, folder: Path) -> None:
    """A colon, a quote or a hash in the title does not break the file."""
    title = 'Visits: "often" # enough \\ always'
    assert new(audit, folder, "ZZ-01", "--stage", "recording", "--title", title)[0] == DONE
    path = folder / "recording" / "visits-often-enough-always.yaml"
    text = path.read_text("utf-8").replace("domain: FILL", "domain: visits")
    path.write_text(text, "utf-8")
    fill(path, *HEAD, *FILLED["within"])
    rulebook, problems = load_rulebook(folder)
    assert rulebook is not None, problems
    assert rulebook.by_id["ZZ-01"].title == title
    assert run_examples(rulebook)[0] == ()


def test_rules_that_are_not_here_are_not_edited(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder of rules here, nothing is written into the installed ones."""
    monkeypatch.chdir(tmp_path)
    ended = audit("rules", "new", "ZZ-01", "--stage", "recording")
    assert (ended.code, ended.err) == (
        USAGE,
        "rules new: U043 there is no folder `rules` here\n"
        "  help: go to the folder that holds your rules, or name them with --rules\n",
    )
    assert not (RULES / "recording" / "zz-01.yaml").exists()
