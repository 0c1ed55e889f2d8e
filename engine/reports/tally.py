"""Count a judged slice in SQL, and add the slices up to the summary of a run.

The tables of a slice come in, counters go out; they are the same figures that
`engine.reports.summary` counts from views.
"""

from collections import Counter
from collections.abc import Iterable

import duckdb

from engine.findings.duckdb_sql import quote
from engine.judgement.contradictions import comparison_is
from engine.judgement.judge import ROUTES
from engine.reports.summary import AUDITOR_KEYS, COMPARISONS, STANDARD_KEYS
from engine.reports.view import NO_GRADE, Summary
from engine.rulebook.book import Rulebook
from engine.terms import OUTCOMES, Comparison, Outcome

_FROM = (
    "FROM audits u JOIN auditor g ON u.a = g.a JOIN outcomes o ON u.a = o.a "
    "JOIN judgements j ON u.a = j.a JOIN answers_wide w ON u.a = w.a"
)


def comparisons(rulebook: Rulebook, kind: Comparison) -> str:
    """Return SQL for the number of an audit's answers that compare so with the record."""
    terms = (
        f"coalesce(CAST({comparison_is((kind,), f'w.{quote(s.id)}', f'o.{quote(s.id)}')} AS INTEGER), 0)"
        for s in rulebook.live
    )
    return f"({' + '.join(terms)})"


class Tally:
    """The counts of the slices so far."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.total: Counter[str] = Counter()
        self.grades: Counter[tuple[str, int | None]] = Counter()
        self.standards: Counter[tuple[str, str]] = Counter()
        self.auditors: Counter[tuple[str, str]] = Counter()

    def add(self, con: duckdb.DuckDBPyConnection) -> None:
        """Add the slice that the connection's tables hold."""
        self._totals(con)
        for name, column in (
            ("before", "g.overall"),
            ("after", "j.moderated"),
            ("route", "j.route"),
        ):
            counted = con.execute(f"SELECT {column}, count(*) {_FROM} GROUP BY 1").fetchall()
            for value, number in counted:
                self.grades[name, value] += number
        self._standards(con)
        self._auditors(con)

    def _totals(self, con: duckdb.DuckDBPyConnection) -> None:
        contradicted = f"{comparisons(self.rulebook, Comparison.CONTRADICTION)} > 0"
        flags = {
            "flagged": f"j.cap IS NOT NULL OR j.alert OR {contradicted}",
            "capped": "j.cap IS NOT NULL",
            "lowered": "j.moderated < g.overall",
            "contradicted": contradicted,
            "alerts": "j.alert",
        }
        self.total.update(_one_row(con, flags))

    def _standards(self, con: duckdb.DuckDBPyConnection) -> None:
        for standard in self.rulebook.live:
            column, answer = f"o.{quote(standard.id)}", f"w.{quote(standard.id)}"
            flags = {str(one): f"{column} = {one.code}" for one in OUTCOMES}
            flags[Outcome.NOT_MET] = f"{column} >= {Outcome.NOT_MET.code}"
            for kind, name in COMPARISONS.items():
                flags[name] = comparison_is((kind,), answer, column)
            for name, number in _one_row(con, flags).items():
                self.standards[standard.id, name] += number

    def _auditors(self, con: duckdb.DuckDBPyConnection) -> None:
        answers = " + ".join(
            f"CAST(w.{quote(s.id)} IS NOT NULL AS INTEGER)" for s in self.rulebook.live
        )
        sums = [f"sum({answers})"]
        sums += [f"sum({comparisons(self.rulebook, kind)})" for kind in COMPARISONS]
        rows = con.execute(
            f"SELECT coalesce(u.auditor_id, ''), count(*), {', '.join(sums)} {_FROM} GROUP BY 1"
        ).fetchall()
        for name, *numbers in rows:
            for key, number in zip(AUDITOR_KEYS, numbers, strict=True):
                self.auditors[name, key] += number

    def summary(self, put_aside: int) -> Summary:
        """Return the summary of all slices."""
        standards = tuple(s.id for s in self.rulebook.live)
        by_standard = {s: self._row(self.standards, s, STANDARD_KEYS) for s in standards}
        names = sorted({name for name, _ in self.auditors})
        return Summary(
            grades_before=self._grades("before"),
            grades_after=self._grades("after"),
            flagged=self.total["flagged"],
            capped=self.total["capped"],
            lowered=self.total["lowered"],
            contradictions=sum(row["contradictions"] for row in by_standard.values()),
            contradicted=self.total["contradicted"],
            unsupported=sum(row["unsupported"] for row in by_standard.values()),
            harsher=sum(row["harsher"] for row in by_standard.values()),
            alerts=self.total["alerts"],
            routes={route: self.grades["route", place] for place, route in enumerate(ROUTES)},
            data_gaps={
                s: gaps for s in standards if (gaps := by_standard[s][Outcome.NOT_ASSESSABLE])
            },
            put_aside=put_aside,
            by_standard=by_standard,
            by_auditor={name: self._row(self.auditors, name, AUDITOR_KEYS) for name in names},
        )

    def _grades(self, when: str) -> dict[str, int]:
        counts = {
            g: self.grades[when, rank] for rank, g in enumerate(self.rulebook.grades, start=1)
        }
        return {**counts, NO_GRADE: self.grades[when, None]}

    def _row(
        self, counts: Counter[tuple[str, str]], name: str, keys: Iterable[str]
    ) -> dict[str, int]:
        return {key: counts[name, key] for key in keys}


def _one_row(con: duckdb.DuckDBPyConnection, flags: dict[str, str]) -> Counter[str]:
    counted = ", ".join(f"count(*) FILTER (WHERE {flag})" for flag in flags.values())
    row = con.execute(f"SELECT {counted} {_FROM}").fetchone()
    return Counter(dict(zip(flags, row or (), strict=False)))
