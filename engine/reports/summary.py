"""Count a run: from its audits to the figures of the summary.

In: audit views. Out: a `Summary`. It must not know how the figures will look.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from engine.reports.view import NO_GRADE, AuditView, Summary, Words
from engine.terms import OUTCOMES, Comparison, Outcome, Route

COMPARISONS: dict[Comparison, str] = {
    Comparison.CONTRADICTION: "contradictions",
    Comparison.UNSUPPORTED: "unsupported",
    Comparison.HARSHER: "harsher",
}
STANDARD_KEYS = (*map(str, OUTCOMES), *COMPARISONS.values())
AUDITOR_KEYS = ("audits", "answers", *COMPARISONS.values())


def summarise(audits: Iterable[AuditView], words: Words, put_aside: int) -> Summary:
    """Count what the summary of a run says, walking the audits once."""
    total: Counter[str] = Counter()
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    routes: Counter[str] = Counter()
    standards: Counter[tuple[str, str]] = Counter()
    auditors: Counter[tuple[str, str]] = Counter()
    for audit in audits:
        before[audit.auditor_grade or NO_GRADE] += 1
        after[audit.moderated_grade or NO_GRADE] += 1
        routes[audit.route] += 1
        total.update(_traits(audit))
        _count_findings(audit, standards, auditors)
    ids = tuple(standard.id for standard in words.standards)
    by_standard = _table(standards, ids, STANDARD_KEYS)
    gaps = {s: n for s in ids if (n := by_standard[s][Outcome.NOT_ASSESSABLE])}
    grades = (*(grade.id for grade in words.grades), NO_GRADE)
    return Summary(
        grades_before={grade: before[grade] for grade in grades},
        grades_after={grade: after[grade] for grade in grades},
        flagged=total["flagged"],
        capped=total["capped"],
        lowered=total["lowered"],
        contradictions=sum(row["contradictions"] for row in by_standard.values()),
        contradicted=total["contradicted"],
        unsupported=sum(row["unsupported"] for row in by_standard.values()),
        harsher=sum(row["harsher"] for row in by_standard.values()),
        alerts=total["alerts"],
        routes={str(route): routes[route] for route in Route},
        data_gaps=gaps,
        put_aside=put_aside,
        by_standard=by_standard,
        by_auditor=_table(auditors, sorted({name for name, _ in auditors}), AUDITOR_KEYS),
    )


def is_flagged(audit: AuditView) -> bool:
    """Say whether an audit belongs on the list: capped, contradicted, or somebody must look."""
    return audit.cap is not None or bool(audit.contradictions or audit.alerts)


def is_alert(audit: AuditView) -> bool:
    """Say whether somebody has to look at the child's file today."""
    return bool(audit.alerts)


def is_lowered(audit: AuditView) -> bool:
    """Say whether the record took something from the auditor's grade."""
    # INVARIANT: a moderated grade is never better than the auditor's, so another is a worse one.
    return audit.auditor_grade is not None and audit.moderated_grade != audit.auditor_grade


def _traits(audit: AuditView) -> Iterable[str]:
    traits = {
        "flagged": is_flagged(audit),
        "capped": audit.cap is not None,
        "lowered": is_lowered(audit),
        "contradicted": bool(audit.contradictions),
        "alerts": is_alert(audit),
    }
    return (name for name, holds in traits.items() if holds)


def _count_findings(
    audit: AuditView,
    standards: Counter[tuple[str, str]],
    auditors: Counter[tuple[str, str]],
) -> None:
    name = audit.auditor_id or ""
    auditors[name, "audits"] += 1
    for finding in audit.findings:
        standards[finding.standard, finding.outcome] += 1
        if finding.answer is not None:
            auditors[name, "answers"] += 1
        if finding.comparison in COMPARISONS:
            kind = COMPARISONS[Comparison(finding.comparison)]
            standards[finding.standard, kind] += 1
            auditors[name, kind] += 1


def _table(
    counts: Counter[tuple[str, str]], names: Iterable[str], keys: tuple[str, ...]
) -> Mapping[str, Mapping[str, int]]:
    return {name: {key: counts[name, key] for key in keys} for name in names}
