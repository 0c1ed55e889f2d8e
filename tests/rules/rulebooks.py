"""Rulebooks for the tests: the shipped one, and copies of it with one thing changed."""

import shutil
from functools import cache
from pathlib import Path

from engine.errors import Problem
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook

RULES = Path(__file__).parents[2] / "rules"
# CP-05 without its choice: most faults are best shown in a standard with one measure
PLAIN = Path(__file__).parent / "plain"


@cache
def shipped() -> Rulebook:
    """Return the shipped rulebook."""
    rulebook, problems = load_rulebook(RULES)
    assert rulebook is not None, problems
    return rulebook


def copied(tmp_path: Path) -> Path:
    """Return a copy of the shipped rules, with a plainer CP-05, that a test may break."""
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder, ignore=shutil.ignore_patterns("schemas"))
    shutil.copytree(PLAIN, folder, dirs_exist_ok=True)
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Change one thing in a file of a copy; it must stand there exactly once."""
    path = folder / name
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), "utf-8")


def problems_of(folder: Path) -> tuple[Problem, ...]:
    """Return what is wrong with a copy."""
    rulebook, problems = load_rulebook(folder)
    assert (rulebook is None) == bool(problems)
    return problems


def said_of(folder: Path) -> list[str]:
    """Return what is wrong with a copy as it is printed, places told from the copy's folder."""
    return [str(problem).replace(f"{folder.as_posix()}/", "") for problem in problems_of(folder)]
