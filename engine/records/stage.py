"""The stage that readers fill: tables of rows or columns, warnings, refusals.

It must not know which reader fills it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from engine.errors import Location, Problem
from engine.records.dictionary import Dictionary, TableSpec
from engine.records.found import Found
from engine.records.places import Fault, Layout, Part, Place, Refusal
from engine.records.put_aside import PutAside
from engine.records.staging import RowStage
from engine.rulebook.fields import AUDIT_ID, AUDITS

if TYPE_CHECKING:
    from engine.records.type_columns import Relational

SAID = 100  # so many columns of a table that are no fields are said one by one


@dataclass
class Seen:
    """A form that was read: where its audit stands, a hash of its rows; whether others differ."""

    place: Place
    hash: str
    clash: bool = False


class Stage:
    """What a reader hands over."""

    def __init__(
        self, dictionary: Dictionary, scratch: Path, con: duckdb.DuckDBPyConnection
    ) -> None:
        self.dictionary = dictionary
        self.con = con
        self.put_aside = PutAside()
        self.scratch = scratch
        self.warnings: list[Problem] = []
        self._strange: Counter[str] = Counter()
        self._said: set[tuple[str, str]] = set()
        self.latest_only: set[str] = set()
        self.source = ""  # what a return is called (`Presence.source`)
        self.apostrophes = False  # texts like formulas have an apostrophe before them
        self.tables: dict[str, RowStage | Relational] = {}
        self.forms: dict[str, Seen] = {}

    def rows(self, table: str) -> RowStage:
        """Return the rows of a table, and count the table as present."""
        found = self.tables.get(table)
        if not isinstance(found, RowStage):
            found = self.tables[table] = RowStage(
                self.dictionary.tables[table], self.scratch, self.put_aside
            )
        return found

    def forget(self, file: str) -> None:
        """Take back the rows that were read of a file."""
        for table in self.tables.values():
            if isinstance(table, RowStage):
                table.forget(file)

    def warn(self, where: Location, code: str, message: str, way_out: str = "") -> None:
        """Say something that puts nothing aside."""
        self.warnings.append(Problem(where, code, message, way_out, warning=True))

    def unknown_table(self, where: Location, title: str) -> None:
        """Warn of a table that is not in the dictionary."""
        way_out = self.dictionary.suggest_table(title)
        self.warn(where, "B101", f"`{title}` is no table and was not read", way_out)

    def unknown_field(
        self, where: Location, spec: TableSpec, title: str, *, again: bool = False
    ) -> None:
        """Warn, once, of a column or key that is not in the dictionary or stands `again`."""
        if (spec.name, title) in self._said:
            return
        self._said.add((spec.name, title))
        if again:
            self.warn(where, "B102", f"`{title}` stands twice in `{spec.name}` and was not read")
            return
        self._strange[spec.name] += 1
        if self._strange[spec.name] > SAID:
            if self._strange[spec.name] == SAID + 1:
                self.warn(where, "B102", f"more of `{spec.name}` is no field and was not read")
            return
        near = self.dictionary.suggest_field(spec.name, title)
        if spec.name == AUDITS:
            near = near or self.dictionary.suggest_table(title)
        self.warn(where, "B102", f"`{title}` is no field of `{spec.name}` and was not read", near)

    def not_read(self, found: Found) -> None:
        """Warn of a file or folder beside the batch."""
        said = f"`{found.path.name}` is no part of the batch and was not read"
        self.warn(found.location, "B106", said)

    def no_audit_id(self, where: Location, spec: TableSpec, titles: Sequence[str | None]) -> None:
        """Put a whole table aside, once, in which no column says which audit a row belongs to."""
        if spec.name == AUDITS:
            self.rows(AUDITS)
        named = [title for title in titles if title]
        near = [title for title in named if self.dictionary.suggest_number(title)]
        said = f"`{spec.name}` has no column `{AUDIT_ID}`, and none of its rows was read"
        asked = f"is it `{near[0]}`? " if near else ""
        fault = Fault(
            "", "B301", said, f"{asked}call the column of the audit's number `{AUDIT_ID}`"
        )
        part = Part(where.file, Layout.SHEET if where.sheet else Layout.LINES, where.sheet)
        self.put_aside.take([Refusal(spec.name, Place(part, where.line), "", [fault], named)])

    def no_header(self, where: Location, table: str) -> None:
        """Warn of a table in which no row names its columns."""
        way_out = (
            f"the first row names the columns: {', '.join(self.dictionary.tables[table].names)}"
        )
        self.warn(where, "B102", f"no column of `{table}` was found, and nothing was read", way_out)
