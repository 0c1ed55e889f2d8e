"""When a child of Annex A came into care and left it, as one or two of its lists say.

In: the lines that name a child, the likeliest first. Out: the days, where they stand, and what is
wrong with them. Days that cannot both be right are both left out, and what is counted from them is
not assessable: a slip of the pen is no failure of practice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.errors import Location
from engine.records.cells import Spec, clean, readable
from engine.records.places import Place
from engine.records.readers.annex_a_lists import CAME, IN_CARE, LEFT, AnnexList


class Line(Protocol):
    """What is asked of a line that names a child."""

    @property
    def list(self) -> AnnexList:
        """Return the list that it stands in."""
        ...

    @property
    def place(self) -> Place:
        """Return where it stands."""
        ...

    @property
    def facts(self) -> Mapping[str, str]:
        """Return its cells of days by field of `audits`."""
        ...


@dataclass(frozen=True)
class Care:
    """The days by field of `audits`, and the place of the line that gives them.

    `untold`: the lists do not tell when the child came into care.
    """

    days: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None
    warnings: tuple[tuple[Location, str, str], ...] = ()
    untold: bool = False


def care_of(child: str, lines: Sequence[Line], day: Spec) -> Care:
    """Return when a child came into care and left it."""
    stated = [line for line in lines if any(map(clean, line.facts.values()))]
    # the list of children in care is nearer to the matter than that of adoptions
    stated.sort(key=lambda line: line.list.number != IN_CARE)
    if not stated:
        return Care()
    first, *others = stated
    came, left = (readable(first.facts.get(name, ""), day) for name in (CAME, LEFT))
    if came and left and left < came:
        said = f"child `{child}` left care on {left}, before coming into care on {came}"
        return _neither(first.place.at(LEFT), "B141", f"{said}, so neither day is kept")
    for other in others:
        there = readable(other.facts.get(CAME, ""), day)
        if came and there and there != came and other.list is not first.list:
            said = (
                f"child `{child}` came into care on {came} ({first.list.name}) and on {there} "
                f"({other.list.name}), so neither day is kept"
            )
            return _neither(other.place.at(CAME), "B109", said)
    days = {name: _first(stated, name) for name in (CAME, LEFT)}
    return Care({name: cell for name, cell in days.items() if cell}, first.place)


def _neither(where: Location, code: str, said: str) -> Care:
    return Care(warnings=((where, code, said),), untold=True)


def _first(lines: Sequence[Line], name: str) -> str:
    """Return what the first list says, or another where the first has no answer."""
    best = [line for line in lines if line.list is lines[0].list][:1]
    best += [line for line in lines if line.list is not lines[0].list]
    return next((cell for line in best if (cell := clean(line.facts.get(name)))), "")
