"""A stretch of audits, drawn in DuckDB: every table as SQL that can be copied anywhere.

In: a seed, the calendar and the numbers of the first and last audit. Out: the SQL of each table of
the dictionary, with all its columns and nothing else, sorted. What is drawn, and why, stands in
`sql/*.sql`. It must not know files.
"""

# ruff: noqa: S608 - names come from the checked dictionary, and numbers are numbers

from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING

from engine.records.sql import TYPES
from engine.rulebook.fields import AUDIT_ID, AUDITS, Field, Fields, FieldType, Table
from engine.workdays import Calendar, is_weekday

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

# Each builds on those before it.
SCRIPTS = (
    "people", "standards", "spans", "levels", "days", "front_door", "plans", "visits", "oversight",
    "allocation", "protection", "care", "placements", "leaving", "risk", "voices", "cases",
    "audits", "auditor", "truth",
)  # fmt: skip
# No draw goes outside these days; workday() and working_days() in draws.sql count from the first.
FIRST_DAY, LAST_DAY = date(2015, 1, 1), date(2026, 12, 31)

MEMORY = "1500MB"

# How a value is written where the format has no type of its own for it.
AS_TEXT = {
    FieldType.MONTH: "strftime({}, '%Y-%m')",
    FieldType.DATETIME: "strftime({}, '%Y-%m-%d %H:%M')",
    FieldType.YES_NO: "CASE WHEN {0} THEN 'yes' WHEN NOT {0} THEN 'no' END",
    FieldType.LIST: "array_to_string({}, ';')",
}
KEPT = {
    "parquet": frozenset(AS_TEXT),
    "csv": frozenset[FieldType](),
    "jsonl": frozenset({FieldType.YES_NO, FieldType.LIST}),
    "xlsx": frozenset({FieldType.MONTH, FieldType.DATETIME}),
}


@dataclass(frozen=True)
class Generator:
    """One connection with the draws loaded; it makes one stretch of audits at a time."""

    con: "DuckDBPyConnection"
    fields: Fields
    format: str

    def draw(self, first: int, last: int) -> None:
        """Make the audits from number `first` to number `last`."""
        self.con.execute(f"SET VARIABLE first = {first}; SET VARIABLE last = {last}")
        for name in SCRIPTS:
            self.con.execute(script(name))

    def select(self, table: str) -> str:
        """Return the SQL of a table: its columns as the format writes them, sorted."""
        drawn = self._columns(table)
        if not drawn:
            return f"SELECT {self._shown(table, drawn)} WHERE false"
        order = self._order(self.fields.tables[table], drawn)
        return f'SELECT {self._shown(table, drawn)} FROM made."{table}" ORDER BY i, {order}'

    def nested(self) -> str:
        """Return the SQL of whole audits: their own columns, and a list of rows for each table.

        The lists are made one by one first: planning all in one query takes longer than running it.
        """
        lists, joins = [], []
        for name, table in self.fields.tables.items():
            drawn = self._columns(name)
            if name == AUDITS or not drawn:
                lists += [] if name == AUDITS else [f'[] AS "{name}"']
                continue
            columns = (column for column in table.fields if column != AUDIT_ID)
            row = ", ".join(f"'{c}': {self._column(name, c, drawn)}" for c in columns)
            self.con.execute(
                f'CREATE OR REPLACE TABLE nested."{name}" AS SELECT i, list({{{row}}} '
                f'ORDER BY {self._order(table, drawn)}) AS rows FROM made."{name}" GROUP BY i'
            )
            lists.append(f'coalesce("{name}".rows, []) AS "{name}"')
            joins.append(f'LEFT JOIN nested."{name}" AS "{name}" USING (i)')
        own = self._shown(AUDITS, self._columns(AUDITS))
        shown = ", ".join(["audits.* EXCLUDE (i)", *lists])
        audits = f"(SELECT i, {own} FROM made.audits) AS audits"
        return f"SELECT {shown} FROM {audits} {' '.join(joins)} ORDER BY i"

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        if not self._columns(table):
            return 0
        found = self.con.execute(f'SELECT count(*) FROM made."{table}"').fetchone()
        return int(found[0]) if found else 0

    def _columns(self, table: str) -> frozenset[str]:
        known = "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'made'"
        rows = self.con.execute(f"{known} AND table_name = ?", [table]).fetchall()
        return frozenset(name for (name,) in rows)

    @staticmethod
    def _order(table: Table, drawn: frozenset[str]) -> str:
        day = [f'"{table.date}"'] if table.date in drawn else []
        return ", ".join([*day, "n"])

    def _shown(self, table: str, drawn: frozenset[str]) -> str:
        names = self.fields.tables[table].fields
        return ", ".join(f'{self._column(table, name, drawn)} AS "{name}"' for name in names)

    def _column(self, table: str, name: str, drawn: frozenset[str]) -> str:
        field: Field = self.fields.tables[table].fields[name]
        if name not in drawn:
            return f"CAST(NULL AS {TYPES[field.type]})"
        if field.type in AS_TEXT and field.type not in KEPT[self.format]:
            return AS_TEXT[field.type].format(f'"{name}"')
        return f'"{name}"'


@cache
def script(name: str) -> str:
    """Return the text of one of the SQL files."""
    return (files("engine.synthetic") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def seed_number(seed: int) -> int:
    """Return the 32 bits that all draws begin with, whatever the size or the sign of the seed.

    >>> seed_number(1), seed_number(-1)
    (1803989619, 464350092)
    """
    return int.from_bytes(sha256(str(seed).encode()).digest()[:4], "big")


def days_back(calendar: Calendar | None) -> list[int]:
    """Return, for each day that may be drawn, how many days before it the last working day was."""
    back, steps = 0, []
    for ordinal in range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1):
        day = date.fromordinal(ordinal)
        known = calendar.is_working_day(day) if calendar else None
        back = 0 if (is_weekday(day) if known is None else known) else back + 1
        steps.append(back)
    return steps


def connect(seed: int, calendar: Calendar | None, scratch: "Path") -> "DuckDBPyConnection":
    """Open a database in memory with the draws defined.

    One thread each: the same bytes whatever the machine has, and slices run beside each other.
    """
    import duckdb

    con = duckdb.connect(config={"threads": 1, "temp_directory": str(scratch)})
    con.execute(f"SET memory_limit = '{MEMORY}'")
    # One string each: a list of so many numbers is copied into every query that asks for a day.
    back = days_back(calendar)
    con.execute(f"SET VARIABLE days_back = '{''.join(map(str, back))}'")
    worked = "".join(f"{days:04}" for days in accumulate(not steps for steps in back))
    con.execute(f"SET VARIABLE worked = '{worked}'")
    con.execute(f"SET VARIABLE seed = {seed_number(seed)}::UBIGINT")
    con.execute("CREATE SCHEMA made; CREATE SCHEMA truth; CREATE SCHEMA nested")
    con.execute(script("draws"))
    return con


__all__ = ["Generator", "connect", "days_back", "seed_number"]
