"""The stage that readers fill: tables of rows or columns, warnings, refusals.

It must not know which reader fills it.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from engine.errors import Location, Problem
from engine.records.dictionary import Dictionary
from engine.records.places import Refusal
from engine.records.staging import RowStage
from engine.records.type_columns import Relational


class Stage:
    """What a reader hands over."""

    def __init__(
        self, dictionary: Dictionary, scratch: Path, con: duckdb.DuckDBPyConnection
    ) -> None:
        self.dictionary = dictionary
        self.con = con
        self.scratch = scratch
        self.warnings: list[Problem] = []
        self._said: set[tuple[str, ...]] = set()
        self.latest_only: set[str] = set()
        self.tables: dict[str, RowStage | Relational] = {}

    def rows(self, table: str) -> RowStage:
        """Return the rows of a table, and count the table as present."""
        found = self.tables.get(table)
        if not isinstance(found, RowStage):
            found = self.tables[table] = RowStage(self.dictionary.tables[table], self.scratch)
        return found

    def warn(self, where: Location, code: str, message: str, way_out: str = "") -> None:
        """Say something that puts nothing aside."""
        self.warnings.append(Problem(where, code, message, way_out, warning=True))

    def warn_once(
        self, what: tuple[str, ...], where: Location, code: str, message: str, way_out: str = ""
    ) -> None:
        """Say something the first time that it is met."""
        if what not in self._said:
            self._said.add(what)
            self.warn(where, code, message, way_out)
