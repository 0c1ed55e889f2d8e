"""Parquet: one row an audit with its grades and outcomes, straight from the tables of a slice.

The tables of a judged slice come in, a part file goes out. For batches of any size.
"""

from pathlib import Path

import duckdb

from engine.findings.duckdb_sql import quote
from engine.judgement.judge import ROUTES, Verdicts
from engine.reports.tally import comparisons
from engine.reports.view import PROPOSED
from engine.rulebook.book import Rulebook
from engine.terms import OUTCOMES, Comparison, Outcome

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
    con.execute(
        f"COPY ({_select(con, rulebook, verdicts)}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    )


def _select(con: duckdb.DuckDBPyConnection, rulebook: Rulebook, verdicts: Verdicts) -> str:
    grade = _words(rulebook.grades, first=1)
    columns = [
        "u.audit_id",
        "u.case_type",
        "u.team",
        "u.auditor_id",
        f"{grade('g.overall')} AS auditor_grade",
        f"{grade('j.cap')} AS cap",
        f"{grade('j.moderated')} AS moderated_grade",
        f"{grade('j.suggested')} AS suggested_grade",
        f"'{PROPOSED}' AS status",
        f"{_words(ROUTES)('j.route')} AS route",
        "j.alert",
        f"{_rules(con, rulebook, verdicts)} AS rules",
    ]
    for kind in (Comparison.CONTRADICTION, Comparison.UNSUPPORTED, Comparison.HARSHER):
        columns.append(f"{comparisons(rulebook, kind)} AS {kind.lower()}s")
    for domain in rulebook.domains:
        columns.append(f"{grade(f'g.{quote(domain)}')} AS {quote(f'{domain}:auditor_grade')}")
        for held, named in (("cap", "cap"), ("moderated", "moderated_grade")):
            source = "j." + quote(f"{held}:{domain}")
            columns.append(f"{grade(source)} AS {quote(f'{domain}:{named}')}")
    outcome = _words((*OUTCOMES, Outcome.NOT_MET))
    columns += [f"{outcome(f'o.{quote(s.id)}')} AS {quote(s.id)}" for s in rulebook.live]
    return (
        f"SELECT {', '.join(columns)} FROM audits u JOIN auditor g ON u.a = g.a "  # noqa: S608
        "JOIN outcomes o ON u.a = o.a JOIN judgements j ON u.a = j.a "
        "JOIN answers_wide w ON u.a = w.a ORDER BY u.a"
    )


class _words:  # noqa: N801 - it reads as a function that gives a function
    """SQL that puts a word in the place of a small number."""

    def __init__(self, words: tuple[str, ...], first: int = 0) -> None:
        self.listed = _listed(words)
        self.shift = 1 - first

    def __call__(self, column: str) -> str:
        """Return the SQL for a column; null stays null."""
        return f"{self.listed}[CAST({column} AS INTEGER) + {self.shift}]"


def _rules(con: duckdb.DuckDBPyConnection, rulebook: Rulebook, verdicts: Verdicts) -> str:
    """Return SQL for the rules that fired, from the keys of the judged patterns."""
    parts = []
    held = {name for (name, *_) in con.execute("DESCRIBE judgements").fetchall()}
    for stratum, column in (
        *(("domain", f"key:{domain}") for domain in rulebook.domains),
        ("overall", "overall_key"),
        ("route", "route_key"),
    ):
        if column not in held:
            continue
        name = f"j.{quote(column)}"
        keys = con.execute(
            f"SELECT DISTINCT {quote(column)} FROM judgements WHERE {quote(column)} IS NOT NULL "  # noqa: S608
            "ORDER BY 1"
        ).fetchall()
        fired = {key: verdicts.fired(stratum, key).fired for (key,) in keys}  # type: ignore[arg-type]
        whens = " ".join(
            f"WHEN {key} THEN {_listed(rules)}" for key, rules in fired.items() if rules
        )
        if whens:
            parts.append(f"CASE {name} {whens} ELSE CAST([] AS VARCHAR[]) END")
    return f"list_distinct({' || '.join(parts)})" if parts else "CAST([] AS VARCHAR[])"


def _listed(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"
