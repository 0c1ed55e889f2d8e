"""The sheets of the workbook: what each is called, its columns and where its rows come from.

In: nothing. Out: one registry, in the order of the sheets; a sheet is added here.
It must not know of XLSX.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.reports import rows
from engine.reports.summary import COMPARISONS
from engine.reports.view import View
from engine.reports.wording import OUTCOME_TITLES, plain


@dataclass(frozen=True)
class Sheet:
    """A table: its headings with the width of each column in characters, and its rows."""

    columns: Mapping[str, int]
    rows: Callable[[View], Iterable[rows.Row]]


_COMPARED = dict.fromkeys(map(plain, COMPARISONS.values()), 15)
SHEETS: Mapping[str, Sheet] = {
    "Audits": Sheet(
        {
            "Audit": 12,
            "Case type": 14,
            "Team": 14,
            "Auditor": 10,
            "Auditor's grade": 13,
            "Cap": 13,
            "Moderated grade": 13,
            "Change": 13,
            "Next step": 10,
            "Alerts": 26,
            "Why": 46,
            "Contradictions": 15,
            "Suggested grade": 13,
        },
        rows.audits,
    ),
    "Findings": Sheet(
        {
            "Audit": 12,
            "Standard": 11,
            "Title": 30,
            "Outcome": 15,
            "Auditor's answer": 12,
            "Comparison": 14,
            "Why": 46,
            "Value": 8,
            "From": 12,
            "To": 12,
            "Rows": 7,
            "Back-filled": 8,
            "Version from": 12,
            "Source": 30,
        },
        rows.findings,
    ),
    "Domains": Sheet(
        {"Audit": 12, "Domain": 40, "Auditor's grade": 22, "Cap": 22, "Moderated grade": 22},
        rows.domains,
    ),
    "Caps": Sheet(
        {
            "Audit": 12,
            "On": 24,
            "Capped at": 13,
            "Rule": 24,
            "Standards": 14,
            "Why": 46,
            "Source": 30,
        },
        rows.caps,
    ),
    "Contradictions": Sheet(
        {
            "Audit": 12,
            "Team": 14,
            "Auditor": 10,
            "Standard": 11,
            "Auditor's answer": 14,
            "Record shows": 18,
            "Why": 60,
        },
        rows.contradictions,
    ),
    "By standard": Sheet(
        {
            "Standard": 11,
            "Title": 40,
            **dict.fromkeys(OUTCOME_TITLES.values(), 13),
            **_COMPARED,
        },
        rows.by_standard,
    ),
    "By auditor": Sheet({"Auditor": 16, "Audits": 10, "Answers": 10, **_COMPARED}, rows.by_auditor),
    "Data gaps": Sheet(
        {"Standard": 11, "Title": 50, "Audits not assessable": 22, "Of all audits": 14},
        rows.data_gaps,
    ),
    "Data quality": Sheet(
        {
            "Code": 8,
            "Check": 24,
            "Table": 16,
            "Field": 16,
            "Audit": 12,
            "Entries": 9,
            "What": 56,
            "Values": 24,
        },
        rows.data_quality,
    ),
    "Completeness": Sheet(
        {"Table": 24, "Field": 30, "Rows": 12, "Filled": 12, "Share filled": 12},
        rows.completeness,
    ),
    "Put aside": Sheet(
        {
            "File": 24,
            "Sheet": 14,
            "Place": 10,
            "Table": 16,
            "Audit": 12,
            "Code": 8,
            "Reason": 46,
            "Row": 46,
        },
        rows.put_aside,
    ),
    "Rules": Sheet(
        {
            "Standard": 11,
            "Title": 40,
            "Domain": 18,
            "Severity": 10,
            "Level": 12,
            "Bottom line": 9,
            "Why": 46,
            "Source": 46,
        },
        rows.rules,
    ),
}
