"""Children who stand on several lists of Annex A become one audit each.

In: every line that names a child, as a `Mention`. Out: rows of `audits`. The order of sheets and of
lines never matters. It must not know sheets or columns.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.records.cells import clean, readable
from engine.records.places import Place
from engine.records.readers.annex_a_care import Care, care_of
from engine.records.readers.annex_a_lists import CAME, LIST_OF, LISTS, PRECEDENCE, AnnexList
from engine.records.stage import Stage
from engine.rulebook.fields import AUDIT_ID, AUDITS

BIRTH_MONTH = "birth_month"


@dataclass(frozen=True)
class Mention:
    """What one line of a list says of its child.

    `over`: what the list is about is over. `unborn`: the line says that the child is not yet born.
    `latest`: the latest day of the line. `untold`: tables of which the list does not tell here.
    `case_type`: what the line says that the case is. `tells`: tables of which the list tells.
    `facts`: the cells of days, by field of `audits`, of the columns that the list has.
    """

    list: AnnexList
    place: Place
    birth: str
    team: str
    worker: str
    over: bool
    unborn: bool
    latest: date
    untold: frozenset[str]
    case_type: str
    tells: frozenset[str]
    facts: Mapping[str, str]

    @property
    def weight(self) -> tuple[bool, int, int, str, str, str]:
        """Return what is compared to find the line that says what the case is now."""
        rank = PRECEDENCE.index(self.elsewhere or self.list.number)
        return self.over, rank, -self.latest.toordinal(), self.team, self.worker, self.birth

    @property
    def elsewhere(self) -> int:
        """Return the list on which the child must stand too, if the line says so; else 0."""
        return LIST_OF.get(self.case_type, 0) if self.list.status else 0


class Children:
    """All children of a workbook, by their number."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.writer = stage.rows(AUDITS)
        self.mentions: dict[str, list[Mention]] = defaultdict(list)
        self.told: dict[str, set[str]] = defaultdict(set)
        self._month = self.writer.spec.fields[self.writer.spec.index[BIRTH_MONTH]]

    def add(self, child: str, mention: Mention) -> None:
        """Take a line that names a child."""
        self.mentions[child].append(mention)

    def write(self, unsure: frozenset[str]) -> None:
        """Write the audits; no row in an `unsure` table says nothing of a child."""
        self.writer.present.add("case_type")
        for child in sorted(self.mentions):
            told = self.told[child]
            self._write(child, sorted(self.mentions[child], key=lambda m: m.weight), unsure - told)

    def _write(self, child: str, mentions: Sequence[Mention], unsure: frozenset[str]) -> None:
        birth, place = self._birth(child, mentions)
        care = self._care(child, mentions)
        if care.place and (not birth or readable(birth, self._month)):
            place = care.place
        holder = next((m for m in mentions if m.team or m.worker), mentions[0])
        untold = unsure.union(_untold(mentions), {AUDITS} if care.untold else ())
        row = {
            AUDIT_ID: child,
            "child_id": child,
            "case_type": mentions[0].case_type,
            "team": holder.team,
            "worker_id": holder.worker,
            BIRTH_MONTH: birth,
            "unborn": "yes" if self._unborn(mentions) else "",
            "not_examined": ";".join(sorted(untold & self.stage.tables.keys())),
            **care.days,
        }
        self.writer.present |= {name for name, cell in row.items() if cell}
        self.writer.add(place, [row.get(name) or None for name in self.writer.spec.names])

    def _care(self, child: str, mentions: Sequence[Mention]) -> Care:
        day = self.writer.spec.fields[self.writer.spec.index[CAME]]
        care = care_of(child, mentions, day)
        for where, code, said in care.warnings:
            self.stage.warn(where, code, said)
        # without the column nobody can say that the day was not recorded
        told = any(CAME in m.facts for m in mentions) or CAME not in self.writer.present
        in_care = mentions[0].case_type == "child_in_care"
        return replace(care, untold=care.untold or (in_care and not told))

    def _unborn(self, mentions: Sequence[Mention]) -> bool:
        """Say whether a list calls the child unborn and none gives a day of birth."""
        born = any(readable(m.birth, self._month) for m in mentions if not m.unborn)
        return not born and any(m.unborn for m in mentions)

    def _birth(self, child: str, mentions: Sequence[Mention]) -> tuple[str, Place]:
        """Return the day of birth; blank where the lists differ, unreadable where no list's is."""
        stated = [m for m in mentions if clean(m.birth)]
        known = [m for m in stated if readable(m.birth, self._month)]
        months = {readable(m.birth, self._month): m for m in known}
        if len(months) > 1:
            self._differ(child, [(m, str(month)[:7]) for month, m in months.items()])
            return "", mentions[0].place
        if known:
            self._say_unreadable(child, [m for m in stated if m not in known])
        chosen = next(iter(known or stated), mentions[0])
        return chosen.birth, chosen.place

    def _differ(self, child: str, known: Sequence[tuple[Mention, str]]) -> None:
        by_list = sorted((m.list.number, month, m.list.name) for m, month in known)
        said = ", ".join(f"{month} ({name})" for _, month, name in by_list)
        self.stage.warn(
            max(m.place.at(BIRTH_MONTH) for m, _ in known),
            "B109",
            f"child `{child}` has several months of birth, so none is kept: {said}",
        )

    def _say_unreadable(self, child: str, mentions: Sequence[Mention]) -> None:
        said = f"the date of birth of child `{child}` cannot be read here; another list's was taken"
        for mention in mentions:
            self.stage.warn(mention.place.at(BIRTH_MONTH), "B109", said)


def _untold(mentions: Sequence[Mention]) -> frozenset[str]:
    """Return the tables of which the lists that name a child do not tell."""
    tells = frozenset[str]().union(*(m.tells for m in mentions))
    silent = frozenset[str]().union(*(m.list.silent for m in mentions)) - tells
    lists = {m.list.number for m in mentions}
    missing = {m.elsewhere for m in mentions} - lists
    lost = {rows.table for one in LISTS if one.number in missing for rows in one.rows}
    return silent.union(lost, *(m.untold for m in mentions))
