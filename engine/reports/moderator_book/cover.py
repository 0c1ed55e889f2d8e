"""The first sheet of a moderators' workbook: what to do, and what to look at today."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.moderation import book_words as words
from engine.records import form_words
from engine.reports.form.heights import height
from engine.reports.moderator_book.page import Page
from engine.reports.wording import counted

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

NAMES, WIDE = 30, 100  # characters
STEPS: Mapping[str, tuple[str, ...]] = {
    words.BLIND: (
        """Grade each audit by yourself, before you see what its auditor gave. Do not ask the
        auditor, and do not look it up: your grade only counts if it is your own.""",
        """Each audit has a sheet: what the record shows of every standard that binds the case,
        and the entries on the file. Read it beside the child's own file, which decides.""",
        f"""On the sheet {words.GRADES} choose an overall grade for each audit, and a grade for each
        section that you can judge. Leave a section blank where there is nothing to judge.""",
        """Choose up to three reasons, and write in the note what you saw on the file that led you
        to the grade. Write no name, address, NHS number or day of birth.""",
        """What you have not graded yet stays blank: you may send the workbook more than once. What
        was sent is sealed and is not changed afterwards.""",
        """Save the workbook and send it to whoever leads on quality assurance. Do not rename a
        sheet. You then get a second workbook that shows the auditor's grades.""",
    ),
    words.CONFIRM: (
        """Your blind grades are sealed. This workbook shows beside them what the auditor gave and
        the best grade that the record allows, with the reasons.""",
        f"""On the sheet {words.GRADES} choose the overall grade that you stand by. It may be your
        blind grade or another one; say why with a reason and a note.""",
        """A grade above what the record allows needs the reason why, and the name of a second
        moderator who agrees. Without both it is refused.""",
        f"""On the sheet {words.DOMAINS} choose a grade only where you now stand by another than
        your blind one.""",
        """Two grades between you and the auditor, or a change to or from the lowest grade, go to
        the panel whatever you confirm.""",
        """Leave blank what is not decided yet. Save the workbook and send it back; do not rename a
        sheet.""",
    ),
}
TITLES = {
    words.BLIND: "Moderation: your blind grades",
    words.CONFIRM: "Moderation: the grades you confirm",
}
WARNING = (
    "If a file makes you think that a child may not be safe, tell the child's manager now. Grading "
    "is not the safeguarding action."
)


def write(sheet: "Worksheet", page: Page, audits: int, alerts: Mapping[str, Sequence[str]]) -> None:
    """Write the cover; `alerts`: what has to be looked at today, by audit."""
    told, ink = page.told, page.ink
    sheet.set_column(0, 0, NAMES)
    sheet.set_column(1, 1, WIDE)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, TITLES[told.stage], ink.title)
    sheet.write_string(1, 0, f"{told.moderator}, {counted(audits, 'audit')}", ink.line)
    at = 3
    if alerts:
        at = _today(sheet, page, at, alerts)
    steps = ((f"Step {n}", " ".join(s.split())) for n, s in enumerate(STEPS[told.stage], start=1))
    at = _block(sheet, page, at, "What to do", steps)
    at = _block(sheet, page, at, "Safeguarding", iter([("Please note", WARNING)]))
    _block(sheet, page, at, "What this workbook was made from", _made_from(page))


def _today(sheet: "Worksheet", page: Page, at: int, alerts: Mapping[str, Sequence[str]]) -> int:
    sheet.merge_range(at, 0, at, 1, "Look at these files today", page.ink.heading)
    for row, (audit, said) in enumerate(alerts.items(), start=at + 1):
        text = " ".join(dict.fromkeys(said))
        sheet.set_row(row, height([(audit, NAMES), (text, WIDE)]))
        sheet.write_string(row, 0, audit, page.alert)
        sheet.write_string(row, 1, text, page.alert)
    return at + len(alerts) + 2


def _block(
    sheet: "Worksheet", page: Page, at: int, title: str, rows: Iterator[tuple[str, str]]
) -> int:
    sheet.merge_range(at, 0, at, 1, title, page.ink.heading)
    for name, said in rows:
        at += 1
        sheet.set_row(at, height([(name, NAMES), (said, WIDE)]))
        sheet.write_string(at, 0, name, page.ink.name)
        sheet.write_string(at, 1, said, page.ink.framed)
    return at + 2


def _made_from(page: Page) -> Iterator[tuple[str, str]]:
    book = page.rulebook.book
    yield words.MODERATOR, page.told.moderator
    yield words.STAGE, page.told.stage
    yield words.DRAW, page.told.draw
    yield form_words.FORM_OF, book.id
    yield form_words.VERSION, book.version
    yield form_words.HASH, page.rulebook.hash
