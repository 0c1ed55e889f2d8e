"""What `audit score` prints: a table and a summary, or one line an audit, or data.

In: a view and the width of the terminal. Out: lines without line ends, to standard output.
It writes nothing but ASCII of its own and draws no boxes, so that screen readers and old code
pages can follow, and it says nothing by colour. It must not know what a terminal is.
"""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import zip_longest

from engine.reports import as_csv, as_json, quality
from engine.reports.summary import is_alert
from engine.reports.view import NO_GRADE, NOTHING, AuditView, View, Words
from engine.reports.wording import (
    PROPOSED_NOTE,
    ROUTE_TITLES,
    counted,
    grade_counts,
    grade_title,
    headline,
    percent,
    provenance,
    totals,
)
from engine.reports.worst import alert_text, deciding, worst

WIDTH = 100
MOST_ROWS = 50
MOST_LINES = 4
GAP = "  "
COMFORTABLE, NARROWEST = 40, 24  # widths of the reason: below these, columns shrink, then stack
MOST_GAPS = 5
MOST_CHECKS = 5
MOST_ALERTS = 20

Screen = Callable[[View, int], Iterator[str]]


def full(view: View, width: int = WIDTH) -> Iterator[str]:
    """Yield the table of audits, worst first, then the summary."""
    yield from _table(view, width)
    yield ""
    yield from _alerts(view, width)
    yield from figures(view, width)


def concise(view: View, _width: int = WIDTH) -> Iterator[str]:
    """Yield one line for each audit that is capped or contradicted, with the whole reason."""
    for audit in worst(view):
        yield shown(
            f"{audit.audit_id}: auditor {audit.auditor_grade or NO_GRADE} -> "
            f"moderated {_moderated(audit)} [{audit.route}] "
            f"because {deciding(audit, view.words).text}"
        )


def whole_json(view: View, _width: int = WIDTH) -> Iterator[str]:
    """Yield what `results.json` holds."""
    return as_json.lines(view)


def json_lines(view: View, _width: int = WIDTH) -> Iterator[str]:
    """Yield one JSON object an audit."""
    return (as_json.compact(audit, view.words) for audit in view.audits)


def whole_csv(view: View, _width: int = WIDTH) -> Iterator[str]:
    """Yield what `moderated.csv` holds."""
    return as_csv.lines(view)


FORMATS: Mapping[str, Screen] = {
    "full": full,
    "concise": concise,
    "json": whole_json,
    "jsonl": json_lines,
    "csv": whole_csv,
}


def closing(view: View) -> str:
    """Return the run in one line, for standard error beside `concise` and the data formats."""
    return f"{counted(view.header.audits, 'audit')} scored: {'; '.join(totals(view.summary))}."


def shown(text: str) -> str:
    r"""Return text on one line that cannot steer a terminal.

    >>> shown("a\n b\x1b[31m")
    'a b?[31m'
    """
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))


# --- the table -----------------------------------------------------------------------------------

HEADINGS = ("Audit", "Auditor's grade", "Moderated grade", "Next step", "Why")


def _table(view: View, width: int) -> Iterator[str]:
    rows = [_row(audit, view.words) for audit in worst(view, MOST_ROWS)]
    if not rows:
        yield "No audit is capped or contradicted."
        return
    yield from _wrap("Audits whose grade is capped or contradicted, worst first", width)
    yield ""
    yield from _columns(rows, width)
    left = view.summary.flagged - len(rows)
    if left > 0:
        yield ""
        told = f"... and {counted(left, 'more audit')}; --output-format concise lists all."
        yield from _wrap(told, width)


def _row(audit: AuditView, words: Words) -> tuple[str, ...]:
    return tuple(
        map(
            shown,
            (
                audit.audit_id,
                grade_title(words, audit.auditor_grade),
                _moderated_title(audit, words),
                ROUTE_TITLES[audit.route],
                deciding(audit, words).text,
            ),
        )
    )


def _columns(rows: Sequence[tuple[str, ...]], width: int) -> Iterator[str]:
    sizes = _sizes(rows, width)
    if sizes[-1] < NARROWEST:
        yield from _stacked(rows, width)
        return
    yield from _line(HEADINGS, sizes)
    yield from _line([size * "-" for size in sizes], sizes)
    for row in rows:
        yield from _line(row, sizes)


def _sizes(rows: Sequence[tuple[str, ...]], width: int) -> list[int]:
    """Fit columns to their cells, or to their longest words where the reason needs the room."""
    columns = list(zip(HEADINGS, *rows, strict=True))[:-1]
    whole = [max(map(len, column)) for column in columns]
    words = [max(len(word) for cell in column for word in cell.split()) for column in columns]
    gaps = len(GAP) * len(columns)
    fixed = whole if width - sum(whole) - gaps >= COMFORTABLE else words
    return [*fixed, width - sum(fixed) - gaps]


def _stacked(rows: Sequence[tuple[str, ...]], width: int) -> Iterator[str]:
    """Yield an audit as lines of its own, where columns would leave no room for the reason."""
    for number, row in enumerate(rows):
        yield from [""] * bool(number)
        for heading, cell in zip(HEADINGS, row, strict=True):
            yield from _cut(f"{heading}: {cell}", max(width, NARROWEST), indent=GAP)


def _line(cells: Sequence[str], sizes: Sequence[int]) -> Iterator[str]:
    """Yield a row of the table, as many lines as its longest cell takes."""
    wrapped = [_cut(cell, size) for cell, size in zip(cells, sizes, strict=True)]
    for parts in zip_longest(*wrapped, fillvalue=""):
        padded = (part.ljust(size) for part, size in zip(parts, sizes, strict=True))
        yield GAP.join(padded).rstrip()


def _cut(text: str, width: int, indent: str = "") -> list[str]:
    lines = _wrap(text, width, subsequent_indent=indent, max_lines=MOST_LINES, placeholder=" ...")
    return lines or [""]


# a date, or the id of a standard, is not broken at its hyphens
wrap = _wrap = partial(textwrap.wrap, break_on_hyphens=False)


def _alerts(view: View, width: int) -> Iterator[str]:
    audits = worst(view, MOST_ALERTS, is_alert)
    if not audits:
        return
    yield "Look at these files today"
    yield ""
    for audit in audits:
        for alert in audit.alerts:
            told = shown(f"{audit.audit_id}: {alert_text(alert)}")
            yield from _cut(told, width, indent=GAP)
    left = view.summary.alerts - len(audits)
    if left > 0:
        yield f"... and {counted(left, 'more audit')}"
    yield ""


def _moderated(audit: AuditView) -> str:
    if audit.moderated_grade is None and audit.cap is not None:
        return f"{NO_GRADE} (cap {audit.cap})"
    return audit.moderated_grade or NO_GRADE


def _moderated_title(audit: AuditView, words: Words) -> str:
    if audit.moderated_grade is None and audit.cap is not None:
        return f"No grade (cap: {grade_title(words, audit.cap)})"
    return grade_title(words, audit.moderated_grade)


# --- the summary ---------------------------------------------------------------------------------


def figures(view: View, width: int = WIDTH) -> Iterator[str]:
    """Yield the summary alone."""
    yield "Grades before and after"
    yield ""
    yield from _grades(view)
    yield ""
    for sentence in (headline(view), *(f"{text}." for text in totals(view.summary))):
        yield from _wrap(sentence, width)
    yield from _gaps(view, width)
    yield from _quality(view, width)
    if view.summary.put_aside:
        yield from _wrap("Rows put aside are in rejected.csv (with --out).", width)
    yield ""
    yield from _wrap(f"{provenance(view)} {PROPOSED_NOTE}", width)


def _quality(view: View, width: int) -> Iterator[str]:
    if view.quality == NOTHING:  # nobody looked
        return
    found = quality.totals(view.quality)
    yield ""
    yield from _wrap(f"Data quality: {quality.headline(view.quality)}", width)
    for one in found[:MOST_CHECKS]:
        first, *more = sorted(one.tables, key=lambda table: (-one.tables[table], table))
        where = f"{first} and {counted(len(more), 'more table')}" if more else first
        said = f"{one.check.code} {one.check.title}: {one.entries:,}, in {shown(where)}"
        yield from _cut(f"{GAP}{said}", width, indent=GAP * 2)
    if found:
        yield from _wrap("`audit quality` lists every entry with its place.", width)


def _grades(view: View) -> Iterator[str]:
    rows = grade_counts(view)
    total = sum(before for _, _, before, _ in rows)
    size = max(len(title) for _, title, _, _ in rows)
    yield f"{'Grade':<{size}}  {'Auditors':>15}  {'Moderated':>15}"
    for _, title, before, after in rows:
        yield f"{title:<{size}}  {_share(before, total)}  {_share(after, total)}"
    yield f"{'All':<{size}}  {_share(total, total)}  {_share(total, total)}"


def _share(number: int, total: int) -> str:
    return f"{number:>9,} {percent(number, total):>5}"


def _gaps(view: View, width: int) -> Iterator[str]:
    gaps = sorted(view.summary.data_gaps.items(), key=lambda item: (-item[1], item[0]))
    if gaps:
        told = [f"{standard} ({counted(n, 'audit')})" for standard, n in gaps[:MOST_GAPS]]
        rest = f" and {len(gaps) - MOST_GAPS} more" if len(gaps) > MOST_GAPS else ""
        yield from _wrap(f"Could not be assessed: {', '.join(told)}{rest}.", width)
