"""What the report of a week needs of a scored batch: a small row an audit, and counts.

In: the tables of judged slices, and a few columns of the batch. Out: a `Gathered`. It must not
know of moderation, nor of what will be said of the numbers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any

import duckdb

from engine.findings.duckdb_sql import quote
from engine.judgement.audit import AuditFacts, Judged, judge_audit
from engine.judgement.contradictions import compare
from engine.judgement.judge import Verdicts
from engine.judgement.reasons import Binder, Reason
from engine.records.batch import Batch
from engine.records.quality import Quality
from engine.reports.tally import pair_of
from engine.reports.view import RunHeader, Summary, View, Words
from engine.rulebook.book import Rulebook
from engine.terms import Comparison

OWN = (
    *("auditor_id", "team", "case_type"),
    *("provider", "sample_type", "birth_month", "audit_date", "period_start", "period_end"),
    *("interpreter_needed", "worker_id"),
)
FEEDBACK = ("audit_id", "given_by", "scale", "text")
AGES = ((0, 5, "under 5"), (5, 10, "5 to 9"), (10, 16, "10 to 15"), (16, 99, "16 and over"))
_MONTHS = 12


@dataclass(frozen=True)
class Scored:
    """One audit: grades are ranks, 0 where there is none (of a cap: nothing caps it).

    `domains` gives the auditor's grade and the cap of each domain. `lowered_by` are the rules that
    capped the overall grade below the auditor's, each with its standards. `groups` says to which
    group of each kind the child belongs.
    """

    audit_id: str
    auditor: str
    team: str
    said: int
    cap: int
    domains: Mapping[str, tuple[int, int]]
    groups: Mapping[str, str]
    alerts: tuple[str, ...] = ()
    lowered_by: tuple[tuple[str, tuple[str, ...]], ...] = ()
    contradictions: int = 0

    @property
    def capped(self) -> int:
        """Return the worse of the auditor's grade and the cap; 0 without an auditor's grade."""
        return min(self.said, self.cap or self.said)


@dataclass(frozen=True)
class Feedback:
    """What somebody said of the help that a child was given."""

    audit_id: str
    given_by: str
    scale: int | None
    text: str


@dataclass(frozen=True)
class Gathered:
    """A scored batch. `answers` counts, by standard, answers that could be held against a record.

    `names` are all ids of staff in the batch, for hiding them in free text.
    """

    header: RunHeader
    words: Words
    summary: Summary
    quality: Quality
    audits: tuple[Scored, ...]
    answers: Mapping[str, int]
    feedback: tuple[Feedback, ...]
    days: tuple[date, date] | None
    period: tuple[date, date] | None
    names: frozenset[str]


@dataclass
class Gatherer:
    """Reads audits from the tables of judged slices; needs no evidence, which costs most."""

    rulebook: Rulebook
    batch: Batch
    verdicts: Verdicts
    own: Mapping[str, Mapping[str, Any]] = field(init=False)
    audits: list[Scored] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.own = _own(self.batch)
        self.binder = Binder(self.rulebook)

    def take(self, con: duckdb.DuckDBPyConnection) -> None:
        """Take the audits of the slice that a connection's tables hold, `compared` among them."""
        live, domains = self.rulebook.live, self.rulebook.domains
        columns = [f"g.{quote(d)}" for d in domains] + [f"c.{quote(s.id)}" for s in live]
        rows = con.execute(
            f"SELECT u.audit_id, g.overall, {', '.join(columns)} FROM audits u "
            "JOIN auditor g ON u.a = g.a JOIN compared c ON u.a = c.a ORDER BY u.a"
        ).fetchall()
        for audit_id, overall, *cells in rows:
            grades = {d: rank for d, rank in zip(domains, cells, strict=False) if rank}
            pairs = {
                s.id: pair_of(cell) for s, cell in zip(live, cells[len(domains) :], strict=True)
            }
            self.audits.append(self._scored(audit_id, overall, grades, pairs))

    def _scored(
        self,
        audit_id: str,
        overall: int | None,
        grades: Mapping[str, int],
        pairs: Mapping[str, tuple[int | None, int]],
    ) -> Scored:
        own = self.own[audit_id]
        answers = {s: answer for s, (answer, _) in pairs.items() if answer is not None}
        outcomes = {s: outcome for s, (_, outcome) in pairs.items()}
        judged = judge_audit(
            AuditFacts(outcomes, answers, overall, grades), self.rulebook, self.verdicts
        )
        reasons = tuple(self.binder.reasons(judged))
        compared = {s: compare(answer, outcomes[s]) for s, answer in answers.items()}
        self.answers.update(s for s, found in compared.items() if found is not None)
        caps = judged.caps
        return Scored(
            audit_id=audit_id,
            auditor=own["auditor_id"] or "",
            team=own["team"] or "",
            said=overall or 0,
            cap=judged.cap or 0,
            domains={d: (rank, caps.get(d, 0)) for d, rank in grades.items()},
            groups=_groups(own),
            alerts=tuple(
                dict.fromkeys(
                    s for one in reasons if one.rule.alert for s in one.standards or ("",)
                )
            ),
            lowered_by=tuple(self._lowering(judged, reasons)),
            contradictions=sum(one == Comparison.CONTRADICTION for one in compared.values()),
        )

    def gathered(self, view: View) -> Gathered:
        """Return all that was gathered."""
        return Gathered(
            header=view.header,
            words=view.words,
            summary=view.summary,
            quality=view.quality,
            audits=tuple(sorted(self.audits, key=attrgetter("audit_id"))),
            answers=self.answers,
            feedback=tuple(_feedback(self.batch)),
            days=_range(self.own, "audit_date", "audit_date"),
            period=_range(self.own, "period_start", "period_end"),
            names=frozenset(
                name
                for one in self.own.values()
                for name in (one["auditor_id"], one["worker_id"])
                if name
            ),
        )

    def _lowering(
        self, judged: Judged, reasons: tuple[Reason, ...]
    ) -> Iterable[tuple[str, tuple[str, ...]]]:
        """Yield the rules that set the overall cap, where it is below the auditor's grade."""
        cap, said = judged.cap, judged.facts.overall
        if cap is None or said is None or cap >= said:
            return
        found: dict[str, tuple[str, ...]] = {}
        for one in reasons:
            set_ = {one.rule.overall_cap, None if one.domain else one.rule.cap}
            if self.rulebook.grades[cap - 1] in set_:
                found[one.rule.id] = (*found.get(one.rule.id, ()), *one.standards)
        yield from found.items()


def _own(batch: Batch) -> Mapping[str, Mapping[str, Any]]:
    held = batch.presence.columns["audits"]
    columns = ", ".join(name if name in held else f"NULL AS {name}" for name in OWN)
    rows = batch.con.execute(f"SELECT audit_id, {columns} FROM typed.audits").fetchall()
    return {audit: dict(zip(OWN, cells, strict=True)) for audit, *cells in rows}


def _feedback(batch: Batch) -> Iterable[Feedback]:
    held = batch.presence.columns.get("feedback")
    if held is None:
        return
    columns = ", ".join(name if name in held else f"NULL AS {name}" for name in FEEDBACK)
    query = f"SELECT {columns} FROM typed.feedback ORDER BY ALL"
    for audit_id, given_by, scale, text in batch.con.execute(query).fetchall():
        yield Feedback(audit_id, given_by or "", scale, text or "")


def _groups(own: Mapping[str, Any]) -> Mapping[str, str]:
    needed = own["interpreter_needed"]
    said = {
        "case_type": own["case_type"] or "",
        "provider": own["provider"] or "",
        "sample_type": own["sample_type"] or "",
        "age": _age(own),
        "interpreter_needed": "" if needed is None else ("needed" if needed else "not needed"),
    }
    return {kind: name for kind, name in said.items() if name}


def _age(own: Mapping[str, Any]) -> str:
    """Return the band of the child's age on the day of the audit; nothing where it is unknown."""
    born, day = own["birth_month"], own["audit_date"] or own["period_end"]
    if born is None or day is None:
        return ""
    year, month = (int(part) for part in str(born)[:7].split("-"))
    years = (_MONTHS * (day.year - year) + day.month - month) // _MONTHS
    return next((name for low, high, name in AGES if low <= years < high), "under 5")


def _range(own: Mapping[str, Mapping[str, Any]], first: str, last: str) -> tuple[date, date] | None:
    starts = [one[first] for one in own.values() if one[first] is not None]
    ends = [one[last] for one in own.values() if one[last] is not None]
    return (min(starts), max(ends)) if starts and ends else None
