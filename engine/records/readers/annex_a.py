"""Ofsted's Annex A: a workbook of lists of children, with the latest day of each thing alone.

Every child becomes one audit without an auditor's grade; what each list says of the child stands in
`annex_a_lists.py`. All tables hold the latest entry only: no series can be judged from them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from engine.errors import Location
from engine.records.cells import Spec, clean, identifier, plain
from engine.records.found import Found
from engine.records.headers import SEARCHED, Row
from engine.records.places import Fault, Layout, Part, Place, letters
from engine.records.readers.annex_a_children import BIRTH_MONTH, Children, Mention, latest_day
from engine.records.readers.annex_a_headings import (
    ADOPTERS,
    Heading,
    find_heading,
    headers_of,
    number_of,
)
from engine.records.readers.annex_a_lines import UNBORN, Line
from engine.records.readers.annex_a_lists import BIRTH, CHILD, LISTS, TEAM, WORKER, Rows
from engine.records.readers.annex_a_sheets import Sheet, sheets_of
from engine.records.readers.reader import Reader
from engine.records.stage import Stage
from engine.records.staging import RowStage
from engine.rulebook.fields import AUDIT_ID, FieldType

# the columns of a list that say who the child is, by the field of `audits` that they fill
OF_THE_CHILD = {AUDIT_ID: CHILD, "child_id": CHILD, BIRTH_MONTH: BIRTH, "team": TEAM, "worker_id": WORKER}


def _recognise(found: Found) -> bool:
    return any(
        find_heading(sheet.title, [row for _, row in islice(sheet.rows(), SEARCHED)])
        for sheet in sheets_of(found)
    )


def _read(found: Found, stage: Stage) -> None:
    children = Children(stage)
    read: set[int] = set()
    for sheet in sheets_of(found):
        first = [row for _, row in islice(sheet.rows(), SEARCHED)]
        heading = find_heading(sheet.title, first)
        if heading is None:
            _say_unread(sheet, stage)
        else:
            ListSheet(sheet, heading, stage, children).read()
            read.add(heading.list.number)
    children.write(_unsure(read))


def _say_unread(sheet: Sheet, stage: Stage) -> None:
    where = Location(sheet.file, sheet.title)
    if number_of(sheet.title) == ADOPTERS:
        stage.warn(where, "B108", f"`{sheet.title}` names adopters and no children, and was not read")
    elif number_of(sheet.title) is None:
        stage.warn(where, "B101", f"`{sheet.title}` is no list of Annex A and was not read")
    else:
        said = f"no header of Annex A was found in the first lines of `{sheet.title}`"
        stage.warn(where, "B102", said, f"the header names `{CHILD}`")


def _unsure(read: set[int]) -> frozenset[str]:
    """Return the tables in which a missing row says nothing, because a list that fills them is out."""
    return frozenset(
        rows.table
        for one in LISTS
        for rows in one.rows
        if rows.always and one.number not in read
    )


@dataclass(frozen=True)
class Filler:
    """Rows that this sheet can give: where they go, and where their cells stand."""

    rows: Rows
    staged: RowStage
    part: Part

    def days(self, line: Line) -> Iterator[tuple[Spec, str | None]]:
        """Yield the cells of a line that fill dates."""
        headers = headers_of(self.rows)
        for spec in self.staged.spec.fields:
            if spec.type is FieldType.DATE and spec.name in headers:
                yield spec, line[headers[spec.name]]

    def fill(self, child: str, line: Line) -> bool:
        """Write the row that a line gives, and say whether it gives one."""
        only = self.rows.only
        if only and plain(line[only[0]] or "") not in only[1]:
            return False
        cells = {name: line.cell(column) for name, column in self.rows.columns.items()}
        if not self.rows.always and not any(map(clean, cells.values())):
            return False
        named = {AUDIT_ID: child, **self.rows.constant, **cells}
        row = [named.get(name) for name in self.staged.spec.names]
        self.staged.add(Place(self.part, line.number), row)
        return True


class ListSheet:
    """One sheet with the list that it holds."""

    def __init__(self, sheet: Sheet, heading: Heading, stage: Stage, children: Children) -> None:
        self.sheet, self.heading, self.stage, self.children = sheet, heading, stage, children
        self.columns = heading.columns
        self.part = self._part(OF_THE_CHILD)
        self.untold = frozenset(r.table for r in heading.list.rows if not self._tells(r))
        self.fillers = [self._filler(r) for r in heading.list.rows if self._tells(r)]

    def read(self) -> None:
        """Read every line below the header."""
        rows = self.sheet.rows()
        for line, row in islice(rows, self.heading.row, self.heading.row + 1):
            self._say_unknown(line, row)
        for line, row in rows:
            if any(map(clean, row)):
                self._line(Line(line, row, self.columns))

    def _tells(self, rows: Rows) -> bool:
        """Say whether the sheet has the columns without which the rows would mean nothing."""
        table = self.stage.dictionary.tables[rows.table]
        day = headers_of(rows).get(table.date or "")
        only = rows.only[0] if rows.only else None
        return all(header in self.columns for header in (day, only) if header)

    def _filler(self, rows: Rows) -> Filler:
        headers = {AUDIT_ID: CHILD, **headers_of(rows)}
        part, staged = self._part(headers), self.stage.rows(rows.table)
        staged.present |= {*rows.constant, *part.columns}
        self.stage.latest_only.add(rows.table)
        return Filler(rows, staged, part)

    def _part(self, headers: Mapping[str, str]) -> Part:
        at = {name: self.columns[h] for name, h in headers.items() if h in self.columns}
        return Part(self.sheet.file, Layout.SHEET, self.sheet.title, at)

    def _say_unknown(self, line: int, row: Row) -> None:
        for at in self.heading.unknown:
            where = Location(self.sheet.file, self.sheet.title, cell=f"{letters(at)}{line}")
            said = f"`{clean(row[at])}` is no column of {self.heading.list.name} and was not read"
            self.stage.warn(where, "B102", said)

    def _line(self, line: Line) -> None:
        child = identifier(line[CHILD])
        if not child:
            fault = Fault(AUDIT_ID, "B301", f"`{CHILD}` is blank and must be filled")
            self.children.writer.refuse(Place(self.part, line.number), line.filled(), [fault])
            return
        self.children.add(child, self._mention(line))
        told = (f.rows.table for f in self.fillers if f.fill(child, line))
        self.children.told[child].update(told)

    def _mention(self, line: Line) -> Mention:
        over = self.heading.list.over
        birth = line[BIRTH] or ""
        return Mention(
            self.heading.list,
            Place(self.part, line.number),
            "" if plain(birth) == UNBORN else birth,
            line.name(TEAM),
            line.name(WORKER),
            over=clean(line[over]) is not None if over else False,
            unborn=line.unborn,
            latest=latest_day(filled for f in self.fillers for filled in f.days(line)),
            untold=self.untold,
        )


ANNEX_A = Reader("an Ofsted Annex A workbook", _recognise, _read)
