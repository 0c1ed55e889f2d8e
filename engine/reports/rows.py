"""The rows of each sheet of the workbook: plain cells, before anything is drawn.

In: a view. Out: rows, walked once. It must not know of headings, widths or XLSX.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from engine.records.quality import check_of
from engine.reports import quality
from engine.reports.as_csv import REJECTED, Cell
from engine.reports.places import rejected_in_batch
from engine.reports.summary import COMPARISONS
from engine.reports.view import AuditView, FindingView, View, Words
from engine.reports.wording import (
    OUTCOME_TITLES,
    ROUTE_TITLES,
    grade_counts,
    grade_title,
    long_date,
    outcome_title,
    plain,
    scope_title,
    steps_lowered,
)
from engine.reports.worst import alert_text, deciding


@dataclass(frozen=True)
class Grade:
    """A cell that holds a grade: its id gives the colour, its title the words."""

    id: str | None
    title: str


@dataclass(frozen=True)
class Share:
    """A cell that holds a part of a whole: a number that is shown as a per cent."""

    part: int
    whole: int


SheetCell = Cell | Grade | Share
Row = Sequence[SheetCell]


def audits(view: View) -> Iterator[Row]:
    """Yield one row an audit."""
    for audit in view.audits:
        words, reason = view.words, deciding(audit, view.words)
        yield (
            audit.audit_id,
            plain(audit.case_type),
            audit.team,
            audit.auditor_id,
            _grade(words, audit.auditor_grade),
            _cap(words, audit.cap),
            _grade(words, audit.moderated_grade),
            _change(words, audit),
            ROUTE_TITLES[audit.route],
            "; ".join(map(alert_text, audit.alerts)),
            reason.text,
            len(audit.contradictions),
            _cap(words, audit.suggested_grade),
        )


def domains(view: View) -> Iterator[Row]:
    """Yield the domains of each audit that have a grade or a cap."""
    for audit in view.audits:
        for domain in view.words.domains:
            seen = audit.domains.get(domain.id)
            if seen and (seen.auditor_grade or seen.cap):
                yield (
                    audit.audit_id,
                    domain.title,
                    _grade(view.words, seen.auditor_grade),
                    _cap(view.words, seen.cap),
                    _grade(view.words, seen.moderated_grade),
                )


def findings(view: View) -> Iterator[Row]:
    """Yield one row an audit and standard that binds it."""
    titles = {standard.id: standard.title for standard in view.words.standards}
    for audit in view.audits:
        for finding in audit.findings:
            if finding.binds:
                yield _finding(audit, finding, titles.get(finding.standard, ""))


def _finding(audit: AuditView, finding: FindingView, title: str) -> Row:
    return (
        audit.audit_id,
        finding.standard,
        title,
        outcome_title(finding.outcome, silent=finding.silent),
        plain(finding.answer),
        plain(finding.comparison),
        finding.because,
        finding.value,
        finding.day_from,
        finding.day_to,
        finding.rows,
        finding.back_filled,
        finding.version,
        finding.source,
    )


def caps(view: View) -> Iterator[Row]:
    """Yield one row a cap."""
    for audit in view.audits:
        for cap in audit.caps:
            yield (
                audit.audit_id,
                scope_title(view.words, cap.scope),
                _grade(view.words, cap.grade),
                cap.rule,
                ", ".join(cap.standards),
                cap.because,
                cap.source,
            )


def contradictions(view: View) -> Iterator[Row]:
    """Yield one row a contradiction."""
    for audit in view.audits:
        for found in audit.contradictions:
            yield (
                audit.audit_id,
                audit.team,
                audit.auditor_id,
                found.standard,
                plain(found.answer),
                outcome_title(found.outcome),
                found.because,
            )


def by_standard(view: View) -> Iterator[Row]:
    """Yield one row a standard: outcomes, and answers held against them."""
    for standard in view.words.standards:
        counts = view.summary.by_standard.get(standard.id, {})
        yield (
            standard.id,
            standard.title,
            *(counts.get(outcome, 0) for outcome in OUTCOME_TITLES),
            *(counts.get(comparison, 0) for comparison in COMPARISONS.values()),
        )


def by_auditor(view: View) -> Iterator[Row]:
    """Yield one row an auditor."""
    for auditor, counts in view.summary.by_auditor.items():
        yield (
            auditor or "Not named",
            counts["audits"],
            counts["answers"],
            *(counts[comparison] for comparison in COMPARISONS.values()),
        )


def data_gaps(view: View) -> Iterator[Row]:
    """Yield one row a standard that could not be assessed somewhere."""
    titles = {standard.id: standard.title for standard in view.words.standards}
    for standard, number in view.summary.data_gaps.items():
        yield (
            standard,
            titles.get(standard, ""),
            number,
            Share(number, view.header.audits),
        )


def data_quality(view: View) -> Iterator[Row]:
    """Yield one row an entry of data quality, the most important first, without its places.

    Those stand in `data_quality.csv`; a workbook is the same whatever the batch was read from.
    """
    for row in quality.rows(view.quality, view.header.input):
        yield row[0], check_of(row[1]).title, *row[2:-1]


def completeness(view: View) -> Iterator[Row]:
    """Yield one row a field that the input has."""
    for one in view.quality.profile:
        yield one.table, one.field, one.rows, one.filled, Share(one.filled, one.rows)


def put_aside(view: View) -> Iterator[Row]:
    """Yield one row for each that was put aside."""
    yield from map(attrgetter(*REJECTED), rejected_in_batch(view.rejected, view.header.input))


def rules(view: View) -> Iterator[Row]:
    """Yield the live standards with their sources."""
    for standard in view.words.standards:
        yield (
            standard.id,
            standard.title,
            scope_title(view.words, standard.domain),
            plain(standard.severity),
            plain(standard.level),
            standard.bottom_line,
            standard.why,
            standard.source,
        )


def grades(view: View) -> Iterator[Row]:
    """Yield the grades, best first, with numbers and shares before and after."""
    total = sum(view.summary.grades_before.values())
    for grade, title, before, after in grade_counts(view):
        yield (
            Grade(grade, title),
            before,
            Share(before, total),
            after,
            Share(after, total),
        )


def run(view: View) -> Iterator[Row]:
    """Yield what names the run, as label and value."""
    header = view.header
    yield "Rulebook", view.words.rulebook_title
    yield "Rulebook id and version", f"{header.rulebook_id} {header.rulebook_version}"
    if header.overlays:
        yield "Rulebook hash", header.books[0].hash
    for book in header.overlays:
        yield "Overlay", book.title
        yield "Overlay id and version", f"{book.id} {book.version}"
        yield "Overlay hash", book.hash
    together = "Hash of the rulebook and its overlays together"
    yield (together if header.overlays else "Rulebook hash"), header.rulebook_hash
    yield "Input hash", header.input_hash
    yield "As of", long_date(header.as_of)
    yield "Engine version", header.engine_version
    yield "Judge", header.judge


def counts(view: View) -> Iterator[Row]:
    """Yield the counts of the summary, as label and number."""
    s = view.summary
    yield "Audits scored", view.header.audits
    yield "Capped", s.capped
    yield "Lowered below the auditor's grade", s.lowered
    yield "Contradictions", s.contradictions
    yield "Audits with a contradiction", s.contradicted
    yield "Unsupported answers", s.unsupported
    yield "Answers harsher than the record", s.harsher
    yield "Audits with an alert", s.alerts
    yield from ((f"Next step: {ROUTE_TITLES[name].lower()}", n) for name, n in s.routes.items())
    yield "Data gaps (findings that could not be assessed)", sum(s.data_gaps.values())
    yield "Rows put aside", s.put_aside


def _grade(words: Words, grade: str | None) -> Grade:
    return Grade(grade, grade_title(words, grade))


def _cap(words: Words, grade: str | None) -> Grade | None:
    return None if grade is None else _grade(words, grade)


def _change(words: Words, audit: AuditView) -> str:
    steps = steps_lowered(words, audit.auditor_grade, audit.moderated_grade)
    return f"▼ lowered by {steps}" if steps else "no change"
