"""What may be entered in a cell: drop-downs, days, numbers, and what is said beside the cell.

In: a field and what its list holds. Out: a data validation for XlsxWriter. Nothing here is live: a
validation speaks when somebody types, and no cell holds a formula.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.records.form_words import LISTS
from engine.reports.wording import plain
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import Field, FieldType

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LONGEST_LIST = 255  # characters of a list inside a validation, as Excel has it
LONGEST_NOTE, LONGEST_TITLE = 255, 32
YES_NO = ("Yes", "No")
DAYS = (FieldType.DATE, FieldType.DATETIME, FieldType.MONTH)
HOW = {
    FieldType.DATE: "Type a day, such as 31/01/2026.",
    FieldType.DATETIME: "Type a day, and the time if it is known, such as 31/01/2026 16:30.",
    FieldType.MONTH: "Type the first day of the month, such as 01/03/2015.",
    FieldType.YES_NO: "Choose yes or no. Leave it blank if the file does not say.",
    FieldType.CHOICE: "Choose from the list.",
    FieldType.LIST: "Choose from the list, or type several with ; between them.",
}


@dataclass
class Lists:
    """The lists that are too long for a validation, as columns of a hidden sheet."""

    columns: list[tuple[str, ...]] = field(default_factory=list)

    def source(self, words: tuple[str, ...]) -> list[str] | str:
        """Return a list as a validation takes it."""
        if len(",".join(words)) <= LONGEST_LIST and not any("," in word for word in words):
            return list(words)
        if words not in self.columns:
            self.columns.append(words)
        from xlsxwriter.utility import xl_col_to_name

        column = xl_col_to_name(self.columns.index(words), col_abs=True)
        return f"={LISTS}!{column}$1:{column}${len(words)}"

    def write(self, sheet: "Worksheet") -> None:
        """Write the lists, and hide them."""
        for at, words in enumerate(self.columns):
            for row, word in enumerate(words):
                sheet.write_string(row, at, word)
        sheet.hide()


def words_of(rulebook: Rulebook, entry: Field) -> tuple[str, ...]:
    """Return what the drop-down of a field shows: words that the readers take for its values."""
    if entry.type is FieldType.YES_NO:
        return YES_NO
    values = rulebook.allowed(entry.values_from) if entry.values_from else entry.values
    if entry.values_from == "standards":
        return values
    return tuple(map(plain, values))


@dataclass(frozen=True)
class Entries:
    """Makes the validations of one form."""

    rulebook: Rulebook
    lists: Lists

    def rule(self, name: str, entry: Field, beside: Mapping[str, str]) -> dict[str, Any]:
        """Return the validation of a field; `beside`: the cell of each field of the same row."""
        told = _told(name, entry)
        if entry.type in DAYS:
            return {**self._days(entry, beside), **told}
        if entry.type is FieldType.NUMBER:
            return {**_numbers(entry), **told}
        words = words_of(self.rulebook, entry)
        if not words:
            return {"validate": "any", **told}
        # several may be typed into a list, which a drop-down cannot offer
        kind = "information" if entry.type is FieldType.LIST else "stop"
        return {
            "validate": "list",
            "source": self.lists.source(words),
            **told,
            "error_type": kind,
            "error_title": "Not in the list",
            "error_message": "Choose one of the words in the drop-down list, or leave it blank.",
        }

    def _days(self, entry: Field, beside: Mapping[str, str]) -> dict[str, Any]:
        first, last = self.rulebook.fields.earliest, self.rulebook.fields.latest
        said = f"Type a day between {_shown(first)} and {_shown(last)}, such as 31/01/2026."
        least = str(_serial(first))
        if entry.not_before in beside:
            least = f"MAX({least},{beside[str(entry.not_before)]})"
            said += f" It must not be before: {plain(entry.not_before).lower()}."
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": f"={least}",
            "maximum": f"={_serial(last)}",
            "error_title": "Not a day that can be right",
            "error_message": said,
        }


def _numbers(entry: Field) -> dict[str, Any]:
    least, most = entry.bounds
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": least,
        "maximum": most,
        "error_title": "Not a number that can be right",
        "error_message": f"Type a whole number from {least} to {most}.",
    }


def _told(name: str, entry: Field) -> dict[str, str]:
    said = ". ".join(filter(None, _notes(entry)))
    return {
        "input_title": plain(name)[:LONGEST_TITLE],
        "input_message": said[:LONGEST_NOTE],
    }


def _notes(entry: Field) -> Iterator[str]:
    yield entry.meaning.rstrip(".")
    yield "This has to be filled in" if entry.required else ""
    yield HOW.get(entry.type, "")


def _shown(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _serial(day: date) -> int:
    # the number of a day in Excel, which counts a 29 February 1900 that never was
    return (day - date(1899, 12, 30)).days
