"""The first sheet of the form: how to fill it in, what it was made from, what it leaves out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.records import form_words as words
from engine.reports.form.asked import FORM, Asked
from engine.reports.form.heights import height
from engine.reports.form.ink import Ink
from engine.reports.wording import counted, plain
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import ANSWERS, AUDITS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

NAMES, WIDE = 30, 95  # characters
HOW = (
    "One form is for one audit of one child's file. Save a copy under a name of its own.",
    """Begin with the sheet Audits. Type the number of the audit once: all other sheets belong to
    it. A field with * has to be filled in.""",
    """On the sheet Audits say of each kind of record whether you looked at it on the file. If you
    looked and there was nothing, choose Yes and leave its sheet empty. What you did not look at is
    never held against the case.""",
    """Grade each section on the sheet Domain grades, and answer each question on the sheet Answers.
    Leave an answer blank if you cannot tell: a blank is never taken for met.""",
    """On the other sheets write a row for each entry on the file, as the file has it: each visit,
    each plan, each supervision. Leave a cell blank where the file says nothing.""",
    """Days are written day/month/year. Click on a cell to see what belongs in it; use the drop-down
    lists where there are any.""",
    """Use the child's and the workers' pseudonyms. Write no name, address, NHS number or day of
    birth anywhere.""",
    """When you are done, send the file to whoever leads on quality assurance. Nothing has to be
    taken out or renamed.""",
)
WARNING = (
    "If the file makes you think that a child may not be safe, tell the child's manager now. "
    "Filling in this form is not the safeguarding action."
)


def write(sheet: "Worksheet", rulebook: Rulebook, asked: Asked, ink: Ink) -> None:
    """Write the cover."""
    sheet.set_column(0, 0, NAMES)
    sheet.set_column(1, 1, WIDE)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, "Practice audit form", ink.title)
    sheet.write_string(1, 0, f"{rulebook.book.title}, version {rulebook.book.version}", ink.line)
    at = _block(sheet, 3, "How to fill it in", _numbered(), ink)
    at = _block(sheet, at, "Safeguarding", iter([("Please note", WARNING)]), ink)
    at = _block(sheet, at, "The sheets", _sheets(rulebook, asked), ink)
    _block(sheet, at, "What this form was made from", _made_from(rulebook, asked), ink)


def _block(
    sheet: "Worksheet", at: int, title: str, rows: Iterator[tuple[str, str]], ink: Ink
) -> int:
    sheet.merge_range(at, 0, at, 1, title, ink.heading)
    for row, (name, said) in enumerate(rows, start=at + 1):
        sheet.set_row(row, height([(name, NAMES), (said, WIDE)]))
        sheet.write_string(row, 0, name, ink.name)
        sheet.write_string(row, 1, said, ink.framed)
        at = row
    return at + 2


def _numbered() -> Iterator[tuple[str, str]]:
    return ((f"Step {number}", " ".join(said.split())) for number, said in enumerate(HOW, start=1))


def _sheets(rulebook: Rulebook, asked: Asked) -> Iterator[tuple[str, str]]:
    own = {
        AUDITS: "The audit itself, and what you looked at on the file",
        words.DOMAIN_GRADES: "Your grade for each section of the audit form",
        ANSWERS: f"Your answer to each of {counted(len(asked.standards), 'standard')}",
    }
    for table in (*FORM, *asked.facts):
        if table in asked.tables:
            yield plain(table), own.get(table, rulebook.fields.tables[table].meaning)


def _made_from(rulebook: Rulebook, asked: Asked) -> Iterator[tuple[str, str]]:
    book = rulebook.book
    yield words.FORM_OF, book.id
    yield words.VERSION, book.version
    yield words.HASH, rulebook.hash
    yield "Case types", ", ".join(map(plain, asked.case_types)) or "every case type"
    yield words.LEFT_OUT, "; ".join(s.id for s in asked.left_out) or words.NONE
    yield words.SHEETS_LEFT_OUT, "; ".join(map(plain, asked.tables_left_out)) or words.NONE
    if asked.left_out or asked.tables_left_out:
        yield "Why they are left out", "They cannot apply to these case types."
