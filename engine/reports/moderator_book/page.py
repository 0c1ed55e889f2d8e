"""What every sheet of a moderators' workbook is made with.

In: an open workbook. Out: formats, drop-downs, tables of text. Nothing here is live: no macro, no
formula, no link; what is not to be written in is locked.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any

from engine.moderation import book_words as words
from engine.reports.form.entries import Lists
from engine.reports.form.heights import height
from engine.reports.form.ink import Ink
from engine.reports.form.workbook import MADE, laid_out, structure_locked
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import FieldType

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST_TITLE = 31
NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))
NOTE_LENGTH = 2000
RED, PALE_RED = "#9B1C1C", "#FDECEC"


@dataclass(frozen=True)
class Told:
    """What a workbook is: whose, of which draw, at which stage, and the codes for reasons."""

    stage: str
    draw: str
    moderator: str
    others: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One workbook that is being written."""

    book: "Workbook"
    rulebook: Rulebook
    told: Told
    ink: Ink
    lists: Lists

    def sheet(self, title: str, colour: str, *, cover: bool = False) -> "Worksheet":
        """Return a new sheet, protected against slips."""
        sheet = laid_out(self.book.add_worksheet(title), cover=cover)
        sheet.set_tab_color(colour)
        return sheet

    @cached_property
    def grades(self) -> tuple[str, ...]:
        """The titles of the grades, best first."""
        return tuple(grade.title for grade in reversed(self.rulebook.book.grades))

    def choice(self, sheet: "Worksheet", row: int, column: int, options: Sequence[str]) -> None:
        """Make a cell in which one of some words is chosen."""
        sheet.write_blank(row, column, None, self.ink.entry(FieldType.CHOICE))
        sheet.data_validation(row, column, row, column, self._chosen(tuple(options)))

    def _chosen(self, options: tuple[str, ...]) -> dict[str, Any]:
        if not options:
            return {"validate": "any"}
        return {
            "validate": "list",
            "source": self.lists.source(options),
            "error_title": "Not in the list",
            "error_message": "Choose one of the words in the drop-down list, or leave it blank.",
        }

    def words(self, sheet: "Worksheet", row: int, column: int) -> None:
        """Make a cell in which anything may be written."""
        sheet.write_blank(row, column, None, self.ink.entry(FieldType.TEXT))
        long = {"validate": "length", "criteria": "<=", "value": NOTE_LENGTH}
        said = {"error_title": "Too long", "error_message": "Write it shorter, please."}
        sheet.data_validation(row, column, row, column, {**long, **said})

    @cached_property
    def alert(self) -> "Format":
        """What has to be seen first."""
        ink = {"bold": True, "font_color": RED, "bg_color": PALE_RED, "border": 1}
        return self.book.add_format({**ink, "text_wrap": True, "valign": "top"})

    def top(self, sheet: "Worksheet", title: str, said: str) -> None:
        """Write the name of a sheet, and what it is for."""
        sheet.set_row(0, 24)
        sheet.write_string(0, 0, title, self.ink.title)
        sheet.write_string(1, 0, said, self.ink.line)

    def table(
        self,
        sheet: "Worksheet",
        at: int,
        rows: Sequence[Sequence[str]],
        widths: Sequence[int],
    ) -> int:
        """Write headings and rows of text, and return the row after them."""
        for row, texts in enumerate(rows, start=at):
            sheet.set_row(row, height(zip(texts, widths, strict=False)))
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text, self._of(row == at, column))
        return at + len(rows)

    def _of(self, heading: bool, column: int) -> "Format":  # noqa: FBT001 - of a table's cell
        if heading:
            return self.ink.heading
        return self.ink.framed if column else self.ink.name


@contextmanager
def writing(rulebook: Rulebook, told: Told) -> Iterator[tuple[Page, BytesIO]]:
    """Give a page of a new workbook, and where its bytes will be once it is closed."""
    from xlsxwriter.workbook import Workbook

    written = BytesIO()
    plain_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls"), False)
    options = {"in_memory": True, "strings_to_numbers": False, **plain_text}
    with Workbook(written, options) as book:
        book.set_properties({"title": f"Moderation: {told.stage.lower()}", "created": MADE})
        page = Page(book, rulebook, told, Ink(book), Lists())
        yield page, written
        page.lists.write(page.sheet(words.LISTS, "#767676"))
    locked = structure_locked(written.getvalue())
    written.seek(0)
    written.truncate()
    written.write(locked)


def titles_of(audits: Sequence[str]) -> dict[str, str]:
    """Return a name for the sheet of each audit: a number, and the id so far as it can be one.

    >>> titles_of(["A/1", "A*1"])
    {'A/1': '1 A-1', 'A*1': '2 A-1'}
    """
    return {
        audit: f"{at} {_printable(audit).translate(NOT_IN_TITLES)}"[:LONGEST_TITLE].rstrip()
        for at, audit in enumerate(audits, start=1)
    }


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "-" for letter in text)
