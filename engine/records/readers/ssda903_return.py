"""An SSDA903 return as it is read, row by row, from whatever file: children and rows of tables.

In: cells by the name of their column, with their places. Out: rows on the stage. The return tells
of one year, which it does not name: it is the year in which nearly all reviews lie and nearly all
episodes end, and where there is no such year, no series is judged.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter

from engine.errors import Location
from engine.records.cells import Spec, identifier, readable
from engine.records.dictionary import TableSpec
from engine.records.places import Fault, Part, Place
from engine.records.readers import ssda903_tables as t
from engine.records.readers.annex_a_words import ARRANGEMENTS
from engine.records.readers.collection_year import UNTOLD, year_of, year_to
from engine.records.readers.ssda903_care import Episode, care, placements
from engine.records.record_checks import RecordChecks, Work
from engine.records.stage import Stage
from engine.records.staging import RowStage
from engine.rulebook.fields import AUDIT_ID

NEARLY_ALL = 0.95  # of the days of a return lie in its year
HELD = (t.CHILD, t.START, t.END, t.NEW, t.STATUS, t.PLACE, t.LEFT)

Row = Mapping[str, str]


class Numbers:
    """The numbers of children, which one file may write with zeros in front and another without."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self._bare: dict[str, set[str]] = {}

    def add(self, number: str) -> None:
        """Take a number as the header writes it."""
        self.known.add(number)
        self._bare.setdefault(number.lstrip("0"), set()).add(number)

    def of(self, raw: str) -> str:
        """Return the number that a cell names, as the header writes it."""
        number = identifier(raw)
        if number in self.known or not number.isdecimal():
            return number
        alike = self._bare.get(number.lstrip("0"), set())
        return next(iter(alike)) if len(alike) == 1 else number


class Return:
    """Takes rows of every table; the headers come first."""

    def __init__(self, stage: Stage, where: Location) -> None:
        self.stage, self.where = stage, where
        self.checks = RecordChecks(stage)
        self.numbers = Numbers()
        plans = stage.dictionary.tables["plans"]
        self.day: Spec = plans.fields[plans.index["start_date"]]
        text = stage.dictionary.tables["plans"].fields[plans.index[AUDIT_ID]]
        spec = TableSpec("ssda903_episodes", tuple(_named(text, name) for name in HELD))
        self.episodes = RowStage(spec, stage.scratch, stage.put_aside)
        self.years = Counter[int]()
        self.last: dict[int, date] = {}
        self.reviewed: dict[str, date] = {}
        self.workers: dict[str, tuple[date, str]] = {}
        self.skipped: dict[str, list[Place]] = {}
        self.untitled: dict[str, Place] = {}

    def take(self, table: t.Table, place: Place, row: Row) -> None:
        """Take a row of a table."""
        number = self.numbers.of(row.get(t.CHILD, ""))
        if not number:
            fault = Fault(AUDIT_ID, "B301", f"`{t.CHILD}` is blank and must be filled")
            self.stage.rows(table.fills).refuse(place, row, [fault])
            return
        if table.name == t.HEADER:
            self.numbers.add(number)
        elif number not in self.numbers.known:
            self.untitled.setdefault(number, place)
        self.checks.child(number, place, {})
        self.checks.born(number, place, row.get(t.BORN))
        if table.name == t.EPISODES:
            self.episodes.add(place, [number, *(row.get(name) for name in HELD[1:])])
        elif table.name == t.REVIEWS:
            self._review(number, place, row)
        elif table.name == t.MISSING:
            self._missing(number, place, row)
        elif table.name == t.WORKERS:
            self._worker(number, place, row)

    def close(self) -> None:
        """Write everything that could be told only at the end."""
        period = self._period()
        self._care(period)
        for number, (_, worker) in self.workers.items():
            # since when the worker has been allocated is not said of every child
            self.checks.children[number].cells["worker_id"] = worker
        self._say_skipped()
        if period:
            first, last = (day.isoformat() for day in period)
            for child in self.checks.children.values():
                child.cells |= {"period_start": first, "period_end": last}
        else:
            filled = {table.fills for table in t.TABLES if table.names}
            self.stage.latest_only |= filled & self.stage.tables.keys()
        self.checks.write()

    def moment(self, text: str) -> date | None:
        """Return the day that a text says, if it can be read."""
        return readable(text, self.day)

    def _add(self, table: str, place: Place, cells: Mapping[str, str]) -> None:
        staged = self.stage.rows(table)
        staged.add(place, [cells.get(name) or None for name in staged.spec.names])

    def _seen(self, day: date | None, *, counts: bool = True) -> None:
        """Note a day on which something happened; those that `counts` lie in the year."""
        if day:
            year = year_of(day)
            self.years[year] += counts
            self.last[year] = max(day, self.last.get(year, day))

    def _review(self, number: str, place: Place, row: Row) -> None:
        text, day = row.get("REVIEW", ""), self.moment(row.get("REVIEW", ""))
        self._seen(day)
        if day:
            self.reviewed[number] = min(day, self.reviewed.get(number, day))
        cells = {
            AUDIT_ID: number,
            "kind": "child_in_care",
            "held_date": text,
            "participation": row.get("REVIEW_CODE", "").upper(),
        }
        self._add("reviews", place, cells)

    def _missing(self, number: str, place: Place, row: Row) -> None:
        start, end = row.get("MIS_START", ""), row.get("MIS_END", "")
        if row.get("MISSING", "").upper() == t.AWAY:
            self.skipped.setdefault(t.AWAY, []).append(place)
            return
        self._seen(self.moment(start), counts=False)
        cells = {AUDIT_ID: number, "missing_at": start, "returned_at": end}
        self._add("missing_episodes", place, cells)

    def _worker(self, number: str, place: Place, row: Row) -> None:
        worker, start, end = (row.get(c, "") for c in (t.WORKER, t.WORKER_START, t.WORKER_END))
        why = row.get(t.WORKER_WHY, "")
        cells = {
            AUDIT_ID: number,
            "worker_id": worker,
            "start_date": start,
            "end_date": end,
            "reason": t.REASONS.get(why.upper(), why),
        }
        self._add("allocations", place, cells)
        day = self.moment(start)
        if day and worker and not end and day >= self.workers.get(number, (day, ""))[0]:
            self.workers[number] = day, worker

    def _period(self) -> tuple[date, date] | None:
        """Return the first day of the return's year, and the last of its days in it."""
        for row in self._held():
            self._seen(self.moment(str(row[2] or "")))
            self._seen(self.moment(str(row[1] or "")), counts=False)
        total = self.years.total()
        year, count = max(self.years.items(), key=itemgetter(1), default=(0, 0))
        if total and count >= NEARLY_ALL * total and year_to(year)[0] >= self.day.earliest:
            return year_to(year)[0], self.last[year]
        said = f"no year to 31 March holds the reviews and the ends of episodes, so {UNTOLD}"
        self.stage.warn(self.where, "B131", said, "a return tells of one year")
        return None

    def _held(self) -> Iterator[Sequence[str | int | None]]:
        """Yield the episodes of one child after another: cells, part, line and path."""
        staged = self.episodes
        if staged.many:
            query = f"FROM {staged.relation()} ORDER BY {t.CHILD}, _part::INT, _line::INT, _path"
            found = self.stage.con.cursor().execute(query)
            while some := found.fetchmany(10_000):
                yield from some
        else:
            yield from sorted(staged.buffer, key=lambda row: str(row[0]))

    def _care(self, period: tuple[date, date] | None) -> None:
        parts = self.episodes.parts
        for number, rows in groupby(self._held(), key=itemgetter(0)):
            episodes = [self._episode(row, parts) for row in rows]
            self._child(str(number), episodes, period)

    def _episode(self, row: Sequence[str | int | None], parts: tuple[Part, ...]) -> Episode:
        *written, part, line, path = row
        _, start, end, new, status, where, left = (str(cell or "").strip() for cell in written)
        place = Place(parts[int(part or 0)], int(line or 0), str(path or ""))
        codes = new.upper(), status.upper(), where.upper(), left.upper()
        return Episode(place, start, end, *codes, self.moment(start), self.moment(end))

    def _child(
        self, number: str, episodes: list[Episode], period: tuple[date, date] | None
    ) -> None:
        for episode in placements(episodes):
            cells = {
                AUDIT_ID: number,
                "start_date": episode.start,
                "end_date": episode.end,
                "arrangement": ARRANGEMENTS.get(episode.where, ""),
            }
            self._add("placements", episode.place, cells)
        breaks = [episode.place for episode in episodes if episode.is_break]
        self.skipped.setdefault("breaks", []).extend(breaks)
        stays = [episode for episode in episodes if not episode.is_break]
        if not stays:
            self.checks.not_told(number, "placements")
            return
        time = care(episodes)
        started = time.began or min((e.first for e in stays if e.first), default=None)
        work = Work("child_in_care", started, time.ended is not None)
        self.checks.works(number, stays[0].place, work)
        days = {"came_into_care_date": time.began, "left_care_date": time.ended}
        cells = self.checks.children[number].cells
        cells |= {name: day.isoformat() for name, day in days.items() if day}
        if self._hidden(number, time.began, period):
            self.checks.not_told(number, "reviews")

    def _hidden(self, number: str, began: date | None, period: tuple[date, date] | None) -> bool:
        """Say whether reviews may lie before the year, of which the return does not tell."""
        if began is None:
            return True
        first = self.reviewed.get(number)
        before = first is not None and period is not None and began <= first <= period[0]
        return period is not None and began < period[0] and not before

    def _say_skipped(self) -> None:
        said = {
            t.AWAY: "times of being away without leave (`A`), when it was known where the child "
            "was, are no missing episodes",
            "breaks": "episodes of short breaks (`V3`, `V4`) are no placements of a child in care",
        }
        for kind, places in sorted(self.skipped.items()):
            if places:
                self.stage.warn(places[0].at(), "B133", f"{len(places):,} {said[kind]}")
        if self.untitled and self.numbers.known:
            number, place = next(iter(self.untitled.items()))
            many = f"{len(self.untitled):,} children stand in no header, the first of them"
            one = (
                f"{many} `{number}`"
                if len(self.untitled) > 1
                else f"child `{number}` stands in no header"
            )
            self.stage.warn(
                place.at(AUDIT_ID), "B132", f"{one}, so the month of birth may be unknown"
            )


def _named(spec: Spec, name: str) -> Spec:
    return Spec(name, spec.type, spec.earliest, spec.latest)
