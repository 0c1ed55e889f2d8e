"""What the dataset says of the children themselves: birth, periods of care, how far it reaches.

In: lines of the tables that name them. Out: facts of `audits`. It must not know files.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.records.cells import identifier, plain, readable
from engine.records.places import Fault, Place
from engine.records.readers.ssd_files import Line, day_text
from engine.records.record_checks import RecordChecks
from engine.records.stage import Stage
from engine.rulebook.fields import AUDIT_ID

# A child is seldom born so many days after the day on which it was expected.
OVERDUE = timedelta(days=42)
WINDOW = timedelta(days=6 * 365 + 1)  # the extract looks back six years from the day it is made

Days = Callable[[str | None], date | None]


@dataclass
class People:
    """The children of the extract: when they were born, and who is not yet born."""

    stage: Stage
    checks: RecordChecks
    births: dict[str, date] = field(default_factory=dict)
    expected: dict[str, tuple[date | None, Place]] = field(default_factory=dict)
    present: set[str] = field(default_factory=lambda: {"case_type", "birth_month", "death_date"})

    def take(self, number: str, line: Line, place: Place) -> None:
        """Take a row of the persons."""
        writer = self.checks.writer
        if not number:
            fault = Fault(AUDIT_ID, "B301", "`pers_person_id` is blank and must be filled")
            writer.refuse(place, {"pers_dob": line["pers_dob"]}, [fault])
            return
        text = day_text(line["pers_dob"] or "")
        day = self._day(text) if text else None
        self.checks.born(number, place, text)
        self.checks.child(number, place, {"death_date": day_text(line["pers_death_date"] or "")})
        if day:
            self.births.setdefault(number, day)
        elif not text and line["pers_expected_dob"] and not line["pers_death_date"]:
            self.expected[number] = self._day(day_text(line["pers_expected_dob"])), place

    def unborn_on(self, number: str, day: date | None) -> bool:
        """Say whether a child was not yet born on a day."""
        born = self.births.get(number)
        return number in self.expected if born is None else day is not None and day < born

    def finish(self) -> None:
        """Say of each child without a day of birth whether it is unborn."""
        self.present |= {"unborn"} if self.expected else set()
        for number in sorted(self.expected.keys() - self.births.keys()):
            due, place = self.expected[number]
            if due and self.checks.children[number].latest > due + OVERDUE:
                said = (
                    f"child `{number}` was expected on {due} and has no day of birth, and the work "
                    "went on: whether the child is born cannot be told"
                )
                self.stage.warn(place.at("unborn"), "B127", said, "enter the day of birth")
            else:
                self.checks.child(number, place, {"unborn": "yes"})

    def _day(self, text: str | None) -> date | None:
        spec = self.stage.dictionary.tables["plans"]
        return readable(text or "", spec.fields[spec.index["start_date"]])


@dataclass(frozen=True)
class Period:
    """The latest period of care of a child."""

    entered: date | None
    left: date | None

    def cells(self) -> Mapping[str, str | None]:
        """Return what it fills of `audits`."""
        days = {"came_into_care_date": self.entered, "left_care_date": self.left}
        return {name: day.isoformat() if day else None for name, day in days.items()}


Episode = tuple[date | None, date | None, bool]


@dataclass
class Care:
    """The periods of care, and whose each of them is."""

    people: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    episodes: dict[str, dict[str, list[Episode]]] = field(default_factory=dict)

    def episode(self, number: str, line: Line, days: Days) -> None:
        """Take an episode: when its period began, when it ceased, whether care went on."""
        period = identifier(line["clae_cla_id"])
        if period:
            self.people[period].add(number)
        entered = days(line["clae_entered_care_date"])
        ceased = days(line["clae_cla_episode_ceased_date"])
        reason = plain(line["clae_cla_episode_ceased_reason"] or "")
        on = ceased is None or reason.startswith(("x1", "episode_ceases_and_new_episode"))
        mine = self.episodes.setdefault(number, {})
        mine.setdefault(f"{entered}" if entered else period, []).append((entered, ceased, on))

    def period(self, number: str) -> Period | None:
        """Return the period of care of a child that began last."""
        mine = self.episodes.get(number)
        if not mine:
            return None
        latest = max(mine.values(), key=lambda one: (one[0][0] or date.min, self._end(one)))
        end = self._end(latest)
        return Period(latest[0][0], None if end == date.max else end)

    def _end(self, episodes: list[Episode]) -> date:
        """Return the day that a period of care ended; the last of days where it goes on."""
        last = max((ceased or date.max, not on) for _, ceased, on in episodes)
        return last[0] if last[1] else date.max


@dataclass
class Horizon:
    """How far back each table reaches, and since when each child's plans and placements run."""

    first: dict[str, date] = field(default_factory=dict)
    last: dict[str, date] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)

    def take(self, table: str, number: str, day: date | None) -> None:
        """Take a day on which something happened."""
        if day is None:
            return
        self.first[table] = min(day, self.first.get(table, day))
        self.last[table] = max(day, self.last.get(table, day))
        if table in ("plans", "placements"):
            self.began(number, day)

    def began(self, number: str, day: date | None) -> None:
        """Take the day on which a plan, a placement or a period of care began."""
        if day:
            self.since[number] = min(day, self.since.get(number, day))

    def cut(self, table: str) -> date | None:
        """Return the day before which a table of visits or reviews may have been cut off."""
        if table not in self.first:
            return None
        return min(self.first[table], self.last[table] - WINDOW)
