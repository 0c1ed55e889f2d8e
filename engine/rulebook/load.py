"""Read folders of rules into a checked Rulebook, or into every problem that they have.

The folder of a whole book comes in, with those of the overlays over it; a Rulebook or Problems
go out. Files are read in `folder.py`; overlays are laid over the book as trees (`merge.py`), and
only what came of that is read as models and checked: a book with overlays is a book.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from engine.errors import Problem
from engine.rulebook.book import Book, Layer, Rulebook
from engine.rulebook.calendar import read_calendar
from engine.rulebook.check import Parts, check_book, check_stage, check_standards
from engine.rulebook.fields import Fields
from engine.rulebook.folder import BOOK, OVERLAY, Folder
from engine.rulebook.folder import CODES as FILE_CODES
from engine.rulebook.judgement import Judgement
from engine.rulebook.judgement_check import check_judgement
from engine.rulebook.model import Strict
from engine.rulebook.outages import Outage, Outages, check_outages
from engine.rulebook.promises import Promises, check_promises
from engine.rulebook.shelf import Sheet, Shelf
from engine.rulebook.source import Source
from engine.rulebook.standard import Standard
from engine.rulebook.validate import validate
from engine.workdays import Calendar

if TYPE_CHECKING:
    from engine.rulebook.stack import Above

M = TypeVar("M", bound=Strict)
LACKS = "R027"  # examples
CODES = {**FILE_CODES, "R011": "a folder of standards is not a stage of the rulebook"}


@dataclass(frozen=True)
class Loaded:
    """What was read of a folder of rules and the overlays over it, however much of it is right.

    `rulebook` is None where there are problems; `parts` are the standards that could be read.
    """

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]
    book: Book | None = None
    fields: Fields | None = None
    parts: Parts = ()


def load_rulebook(folder: Path, *overlays: Path) -> tuple[Rulebook | None, tuple[Problem, ...]]:
    """Read a rulebook and the overlays over it, from the bottom up.

    Problems of all files come back together, sorted, and there is no rulebook then.
    """
    loaded = read_folder(folder, *overlays)
    return loaded.rulebook, loaded.problems


def load_to_score(folder: Path, *overlays: Path) -> tuple[Rulebook | None, tuple[Problem, ...]]:
    """Read a rulebook as `load_rulebook` does, without the examples of its standards.

    What is wrong with the examples alone is passed over. Wherever anything else is wrong, and with
    overlays that change examples, the examples are read after all.
    """
    if not any(map(_changes_examples, overlays)):
        loaded = read_folder(folder, *overlays, examples=False)
        if loaded.rulebook is not None:
            return loaded.rulebook, ()
    return load_rulebook(folder, *overlays)


def _changes_examples(overlay: Path) -> bool:
    """Say whether an overlay may change the examples of standards beneath it."""
    try:
        return b"examples" in (overlay / OVERLAY).read_bytes()
    except OSError:
        return True


def read_folder(folder: Path, *overlays: Path, examples: bool = True) -> Loaded:
    """Read a rulebook and its overlays, and keep what could be read where not all is right."""
    base, above = Folder(folder, examples=examples), tuple["Above", ...]()
    if overlays or not base.has(BOOK):
        from engine.rulebook.stack import stacked  # most books have no overlay

        above, problems = stacked(base, tuple(map(Folder, overlays)))
        if problems:
            return Loaded(None, tuple(sorted(set(problems))))
    shelf = Shelf.of(base)
    problems = _laid(base, shelf, above) if above else []
    if problems:
        return Loaded(None, tuple(sorted(set(problems))))
    return _Loading(base, shelf).loaded(above)


def _laid(base: Folder, shelf: Shelf, above: tuple["Above", ...]) -> list[Problem]:
    """Lay overlays over a book that can be read; each needs the one beneath to be whole."""
    from engine.rulebook.merge import lay

    if base.problems:
        return base.problems
    for one in above:
        if problems := lay(shelf, one):
            return problems
    return []


class _Loading:
    """The state of reading the trees of a book as models: what was read, and what is wrong."""

    def __init__(self, base: Folder, shelf: Shelf) -> None:
        self.base, self.shelf = base, shelf
        self.problems: list[Problem] = []

    def loaded(self, above: tuple["Above", ...]) -> Loaded:
        """Return the rulebook, or all its problems with what could be read."""
        shelf = self.shelf
        book = self.model(shelf.book, Book)
        fields = self.model(shelf.fields, Fields)
        judgement = self.model(shelf.judgement, Judgement)
        calendar = self.calendar(book) if book else None
        standards = self.standards(book)
        promises = self.model(shelf.promises, Promises)
        outages = self.outages()
        if book and judgement:
            self.judgement(judgement, book)
        unlisted = check_book(book, shelf.book) if book and shelf.book else []
        self.problems += unlisted
        # held against lists that are wrong themselves, every promise would be told to be wrong
        if book and promises and not unlisted:
            self.promises(promises, book)
        parts = tuple((standard, sheet.source) for standard, sheet in standards)
        if book and fields:
            found = check_standards(parts, book, fields)
            self.problems += found if self.base.examples else [p for p in found if p.code != LACKS]
        problems = tuple(sorted({*self.base.problems, *map(self.told, self.problems)}))
        if problems or not (book and fields and judgement and calendar):
            return Loaded(None, problems, book, fields, parts)
        layers = _layers(self.base, book, above)
        rulebook = Rulebook(
            book=book,
            fields=fields,
            calendar=calendar,
            standards=tuple(sorted((one for one, _ in standards), key=lambda one: one.id)),
            judgement=judgement,
            file_names={standard.id: sheet.name for standard, sheet in standards},
            hash=_hash(layers),
            folder=self.base.name,
            layers=layers,
            folders={standard.id: sheet.folder for standard, sheet in standards},
            sources={standard.id: sheet.source for standard, sheet in standards},
            edits=tuple(shelf.edits),
            promises=promises.promises if promises else (),
            judgement_source=shelf.judgement,
            outages=outages,
        )
        return Loaded(rulebook, (), book, fields, parts)

    def model(self, source: Source | None, model: type[M]) -> M | None:
        """Return a document as a model, or note what is wrong with it."""
        if source is None:
            return None
        read, problems = validate(model, source)
        self.problems += problems
        return read

    def calendar(self, book: Book) -> Calendar | None:
        """Return the calendar that the book names."""
        name = f"calendars/{book.calendar}.yaml"
        data = self.base.data(name, f"rulebook.yaml names the calendar `{book.calendar}`")
        if data is None:
            return None
        calendar, problems = read_calendar(data, self.base.shown(name))
        self.problems += problems
        return calendar

    def standards(self, book: Book | None) -> tuple[tuple[Standard, Sheet], ...]:
        """Return every standard with the file that it stands in."""
        stages = tuple(stage.id for stage in book.stages) if book else None
        read = []
        for sheet in self.shelf.sheets:
            if stages is not None:
                self.problems += check_stage(sheet.stage, sheet.source.file, stages)
            standard = self.model(sheet.source, Standard)
            if standard is not None:
                read.append((standard, sheet))
        return tuple(read)

    def judgement(self, judgement: Judgement, book: Book) -> None:
        """Note what is wrong with the rules of judgement."""
        grades, domains = [g.id for g in book.grades], [d.id for d in book.domains]
        source = self.shelf.judgement
        assert source is not None  # noqa: S101 - the rules were read from it
        for mistake in check_judgement(judgement, grades, domains):
            place = source.at(mistake.path)
            self.problems.append(Problem(place, mistake.code, mistake.message, mistake.help))

    def promises(self, promises: Promises, book: Book) -> None:
        """Note what is wrong with the promises."""
        grades, domains = [g.id for g in book.grades], [d.id for d in book.domains]
        source = self.shelf.promises
        assert source is not None  # noqa: S101 - the promises were read from it
        for mistake in check_promises(promises, grades, domains):
            place = source.at(mistake.path)
            self.problems.append(Problem(place, mistake.code, mistake.message, mistake.help))

    def outages(self) -> tuple[Outage, ...]:
        """Return the outages that are declared, and note what is wrong with them."""
        source = self.shelf.outages
        read = self.model(source, Outages)
        if source is None or read is None:
            return ()
        self.problems += check_outages(read, source)
        return read.outages

    def told(self, problem: Problem) -> Problem:
        """Return a problem, with where an overlay changed the standard if its file is beneath."""
        for sheet in self.shelf.sheets if self.shelf.edits else ():
            edits = [edit for edit in self.shelf.edits if edit.target == sheet.id]
            if edits and problem.location.file == sheet.source.file:
                said = f"`{sheet.id}` is changed at {edits[-1].place}"
                return replace(problem, help="; ".join(filter(None, (problem.help, said))))
        return problem


def _layers(base: Folder, book: Book, above: tuple["Above", ...]) -> tuple[Layer, ...]:
    whole = Layer(book.id, book.title, book.version, base.hash(), base.name)
    return (whole, *(
        Layer(one.overlay.id, one.overlay.title, one.overlay.version, one.folder.hash(),
              one.folder.name)
        for one in above
    ))  # fmt: skip


def _hash(layers: tuple[Layer, ...]) -> str:
    """Return one hash for a stack of books; that of a single book is its own."""
    if len(layers) == 1:
        return layers[0].hash
    return hashlib.sha256("\n".join(layer.hash for layer in layers).encode()).hexdigest()


__all__ = ["CODES", "Loaded", "Parts", "load_rulebook", "load_to_score", "read_folder"]
