"""The blind workbook: an audit a sheet with what the record shows, and room for the grades.

In: what may be seen of the audits (`BlindAudit`). Out: bytes of a workbook, the same for the same
input. It never holds what the auditor said, since it is not given it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.moderation import book_words as words
from engine.reports.form.heights import height
from engine.reports.form.ink import NAVY
from engine.reports.moderator_book import cover
from engine.reports.moderator_book.blind import BlindAudit, RecordTable
from engine.reports.moderator_book.page import Page, Told, titles_of, writing
from engine.reports.wording import counted
from engine.rulebook.book import Rulebook

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

GOLD, BLUE, RED = "#E9B44C", "#8AA4C8", "#C0392B"
AUDIT, GRADE, REASON, NOTE = 16, 20, 34, 60  # characters
FINDINGS = ("(Standard)", "(Section)", "(Title)", "(Weight)", "(Outcome)",
            "(What the record shows)", "(Where the threshold comes from)")  # fmt: skip
WIDTHS = (14, 24, 36, 20, 22, 64, 40)


def write_first(rulebook: Rulebook, told: Told, audits: Sequence[BlindAudit]) -> bytes:
    """Return the workbook in which a moderator grades some audits blind."""
    with writing(rulebook, told) as (page, written):
        alerts = {one.audit_id: one.alerts for one in audits if one.alerts}
        sheet = page.sheet(words.COVER, NAVY, cover=True)
        cover.write(sheet, page, len(audits), alerts)
        titles = titles_of([one.audit_id for one in audits])
        _grades(page.sheet(words.GRADES, GOLD), page, audits, titles)
        for one in audits:
            colour = RED if one.alerts else BLUE
            _audit(page.sheet(titles[one.audit_id], colour), page, one)
    return written.getvalue()


def _grades(
    sheet: "Worksheet", page: Page, audits: Sequence[BlindAudit], titles: dict[str, str]
) -> None:
    said = "Your grades, by yourself. Leave blank what you have not graded yet."
    page.top(sheet, words.GRADES, said)
    domains = [page.rulebook.title(domain) for domain in page.rulebook.domains]
    reasons = [f"{words.REASON} {n}" for n in range(1, words.REASONS + 1)]
    heads = (words.AUDIT, "(Its sheet)", words.OVERALL, *domains, *reasons, words.NOTE)
    wide = (AUDIT, AUDIT, GRADE, *[GRADE] * len(domains), *[REASON] * len(reasons), NOTE)
    top = words.GRADES_BELOW - 1
    sheet.set_row(top, height(zip(heads, (one - 2 for one in wide), strict=True)))
    for column, (head, width) in enumerate(zip(heads, wide, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, head, page.ink.heading)
    for row, one in enumerate(audits, start=top + 1):
        sheet.set_row(row, 30)
        sheet.write_string(row, 0, one.audit_id, page.ink.name)
        sheet.write_string(row, 1, titles[one.audit_id], page.ink.framed)
        for column in range(2, 3 + len(domains)):
            page.choice(sheet, row, column, page.grades)
        for column in range(3 + len(domains), len(heads) - 1):
            page.choice(sheet, row, column, tuple(page.told.reasons.values()))
        page.words(sheet, row, len(heads) - 1)
    sheet.freeze_panes(top + 1, 3)
    sheet.repeat_rows(top)


def _audit(sheet: "Worksheet", page: Page, one: BlindAudit) -> None:
    page.top(sheet, f"Audit {one.audit_id}", "What the record shows. The child's file decides.")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    at = 3
    for said in one.alerts:
        sheet.merge_range(at, 0, at, 5, said, page.alert)
        sheet.set_row(at, 22)
        at += 1
    at = _about(sheet, page, at + bool(one.alerts), one)
    sheet.write_string(at, 0, "What the record shows of each standard", page.ink.title)
    findings = [
        (f.standard, f.section, f.title, f.weight, f.outcome, f.shown, f.source)
        for f in one.findings
    ]
    at = page.table(sheet, at + 1, [FINDINGS, *findings], WIDTHS)
    for table in one.record:
        at = _entries(sheet, page, at + 1, table)


def _about(sheet: "Worksheet", page: Page, at: int, one: BlindAudit) -> int:
    for row, (name, said) in enumerate(one.about, start=at):
        sheet.merge_range(row, 0, row, 1, name, page.ink.name)
        sheet.merge_range(row, 2, row, 4, said, page.ink.framed)
    return at + len(one.about) + 1


def _entries(sheet: "Worksheet", page: Page, at: int, table: RecordTable) -> int:
    more = f" (the first; {counted(table.more, 'row')} more on the file)" if table.more else ""
    sheet.write_string(at, 0, f"On the file: {table.title.lower()}{more}", page.ink.bold_line)
    columns, width = len(table.columns), len(WIDTHS)
    # a table of more columns than the findings have runs on to the right
    widths = [*WIDTHS, *[GRADE] * max(0, columns - width)]
    heads = tuple(f"({title})" for title in table.columns)
    return page.table(sheet, at + 1, [heads, *table.rows], widths)
