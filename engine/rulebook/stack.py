"""Which book lies over which: folders come in, in the order given; overlays in that order go out.

An overlay names the book that it is `over`. What does not fit together is a Problem at the line
that says so.
"""

from dataclasses import dataclass

from engine.errors import Location, Problem
from engine.rulebook.folder import BOOK, OVERLAY, Folder
from engine.rulebook.overlay import Overlay
from engine.rulebook.source import Source
from engine.rulebook.validate import validate

CODES = {
    "R040": "the book that an overlay is over does not lie beneath it",
    "R041": "a book is given twice",
    "R042": "overlays are over each other",
    "R043": "a folder is not the one book or an overlay",
}


@dataclass(frozen=True)
class Above:
    """An overlay that was read."""

    folder: Folder
    overlay: Overlay
    source: Source


def stacked(base: Folder, folders: tuple[Folder, ...]) -> tuple[tuple[Above, ...], list[Problem]]:
    """Return the overlays from the bottom up, or what keeps them from lying over the book."""
    given = (base, *folders)
    if not base.has(BOOK) and not base.has(OVERLAY):
        return (), []  # what a rulebook needs is asked for when it is read
    problems = [*_twice(given), *(p for folder in given for p in _kind(folder, base))]
    if problems:
        return (), problems
    overlays = [_read(folder) for folder in given if not folder.has(BOOK)]
    read = tuple(one for one in overlays if isinstance(one, Above))
    problems = [p for one in overlays if not isinstance(one, Above) for p in one]
    problems += [problem for folder in given for problem in folder.problems]
    return read, problems or _order(given, read)


def _twice(given: tuple[Folder, ...]) -> list[Problem]:
    seen = set()
    problems = []
    for folder in given:
        real = folder.path.resolve()
        if real in seen:
            help_ = "give each folder once, the book beneath first"
            problems.append(
                Problem(Location(folder.name), "R041", "this folder is given twice", help_)
            )
        seen.add(real)
    return problems


def _kind(folder: Folder, base: Folder) -> list[Problem]:
    place = Location(folder.name)
    book, overlay = folder.has(BOOK), folder.has(OVERLAY)
    if book and overlay:
        said = "the folder holds both rulebook.yaml and overlay.yaml"
        return [Problem(place, "R043", said, "an overlay has a folder of its own")]
    if not folder.path.is_dir():
        return [
            Problem(
                place, "R010", "there is no such folder", "give the folder that holds overlay.yaml"
            )
        ]
    if folder is not base and not book and not overlay:
        help_ = "an overlay is a folder with overlay.yaml"
        return [Problem(place, "R043", "this is neither a rulebook nor an overlay", help_)]
    if folder is not base and book and base.has(BOOK):
        said = "a whole rulebook cannot lie over another"
        return [Problem(place, "R043", said, "give one rulebook, and overlays over it")]
    return []


def _read(folder: Folder) -> Above | tuple[Problem, ...]:
    source = folder.source(OVERLAY)
    if source is None:
        return ()
    overlay, problems = validate(Overlay, source)
    return problems if overlay is None else Above(folder, overlay, source)


def _order(given: tuple[Folder, ...], above: tuple[Above, ...]) -> list[Problem]:
    by_id = {one.overlay.id: one for one in above}
    if len(by_id) < len(above):
        return _same_id(above)
    if ring := _ring(above, by_id):
        names = ", ".join(f"`{one.overlay.id}` is over `{one.overlay.over}`" for one in ring)
        place = ring[0].source.at(("over",))
        return [Problem(place, "R042", names, "one of them has to be over a whole rulebook")]
    ids = [one.overlay.id if (one := _of(folder, above)) else _id(folder) for folder in given]
    problems = []
    for number, folder in enumerate(given):
        one = _of(folder, above)
        if one is None or (number and ids[number - 1] == one.overlay.over):
            continue
        problems.append(_misplaced(one, number, ids, given))
    return problems


def _misplaced(one: Above, number: int, ids: list[str], given: tuple[Folder, ...]) -> Problem:
    name, over, place = one.overlay.id, one.overlay.over, one.source.at(("over",))
    if over in ids[number:]:
        beneath = given[ids.index(over)].name
        said = f"`{name}` is over `{over}`, which comes after it"
        return Problem(place, "R040", said, f"give {beneath} before {one.folder.name}")
    if over in ids:
        said = f"`{name}` is over `{over}`, and `{ids[number - 1]}` lies between them"
        help_ = f"write `over: {ids[number - 1]}`, or leave one of the two out"
        return Problem(place, "R040", said, help_)
    said = f"`{name}` is over `{over}`, which is not given"
    if number:
        said = f"{said}; beneath it lies `{ids[number - 1]}`"
    help_ = f"give the folder of `{over}` before {one.folder.name}"
    return Problem(place, "R040", said, help_)


def _same_id(above: tuple[Above, ...]) -> list[Problem]:
    first: dict[str, Above] = {}
    problems = []
    for one in above:
        other = first.setdefault(one.overlay.id, one)
        if other is not one:
            said = f"`{one.overlay.id}` is also the id of {other.folder.name}"
            place = one.source.at(("id",))
            problems.append(Problem(place, "R041", said, "give each overlay an id of its own"))
    return problems


def _ring(above: tuple[Above, ...], by_id: dict[str, Above]) -> list[Above]:
    """Return overlays that are over one another in a ring, from the first given on."""
    for one in above:
        ring = [one]
        while (beneath := by_id.get(ring[-1].overlay.over)) and beneath not in ring:
            ring.append(beneath)
        if beneath is one:
            return ring
    return []


def _of(folder: Folder, above: tuple[Above, ...]) -> Above | None:
    return next((one for one in above if one.folder is folder), None)


def _id(folder: Folder) -> str:
    source = folder.source(BOOK)
    found = source.value_at(("id",)) if source else None
    return found if isinstance(found, str) else ""
