"""The rulebook as one frozen object: lists, fields, calendar, standards and judgement rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import Field

from engine.errors import Location
from engine.rulebook.fields import Fields
from engine.rulebook.judgement import Judgement
from engine.rulebook.model import Strict
from engine.rulebook.outages import Outage
from engine.rulebook.promises import Promise
from engine.rulebook.scalars import Name, Text, Whole
from engine.rulebook.source import Source
from engine.rulebook.standard import Standard
from engine.workdays import Calendar


class Entry(Strict):
    """An item of a list that is data: its name in files and its title on screen."""

    id: Name
    """its name in files: small letters and `_`"""
    title: Text
    """its name on screen"""


class Book(Strict):
    """`rulebook.yaml`: who the book is and the lists that the rest of it draws on.

    `grades` go from the worst to the best; a grade's rank is its place in that list, from 1.
    """

    id: Name
    """the name of this rulebook"""
    title: Text
    """what it is called on reports"""
    version: Text
    """which version of it this is; change it whenever a rule changes"""
    calendar: Name
    """the file in calendars/ with the bank holidays"""
    grades: tuple[Entry, ...]
    """the grades, from the worst to the best"""
    domains: tuple[Entry, ...] = Field(min_length=1)
    """the sections of the audit form, in its order"""
    areas: tuple[Entry, ...] = Field(min_length=1)
    """the judgement areas"""
    stages: tuple[Entry, ...] = Field(min_length=1)
    """the folders of this rulebook, in the order of the child's pathway"""
    exceptions: tuple[Entry, ...] = ()
    """reasons why something could not be done, as declared on a file"""
    moderation_reasons: tuple[Entry, ...] = ()
    """why a moderator's grade is another than the auditor's, or than the cap"""
    settings: dict[Name, Whole] = {}
    """figures that several standards share"""


@dataclass(frozen=True)
class Layer:
    """One book of a stack: the whole book at the bottom, or an overlay.

    `hash` is the SHA-256 of the content of its own files, wherever they lie.
    """

    id: str
    title: str
    version: str
    hash: str
    folder: str


@dataclass(frozen=True)
class Edit:
    """One value that an overlay changed: what was there before, and why it no longer is.

    `target` is the id of a standard or rule, `settings` or `judgement`; `place` is where the new
    value stands, or where it is said that the old one goes.
    """

    layer: str
    target: str
    key: str
    was: object
    reason: str
    place: Location


@dataclass(frozen=True)
class Rulebook:
    """Everything that was read from a folder of rules and the overlays over it, checked.

    `hash` is the SHA-256 of the content of all its files; `file_names` gives each standard's file
    within its folder, which is `folder` unless `folders` says otherwise. `layers` are the books
    from the bottom up, `edits` what the overlays changed, `sources` the standards' merged trees,
    `judgement_source` that of the rules of judgement.
    """

    book: Book
    fields: Fields
    calendar: Calendar
    standards: tuple[Standard, ...]
    judgement: Judgement
    file_names: dict[str, str]
    hash: str
    folder: str
    layers: tuple[Layer, ...] = ()
    folders: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False)
    edits: tuple[Edit, ...] = ()
    promises: tuple[Promise, ...] = ()
    judgement_source: Source | None = field(default=None, repr=False)
    outages: tuple[Outage, ...] = ()

    @cached_property
    def live(self) -> tuple[Standard, ...]:
        """Return the standards in force, by id."""
        return tuple(s for s in self.standards if s.status == "live")

    @cached_property
    def by_id(self) -> dict[str, Standard]:
        """Return every standard by its id."""
        return {s.id: s for s in self.standards}

    @cached_property
    def grades(self) -> tuple[str, ...]:
        """Return the grades' names from the worst to the best."""
        return tuple(g.id for g in self.book.grades)

    @cached_property
    def domains(self) -> tuple[str, ...]:
        """Return the domains' names in the order of the audit form."""
        return tuple(d.id for d in self.book.domains)

    def file_of(self, standard: Standard) -> str:
        """Return the path of a standard's file."""
        folder = self.folders.get(standard.id, self.folder)
        return f"{folder}/{self.file_names[standard.id]}"

    def place_of(self, standard: Standard, path: Sequence[str | int]) -> Location:
        """Return where a part of a standard is written: an overlay's own line, if it is there."""
        source = self.sources.get(standard.id)
        return source.at(path) if source else Location(self.file_of(standard))

    def edits_of(self, target: str) -> tuple[Edit, ...]:
        """Return what overlays changed of a standard, a rule, the settings or the judgement."""
        return tuple(edit for edit in self.edits if edit.target == target)

    def stage_of(self, standard: Standard) -> str:
        """Return the stage of the child's pathway that a standard belongs to: its folder."""
        return self.file_names[standard.id].partition("/")[0]

    def stage_title(self, standard: Standard) -> str:
        """Return the words on screen for a standard's stage, which may be named as a domain is."""
        titles = {stage.id: stage.title for stage in self.book.stages}
        return titles[self.stage_of(standard)]

    def rank(self, grade: str) -> int:
        """Return a grade's rank: 1 is the worst."""
        return self.grades.index(grade) + 1

    def allowed(self, source: str) -> tuple[str, ...]:
        """Return the values that a field with `values_from: source` may hold.

        Two lists are for the readers of forms: the standards that are `live`, and the `book`'s
        version and hash.
        """
        lists = {
            "grades": self.grades,
            "domains": self.domains,
            "standards": tuple(self.by_id),
            "tables": tuple(self.fields.tables),
            "exceptions": tuple(entry.id for entry in self.book.exceptions),
            "live": tuple(standard.id for standard in self.live),
            "book": (self.book.version, self.hash),
        }
        return lists[source]

    def title(self, name: str) -> str:
        """Return the words on screen for a grade, domain, area, exception or reason."""
        book = self.book
        lists = (book.grades, book.domains, book.areas, book.exceptions, book.moderation_reasons)
        titles = {entry.id: entry.title for entries in lists for entry in entries}
        return titles.get(name, name)
