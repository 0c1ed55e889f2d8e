"""What several commands do: find and open a rulebook, print problems, know today."""

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from engine.cli.streams import drop, refused, told
from engine.errors import Exit, Location, Problem, Stop
from engine.rulebook.book import Rulebook
from engine.rulebook.folder import BOOK, OVERLAY
from engine.rulebook.load import load_rulebook, load_to_score
from engine.rulebook.source import read_source

PACKAGE = Path(__file__).resolve().parent.parent
Given = Path | Sequence[Path] | None
"""Folders of rules as a user gave them: none, one, or a book and the overlays over it."""


def rules_folder(given: Path | None) -> Path:
    """Return the folder of rules: the one given, ./rules if it is a rulebook, else the packaged."""
    return given if given is not None else _default_folders()[0]


def rules_folders(given: Given) -> tuple[Path, ...]:
    """Return the folders of a book and of the overlays over it, from the bottom up.

    Where only overlays are given, the default book lies beneath if the lowest is over it.
    """
    folders = (given,) if isinstance(given, Path) else tuple(given or ())
    if not folders:
        return (rules_folder(None),)
    if any((folder / BOOK).is_file() for folder in folders) or not folders[0].is_dir():
        return folders
    over = _written(folders[0] / OVERLAY, "over")
    beneath = next((one for one in _default_folders() if _written(one / BOOK, "id") == over), None)
    if beneath is None or not over:
        return folders
    say(f"{folders[0]} is an overlay over `{over}`: {_shown(beneath)} lies beneath it")
    return (beneath, *folders)


def open_rulebook(given: Given, *, examples: bool = True) -> Rulebook:
    """Return a checked rulebook, with the overlays over it and the examples of its standards.

    Raises:
        Stop: the rulebook has errors, with all of them.
    """
    folder, *overlays = rules_folders(given)
    if not folder.is_dir():
        raise Stop(Exit.RULEBOOK, (no_folder(folder),))
    load = load_rulebook if examples else load_to_score
    rulebook, problems = load(folder, *overlays)
    if rulebook is None:
        raise Stop(Exit.RULEBOOK, problems)
    return rulebook


def no_folder(path: Path) -> Problem:
    """Return what is wrong with a path that is to be a folder of rules and is none."""
    said, help_ = "there is no such folder", "give the folder that holds rulebook.yaml"
    if path.suffix in {".yaml", ".yml"}:
        said, help_ = "there is no such file", "check the path and the spelling"
    if path.exists():
        said = "this is a file, and in no rulebook"
        help_ = "give the folder that holds rulebook.yaml; a zip file has to be unpacked first"
    return Problem(Location(str(path)), "R010", said, help_)


def books(rulebook: Rulebook) -> str:
    """Return which books were read, from the bottom up, as a line for a person."""
    return " + ".join(f"{one.folder} ({one.title}, {one.version})" for one in rulebook.layers)


def _default_folders() -> tuple[Path, ...]:
    """Return where a rulebook is looked for that was not given: the first is taken."""
    here, packaged = Path("rules"), PACKAGE / "packaged" / "rules"
    # In a checkout the rulebook stands at the top, for editors; in the wheel inside the package.
    shipped = packaged if packaged.is_dir() else PACKAGE.parent / "rules"
    return (here, shipped) if (here / BOOK).is_file() else (shipped,)


def _written(path: Path, key: str) -> str:
    """Return a text at the top of a rule file, or an empty one; what is wrong is said later."""
    try:
        source, _ = read_source(path.read_bytes(), str(path))
    except OSError:
        return ""
    found = source.value_at((key,)) if source and source.has((key,)) else ""
    return found if isinstance(found, str) else ""


def _shown(folder: Path) -> str:
    return "the packaged rulebook" if PACKAGE in folder.parents else folder.as_posix()


def say(text: str) -> None:
    """Print a line about the run to standard error."""
    told(text)


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
    except OSError as error:
        drop(sys.stdout)
        problem = refused(error)
        if problem:  # else (`audit score … | head`) nothing is wrong
            raise Stop(Exit.USAGE, (problem,)) from None


def today() -> date:
    """Return today's date, on which a run is judged that names no other."""
    return date.today()  # noqa: DTZ011 - the day where the user is
