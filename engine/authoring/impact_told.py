"""An impact on screen, in Markdown for a pull request, as JSON and as CSV.

An `Impact` comes in, lines go out; for CSV every audit that changes, as it is found.
"""

import csv
import io
import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from engine.authoring import impact_words as words
from engine.authoring.impact import ByStandard, Changed, Counts, Impact, Side
from engine.reports.as_csv import Cell, inert
from engine.reports.books import books_as_data
from engine.reports.screen import shown as visible
from engine.reports.wording import counted

SCHEMA = "rules-impact/1"
WIDTH = 100
MOST_TEAMS = 30
COLUMNS = ("audits", "worse", "better", "caps", "routes", "alerts_new", "alerts_gone")
HEADINGS = (
    "Audits", "Grade worse", "Grade better", "Cap", "Next step", "New alert", "Alert gone",
)  # fmt: skip
CSV = (
    "audit_id", "team", "auditor_grade",
    "moderated_before", "moderated_now", "cap_before", "cap_now",
    "route_before", "route_now", "alert_before", "alert_now",
    "findings", "rules_new", "rules_gone",
)  # fmt: skip


def full(impact: Impact) -> Iterator[str]:
    """Yield the impact for a screen."""
    yield "What the edit would do"
    yield ""
    for sentence in (
        words.headline(impact),
        *words.totals(impact),
        *words.differences(impact.edits),
    ):
        yield from _wrapped(sentence)
    if impact.total.changed or impact.findings_changed:
        yield from _titled("Moderated grades, from (down) to (across)", _grades(impact))
    if impact.total.changed:
        yield from _titled("By team", _teams(impact))
        yield from _wrapped(_teams_left(impact))
    if impact.by_standard:
        yield from _titled("By standard", _standards(impact))
    if impact.shown:
        yield ""
        yield "Audits that change, those that change most first"
        for one in impact.shown:
            yield from _audit(impact, one)
        yield from _wrapped(words.left_out(impact))
    yield ""
    for sentence in (*words.books(impact), *words.scored(impact)):
        yield from _wrapped(sentence)


def _titled(title: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield ""
    yield title
    yield ""
    yield from _columns(tuple(rows))


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows whose numbers stand under their headings; the first column is words."""
    sizes = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *rest = row
        cells = [cell.rjust(size) for cell, size in zip(rest, sizes[1:], strict=True)]
        yield "  ".join((first.ljust(sizes[0]), *cells)).rstrip()


def _grades(impact: Impact) -> Iterator[Sequence[str]]:
    grades = words.grade_rows(impact)
    yield ("", *(words.grade(impact, grade) for grade in grades))
    for before in grades:
        numbers = (impact.grades.get((before, now), 0) for now in grades)
        yield (words.grade(impact, before), *(f"{n:,}" if n else "." for n in numbers))


def _teams(impact: Impact) -> Iterator[Sequence[str]]:
    yield ("Team", *HEADINGS)
    for team, counts in _changed_teams(impact)[:MOST_TEAMS]:
        numbers = (getattr(counts, column) for column in COLUMNS)
        yield (visible(team) or "No team", *(f"{n:,}" for n in numbers))


def _changed_teams(impact: Impact) -> list[tuple[str, Counts]]:
    """Return the teams in which an audit changes, those with most other grades first."""
    changed = [(team, counts) for team, counts in impact.by_team.items() if counts.changed]
    return sorted(changed, key=lambda one: (-one[1].worse - one[1].better, -one[1].changed, one[0]))


def _teams_left(impact: Impact) -> str:
    left = len(_changed_teams(impact)) - MOST_TEAMS
    return f"{counted(left, 'more team')}: --output-format json lists all." if left > 0 else ""


def _standards(impact: Impact) -> Iterator[Sequence[str]]:
    yield ("Standard", "Findings", "In audits with another grade")
    for one in impact.by_standard:
        yield (f"{one.standard} {_turned(one)}", f"{one.total:,}", f"{one.graded:,}")


def _turned(one: ByStandard) -> str:
    return "; ".join(
        f"{number:,} {words.turned(before, now)}" for (before, now), number in one.turned.items()
    )


def _audit(impact: Impact, one: Changed) -> Iterator[str]:
    yield ""
    team = f" ({one.team})" if one.team else ""
    yield from _wrapped(visible(f"{one.audit_id}{team}: {'; '.join(words.steps(impact, one))}"))
    for finding in one.findings:
        yield from _wrapped(visible(words.finding(finding)), "  ")
    for rule in words.rules(impact, one):
        yield from _wrapped(visible(rule), "  ")


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False
    )


# --- Markdown ------------------------------------------------------------------------------------


def markdown(impact: Impact) -> Iterator[str]:
    """Yield the impact for the conversation of a pull request."""
    yield "### What this edit does to grades"
    yield ""
    yield f"**{words.headline(impact)}**"
    yield ""
    for sentence in (*words.totals(impact), *words.differences(impact.edits)):
        yield f"- {_cell(sentence)}"
    if impact.total.changed or impact.findings_changed:
        yield ""
        yield "Moderated grades, from (down) to (across):"
        yield from _table(_grades(impact))
    if impact.total.changed:
        left = [line for line in ("", _teams_left(impact)) if _teams_left(impact)]
        yield from _details("By team", (*_table(_teams(impact)), *left))
    if impact.by_standard:
        yield from _details("By standard", _table(_standards(impact)))
    if impact.shown:
        title = counted(len(impact.shown), "audit") + ", those that change most first"
        yield from _details(title, _audits(impact))
    yield ""
    said = " ".join((*words.books(impact), *words.scored(impact)))
    yield f"<sub>{_cell(said)}</sub>"


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield ""
    for number, row in enumerate(rows):
        yield f"| {' | '.join(map(_cell, row))} |"
        if not number:
            yield f"|{'---|' + '--:|' * (len(row) - 1)}"


def _details(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"


def _audits(impact: Impact) -> Iterator[str]:
    for one in impact.shown:
        team = f" ({_cell(one.team)})" if one.team else ""
        yield f"- **{_cell(one.audit_id)}**{team}: {_cell('; '.join(words.steps(impact, one)))}"
        reasons = (*map(words.finding, one.findings), *words.rules(impact, one))
        yield from (f"  - {_cell(reason)}" for reason in reasons)
    if left := words.left_out(impact):
        yield ""
        yield left


# what Markdown or HTML would take for its own
_ESCAPED = str.maketrans({c: f"\\{c}" for c in "\\|*_[]<>#~"} | {"&": "&amp;"})


def _cell(text: str) -> str:
    return visible(text).translate(_ESCAPED).replace("-\\>", "→")


# --- data ----------------------------------------------------------------------------------------


def as_json(impact: Impact) -> Iterator[str]:
    """Yield the impact as JSON: all counts, and the audits that are shown with their reasons."""
    held = {
        "schema": SCHEMA,
        "as_of": impact.as_of.isoformat(),
        "before": _side(impact.before),
        "now": _side(impact.now),
        "edits": asdict(impact.edits),
        "total": asdict(impact.total),
        "findings_changed": impact.findings_changed,
        "findings_alone": impact.findings_alone,
        "grades": [
            {"before": before, "now": now, "audits": number}
            for (before, now), number in impact.grades.items()
        ],
        "by_team": {team: asdict(counts) for team, counts in impact.by_team.items()},
        "by_standard": [_standard(one) for one in impact.by_standard],
        "shown": len(impact.shown),
        "audits": [asdict(one) for one in impact.shown],
    }
    yield from json.dumps(held, ensure_ascii=False, indent=2).splitlines()


def _side(side: Side) -> dict[str, object]:
    """Return a rulebook without where its folders lie: a result never tells that."""
    return asdict(side) | {"books": books_as_data(side.books)}


def _standard(one: ByStandard) -> dict[str, object]:
    turned = [
        {"before": before or None, "now": now or None, "findings": number}
        for (before, now), number in one.turned.items()
    ]
    return {
        "standard": one.standard,
        "findings": one.total,
        "in_audits_with_another_grade": one.graded,
        "turned": turned,
    }


def as_csv(changed: Iterable[Changed]) -> Iterator[str]:
    """Yield every audit that changes as a line of CSV."""
    yield _csv(CSV)
    for one in changed:
        before, now = one.before, one.now
        yield _csv(
            (
                one.audit_id, one.team, one.auditor_grade,
                before.moderated, now.moderated, before.cap, now.cap,
                before.route, now.route, before.alert, now.alert,
                "; ".join(f"{f.standard} {words.turned(f.before, f.now)}" for f in one.findings),
                "; ".join(f"{f.scope}: {f.rule}" for f in one.rules),
                "; ".join(f"{f.scope}: {f.rule}" for f in one.rules_gone),
            )
        )  # fmt: skip


def _csv(cells: Sequence[Cell]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(map(inert, cells))
    return text.getvalue()


FORMATS: Mapping[str, Callable[[Impact], Iterator[str]]] = {
    "full": full,
    "markdown": markdown,
    "json": as_json,
}
