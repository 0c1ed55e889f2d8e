"""Ofsted's Annex A: a workbook of lists of children, with the latest day of each thing alone.

Every child becomes one audit without an auditor's grade; what each list says of the child stands in
`annex_a_lists.py`. All tables hold the latest entry only: no series can be judged from them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Self

from engine.errors import Location
from engine.records.cells import Spec, clean, identifier, plain, readable
from engine.records.found import Found
from engine.records.headers import SEARCHED
from engine.records.places import Fault, Layout, Part, Place, letters
from engine.records.readers.annex_a_children import BIRTH_MONTH, Children, Mention
from engine.records.readers.annex_a_headings import (
    ADOPTERS,
    Heading,
    doubted,
    find_heading,
    headers_of,
    number_of,
)
from engine.records.readers.annex_a_lines import Line
from engine.records.readers.annex_a_lists import (
    BIRTH,
    CHILD,
    DOUBTED,
    LISTS,
    OVER,
    TEAM,
    WORKER,
    Column,
    Rows,
)
from engine.records.sheets import Sheet, SheetRow, sheets_of, titles_of
from engine.records.stage import Stage
from engine.records.staging import RowStage
from engine.rulebook.fields import AUDIT_ID, AUDITS

# the columns of a list that say who the child is, by the field of `audits` that they fill
OF_THE_CHILD = {
    AUDIT_ID: CHILD,
    "child_id": CHILD,
    BIRTH_MONTH: BIRTH,
    "team": TEAM,
    "worker_id": WORKER,
}


def recognise(found: Found) -> bool:
    """Say whether a workbook has a sheet headed as a list of Annex A."""
    if any(plain(title) == AUDITS for title in titles_of(found)):
        return False  # without opening it: most workbooks are batches
    with sheets_of(found) as sheets:
        return any(_heading(sheet.title, islice(sheet.rows(), SEARCHED)) for sheet in sheets)


def _heading(title: str, rows: Iterable[SheetRow]) -> Heading | None:
    return find_heading(title, [row.cells for row in rows])


def read(found: Found, stage: Stage) -> None:
    """Fill the stage with a child an audit."""
    stage.source = "Annex A"
    children = Children(stage)
    read: set[int] = set()
    with sheets_of(found) as sheets:
        for sheet in sheets:
            where = Location(found.name, sheet.title)
            rows = sheet.rows()
            first = list(islice(rows, SEARCHED))
            heading = _heading(sheet.title, first)
            if heading is None:
                _say_unread(sheet, where, stage)
                continue
            if sheet.hidden:
                stage.warn(where, "B104", f"the sheet `{sheet.title}` is hidden and was read")
            below = chain(first[heading.row + 1 :], rows)
            ListSheet(where, heading, stage, children).read(first[heading.row], below)
            read.add(heading.list.number)
    children.write(_unsure(read))


def _say_unread(sheet: Sheet, where: Location, stage: Stage) -> None:
    number = number_of(sheet.title)
    if number == ADOPTERS:
        said = f"`{sheet.title}` names adopters and no children, and was not read"
        stage.warn(where, "B108", said)
    elif number:
        said = f"no header of Annex A was found in the first lines of `{sheet.title}`"
        stage.warn(where, "B102", said, f"the header names `{CHILD}`")
    elif not sheet.hidden:  # lists behind a form are often hidden
        stage.warn(where, "B101", f"`{sheet.title}` is no list of Annex A and was not read")


def _unsure(read: set[int]) -> frozenset[str]:
    """Return the tables in which no row says nothing, because a list that fills them is missing."""
    return frozenset(
        rows.table for one in LISTS for rows in one.rows if rows.always and one.number not in read
    )


@dataclass(frozen=True, eq=False)
class Filler:
    """Rows that this sheet can give: where they go, and where their cells stand.

    `day` is the field of the day on which they happened, `dated` the column that fills it.
    """

    rows: Rows
    staged: RowStage
    part: Part
    day: Spec
    dated: str

    @classmethod
    def of(cls, rows: Rows, staged: RowStage, part: Part) -> Self:
        """Return the filler of some rows."""
        day = staged.spec.fields[staged.spec.index[staged.spec.date or AUDIT_ID]]
        return cls(rows, staged, part, day, headers_of(rows).get(day.name, ""))

    def fill(self, child: str, line: Line) -> bool:
        """Write the row that a line gives, or put it aside, and say whether it gives one."""
        if not self._is_meant(line):
            return False
        faults = line.faults(self.part.columns)
        shown = clean(line[self.dated]) or clean(line[self.rows.shown])
        if not (self.rows.always or faults or shown):
            return False
        place = Place(self.part, line.number)
        if faults:
            self.staged.refuse(place, {AUDIT_ID: child} | line.filled(), faults)
        else:
            cells = {name: line.cell(column) for name, column in self.rows.columns.items()}
            named = {AUDIT_ID: child, **self.rows.constant, **cells}
            self.staged.add(place, [named.get(name) for name in self.staged.spec.names])
        return True

    def _is_meant(self, line: Line) -> bool:
        only = self.rows.only
        return not only or line.cell(only[0]) == only[1]

    def untold(self, line: Line) -> frozenset[str]:
        """Return the tables of which a line does not tell what its row would ask of them."""
        silent = self.rows.silent if self._is_meant(line) else frozenset[str]()
        seen = self.rows.columns.get("child_seen")
        doubted = isinstance(seen, Column) and self.rows.always and line.doubts(seen.header)
        return silent | {self.rows.table} if doubted else silent

    def hides(self, line: Line) -> str:
        """Return why the one entry of a line hides whether there was another, if it does."""
        seen = self.rows.columns.get("child_seen")
        said = line.cell(seen) if seen and not self.rows.always else None
        day, after, until = (
            self.moment(line[header]) for header in (self.dated, self.rows.after, self.rows.until)
        )
        if line.faults(self.part.columns):
            return ""  # the row is put aside, and that is said
        if not clean(line[self.dated]):
            return "has no day" if said == "yes" else ""
        if day and after and day < after:
            return f"lies before `{self.rows.after}`"
        if day and until and day > until:
            return f"lies after `{self.rows.until}`"
        return "is one on which the child was not seen" if said == "no" else ""

    def moment(self, cell: str | None) -> date | None:
        """Return the day that a cell holds, if it can be read."""
        return readable(cell or "", self.day)


class ListSheet:
    """One sheet with the list that it holds."""

    def __init__(self, where: Location, heading: Heading, stage: Stage, children: Children) -> None:
        self.where, self.heading, self.stage, self.children = where, heading, stage, children
        self.columns = heading.columns
        self.part = self._part({**OF_THE_CHILD, **heading.list.facts})
        children.writer.present |= self.part.columns.keys()
        self.untold = frozenset(r.table for r in heading.list.rows if not self._tells(r))
        self.fillers = [self._filler(r) for r in heading.list.rows if self._tells(r)]
        self.doubted: frozenset[str] = frozenset()
        self.said: set[str] = set()

    def read(self, header: SheetRow, rows: Iterable[SheetRow]) -> None:
        """Read every line below the header."""
        self._say_unknown(header)
        self.doubted = doubted(header.cells, self.columns)
        for row in rows:
            if row.faults or any(map(clean, row.cells)):
                line = Line(row, self.columns, self.doubted)
                self._say_doubted(header, line)
                self._line(line)

    def _tells(self, rows: Rows) -> bool:
        """Say whether the sheet has the columns without which the rows would mean nothing."""
        table = self.stage.dictionary.tables[rows.table]
        day = headers_of(rows).get(table.date or "")
        only = rows.only[0].header if rows.only else None
        return all(header in self.columns for header in (day, only, rows.shown) if header)

    def _filler(self, rows: Rows) -> Filler:
        headers = {AUDIT_ID: CHILD, **headers_of(rows)}
        part, staged = self._part(headers), self.stage.rows(rows.table)
        staged.present |= {*rows.constant, *part.columns}
        self.stage.latest_only.add(rows.table)
        return Filler.of(rows, staged, part)

    def _part(self, headers: Mapping[str, str]) -> Part:
        at = {name: self.columns[h] for name, h in headers.items() if h in self.columns}
        return Part(self.where.file, Layout.SHEET, self.where.sheet, at)

    def _say_unknown(self, header: SheetRow) -> None:
        for at in self.heading.unknown:
            cell = f"{letters(at)}{header.number}"
            where = Location(self.where.file, self.where.sheet, cell=cell)
            title = clean(header.cells[at])
            said = f"`{title}` is no column of {self.heading.list.name} and was not read"
            self.stage.warn(where, "B102", said)

    def _say_doubted(self, header: SheetRow, line: Line) -> None:
        for name in filter(line.doubts, sorted(self.doubted - self.said)):
            self.said.add(name)
            cell = f"{letters(self.columns[name])}{header.number}"
            said = (
                f"a script that heads a column `{DOUBTED[name]}` writes `b) No` for whatever is "
                "not the word `Yes`, so `b) No` is taken for no answer here"
            )
            self.stage.warn(Location(self.where.file, self.where.sheet, cell=cell), "B140", said)

    def _line(self, line: Line) -> None:
        child = identifier(line[CHILD])
        faults = line.faults({AUDIT_ID: self.columns[CHILD]})
        if not child and not faults:
            faults = [Fault(AUDIT_ID, "B301", f"`{CHILD}` is blank and must be filled")]
        if faults:
            self.children.writer.refuse(Place(self.part, line.number), line.filled(), faults)
            return
        self.children.add(child, self._mention(line))
        given = [filler.rows for filler in self.fillers if filler.fill(child, line)]
        self.children.told[child].update(rows.table for rows in given)

    def _mention(self, line: Line) -> Mention:
        one = self.heading.list
        days = (filler.moment(line[filler.dated]) for filler in self.fillers)
        status = line.cell(one.status) if one.status else ""
        return Mention(
            one,
            Place(self.part, line.number),
            line.birth,
            line.name(TEAM),
            next(filter(None, map(line.name, one.worker)), ""),
            over=status == OVER or bool(one.over and clean(line[one.over])),
            unborn=line.unborn,
            latest=max((day for day in days if day), default=date.min),
            untold=self.untold | self._hidden(line),
            case_type=status if status and status != OVER else one.case_type,
            tells=frozenset(filler.rows.table for filler in self.fillers),
            facts={name: line[h] or "" for name, h in one.facts.items() if h in self.columns},
        )

    def _hidden(self, line: Line) -> frozenset[str]:
        """Return the tables of which this line does not tell enough, and say so."""
        hidden = {filler: why for filler in self.fillers if (why := filler.hides(line))}
        for filler, why in hidden.items():
            said = f"the entry that is given {why}, so whether there was another cannot be told"
            where = Place(filler.part, line.number).at(filler.day.name)
            self.stage.warn(where, "B110", said)
        tables = {filler.rows.table for filler in hidden}
        return frozenset(tables.union(*(filler.untold(line) for filler in self.fillers)))
