"""`report.html`: the report that people read and print, in one file without script or network.

In: a view. Out: HTML by the template beside this module, every word of it escaped.
It must not hold wording that other formats share (`wording`), nor compute a number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.records.quality import Filled, check_of
from engine.reports import quality, wording
from engine.reports.places import in_batch, rejected_in_batch
from engine.reports.summary import COMPARISONS, is_alert
from engine.reports.svg import Chart, Pair, bars
from engine.reports.view import AuditView, DomainView, FindingView, StandardView, View
from engine.reports.worst import alert_text, deciding, named, worst
from engine.terms import ADVERSE, Outcome, Route

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

NAME = "report.html"
MOST_AUDITS = 200
MOST_ALERTS = 500
MOST_ROWS = 200
STRENGTHS = 10
EMPTIEST = 3
STRENGTH_SHARE = 75  # per cent of the files on which a standard could be judged

_UNBROKEN = re.compile(r"\b(?:\d{4}-\d\d-\d\d|[A-Z]{2,9}-\d{1,4})\b")
_JUDGED = (Outcome.MET, *sorted(ADVERSE))


def write(view: View, folder: Path) -> None:
    """Write `report.html`."""
    template = environment().get_template("report.html.j2")
    stream = template.stream(**_content(view))
    stream.enable_buffering(100)
    with (folder / NAME).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(stream)


@dataclass(frozen=True)
class Strength:
    """A standard that most files meet."""

    standard: StandardView
    met: int
    judged: int


def strengths(view: View) -> list[Strength]:
    """Return the standards most often met, of those that three files in four meet."""
    found = []
    for standard in view.words.standards:
        counts = view.summary.by_standard.get(standard.id, {})
        met, judged = counts.get(Outcome.MET, 0), sum(counts.get(o, 0) for o in _JUDGED)
        if met and 100 * met >= STRENGTH_SHARE * judged:
            found.append(Strength(standard, met, judged))
    found.sort(key=lambda s: (-s.met, s.judged, s.standard.id))
    return found[:STRENGTHS]


@dataclass(frozen=True)
class TableFilled:
    """How full a table is: its cells, and the fields of which fewest are filled."""

    name: str
    rows: int
    filled: int
    cells: int
    emptiest: Sequence[Filled]


def tables_filled(view: View) -> list[TableFilled]:
    """Return how full each table of the input is."""
    found = []
    for name, group in groupby(view.quality.profile, key=lambda one: one.table):
        fields = list(group)
        gaps = sorted((one for one in fields if one.filled < one.rows), key=lambda one: one.filled)
        cells, filled = sum(one.rows for one in fields), sum(one.filled for one in fields)
        found.append(TableFilled(name, fields[0].rows, filled, cells, gaps[:EMPTIEST]))
    return found


def keep(text: str) -> "Markup":
    """Escape text, and keep its dates and the ids of standards from breaking at their hyphens.

    >>> print(keep("<b> since 2026-03-02"))
    &lt;b&gt; since <span class="keep">2026-03-02</span>
    """
    from markupsafe import Markup, escape

    marked = _UNBROKEN.sub(r'<span class="keep">\g<0></span>', str(escape(text)))
    return Markup(marked)  # noqa: S704 - escaped on the line above


def environment() -> "Environment":
    """Return where the templates are found, with the words that they share."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("engine.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["keep"] = keep
    environment.globals.update(
        {
            "counted": wording.counted,
            "plural": wording.plural,
            "plain": wording.plain,
            "percent": wording.percent,
            "outcome_title": wording.outcome_title,
            "named": named,
            "alert_text": alert_text,
        }
    )
    return environment


def _content(view: View) -> dict[str, Any]:
    """Return what the template is given: the view, and what is chosen or worded for HTML."""
    from markupsafe import Markup

    words = view.words
    return {
        "view": view,
        "summary": view.summary,
        "header": view.header,
        "grade": lambda grade: wording.grade_title(words, grade),
        "scope": lambda scope: wording.scope_title(words, scope),
        "titles": {standard.id: standard.title for standard in words.standards},
        "headline": wording.headline(view),
        "totals": wording.totals(view.summary),
        "as_of": wording.long_date(view.header.as_of),
        "notes": {
            "marking": wording.MARKING,
            "proposed": wording.PROPOSED_NOTE,
            "comparison": wording.COMPARISON_NOTE,
        },
        "grades": wording.grade_counts(view),
        "chart": Markup(_chart(view)),  # noqa: S704 - svg.py escapes every label
        "routes": [
            (wording.ROUTE_TITLES[name], wording.ROUTE_MEANINGS[name], view.summary.routes[name])
            for name in reversed(Route)
        ],
        "strengths": strengths(view),
        "alerts": worst(view, MOST_ALERTS, is_alert),
        "audits": [_Shown.of(n, a, view) for n, a in enumerate(worst(view, MOST_AUDITS), 1)],
        "outcomes": wording.OUTCOME_TITLES,
        "comparisons": tuple(COMPARISONS.values()),
        "most": MOST_ROWS,
        "quality": quality.headline(view.quality),
        "quality_note": quality.NOTE,
        "checks": quality.totals(view.quality),
        "entries": tuple(islice(quality.rows(view.quality, view.header.input), MOST_ROWS)),
        "check_title": lambda name: check_of(name).title,
        "tables": tables_filled(view),
        "rejected": tuple(islice(rejected_in_batch(view.rejected, view.header.input), MOST_ROWS)),
        "warnings": [
            (in_batch(problem.location, view.header.input), problem)
            for problem in view.problems
            if problem.warning
        ],
    }


@dataclass(frozen=True)
class _Shown:
    """An audit as it stands in the report."""

    id: str
    audit: AuditView
    change: str
    because: str
    source: str
    adverse: Sequence[FindingView]
    gaps: Sequence[FindingView]
    domains: Sequence[tuple[str, DomainView]]

    @classmethod
    def of(cls, number: int, audit: AuditView, view: View) -> "_Shown":
        reason = deciding(audit, view.words)
        return cls(
            id=f"audit-{number}",  # an audit's own id may hold anything
            audit=audit,
            change=_change(audit, view),
            because=reason.text,
            source=reason.source,
            adverse=[f for f in audit.findings if f.outcome in ADVERSE],
            gaps=[f for f in audit.findings if f.outcome == Outcome.NOT_ASSESSABLE],
            domains=[
                (domain.title, audit.domains[domain.id])
                for domain in view.words.domains
                if domain.id in audit.domains and audit.domains[domain.id].cap
            ],
        )


def _change(audit: AuditView, view: View) -> str:
    steps = wording.steps_lowered(view.words, audit.auditor_grade, audit.moderated_grade)
    if steps:
        return f"lowered by {wording.counted(steps, 'grade')}"
    if audit.moderated_grade is None:
        return "the auditor gave no overall grade"
    return "the auditor's grade stands"


def _chart(view: View) -> str:
    rows = [row[1:] for row in wording.grade_counts(view)]
    chart = Chart(
        name="grades",
        title="Overall grades before and after moderation",
        description=f"{'; '.join(_told(rows))}. The table after the chart holds the same numbers.",
        before="by auditors",
        after="moderated",
    )
    return bars(chart, [Pair(*row) for row in rows])


def _told(rows: Sequence[tuple[str, int, int]]) -> Iterator[str]:
    for title, before, after in rows:
        yield f"{title}: {before:,} by auditors, {after:,} moderated"
