"""The corpus of mistakes: one broken file each, and word for word what is said of it.

`bad/KIND/NAME.yaml` takes the place of a file of the small rulebook; `NAME.txt` beside it is all
that `audit rules check` prints then. `AUDIT_WRITE_GOLDEN=1` writes those texts: read them as a
quality assurance lead would before you commit them.
"""

import os
import shutil
from pathlib import Path

import pytest

from engine.cli.rules_check import CheckAsked, check_once
from engine.errors import Exit
from engine.rulebook.check import CODES as STANDARD_CODES
from engine.rulebook.lints import CODES as LINT_CODES
from engine.rulebook.scalars import parse_day
from engine.rulebook.source import YAML_CODES
from engine.rulebook.validate import MODEL_CODES
from tests.unit.goldens import FLAG

HERE = Path(__file__).parent
BAD, SMALL = HERE / "bad", HERE / "small"
AS_OF = parse_day("2026-12-01")
# Where a broken file of each kind goes.
HOME = {
    "standard": "child_protection/visits.yaml",
    "fields": "fields.yaml",
    "rulebook": "rulebook.yaml",
    "judgement": "judgement.yaml",
    "calendar": "calendars/england.yaml",
}
FILES = sorted(BAD.glob("*/*.yaml"))
# Told where they are tested: they need a file too many or too few, a file too large to keep here,
# a second standard, or an older parser.
ELSEWHERE = {"R010", "R011", "R012", "R028", "R055", "Y009", "R024"}


def printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, Exit]:
    """Return what is printed of a folder of rules, and the exit code."""
    code = check_once(CheckAsked((folder,), (), "full", AS_OF, watch=False))
    return capsys.readouterr().out.replace(f"{folder.as_posix()}/", "rules/").replace(
        folder.as_posix(), "rules"
    ), code


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_mistake_is_told_word_for_word(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A broken file gives exactly the text beside it, and exit code 3 unless it only warns."""
    folder = tmp_path / "rules"
    shutil.copytree(SMALL, folder)
    (folder / HOME[path.parent.name]).write_bytes(path.read_bytes())
    said, code = printed(folder, capsys)
    expected = path.with_suffix(".txt")
    if os.environ.get(FLAG):
        expected.write_text(said, "utf-8", newline="\n")
    assert said == expected.read_text("utf-8")
    assert "nothing wrong" not in said
    assert code == (Exit.DONE if path.stem.startswith("lint-") else Exit.RULEBOOK)


def test_the_small_rulebook_is_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is broken one file at a time is whole to begin with, so each text is of its mistake."""
    shutil.copytree(SMALL, tmp_path / "rules")
    said = "1 live standard in rules: nothing wrong.\n"
    assert printed(tmp_path / "rules", capsys) == (said, Exit.DONE)


def test_no_mistake_is_without_its_text_and_no_text_without_its_mistake() -> None:
    """The corpus holds at least sixty mistakes, each a file with a text beside it."""
    assert len(FILES) >= 60
    assert sorted(BAD.glob("*/*.txt")) == [path.with_suffix(".txt") for path in FILES]


def test_every_code_is_shown_by_a_mistake() -> None:
    """Each code of YAML, of shape, of standards and of lints stands in some text."""
    said = "".join(path.with_suffix(".txt").read_text("utf-8") for path in FILES)
    codes = {*YAML_CODES, *MODEL_CODES, *STANDARD_CODES, *LINT_CODES}
    assert sorted(code for code in codes - ELSEWHERE if f": {code} " not in said) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_text_talks_like_a_program(path: Path) -> None:
    """No word of Python, of its libraries or of their types reaches the reader."""
    said = path.with_suffix(".txt").read_text("utf-8").split("\n")
    words = " ".join(line for line in said if " | " not in line)
    talk = ("Traceback", "None", "dict", "str ", "pydantic", "nput should", "regex", "literal")
    assert [word for word in talk if word in words] == []
