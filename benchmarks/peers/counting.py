"""The facts of an audit as they are counted, and what is asked of the audit again and again."""

from dataclasses import dataclass
from typing import Any

from peers.days import Y2015, between, least
from peers.decisions import STANDARDS
from peers.records import Audit

Facts = dict[str, int]
NONE_YET = ("_longest", "_waiting", "_unvisited")
BLANK: Facts = {
    fact: -1 if fact.endswith(NONE_YET) else 101 if fact.endswith("_share") else 0
    for table in STANDARDS
    for fact in table.asked
}
OF = {table.name: table.asked for table in STANDARDS}


@dataclass(frozen=True, slots=True)
class Case:
    """An audit while its facts are counted: its days, what was not examined, the facts so far."""

    audit: Audit
    cut: int
    opens: int | None
    allocated: int | None
    unborn: bool
    born: int | None
    unexamined: frozenset[str]
    facts: Facts

    def add(self, fact: str) -> None:
        self.facts[fact] += 1

    def most(self, fact: str, number: int) -> None:
        self.facts[fact] = max(self.facts[fact], number)

    def happened(self, day: int | None) -> int | None:
        """Return a day unless it lies after the cut-off."""
        return day if day is not None and day <= self.cut else None

    def running(self, begun: int | None, ended: int | None) -> bool:
        """Say whether something had begun by the cut-off and was not over before the period."""
        if begun is not None and begun > self.cut:
            return False
        return ended is None or self.opens is None or ended >= self.opens

    def old(self, day: int | None) -> bool:
        """Say whether a day, or the cut-off for want of one, lies before the standards apply."""
        return (self.cut if day is None else day) < Y2015

    def timed(self, name: str, start: int | None, end: int | None) -> None:
        """Count a time of working days from one day to another."""
        if start is None:
            self.add(f"{name}_undated")
            return
        taken = between(start, self.cut if end is None else end)
        if start < Y2015 or (end is not None and end < start) or taken is None:
            self.add(f"{name}_uncounted")
        else:
            self.most(f"{name}_waiting" if end is None else f"{name}_longest", taken)

    def not_examined(self, name: str) -> None:
        """Forget what was counted for a standard whose tables the auditor did not look at."""
        for fact in OF[name]:
            self.facts[fact] = BLANK[fact]
        self.facts[f"{name}_unexamined"] = 1


def opened(audit: Audit, as_of: int) -> Case:
    """Return an audit with nothing counted yet."""
    own: dict[str, Any] = audit.own
    cut = least(as_of, own["audit_date"], own["period_end"]) or 0
    allocated = own["allocated_date"]
    return Case(
        audit,
        cut,
        own["period_start"],
        allocated if allocated is not None and allocated <= cut else None,
        bool(own["unborn"]),
        own["birth_month"],
        frozenset(own["not_examined"] or ()),
        BLANK.copy(),
    )
