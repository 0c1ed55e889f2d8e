"""Parquet: one row an audit with its grades and outcomes, straight from the tables of a slice.

The tables of a judged slice come in, a part file goes out. For batches of any size.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from engine.findings.duckdb_sql import quote
from engine.judgement.judge import ROUTES, Verdicts
from engine.records.quality import Quality, check_of
from engine.reports.summary import COMPARISONS
from engine.reports.view import PROPOSED
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Stratum
from engine.terms import OUTCOMES, Outcome

FOLDER, QUALITY = "moderated", "data_quality.parquet"
OF_DOMAIN = ("auditor_grade", "cap", "moderated_grade", "rules")
# A pack of numbers has so many values at most.
MOST_CODES = 4096


def write_part(
    con: duckdb.DuckDBPyConnection,
    rulebook: Rulebook,
    verdicts: Verdicts,
    folder: Path,
    number: int,
) -> None:
    """Write a slice as `moderated/part-00000.parquet`."""
    (folder / FOLDER).mkdir(exist_ok=True)
    target = str(folder / FOLDER / part_name(number)).replace("'", "''")
    audits = _select(con, rulebook, verdicts)
    con.execute(f"COPY ({audits}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def part_name(number: int) -> str:
    """Return the name of the file of a slice."""
    return f"part-{number:05}.parquet"


def write_quality(con: duckdb.DuckDBPyConnection, quality: Quality, folder: Path) -> None:
    """Write `data_quality.parquet`: one row a check and table, with the number of its entries."""
    target = str(folder / QUALITY).replace("'", "''")
    rows = [
        (check_of(one.check).code, one.check, one.table, one.entries, one.in_outage)
        for one in quality.counts
    ]
    columns = zip(*rows, strict=True) if rows else ((),) * 5
    con.execute(
        'COPY (SELECT unnest(?::VARCHAR[]) AS code, unnest(?::VARCHAR[]) AS "check", '
        'unnest(?::VARCHAR[]) AS "table", unnest(?::BIGINT[]) AS entries, '
        f"unnest(?::BIGINT[]) AS in_outage) TO '{target}' (FORMAT parquet, COMPRESSION zstd)",
        [list(column) for column in columns],
    )


def _select(con: duckdb.DuckDBPyConnection, rulebook: Rulebook, verdicts: Verdicts) -> str:
    grades = ("", *rulebook.grades)
    outcomes = (*OUTCOMES, Outcome.NOT_MET)  # by silence
    words = Words(con)
    words.type("grade_word", rulebook.grades)
    words.type("outcome_word", OUTCOMES)
    words.type("route_word", ROUTES)
    overall = {"auditor_grade": "g.overall", "cap": "j.cap", "moderated_grade": "j.moderated"}
    for name, column in (overall | {"suggested_grade": "j.suggested"}).items():
        words.add(name, column, "grade_word", grades)
    words.add("route", "j.route", "route_word", ROUTES)
    words.add("rules", "j.overall_key", "VARCHAR", _rules(con, verdicts, "overall", "overall_key"))
    for domain in rulebook.domains:
        words.add(f"{domain}:auditor_grade", f"g.{quote(domain)}", "grade_word", grades)
        words.add(f"{domain}:cap", f"j.{quote(f'cap:{domain}')}", "grade_word", grades)
        moderated = f"j.{quote(f'moderated:{domain}')}"
        words.add(f"{domain}:moderated_grade", moderated, "grade_word", grades)
        key = f"key:{domain}"
        fired = _rules(con, verdicts, "domain", key)
        words.add(f"{domain}:rules", f"j.{quote(key)}", "VARCHAR", fired)
    for standard in rulebook.live:
        words.add(standard.id, f"o.{quote(standard.id)}", "outcome_word", outcomes)
    columns = [
        *("u.audit_id", "u.case_type", "u.team", "u.auditor_id"),
        *map(words.of, overall),
        words.of("suggested_grade"),
        f"'{PROPOSED}' AS status",
        words.of("route"),
        "j.alert",
        *(f"c.{name}" for name in COMPARISONS.values()),
        words.of("rules"),
        *(words.of(f"{domain}:{name}") for domain in rulebook.domains for name in OF_DOMAIN),
        *(words.of(standard.id) for standard in rulebook.live),
    ]
    return (
        f"SELECT {', '.join(columns)} FROM audits u JOIN auditor g ON u.a = g.a "
        "JOIN outcomes o ON u.a = o.a JOIN judgements j ON u.a = j.a "
        f"JOIN compared c ON u.a = c.a {words.joins()} ORDER BY u.a"
    )


@dataclass
class Pack:
    """Columns of small numbers that are looked up together: the number of each, and its words."""

    code: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    size: int = 1


class Words:
    """Words in the place of small numbers, as ENUMs.

    Several numbers make one, which a single join looks up in a table of all that they can be: a
    look-up for each number of each audit takes three times as long.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.packs: list[Pack] = []
        self.place: dict[str, int] = {}

    def type(self, name: str, words: Sequence[str]) -> None:
        """Make an ENUM."""
        self.con.execute(f"DROP TYPE IF EXISTS {name}")
        self.con.execute(f"CREATE TEMP TYPE {name} AS ENUM ({_listed(words)})")

    def add(self, name: str, column: str, kind: str, words: Sequence[str]) -> None:
        """Let a number from 0 or null be looked up among words; an empty word is none."""
        size = len(words) + 1
        if not self.packs or self.packs[-1].size * size > MOST_CODES:
            self.packs.append(Pack())
        pack = self.packs[-1]
        pack.code.append(f"coalesce(CAST({column} AS INTEGER) + 1, 0) * {pack.size}")
        chosen = f"nullif(([{_listed(words)}])[code // {pack.size} % {size}], '')"
        pack.words.append(f"CAST({chosen} AS {kind}) AS {quote(name)}")
        pack.size *= size
        self.place[name] = len(self.packs) - 1

    def of(self, name: str) -> str:
        """Return the SQL of a column of words."""
        return f"words_{self.place[name]}.{quote(name)}"

    def joins(self) -> str:
        """Make the tables of words, and return the SQL that joins them."""
        for at, pack in enumerate(self.packs):
            self.con.execute(
                f"CREATE OR REPLACE TEMP TABLE words_{at} AS SELECT code, "
                f"{', '.join(pack.words)} FROM (SELECT CAST(unnest(range({pack.size})) AS INTEGER) "
                "AS code)"
            )
        return " ".join(
            f"JOIN words_{at} ON words_{at}.code = {' + '.join(pack.code)}"
            for at, pack in enumerate(self.packs)
        )


def _listed(words: Sequence[str]) -> str:
    return ", ".join("'" + str(word).replace("'", "''") + "'" for word in words)


def _rules(
    con: duckdb.DuckDBPyConnection, verdicts: Verdicts, stratum: Stratum, column: str
) -> Sequence[str]:
    """Return the rules of a list that fired, in one text, by the key of the pattern."""
    name = quote(column)
    keys = con.execute(f"SELECT DISTINCT {name} FROM judgements WHERE {name} IS NOT NULL")
    known = {key for (key,) in keys.fetchall()}
    return [
        "; ".join(verdicts.fired(stratum, key).fired) if key in known else ""
        for key in range(max(known, default=-1) + 1)
    ]
