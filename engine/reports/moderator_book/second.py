"""The workbook of after the reveal: auditor's grade, cap and own blind grade, and room to confirm.

In: the views of the audits and the moderator's blind grades. Out: bytes of a workbook, the same for
the same input.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.moderation import book_words as words
from engine.moderation.entries import Graded, Standing
from engine.reports.form.heights import height
from engine.reports.form.ink import NAVY
from engine.reports.moderator_book import cover
from engine.reports.moderator_book.first import AUDIT, BLUE, GOLD, GRADE, NOTE, REASON
from engine.reports.moderator_book.page import Page, Told, titles_of, writing
from engine.reports.view import OVERALL, AuditView
from engine.reports.wording import grade_title, outcome_title, plain, scope_title
from engine.rulebook.book import Rulebook

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from engine.reports.view import Words

NO_CAP = "no limit"
WIDTHS = (30, 36, 40, 70, 70)
CAPS = ("(Of what)", "(At most)", "(Standards)", "(Why)", "(Where it comes from)")
ANSWERS = ("(Standard)", "(Title)", "(The auditor's answer)", "(What the record shows)")


@dataclass(frozen=True)
class Shown:
    """An audit after the reveal: where it stands (`overall` and domains), and the blind grades.

    `view` gives the reasons; where the facts were corrected since, `standing` is as now scored.
    """

    view: AuditView
    standing: Mapping[str, Standing]
    blind: Graded


def write_second(rulebook: Rulebook, told: Told, audits: Sequence[Shown], names: "Words") -> bytes:
    """Return the workbook in which a moderator confirms the grades of some audits."""
    with writing(rulebook, told) as (page, written):
        cover.write(page.sheet(words.COVER, NAVY, cover=True), page, len(audits), {})
        titles = titles_of([one.view.audit_id for one in audits])
        _grades(page.sheet(words.GRADES, GOLD), page, audits, titles)
        _domains(page.sheet(words.DOMAINS, GOLD), page, audits)
        for one in audits:
            _audit(page.sheet(titles[one.view.audit_id], BLUE), page, one, names)
    return written.getvalue()


def _grades(
    sheet: "Worksheet", page: Page, audits: Sequence[Shown], titles: Mapping[str, str]
) -> None:
    said = "The grades that you stand by. Leave blank what is not decided yet."
    page.top(sheet, words.GRADES, said)
    reasons = [f"{words.REASON} {n}" for n in range(1, words.REASONS + 1)]
    shown = ("(Its sheet)", "(Auditor's grade)", "(Record allows at most)", "(Your blind grade)")
    rest = (words.CONFIRMED, *reasons, words.NOTE, words.OVERRIDE, words.SECOND)
    heads = (words.AUDIT, *shown, *rest)
    wide = (AUDIT, AUDIT, GRADE, GRADE, GRADE, GRADE, *[REASON] * len(reasons), NOTE, NOTE, REASON)
    _headings(sheet, page, heads, wide)
    for row, one in enumerate(audits, start=words.GRADES_BELOW):
        audit, at = one.view.audit_id, len(shown) + 1
        overall = one.standing.get(OVERALL, Standing())
        told = (audit, titles[audit], *_told(page, overall, one.blind.grade))
        _texts(sheet, page, row, told)
        page.choice(sheet, row, at, page.grades)
        for column in range(at + 1, at + 1 + len(reasons)):
            page.choice(sheet, row, column, tuple(page.told.reasons.values()))
        page.words(sheet, row, at + 1 + len(reasons))
        page.words(sheet, row, at + 2 + len(reasons))
        page.choice(sheet, row, at + 3 + len(reasons), page.told.others)


def _domains(sheet: "Worksheet", page: Page, audits: Sequence[Shown]) -> None:
    said = "Choose a grade only where you stand by another than your blind one."
    page.top(sheet, words.DOMAINS, said)
    shown = ("(Auditor's grade)", "(Record allows at most)", "(Your blind grade)")
    heads = (words.AUDIT, words.DOMAIN, *shown, words.DOMAIN_GRADE)
    _headings(sheet, page, heads, (AUDIT, 44, GRADE, GRADE, GRADE, GRADE))
    row = words.DOMAINS_BELOW
    for one in audits:
        for domain in page.rulebook.domains:
            standing, blind = one.standing.get(domain), one.blind.domains.get(domain)
            if standing is None and blind is None:
                continue
            told = _told(page, standing or Standing(), blind)
            _texts(sheet, page, row, (one.view.audit_id, page.rulebook.title(domain), *told))
            page.choice(sheet, row, len(heads) - 1, page.grades)
            row += 1


def _told(page: Page, standing: Standing, blind: str | None) -> tuple[str, str, str]:
    title = page.rulebook.title
    return (
        title(standing.auditor_grade) if standing.auditor_grade else "",
        title(standing.cap) if standing.cap else NO_CAP,
        title(blind) if blind else "",
    )


def _headings(sheet: "Worksheet", page: Page, heads: Sequence[str], wide: Sequence[int]) -> None:
    top = words.GRADES_BELOW - 1
    sheet.set_row(top, height(zip(heads, (one - 2 for one in wide), strict=True)))
    for column, (head, width) in enumerate(zip(heads, wide, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, head, page.ink.heading)
    sheet.freeze_panes(top + 1, 2)
    sheet.repeat_rows(top)


def _texts(sheet: "Worksheet", page: Page, row: int, texts: Sequence[str]) -> None:
    sheet.set_row(row, 30)
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, page.ink.framed if column else page.ink.name)


def _audit(sheet: "Worksheet", page: Page, one: Shown, names: "Words") -> None:
    audit = one.view.audit_id
    page.top(sheet, f"Audit {audit}", "Why the record allows no more, and where answers differ.")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    caps = [
        (scope_title(names, cap.scope), grade_title(names, cap.grade), ", ".join(cap.standards),
         cap.because, cap.source)
        for cap in one.view.caps
    ]  # fmt: skip
    at = page.table(sheet, 3, [CAPS, *(caps or [("No limit", "", "", "", "")])], WIDTHS)
    said = [
        (c.standard, page.rulebook.by_id[c.standard].title, plain(c.answer),
         f"{outcome_title(c.outcome)}. {c.because}")
        for c in one.view.contradictions
    ]  # fmt: skip
    if said:
        sheet.write_string(at + 1, 0, "Answers better than the record shows", page.ink.bold_line)
        page.table(sheet, at + 2, [ANSWERS, *said], WIDTHS)
