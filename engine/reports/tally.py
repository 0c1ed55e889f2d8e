"""Count a judged slice in SQL, and add the slices up to the summary of a run.

The tables of a slice come in, counters go out; they are the same figures that
`engine.reports.summary` counts from views.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from engine.findings.duckdb_sql import quote
from engine.judgement.contradictions import compare
from engine.judgement.judge import ROUTES
from engine.reports.summary import AUDITOR_KEYS, COMPARISONS, STANDARD_KEYS
from engine.reports.view import NO_GRADE, Summary
from engine.rulebook.book import Rulebook
from engine.terms import NOT_MET_BY_SILENCE, OUTCOMES, Answer, Outcome

# How many answers of an audit compare so, each kind in eight bits of one number; the last eight
# count the answers. A rulebook of more than 255 standards would need wider fields.
_BITS = 8
KINDS = tuple(COMPARISONS)
_ANSWERS = frozenset(Outcome(answer.value).code for answer in Answer)
TENS = 10
UNANSWERED = NOT_MET_BY_SILENCE + 1


def compare_slice(con: duckdb.DuckDBPyConnection, rulebook: Rulebook) -> None:
    """Make the table `compared`: an audit's answers, and how many compare so with the record.

    One look-up a standard gives all kinds at once, which costs a fifth of asking kind by kind.
    A column a standard holds the pair of answer and outcome, to be counted without another join.
    """
    worth = [_worth(place) for place in range(TENS * (UNANSWERED + 1))]
    con.execute("SET VARIABLE compared = ?::BIGINT[]", [worth])
    pairs = "".join(
        f", CAST({TENS} * coalesce(w.{quote(s.id)}, {UNANSWERED}) + o.{quote(s.id)} "
        f"AS UTINYINT) AS {quote(s.id)}"
        for s in rulebook.live
    )
    terms = (f"getvariable('compared')[{quote(s.id)} + 1]" for s in rulebook.live)
    total = " + ".join(terms) or "0"
    mask = (1 << _BITS) - 1
    columns = "".join(
        f", CAST((total >> {_BITS * place}) & {mask} AS INTEGER) AS {name}"
        for place, name in enumerate((*COMPARISONS.values(), "answers"))
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE compared AS SELECT * EXCLUDE (total){columns} FROM ("
        f"SELECT *, {total} AS total FROM ("
        f"SELECT o.a{pairs} FROM outcomes o JOIN answers_wide w ON o.a = w.a))"
    )


def _worth(place: int) -> int:
    answer, outcome = pair_of(place)
    found = compare(answer, outcome)
    counted = 1 << (_BITS * len(KINDS)) if answer in _ANSWERS else 0
    return counted + (1 << (_BITS * KINDS.index(found)) if found in KINDS else 0)


def pair_of(place: int) -> tuple[int | None, int]:
    """Return the codes of an answer, nothing without one, and of an outcome."""
    answer, outcome = divmod(place, TENS)
    return None if answer == UNANSWERED else answer, outcome


def _audits(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(
        """SELECT g.overall, j.moderated, j.route, j.cap IS NOT NULL, j.alert,
                  c.contradictions > 0, count(*)
           FROM auditor g JOIN judgements j ON g.a = j.a JOIN compared c ON g.a = c.a
           GROUP BY ALL"""
    ).fetchall()


def _auditors(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    sums = ", ".join(f"sum(c.{key})" for key in AUDITOR_KEYS if key != "audits")
    return con.execute(
        f"SELECT coalesce(u.auditor_id, ''), count(*), {sums} "
        "FROM audits u JOIN compared c ON u.a = c.a GROUP BY 1"
    ).fetchall()


class Tally:
    """The counts of the slices so far."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.total: Counter[str] = Counter()
        self.grades: Counter[tuple[str, int | None]] = Counter()
        self.standards: Counter[tuple[str, str]] = Counter()
        self.auditors: Counter[tuple[str, str]] = Counter()

    def add(self, con: duckdb.DuckDBPyConnection) -> None:
        """Add the slice that the connection's tables hold, `compared` among them."""
        self.audits(_audits(con))
        for standard in self.rulebook.live:
            query = f"SELECT {quote(standard.id)}, count(*) FROM compared GROUP BY 1"
            for pair, number in con.execute(query).fetchall():
                self.standard(standard.id, pair, number)
        self.named(_auditors(con))

    def merge(self, other: "Tally") -> None:
        """Add what another tally counted of other slices."""
        for mine, theirs in zip(self.counters(), other.counters(), strict=True):
            mine.update(theirs)

    def told(self) -> list[list[list[object]]]:
        """Return the counts as plain lists, to be kept in a file."""
        return [
            [[*(key if isinstance(key, tuple) else (key,)), number] for key, number in one.items()]
            for one in self.counters()
        ]

    def take(self, told: Iterable[Iterable[Sequence[Any]]]) -> None:
        """Add counts that `told` gave."""
        for counter, rows in zip(self.counters(), told, strict=True):
            for *key, number in rows:
                counter[tuple(key) if len(key) > 1 else key[0]] += number

    def counters(self) -> tuple[Counter[Any], ...]:
        """Return every counter, always in the same order."""
        return self.total, self.grades, self.standards, self.auditors

    def audits(self, rows: Iterable[Sequence[Any]]) -> None:
        """Count audits: auditor's and moderated grade, route, capped, alert, contradicted, number.

        Grades are ranks, or none.
        """
        for before, after, route, capped, alert, contradicted, number in rows:
            self.grades["before", before] += number
            self.grades["after", after] += number
            self.grades["route", route] += number
            held = {
                "flagged": capped or alert or contradicted,
                "capped": capped,
                "lowered": before is not None and after < before,
                "contradicted": contradicted,
                "alerts": alert,
            }
            self.total.update({name: number for name, holds in held.items() if holds})

    def standard(self, standard: str, pair: int, number: int) -> None:
        """Count audits that have a pair of answer and outcome on a standard (`pair_of`)."""
        answer, outcome = pair_of(pair)
        shown = OUTCOMES[min(outcome, Outcome.NOT_MET.code)]
        self.standards[standard, shown] += number
        found = compare(answer, outcome)
        if found in COMPARISONS:
            self.standards[standard, COMPARISONS[found]] += number

    def named(self, rows: Iterable[Sequence[Any]]) -> None:
        """Count what auditors said: a name, and the figures of `AUDITOR_KEYS`."""
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
