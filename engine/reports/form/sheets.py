"""The sheets of the form: the audit down the side, grades and answers ready to be given, tables.

In: a rulebook and what the form asks. Out: sheets whose headings and prefilled cells are locked.
Columns with a heading in brackets are for people; no reader reads them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.records.form_words import DOMAIN_GRADES, LOOKED_AT
from engine.reports.form.asked import Asked
from engine.reports.form.entries import Entries, words_of
from engine.reports.form.heights import height
from engine.reports.form.ink import Ink
from engine.reports.form.questions import Question, questions
from engine.reports.wording import plain
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import ANSWERS, AUDIT_ID, AUDITS, Field, FieldType

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

ROWS, SHOWN = 500, 25  # so many rows of a table have drop-downs, and are drawn as such
NOT_EXAMINED = "not_examined"  # asked table by table
ABOVE = 3  # rows above the headings of a table: its name, what it is, what its fields mean
WIDTHS = {FieldType.DATE: 13, FieldType.DATETIME: 17, FieldType.MONTH: 11, FieldType.NUMBER: 11}
WIDE, NARROW, LEAST, MOST = 36, 16, 12, 28
SMALL = 13.0  # points of a line of small print
DOWN = (34, 34, 80)  # characters: question, answer, meaning
ACROSS, SOURCE = (11, 20, 40, 60), 44  # the same of the sheet of answers
YES_OR_NO = Field(type=FieldType.YES_NO, meaning="Whether you looked at this on the child's file")


@dataclass(frozen=True)
class Page:
    """What every sheet is made with."""

    rulebook: Rulebook
    asked: Asked
    ink: Ink
    entries: Entries

    def fields(self, table: str) -> Mapping[str, Field]:
        """Return the fields that a sheet asks for; the audit's number is typed once."""
        own = self.rulebook.fields.tables[table].fields
        hidden = {NOT_EXAMINED} if table == AUDITS else {AUDIT_ID}
        return {name: one for name, one in own.items() if name not in hidden}


def write(sheet: "Worksheet", table: str, page: Page) -> None:
    """Write the sheet of a table."""
    if table == AUDITS:
        _audit(sheet, page)
    elif table == ANSWERS:
        _answers(sheet, page)
    elif table == DOMAIN_GRADES:
        _grades(sheet, page)
    else:
        _facts(sheet, table, page)


def heading(name: str, one: Field) -> str:
    """Return the heading of a field, which the readers know again."""
    return f"{plain(name)} *" if one.required else plain(name)


def _top(sheet: "Worksheet", title: str, said: str, ink: Ink) -> None:
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, title, ink.title)
    sheet.write_string(1, 0, said, ink.line)


def _headings(sheet: "Worksheet", row: int, titles: Sequence[str], ink: Ink) -> None:
    for at, title in enumerate(titles):
        sheet.write_string(row, at, title, ink.heading)


def _audit(sheet: "Worksheet", page: Page) -> None:
    """Write the audit down the side: one question a row."""
    ink, fields = page.ink, page.fields(AUDITS)
    _top(sheet, "Audits", "The audit. Type in the middle column; * has to be filled in.", ink)
    for at, width in enumerate(DOWN):
        sheet.set_column(at, at, width)
    _headings(sheet, 3, ("(Field)", "(Your entry)", "(What it means)"), ink)
    beside = {name: f"B{row + 1}" for row, name in enumerate(fields, start=4)}
    for row, (name, one) in enumerate(fields.items(), start=4):
        _ask(sheet, row, (heading(name, one), one.meaning), (name, one, beside), page)
    row = 4 + len(fields) + 1
    _headings(sheet, row, (LOOKED_AT, "(Yes or no)", "(What it means)"), ink)
    for at, table in enumerate(page.asked.looked_at, start=row + 1):
        said = f"{page.rulebook.fields.tables[table].meaning}. Yes: you looked, even if there was "
        name = plain(table)
        _ask(sheet, at, (name, f"{said}nothing."), (name, YES_OR_NO, {}), page)
    sheet.freeze_panes(4, 1)
    sheet.repeat_rows(3)


def _ask(
    sheet: "Worksheet",
    row: int,
    told: tuple[str, str],
    entry: tuple[str, Field, Mapping[str, str]],
    page: Page,
) -> None:
    name, one, beside = entry
    title, meaning = told
    sheet.set_row(row, height([(title, DOWN[0]), (meaning, DOWN[2])]))
    sheet.write_string(row, 0, title, page.ink.name)
    sheet.write_blank(row, 1, None, page.ink.entry(one.type))
    sheet.write_string(row, 2, meaning, page.ink.framed)
    sheet.data_validation(row, 1, row, 1, page.entries.rule(name, one, beside))


def _grades(sheet: "Worksheet", page: Page) -> None:
    """Write a row for each section of the form; its name in files stands hidden beside it."""
    fields = page.fields(DOMAIN_GRADES)
    rest = [name for name in fields if name != "domain"]
    _top(sheet, "Domain grades", "Your grade for each section of the audit form.", page.ink)
    titles = ("Domain *", "(Section of the form)", *(heading(n, fields[n]) for n in rest))
    _headings(sheet, 2, titles, page.ink)
    sheet.set_column(0, 0, 18, None, {"hidden": True})
    sheet.set_column(1, 1, 44)
    for row, domain in enumerate(page.rulebook.domains, start=3):
        sheet.write_string(row, 0, domain, page.ink.framed)
        sheet.write_string(row, 1, page.rulebook.title(domain), page.ink.name)
        _given(sheet, row, 2, {name: fields[name] for name in rest}, page)
    sheet.freeze_panes(3, 2)


def _given(
    sheet: "Worksheet", row: int, first: int, fields: Mapping[str, Field], page: Page
) -> None:
    for at, (name, one) in enumerate(fields.items(), start=first):
        sheet.set_column(at, at, 24 if one.type is FieldType.CHOICE else 60)
        sheet.write_blank(row, at, None, page.ink.entry(one.type))
        sheet.data_validation(row, at, row, at, page.entries.rule(name, one, {}))


def _answers(sheet: "Worksheet", page: Page) -> None:
    """Write a row for each standard: what it asks, room for the answer, where it comes from."""
    fields = page.fields(ANSWERS)
    rest = {name: one for name, one in fields.items() if name != "standard"}
    said = "Your answer on each standard. Leave the answer blank if you cannot tell."
    _top(sheet, "Answers", said, page.ink)
    shown = ("(Section of the form)", "(Standard says)", "(What it asks)")
    given = tuple(heading(name, one) for name, one in rest.items())
    _headings(sheet, 2, ("Standard *", *shown, *given, "(Where it comes from)"), page.ink)
    for at, width in enumerate(ACROSS):
        sheet.set_column(at, at, width)
    for row, question in enumerate(questions(page.rulebook, page.asked.standards), start=3):
        _answer(sheet, row, question, rest, page)
    sheet.set_column(4 + len(rest), 4 + len(rest), SOURCE)
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)


def _answer(
    sheet: "Worksheet", row: int, question: Question, rest: Mapping[str, Field], page: Page
) -> None:
    told = (question.standard, question.section, question.title, question.asks)
    widths = zip((*told, question.source), (*ACROSS, SOURCE), strict=True)
    sheet.set_row(row, height(widths))
    for at, text in enumerate(told):
        sheet.write_string(row, at, text, page.ink.framed if at else page.ink.name)
    _given(sheet, row, 4, rest, page)
    sheet.write_string(row, 4 + len(rest), question.source, page.ink.framed)


def _facts(sheet: "Worksheet", table: str, page: Page) -> None:
    """Write an empty table: what it is, what its fields mean, its headings."""
    ink, fields = page.ink, page.fields(table)
    said = f"{page.rulebook.fields.tables[table].meaning}: a row for each, as the file has it."
    _top(sheet, plain(table), said, ink)
    from xlsxwriter.utility import xl_rowcol_to_cell

    first = ABOVE + 1
    beside = {name: xl_rowcol_to_cell(first, at) for at, name in enumerate(fields)}
    widths = {name: _width(name, one, page) for name, one in fields.items()}
    meanings = [(one.meaning, widths[name]) for name, one in fields.items()]
    sheet.set_row(ABOVE - 1, height(meanings, SMALL))
    titles = [(heading(name, one), widths[name] - 2) for name, one in fields.items()]
    sheet.set_row(ABOVE, height(titles))
    for at, (name, one) in enumerate(fields.items()):
        sheet.set_column(at, at, widths[name], ink.free(one.type))
        sheet.write_string(ABOVE - 1, at, one.meaning, ink.note)
        sheet.write_string(ABOVE, at, heading(name, one), ink.heading)
        rule = page.entries.rule(name, one, beside)
        sheet.data_validation(first, at, first + ROWS - 1, at, rule)
        for row in range(ABOVE - 1):
            if at:
                sheet.write_blank(row, at, None, ink.line)
        for row in range(first, first + SHOWN):
            sheet.write_blank(row, at, None, ink.entry(one.type))
    sheet.freeze_panes(first, 0)
    sheet.repeat_rows(ABOVE)


def _width(name: str, one: Field, page: Page) -> int:
    if one.type in WIDTHS:
        return max(WIDTHS[one.type], LEAST)
    if one.type is FieldType.TEXT:
        return WIDE
    longest = max(map(len, words_of(page.rulebook, one)), default=NARROW)
    return min(max(longest + 4, LEAST, len(name) // 2 + 4), MOST)
