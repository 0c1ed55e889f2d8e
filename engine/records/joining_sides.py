"""The two inputs of a join, side by side in one database: schema `form` and schema `record`.

In: two batches. Out: a connection that holds the rows of both, each with its `_row` (its `rowid` in
its own batch). It must not know what belongs together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from engine.records import sql
from engine.records.batch import Batch
from engine.rulebook.fields import ANSWERS, AUDIT_ID, AUDITS, Fields

FORM, RECORD = "form", "record"
PUT_ASIDE = "put_aside"
NOT_EXAMINED = "not_examined"
# what only an auditor can say, whatever the records hold under these names
OF_THE_AUDITOR = frozenset({ANSWERS, "domain_grades", "moderations"})
# what the form decides, whatever is trusted: extracts rarely hold it, readers infer it
THE_FORM_DECIDES = frozenset({"case_type"})
OF_THE_AUDIT = frozenset(
    {
        AUDIT_ID,
        "child_id",
        "auditor_id",
        "audit_date",
        "period_start",
        "period_end",
        "selected_date",
        NOT_EXAMINED,
        "sample_type",
        "overall_grade",
    }
)


@dataclass(frozen=True)
class Side:
    """One input, under the name of its schema in the joined database."""

    name: str
    batch: Batch

    def has(self, table: str) -> bool:
        """Say whether the input holds a table of which it may speak."""
        return bool(self.columns(table))

    def columns(self, table: str) -> frozenset[str]:
        """Return the columns of a table of which the input may speak."""
        if self.name == RECORD and table in OF_THE_AUDITOR:
            return frozenset()
        return self.batch.presence.columns.get(table, frozenset())

    def rows(self, table: str) -> int:
        """Return how many rows the input has of a table of which it may speak."""
        return self.batch.rows.get(table, 0) if self.has(table) else 0

    def latest(self, table: str) -> bool:
        """Say whether the input holds the latest row of a table only."""
        return table in self.batch.presence.latest_only

    def lost(self) -> frozenset[str]:
        """Return the tables of which the input lost a row."""
        return self.batch.presence.put_aside - (OF_THE_AUDITOR if self.name == RECORD else set())

    def source(self, table: str) -> str:
        """Return the SQL name of its rows."""
        return f"{self.name}.{sql.name(table)}"

    def where(self) -> str:
        """Return the input's name, as the user gave it."""
        return ", ".join(self.batch.sources)


@dataclass(frozen=True)
class Sides:
    """Both inputs in one database, the dictionary, and whether the form is trusted.

    `several`: some audit takes the rows of more than one audit of the records. `renumbered` are
    the sides and columns in which some row names another by a number that is not the joined one's.
    """

    con: duckdb.DuckDBPyConnection
    form: Side
    record: Side
    fields: Fields
    trust_form: bool
    several: bool = False
    renumbered: frozenset[tuple[str, str]] = frozenset()

    def tables(self) -> tuple[str, ...]:
        """Return the tables that either has, those whose keys others name first."""
        held = [name for name in self.fields.tables if self.form.has(name) or self.record.has(name)]
        return tuple(sorted(held, key=lambda name: len(self.fields.tables[name].key) == 0))

    def facts(self) -> tuple[str, ...]:
        """Return the tables of which both may speak, those whose keys others name first."""
        return tuple(n for n in self.tables() if n != AUDITS and n not in OF_THE_AUDITOR)

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the columns that either has, in the order of the dictionary."""
        held = self.form.columns(table) | self.added(table)
        return tuple(name for name in self.fields.tables[table].fields if name in held)

    def added(self, table: str) -> frozenset[str]:
        """Return the columns of the records that count."""
        held = self.record.columns(table)
        return held - OF_THE_AUDIT if table == AUDITS else held

    def shared(self, table: str) -> tuple[str, ...]:
        """Return the columns that both have."""
        both = self.form.columns(table) & self.added(table)
        return tuple(name for name in self.columns(table) if name in both and name != AUDIT_ID)

    def form_decides(self, table: str, column: str) -> bool:
        """Say whether the form decides what a column of a joined row holds."""
        always = self.fields.tables[table].fields[column].judged
        always = always or (table == AUDITS and column in THE_FORM_DECIDES)
        return self.trust_form or always

    def kind(self, table: str, column: str) -> str:
        """Return the SQL type of a column."""
        return sql.TYPES[self.fields.tables[table].fields[column].type]

    def value(self, side: Side, table: str, column: str) -> str:
        """Return SQL of a column of a side, null where it is absent; its rows go by its initial."""
        if column in side.columns(table):
            return f"{side.name[0]}.{sql.name(column)}"
        return f"CAST(NULL AS {self.kind(table, column)})"


def laid_side_by_side(
    con: duckdb.DuckDBPyConnection, scratch: Path, form: Side, record: Side
) -> None:
    """Show the rows of both inputs in one database: files as they are, and copies of tables.

    Raises:
        Stop: files that are read in place are no longer as they were.
    """
    for side in (form, record):
        con.execute(f"CREATE SCHEMA {side.name}")
        views = "".join(
            f"CREATE VIEW {side.source(table)} AS {query};"
            for table, query in _relations(side, scratch)
        )
        con.execute(views)


def _relations(side: Side, scratch: Path) -> Iterator[tuple[str, str]]:
    for name, table in side.batch.tables.items():
        if held := side.columns(name):
            shown = ", ".join(map(sql.name, sorted(held)))
            if in_place := table.in_place():
                yield name, f"SELECT row_number() OVER () - 1 AS _row, {shown} FROM {in_place}"
            else:
                own = f"SELECT rowid AS _row, {shown} FROM {side.batch.numbered(name)}"
                yield name, _kept(side, name, own, scratch)
    yield PUT_ASIDE, _kept(side, PUT_ASIDE, f"FROM {sql.typed(PUT_ASIDE)}", scratch)


def _kept(side: Side, table: str, query: str, scratch: Path) -> str:
    path = sql.literal(str(scratch / f"{side.name}-{table}.parquet"))
    with side.batch.being_read():
        side.batch.con.execute(f"COPY ({query}) TO {path} (FORMAT parquet)")
    return f"FROM read_parquet({path})"
