"""What the auditors of a laid-out slice said: their grades and their answers, row by row.

For runs that look at each audit. Runs of millions pack the same into columns (`slices.py`).
"""

from dataclasses import dataclass, field

import duckdb

from engine.records.batch import Presence
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import ANSWERS
from engine.terms import Outcome

DOMAIN_GRADES = "domain_grades"


@dataclass
class Said:
    """The auditor's grades by domain, as ranks, and answers by standard, as outcome codes."""

    grades: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)


def said_by_auditors(
    con: duckdb.DuckDBPyConnection, rulebook: Rulebook, presence: Presence
) -> dict[int, Said]:
    """Return what was said of each audit of the slice, by its number there; none where nothing."""
    said: dict[int, Said] = {}
    for a, domain, grade in _filled(con, presence, DOMAIN_GRADES, ("domain", "grade")):
        said.setdefault(a, Said()).grades[domain] = rulebook.rank(grade)
    live = {standard.id for standard in rulebook.live}
    for a, standard, answer in _filled(con, presence, ANSWERS, ("standard", "answer")):
        if standard in live:
            said.setdefault(a, Said()).answers[standard] = Outcome(answer).code
    return said


def _filled(
    con: duckdb.DuckDBPyConnection, presence: Presence, table: str, columns: tuple[str, str]
) -> list[tuple[int, str, str]]:
    if not presence.columns.get(table, frozenset()) >= {*columns}:
        return []
    key, value = columns
    return con.execute(
        f"SELECT u.a, s.{key}, s.{value} FROM typed.{table} s JOIN audits u USING (audit_id) "
        f"WHERE s.{key} IS NOT NULL AND s.{value} IS NOT NULL"
    ).fetchall()
