"""The promises of rules/outages.yaml: strict, checked at the line, and added to by overlays."""

import shutil
from pathlib import Path

import pytest

from engine.rulebook.load import load_rulebook

SMALL = Path(__file__).parent / "small"
DOWN = "  - {from: 2026-03-02, to: 2026-03-06, system: Case files}\n"
OVERLAY = """\
id: here
title: Here
version: "1"
over: {over}
decided: 2026-01-01
"""


def book(folder: Path, outages: str) -> Path:
    """Return a small rulebook with these outages."""
    shutil.copytree(SMALL, folder)
    (folder / "outages.yaml").write_text(f"outages:\n{outages}", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "  - {from: 2026-03-02, to: 2026-03-01, system: Case files}\n",
            "outages.yaml:2:28: R340 the outage ends on 2026-03-01, before it begins on 2026-03-02",
        ),
        (
            DOWN * 2,
            "outages.yaml:3:48: R341 the outage of `Case files` from 2026-03-02 is declared twice",
        ),
    ],
)
def test_a_wrong_outage_is_told_at_its_line(tmp_path: Path, written: str, said: str) -> None:
    """An outage that ends before it begins, or stands twice, is refused."""
    rulebook, problems = load_rulebook(book(tmp_path / "rules", written))
    assert rulebook is None
    assert [str(one).partition("rules/")[2].partition("\n")[0] for one in problems] == [said]


def test_an_overlay_adds_its_outages(tmp_path: Path) -> None:
    """The outages of a book and of the overlays over it hold together, and change the hash."""
    beneath = book(tmp_path / "rules", DOWN)
    whole, _ = load_rulebook(beneath)
    assert whole is not None
    over = tmp_path / "here"
    over.mkdir()
    (over / "overlay.yaml").write_text(OVERLAY.format(over=whole.book.id), "utf-8")
    (over / "outages.yaml").write_text(f"outages:\n{DOWN.replace('Case', 'Other')}", "utf-8")
    rulebook, problems = load_rulebook(beneath, over)
    assert problems == ()
    assert rulebook is not None
    assert [one.system for one in rulebook.outages] == ["Case files", "Other files"]
    plain, _ = load_rulebook(SMALL)
    assert plain is not None
    assert plain.outages == ()
    assert plain.hash != whole.hash
