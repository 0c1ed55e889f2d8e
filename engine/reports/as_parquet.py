"""Parquet: one row an audit with its grades and outcomes, straight from the arrays of a slice.

The arrays of a judged slice come in, a part file goes out. For batches of any size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from engine.findings.duckdb_sql import quote
from engine.judgement.judge import ROUTES, Verdicts
from engine.records.quality import Quality, check_of
from engine.reports.summary import COMPARISONS
from engine.reports.tally import Compared
from engine.reports.view import PROPOSED
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Stratum
from engine.terms import OUTCOMES, Outcome

if TYPE_CHECKING:
    from engine.judgement.values import Array

FOLDER, QUALITY = "moderated", "data_quality.parquet"
PACKED, CODES = "packed", "codes_of_slice"
OF_AUDIT = ("audit_id", "case_type", "team", "auditor_id")
OF_DOMAIN = ("auditor_grade", "cap", "moderated_grade", "rules")
# A pack of numbers has so many values at most.
MOST_CODES = 4096


def write_part(
    con: duckdb.DuckDBPyConnection,
    rulebook: Rulebook,
    verdicts: Verdicts,
    compared: Compared,
    file: Path,
) -> None:
    """Write a slice; the table `audits` of the connection says whose its audits are."""
    file.parent.mkdir(exist_ok=True)
    target = str(file).replace("'", "''")
    audits = _select(con, rulebook, verdicts, compared)
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


def _select(
    con: duckdb.DuckDBPyConnection, rulebook: Rulebook, verdicts: Verdicts, compared: Compared
) -> str:
    grades = ("", *rulebook.grades)
    outcomes = (*OUTCOMES, Outcome.NOT_MET)  # by silence
    known, found = compared.judged.known, compared.judged.found
    words = Words(con)
    words.type("grade_word", rulebook.grades)
    words.type("outcome_word", OUTCOMES)
    words.type("route_word", ROUTES)
    overall = {"auditor_grade": known.overall, "cap": found["cap"],
               "moderated_grade": found["moderated"]}  # fmt: skip
    for name, column in (overall | {"suggested_grade": found["suggested"]}).items():
        words.add(name, column, "grade_word", grades)
    words.add("route", found["route"], "route_word", ROUTES)
    fired = _rules(verdicts, "overall", found["overall_key"])
    words.add("rules", found["overall_key"], "VARCHAR", fired)
    for domain in rulebook.domains:
        words.add(f"{domain}:auditor_grade", known.grades[domain], "grade_word", grades)
        words.add(f"{domain}:cap", found[f"cap:{domain}"], "grade_word", grades)
        moderated = found[f"moderated:{domain}"]
        words.add(f"{domain}:moderated_grade", moderated, "grade_word", grades)
        key = found.get(f"key:{domain}")
        words.add(f"{domain}:rules", key, "VARCHAR", _rules(verdicts, "domain", key))
    for standard in rulebook.live:
        words.add(standard.id, known.outcomes[standard.id], "outcome_word", outcomes)
    columns = [
        *(f"p.{name}" for name in OF_AUDIT),
        *map(words.of, overall),
        words.of("suggested_grade"),
        f"'{PROPOSED}' AS status",
        words.of("route"),
        "p.alert",
        *(f"p.{name}" for name in COMPARISONS.values()),
        words.of("rules"),
        *(words.of(f"{domain}:{name}") for domain in rulebook.domains for name in OF_DOMAIN),
        *(words.of(standard.id) for standard in rulebook.live),
    ]
    joins = words.joins({"alert": found["alert"], **compared.kinds})
    return f"SELECT {', '.join(columns)} FROM {PACKED} p {joins} ORDER BY p.a"


@dataclass
class Pack:
    """Columns of small numbers that are looked up together: the number of each, and its words."""

    code: "Array | int" = 0
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

    def add(self, name: str, numbers: "Array | None", kind: str, words: Sequence[str]) -> None:
        """Let numbers from 0 be looked up among words; an empty word is none, as are no numbers."""
        size = len(words) + 1
        if not self.packs or self.packs[-1].size * size > MOST_CODES:
            self.packs.append(Pack())
        pack = self.packs[-1]
        if numbers is not None:
            pack.code = pack.code + (numbers.astype("int32") + 1) * pack.size
        chosen = f"nullif(([{_listed(words)}])[code // {pack.size} % {size}], '')"
        pack.words.append(f"CAST({chosen} AS {kind}) AS {quote(name)}")
        pack.size *= size
        self.place[name] = len(self.packs) - 1

    def of(self, name: str) -> str:
        """Return the SQL of a column of words."""
        return f"words_{self.place[name]}.{quote(name)}"

    def joins(self, others: "Mapping[str, Array]") -> str:
        """Make the tables of words and that of the packs; return the SQL that joins the words.

        Other columns are put beside the packs.
        """
        import numpy as np

        for at, pack in enumerate(self.packs):
            self.con.execute(
                f"CREATE OR REPLACE TEMP TABLE words_{at} AS SELECT code, "
                f"{', '.join(pack.words)} FROM (SELECT CAST(unnest(range({pack.size})) AS INTEGER) "
                "AS code)"
            )
        count = len(others["alert"])
        codes = {
            f"pack_{at}": np.broadcast_to(pack.code, count).astype(np.int32)
            for at, pack in enumerate(self.packs)
        }
        number = np.arange(count, dtype=np.int32)
        self.con.register(CODES, {"a": number, **others, **codes})
        whose = ", ".join(f"u.{name}" for name in OF_AUDIT)
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE {PACKED} AS SELECT {whose}, c.* "
            f"FROM audits u JOIN {CODES} c ON u.a = c.a"
        )
        self.con.unregister(CODES)
        return " ".join(
            f"JOIN words_{at} ON words_{at}.code = p.pack_{at}" for at in range(len(self.packs))
        )


def _listed(words: Sequence[str]) -> str:
    return ", ".join("'" + str(word).replace("'", "''") + "'" for word in words)


def _rules(verdicts: Verdicts, stratum: Stratum, keys: "Array | None") -> Sequence[str]:
    """Return the rules of a list that fired, in one text, by the key of the pattern."""
    from engine.judgement.steps import distinct

    known = {int(key) for key in distinct(keys)} if keys is not None else set()
    return [
        "; ".join(verdicts.fired(stratum, key).fired) if key in known else ""
        for key in range(max(known, default=-1) + 1)
    ]
