"""A performance extract: indicators with their figures, and what they say of single children.

In: a CSV file, a folder of them, or a workbook. Out: an `Extract` and what is wrong with it.
Sheets and files are told by their columns, never by their names. It must not know findings.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path

import duckdb

from engine.errors import Location, Problem, nearest
from engine.records.cells import Spec, Unreadable, Value, clean, read
from engine.records.delimited import delimiter_of, rows_of
from engine.records.dictionary import Dictionary, TableSpec
from engine.records.figures import Figures, figures_of
from engine.records.found import Found, look, stop
from engine.records.headers import SEARCHED, find_header
from engine.records.places import Layout, Part, Place
from engine.records.recognise import is_text, is_workbook
from engine.records.sheets import sheets_of
from engine.records.stage import Stage
from engine.records.text import utf8_of
from engine.rulebook.fields import Fields, FieldType

CODES = {
    "K001": "the extract holds no indicators",
    "K002": "the extract has no row",
    "K003": "an indicator stands for a standard that there is not",
    "K004": "a percentage is not between 0 and 100",
    "K005": "the numerator is above the denominator",
    "K006": "an indicator stands twice for the same period and team",
    "K007": "an indicator has no figure",
    "K008": "percentages were read as shares of one",
    "K009": "the percentage is not that of numerator and denominator",
    "K010": "a row about a child names no indicator of the extract",
    "K018": "a cell of the extract cannot be read",
    "K019": "a period ends before it starts",
}
WAY_OUT = "the columns are listed in docs/reference/reconcile.md"
MOST_ROWS = 2_000_000
_NEEDED = {"indicators": {"indicator", "standard"}, "children": {"child_id", "indicator"}}

Cells = Mapping[str, Value]


@dataclass(frozen=True)
class Indicator:
    """One figure: of what, for which period and team (none: all), and how many of how many.

    `share` is between 0 and 1; `met` and `of` may be unknown.
    """

    name: str
    standard: str
    team: str | None
    period_start: date | None
    period_end: date | None
    met: int | None
    of: int | None
    share: float
    place: Location


@dataclass
class Extract:
    """What a file says: indicators, and whether each child's case achieved them."""

    indicators: list[Indicator] = field(default_factory=list)
    children: dict[tuple[str, str], bool] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def put_aside(self) -> int:
        """Return how many rows could not be used."""
        return sum(not problem.warning for problem in self.problems)


def read_extract(
    source: Path, fields: Fields, standards: tuple[str, ...], con: duckdb.DuckDBPyConnection,
    scratch: Path,
) -> Extract:  # fmt: skip
    """Read an extract; `standards` are the ids that its indicators may stand for.

    Raises:
        Stop: it cannot be read at all, or holds no indicators.
    """
    specs = _specs(fields)
    found = look(source, scratch)
    stage = Stage(Dictionary({}), scratch, con)
    reading = _Reading(specs, frozenset(standards))
    tables = 0
    for part, rows in _parts(found, stage):
        tables += reading.take(part, rows)
    extract = reading.done()
    extract.problems = sorted({*extract.problems, *stage.warnings})
    if not tables:
        said = f"`{found.name}` has no table with the columns `indicator` and `standard`"
        raise stop(found.location, "K001", said, WAY_OUT)
    if not extract.indicators and not extract.put_aside:
        said = f"`{found.name}` has no row below its header"
        raise stop(found.location, "K002", said, "write a row for each indicator")
    return extract


def _specs(fields: Fields) -> Mapping[str, TableSpec]:
    def spec(name: str, kind: FieldType, *, required: bool = False) -> Spec:
        return Spec(name, kind, fields.earliest, fields.latest, required)

    text, day = FieldType.TEXT, FieldType.DATE
    indicators = (
        spec("indicator", text, required=True),
        spec("standard", text, required=True),
        spec("team", text),
        spec("period_start", day),
        spec("period_end", day),
        spec("numerator", text),
        spec("denominator", text),
        spec("percentage", text),
    )
    children = (
        spec("child_id", FieldType.ID, required=True),
        spec("indicator", text, required=True),
        spec("achieved", FieldType.YES_NO, required=True),
    )
    return {
        "indicators": TableSpec("indicators", indicators),
        "children": TableSpec("children", children),
    }


Rows = Iterable[tuple[int, list[str | None]]]


def _parts(found: Found, stage: Stage) -> Iterator[tuple[Part, Rows]]:
    files = found.inside if found.folder else (found,)
    for file in files:
        if file.folder:
            continue
        if is_workbook(file):
            with sheets_of(file) as sheets:
                for sheet in sheets:
                    part = Part(file.name, Layout.SHEET, sheet.title)
                    yield part, ((row.number, row.cells) for row in sheet.rows())
        elif is_text(file):
            path = utf8_of(file, stage)
            rows = rows_of(path, delimiter_of(path))
            yield Part(file.name, Layout.LINES), ((line, [*cells]) for line, cells in rows)


class _Reading:
    """The rows of an extract as they are read; what is wrong is collected."""

    def __init__(self, specs: Mapping[str, TableSpec], standards: frozenset[str]) -> None:
        self.specs, self.standards = specs, standards
        self.found = Extract()
        self._figures: list[tuple[Place, Cells]] = []
        self._children: list[tuple[Place, Cells]] = []

    def take(self, part: Part, rows: Rows) -> int:
        """Take the rows of a sheet or file; return whether it holds indicators."""
        each = iter(rows)
        first = list(islice(each, SEARCHED))
        for name in ("children", "indicators"):
            header = find_header(self.specs[name], [cells for _, cells in first])
            if header and header.columns.keys() >= _NEEDED[name]:
                placed = Part(part.file, part.layout, part.sheet, header.columns)
                below = chain(first[header.above + 1 :], each)
                into = self._children if name == "children" else self._figures
                for line, row in islice(below, MOST_ROWS):
                    if any(clean(cell) for cell in row):
                        place = Place(placed, line)
                        cells = self._read(place, name, header.cells(self.specs[name], row))
                        if cells is not None:
                            into.append((place, cells))
                return name == "indicators"
        return 0

    def _read(self, place: Place, table: str, raw: list[str | None]) -> Cells | None:
        cells: dict[str, Value] = {}
        for spec, cell in zip(self.specs[table].fields, raw, strict=True):
            try:
                cells[spec.name] = read(cell, spec)
            except Unreadable as wrong:
                self._say(place.at(spec.name), "K018", wrong.message, wrong.help)
                return None
        return cells

    def done(self) -> Extract:
        """Return what was read, once all of it is known."""
        figures = figures_of(cells for _, cells in self._figures)
        if figures.shares and self._figures:
            where = self._figures[0][0].at("percentage")
            said = "no percentage is above 1, and all were read as shares: 0.85 as 85%"
            self._say(where, "K008", said, "write percentages as 85 or 85%", warning=True)
        seen: dict[tuple[object, ...], Location] = {}
        for place, cells in self._figures:
            one = self._indicator(place, cells, figures)
            if one is not None and self._is_new(place, one, seen):
                self.found.indicators.append(one)
        self._take_children()
        return self.found

    def _indicator(self, place: Place, cells: Cells, figures: Figures) -> Indicator | None:
        standard = next((s for s in self.standards if s.lower() == str(cells["standard"]).lower()),
                        None)  # fmt: skip
        if standard is None:
            said = f"`{cells['standard']}` is no standard of the rulebook"
            near = nearest(str(cells["standard"]).upper(), self.standards)
            self._say(place.at("standard"), "K003", said, near)
            return None
        start, end = cells["period_start"], cells["period_end"]
        if isinstance(start, date) and isinstance(end, date) and end < start:
            said = f"the period ends on {end}, before it starts on {start}"
            self._say(place.at("period_end"), "K019", said, "")
            return None
        figure, wrong = figures.of(cells)
        for fault in wrong:
            self._say(place.at(fault.field), fault.code, fault.message, fault.help)
        if figure is None:
            return None
        team = cells["team"]
        return Indicator(
            str(cells["indicator"]), standard, str(team) if team else None,
            start if isinstance(start, date) else None, end if isinstance(end, date) else None,
            figure.met, figure.of, figure.share, place.at("indicator"),
        )  # fmt: skip

    def _is_new(
        self, place: Place, one: Indicator, seen: dict[tuple[object, ...], Location]
    ) -> bool:
        key = (one.name, one.team, one.period_start, one.period_end)
        if key in seen:
            said = f"`{one.name}` stands twice for the same period and team, first at {seen[key]}"
            self._say(place.at("indicator"), "K006", said, "keep the row that is right")
            return False
        seen[key] = one.place
        return True

    def _take_children(self) -> None:
        names = {one.name for one in self.found.indicators}
        known = {name.lower(): name for name in sorted(names)}
        for place, cells in self._children:
            said, child = str(cells["indicator"]), str(cells["child_id"])
            name = said if said in names else known.get(said.lower())
            if name is None:
                near = nearest(said, tuple(known.values()))
                text = f"`{said}` is no indicator of this extract that can be used"
                self._say(place.at("indicator"), "K010", text, near)
                continue
            achieved = bool(cells["achieved"])
            if self.found.children.setdefault((name, child), achieved) != achieved:
                text = f"an earlier row says otherwise of `{name}` for this child, and counts"
                self._say(place.at("achieved"), "K010", text, "keep the row that is right")

    def _say(
        self, where: Location, code: str, said: str, help_: str, *, warning: bool = False
    ) -> None:
        self.found.problems.append(Problem(where, code, said, help_, warning=warning))
