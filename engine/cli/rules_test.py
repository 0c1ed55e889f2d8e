"""`audit rules test`: run the examples that stand in each rule file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.cli.common import Given, open_rulebook, say, show
from engine.cli.documents import put
from engine.cli.rule_paths import around, sorted_out
from engine.errors import Exit, Location, Problem, Stop
from engine.rulebook.book import Rulebook
from engine.rulebook.folder import OVERLAY
from engine.rulebook.standard import Standard

CODES = {
    "U020": "a file or folder of rules is not there, or is in no rulebook",
    "U021": "the files that are to be tested are of several rulebooks",
    "U022": "a file or folder that is to be tested holds no standard",
}


@dataclass(frozen=True)
class Asked:
    """What the user asked of `audit rules test`."""

    paths: tuple[Path, ...]
    rules: tuple[Path, ...]
    output_format: str
    out: Path | None


def run_rules_test(asked: Asked) -> Exit:
    """Run the examples of a rulebook, or of the files given; return the exit code."""
    from engine.authoring.examples import ran_examples
    from engine.authoring.told import as_json, closing, failures, junit
    from engine.reports.books import overlaid

    rulebook = open_rulebook(_books(asked))
    ran = ran_examples(rulebook, _chosen(rulebook, sorted_out(asked.paths, ())[1]))
    failed = not all(one.passed for one in ran)
    told = (*failures(rulebook, ran), f"{closing(ran)} {overlaid(rulebook)}".rstrip())
    if asked.output_format == "full" and asked.out is None:
        _say(told[:-1])
        show(told[-1:])
        return Exit.FAILED if failed else Exit.DONE
    drawn = {"junit": junit, "json": as_json}.get(asked.output_format)
    put(drawn(rulebook, ran).splitlines() if drawn else told, asked.out)
    _say(told)
    return Exit.FAILED if failed else Exit.DONE


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


def _books(asked: Asked) -> Given:
    """Return the folders of the rulebook that all paths are of: those given, or the one around."""
    given, parts = sorted_out(asked.paths, asked.rules)
    if given or not parts:
        return given
    books = {_book_of(path): path for path in parts}
    if len(books) > 1:
        said = "the paths are of several rulebooks: " + ", ".join(f"`{b}`" for b in books)
        help_ = "test one rulebook at a time"
        raise Stop(Exit.USAGE, (Problem(Location("rules test"), "U021", said, help_),))
    return next(iter(books))


def _book_of(path: Path) -> Path:
    """Return the folder of the rulebook that a path is in, as short as it can be written."""
    if path.exists() and (book := around(path)):
        return book
    if path.is_dir():
        return path  # so that what a rulebook needs is told
    said = f"`{path}` is in no rulebook" if path.exists() else "there is no such file or folder"
    help_ = "give a rule file, or a folder of rules; a rulebook is a folder with rulebook.yaml"
    raise Stop(Exit.USAGE, (Problem(Location(str(path)), "U020", said, help_),))


def _changed_by(rulebook: Rulebook, here: Path) -> set[str]:
    """Return the standards that the overlay of this file changes; none if it is no overlay's."""
    layers = {Path(layer.folder, OVERLAY).resolve(): layer.id for layer in rulebook.layers[1:]}
    changed = {edit.target for edit in rulebook.edits if edit.layer == layers.get(here)}
    return changed & set(rulebook.by_id)


def _chosen(rulebook: Rulebook, paths: Sequence[Path]) -> tuple[Standard, ...]:
    """Return the standards that stand in the files and folders given; all where none is."""
    if not paths:
        return rulebook.standards
    files = {
        standard.id: Path(rulebook.file_of(standard)).resolve() for standard in rulebook.standards
    }
    chosen: set[str] = set()
    for path in paths:
        here = path.resolve()
        held = {id_ for id_, file in files.items() if file == here or here in file.parents}
        held |= _changed_by(rulebook, here)
        if not held:
            said = "no standard stands here"
            help_ = "give the file of a standard, a folder of them, or a rulebook"
            raise Stop(Exit.USAGE, (Problem(Location(str(path)), "U022", said, help_),))
        chosen |= held
    return tuple(s for s in rulebook.standards if s.id in chosen)
