"""Children of an extract, each of whom becomes one audit without an auditor's grade.

In: what an extract says of its children and of the work with them, in any order. Out: rows of
`audits`. It must not know files or formats.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.records.cells import readable
from engine.records.places import Place
from engine.records.stage import Stage
from engine.rulebook.fields import AUDIT_ID, AUDITS

BIRTH_MONTH = "birth_month"

# Where several kinds of work with a child go on, the first of these says what the case is.
PRECEDENCE = (
    "child_in_care",
    "care_leaver",
    "child_protection",
    "private_fostering",
    "child_in_need",
    "assessment",
    "early_help",
    "front_door",
)


@dataclass(frozen=True, slots=True)
class Work:
    """A spell of work with a child: which, since when, whether it is over, and who does it."""

    case_type: str
    start: date | None = None
    over: bool = False
    team: str = ""
    worker: str = ""

    @property
    def weight(self) -> tuple[bool, int, int, str, str]:
        """Return what is compared to find the work that says what the case is now."""
        newest = -(self.start or date.min).toordinal()
        return self.over, PRECEDENCE.index(self.case_type), newest, self.team, self.worker


@dataclass(slots=True)
class Child:
    """What is known of one child so far; a fact that is said differently is known several times."""

    place: Place
    cells: dict[str, str] = field(default_factory=dict)
    differ: dict[str, dict[str, Place]] = field(default_factory=dict)
    work: list[Work] = field(default_factory=list)
    untold: set[str] = field(default_factory=set)
    latest: date = date.min


class RecordChecks:
    """All children of an extract, by the number that it gives them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.writer = stage.rows(AUDITS)
        self.children: dict[str, Child] = {}
        self.month = self.writer.spec.fields[self.writer.spec.index[BIRTH_MONTH]]

    def child(self, number: str, place: Place, cells: Mapping[str, str | None]) -> None:
        """Take what a row says of a child, by field of `audits`.

        Where two rows differ, the fact is left blank and that is said: the order of rows settles
        nothing.
        """
        known = self.children.setdefault(number, Child(place))
        for name, cell in cells.items():
            if cell and known.cells.setdefault(name, cell) != cell:
                first = {known.cells[name]: known.place}
                known.differ.setdefault(name, first).setdefault(cell, place)

    def born(self, number: str, place: Place, text: str | None) -> None:
        """Take the day of birth that a row gives; only its month is kept or compared."""
        month = readable(text, self.month) if text else None
        self.child(number, place, {BIRTH_MONTH: str(month)[:7] if month else text})

    def works(self, number: str, place: Place, work: Work) -> None:
        """Take a spell of work with a child."""
        self.children.setdefault(number, Child(place)).work.append(work)

    def happened(self, number: str, day: date | None) -> None:
        """Take a day on which something happened with a child."""
        if day and number in self.children:
            child = self.children[number]
            child.latest = max(child.latest, day)

    def not_told(self, number: str, table: str) -> None:
        """Say that the extract cannot tell of a table for one child."""
        if number in self.children:
            self.children[number].untold.add(table)

    def case_type(self, number: str) -> str:
        """Return what a child's case is now; nothing where no work with the child is known."""
        child = self.children.get(number)
        work = child.work if child else ()
        return min(work, key=lambda one: one.weight).case_type if work else ""

    def write(self) -> None:
        """Write an audit for each child, by number."""
        for number in sorted(self.children):
            child = self.children[number]
            row = self._row(number, child)
            self.writer.present |= {name for name, cell in row.items() if cell}
            self.writer.add(child.place, [row.get(n) or None for n in self.writer.spec.names])

    def _row(self, number: str, child: Child) -> Mapping[str, str]:
        row = {AUDIT_ID: number, "child_id": number, **child.cells}
        for name, said in child.differ.items():
            self._say_differing(number, name, said)
            row[name] = ""
        if child.work:
            known = sorted(child.work, key=lambda work: work.weight)
            now, holder = known[0], next((w for w in known if w.team or w.worker), known[0])
            row |= {"case_type": now.case_type}
            row.setdefault("team", holder.team)
            row.setdefault("worker_id", holder.worker)
        if untold := child.untold & self.stage.tables.keys():
            row["not_examined"] = ";".join(sorted(untold))
        return row

    def _say_differing(self, number: str, name: str, said: Mapping[str, Place]) -> None:
        shown = " and ".join(f"`{cell}`" for cell in sorted(said))
        where = max(place.at(name) for place in said.values())
        told = f"`{name}` of child `{number}` is given as {shown}, so it is left blank"
        self.stage.warn(where, "B120", told, "put right the row that is wrong, and read it again")
