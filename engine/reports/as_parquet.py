"""Parquet: one row an audit with its grades and outcomes, straight from the tables of a slice.

The tables of a judged slice come in, a part file goes out. For batches of any size.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from engine.findings.duckdb_sql import quote
from engine.judgement.judge import ROUTES, Verdicts
from engine.reports.summary import COMPARISONS
from engine.reports.view import PROPOSED
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Stratum
from engine.terms import OUTCOMES, Outcome

FOLDER = "moderated"


def write_part(
    con: duckdb.DuckDBPyConnection,
    rulebook: Rulebook,
    verdicts: Verdicts,
    folder: Path,
    number: int,
) -> None:
    """Write a slice as `moderated/part-00000.parquet`."""
    (folder / FOLDER).mkdir(exist_ok=True)
    target = str(folder / FOLDER / f"part-{number:05}.parquet").replace("'", "''")
    audits = _select(con, rulebook, verdicts)
    con.execute(f"COPY ({audits}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def _select(con: duckdb.DuckDBPyConnection, rulebook: Rulebook, verdicts: Verdicts) -> str:
    grade = Words("grade_word", rulebook.grades, first=1)
    outcome, route = Words("outcome_word", OUTCOMES), Words("route_word", ROUTES)
    for words in (grade, outcome, route):
        words.declare(con)
    columns = [
        "u.audit_id",
        "u.case_type",
        "u.team",
        "u.auditor_id",
        f"{grade.of('g.overall')} AS auditor_grade",
        f"{grade.of('j.cap')} AS cap",
        f"{grade.of('j.moderated')} AS moderated_grade",
        f"{grade.of('j.suggested')} AS suggested_grade",
        f"'{PROPOSED}' AS status",
        f"{route.of('j.route')} AS route",
        "j.alert",
        *(f"c.{name}" for name in COMPARISONS.values()),
        f"{_rules(con, verdicts, 'overall', 'overall_key')} AS rules",
    ]
    for domain in rulebook.domains:
        own = f"g.{quote(domain)}"
        columns.append(f"{grade.of(own)} AS {quote(f'{domain}:auditor_grade')}")
        for held, named in (("cap", "cap"), ("moderated", "moderated_grade")):
            source = "j." + quote(f"{held}:{domain}")
            columns.append(f"{grade.of(source)} AS {quote(f'{domain}:{named}')}")
        fired = _rules(con, verdicts, "domain", f"key:{domain}")
        columns.append(f"{fired} AS {quote(f'{domain}:rules')}")
    found = (f"least(o.{quote(s.id)}, {Outcome.NOT_MET.code})" for s in rulebook.live)
    columns += [
        f"{outcome.of(code)} AS {quote(s.id)}" for code, s in zip(found, rulebook.live, strict=True)
    ]
    return (
        f"SELECT {', '.join(columns)} FROM audits u JOIN auditor g ON u.a = g.a "
        "JOIN outcomes o ON u.a = o.a JOIN judgements j ON u.a = j.a "
        "JOIN compared c ON u.a = c.a ORDER BY u.a"
    )


class Words:
    """SQL that puts a word in the place of a small number, as an ENUM: a quarter of the time."""

    def __init__(self, name: str, words: Sequence[str], first: int = 0) -> None:
        self.name, self.words, self.shift = name, tuple(map(str, words)), 1 - first

    def declare(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make the type."""
        listed = ", ".join(f"'{word}'" for word in self.words)
        con.execute(f"DROP TYPE IF EXISTS {self.name}")
        con.execute(f"CREATE TEMP TYPE {self.name} AS ENUM ({listed})")

    def of(self, column: str) -> str:
        """Return the SQL for a column; null stays null."""
        listed = ", ".join(f"'{word}'::{self.name}" for word in self.words)
        return f"([{listed}])[CAST({column} AS INTEGER) + {self.shift}]"


def _rules(
    con: duckdb.DuckDBPyConnection, verdicts: Verdicts, stratum: Stratum, column: str
) -> str:
    """Return SQL for the rules of a list that fired, in one text; null where none did."""
    name = quote(column)
    keys = con.execute(
        f"SELECT DISTINCT {name} FROM judgements WHERE {name} IS NOT NULL ORDER BY 1"
    ).fetchall()
    fired = {key: "; ".join(verdicts.fired(stratum, key).fired) for (key,) in keys}
    whens = " ".join(f"WHEN {key} THEN '{rules}'" for key, rules in fired.items() if rules)
    return f"CASE j.{name} {whens} END" if whens else "CAST(NULL AS VARCHAR)"
