"""The trees of a rulebook before they are read as models, so that overlays can be laid over them.

A folder's trees come in; the same trees, by what they are, go out. Nothing is checked here.
"""

from dataclasses import dataclass, field, replace

from engine.rulebook.book import Edit
from engine.rulebook.folder import BOOK, FIELDS, JUDGEMENT, OUTAGES, PROMISES, Folder
from engine.rulebook.graft import Path, drop, put
from engine.rulebook.parts import Mark, Part
from engine.rulebook.source import Source


@dataclass(frozen=True)
class Sheet:
    """A standard's file: the folder of its book, its name in there, its tree."""

    folder: str
    name: str
    source: Source

    @property
    def id(self) -> str:
        """Return the id that is written in it, or an empty text."""
        found = self.source.value_at(("id",))
        return found if isinstance(found, str) else ""

    @property
    def stage(self) -> str:
        """Return the folder in which it lies: a stage of the child's pathway."""
        return self.name.partition("/")[0]


@dataclass
class Shelf:
    """The trees of a stack of books, as far as they are laid over one another."""

    book: Source | None
    fields: Source | None
    judgement: Source | None
    sheets: list[Sheet]
    promises: Source | None = None
    outages: Source | None = None
    edits: list[Edit] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Folder) -> "Shelf":
        """Read a whole book."""
        book, fields, judgement = (folder.source(name) for name in (BOOK, FIELDS, JUDGEMENT))
        promises = folder.source(PROMISES) if folder.has(PROMISES) else None
        outages = folder.source(OUTAGES) if folder.has(OUTAGES) else None
        return cls(book, fields, judgement, sheets(folder), promises, outages)

    def sheet(self, standard: str) -> Sheet | None:
        """Return the file of a standard."""
        return next((sheet for sheet in self.sheets if sheet.id == standard), None)

    def update(self, sheet: Sheet, source: Source) -> None:
        """Put a new tree in the place of a standard's."""
        place = next(number for number, one in enumerate(self.sheets) if one is sheet)
        self.sheets[place] = replace(sheet, source=source)


def sheets(folder: Folder) -> list[Sheet]:
    """Return the files of a folder's standards that can be read as trees."""
    read = folder.standards()
    return [Sheet(folder.name, name, source) for name, source in read if source is not None]


def with_part(source: Source, path: Path, part: Part, key: Mark) -> Source:
    """Return a document with a part put at a path."""
    root = put(source.root, path, part, key)
    return replace(source, root=root, value=root.value)


def without(source: Source, path: Path) -> Source:
    """Return a document without what stands at a path."""
    root = drop(source.root, path)
    return replace(source, root=root, value=root.value)
