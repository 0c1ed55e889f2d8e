"""The auditors' form: a workbook for one audit, as `audit template` makes it.

The audit stands down the side of its sheet, its number is typed once, and the rows of all other
sheets belong to it. A question without an answer was asked all the same; a kind of record that
nobody says was looked at is taken as not looked at.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from engine.records import form_words as words
from engine.records.cells import Unreadable, clean, identifier, read
from engine.records.dictionary import TableSpec
from engine.records.form_cover import NOT_EXAMINED, Age, Cover
from engine.records.headers import SEARCHED, Header, find_header
from engine.records.places import Fault, Layout, Part, Place, Refusal
from engine.records.sheets import Sheet, SheetRow
from engine.records.stage import Seen, Stage
from engine.records.staging import RowStage
from engine.rulebook.fields import ANSWERS, AUDIT_ID, AUDITS

DOWN = 1_000  # so many rows of the audit's sheet are looked at
ENTRY = 1  # the column, from 0, of what the auditor enters there
NO_NUMBER = Fault(
    AUDIT_ID,
    "B301",
    f"`{AUDIT_ID}` is blank and must be filled",
    "type the number of the audit once, on this sheet",
)
PUT_RIGHT = "put it right in Excel and save the workbook again"


def is_note(title: str) -> bool:
    """Say whether a heading stands in brackets: its column is for people, and is not read."""
    return title.startswith("(") and title.endswith(")")


@dataclass
class Audit:
    """The audit as it stands down the side of its sheet."""

    part: Part
    columns: dict[str, int] = field(default_factory=dict)
    cells: dict[str, str | None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    looked: dict[str, str | None] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """Return the number of the audit; nothing where none was typed."""
        return identifier(self.cells.get(AUDIT_ID))

    @property
    def place(self) -> Place:
        """Return where the audit stands."""
        return Place(
            Part(self.part.file, self.part.layout, self.part.sheet, self.columns), ENTRY + 1
        )

    @property
    def said(self) -> Mapping[str, str]:
        """Return what was entered."""
        return {name: cell for name, cell in self.cells.items() if cell and clean(cell)}


@dataclass
class Form:
    """One form while it is read; `rows` counts what was entered, by table."""

    stage: Stage
    cover: Cover
    age: Age
    audit: Audit
    rows: dict[str, int] = field(default_factory=dict)
    content: "hashlib._Hash" = field(default_factory=hashlib.sha256)


def read_form(cover: Cover, sheets: Sequence[Sheet], stage: Stage) -> None:
    """Put the audit of a form on the stage, and the rows of its sheets."""
    named = {sheet.title: stage.dictionary.table(sheet.title) for sheet in sheets}
    age = Age(cover, stage)
    tables = {table: sheet for sheet in sheets if (table := named[sheet.title])}
    audit = _audit(tables.get(AUDITS), age)
    form = Form(stage, cover, age, audit)
    for sheet in sheets:
        table = named[sheet.title]
        if table and table != AUDITS and tables[table] is sheet:
            _table(sheet, stage.dictionary.tables[table], form)
        elif table is None and sheet.title not in (cover.where.sheet, words.LISTS):
            age.strange("sheets", sheet.title)
    _put(form)


def _audit(sheet: Sheet | None, age: Age) -> Audit:
    where, spec = age.cover.where, age.stage.dictionary.audits
    audit = Audit(Part(where.file, Layout.TURNED, sheet.title if sheet else ""))
    below = False
    for row in islice(sheet.rows(), DOWN) if sheet else ():
        title, cell = ([*row.cells[: ENTRY + 1], None, None])[:2]
        name = clean(title)
        if name == words.LOOKED_AT:
            below = True
        elif name and below:
            _looked(name, cell, audit, age)
        elif name and not is_note(name) and row.number > 1 and (cell or spec.field(name)):
            _field(name, row, audit, age)
    age.present[AUDITS] = {*audit.columns}
    return audit


def _looked(name: str, cell: str | None, audit: Audit, age: Age) -> None:
    table = age.stage.dictionary.table(name)
    if table:
        audit.looked[table] = clean(cell)


def _field(title: str, row: SheetRow, audit: Audit, age: Age) -> None:
    name = age.stage.dictionary.audits.field(title)
    if name is None:
        age.strange("fields", f"{title} ({AUDITS})")
        return
    audit.columns[name] = row.number - 1
    audit.cells[name] = row.cells[ENTRY] if len(row.cells) > ENTRY else None
    if ENTRY in row.faults:
        audit.faults.append(Fault(name, "B204", row.faults[ENTRY], PUT_RIGHT))


def _table(sheet: Sheet, spec: TableSpec, form: Form) -> None:
    rows = sheet.rows()
    first = list(islice(rows, SEARCHED))
    header = find_header(spec, [row.cells for row in first])
    if header is None:
        form.stage.no_header(form.cover.where, spec.name)
        return
    for title in filter(None, map(clean, first[header.above].cells)):
        if spec.field(title) is None and not is_note(title):
            form.age.strange("fields", f"{title} ({spec.name})")
    staged = form.stage.rows(spec.name)
    staged.present.update(header.columns)
    form.age.present[spec.name] = {*header.columns}
    part = Part(form.cover.where.file, Layout.SHEET, sheet.title, header.columns)
    for row in chain(first[header.above + 1 :], rows):
        _row(row, header, Place(part, row.number), (form, staged))


def _row(row: SheetRow, header: Header, place: Place, into: tuple[Form, RowStage]) -> None:
    form, staged = into
    spec = staged.spec
    cells = header.cells(spec, row.cells)
    said = {n: c for n, c in zip(spec.names, cells, strict=True) if clean(c)}
    faults = header.faults(row.cells) + [
        Fault(name, "B204", row.faults[at], PUT_RIGHT)
        for name, at in header.columns.items()
        if at in row.faults
    ]
    entered = bool(faults or said.keys() - {words.PREFILLED.get(spec.name)})
    if not said and not faults:
        return
    if not _is_known(said, spec, form) or not (entered or spec.name == ANSWERS):
        return
    form.rows[spec.name] = form.rows.get(spec.name, 0) + entered
    form.content.update(repr((spec.name, said)).encode())
    if not form.audit.number:
        _without_audit(place, said, (form, staged)) if entered else None
        return
    at = spec.index[AUDIT_ID]
    cells[at] = cells[at] if clean(cells[at]) else form.audit.number
    if faults:
        staged.refuse(place, said | {AUDIT_ID: cells[at]}, faults)
    else:
        staged.add(place, cells)


def _is_known(said: Mapping[str, object], spec: TableSpec, form: Form) -> bool:
    """Say whether the rulebook knows what a prefilled row asks about."""
    name = words.PREFILLED.get(spec.name)
    asked = said.get(name) if name else None
    if not isinstance(asked, str) or name is None:
        return True
    try:
        known = str(read(asked, spec.fields[spec.index[name]]))
    except Unreadable:
        form.age.strange(f"{name}s", asked)
        return False
    if spec.name == ANSWERS:
        form.age.standards.append(known)
    return True


def _without_audit(place: Place, said: Mapping[str, object], into: tuple[Form, RowStage]) -> None:
    form, staged = into
    fault = Fault("", "B405", "the form gives no number of the audit, which takes its rows with it")
    refusal = Refusal(staged.spec.name, place, "", (fault,), said, quiet=True)
    form.stage.put_aside.take([refusal])


def _put(form: Form) -> None:
    """Put the audit itself on the stage, once it is known what was looked at."""
    stage, audit = form.stage, form.audit
    staged = stage.rows(AUDITS)
    staged.present.update(audit.columns, {NOT_EXAMINED} & {*staged.spec.names})
    if not audit.said and not any(form.rows.values()):
        said = "the form is blank and was not read"
        stage.warn(form.cover.where, "B154", said, "nothing is wrong if it was to be blank")
        return
    form.age.tell()
    if _stands_twice(form):
        return
    if not audit.number:
        staged.refuse(audit.place, audit.said, [NO_NUMBER, *audit.faults])
    elif audit.faults:
        staged.refuse(audit.place, audit.said, audit.faults)
    else:
        cells = audit.cells | {NOT_EXAMINED: ";".join(_not_examined(form))}
        staged.add(audit.place, [cells.get(name) for name in staged.spec.names])


def _stands_twice(form: Form) -> bool:
    """Say whether another form has the same number; where the two differ none is kept."""
    stage, audit = form.stage, form.audit
    form.content.update(repr((audit.said, audit.looked)).encode())
    now = Seen(audit.place, form.content.hexdigest())
    first = stage.forms.setdefault(audit.number, now) if audit.number else now
    if first is now:
        return False
    stage.forget(audit.part.file)
    if first.hash == now.hash:
        said = f"the form says the same as `{first.place.part.file}` and was read once"
        stage.warn(form.cover.where, "B155", said)
        return True
    said = f"several forms have {AUDIT_ID} `{audit.number}` and differ, so none is kept"
    fault = Fault(AUDIT_ID, "B402", said, "give each audit a number of its own, or keep one form")
    stage.forget(first.place.part.file)
    for seen in (now,) if first.clash else (first, now):
        where = {AUDIT_ID: audit.number}
        stage.put_aside.take([Refusal(AUDITS, seen.place, audit.number, [fault], where)])
    first.clash = True
    return True


def _not_examined(form: Form) -> Iterator[str]:
    """Yield the tables that count as not looked at; warn of those of which nobody says so."""
    silent = []
    for table in form.stage.dictionary.tables:
        looked = form.audit.looked.get(table)
        if table in words.ALWAYS or (looked or "").lower() == "yes":
            continue
        if looked is None and form.rows.get(table):
            continue
        if looked is None and table in form.audit.looked:
            silent.append(table)
        yield table
    if silent:
        said = f"the form does not say whether these were looked at: {', '.join(silent)}"
        help_ = "they are taken as not looked at; say yes on the sheet Audits where they were"
        form.stage.warn(form.cover.where, "B153", said, help_)
