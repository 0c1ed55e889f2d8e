"""How the cells of the form look, and which of them may be written in.

In: an open workbook. Out: formats. INVARIANT: what can be written in is `entry`, `free`; all else
is locked.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from engine.rulebook.fields import FieldType

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

SHAPES = {
    FieldType.DATE: "dd/mm/yyyy",
    FieldType.DATETIME: "dd/mm/yyyy hh:mm",
    FieldType.MONTH: "mm/yyyy",
    FieldType.NUMBER: "0",
    # as text, so that a number such as 0012 keeps its noughts
    FieldType.ID: "@",
    FieldType.TEXT: "@",
}
NAVY, WHITE, GREY, PALE, EDGE = "#1D3557", "#FFFFFF", "#505050", "#FFF8DC", "#767676"
_TOP = {"valign": "top", "text_wrap": True}
_FRAMED = {"border": 1, "border_color": EDGE}


@dataclass
class Ink:
    """The formats of one workbook, each made once."""

    book: "Workbook"

    def __post_init__(self) -> None:
        self._kept: dict[tuple[str, FieldType], Format] = {}

    @cached_property
    def title(self) -> "Format":
        """The name of a sheet."""
        return self.book.add_format({"bold": True, "font_size": 16, "font_color": NAVY})

    @cached_property
    def plain(self) -> "Format":
        """Text to be read."""
        return self.book.add_format(_TOP)

    @cached_property
    def line(self) -> "Format":
        """Text to be read that runs over the cells beside it."""
        return self.book.add_format({"valign": "top"})

    @cached_property
    def bold(self) -> "Format":
        """Text to be read first."""
        return self.book.add_format({**_TOP, "bold": True})

    @cached_property
    def bold_line(self) -> "Format":
        """A heading inside a sheet that runs over the cells beside it."""
        return self.book.add_format({"valign": "top", "bold": True, "font_color": NAVY})

    @cached_property
    def note(self) -> "Format":
        """What a field means."""
        return self.book.add_format({**_TOP, "font_color": GREY, "font_size": 9})

    @cached_property
    def heading(self) -> "Format":
        """The name of a column."""
        ink = {"bold": True, "bg_color": NAVY, "font_color": WHITE}
        return self.book.add_format({**_TOP, **_FRAMED, **ink})

    @cached_property
    def framed(self) -> "Format":
        """Text to be read, in a table with lines."""
        return self.book.add_format({**_TOP, **_FRAMED})

    @cached_property
    def name(self) -> "Format":
        """The name of a row."""
        return self.book.add_format({**_TOP, **_FRAMED, "bold": True, "bg_color": "#EEF2F7"})

    def entry(self, kind: FieldType) -> "Format":
        """Return the format of a cell to be filled in."""
        return self._of("entry", kind, {**_FRAMED, "bg_color": PALE})

    def free(self, kind: FieldType) -> "Format":
        """Return the format of a column to be filled in, however far down."""
        return self._of("free", kind, {})

    def _of(self, use: str, kind: FieldType, more: dict[str, object]) -> "Format":
        if (use, kind) not in self._kept:
            shape = {"num_format": SHAPES[kind]} if kind in SHAPES else {}
            side = {"align": "left", "locked": False}
            made = self.book.add_format({**_TOP, **side, **more, **shape})
            self._kept[use, kind] = made
        return self._kept[use, kind]
