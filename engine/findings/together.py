"""The outcomes of all standards on a slice, found together: what they share is done once.

A slice of which only `audits` has to be laid out comes in; the table `outcomes` goes out, the same
as `stage.find` makes it by SQL, a standard at a time (docs/decisions/0019-*).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from engine.findings.compile import plan_with_others
from engine.findings.duckdb_sql import quote
from engine.findings.slices import Slice
from engine.findings.stage import Compiled, columns_read, find
from engine.records.batch import Presence
from engine.rulebook.fields import AUDITS
from engine.workdays import Calendar

if TYPE_CHECKING:
    from engine.findings.columnar.columns import Array
    from engine.findings.columnar.outcomes import Together

FOUND = "found_together"


@dataclass(frozen=True)
class Finder:
    """Standards ready to be tested together; those that only the database can test are `by_sql`."""

    compiled: Sequence[Compiled]
    together: "Together"
    by_sql: tuple[Compiled, ...]

    @property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """Return the columns of each table that have to be laid out."""
        read = columns_read(self.by_sql, evidence=False)
        of_audits = self.together.asked[AUDITS].names if AUDITS in self.together.asked else ()
        return {**read, AUDITS: read.get(AUDITS, frozenset()) | frozenset(of_audits)}

    def found(
        self, con: duckdb.DuckDBPyConnection, presence: Presence, part: Slice
    ) -> "Mapping[str, Array]":
        """Return the outcomes of a slice by standard: codes by the audit's number."""
        import numpy as np

        from engine.findings.columnar.whose import whose_of

        whose = whose_of(con)
        rows_of = _rows if whose is None else _rows_by_hash
        found = self.together.outcomes(con, lambda table: rows_of(table, presence, part), whose)
        if not self.by_sql:
            return found
        find(con, self.by_sql)
        names = ", ".join(quote(one.standard.id) for one in self.by_sql)
        rows = con.execute(f"SELECT {names} FROM outcomes ORDER BY a").fetchnumpy()
        return {**found, **{name: np.asarray(codes) for name, codes in rows.items()}}

    def find(self, con: duckdb.DuckDBPyConnection, presence: Presence, part: Slice) -> None:
        """Make the table `outcomes` of a slice: a column a standard, the outcome's code in it."""
        import numpy as np

        found = self.found(con, presence, part)
        ((count,),) = con.execute("SELECT count(*) FROM audits").fetchall()
        con.register(FOUND, {"a": np.arange(count, dtype=np.int32), **found})
        names = "".join(f", {quote(one.standard.id)}" for one in self.compiled)
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE outcomes AS SELECT a{names} FROM {FOUND} ORDER BY a"
        )
        con.unregister(FOUND)


def finder(compiled: Sequence[Compiled], calendar: Calendar) -> Finder:
    """Make standards ready to be tested together."""
    from engine.findings.columnar.outcomes import Together

    plans = {one.standard.id: plan_with_others(one.standard, one.against) for one in compiled}
    together = Together(plans, calendar)
    by_sql = tuple(one for one in compiled if one.standard.id in together.cannot)
    return Finder(compiled, together, by_sql)


def _rows(table: str, presence: Presence, part: Slice) -> str:
    """Return SQL for the rows of a table that are of a slice, with the number of their audit."""
    if table == AUDITS:
        return "FROM audits"
    return (
        f"SELECT u.a, s.* FROM {presence.rows_of(table)} s JOIN audits u "
        f"ON s.audit_id = u.audit_id WHERE s.audit_id {part.test}"
    )


def _rows_by_hash(table: str, presence: Presence, part: Slice) -> str:
    """Return SQL for the rows of a table that are of a slice, with the hash of the audit's id."""
    if table == AUDITS:
        return "FROM audits"
    return (
        f"SELECT hash(audit_id) AS whose, * FROM {presence.rows_of(table)} "
        f"WHERE audit_id {part.test}"
    )
