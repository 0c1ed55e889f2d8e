"""Lay an overlay over the trees of the book beneath.

A shelf of trees and an overlay come in; the shelf holds the merged trees afterwards, every part
with the file and place it came from, and what does not fit comes back as Problems. The merged
trees are read as models afterwards, as any book's: what is wrong with a value is said there.
"""

from collections.abc import Iterator

from engine.errors import Location, Problem, nearest
from engine.rulebook.changes import Changes
from engine.rulebook.folder import FIELDS, JUDGEMENT, OUTAGES
from engine.rulebook.graft import Path, group, items
from engine.rulebook.judgement import STRATA
from engine.rulebook.outages import Outages
from engine.rulebook.overlay import FieldsAdded, RulesAdded
from engine.rulebook.parts import Part
from engine.rulebook.shelf import Sheet, Shelf, sheets, with_part
from engine.rulebook.source import Source
from engine.rulebook.stack import Above
from engine.rulebook.validate import validate

LISTS = ("domains", "areas", "stages", "exceptions", "moderation_reasons")


def lay(shelf: Shelf, above: Above) -> list[Problem]:
    """Lay an overlay over the shelf; return what does not fit."""
    own = sheets(above.folder)
    laying = _Laying(shelf, above, own)
    laying.standards()
    laying.keep_only()
    laying.changes.run()
    shelf.sheets += own
    laying.lists()
    laying.rules()
    laying.fields()
    laying.outages()
    return [*above.folder.problems, *laying.changes.problems]


class _Laying:
    """An overlay on its way onto a shelf."""

    def __init__(self, shelf: Shelf, above: Above, own: list[Sheet]) -> None:
        self.shelf, self.above, self.own = shelf, above, own
        self.changes = Changes(shelf, above, {sheet.id: sheet for sheet in own})

    def note(self, place: Location, code: str, said: str, help_: str = "") -> None:
        self.changes.problems.append(Problem(place, code, said, help_))

    def standards(self) -> None:
        """Note each standard of the overlay that the book beneath has already."""
        for sheet in self.own:
            beneath = self.shelf.sheet(sheet.id) if sheet.id else None
            if beneath is not None:
                place = sheet.source.at(("id",))
                said = f"`{sheet.id}` stands in the book beneath, in {beneath.source.file}"
                help_ = (
                    f"change it in {self.above.source.file}, or give the new standard another id"
                )
                self.note(place, "R047", said, help_)

    def keep_only(self) -> None:
        """Retire every standard beneath that is not to be kept."""
        keep = self.above.overlay.keep_only
        if keep is None:
            return
        known = tuple(sheet.id for sheet in self.shelf.sheets)
        for place, name in enumerate(keep.standards):
            if name not in known:
                at = self.above.source.at(("keep_only", "standards", place))
                said = f"there is no standard `{name}` in the book beneath"
                self.note(at, "R044", said, nearest(name, known))
        for sheet in tuple(self.shelf.sheets):
            if sheet.id not in keep.standards:
                self.changes.retire(sheet, ("keep_only", "standards"), keep.reason)

    def lists(self) -> None:
        """Add to the lists and settings of the rulebook."""
        for name in LISTS:
            self._add_items(("adds", name), name)
        source = self.above.source
        for name in self.above.overlay.adds.settings:
            assert self.shelf.book is not None  # noqa: S101 - nothing is laid over half a book
            path, at = ("settings", name), ("adds", "settings", name)
            if self.shelf.book.has(path):
                help_ = f"change it instead: `- settings: {{{name}: …}}` under `changes`"
                said = f"the book beneath has a setting `{name}`"
                self.note(source.key_at(at), "R047", said, help_)
                continue
            self.shelf.book = _put_in_group(self.shelf.book, path, source, at)

    def _add_items(self, at: Path, name: str) -> None:
        found = self.above.source.find(at)
        if found.depth < len(at) or self.shelf.book is None:
            return
        self.shelf.book = _appended(self.shelf.book, name, found.part, self.above.source.file)

    def rules(self) -> None:
        """Add the rules of the overlay's own judgement.yaml."""
        if not self.above.folder.has(JUDGEMENT):
            return
        source = self.above.folder.source(JUDGEMENT)
        if source is None or self.shelf.judgement is None:
            return
        read, problems = validate(RulesAdded, source)
        self.changes.problems += problems
        for stratum in STRATA if read else ():
            if source.has((stratum,)):
                part = source.find((stratum,)).part
                judgement = _appended(self.shelf.judgement, stratum, part, source.file)
                self.shelf.judgement = judgement

    def fields(self) -> None:
        """Add the tables and fields of the overlay's own fields.yaml."""
        if not self.above.folder.has(FIELDS):
            return
        source = self.above.folder.source(FIELDS)
        if source is None or self.shelf.fields is None:
            return
        read, problems = validate(FieldsAdded, source)
        self.changes.problems += problems
        for at, path in _fields(source, self.shelf.fields) if read else ():
            if self.shelf.fields.has(path):
                said = f"the book beneath has `{path[-1]}` of table `{path[1]}` already"
                self.note(source.key_at(at), "R047", said, "an overlay adds tables and fields only")
                continue
            self.shelf.fields = _put_in_group(self.shelf.fields, path, source, at)

    def outages(self) -> None:
        """Add the outages of the overlay's own outages.yaml."""
        if not self.above.folder.has(OUTAGES):
            return
        source = self.above.folder.source(OUTAGES)
        if source is None:
            return
        read, problems = validate(Outages, source)
        self.changes.problems += problems
        if read is None or not source.has(("outages",)):
            return
        if self.shelf.outages is None:
            self.shelf.outages = source
            return
        part = source.find(("outages",)).part
        self.shelf.outages = _appended(self.shelf.outages, "outages", part, source.file)


def _fields(source: Source, beneath: Source) -> Iterator[tuple[Path, Path]]:
    """Yield what an overlay adds to the dictionary: whole tables, or keys and fields of one."""
    for table, part in source.find(("tables",)).part.children.items():
        path: Path = ("tables", table)
        if not beneath.has(path):
            yield path, path
            continue
        for name in part.children["fields"].children:
            yield (*path, "fields", name), (*path, "fields", name)
        for name in part.children:
            if name != "fields":
                yield (*path, name), (*path, name)


def _put_in_group(into: Source, path: Path, source: Source, at: Path) -> Source:
    """Put a part of one document into another; its group is made if there is none."""
    if not isinstance(into.value_at(path[:-1]), dict) or not into.has(path[:-1]):
        above = source.find(at[:-1])
        empty = group({}, above.part, source.file)
        into = with_part(into, path[:-1], empty, above.key)
    found = source.find(at)
    return with_part(into, path, found.part._replace(file=found.file), found.key)


def _appended(into: Source, name: str, part: Part, file: str) -> Source:
    """Add the items of a list to a document's list of that name."""
    added = [item._replace(file=file) for item in part.children.values()]
    found = into.find((name,))
    if not found.depth:
        return with_part(into, (name,), part._replace(file=file), part.start)
    merged = items(found.part, [*found.part.children.values(), *added])
    return with_part(into, (name,), merged, found.key)
