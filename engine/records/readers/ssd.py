"""The Standard Safeguarding Dataset: a folder of CSV files, as exported from its SQL tables.

Every child becomes one audit without an auditor's grade; what each table says of the child stands
in `ssd_tables.py`. The tables give the full history of six years, so series are judged.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from engine.errors import Location
from engine.records.cells import identifier
from engine.records.found import Found
from engine.records.places import Fault, Place
from engine.records.readers.ssd_children import Care, Horizon, People
from engine.records.readers.ssd_doubles import Doubles
from engine.records.readers.ssd_facts import Facts
from engine.records.readers.ssd_files import (
    Heading,
    Line,
    Sheet,
    column_of,
    day_text,
    heading_of,
    other_table,
)
from engine.records.readers.ssd_shapes import OF_THE_CHILD, Rows, Table
from engine.records.readers.ssd_silence import Silence
from engine.records.readers.ssd_tables import (
    CARE,
    DEPARTMENT,
    EPISODES,
    PERSON,
    TABLES,
)
from engine.records.record_checks import RecordChecks, Work
from engine.records.stage import Stage
from engine.rulebook.fields import AUDIT_ID


def recognise(found: Found) -> bool:
    """Say whether a folder that holds no table of ours holds one of the data set."""
    return any(heading_of(inner) for inner in found.inside)


def read(found: Found, stage: Stage) -> None:
    """Fill the stage with a child an audit."""
    stage.source = "Standard Safeguarding Dataset"
    sheets: dict[str, list[Sheet]] = defaultdict(list)
    others: set[str] = set()
    for inner in found.inside:
        if heading := heading_of(inner):
            sheets[heading.table.name].append(_sheet(inner, heading, stage))
        elif other := other_table(inner):
            others.add(other)
        else:
            stage.not_read(inner)
    if others:
        said = f"{', '.join(f'`{name}`' for name in sorted(others))} say nothing that a field holds"
        stage.warn(found.location, "B108", f"{said}, and were not read")
    Extract(found, stage, sheets).read()


def _sheet(found: Found, heading: Heading, stage: Stage) -> Sheet:
    sheet = Sheet(found, heading, stage)
    for at, title in enumerate(heading.titles):
        where = Location(found.name, line=sheet.header_line, column=at + 1)
        _say_title(title, where, at, sheet, stage)
    return sheet


def _say_title(title: str, where: Location, at: int, sheet: Sheet, stage: Stage) -> None:
    if not title.strip():
        return
    column, table = column_of(title), sheet.heading.table
    if column not in table.columns:
        said = f"`{title.strip()}` is no column of `{table.name}` and was not read"
        stage.warn(where, "B102", said)
    elif sheet.columns[column] != at:
        said = f"`{column}` stands twice in `{table.name}`, and the first was read"
        stage.warn(where, "B102", said)


class Extract:
    """An extract that is being read."""

    def __init__(self, found: Found, stage: Stage, sheets: Mapping[str, Sequence[Sheet]]) -> None:
        self.found, self.stage, self.sheets = found, stage, sheets
        self.checks = RecordChecks(stage)
        self.people = People(stage, self.checks)
        self.care = Care()
        self.teams: dict[str, str] = {}
        self.silence = Silence(self.checks, stage, frozenset(sheets))
        self.horizon = Horizon()
        self.facts = Facts(stage, self.people, self.teams, self.day, found.location)
        self.unread: dict[tuple[str, str], list[int]] = {}

    def read(self) -> None:
        """Read every table, and write the children."""
        if PERSON not in self.sheets:
            said = f"`{self.found.name}` holds no table `{PERSON}`, which names the children"
            self.stage.warn(self.found.location, "B128", said, "export that table too")
        for table in TABLES:
            if table.name in self.sheets:
                self._table(table)
        self._finish()

    def day(self, text: str | None) -> date | None:
        """Return the day that a cell holds, if it can be read."""
        return self.checks.day(day_text(text)) if text else None

    def _table(self, table: Table) -> None:
        sheets = self.sheets[table.name]
        if table.rows is not None:
            self._rows(table, table.rows, sheets)
            return
        of_a_child = {AUDIT_ID: table.key, **{n: c[0] for n, c in OF_THE_CHILD.items()}}
        for sheet in sheets:
            part = sheet.part(of_a_child if table.name == PERSON else {})
            for line in sheet.lines():
                self._of_no_table(table, line, Place(part, line.number), sheet)

    def _of_no_table(self, table: Table, line: Line, place: Place, sheet: Sheet) -> None:
        """Read a row that fills no table but `audits`."""
        if sheet.fault(line):
            self._say_unread(f"of `{table.name}` with more or fewer cells than the header", place)
            return
        if table.name == DEPARTMENT:
            self.teams[identifier(line[table.key])] = line["dept_team_name"] or ""
            return
        number = identifier(line[table.person])
        if table.name == PERSON:
            self.people.take(number, line, place)
        elif number not in self.checks.children:
            self._say_unread(f"of `{table.name}` of nobody in `{PERSON}`", place)
        elif table.name == CARE:
            self.silence.seen[CARE].add(number)
            self.care.episode(number, line, self.day)
        else:
            self._work(table, number, line, place)

    def _rows(self, table: Table, rows: Rows, sheets: Sequence[Sheet]) -> None:
        staged = self.stage.rows(rows.table)
        doubles = Doubles(table, sheets)
        names = {AUDIT_ID: table.person, **{f: c.name for f, c in rows.columns.items()}}
        parts = {id(sheet): sheet.part(names) for sheet in sheets}
        held = frozenset(c for sheet in sheets for c in sheet.columns) - doubles.unfilled
        filled = {f for f, c in rows.columns.items() if c.name in held or c.rest}
        staged.present |= {*rows.constant, *filled, *self.facts.adds(table, held)}
        staged.present -= self.facts.takes(table, self.sheets)
        self.silence.holds(table, held)
        for sheet, line, fault in doubles.settled(sheets):
            place = Place(parts[id(sheet)], line.number)
            number, stray = self._child(table, line)
            faults = sheet.fault(line) or [one for one in (fault, stray) if one]
            if faults:
                said = {name: cell for name in table.read if (cell := line[name])}
                staged.refuse(place, {AUDIT_ID: number} | said, faults)
            elif what := self.facts.skips(table, line):
                self._say_unread(what, place)
            else:
                self._row(table, rows, number, line, place)

    def _row(self, table: Table, rows: Rows, number: str, line: Line, place: Place) -> None:
        cells = {AUDIT_ID: number, **rows.constant}
        cells |= {name: line.said(column) or "" for name, column in rows.columns.items()}
        self.silence.seen[table.name].add(number)
        if self.facts.settle(table, number, line, cells, place):
            self.silence.dangling.add(number)
        staged = self.stage.rows(rows.table)
        staged.add(place, [cells.get(name) or None for name in staged.spec.names])
        happened = self.day(cells.get(staged.spec.date or ""))
        self.checks.happened(number, happened)
        self.horizon.take(rows.table, number, happened)
        self._work(table, number, line, place)

    def _child(self, table: Table, line: Line) -> tuple[str, Fault | None]:
        """Return the child whom a line names, or why it names none."""
        number = identifier(line[table.person])
        period = identifier(line[table.period]) if table.period else ""
        if not number and period:
            return self._of_period(period, table)
        if not number:
            return "", Fault(AUDIT_ID, "B221", f"the row of `{table.name}` names no child")
        if number not in self.checks.children:
            said = f"the child `{number}` is not in `{PERSON}`"
            return number, Fault(AUDIT_ID, "B220", said, "export both tables on the same day")
        return number, None

    def _of_period(self, period: str, table: Table) -> tuple[str, Fault | None]:
        of = sorted(self.care.people.get(period, ()))
        if len(of) == 1:
            return of[0], None
        whose = "several children" if of else "no child"
        said = f"`{table.period}` `{period}` is a period of care of {whose} in `{CARE}`"
        return "", Fault(AUDIT_ID, "B220", said)

    def _work(self, table: Table, number: str, line: Line, place: Place) -> None:
        spell = table.spell
        if spell is None:
            return
        kind = spell.case_type
        if table.name == EPISODES and line.yes("cine_referral_nfa"):
            kind = "front_door"
        team, worker = identifier(line[spell.team]), identifier(line[spell.worker])
        over = bool(spell.end and line[spell.end] and day_text(line[spell.end] or ""))
        work = Work(kind, self.day(line[spell.start]), over, self.teams.get(team) or team, worker)
        self.checks.works(number, place, work)

    def _say_unread(self, what: str, place: Place) -> None:
        known = self.unread.setdefault((what, place.part.file), [place.line, 0])
        known[1] += 1

    def _finish(self) -> None:
        for number, child in self.checks.children.items():
            if period := self.care.period(number):
                self.checks.child(number, child.place, period.cells())
                work = Work("child_in_care", period.entered, period.left is not None)
                self.checks.works(number, child.place, work)
                self.horizon.began(number, period.entered)
        self.people.finish()
        self.checks.writer.present |= self.people.present | self._of_care()
        self.facts.finish(self.checks)
        self.silence.finish(self.horizon)
        for (what, file), (line, count) in sorted(self.unread.items()):
            rows = f"{count:,} rows {what} were" if count > 1 else f"a row {what} was"
            where = Location(file, line=line)
            first = ", the first here" if count > 1 else ""
            self.stage.warn(where, "B125", f"{rows} not read{first}")
        self.checks.write()

    def _of_care(self) -> set[str]:
        held = {column for sheet in self.sheets.get(CARE, ()) for column in sheet.columns}
        if "clae_entered_care_date" not in held:
            return set()
        ends = "clae_cla_episode_ceased_date" in held
        return {"came_into_care_date", *(["left_care_date"] if ends else [])}
