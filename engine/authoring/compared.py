"""Two sets of results in Parquet, one of each rulebook, held against each other in SQL.

Folders of results and the rulebooks that gave them come in; counts and rows go out. Every query
runs over the files, so that memory does not grow with the batch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import duckdb

from engine.findings.duckdb_sql import quote
from engine.reports.as_parquet import FOLDER
from engine.rulebook.book import Rulebook
from engine.terms import Outcome

Stands = tuple[str | None, str | None, str, bool]
NO_GRADE = "none"
_SEPARATOR, _INNER = "\x1e", "\x1f"
_GRADE = "b.moderated_grade IS DISTINCT FROM n.moderated_grade"
_CHANGED = " OR ".join(
    f"b.{name} IS DISTINCT FROM n.{name}" for name in ("moderated_grade", "cap", "route", "alert")
)


@dataclass(frozen=True)
class Row:
    """An audit that stands otherwise: grade, cap, next step and alert; `rules` by book."""

    audit_id: str
    team: str
    auditor_grade: str | None
    before: Stands
    now: Stands
    findings: tuple[tuple[str, str | None, str | None], ...]
    rules: tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


class Compared:
    """The results of two rulebooks, joined by audit; an audit that only one scored is left out."""

    def __init__(self, scratch: Path, books: tuple[Rulebook, Rulebook]) -> None:
        self.books = books
        self.con = duckdb.connect()
        self.con.execute("SET preserve_insertion_order = false")
        for name in ("before", "now"):
            files = str(scratch / name / FOLDER / "*.parquet").replace("'", "''")
            self.con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{files}')")
        standards = (standard.id for book in books for standard in book.live)
        self.standards = tuple(dict.fromkeys(sorted(standards)))
        ranks = self._ranks
        self.con.execute(
            f"""CREATE TABLE pairs AS SELECT n.audit_id, coalesce(n.team, '') AS team,
                  {_GRADE} AS graded, {_CHANGED} AS changed,
                  {ranks("n")} < {ranks("b")} AS worse, {ranks("n")} > {ranks("b")} AS better,
                  coalesce({ranks("b")} - {ranks("n")}, 0) AS steps,
                  b.cap IS DISTINCT FROM n.cap AS cap, b.route <> n.route AS route,
                  n.alert AND NOT b.alert AS alert_new, b.alert AND NOT n.alert AS alert_gone,
                  coalesce(b.moderated_grade, '{NO_GRADE}') AS grade_from,
                  coalesce(n.moderated_grade, '{NO_GRADE}') AS grade_to,
                  {self._turned()} AS turned
                FROM before b JOIN now n ON b.audit_id = n.audit_id"""
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.con.close()

    def _ranks(self, side: str) -> str:
        """Return SQL for the rank of a moderated grade; grades are those of the edited book."""
        whens = " ".join(
            f"WHEN {_text(grade)} THEN {rank}" for rank, grade in enumerate(self.books[1].grades)
        )
        return f"CASE CAST({side}.moderated_grade AS VARCHAR) {whens} END"

    def _outcome(self, standard: str, place: int) -> str:
        """Return SQL for an outcome under one of the books; null where it is not in force."""
        held = {s.id for s in self.books[place].live}
        side = "bn"[place]
        return f"CAST({side}.{quote(standard)} AS VARCHAR)" if standard in held else "NULL"

    def _differs(self, standard: str) -> str:
        # a standard that comes or goes changes nothing for a case that it does not bind
        outcomes = (
            f"coalesce({self._outcome(standard, place)}, '{Outcome.NOT_APPLICABLE}')"
            for place in (0, 1)
        )
        return " <> ".join(outcomes)

    def _turned(self) -> str:
        terms = [f"CAST({self._differs(standard)} AS INTEGER)" for standard in self.standards]
        return " + ".join(terms) or "0"

    def by_team(self) -> dict[str, tuple[int, ...]]:
        """Return, by team, all audits and how many of them change in which way."""
        flags = ("worse", "better", "cap", "route", "alert_new", "alert_gone", "changed")
        sums = ", ".join(f"count(*) FILTER ({flag})" for flag in flags)
        query = f"SELECT team, count(*), {sums} FROM pairs GROUP BY team ORDER BY team"
        return {team: tuple(counts) for team, *counts in self.con.execute(query).fetchall()}

    def grades(self) -> dict[tuple[str, str], int]:
        """Return how many audits go from which moderated grade to which."""
        query = "SELECT grade_from, grade_to, count(*) FROM pairs GROUP BY ALL ORDER BY ALL"
        return {(one, two): number for one, two, number in self.con.execute(query).fetchall()}

    def findings_alone(self) -> int:
        """Return in how many audits findings change, and nothing that rests on them."""
        query = "SELECT count(*) FROM pairs WHERE turned > 0 AND NOT changed"
        (number,) = self.con.execute(query).fetchall()[0]
        return int(number)

    def by_standard(self) -> dict[str, tuple[dict[tuple[str, str], int], int]]:
        """Return, by standard, which findings change, and in how many audits whose grade does."""
        found = {}
        for standard in self.standards:
            rows = self.con.execute(
                f"SELECT {self._outcome(standard, 0)}, {self._outcome(standard, 1)}, count(*), "
                f"count(*) FILTER ({_GRADE}) FROM before b JOIN now n ON b.audit_id = n.audit_id "
                f"WHERE {self._differs(standard)} GROUP BY ALL ORDER BY ALL"
            ).fetchall()
            if rows:
                turned = {(one or "", two or ""): number for one, two, number, _ in rows}
                found[standard] = (turned, sum(graded for *_, graded in rows))
        return found

    def rows(self, most: int | None = None) -> Iterator[Row]:
        """Yield the audits that stand otherwise: new alerts first, then the furthest moved."""
        stands = ", ".join(
            f"CAST({side}.{name} AS VARCHAR)" if name != "alert" else f"{side}.alert"
            for side in "bn"
            for name in ("moderated_grade", "cap", "route", "alert")
        )
        limit = "" if most is None else f" LIMIT {int(most)}"
        cursor = self.con.cursor().execute(
            f"SELECT n.audit_id, p.team, CAST(n.auditor_grade AS VARCHAR), {stands}, "
            f"{self._listed()}, {self._rules(0)}, {self._rules(1)} "
            "FROM before b JOIN now n ON b.audit_id = n.audit_id "
            "JOIN pairs p ON p.audit_id = n.audit_id WHERE p.changed "
            f"ORDER BY p.alert_new DESC, abs(p.steps) DESC, p.steps DESC, n.audit_id{limit}"
        )
        while fetched := cursor.fetchmany(1000):
            yield from map(_row, fetched)

    def _listed(self) -> str:
        terms = (
            f"CASE WHEN {self._differs(s)} THEN concat({_text(s + _INNER)}, "
            f"{self._outcome(s, 0)}, {_text(_INNER)}, {self._outcome(s, 1)}) END"
            for s in self.standards
        )
        return f"concat_ws({_text(_SEPARATOR)}, '', {', '.join(terms) or 'NULL'})"

    def _rules(self, place: int) -> str:
        """Return SQL for the rules that fired under one of the books, by what they were on."""
        side, scopes = "bn"[place], self.books[place].domains
        terms = [
            f"concat({_text(scope + _INNER)}, NULLIF({side}.{quote(f'{scope}:rules')}, ''))"
            for scope in scopes
        ]
        terms.append(f"concat({_text('overall' + _INNER)}, {side}.rules)")
        return f"concat_ws({_text(_SEPARATOR)}, '', {', '.join(terms)})"


def _row(row: tuple[Any, ...]) -> Row:
    audit_id, team, auditor, *rest = row
    stands, (findings, *rules) = rest[:8], rest[8:]
    before, now = (tuple(stands[:4]), tuple(stands[4:]))
    fired = tuple(
        tuple(
            (scope, rule) for scope, listed in _parted(text) for rule in listed.split("; ") if rule
        )
        for text in rules
    )
    turned = tuple((s, one or None, two or None) for s, one, two in _parted(findings))
    return Row(audit_id, team, auditor, before, now, turned, fired)  # type: ignore[arg-type]


def _parted(text: str) -> Iterator[list[str]]:
    return (part.split(_INNER) for part in text.split(_SEPARATOR) if part)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
