"""Put single values of an overlay into the trees beneath it.

A scope (a standard, a rule, the settings) and keys in it come in; the same scope with the new
value goes out, and what cannot be is noted as a Problem. Each value keeps its file and place.
"""

from engine.errors import Location, Problem, nearest
from engine.rulebook.book import Edit
from engine.rulebook.dated import days_of, listed, places_of
from engine.rulebook.graft import Path
from engine.rulebook.overlay import Change
from engine.rulebook.parts import Part
from engine.rulebook.scope import Scope
from engine.rulebook.shelf import Shelf, with_part, without
from engine.rulebook.stack import Above

CODES = {
    "R044": "an overlay changes something that is not in the book beneath",
    "R045": "a change of an overlay changes nothing",
    "R046": "an overlay changes one value twice",
    "R047": "an overlay adds what the book beneath has already",
    "R048": "an overlay changes what it may not change",
    "R049": "what the council asks is passed off as law or guidance",
}

LIMITS = ("met", "partly_met")
OF_A_VERSION = (*LIMITS, "source", "note")
# What a standard asks of a case. Who changes it can no longer name the law as the source.
ASKS = ("trigger", "measure", "applies_to", "versions", "silence", "exceptions")


class Values:
    """What one overlay has put where, and what is wrong with it."""

    def __init__(self, shelf: Shelf, above: Above) -> None:
        self.shelf, self.source, self.overlay = shelf, above.source, above.overlay
        self.problems: list[Problem] = []
        self.first: dict[tuple[str, ...], Location] = {}
        self.asked: dict[str, Location] = {}
        self.cited: set[str] = set()

    def put_values(self, at: Path, change: Change, scope: Scope) -> Scope:
        """Put the values of `set` in their places, and take out those of `remove`."""
        for key in change.set:
            place = (*at, "set", key)
            found = self.source.find(place)
            part = found.part._replace(file=self.source.file)
            scope = self.put(scope, tuple(key.split(".")), part, place, change.reason)
        for number, key in enumerate(change.remove):
            place = (*at, "remove", number)
            path = scope.at(*key.split("."))
            if not scope.source.has(path):
                known = self.known(scope, tuple(key.split("."))[:-1])
                said = f"{scope.title} has no key `{key}` that could be removed"
                self.note(place, "R044", said, nearest(key.rsplit(".", 1)[-1], known))
                continue
            if self.again(scope, tuple(key.split(".")), self.source.at(place)):
                continue
            was = scope.source.value_at(path)
            self.edit(scope, tuple(key.split(".")), was, change.reason, self.source.at(place))
            self.asks(scope, tuple(key.split(".")), None, self.source.at(place))
            scope = scope._replace(source=without(scope.source, path))
        return scope

    def put(self, scope: Scope, keys: tuple[str, ...], part: Part, at: Path, reason: str) -> Scope:
        """Put a part at some keys of a scope, or note why it cannot be."""
        place, key = self.source.at(at), keys[-1]
        if not self._fits(scope, keys, at) or self.again(scope, keys, place):
            return scope
        path = scope.at(*keys)
        if scope.source.has(path) and scope.source.value_at(path) == part.value:
            so = f"`{part.value}`" if isinstance(part.value, str) else "so"
            help_ = "take the change out; the book beneath may have come to ask the same"
            said = f"`{key}` of {scope.title} is {so} already"
            self.problems.append(Problem(place, "R045", said, help_))
            return scope
        self.asks(scope, keys, part, place)
        return self.graft(scope, keys, part, reason, at)

    def graft(
        self, scope: Scope, keys: tuple[str, ...], part: Part, reason: str, at: Path = ()
    ) -> Scope:
        """Return a scope with a part put at some keys; `at` is where the overlay has the key."""
        path = scope.at(*keys)
        was = scope.source.value_at(path) if scope.source.has(path) else None
        place = Location(self.source.file, line=part.start.line, column=part.start.column)
        self.edit(scope, keys, was, reason, place)
        key = self.source.find(at).key if at else part.start
        return scope._replace(source=with_part(scope.source, path, part, key))

    def _outside_version(self, scope: Scope, keys: tuple[str, ...], at: Path) -> bool:
        """Note a key of the standard in a change that is about one of its versions."""
        whole = scope.source.has(keys[:1]) and keys[0] not in OF_A_VERSION
        if "versions" not in scope.at(keys[0]) or not whole:
            return False
        said = f"`{keys[0]}` stands in the standard, and the change is about one of its versions"
        help_ = "put it into a change of its own, without `version_from`"
        self.problems.append(Problem(self.source.key_at(at), "R044", said, help_))
        return True

    def _fits(self, scope: Scope, keys: tuple[str, ...], at: Path) -> bool:
        """Note keys that lead nowhere, or to what no overlay may change."""
        if keys == ("id",):
            said = f"the id of {scope.title} stays as it is"
            help_ = "retire it, and add a new one under its own id"
            self.problems.append(Problem(self.source.key_at(at), "R048", said, help_))
            return False
        if self._outside_version(scope, keys, at):
            return False
        if not scope.words and scope.title == f"`{scope.target}`" and keys[0] in OF_A_VERSION:
            days = sorted({d for where in places_of(scope) for d in days_of(scope, where)})
            said = f"`{keys[0]}` stands in a dated version of {scope.title}"
            help_ = f"say which with `version_from`; {listed('its versions begin on', days)}"
            self.problems.append(Problem(self.source.key_at(at), "R044", said, help_))
            return False
        for depth, key in enumerate(keys[:-1]):
            if not isinstance(scope.source.value_at(scope.at(*keys[: depth + 1])), dict) or (
                not scope.source.has(scope.at(*keys[: depth + 1]))
            ):
                said = f"{scope.title} has no group of keys `{'.'.join(keys[: depth + 1])}`"
                help_ = nearest(key, self.known(scope, keys[:depth]))
                help_ = help_ or f"set `{'.'.join(keys[: depth + 1])}` as a whole"
                self.problems.append(Problem(self.source.key_at(at), "R044", said, help_))
                return False
        return True

    def known(self, scope: Scope, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Return the keys of a group in a scope."""
        return tuple(map(str, scope.source.find(scope.at(*keys)).part.children))

    def again(self, scope: Scope, keys: tuple[str, ...], place: Location) -> bool:
        """Note a value that this overlay has changed before, as a whole or in part."""
        words = (scope.target, *scope.words, *keys)
        for known, first in self.first.items():
            shared = min(len(known), len(words))
            if known[:shared] == words[:shared]:
                said = f"`{keys[-1]}` of {scope.title} is changed twice"
                help_ = f"first changed at {first}"
                self.problems.append(Problem(place, "R046", said, help_))
                return True
        self.first[words] = place
        return False

    def edit(
        self, scope: Scope, keys: tuple[str, ...], was: object, reason: str, place: Location
    ) -> None:
        """Remember what a value was, and why it no longer is."""
        key = ".".join((*scope.words, *keys))
        self.shelf.edits.append(Edit(self.overlay.id, scope.target, key, was, reason, place))

    def note(self, at: Path, code: str, said: str, help_: str = "") -> None:
        """Note what is wrong with a value of the overlay."""
        self.problems.append(Problem(self.source.at(at), code, said, help_))

    def asks(self, scope: Scope, keys: tuple[str, ...], part: Part | None, place: Location) -> None:
        """Remember a standard that asks something else now, and one whose new source is named."""
        if (*scope.words, *keys)[0] not in ASKS or keys == ("note",):
            return
        value = part.value if part else None
        named = value if isinstance(value, list) else [value]
        if "source" in keys or any(isinstance(one, dict) and "source" in one for one in named):
            self.cited.add(scope.target)
        else:
            self.asked.setdefault(scope.target, place)
