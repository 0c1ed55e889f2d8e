"""Cut a batch into slices of audits, and lay a slice out in tables for the plans to run on.

A batch's `typed` tables come in; temporary tables of one slice go out, with an integer `a` for
each audit. Every standard is a function of one audit, so slices can be scored one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from engine.findings.duckdb_sql import SQL_TYPES, quote
from engine.findings.rows import TYPES
from engine.records.batch import Presence
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDIT_ID, AUDITS
from engine.terms import Answer, Outcome

SLICE = 250_000


@dataclass(frozen=True)
class Slice:
    """Audits from one id to another, both included, and how many there are."""

    first: str
    last: str
    count: int


def slices(con: duckdb.DuckDBPyConnection, size: int = SLICE) -> tuple[Slice, ...]:
    """Return the slices of a batch, by audit id."""
    rows = con.execute(
        f"""SELECT min(audit_id), max(audit_id), count(*) FROM (
              SELECT audit_id, (row_number() OVER (ORDER BY audit_id) - 1) // {int(size)} AS part
              FROM typed.audits)
            GROUP BY part ORDER BY part"""
    ).fetchall()
    return tuple(Slice(*row) for row in rows)


def lay_out(  # noqa: PLR0913 - a slice, and what it is laid out for
    con: duckdb.DuckDBPyConnection,
    rulebook: Rulebook,
    presence: Presence,
    part: Slice,
    *,
    as_of: date,
    reads: Mapping[str, frozenset[str]],
) -> None:
    """Make the temporary tables of a slice: `audits`, and what is read of the others."""
    between = f"BETWEEN {_text(part.first)} AND {_text(part.last)}"
    _audits(con, rulebook, presence, between, as_of)
    for table, columns in reads.items():
        if table == AUDITS:
            continue
        named = "".join(f", s.{quote(c)}" for c in sorted(columns - {"a", "rowid"}))
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {quote(table)} AS SELECT u.a{named} "
            f"FROM typed.{quote(table)} s JOIN audits u ON s.audit_id = u.audit_id "
            f"WHERE s.audit_id {between}"
        )


def lay_out_auditor(
    con: duckdb.DuckDBPyConnection, rulebook: Rulebook, presence: Presence, part: Slice
) -> None:
    """Make what the auditor of each audit of a laid-out slice said: `auditor`, `answers_wide`."""
    between = f"BETWEEN {_text(part.first)} AND {_text(part.last)}"
    _auditor(con, rulebook, presence, between)
    _answers(con, rulebook, presence, between)


def lay_out_calendar(con: duckdb.DuckDBPyConnection, rulebook: Rulebook) -> None:
    """Make the table of days with their cumulative number of working days."""
    first, last = rulebook.calendar.first, rulebook.calendar.last
    off = ", ".join(f"DATE '{day}'" for day in sorted(rulebook.calendar.bank_holidays))
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE calendar AS
            SELECT "day", CAST(sum(CASE WHEN isodow("day") < 6 AND "day" NOT IN ({off})
                               THEN 1 ELSE 0 END) OVER (ORDER BY "day") AS INTEGER) AS n
            FROM (SELECT CAST(d AS DATE) AS "day"
                  FROM generate_series(DATE '{first}', DATE '{last}', INTERVAL 1 DAY) t(d))"""
    )


def _audits(
    con: duckdb.DuckDBPyConnection, rulebook: Rulebook, presence: Presence, between: str,
    as_of: date,
) -> None:  # fmt: skip
    held = presence.columns[AUDITS]
    fields = rulebook.fields.tables[AUDITS].fields
    columns = "".join(
        f", s.{quote(name)}" if name in held
        else f", CAST(NULL AS {SQL_TYPES[TYPES[field.type]]}) AS {quote(name)}"
        for name, field in fields.items() if name != AUDIT_ID
    )  # fmt: skip
    ends = "".join(f", s.{name}" for name in ("audit_date", "period_end") if name in held)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE audits AS
            SELECT CAST(row_number() OVER (ORDER BY s.audit_id) - 1 AS INTEGER) AS a, s.audit_id
                   {columns}, least(DATE '{as_of}'{ends}) AS cut_off, p.put_aside
            FROM typed.audits s LEFT JOIN (
              SELECT audit_id, list("table" ORDER BY "table") AS put_aside
              FROM typed.put_aside GROUP BY audit_id) p ON s.audit_id = p.audit_id
            WHERE s.audit_id {between} ORDER BY s.audit_id"""
    )


def _auditor(
    con: duckdb.DuckDBPyConnection, rulebook: Rulebook, presence: Presence, between: str
) -> None:
    """Make `auditor`: the auditor's grades as ranks, overall and by domain."""
    domains = _pivot("domain", rulebook.domains, _ranks(rulebook, "grade"))
    given = "SELECT a" + "".join(
        f", CAST(NULL AS UTINYINT) AS {quote(d)}" for d in rulebook.domains
    )
    source = f"{given} FROM audits WHERE FALSE"
    if {"domain", "grade"} <= presence.columns.get("domain_grades", frozenset()):
        source = _pivoted("domain_grades", domains, between)
    overall = _ranks(rulebook, "u.overall_grade")
    names = "".join(f", g.{quote(domain)}" for domain in rulebook.domains)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE auditor AS SELECT u.a, {overall} AS overall{names} "
        f"FROM audits u LEFT JOIN ({source}) g ON u.a = g.a ORDER BY u.a"
    )


def _answers(
    con: duckdb.DuckDBPyConnection, rulebook: Rulebook, presence: Presence, between: str
) -> None:
    """Make `answers_wide`: the auditor's answers as outcome codes, a column a standard."""
    ids = tuple(standard.id for standard in rulebook.live)
    codes = " ".join(f"WHEN '{answer}' THEN {Outcome(answer.value).code}" for answer in Answer)
    columns = _pivot("standard", ids, f"CASE answer {codes} END")
    none = "".join(f", CAST(NULL AS UTINYINT) AS {quote(one)}" for one in ids)
    source = f"SELECT a{none} FROM audits WHERE FALSE"
    if {"standard", "answer"} <= presence.columns.get("answers", frozenset()):
        source = _pivoted("answers", columns, between)
    names = "".join(f", g.{quote(one)}" for one in ids)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE answers_wide AS SELECT u.a{names} "
        f"FROM audits u LEFT JOIN ({source}) g ON u.a = g.a ORDER BY u.a"
    )


def _pivot(key: str, names: tuple[str, ...], coded: str) -> str:
    return "".join(
        f", CAST(max(CASE WHEN s.{key} = {_text(name)} THEN {coded} END) AS UTINYINT) "
        f"AS {quote(name)}"
        for name in names
    )


def _pivoted(table: str, columns: str, between: str) -> str:
    return (
        f"SELECT u.a{columns} FROM typed.{quote(table)} s "
        f"JOIN audits u ON s.audit_id = u.audit_id WHERE s.audit_id {between} GROUP BY u.a"
    )


def _ranks(rulebook: Rulebook, column: str) -> str:
    whens = " ".join(f"WHEN '{grade}' THEN {rulebook.rank(grade)}" for grade in rulebook.grades)
    return f"CAST(CASE {column} {whens} END AS UTINYINT)"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
