"""The promises of the documentation: what it says can be typed can be, and nothing is left out."""

import os
import re
import shlex
from pathlib import Path

import pytest

from engine.cli.advice import ADVICE
from engine.cli.codes import ALL_CODES
from tests.docs.pages import FAMILIES, REFERENCE, cli_page, commands, options, problems_page

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
FLAG = "AUDIT_WRITE_DOCS"
TASKS = ("test", "lint", "check", "bench")


def is_up_to_date(name: str, text: str) -> bool:
    """Say whether a page is as the program makes it; with the flag set, make it so."""
    path = REFERENCE / name
    if os.environ.get(FLAG):
        path.write_text(text, "utf-8", newline="\n")
    return path.exists() and path.read_text("utf-8") == text


def typed(text: str) -> list[list[str]]:
    """Return the words of each command line in the code blocks of a page."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line)[2:] for line in lines if line.startswith("python3 run.py ")]


def command_of(words: list[str]) -> str | None:
    """Return which command of `audit` some words begin with."""
    known = sorted(commands(), key=len, reverse=True)
    said = " ".join(("audit", *words)) + " "
    return next((name for name in known if name != "audit" and said.startswith(f"{name} ")), None)


def test_the_readme_has_command_lines() -> None:
    """The README says how to score and how to test, on lines that can be copied."""
    assert [words[0] for words in typed(README)][:2] == ["score", "test"]


@pytest.mark.parametrize("words", typed(README), ids=" ".join)
def test_a_command_line_of_the_readme_can_be_typed(words: list[str]) -> None:
    """Each command line in the README is a command that exists, with options that it has."""
    if words[0] in TASKS:
        return
    name = command_of(words)
    assert name is not None, words
    known = options(commands()[name])
    assert [word for word in words if word.startswith("--") and word not in known] == []


@pytest.mark.parametrize("mentioned", sorted(set(re.findall(r"`audit ([a-z ]+)`", README))))
def test_a_command_that_the_readme_mentions_exists(mentioned: str) -> None:
    """A command named in passing is one that there is."""
    assert command_of(mentioned.split())


def test_the_exit_codes_of_the_readme_are_those_of_the_reference() -> None:
    """Each exit code in the README stands in the reference, and the other way round."""
    said = re.search(r"## Exit codes\n\n(.*?)\n\n", README, re.DOTALL)
    assert said is not None
    listed = re.findall(r"^\| (\d) \|", cli_page(), re.MULTILINE)
    assert re.findall(r"`(\d+)`", said[1]) == listed


def test_every_command_and_option_is_in_the_reference() -> None:
    """docs/reference/cli.md is as the program makes it, with every command and option."""
    page = cli_page()
    for name, command in commands().items():
        assert f"## {name}\n" in page
        for option in options(command):
            assert f"`{option}`" in page or option == "--help"
    assert is_up_to_date("cli.md", page), f"{FLAG}=1 writes it anew"


def test_every_problem_is_in_the_reference() -> None:
    """docs/reference/problems.md is as the program makes it, with every code and no other."""
    page = problems_page()
    assert re.findall(r"^### (\w+)$", page, re.MULTILINE) == list(ALL_CODES)
    assert is_up_to_date("problems.md", page), f"{FLAG}=1 writes it anew"


def test_every_code_has_advice() -> None:
    """What to do is said for every code, and for none that is no longer there."""
    assert set(ADVICE) == set(ALL_CODES)
    assert {code[0] for code in ALL_CODES} == set(FAMILIES)
    assert all(text.endswith(".") for text in ADVICE.values())


PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_links_only_to_what_is_there(page: Path) -> None:
    """Every link of a page to a place in this repository leads somewhere."""
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
