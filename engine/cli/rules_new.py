"""`audit rules new`: write a new standard as a file to be filled in."""

from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import Given, open_rulebook, say
from engine.errors import Exit, Location, Problem, Stop, reason
from engine.rulebook.folder import BOOK

if TYPE_CHECKING:
    from engine.authoring.new import Wish

CODES = {"U043": "there is no rulebook here that could be edited"}


def run_rules_new(wish: "Wish", rules: Given) -> Exit:
    """Write the file of a new standard, and never over another; return the exit code."""
    from engine.authoring.new import draft_of

    given = (rules,) if isinstance(rules, Path) else tuple(rules or (Path("rules"),))
    folder = given[-1]
    if not rules and not (folder / BOOK).is_file():
        said = "there is no folder `rules` here"
        help_ = "go to the folder that holds your rules, or name them with --rules"
        raise Stop(Exit.USAGE, (Problem(Location("rules new"), "U043", said, help_),))
    draft, problems = draft_of(wish, open_rulebook(given))
    if draft is None:
        raise Stop(Exit.USAGE, tuple(sorted(problems)))
    path = folder / draft.name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(draft.text)
    except FileExistsError:
        said = "this file is there already"
        problem = Problem(Location(str(path)), "U042", said, "give another title")
        raise Stop(Exit.USAGE, (problem,)) from None
    except OSError as error:
        said = f"it cannot be written here ({reason(error)})"
        raise Stop(Exit.USAGE, (Problem(Location(str(path)), "U002", said),)) from None
    named = "".join(f" --rules {one}" for one in given) if len(given) > 1 else ""
    say(
        f"written to {path}; put something in the place of every FILL, "
        f"then `audit rules check{named}`"
    )
    return Exit.DONE
