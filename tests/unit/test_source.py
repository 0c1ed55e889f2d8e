"""Promises about the source itself, which no other tool checks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 400

FOLDERS = ("engine", "tests", "benchmarks", "rules", "audits", "docs", ".ci")
MADE_OR_PRIVATE = {"__pycache__", "local"}
SUFFIXES = (
    *(".csv", ".html", ".j2", ".json", ".jsonl", ".md", ".py", ".sql", ".toml", ".txt", ".yaml"),
    ".yml",
)
# files that are wrong on purpose, some of them no text at all
BROKEN = ROOT / "tests" / "rules" / "bad"
NAMES = ("LICENSE", ".gitignore", "run")

# written so that neither finds itself
LEFT_OPEN = re.compile(r"\b(?:TO[D]O|FIX[M]E)\b")
MERGE_MARK = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|tmp/bash_jobs)[/.]")


def _files() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file())
    for folder in FOLDERS:
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file())


def _text_files() -> list[Path]:
    return sorted(
        path
        for path in _files()
        if path.suffix in SUFFIXES or path.name in NAMES
        if not MADE_OR_PRIVATE & set(path.relative_to(ROOT).parts)
        if BROKEN not in path.parents
    )


def _places(pattern: re.Pattern[str]) -> list[str]:
    """Return every line that matches, as `file:line: text`."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in _text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_python_file_is_longer_than_a_person_reads_at_once() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in _text_files()
        if path.suffix == ".py"
    }
    assert lengths["run.py"], "the walk over the source has lost its way"
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_nothing_is_left_open_in_a_comment() -> None:
    assert _places(LEFT_OPEN) == []


def test_no_merge_left_its_marks() -> None:
    assert _places(MERGE_MARK) == []


def test_no_file_names_a_place_on_the_machine_it_was_written_on() -> None:
    assert _places(MACHINE_PATH) == []


@pytest.mark.parametrize(
    ("before", "found"),
    [("", True), ("open('", True), ("https://example.org", False), ("the network", False)],
)
def test_a_path_of_a_machine_is_told_from_an_address(before: str, *, found: bool) -> None:
    assert bool(MACHINE_PATH.search(before + "\u002fwork/main/run.py")) is found


def test_every_module_of_the_engine_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in _text_files()
        if path.is_relative_to(ROOT / "engine") and path.suffix == ".py"
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
