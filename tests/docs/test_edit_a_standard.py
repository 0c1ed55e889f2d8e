"""The page on editing a standard, followed word for word: each edit made, each command typed.

`AUDIT_WRITE_DOCS=1` writes what the commands answer into the page anew.
"""

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs.test_docs import FLAG, ROOT
from tests.unit.commands import Audit

PAGE = ROOT / "docs" / "how-to" / "edit-a-standard.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
# what changes with every edit of any rule: the hash of a book
HASHES = re.compile(r"\([0-9a-f]{12}\)")


class Step(NamedTuple):
    """A block of the page: what kind, of which file, and what it says."""

    kind: str
    file: str
    text: str


def steps(page: str) -> Iterator[Step]:
    return (Step(*(part or "" for part in found.groups())) for found in BLOCK.finditer(page))


def edit(path: Path, text: str) -> None:
    """Make the change that a diff shows; what is changed stands in the file just once."""
    lines = text.splitlines()
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
    new = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
    before = path.read_text("utf-8")
    # an edit may only add lines between two that stand there
    assert before.count(old) == 1, f"this stands {before.count(old)} times in {path}:\n{old}"
    path.write_text(before.replace(old, new), "utf-8")


def typed(audit: Audit, text: str) -> str:
    """Type the commands of a block; return the block with what they answer now."""
    shown = []
    for line in (line for line in text.splitlines() if line.startswith("$ ")):
        name, *words = shlex.split(line[2:])
        shown.append(line)
        if name == "cp":
            shutil.copytree(words[-2], words[-1])
        else:
            assert name == "audit"
            ended = audit(*words)
            shown += (ended.err + ended.out).splitlines()
    return "".join(f"{line}\n" for line in shown)


@pytest.fixture(name="audit")
def here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Audit:
    """Stand in a folder that holds the rules and the example audits."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    shutil.copytree(ROOT / "audits" / "examples", tmp_path / "audits" / "examples")
    monkeypatch.chdir(tmp_path)
    return Audit(monkeypatch, capsys)


def test_the_page_can_be_followed_word_for_word(audit: Audit, tmp_path: Path) -> None:
    """Each edit fits, each command answers as the page shows, and the last one writes a handbook."""
    page = now = PAGE.read_text("utf-8")
    for step in steps(page):
        match step.kind:
            case "diff":
                edit(Path(step.file), step.text)
            case "yaml":
                Path(step.file).write_text(step.text, "utf-8")
            case "console":
                old, new = (
                    f"```console\n{text}```\n" for text in (step.text, typed(audit, step.text))
                )
                if HASHES.sub("()", old) != HASHES.sub("()", new):
                    now = now.replace(old, new, 1)
            case _:
                pytest.fail(f"a block of {step.kind} is nothing that can be followed")
    if os.environ.get(FLAG):
        PAGE.write_text(now, "utf-8", newline="\n")
    assert PAGE.read_text("utf-8") == now, f"{FLAG}=1 writes it anew"
    assert (tmp_path / "handbook" / "index.html").is_file()


def test_the_page_does_what_it_says() -> None:
    """It shows a failure and its repair, an impact, what is to be filled in, and no mistake."""
    said = [step.text for step in steps(PAGE.read_text("utf-8")) if step.kind == "console"]
    assert [re.findall(r"(\d+) failed\.", text) for text in said if " test " in text] == [
        ["1"],
        ["0"],
        ["0"],
    ]
    assert ["moderated grade:" in text for text in said if " impact " in text] == [False, True]
    assert "Nothing changes: " in next(text for text in said if " impact " in text)
    assert any("R070" in text for text in said)
    assert not any("Traceback" in text for text in said)
