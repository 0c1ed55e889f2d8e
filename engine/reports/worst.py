"""Which audits stand on the list, in which order, and the one reason that decided each.

In: a view. Out: flagged audits, worst first, and reasons in words.
It must not know which format will print them.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from engine.reports.summary import is_flagged
from engine.reports.view import OVERALL, AlertView, AuditView, CapView, View, Words
from engine.reports.wording import ranks, steps_lowered
from engine.terms import OUTCOMES, Route, Severity

_ROUTES = [str(route) for route in Route]
_OUTCOMES = [str(outcome) for outcome in OUTCOMES]
_SEVERITIES = [str(severity) for severity in Severity]


@dataclass(frozen=True)
class Reason:
    """Why an audit is where it is: in words, and by which rule, standards and source."""

    text: str
    rule: str = ""
    standards: tuple[str, ...] = ()
    source: str = ""


def worst(
    view: View, most: int | None = None, which: Callable[[AuditView], bool] = is_flagged
) -> list[AuditView]:
    """Return the audits of a kind (those on the list), worst first; at most so many."""
    chosen = filter(which, view.audits)
    key = _Badness(view.words)
    return sorted(chosen, key=key) if most is None else heapq.nsmallest(most, chosen, key)


def deciding(audit: AuditView, words: Words) -> Reason:
    """Return the one reason that decided: the gravest finding behind a cap as low as the overall.

    A cap that rests on no standard speaks for itself; without a cap it is the first contradiction.
    """
    caps = [cap for cap in audit.caps if cap.scope == OVERALL and cap.grade == audit.cap]
    if caps:
        return _gravest(audit, caps, words)
    for found in audit.contradictions:
        text = f"contradiction on {found.standard}: {found.because}"
        return Reason(text, standards=(found.standard,))
    return Reason("")


def alert_text(alert: AlertView) -> str:
    """Return an alert in words, with the standard that it is about."""
    return named((alert.standard,) if alert.standard else (), alert.message)


def named(standards: tuple[str, ...], because: str) -> str:
    """Put the standards before a reason that does not name them itself.

    >>> named(("CP-05",), "longest gap 12 working days")
    'CP-05: longest gap 12 working days'
    """
    told = not standards or any(standard in because for standard in standards)
    return because if told else f"{', '.join(standards)}: {because}"


def _gravest(audit: AuditView, caps: Sequence[CapView], words: Words) -> Reason:
    severity = {standard.id: _SEVERITIES.index(standard.severity) for standard in words.standards}
    findings = {finding.standard: finding for finding in audit.findings}
    behind = [
        # the gravest, then the clearest miss, then the rule that names the fewest standards
        ((severity[s], -_OUTCOMES.index(findings[s].outcome), len(cap.standards)), findings[s], cap)
        for cap in caps
        for s in cap.standards
        if s in severity and s in findings
    ]
    if not behind:
        return Reason(
            named(caps[0].standards, caps[0].because), caps[0].rule, source=caps[0].source
        )
    _, finding, cap = min(behind, key=itemgetter(0))
    return Reason(
        text=named((finding.standard,), finding.because),
        rule=cap.rule,
        standards=cap.standards,
        source=finding.source,
    )


@dataclass(frozen=True)
class _Badness:
    """Orders audits: lowest grade, gravest route, furthest fall, most contradictions, then id."""

    words: Words

    def __call__(self, audit: AuditView) -> tuple[int, int, int, int, str]:
        rank = ranks(self.words)
        grade = audit.moderated_grade or audit.cap
        fall = steps_lowered(self.words, audit.auditor_grade, audit.moderated_grade)
        return (
            rank.get(grade, len(rank) + 1) if grade else len(rank) + 1,
            -_ROUTES.index(audit.route),
            -fall,
            -len(audit.contradictions),
            audit.audit_id,
        )
