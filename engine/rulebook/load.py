"""Read a folder of rules into a checked Rulebook, or into every problem that it has.

A folder comes in; a Rulebook or Problems go out. This is the only module of the rulebook that
touches files.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from engine.errors import Location, Problem
from engine.rulebook.book import Book, Rulebook
from engine.rulebook.calendar import read_calendar
from engine.rulebook.check import Parts, check_book, check_stage, check_standards
from engine.rulebook.fields import Fields
from engine.rulebook.judgement import Judgement
from engine.rulebook.judgement_check import check_judgement
from engine.rulebook.model import Strict
from engine.rulebook.promises import Promises, check_promises
from engine.rulebook.source import Source, read_source
from engine.rulebook.standard import Standard
from engine.rulebook.validate import validate
from engine.workdays import Calendar

M = TypeVar("M", bound=Strict)
_WHOLE = "a rulebook is a folder with rulebook.yaml, fields.yaml and judgement.yaml"
CODES = {
    "R010": "a file of the rulebook is missing or cannot be read",
    "R011": "a folder of standards is not a stage of the rulebook",
}


@dataclass(frozen=True)
class Loaded:
    """What was read of a folder of rules, however much of it is right.

    `rulebook` is None where there are problems; `parts` are the standards that could be read.
    """

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]
    book: Book | None = None
    fields: Fields | None = None
    parts: Parts = ()


def load_rulebook(folder: Path) -> tuple[Rulebook | None, tuple[Problem, ...]]:
    """Read every file of a rulebook; problems of all files come back together, sorted."""
    loaded = read_folder(folder)
    return loaded.rulebook, loaded.problems


def read_folder(folder: Path) -> Loaded:
    """Read every file of a rulebook, and keep what could be read where not all is right."""
    loading = _Loading(folder)
    book = loading.model("rulebook.yaml", Book)
    fields = loading.model("fields.yaml", Fields)
    judgement = loading.model("judgement.yaml", Judgement)
    calendar = loading.calendar(book) if book else None
    standards = loading.standards(book)
    promises = loading.model("promises.yaml", Promises) if loading.has("promises.yaml") else None
    if book and judgement:
        loading.judgement(judgement, book)
    if book and promises:
        loading.promises(promises, book)
    if book:
        loading.problems += check_book(book, loading.sources["rulebook.yaml"])
    parts = tuple((standard, loading.sources[file]) for standard, file in standards)
    if book and fields:
        loading.problems += check_standards(parts, book, fields)
    if loading.problems or not (book and fields and judgement and calendar):
        return Loaded(None, tuple(sorted(set(loading.problems))), book, fields, parts)
    ordered = tuple(sorted((s for s, _ in standards), key=lambda s: s.id))
    files = {s.id: file for s, file in standards}
    rulebook = Rulebook(
        book, fields, calendar, ordered, judgement, files, loading.hash(), folder.as_posix()
    )
    rulebook = replace(rulebook, promises=promises.promises if promises else ())
    return Loaded(rulebook, (), book, fields, parts)


class _Loading:
    """The state of reading one folder: what was read, and what is wrong with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.sources: dict[str, Source] = {}
        self.contents: dict[str, bytes] = {}

    def data(self, name: str, help_: str = _WHOLE) -> bytes | None:
        """Return the bytes of a file, or note that it cannot be read."""
        try:
            self.contents[name] = (self.folder / name).read_bytes()
        except OSError as error:
            place = Location(self._shown(name))
            why = (
                "there is no such file"
                if isinstance(error, FileNotFoundError)
                else (f"the file cannot be read ({(error.strerror or 'no reason given').lower()})")
            )
            self.problems.append(Problem(place, "R010", why, help_))
            return None
        return self.contents[name]

    def model(self, name: str, model: type[M]) -> M | None:
        """Return a file as a model, or note what is wrong with it."""
        data = self.data(name)
        if data is None:
            return None
        source, problems = read_source(data, self._shown(name))
        self.problems += problems
        if source is None:
            return None
        self.sources[name] = source
        read, problems = validate(model, source)
        self.problems += problems
        return read

    def calendar(self, book: Book) -> Calendar | None:
        """Return the calendar that the book names."""
        name = f"calendars/{book.calendar}.yaml"
        data = self.data(name, f"rulebook.yaml names the calendar `{book.calendar}`")
        if data is None:
            return None
        calendar, problems = read_calendar(data, self._shown(name))
        self.problems += problems
        return calendar

    def standards(self, book: Book | None) -> tuple[tuple[Standard, str], ...]:
        """Return every standard with the file that it stands in."""
        stages = tuple(stage.id for stage in book.stages) if book else None
        read = []
        for name in self._standard_files():
            if stages is not None:
                self.problems += check_stage(Path(name).parent.name, self._shown(name), stages)
            standard = self.model(name, Standard)
            if standard is not None:
                read.append((standard, name))
        return tuple(read)

    def judgement(self, judgement: Judgement, book: Book) -> None:
        """Note what is wrong with the rules of judgement."""
        grades, domains = [g.id for g in book.grades], [d.id for d in book.domains]
        source = self.sources["judgement.yaml"]
        for mistake in check_judgement(judgement, grades, domains):
            place = source.at(mistake.path)
            self.problems.append(Problem(place, mistake.code, mistake.message, mistake.help))

    def promises(self, promises: Promises, book: Book) -> None:
        """Note what is wrong with the promises."""
        grades, domains = [g.id for g in book.grades], [d.id for d in book.domains]
        source = self.sources["promises.yaml"]
        for mistake in check_promises(promises, grades, domains):
            place = source.at(mistake.path)
            self.problems.append(Problem(place, mistake.code, mistake.message, mistake.help))

    def has(self, name: str) -> bool:
        """Say whether there is a file that a rulebook may do without."""
        return (self.folder / name).exists()

    def hash(self) -> str:
        """Return the SHA-256 of all files read, by name."""
        digest = hashlib.sha256()
        for name, data in sorted(self.contents.items()):
            digest.update(f"{name}\0{len(data)}\0".encode(errors="surrogateescape"))
            digest.update(data)
        return digest.hexdigest()

    def _standard_files(self) -> Iterator[str]:
        for path in sorted(self.folder.glob("*/*")):
            named = path.suffix in (".yaml", ".yml") and not path.name.startswith(".")
            if named and path.parent.name not in ("calendars", "schemas"):
                yield path.relative_to(self.folder).as_posix()

    def _shown(self, name: str) -> str:
        return (self.folder / name).as_posix()


__all__ = ["CODES", "Loaded", "Parts", "load_rulebook", "read_folder"]
