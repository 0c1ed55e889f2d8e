"""What `audit quality` prints: how full each table is, and what looks wrong, the worst first.

In: a `Quality` and what was put aside. Out: lines without line ends, ASCII of its own.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from engine.records.codes import CODES
from engine.reports import as_csv, quality
from engine.reports.error_summary import Known
from engine.reports.screen import shown, wrap
from engine.reports.wording import counted, long_date, percent

BAR = 20
EMPTIEST = 3
LISTED = 10
PLACES = 3


def full(known: Known, width: int) -> Iterator[str]:
    """Yield everything for a person."""
    told = known.quality
    yield from wrap(f"{quality.headline(told)} {quality.NOTE}", width)
    yield from wrap(f"As of {long_date(told.as_of)}.", width)
    yield ""
    yield from _tables(known, width)
    yield from _put_aside(known, width)
    for total in quality.totals(told):
        yield ""
        yield from _check(known, total, width)


def as_json(known: Known, _width: int) -> Iterator[str]:
    """Yield what `data_quality` of `results.json` is."""
    found = {"as_of": str(known.quality.as_of)} | quality.object_of(known.quality, known.name)
    yield json.dumps(found, ensure_ascii=False, indent=2)


def lines_csv(known: Known, _width: int) -> Iterator[str]:
    """Yield what `data_quality.csv` holds, without byte order mark or line ends."""
    rows: Iterable[Sequence[as_csv.Cell]] = quality.rows(known.quality, known.name)
    for row in (quality.ENTRY, *rows):
        text = io.StringIO()
        csv.writer(text, lineterminator=as_csv.END).writerow(map(as_csv.inert, row))
        yield text.getvalue().removesuffix(as_csv.END)


FORMATS: Mapping[str, Callable[[Known, int], Iterator[str]]] = {
    "full": full,
    "json": as_json,
    "csv": lines_csv,
}


def _tables(known: Known, width: int) -> Iterator[str]:
    yield "How full each table is (of the columns that the input has)"
    yield ""
    profile = known.quality.profile
    longest = max((len(one.table) for one in profile), default=0)
    for table, group in groupby(profile, key=lambda one: one.table):
        fields = list(group)
        filled, cells = sum(one.filled for one in fields), sum(one.rows for one in fields)
        whole = BAR * filled // cells if cells else 0
        share = f"[{'#' * whole}{'.' * (BAR - whole)}] {percent(filled, cells):>4}"
        said = f"{table:<{longest}} {fields[0].rows:>9,} rows {share}"
        gaps = sorted((one for one in fields if one.filled < one.rows), key=lambda one: one.filled)
        few = [f"{one.field} {percent(one.filled, one.rows)}" for one in gaps[:EMPTIEST]]
        yield from wrap(f"{said}  {', '.join(few)}".rstrip(), width, subsequent_indent=" " * 8)


def _put_aside(known: Known, width: int) -> Iterator[str]:
    if not known.rejected:
        return
    yield ""
    yield f"Rows put aside: {len(known.rejected):,}"
    codes = Counter((row.code, row.table) for row in known.rejected)
    for (code, table), number in sorted(codes.items()):
        said = f"  {code} {table}: {counted(number, 'row')}, {CODES[code]}"
        yield from wrap(said, width, subsequent_indent="    ")


def _check(known: Known, total: quality.Total, width: int) -> Iterator[str]:
    kind = "to be looked at" if total.check.query else "wrong"
    yield f"{total.check.code} {total.check.title}: {counted(total.entries, 'entry')}, {kind}"
    yield from wrap(f"  {total.check.advice}", width, subsequent_indent="  ")
    if total.in_outage:
        said = f"  {total.in_outage:,} of them during a declared outage of a system."
        yield from wrap(said, width, subsequent_indent="  ")
    entries = [one for one in known.quality.entries if one.check == total.name]
    for one in entries[:LISTED]:
        places = quality.place_texts(one, known.name)
        more = f" and {len(places) - PLACES} more" if len(places) > PLACES else ""
        where = f" ({', '.join(places[:PLACES])}{more})" if places else ""
        said = f"  {one.audit_id or '-'} {one.table}: {one.message}{where}"
        yield from wrap(shown(said), width, initial_indent="  ", subsequent_indent="      ")
    if left := total.entries - min(LISTED, len(entries)):
        yield f"  ... and {left:,} more (--out writes them)"
