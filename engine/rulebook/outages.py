"""Times when a system could not be used (`rules/outages.yaml`) as models.

In: the YAML. Out: frozen outages. An outage marks late recording; it never excuses it, and no
finding changes. A book without the file is fine.
"""

from collections.abc import Iterator

from pydantic import Field

from engine.errors import Problem
from engine.rulebook.model import Strict
from engine.rulebook.scalars import Day, Text
from engine.rulebook.source import Source

CODES = {
    "R340": "an outage ends before it begins",
    "R341": "an outage is declared twice",
}


class Outage(Strict):
    """A time when a system could not be used, both days included."""

    from_: Day = Field(alias="from")
    """the first day on which it could not be used"""
    to: Day
    """the last day"""
    system: Text
    """which system"""
    note: str = ""
    """what happened, and who says so"""


class Outages(Strict):
    """`outages.yaml`: the times when a system could not be used."""

    outages: tuple[Outage, ...] = ()
    """each with its days and its system"""


def check_outages(outages: Outages, source: Source) -> Iterator[Problem]:
    """Yield what is wrong with outages beyond their shape."""
    seen: set[tuple[object, ...]] = set()
    for number, one in enumerate(outages.outages):
        at = ("outages", number)
        if one.to < one.from_:
            said = f"the outage ends on {one.to}, before it begins on {one.from_}"
            yield Problem(source.at((*at, "to")), "R340", said, "put its days in the right order")
        known = one.system, one.from_, one.to
        if known in seen:
            said = f"the outage of `{one.system}` from {one.from_} is declared twice"
            yield Problem(source.at((*at, "system")), "R341", said, "take one of the two out")
        seen.add(known)
