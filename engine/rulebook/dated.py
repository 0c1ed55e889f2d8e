"""Where the dated versions of a standard stand: in its own list, or in those of its branches."""

from collections.abc import Iterable

from engine.rulebook.graft import Path
from engine.rulebook.parts import Part
from engine.rulebook.scope import Scope


def places_of(scope: Scope) -> list[Path]:
    """Return where the versions stand that a change may be about."""
    if scope.path:
        return [scope.at("versions")] if scope.source.has(scope.at("versions")) else [("versions",)]
    places: list[Path] = [("versions",)] if scope.source.has(("versions",)) else []
    branches: Path = ("measure", "branches")
    if scope.source.has(branches):
        numbers = scope.source.find(branches).part.children
        places += [
            (*branches, number, "versions")
            for number in numbers
            if scope.source.has((*branches, number, "versions"))
        ]
    return places


def days_of(scope: Scope, where: Path) -> list[str]:
    """Return the days on which the versions of a list begin."""
    return [str(value_of(part, "from")) for part in scope.source.find(where).part.children.values()]


def of_day(scope: Scope, where: Path, day: str) -> list[int]:
    """Return the places in a list of versions of those that begin on a day."""
    return [number for number, one in enumerate(days_of(scope, where)) if one == day]


def words_of(scope: Scope, where: Path) -> tuple[str, ...]:
    """Return how the place of some versions is called, whatever else is put before it."""
    if len(where) == 1:
        return ("versions",)
    name = scope.source.value_at((*where[:3], "name"))
    return ("measure", "branches", str(name), "versions")


def value_of(part: Part, key: str) -> object:
    """Return the value of a key of a group, or None."""
    return part.children[key].value if key in part.children else None


def listed(words: str, names: Iterable[str]) -> str:
    """Return a help line that lists names, or an empty text where there are none."""
    ticked = ", ".join(f"`{name}`" for name in names)
    return f"{words} {ticked}" if ticked else ""
