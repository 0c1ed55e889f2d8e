"""What the report of a week needs of a scored batch: a small row an audit, and counts.

In: audit views as they are scored, and a few columns of the batch that views do not hold. Out: a
`Gathered`. It must not know of moderation, nor of what will be said of the numbers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.records.batch import Batch
from engine.records.quality import Quality
from engine.reports.view import OVERALL, AuditView, RunHeader, Summary, View, Words
from engine.rulebook.book import Rulebook

OWN = (
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
    """Takes audits one by one while a batch is scored."""

    rulebook: Rulebook
    batch: Batch
    own: Mapping[str, Mapping[str, Any]] = field(init=False)
    audits: list[Scored] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.own = _own(self.batch)

    def take(self, audit: AuditView, _words: Words) -> None:
        """Take an audit."""
        own = self.own[audit.audit_id]
        rank = self._rank
        said = rank(audit.auditor_grade)
        self.answers.update(f.standard for f in audit.findings if f.comparison is not None)
        self.audits.append(
            Scored(
                audit_id=audit.audit_id,
                auditor=audit.auditor_id or "",
                team=audit.team or "",
                said=said,
                cap=rank(audit.cap),
                domains={
                    d: (rank(one.auditor_grade), rank(one.cap)) for d, one in audit.domains.items()
                },
                groups=_groups(audit, own),
                alerts=tuple(dict.fromkeys(one.standard for one in audit.alerts)),
                lowered_by=tuple(self._lowering(audit, said)),
                contradictions=len(audit.contradictions),
            )
        )

    def gathered(self, view: View) -> Gathered:
        """Return all that was gathered."""
        return Gathered(
            header=view.header,
            words=view.words,
            summary=view.summary,
            quality=view.quality,
            audits=tuple(self.audits),
            answers=self.answers,
            feedback=tuple(_feedback(self.batch)),
            days=_range(self.own, "audit_date", "audit_date"),
            period=_range(self.own, "period_start", "period_end"),
            names=frozenset(
                name
                for one in self.audits
                for name in (one.auditor, self.own[one.audit_id]["worker_id"] or "")
                if name
            ),
        )

    def _rank(self, grade: str | None) -> int:
        return self.rulebook.rank(grade) if grade else 0

    def _lowering(self, audit: AuditView, said: int) -> Iterable[tuple[str, tuple[str, ...]]]:
        found: dict[str, tuple[str, ...]] = {}
        for cap in audit.caps:
            binds = cap.scope == OVERALL and cap.grade == audit.cap
            if binds and self._rank(cap.grade) < said:
                found[cap.rule] = (*found.get(cap.rule, ()), *cap.standards)
        return found.items()


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


def _groups(audit: AuditView, own: Mapping[str, Any]) -> Mapping[str, str]:
    needed = own["interpreter_needed"]
    said = {
        "case_type": audit.case_type or "",
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
