"""Build the view of a run: everything that any format shows of it.

Findings with evidence, the auditor's grades and verdicts come in, a `View` goes out.
It must not know how the batch was read, nor how the view will be drawn.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.findings.exceptions import Declared
from engine.findings.stage import Compiled, Evidence, Unread
from engine.judgement.audit import AuditFacts, Judged, judge_audit, suggested
from engine.judgement.contradictions import compare
from engine.judgement.judge import ROUTES, Verdicts
from engine.judgement.reasons import Binder, Reason
from engine.reports.because import Known, because, source_of
from engine.reports.cannot_tell import Held
from engine.reports.view import (
    OVERALL,
    AlertView,
    AuditView,
    CapView,
    ContradictionView,
    DomainView,
    FindingView,
    Named,
    StandardView,
    Words,
)
from engine.rulebook.book import Rulebook
from engine.rulebook.standard import Standard
from engine.terms import OUTCOMES, Comparison, Outcome


@dataclass(frozen=True)
class AuditRow:
    """One audit of a slice: who it is, what the auditor gave, and what was found."""

    audit_id: str
    case_type: str | None
    team: str | None
    auditor_id: str | None
    overall: int | None
    domains: Mapping[str, int]
    answers: Mapping[str, int]
    outcomes: Mapping[str, int]
    evidence: Mapping[str, Evidence]
    unread: Unread = field(default_factory=Unread)
    declared: tuple[Declared, ...] = ()

    def facts(self) -> AuditFacts:
        """Return what judgement reads of the audit."""
        return AuditFacts(self.outcomes, self.answers, self.overall, self.domains)


class Builder:
    """Builds audit views against one rulebook, with the verdicts of the run."""

    def __init__(
        self, rulebook: Rulebook, compiled: Iterable[Compiled], verdicts: Verdicts
    ) -> None:
        self.rulebook = rulebook
        self.verdicts = verdicts
        self.binder = Binder(rulebook)
        self.compiled = {one.standard.id: one for one in compiled}
        self.unbound: dict[tuple[str, int | None], FindingView] = {}
        self.sources: dict[tuple[str, int], str] = {}

    def words(self) -> Words:
        """Return the rulebook's own lists, as a reader needs them."""
        return words_of(self.rulebook)

    def audit(self, row: AuditRow) -> AuditView:
        """Return the view of one audit."""
        judged = judge_audit(row.facts(), self.rulebook, self.verdicts)
        found = {s.id: self._finding(row, s.id) for s in self.rulebook.live}
        fired = self.binder.reasons(judged)
        return AuditView(
            audit_id=row.audit_id,
            case_type=row.case_type,
            team=row.team,
            auditor_id=row.auditor_id,
            auditor_grade=self._grade(row.overall),
            cap=self._grade(judged.cap),
            moderated_grade=self._grade(judged.moderated),
            route=ROUTES[judged.route],
            alerts=tuple(alert for reason in fired for alert in _alerts(reason)),
            contradictions=tuple(_contradictions(found.values())),
            domains=self._domains(judged),
            caps=tuple(cap for reason in fired for cap in self._caps(reason, found)),
            findings=tuple(found.values()),
            suggested_grade=self._grade(suggested(judged, self.rulebook)),
        )

    def _grade(self, rank: int | None) -> str | None:
        return self.rulebook.grades[rank - 1] if rank else None

    def _domains(self, judged: Judged) -> dict[str, DomainView]:
        caps, moderated = judged.caps, judged.moderated_domains
        shown = [d for d in self.rulebook.domains if d in judged.facts.domains or d in caps]
        return {
            domain: DomainView(
                auditor_grade=self._grade(judged.facts.domains.get(domain)),
                cap=self._grade(caps.get(domain)),
                moderated_grade=self._grade(moderated.get(domain)),
            )
            for domain in shown
        }

    def _finding(self, row: AuditRow, standard_id: str) -> FindingView:
        evidence, answer = row.evidence.get(standard_id), row.answers.get(standard_id)
        if evidence is not None:
            return self._shown(row, standard_id)
        # most standards do not bind most audits, and then nothing is said that differs
        key = (standard_id, answer)
        if key not in self.unbound:
            self.unbound[key] = self._shown(row, standard_id)
        return self.unbound[key]

    def _source(self, standard: Standard, evidence: Evidence | None) -> str:
        version = evidence.version if evidence else None
        key = (standard.id, id(version))
        if key not in self.sources:
            self.sources[key] = source_of(standard, evidence)
        return self.sources[key]

    def _shown(self, row: AuditRow, standard_id: str) -> FindingView:
        standard, code = self.rulebook.by_id[standard_id], row.outcomes[standard_id]
        evidence, answer = row.evidence.get(standard_id), row.answers.get(standard_id)
        comparison = compare(answer, code)
        version = evidence.version if evidence else None
        untold = code == Outcome.NOT_ASSESSABLE.code
        held = Held.of(self.compiled[standard_id], row.unread) if untold else None
        return FindingView(
            standard=standard_id,
            outcome=OUTCOMES[min(code, Outcome.NOT_MET.code)],
            silent=evidence.silent if evidence else False,
            because=because(self.rulebook, standard, evidence, Known(held, row.declared)),
            value=evidence.value if evidence else None,
            day_from=evidence.day_from if evidence else None,
            day_to=evidence.day_to if evidence else None,
            rows=evidence.rows if evidence else None,
            version=version.from_ if version else None,
            source=self._source(standard, evidence),
            answer=OUTCOMES[answer] if answer is not None else None,
            comparison=comparison,
            back_filled=evidence.back_filled if evidence else False,
            excused=evidence.excused if evidence else False,
        )

    def _caps(self, reason: Reason, found: Mapping[str, FindingView]) -> Iterable[CapView]:
        several = len(reason.standards) > 1
        told = ((s, found[s].because) for s in reason.standards)
        texts = [f"{name}: {text}" if several else text for name, text in told]
        sources = list(dict.fromkeys(found[s].source for s in reason.standards if found[s].source))
        said = " ".join(texts) if texts else f"{reason.rule.title}."
        proposals = []
        if reason.rule.cap:
            proposals.append((reason.domain or OVERALL, reason.rule.cap))
        if reason.rule.overall_cap:
            proposals.append((OVERALL, reason.rule.overall_cap))
        for scope, grade in proposals:
            yield CapView(reason.rule.id, scope, grade, reason.standards, said, "; ".join(sources))


def words_of(rulebook: Rulebook) -> Words:
    """Return the rulebook's own lists, as a reader needs them."""
    book = rulebook.book
    return Words(
        rulebook_title=book.title,
        grades=tuple(Named(g.id, g.title) for g in book.grades),
        domains=tuple(Named(d.id, d.title) for d in book.domains),
        standards=tuple(
            StandardView(
                id=s.id,
                title=s.title,
                domain=s.domain,
                severity=s.severity,
                level=s.level,
                bottom_line=s.bottom_line,
                why=s.why,
                source=source_of(s),
            )
            for s in rulebook.live
        ),
    )


def _alerts(reason: Reason) -> Iterable[AlertView]:
    if reason.rule.alert:
        for standard in reason.standards or ("",):
            yield AlertView(reason.rule.id, standard, reason.rule.alert)


def _contradictions(findings: Iterable[FindingView]) -> Iterable[ContradictionView]:
    for one in findings:
        if one.comparison == Comparison.CONTRADICTION and one.answer is not None:
            yield ContradictionView(one.standard, one.answer, one.outcome, one.because)
