"""The `changes` of an overlay, laid over the trees beneath one after another.

A shelf of trees and an overlay come in; the shelf holds the changed trees afterwards.
"""

from engine.errors import Problem, nearest
from engine.rulebook.dated import days_of, listed, of_day, places_of, value_of, words_of
from engine.rulebook.graft import Path, group, items, text
from engine.rulebook.judgement import STRATA
from engine.rulebook.overlay import Change
from engine.rulebook.parts import Mark, Part
from engine.rulebook.scope import Scope
from engine.rulebook.shelf import Sheet, Shelf, with_part, without
from engine.rulebook.stack import Above
from engine.rulebook.values import LIMITS, Values
from engine.terms import Level

NO_ITEMS = Part([], Mark(1, 1), Mark(1, 1))
LAW = (Level.REGULATION, Level.GUIDANCE)


class Changes:
    """The changes of one overlay on their way onto a shelf."""

    def __init__(self, shelf: Shelf, above: Above, own: dict[str, Sheet]) -> None:
        self.shelf, self.source, self.overlay, self.own = shelf, above.source, above.overlay, own
        self.values = Values(shelf, above)
        self.problems = self.values.problems

    def run(self) -> None:
        """Lay every change over the shelf."""
        for place, change in enumerate(self.overlay.changes):
            at = ("changes", place)
            if change.standard:
                self._standard(at, change, change.standard)
            elif change.rule:
                self._rule(at, change, change.rule)
            elif change.settings:
                self._settings(at, change)
            else:
                self._judgement(at, change)
        self._passed_off()

    def retire(self, sheet: Sheet, at: Path, reason: str) -> None:
        """Retire a standard of the book beneath, where it is not retired already."""
        if sheet.source.value_at(("status",)) == "retired":
            return
        scope = Scope(sheet.source, (), (), sheet.id, f"`{sheet.id}`")
        part = text("retired", self.source.find(at).part, self.source.file)
        self.shelf.update(sheet, self.values.graft(scope, ("status",), part, reason).source)

    def _standard(self, at: Path, change: Change, name: str) -> None:
        if name in self.own:
            said = f"`{name}` is a standard of this overlay"
            help_ = f"change it where it stands, in {self.own[name].source.file}"
            self.values.note((*at, "standard"), "R048", said, help_)
            return
        sheet = self.shelf.sheet(name)
        if sheet is None:
            known = tuple(one.id for one in self.shelf.sheets)
            said = f"there is no standard `{name}` in the book beneath"
            help_ = nearest(name, known) or "a new standard is a file in the folder of its stage"
            self.values.note((*at, "standard"), "R044", said, help_)
            return
        scope = self._scope(at, change, Scope(sheet.source, (), (), name, f"`{name}`"))
        if scope is None:
            return
        scope = self.values.put_values(at, change, scope)
        scope = self._own_source(at, change, scope)
        scope = self._version(at, change, scope)
        scope = self._examples(at, change, scope)
        if change.retire:
            place = (*at, "retire")
            part = text("retired", self.source.find(place).part, self.source.file)
            scope = self.values.put(scope, ("status",), part, place, change.reason)
        self.shelf.update(sheet, scope.source)

    def _scope(self, at: Path, change: Change, scope: Scope) -> Scope | None:
        """Return the branch and version that a change is about, or note that there is none."""
        if change.branch:
            found = scope.source.find(("measure", "branches"))
            branches = found.part.children if found.depth == len(("measure", "branches")) else {}
            names = {str(value_of(branch, "name")): n for n, branch in branches.items()}
            if change.branch not in names:
                help_ = nearest(change.branch, tuple(names)) or listed("its branches are", names)
                said = f"{scope.title} has no branch `{change.branch}`"
                self.values.note((*at, "branch"), "R044", said, help_)
                return None
            path: Path = ("measure", "branches", names[change.branch])
            scope = scope._replace(path=path, words=("measure", "branches", change.branch))
        return self._dated(at, change, scope) if change.version_from else scope

    def _dated(self, at: Path, change: Change, scope: Scope) -> Scope | None:
        assert change.version_from is not None  # noqa: S101 - asked before
        day = change.version_from.isoformat()
        found = [(where, n) for where in places_of(scope) for n in of_day(scope, where, day)]
        place = (*at, "version_from")
        if not found:
            days = sorted({d for where in places_of(scope) for d in days_of(scope, where)})
            said = f"{scope.title} has no version from {day}"
            self.values.note(place, "R044", said, listed("its versions begin on", days))
            return None
        if len(found) > 1:
            names = [str(scope.source.value_at((*where[:3], "name"))) for where, _ in found]
            said = f"several branches of {scope.title} have a version from {day}"
            self.values.note(place, "R044", said, listed("name one with `branch`:", names))
            return None
        (where, number), *_ = found
        words = (*words_of(scope, where), day)
        return scope._replace(path=(*where, number), words=words)

    def _own_source(self, at: Path, change: Change, scope: Scope) -> Scope:
        """Name the overlay as the source of a limit that it changes without another source."""
        if not change.version_from:
            return scope
        named = {key.split(".")[0] for key in (*change.set, *change.remove)}
        words = (scope.target, *scope.words, "source")
        if not named & {*LIMITS} or words in self.values.first:
            return scope
        source = self._source_of(at)
        scope = self.values.graft(scope, ("source",), source, change.reason)
        if "note" not in named and scope.source.has(scope.at("note")):
            scope = scope._replace(source=without(scope.source, scope.at("note")))
        return scope

    def _source_of(self, at: Path) -> Part:
        """Return the overlay itself as a source: its title and version, the reason, the day."""
        title, file = self.source.find(("title",)).part, self.source.file
        reason = self.source.find((*at, "reason")).part
        parts: dict[str | int, Part] = {
            "title": text(f"{self.overlay.title}, {self.overlay.version}", title, file),
            "paragraph": text(str(reason.value), reason, file),
            "checked": self.source.find(("decided",)).part._replace(file=file),
        }
        return group(parts, reason, file)

    def _version(self, at: Path, change: Change, scope: Scope) -> Scope:
        """Add a dated version among those that are there, in the order of their days."""
        if not change.add_version:
            return scope
        places = places_of(scope)
        if len(places) != 1:
            names = [str(scope.source.value_at((*where[:3], "name"))) for where in places]
            said = f"the versions of {scope.title} stand in its branches"
            help_ = listed("name one with `branch`:", names)
            self.values.note((*at, "add_version"), "R044", said, help_)
            return scope
        (where,), place = places, (*at, "add_version")
        part = self.source.find(place).part
        day = str(change.add_version.get("from", ""))
        if day in days_of(scope, where):
            said = f"{scope.title} has a version from {day} already"
            help_ = f"change it: `version_from: {day}`, and `set`"
            self.values.note((*place, "from"), "R047", said, help_)
            return scope
        self.values.asks(scope, ("versions", day), part, self.source.at(place))
        if "source" not in change.add_version:
            children = {**part.children, "source": self._source_of(at)}
            part = group(children, part, "")._replace(keys={**part.keys, "source": part.start})
        words = (*words_of(scope, where), day)
        scope = scope._replace(words=())
        self.values.edit(scope, words, None, change.reason, self.source.at(place))
        versions = scope.source.find(where)
        parts = [*versions.part.children.values(), part._replace(file=self.source.file)]
        parts.sort(key=lambda one: str(value_of(one, "from")))
        merged = items(versions.part, parts)
        return scope._replace(source=with_part(scope.source, where, merged, versions.key))

    def _examples(self, at: Path, change: Change, scope: Scope) -> Scope:
        """Take out examples that no longer hold, and add others."""
        if not (change.drop_examples or change.add_examples):
            return scope
        found = scope.source.find(("examples",))
        parts = list(found.part.children.values()) if found.depth else []
        whole = scope._replace(words=())
        self._drop(at, change, whole, parts)
        self._add(at, change, whole, parts)
        merged = items(found.part if found.depth else NO_ITEMS, parts)
        return scope._replace(source=with_part(scope.source, ("examples",), merged, found.key))

    def _drop(self, at: Path, change: Change, scope: Scope, parts: list[Part]) -> None:
        for number, sentence in enumerate(change.drop_examples):
            place = (*at, "drop_examples", number)
            known = tuple(str(value_of(part, "it")) for part in parts)
            if sentence not in known:
                said = f"{scope.title} has no example `{sentence}`"
                self.values.note(place, "R044", said, nearest(sentence, known))
                continue
            was = parts.pop(known.index(sentence)).value
            key = ("examples", sentence)
            self.values.edit(scope, key, was, change.reason, self.source.at(place))

    def _add(self, at: Path, change: Change, scope: Scope, parts: list[Part]) -> None:
        for number in range(len(change.add_examples)):
            place = (*at, "add_examples", number)
            part = self.source.find(place).part
            sentence = str(value_of(part, "it"))
            if sentence in [str(value_of(one, "it")) for one in parts]:
                said = f"{scope.title} has an example `{sentence}` already"
                help_ = "name it under `drop_examples` too, and it is replaced"
                self.values.note((*place, "it"), "R047", said, help_)
                continue
            key = ("examples", sentence)
            self.values.edit(scope, key, None, change.reason, self.source.at(place))
            parts.append(part._replace(file=self.source.file))

    def _rule(self, at: Path, change: Change, name: str) -> None:
        judgement = self.shelf.judgement
        assert judgement is not None  # noqa: S101 - nothing is laid over half a book
        rules = {
            str(value_of(part, "id")): (stratum, number)
            for stratum in STRATA
            if judgement.has((stratum,))
            for number, part in judgement.find((stratum,)).part.children.items()
        }
        if name not in rules:
            said = f"there is no rule `{name}` in the book beneath"
            new = "a new rule stands in judgement.yaml beside this file"
            help_ = nearest(name, tuple(rules)) or new
            self.values.note((*at, "rule"), "R044", said, help_)
            return
        scope = Scope(judgement, rules[name], (), f"rule {name}", f"rule `{name}`")
        if change.retire:
            place = self.source.at((*at, "retire"))
            if not self.values.again(scope, ("retire",), place):
                self.values.edit(scope, (), judgement.value_at(rules[name]), change.reason, place)
                self.shelf.judgement = without(judgement, rules[name])
            return
        self.shelf.judgement = self.values.put_values(at, change, scope).source

    def _settings(self, at: Path, change: Change) -> None:
        book = self.shelf.book
        assert book is not None  # noqa: S101 - nothing is laid over half a book
        scope = Scope(book, ("settings",), (), "settings", "the settings")
        for name in change.settings:
            place = (*at, "settings", name)
            known = self.values.known(scope, ()) if book.has(("settings",)) else ()
            if name not in known:
                said = f"there is no setting `{name}` in the book beneath"
                help_ = nearest(name, known) or "a new one stands under `adds`"
                self.problems.append(Problem(self.source.key_at(place), "R044", said, help_))
                continue
            part = self.source.find(place).part._replace(file=self.source.file)
            scope = self.values.put(scope, (name,), part, place, change.reason)
        self.shelf.book = scope.source

    def _judgement(self, at: Path, change: Change) -> None:
        judgement = self.shelf.judgement
        assert judgement is not None  # noqa: S101 - nothing is laid over half a book
        scope = Scope(judgement, (), (), "judgement", "the judgement")
        for name in change.judgement:
            place = (*at, "judgement", name)
            part = self.source.find(place).part._replace(file=self.source.file)
            scope = self.values.put(scope, (name,), part, place, change.reason)
        self.shelf.judgement = scope.source

    def _passed_off(self) -> None:
        """Note each standard that asks what the council wants, and says that the law does."""
        for name in self.values.asked.keys() - self.values.cited:
            sheet = self.shelf.sheet(name)
            level = sheet.source.value_at(("level",)) if sheet else None
            if level in LAW:
                said = f"`{name}` is of level `{level}`, and what it asks is now the council's own"
                help_ = "set its `level` to local too, or set the `source` that asks for this"
                self.problems.append(Problem(self.values.asked[name], "R049", said, help_))
