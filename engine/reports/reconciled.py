"""What was reconciled, as it is shown and written: screen, JSON, CSV and one workbook.

In: `Reconciled`. Out: lines for the screen, and rows. Nothing in a file is live in a spreadsheet.
It must not know how anything was counted.
"""

import csv
import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from engine.reports.as_csv import END, Cell, inert
from engine.reports.reconcile import Case, Kind, Line, Reconciled
from engine.reports.reconciled_book import write_book
from engine.reports.screen import shown
from engine.reports.wording import counted, outcome_title

SCHEMA = "audit-reconciled/1"
MOST_CASES = 20
COLUMNS = (
    "indicator", "standard", "title", "team", "period_start", "period_end", "extract_numerator",
    "extract_denominator", "extract_percent", "audits", "met", "partly_met", "not_met",
    "not_evidenced", "not_yet_due", "not_applicable", "not_assessable", "assessed",
    "audits_percent", "percent_low", "percent_high", "gap_points", "verdict", "children_compared",
    "children_agreeing", "cases",
)  # fmt: skip
CASES = (
    "indicator", "standard", "team", "audit_id", "child_id", "kind", "outcome", "because",
)  # fmt: skip
NOTE = (
    "A sample of audits is not the whole service: the range is the one in which the true share "
    "lies 95 times in 100 if the files were drawn by chance (Wilson's interval). Files that were "
    "chosen because of worries show less than the service does. A finding that cannot be assessed "
    "counts on neither side."
)


def screen(found: Reconciled, width: int) -> Iterator[str]:
    """Yield what is shown: each indicator with two figures, the gap and the cases behind it."""
    yield "What the performance extract says, and what the audits saw"
    for line in found.lines:
        yield ""
        yield from _block(line, width)
    yield ""
    if found.without_period:
        audits = counted(found.without_period, "audit")
        yield from _wrapped(
            f"{audits} of {found.audits:,} with neither a period nor a day: held against "
            "indicators without a period only.", width)  # fmt: skip
    yield from _wrapped(NOTE, width)


def _block(line: Line, width: int) -> Iterator[str]:
    one = line.indicator
    yield from _wrapped(shown(f"{one.name} ({one.standard}: {line.title})"), width)
    of = f" ({one.met:,} of {one.of:,})" if one.met is not None and one.of is not None else ""
    yield f"  {shown(_whom(line))}"
    yield f"  Extract   {_percent(one.share):>6}{of}"
    if line.share is None or line.low is None or line.high is None:
        yield f"  Audits         -  none of {counted(line.audits, 'audit')} can be assessed"
    else:
        ranged = f"range {_percent(line.low)} to {_percent(line.high)}"
        yield f"  Audits    {_percent(line.share):>6} ({line.met:,} of {line.assessed:,}), {ranged}"
        yield f"  Gap       {line.gap:>+6.1f} points"
    yield f"  So        {line.verdict}"
    yield from _beside(line, width)
    for case in line.cases[:MOST_CASES]:
        why = "" if case.kind is Kind.MISSED else f" [{case.kind}]"
        said = f"{case.audit_id}: {outcome_title(case.outcome)}. {case.because}{why}"
        yield from _wrapped(shown(said), width, "    ")
    if len(line.cases) > MOST_CASES:
        yield f"    ... and {len(line.cases) - MOST_CASES:,} more; --out writes all"


def _beside(line: Line, width: int) -> Iterator[str]:
    beside = [
        f"{line.counts[name]:,} {outcome_title(name).lower()}"
        for name in ("not_assessable", "not_yet_due", "not_applicable")
        if line.counts[name]
    ]
    if beside:
        yield from _wrapped(f"Beside these: {', '.join(beside)}.", width, "  ")
    if line.compared:
        yield from _wrapped(
            f"Of {counted(line.compared, 'audit')} whose child stands in the extract too, "
            f"the two agree on {line.agreeing:,}.", width, "  ")  # fmt: skip


def _whom(line: Line) -> str:
    one = line.indicator
    period = "any time"
    if one.period_start or one.period_end:
        period = f"{_day(one.period_start)} to {_day(one.period_end)}"
    return f"{one.team or 'All teams'}, {period}: {counted(line.audits, 'audit')}"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else "..."


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, max(width, 40), initial_indent=indent, subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
    )  # fmt: skip


def write(found: Reconciled, folder: Path, as_of: date) -> None:
    """Write `reconciled.json`, `reconciled.csv`, `cases.csv` and `reconciled.xlsx`."""
    rows, cases = [*map(_row, found.lines)], [_case(c) for line in found.lines for c in line.cases]
    _csv(folder / "reconciled.csv", COLUMNS, rows)
    _csv(folder / "cases.csv", CASES, cases)
    text = json.dumps(_object(found, as_of, rows, cases), ensure_ascii=False, indent=1)
    (folder / "reconciled.json").write_text(f"{text}\n", "utf-8", newline="\n")
    write_book(found, folder / "reconciled.xlsx", as_of, NOTE)


Row = Sequence[str | float | date | None]


def _row(line: Line) -> Row:
    one, counts = line.indicator, line.counts
    return (
        one.name, one.standard, line.title, one.team, one.period_start, one.period_end, one.met,
        one.of, _points(one.share), line.audits, line.met, counts["partly_met"], counts["not_met"],
        counts["not_evidenced"], counts["not_yet_due"], counts["not_applicable"],
        counts["not_assessable"], line.assessed, _points(line.share), _points(line.low),
        _points(line.high), None if line.gap is None else round(line.gap, 1), str(line.verdict),
        line.compared, line.agreeing, len(line.cases),
    )  # fmt: skip


def _points(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _case(case: Case) -> Row:
    return (
        case.indicator, case.standard, case.team, case.audit_id, case.child_id, str(case.kind),
        case.outcome, case.because,
    )  # fmt: skip


def _object(
    found: Reconciled, as_of: date, rows: Iterable[Row], cases: Iterable[Row]
) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "as_of": as_of.isoformat(),
        "audits": found.audits,
        "audits_without_period": found.without_period,
        "note": NOTE,
        "indicators": [_named(COLUMNS, row) for row in rows],
        "cases": [_named(CASES, row) for row in cases],
    }


def _named(names: Sequence[str], row: Row) -> dict[str, object]:
    cells = (cell.isoformat() if isinstance(cell, date) else cell for cell in row)
    return dict(zip(names, cells, strict=True))


def _csv(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator=END)
        writer.writerow(header)
        writer.writerows([_cell(cell) for cell in row] for row in rows)


def _cell(cell: str | float | date | None) -> Cell | float:
    return cell if isinstance(cell, float) else inert(cell)
