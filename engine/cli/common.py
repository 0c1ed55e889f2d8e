"""What several commands do: find and open a rulebook, print problems, know today."""

import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from engine.errors import Exit, Location, Problem, Stop
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook

PACKAGE = Path(__file__).resolve().parent.parent


def rules_folder(given: Path | None) -> Path:
    """Return the folder of rules: the one given, ./rules if it is a rulebook, else the packaged."""
    if given is not None:
        return given
    here = Path("rules")
    if (here / "rulebook.yaml").is_file():
        return here
    packaged = PACKAGE / "packaged" / "rules"
    # In a checkout the rulebook stands at the top, for editors; in the wheel inside the package.
    return packaged if packaged.is_dir() else PACKAGE.parent / "rules"


def open_rulebook(given: Path | None) -> Rulebook:
    """Return a checked rulebook.

    Raises:
        Stop: the rulebook has errors, with all of them.
    """
    folder = rules_folder(given)
    if not folder.is_dir():
        help_ = "give the folder that holds rulebook.yaml"
        problem = Problem(Location(str(folder)), "R010", "there is no such folder", help_)
        raise Stop(Exit.RULEBOOK, (problem,))
    rulebook, problems = load_rulebook(folder)
    if rulebook is None:
        raise Stop(Exit.RULEBOOK, problems)
    return rulebook


def say(text: str) -> None:
    """Print a line about the run to standard error."""
    sys.stderr.write(f"{text}\n")


def tell(problems: Iterable[Problem]) -> None:
    """Print problems to standard error."""
    for problem in problems:
        say(str(problem))


def show(lines: Iterable[str]) -> None:
    """Print results to standard output."""
    try:
        for line in lines:
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone (`audit score … | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def today() -> date:
    """Return today's date, on which a run is judged that names no other."""
    return date.today()  # noqa: DTZ011 - the day where the user is
