"""Explain in plain English: one audit's grade, or one standard.

A view of an audit, or a standard, comes in; lines of text go out.
"""

import textwrap
from collections.abc import Iterable, Iterator

from engine.judgement.way_back import WayBack
from engine.reports.because import limit_in_words
from engine.reports.view import OVERALL, AuditView, CapView, FindingView, Words
from engine.reports.wording import (
    ROUTE_MEANINGS,
    ROUTE_TITLES,
    grade_title,
    long_date,
    mid_sentence,
    outcome_title,
    plain,
    scope_title,
)
from engine.rulebook.book import Rulebook
from engine.rulebook.measures import Branch, Threshold, Version
from engine.rulebook.scalars import Duration
from engine.rulebook.standard import Standard
from engine.terms import Outcome, Unit

WIDTH = 96


def explain_audit(
    audit: AuditView, words: Words, rulebook: Rulebook, way_back: WayBack | None = None
) -> Iterator[str]:
    """Yield the chain of one audit: record, standards, rules, caps, contradictions."""
    yield f"Audit {audit.audit_id}"
    yield from _grades(audit, words)
    yield from _caps(audit, words, rulebook)
    yield from _contradictions(audit, words)
    yield from _record(audit, words)
    if way_back is not None:
        yield from _ways(way_back, words, rulebook)


def _grades(audit: AuditView, words: Words) -> Iterator[str]:
    given = grade_title(words, audit.auditor_grade)
    capped = f"caps it at {grade_title(words, audit.cap)}" if audit.cap else "does not cap it"
    yield from _wrapped(f"The auditor's grade: {given}. What the record shows {capped}.")
    if audit.moderated_grade:
        moderated = grade_title(words, audit.moderated_grade)
        yield from _wrapped(
            f"Moderated grade: {moderated} (proposed, until a named moderator confirms it)."
        )
    yield from _wrapped(f"Next step: {ROUTE_TITLES[audit.route].lower()}. "
                        f"{ROUTE_MEANINGS[audit.route]}")  # fmt: skip
    if audit.suggested_grade:
        better = grade_title(words, audit.suggested_grade)
        yield from _wrapped(f"The record supports more than the auditor gave: {better}. "
                            "A person decides.")  # fmt: skip
    for alert in audit.alerts:
        yield from _wrapped(f"{f'ALERT {alert.standard}'.strip()}: {alert.message}")


def _caps(audit: AuditView, words: Words, rulebook: Rulebook) -> Iterator[str]:
    if not audit.caps:
        return
    titles = {rule.id: rule.title for stratum in ("domain", "overall", "route")
              for rule in rulebook.judgement.rules(stratum)}  # fmt: skip
    yield ""
    yield "Why"
    ordered = sorted(audit.caps, key=lambda cap: (cap.scope != OVERALL, rulebook.rank(cap.grade)))
    for cap in ordered:
        yield from _cap(cap, titles[cap.rule], words)


def _cap(cap: CapView, title: str, words: Words) -> Iterator[str]:
    scope = "The overall grade" if cap.scope == OVERALL else scope_title(words, cap.scope)
    named = f" ({', '.join(cap.standards)})" if cap.standards else ""
    yield from _wrapped(
        f"{scope} is capped at {grade_title(words, cap.grade)}: {mid_sentence(title)}{named}.", "- "
    )
    yield from _wrapped(f"Rule: {cap.rule}.", "  ")
    if cap.standards:
        yield from _wrapped(cap.because, "  ")
    if cap.source:
        yield from _wrapped(f"Source: {cap.source}.", "  ")


def _contradictions(audit: AuditView, words: Words) -> Iterator[str]:
    titles = {standard.id: standard.title for standard in words.standards}
    if audit.contradictions:
        yield ""
        yield "Where the auditor's answer is better than the record shows"
    for found in audit.contradictions:
        yield from _wrapped(
            f"{found.standard} {titles[found.standard]}: the auditor answered "
            f"{plain(found.answer)}; the record shows {plain(found.outcome)}. {found.because}",
            "- ",
        )


def _record(audit: AuditView, words: Words) -> Iterator[str]:
    titles = {standard.id: standard.title for standard in words.standards}
    yield ""
    yield "What the record shows"
    for finding in audit.findings:
        if finding.binds and finding.outcome != Outcome.NOT_ASSESSABLE:
            yield from _finding(finding, titles[finding.standard])
    yield from _gaps(audit)
    silent = [f.standard for f in audit.findings if not f.binds]
    if silent:
        yield from _wrapped(f"Not applicable to this case: {', '.join(silent)}.", "- ")


def _gaps(audit: AuditView) -> Iterator[str]:
    """Yield what could not be assessed: standards that lack the same thing stand together."""
    gaps: dict[str, list[str]] = {}
    for finding in audit.findings:
        if finding.outcome == Outcome.NOT_ASSESSABLE:
            gaps.setdefault(finding.because, []).append(finding.standard)
    for because, standards in gaps.items():
        yield from _wrapped(f"Could not be assessed: {', '.join(standards)}. {because}", "- ")


def _finding(finding: FindingView, title: str) -> Iterator[str]:
    outcome = outcome_title(finding.outcome, silent=finding.silent)
    answer = f" The auditor answered: {plain(finding.answer)}." if finding.answer else ""
    yield from _wrapped(f"{finding.standard} {title}", "- ")
    yield from _wrapped(f"{outcome}. {finding.because}{answer}", "  ")
    if finding.source:
        version = f" (in force from {long_date(finding.version)})" if finding.version else ""
        yield from _wrapped(f"Source: {finding.source}{version}.", "  ")


def _ways(way_back: WayBack, words: Words, rulebook: Rulebook) -> Iterator[str]:
    yield ""
    yield "The way back, for use after moderation: practice to be done for the child"
    if not way_back.sets:
        why = (
            "There are too many ways to list."
            if not way_back.complete
            else ("No change of findings alone would give a better grade.")
        )
        yield from _wrapped(why, "- ")
    grade = rulebook.grades[way_back.grade - 1] if way_back.grade else None
    for chosen in way_back.sets:
        yield from _wrapped(
            f"Better than {grade_title(words, grade)} once all of these are met:", "- "
        )
        for standard in chosen:
            yield from _wrapped(f"{standard}: {rulebook.by_id[standard].title}", "    ")


def explain_standard(standard: Standard, rulebook: Rulebook) -> Iterator[str]:
    """Yield what a standard asks, of whom, since when and by what authority."""
    yield from _wrapped(f"{standard.id} {standard.title}")
    yield from _wrapped(standard.why)
    yield ""
    stage = rulebook.stage_title(standard)
    line = " It is a bottom line." if standard.bottom_line else ""
    yield from _wrapped(
        f"Stage: {stage}. Domain: {rulebook.title(standard.domain)}. "
        f"Judgement area: {rulebook.title(standard.area)}. Severity: {standard.severity}. "
        f"Level: {standard.level}. Status: {standard.status}.{line}"
    )
    silence = "not met" if standard.silence == "not_met" else "not evidenced"
    yield from _wrapped(f"Where an entry is expected and the record is silent: {silence}.")
    for branch in standard.branches():
        yield from _branch(standard, branch)
    if standard.examples:
        yield ""
        yield "Examples"
    for example in standard.examples:
        yield from _wrapped(f"{example.it} ({plain(example.expect)})", "- ")


def _branch(standard: Standard, branch: Branch) -> Iterator[str]:
    yield ""
    if branch.name:
        yield from _wrapped(branch.name)
    if branch.outcome:
        yield from _wrapped("The standard does not apply.", "- ")
        return
    for version in standard.versions_of(branch):
        yield from _version(version, branch)


def _version(version: Version, branch: Branch) -> Iterator[str]:
    kind = str(getattr(branch.measure, "kind", ""))
    unit = "per cent" if kind in ("share", "every") else getattr(branch.measure, "unit", None)
    said = []
    for name, threshold in (("met", version.met), ("partly met", version.partly_met)):
        if threshold is not None:
            order = "at most" if threshold.at_most is not None else "at least"
            said.append(f"{name}: {order} {_limit(threshold, unit)}")
    source = ", ".join(p for p in (version.source.title, version.source.paragraph) if p)
    limits = f" {'; '.join(said)}." if said else ""
    yield from _wrapped(f"From {long_date(version.from_)}:{limits} Source: {source}; "
                        f"checked {long_date(version.source.checked)}.", "- ")  # fmt: skip
    for extra in (version.source.url, version.note):
        if extra:
            yield from _wrapped(extra, "  ")


def _limit(threshold: Threshold, unit: Unit | str | None) -> str:
    """Return a limit with its unit; one by phase has units of its own."""
    if isinstance(unit, Unit) and isinstance(threshold.at_most, int):
        return str(Duration(threshold.at_most, unit))
    words = limit_in_words(threshold)
    return words if unit is None or isinstance(unit, Unit) else f"{words} {unit}"


def _wrapped(text: str, first: str = "") -> Iterable[str]:
    lines = textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
    return lines or [first.rstrip()]
