"""The blank form as the bytes of a workbook: the same for the same rulebook and case types.

In: a rulebook and case types. Out: an XLSX file: a cover, what the auditor says, a sheet a table.
No macro, no formula, no link, no password: sheets are protected against slips, and anybody may
take the protection off.
"""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from engine.errors import Exit, Location, Problem, Stop
from engine.records.form_words import COVER, DOMAIN_GRADES, LISTS
from engine.reports.form import cover, sheets
from engine.reports.form.asked import Asked, asked_of
from engine.reports.form.entries import Entries, Lists
from engine.reports.form.ink import NAVY, Ink
from engine.reports.wording import plain
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import ANSWERS, AUDITS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook knows no time zone; fixed, for the same bytes
LONGEST_TITLE = 31
A4 = 9
TABS = {COVER: NAVY, **dict.fromkeys((AUDITS, DOMAIN_GRADES, ANSWERS), "#E9B44C")}
FACTS = "#8AA4C8"
BOOK, BEFORE = "xl/workbook.xml", b"<bookViews>"
LOCKED = b'<workbookProtection lockStructure="1"/>'
ZIPPED = (1980, 1, 1, 0, 0, 0)


def write_form(rulebook: Rulebook, case_types: tuple[str, ...] = ()) -> bytes:
    """Return the blank form for cases of these types; for any case if none is given.

    Raises:
        Stop: a table has a name that no sheet can have.
    """
    from xlsxwriter.workbook import Workbook

    asked = asked_of(rulebook, case_types)
    _check_titles(asked, rulebook)
    written = BytesIO()
    plain_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls"), False)
    with Workbook(written, {"in_memory": True, "strings_to_numbers": False, **plain_text}) as book:
        book.set_properties({"title": "Practice audit form", "created": MADE})
        ink, lists = Ink(book), Lists()
        page = sheets.Page(rulebook, asked, ink, Entries(rulebook, lists))
        cover.write(_sheet(book.add_worksheet(COVER), COVER), rulebook, asked, ink)
        for table in _in_order(asked):
            sheets.write(_sheet(book.add_worksheet(plain(table)), table), table, page)
        lists.write(_sheet(book.add_worksheet(LISTS), LISTS))
    return structure_locked(written.getvalue())


def _in_order(asked: Asked) -> tuple[str, ...]:
    first = tuple(name for name in (AUDITS, DOMAIN_GRADES, ANSWERS) if name in asked.tables)
    return (*first, *asked.facts)


def _sheet(sheet: "Worksheet", name: str) -> "Worksheet":
    sheet.set_tab_color(TABS.get(name, FACTS))
    return laid_out(sheet, cover=name == COVER)


def laid_out(sheet: "Worksheet", *, cover: bool) -> "Worksheet":
    """Return a sheet that is protected against slips and prints on landscape A4."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    sheet.hide_gridlines(2 if cover else 1)  # 1: not in print
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4)
    sheet.set_footer("&L&A&RPage &P of &N")
    return sheet


def _check_titles(asked: Asked, rulebook: Rulebook) -> None:
    long = [name for name in asked.tables if len(name) > LONGEST_TITLE]
    if long:
        said = f"the table `{long[0]}` has a name that no sheet of a workbook can have"
        help_ = f"a sheet's name has at most {LONGEST_TITLE} letters"
        where = Location(f"{rulebook.folder}/fields.yaml")
        raise Stop(Exit.RULEBOOK, (Problem(where, "B150", said, help_),))


def structure_locked(written: bytes) -> bytes:
    """Return the workbook with sheets that nobody deletes, renames or moves by a slip."""
    out = BytesIO()
    with ZipFile(BytesIO(written)) as before, ZipFile(out, "w") as after:
        for part in before.infolist():
            content = before.read(part)
            if part.filename == BOOK:
                content = content.replace(BEFORE, LOCKED + BEFORE, 1)
            info = ZipInfo(part.filename, ZIPPED)
            info.compress_type = ZIP_DEFLATED
            after.writestr(info, content)
    return out.getvalue()
