"""The rules as they stood before an edit: in another folder, or at a revision of git."""

import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from engine.cli.common import open_rulebook
from engine.errors import Exit, Location, Problem, Stop
from engine.rulebook.book import Rulebook

CODES = {
    "U030": "the earlier rules are to be both a folder and a revision, or neither",
    "U031": "git is not installed, or does not answer",
    "U032": "the folder of rules is in no git repository",
    "U033": "there is no such revision in the repository",
    "U034": "the folder of rules is not in that revision",
}


@dataclass(frozen=True)
class Earlier:
    """Where the earlier rules stand: a folder, or a revision of the folder of rules in force."""

    against: Sequence[Path] | None
    revision: str | None

    def check(self) -> None:
        """See that just one is given.

        Raises:
            Stop: both are, or neither.
        """
        if bool(self.against) == (self.revision is not None):
            said = "give the earlier rules with either --against or --against-git"
            help_ = "--against FOLDER, or --against-git main for the rules on that branch"
            raise Stop(Exit.USAGE, (Problem(Location("rules impact"), "U030", said, help_),))


def earlier_rulebook(earlier: Earlier, folders: Sequence[Path]) -> Rulebook:
    """Return the rulebook as it stood before an edit of `folders`, from the bottom up.

    Raises:
        Stop: it cannot be found, or has errors.
    """
    if earlier.against:
        return open_rulebook(earlier.against)
    assert earlier.revision is not None  # noqa: S101 - `check` saw to it
    with ExitStack() as open_:
        shown = dict(
            _at(open_, folder, earlier.revision, alone=not folders[1:]) for folder in folders
        )
        try:
            rulebook = open_rulebook(tuple(map(Path, shown)))
        except Stop as stop:
            raise Stop(stop.exit_code, _renamed(stop.problems, shown)) from None
    named = tuple(replace(layer, folder=shown[layer.folder]) for layer in rulebook.layers)
    return replace(rulebook, folder=shown[rulebook.folder], layers=named)


def _at(open_: ExitStack, folder: Path, revision: str, *, alone: bool) -> tuple[str, str]:
    """Return where a folder of rules stands as it was at a revision, and how it is called.

    The packaged book, which lies under an overlay, is in no repository and stays as it is.
    """
    if not alone and _Repository(folder).ask("rev-parse", "--show-prefix") is None:
        return folder.as_posix(), folder.as_posix()
    place, name = open_.enter_context(_at_revision(folder, revision))
    return place.as_posix(), name


def _renamed(problems: tuple[Problem, ...], shown: Mapping[str, str]) -> tuple[Problem, ...]:
    """Tell places by the revision, not by the temporary folder."""

    def told(text: str) -> str:
        for old, new in shown.items():
            text = text.replace(old, new)
        return text

    return tuple(
        replace(
            problem,
            location=replace(problem.location, file=told(problem.location.file)),
            help=told(problem.help),
        )
        for problem in problems
    )


@contextmanager
def _at_revision(folder: Path, revision: str) -> Iterator[tuple[Path, str]]:
    """Give a copy of a folder as it stood at a revision, and how it is called."""
    repository = _Repository(folder)
    prefix = repository.ask("rev-parse", "--show-prefix")
    if prefix is None:
        said = "the folder of rules is in no git repository"
        help_ = "give the earlier rules as a folder with --against"
        raise _stop(str(folder), "U032", said, help_)
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = repository.ask(*asked)
    if not commit:
        help_ = "give a branch, a tag or the start of a commit, such as `main` or `HEAD~1`"
        raise _stop("--against-git", "U033", f"`{revision}` is no revision", help_)
    tree = f"{commit.strip()}:{prefix.strip()}"
    if repository.ask("cat-file", "-e", tree) is None:
        said = f"there are no such rules at `{revision}`"
        help_ = "name a later revision, or the folder as it was called then with --against"
        raise _stop(str(folder), "U034", said, help_)
    with tempfile.TemporaryDirectory(prefix="earlier-") as scratch:
        repository.unpack(tree, Path(scratch))
        yield Path(scratch) / "rules", f"{revision}:{prefix.strip().rstrip('/') or '.'}"


class _Repository:
    """What is asked of git about the repository that a folder is in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        found = shutil.which("git")
        if found is None:
            said = "git is not installed"
            raise _stop("--against-git", "U031", said, "give the earlier rules with --against")
        self.git = found

    def ask(self, *arguments: str) -> str | None:
        """Return what git answers; None where it refuses."""
        done = self._run(*arguments)
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None

    def unpack(self, tree: str, into: Path) -> None:
        """Write a tree of the repository into a folder `rules`."""
        packed = into / "rules.tar"
        # git archives nothing from inside a folder that it does not track
        top = (self.ask("rev-parse", "--show-toplevel") or "").strip()
        asked = ("archive", "--format=tar", "--prefix=rules/", f"--output={packed}", tree)
        done = self._run("-C", top, *asked)
        if done.returncode:
            said = f"git does not answer: {done.stderr.decode('utf-8', 'replace').strip().lower()}"
            raise _stop("--against-git", "U031", said, "give the earlier rules with --against")
        with tarfile.open(packed) as archive:
            archive.extractall(into, filter="data")

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(  # noqa: S603 - git, with words that are never options
            [self.git, "-C", str(self.folder), *arguments], capture_output=True, check=False
        )


def _stop(place: str, code: str, said: str, help_: str) -> Stop:
    return Stop(Exit.USAGE, (Problem(Location(place), code, said, help_),))
