"""Cut a batch into slices of audits, and lay a slice out in tables for the plans to run on.

A batch's `typed` tables come in; temporary tables of one slice go out, with an integer `a` for
each audit. Every standard is a function of one audit, so slices can be scored one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from engine.findings.duckdb_sql import SQL_TYPES, quote
from engine.findings.rows import PARTLY, SKIPPED, TYPES, flags
from engine.records import sql
from engine.records.batch import PARTLY as PARTS
from engine.records.batch import PUT_ASIDE, Presence
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDIT_ID, AUDITS
from engine.terms import Answer, Outcome

SLICE = 250_000
# Rows of one table in a slice: what is worked out of each is held for all of them.
MOST_ROWS = 2_000_000
# Small numbers are packed, so many bits each, so many to a whole number.
BITS, A_WORD = 4, 15
MASK = 2**BITS - 1


@dataclass(frozen=True)
class Slice:
    """Audits from one id to another, both included, and how many there are; or some `ids`."""

    first: str
    last: str
    count: int
    ids: tuple[str, ...] = ()

    @property
    def test(self) -> str:
        """Return what SQL asks of an audit's id."""
        if self.ids:
            return f"IN ({', '.join(map(_text, self.ids))})"
        return f"BETWEEN {_text(self.first)} AND {_text(self.last)}"

    @classmethod
    def of(cls, ids: Sequence[str]) -> "Slice":
        """Return the slice of just these audits; there is at least one."""
        return cls(min(ids), max(ids), len(ids), tuple(ids))


@dataclass(frozen=True)
class Part:
    """What `audits` of a slice is made from: which ids, as at which day, with which columns."""

    between: str
    as_of: date
    columns: frozenset[str]


# Fields of an audit that are wanted whatever the standards ask.
ALWAYS = ("case_type", "team", "auditor_id", "overall_grade")


def slices(
    con: duckdb.DuckDBPyConnection, size: int = SLICE, tables: Iterable[str] = ()
) -> tuple[Slice, ...]:
    """Return the slices of a batch, by audit id.

    A slice with too many rows of one of the `tables` for the memory is cut again by its rows; an
    audit is never cut.
    """
    rows = con.execute(
        f"""SELECT min(audit_id), max(audit_id), count(*) FROM (
              SELECT audit_id, (row_number() OVER (ORDER BY audit_id) - 1) // {int(size)} AS part
              FROM typed.audits)
            GROUP BY part ORDER BY part"""
    ).fetchall()
    parts = tuple(Slice(*row) for row in rows)
    for table in sorted(tables):
        ((count,),) = con.execute(f"SELECT count(*) FROM {sql.typed(table)}").fetchall()
        if count > MOST_ROWS:
            parts = tuple(part for one in parts for part in _cut_by_rows(con, table, one))
    return parts


def _cut_by_rows(con: duckdb.DuckDBPyConnection, table: str, part: Slice) -> Sequence[Slice]:
    """Return a slice, or several where it has too many rows of a table."""
    rows = f"FROM {sql.typed(table)} WHERE audit_id {part.test}"
    ((count,),) = con.execute(f"SELECT count(*) {rows}").fetchall()
    if count <= MOST_ROWS:
        return [part]
    found = con.execute(
        f"""SELECT min(audit_id), max(audit_id), count(*) FROM (
              SELECT audit_id, (sum(n) OVER (ORDER BY audit_id) - n) // {MOST_ROWS} AS part
              FROM (SELECT audit_id, count(r.audit_id) AS n FROM typed.audits
                    LEFT JOIN (SELECT audit_id {rows}) r USING (audit_id)
                    WHERE audit_id {part.test} GROUP BY audit_id))
            GROUP BY part ORDER BY part"""
    ).fetchall()
    return [Slice(*row) for row in found]


def rows_in(con: duckdb.DuckDBPyConnection, presence: Presence, part: Slice) -> int:
    """Return how many rows the tables hold of the audits of a slice."""
    counts = " UNION ALL ".join(
        f"SELECT count(*) AS n FROM {sql.typed(table)} WHERE audit_id {part.test}"
        for table in sorted(presence.columns)
    )
    (found,) = con.execute(f"SELECT sum(n) FROM ({counts})").fetchall()
    return int(found[0])


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
    _audits(con, rulebook, presence, Part(part.test, as_of, reads.get(AUDITS, frozenset())))
    for table, columns in reads.items():
        if table == AUDITS:
            continue
        named = "".join(f", s.{quote(c)}" for c in sorted(columns - {"a", "rowid"}))
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {quote(table)} AS SELECT u.a{named} "
            f"FROM {presence.rows_of(table)} s JOIN audits u ON s.audit_id = u.audit_id "
            f"WHERE s.audit_id {part.test}"
        )


def lay_out_auditor(
    con: duckdb.DuckDBPyConnection, rulebook: Rulebook, presence: Presence, part: Slice
) -> None:
    """Make what the auditor of each audit of a laid-out slice said: `auditor`, `answers_wide`."""
    _auditor(con, rulebook, presence, part.test)
    _answers(con, rulebook, presence, part.test)


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
    con: duckdb.DuckDBPyConnection, rulebook: Rulebook, presence: Presence, part: Part
) -> None:
    """Make `audits`: `a`, who and what the audit is, its cut-off, and flags for what it lacks."""
    held = presence.columns[AUDITS]
    fields = rulebook.fields.tables[AUDITS].fields
    wanted = [name for name in fields if name in part.columns or name in ALWAYS]
    columns = "".join(
        f", s.{quote(name)}" if name in held
        else f", CAST(NULL AS {SQL_TYPES[TYPES[fields[name].type]]}) AS {quote(name)}"
        for name in wanted if name != AUDIT_ID
    )  # fmt: skip
    ends = "".join(f", s.{name}" for name in ("audit_date", "period_end") if name in held)
    flagged = "".join(f", {_flag(flag, presence)} AS {quote(flag)}" for flag in flags(presence))
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE audits AS
            SELECT CAST(row_number() OVER (ORDER BY s.audit_id) - 1 AS INTEGER) AS a, s.audit_id
                   {columns}, least(DATE '{part.as_of}'{ends}) AS cut_off{flagged}
            FROM {presence.rows_of(AUDITS)} s WHERE s.audit_id {part.between}"""
    )


def _flag(flag: str, presence: Presence) -> str:
    """Return SQL that says whether an audit cannot tell all of a table."""
    kind, _, table = flag.partition(":")
    if f"{kind}:" == SKIPPED:
        return f"coalesce(list_contains(s.not_examined, {_text(table)}), FALSE)"
    if f"{kind}:" == PARTLY:
        rows = presence.rows_of(PARTS)
        return f"s.audit_id IN (SELECT audit_id FROM {rows} WHERE part = {_text(table)})"
    rows = presence.rows_of(PUT_ASIDE)
    lost = f'SELECT audit_id FROM {rows} WHERE "table" = {_text(table)}'
    return f"s.audit_id IN ({lost})"


def _auditor(
    con: duckdb.DuckDBPyConnection, rulebook: Rulebook, presence: Presence, between: str
) -> None:
    """Make `auditor`: the auditor's grades as ranks, overall and by domain."""
    rows = presence.rows_of("domain_grades")
    packed = _Packed(rows, "domain", rulebook.domains, _ranks(rulebook, "s.grade"))
    overall = _ranks(rulebook, "u.overall_grade")
    held = {"domain", "grade"} <= presence.columns.get("domain_grades", frozenset())
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE auditor AS SELECT u.a, {overall} AS overall"
        f"{packed.columns()} FROM audits u{packed.joined(between, held=held)}"
    )


def _answers(
    con: duckdb.DuckDBPyConnection, rulebook: Rulebook, presence: Presence, between: str
) -> None:
    """Make `answers_wide`: the auditor's answers as outcome codes, a column a standard."""
    ids = tuple(standard.id for standard in rulebook.live)
    codes = " ".join(f"WHEN '{answer}' THEN {Outcome(answer.value).code}" for answer in Answer)
    packed = _Packed(presence.rows_of("answers"), "standard", ids, f"CASE s.answer {codes} END")
    held = {"standard", "answer"} <= presence.columns.get("answers", frozenset())
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE answers_wide AS SELECT u.a{packed.columns()} "
        f"FROM audits u{packed.joined(between, held=held)}"
    )


class _Packed:
    """Many small numbers of an audit, packed four bits each into a few whole ones and unpacked.

    One pass and one fold a word are several times quicker than a conditional maximum a name, and
    rows grouped by the audit's id before they are joined a quarter quicker than the other way.
    """

    def __init__(self, rows: str, key: str, names: tuple[str, ...], coded: str) -> None:
        self.rows, self.key, self.names, self.coded = rows, key, names, coded
        self.words = range((len(names) + A_WORD - 1) // A_WORD)

    def columns(self) -> str:
        """Return SQL for a column a name; null where there is no number."""
        return "".join(
            f", CAST(nullif((g.w{place // A_WORD} >> {self._shift(place)}) & {MASK}, 0) - 1 "
            f"AS UTINYINT) AS {quote(name)}"
            for place, name in enumerate(self.names)
        )

    def joined(self, between: str, *, held: bool) -> str:
        """Return SQL that joins the words of each audit to `audits u`."""
        if not held or not self.names:
            words = "".join(f", CAST(NULL AS BIGINT) AS w{word}" for word in self.words)
            return f" LEFT JOIN (SELECT a{words} FROM audits WHERE FALSE) g ON u.a = g.a"
        words = "".join(
            f", bit_or(s.code << CASE s.{self.key} {self._shifts(word)} END) AS w{word}"
            for word in self.words
        )
        return (
            f" LEFT JOIN (SELECT s.audit_id{words} FROM (SELECT s.audit_id, s.{self.key}, "
            f"CAST({self.coded} + 1 AS BIGINT) AS code FROM {self.rows} s "
            f"WHERE s.audit_id {between}) s GROUP BY s.audit_id) g ON u.audit_id = g.audit_id"
        )

    def _shifts(self, word: int) -> str:
        """Return, as cases of SQL, where the names of a word have their bits."""
        places = range(word * A_WORD, min((word + 1) * A_WORD, len(self.names)))
        return " ".join(f"WHEN {_text(self.names[p])} THEN {self._shift(p)}" for p in places)

    def _shift(self, place: int) -> int:
        return BITS * (place % A_WORD)


def _ranks(rulebook: Rulebook, column: str) -> str:
    whens = " ".join(f"WHEN '{grade}' THEN {rulebook.rank(grade)}" for grade in rulebook.grades)
    return f"CAST(CASE {column} {whens} END AS UTINYINT)"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
