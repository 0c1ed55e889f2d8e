"""Overlays for the tests: a copy of a small book, and folders laid over it."""

import shutil
from pathlib import Path

from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from tests.rules.rulebooks import PLAIN, RULES

KEPT = (
    "child_protection/visits.yaml",
    "child_protection/initial-conference.yaml",
    "children_in_care/visits.yaml",
    "recording/visits-recorded.yaml",
)
HEAD = """\
id: {id}
title: Ours
version: "1"
over: {over}
decided: 2026-10-01
"""


def book(tmp_path: Path) -> Path:
    """Return a copy of the shipped book with four standards: CP-05 (plain), CP-01, CC-01, RC-01."""
    folder = tmp_path / "rules"
    names = ("rulebook.yaml", "fields.yaml", "judgement.yaml", "calendars/england.yaml", *KEPT)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(RULES / name, folder / name)
    shutil.copytree(PLAIN, folder, dirs_exist_ok=True)
    return folder


def overlay(
    tmp_path: Path, body: str = "", name: str = "ours", over: str = "practice_audit_england"
) -> Path:
    """Return the folder of an overlay: its head is on lines 1 to 5, `body` from line 6 on."""
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    text = HEAD.format(id=name, over=over) + body
    (folder / "overlay.yaml").write_text(text, "utf-8")
    return folder


def said_of(tmp_path: Path, *folders: Path) -> str:
    """Return what is wrong with a stack of books as it is printed, places told from the folder."""
    rulebook, problems = load_rulebook(*folders)
    assert (rulebook is None) == bool(problems)
    return "\n".join(map(str, problems)).replace(f"{tmp_path.as_posix()}/", "")


def loaded(*folders: Path) -> Rulebook:
    """Return a stack of books that has nothing wrong with it."""
    rulebook, problems = load_rulebook(*folders)
    assert rulebook is not None, "\n".join(map(str, problems))
    return rulebook
