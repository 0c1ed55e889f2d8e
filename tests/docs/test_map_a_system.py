"""The page on mapping a system, followed word for word.

`AUDIT_WRITE_DOCS=1` writes what the commands answer, and the mapping that is shipped, anew.
"""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.docs.test_docs import FLAG, ROOT
from tests.docs.test_edit_a_standard import BLOCK, steps, typed
from tests.unit.commands import Audit

PAGE = ROOT / "docs" / "how-to" / "map-a-system.md"
MAPPING = ROOT / "audits" / "mappings" / "example-casework.yaml"


@pytest.fixture(name="audit")
def here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Audit:
    """Stand in a folder that holds the rules and the example's files."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    shutil.copytree(ROOT / "audits" / "examples-mapping", tmp_path / "audits/examples-mapping")
    monkeypatch.chdir(tmp_path)
    return Audit(monkeypatch, capsys)


def test_the_page_can_be_followed_word_for_word(audit: Audit) -> None:
    """Each command answers as the page shows, and the mapping shown is the one that is shipped."""
    page = now = PAGE.read_text("utf-8")
    for step in steps(page):
        if step.kind == "yaml":
            text = MAPPING.read_text("utf-8")
            Path(step.file).write_text(text, "utf-8")
        else:
            text = typed(audit, step.text)
        opening = f"```{step.kind} {step.file}".rstrip()
        now = now.replace(f"{opening}\n{step.text}```\n", f"{opening}\n{text}```\n", 1)
    if os.environ.get(FLAG):
        PAGE.write_text(now, "utf-8", newline="\n")
    assert PAGE.read_text("utf-8") == now, f"{FLAG}=1 writes it anew"


def test_the_page_does_what_it_says() -> None:
    """It proposes, imports with one row put aside at its cell, and scores."""
    said = [found[3] for found in BLOCK.finditer(PAGE.read_text("utf-8"))]
    assert len(said) == 4
    assert "visits.visit_date" in said[0]
    assert re.search(r"Visits 2026-01\.csv:8:2: B302 `31-Nov-25", said[2])
    assert said[3].count("\nP10") == 4
