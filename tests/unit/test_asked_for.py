"""A command that is built alone says and does what it does among all others."""

import pytest
import typer.main
from typer import Typer

from engine.cli.app import app
from engine.cli.asked_for import asked_for

NAMES = sorted(typer.main.get_group(app).commands)


def commands(of: Typer) -> list[str]:
    return sorted(typer.main.get_group(of).commands)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_found_by_the_name_that_users_type(name: str) -> None:
    assert commands(asked_for(app, [name, "--help"])) == [name]


@pytest.mark.parametrize("words", [[], ["--help"], ["scor"], ["import-batch"], ["-V", "score"]])
def test_what_names_no_command_is_answered_by_all(words: list[str]) -> None:
    assert asked_for(app, words) is app


def test_the_commands_themselves_stay_as_they_are() -> None:
    asked_for(app, ["score"])
    assert commands(app) == NAMES
