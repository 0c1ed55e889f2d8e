"""One look over all tables in Python, where their rows are few: it sees the same as `sweep.py`.

In: a batch whose rows are held. Out: what some row of each table shows. A database would plan the
question for longer than it looks; a test holds the two together.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from engine.records.batch import Batch
from engine.records.held import Held
from engine.records.quality.lives import LIVES, Days
from engine.rulebook.fields import AUDIT_ID, RECORDED
from engine.workdays import add_months


class Life(NamedTuple):
    """The days of a child's life that rows are held against."""

    birth: date | None
    death: date | None
    entered: date | None
    selected: date | None


class Shown(NamedTuple):
    """What the rows of a table show: the last days, and whether some row is out of order."""

    high: date | None
    made: date | None
    early: bool
    dead: bool
    care: bool
    before: bool
    late: bool
    filled_in: bool


def all_held(batch: Batch) -> bool:
    """Say whether the rows of every table are held."""
    return all(batch.held(table) is not None for table in batch.presence.columns)


def shown_by_held(batch: Batch, tables: Mapping[str, Days], late: int) -> Iterator[Shown]:
    """Yield what the rows of each table show, in the order given; nothing of one without rows."""
    rows = batch.con.execute(f"SELECT {AUDIT_ID}, birth, death, entered, selected FROM {LIVES}")
    lives = {audit: Life(*days) for audit, *days in rows.fetchall()}
    for table, days in tables.items():
        if (held := batch.held(table)) is not None:
            yield _Table(held, days, [lives[str(audit)] for audit in held[AUDIT_ID]]).shown(late)


class _Table(NamedTuple):
    held: Held
    days: Days
    lives: Sequence[Life]

    def shown(self, late: int) -> Shown:
        recorded = [*self._recorded()]
        return Shown(
            self._last(self.days.unplanned),
            self._last(self.days.made),
            any(self._early(months, names) for months, names in self.days.by_months.items()),
            any(day > life.death for day, life in self._of(self.days.lived) if life.death),
            any(day < life.entered for day, life in self._in_care() if life.entered),
            any(entry < day for entry, day, _ in recorded),
            any((entry - day).days > late for entry, day, _ in recorded),
            any(life.selected and entry > life.selected >= day for entry, day, life in recorded),
        )

    def _column(self, name: str) -> Iterator[date | None]:
        for value in self.held[name]:
            if isinstance(value, datetime):
                yield value.date()
            else:
                yield value if isinstance(value, date) else None

    def _of(self, names: Sequence[str]) -> Iterator[tuple[date, Life]]:
        """Yield the days of these columns, each with the life of the row's child."""
        for name in names:
            for day, life in zip(self._column(name), self.lives, strict=True):
                if day:
                    yield day, life

    def _last(self, names: Sequence[str]) -> date | None:
        return max((day for day, _ in self._of(names)), default=None)

    def _early(self, months: int, names: Sequence[str]) -> bool:
        births = {life.birth for life in self.lives if life.birth}
        first = {birth: add_months(birth, -months) for birth in births}
        return any(day < first[life.birth] for day, life in self._of(names) if life.birth)

    def _in_care(self) -> Iterator[tuple[date, Life]]:
        if not self.days.care:
            return
        kinds = self.held["kind"]
        for kind, day, life in zip(kinds, self._column(self.days.care), self.lives, strict=True):
            if day and kind == "child_in_care":
                yield day, life

    def _recorded(self) -> Iterator[tuple[date, date, Life]]:
        """Yield the day of entry and the own day of each row that has both."""
        if not self.days.own:
            return
        columns = self._column(RECORDED), self._column(self.days.own), self.lives
        for entry, day, life in zip(*columns, strict=True):
            if entry and day:
                yield entry, day, life
