"""A moderator's workbook, read back: what was graded, what is not done yet, and what is wrong.

In: a workbook that `engine.reports.moderator_book` wrote, perhaps saved by another program since.
Out: typed rows, and problems at their cells. A row with a problem is not taken; the others are.
Whether the audit is the moderator's to grade is for the ledger to say, and not known here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

from engine.errors import Exit, Location, Problem, Stop, nearest
from engine.moderation import book_words as words
from engine.moderation.entries import Graded, Override
from engine.moderation.people import same
from engine.records.cells import clean
from engine.records.found import Found, unreadable
from engine.records.places import letters
from engine.records.recognise import is_workbook
from engine.records.sheets import Sheet, SheetRow, sheets_of
from engine.rulebook.book import Rulebook

Stage = Literal["blind", "confirm"]
STAGES: Mapping[str, Stage] = {words.BLIND: "blind", words.CONFIRM: "confirm"}
MOST = 20_000  # rows of a sheet that are looked at
MOST_COVER = 500
NOTE_LENGTH = 5_000
MADE = "give a workbook that `audit sample` wrote"


@dataclass(frozen=True)
class Said:
    """The grades of one audit, and where they stand in the workbook.

    At the stage `confirm`, `graded.domains` holds what was chosen on the sheet of sections alone: a
    section left blank stands as it was graded blind.
    """

    audit_id: str
    graded: Graded
    override: Override | None
    at: Location


@dataclass(frozen=True)
class Returned:
    """What a workbook says: which stage, draw and moderator, the rows that are done."""

    stage: Stage
    draw: str
    moderator: str
    rows: tuple[Said, ...]
    not_done: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_back(path: Path, rulebook: Rulebook, reasons: Mapping[str, str]) -> Returned:
    """Return what a moderator's workbook says; `reasons`: the titles of the codes.

    Raises:
        Stop: it cannot be read, or is no workbook of a moderator.
    """
    found = Found(path, path.as_posix())
    try:
        if not path.is_file() or not is_workbook(found):
            raise _no_book(found)
    except OSError as error:
        raise unreadable(found.name, error) from error
    with sheets_of(found) as sheets:
        by_title = {sheet.title: sheet for sheet in sheets}
        cover = _cover(by_title.get(words.COVER))
        stage = STAGES.get(cover.get(words.STAGE, ""))
        grades = by_title.get(words.GRADES)
        if stage is None or grades is None or not cover.get(words.MODERATOR):
            raise _no_book(found)
        reading = _Reading(found.name, rulebook, reasons, stage, cover[words.MODERATOR])
        domains = reading.domains(by_title.get(words.DOMAINS)) if stage == "confirm" else {}
        rows = tuple(reading.audits(grades, domains))
    return Returned(
        stage,
        cover.get(words.DRAW, ""),
        reading.moderator,
        rows,
        tuple(reading.not_done),
        tuple(sorted(reading.problems)),
    )


def _no_book(found: Found) -> Stop:
    said = f"`{found.name}` is no moderator's workbook"
    return Stop(Exit.USAGE, (Problem(found.location, "M420", said, MADE),))


def _cover(sheet: Sheet | None) -> dict[str, str]:
    rows = islice(sheet.rows(), MOST_COVER) if sheet else ()
    pairs = ((clean(row.cells[0]), clean(row.cells[1])) for row in rows if len(row.cells) > 1)
    return {name: said for name, said in pairs if name and said}


@dataclass
class _Reading:
    """One workbook while it is read."""

    file: str
    rulebook: Rulebook
    reasons: Mapping[str, str]
    stage: Stage
    moderator: str
    problems: list[Problem] = field(default_factory=list)
    not_done: list[str] = field(default_factory=list)

    def audits(self, sheet: Sheet, domains: Mapping[str, Mapping[str, str]]) -> Iterator[Said]:
        """Yield what was said of each audit that is done."""
        heads, rows = self._table(sheet)
        overall = words.OVERALL if self.stage == "blind" else words.CONFIRMED
        for name in (words.AUDIT, overall):
            if name not in heads:
                raise self._lacks(sheet.title, name)
        found = [(_Row(self, sheet.title, heads, row)) for row in rows]
        twice = Counter(row.text(words.AUDIT) for row in found)
        for row in found:
            audit = row.text(words.AUDIT)
            if not audit:
                self._without_audit(row)
            elif twice[audit] > 1:
                said = f"audit `{audit}` stands on {twice[audit]} rows, so none is taken"
                row.wrong(words.AUDIT, "M426", said, "keep one of the rows")
            elif (one := self._said(row, overall, domains.get(audit, {}))) is not None:
                yield one

    def _without_audit(self, row: "_Row") -> None:
        if row.filled():
            said = "the row does not say which audit it is of"
            row.wrong(words.AUDIT, "M423", said, "write the number of the audit in its place again")

    def _said(self, row: "_Row", overall: str, domains: Mapping[str, str]) -> Said | None:
        before = len(self.problems)
        audit = row.text(words.AUDIT)
        grade = self.grade(row, overall)
        given = {**domains, **dict(self._sections(row))} if self.stage == "blind" else {**domains}
        codes, note = tuple(self._codes(row)), row.text(words.NOTE)
        override = self._override(row)
        if not row.text(overall):
            if given or codes or note or override:
                said = f"audit `{audit}` has no overall grade"
                row.wrong(overall, "M425", said, "choose an overall grade, or clear the row")
            else:
                self.not_done.append(audit)
        if len(self.problems) > before or grade is None:
            return None
        graded = Graded(grade=grade, domains=given, reasons=codes, note=note)
        return Said(audit, graded, override, row.place(overall))

    def grade(self, row: "_Row", column: str) -> str | None:
        """Return the grade that a cell names, by its title or its id."""
        said = row.text(column)
        titles = {_key(grade.title): grade.id for grade in self.rulebook.book.grades}
        found = titles.get(_key(said)) if said else None
        if said and found is None:
            known = tuple(grade.title for grade in self.rulebook.book.grades)
            help_ = nearest(said, known) or f"grades: {', '.join(known)}"
            row.wrong(column, "M422", f"`{said}` is no grade", help_)
        return found

    def _sections(self, row: "_Row") -> Iterator[tuple[str, str]]:
        for domain in self.rulebook.domains:
            if (grade := self.grade(row, self.rulebook.title(domain))) is not None:
                yield domain, grade

    def _codes(self, row: "_Row") -> Iterator[str]:
        titles = {_key(title): code for code, title in self.reasons.items()}
        seen: set[str] = set()
        for number in range(1, words.REASONS + 1):
            column = f"{words.REASON} {number}"
            said = row.text(column)
            code = titles.get(_key(said)) or (_key(said) if _key(said) in titles.values() else None)
            if said and code is None:
                known = tuple(self.reasons.values())
                help_ = nearest(said, known) or "choose one of the drop-down list"
                row.wrong(column, "M424", f"`{said}` is no reason of the rulebook", help_)
            elif code and code not in seen:
                seen.add(code)
                yield code

    def _override(self, row: "_Row") -> Override | None:
        why, second = row.text(words.OVERRIDE), row.text(words.SECOND)
        if not why and not second:
            return None
        if not why or not second:
            lacking = words.SECOND if why else words.OVERRIDE
            said = "a grade above the cap needs both a reason and a second moderator"
            row.wrong(lacking, "M427", said, "fill in both, or clear both")
            return None
        if same(second, self.moderator):
            said = f"`{second}` cannot be the second moderator of their own grade"
            row.wrong(words.SECOND, "M427", said, "choose another moderator")
            return None
        return Override(reason=why, second=second)

    def domains(self, sheet: Sheet | None) -> dict[str, dict[str, str]]:
        """Return the grades chosen on the sheet of sections, by audit and domain."""
        if sheet is None:
            raise self._lacks(words.DOMAINS, words.DOMAIN_GRADE)
        heads, rows = self._table(sheet)
        for name in (words.AUDIT, words.DOMAIN, words.DOMAIN_GRADE):
            if name not in heads:
                raise self._lacks(sheet.title, name)
        titles = {_key(self.rulebook.title(d)): d for d in self.rulebook.domains}
        found: dict[str, dict[str, str]] = {}
        for one in rows:
            row = _Row(self, sheet.title, heads, one)
            grade = self.grade(row, words.DOMAIN_GRADE)
            section = row.text(words.DOMAIN)
            if grade is not None and _key(section) not in titles:
                row.wrong(words.DOMAIN, "M428", f"`{section}` is no section of the audit form")
            elif grade is not None:
                found.setdefault(row.text(words.AUDIT), {})[titles[_key(section)]] = grade
        return found

    def _table(self, sheet: Sheet) -> tuple[dict[str, int], list[SheetRow]]:
        rows = list(islice(sheet.rows(), MOST))
        for at, row in enumerate(rows):
            texts = [clean(cell) or "" for cell in row.cells]
            if words.AUDIT in texts:
                heads = {text: column for column, text in reversed([*enumerate(texts)]) if text}
                return heads, rows[at + 1 :]
        raise self._lacks(sheet.title, words.AUDIT)

    def _lacks(self, sheet: str, column: str) -> Stop:
        said = f"the sheet `{sheet}` has no column `{column}`"
        where = Location(self.file, sheet=sheet)
        help_ = "take the workbook as it was written, and fill it in again"
        return Stop(Exit.USAGE, (Problem(where, "M421", said, help_),))


@dataclass(frozen=True)
class _Row:
    """A row of a sheet, its cells by heading."""

    reading: _Reading
    sheet: str
    heads: Mapping[str, int]
    row: SheetRow

    def text(self, column: str) -> str:
        """Return what a cell says, without blanks around it."""
        at = self.heads.get(column)
        said = self.row.cells[at] if at is not None and at < len(self.row.cells) else None
        return (clean(said) or "")[:NOTE_LENGTH]

    def filled(self) -> bool:
        """Say whether anything is written that is to be read."""
        read = (name for name in self.heads if not name.startswith("("))
        return any(self.text(name) for name in read)

    def place(self, column: str) -> Location:
        """Return where a cell is."""
        cell = f"{letters(self.heads.get(column, 0))}{self.row.number}"
        return Location(self.reading.file, sheet=self.sheet, cell=cell)

    def wrong(self, column: str, code: str, said: str, help_: str = "") -> None:
        """Note what is wrong with a cell."""
        self.reading.problems.append(Problem(self.place(column), code, said, help_))


def _key(text: str | Sequence[str]) -> str:
    return " ".join(str(text).split()).casefold()
