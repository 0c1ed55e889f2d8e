"""A scene: a few audits, a few standards and what the input holds, for both judges to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from engine.records.batch import Partly
from engine.rulebook.book import Book as RulebookLists
from engine.rulebook.book import Rulebook
from engine.rulebook.calendar import read_calendar
from engine.rulebook.fields import AUDITS, Fields
from engine.rulebook.judgement import Judgement
from engine.rulebook.model import Strict
from engine.rulebook.source import read_source
from engine.rulebook.standard import Standard
from engine.rulebook.validate import validate
from tests.differential.record import EARLIER
from tests.differential.reference import Book, Presence, Record, Result, Row, judge_record

RULES = Path(__file__).parents[2] / "rules"
SETTINGS = {"seen_alone_from_age": 3}
TABLES = ("plans", "plan_actions", "visits", "reviews", "missing_episodes", "answers", "exceptions")
SAID = {"silence", "applies_to", "trigger", "measure", "versions", "may_be_absent",
        "exceptions"}  # fmt: skip
M = TypeVar("M", bound=Strict)


@dataclass(frozen=True, repr=False)
class Scene:
    """What both judges are shown; `put_aside`: for each audit the tables that lost a row.

    `partly` says what some audits cannot tell, by part; `parts` which audits are in which.
    """

    standards: tuple[Standard, ...]
    records: Mapping[str, Record]
    columns: Mapping[str, frozenset[str]]
    as_of: date
    latest_only: frozenset[str] = frozenset()
    put_aside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    asked: frozenset[str] | None = None
    partly: Mapping[str, Partly] = field(default_factory=dict)
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return what a reader of a failure needs: what was said, and no blanks."""
        lines = [f"as of {self.as_of}; latest only: {sorted(self.latest_only)}"]
        missing = [t for t in TABLES if t not in self.columns]
        lines.append(f"absent: {missing}; put aside: {dict(self.put_aside)}; asked: {self.asked}")
        lines.append(f"partly: {self.partly}; parts: {self.parts}")
        for standard in self.standards:
            said = standard.model_dump(mode="json", exclude_defaults=True, include=SAID)
            lines.append(f"{standard.id}: {said}")
        for audit, record in self.records.items():
            for table, rows in record.items():
                lines += [f"{audit} {table}: {_filled(row)}" for row in rows]
        return "\n".join(lines)


def reference_findings(scene: Scene) -> dict[tuple[str, str], Result]:
    """Return what the naive reference finds, by audit and standard."""
    book = reference_book()
    found = {}
    for audit, record in scene.records.items():
        aside = scene.put_aside.get(audit, frozenset())
        untold = _untold(scene, scene.parts.get(audit, frozenset()))
        presence = Presence(scene.columns, scene.latest_only, aside, scene.asked, untold)
        for standard in scene.standards:
            found[audit, standard.id] = judge_record(standard, record, presence, scene.as_of, book)
    return found


def _untold(scene: Scene, parts: frozenset[str]) -> frozenset[tuple[str, str]]:
    of = [scene.partly[name] for name in parts]
    columns = {(part.table, column) for part in of for column in part.columns}
    return frozenset(columns | {(part.table, EARLIER) for part in of if part.latest})


def reference_book() -> Book:
    """Return what the reference is told of the rulebook."""
    return Book(rulebook().fields, rulebook().calendar, SETTINGS)


@cache
def rulebook() -> Rulebook:
    """Return the shipped dictionary, lists and calendar, with no standards."""
    lists, fields = _model("rulebook.yaml", RulebookLists), _model("fields.yaml", Fields)
    name = RULES / "calendars" / f"{lists.calendar}.yaml"
    calendar, problems = read_calendar(name.read_bytes(), name.name)
    assert calendar is not None, problems
    judgement = _model("judgement.yaml", Judgement)
    lists = lists.model_copy(update={"settings": SETTINGS})
    return Rulebook(lists, fields, calendar, (), judgement, {}, "", "")


def all_columns() -> dict[str, frozenset[str]]:
    """Return every table with every column of the dictionary."""
    return {name: frozenset(t.fields) for name, t in rulebook().fields.tables.items()}


def _filled(row: Row) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)


def _model(name: str, model: type[M]) -> M:
    source, problems = read_source((RULES / name).read_bytes(), name)
    assert source is not None, problems
    read, problems = validate(model, source)
    assert read is not None, problems
    return read


__all__ = ["AUDITS", "Scene", "all_columns", "reference_findings", "rulebook"]
