"""The report that council analysts know: an Error Summary and a Child Summary.

In: a batch's data quality, the rows put aside, warnings, and the child of each audit. Out: rows of
text for `errors.xlsx`, `error_summary.csv` and `child_summary.csv`; the same row stands once.
Layout: the columns of the validators of the national returns (Data to Insight). Their codes and
texts are not used: codes are ours, B for what was put aside or warned of, Q for data quality.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import Location, Problem
from engine.records.batch import Rejected
from engine.records.codes import CODES
from engine.records.quality import CHECKS, Quality, check_of
from engine.reports.as_csv import write_table
from engine.reports.places import in_batch, rejected_in_batch

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

NAME = "errors.xlsx"
ERROR_SUMMARY: Mapping[str, int] = {
    "Code": 10,
    "Error Count": 13,
    "Error Description": 60,
    "Affected Fields": 44,
}
CHILD_SUMMARY: Mapping[str, int] = {
    "Child": 14,
    "Affected Table": 18,
    "Error Row": 11,
    "Error Code": 12,
    "Error Description": 44,
    "Error Fields": 20,
    "Affected Values": 28,
    "Locator Hints": 90,
    "Errors for Child": 16,
    "Errors of Type": 16,
}
STYLE = "Table Style Medium 9"
MOST_ROWS = 1_000_000  # a sheet of a workbook holds 1,048,576
MOST_CHARACTERS = 32_000
_NUMBER = re.compile(r"[0-9]+$")


@dataclass(frozen=True, order=True)
class Error:
    """One row of the Child Summary, before anything is counted."""

    child: str
    table: str
    row: int
    code: str
    description: str
    field: str
    values: str
    hints: str


@dataclass(frozen=True)
class Report:
    """Both summaries; `more` counts, by code, what is not listed child by child."""

    errors: tuple[Error, ...]
    more: Mapping[str, int]

    def error_summary(self) -> Iterator[tuple[str, int, str, str]]:
        """Yield one row a code, by code."""
        counts = Counter(self.more)
        fields: dict[str, set[str]] = defaultdict(set)
        for one in self.errors:
            counts[one.code] += 1
            fields[one.code] |= {one.field} - {""}
        for code in sorted(counts):
            yield code, counts[code], describe(code), ", ".join(sorted(fields[code]))

    def child_summary(self) -> Iterator[tuple[str | int, ...]]:
        """Yield one row an error, by child, table and row."""
        children = Counter(one.child for one in self.errors)
        kinds = Counter(self.more) + Counter(one.code for one in self.errors)
        cells = attrgetter(*Error.__dataclass_fields__)
        for one in self.errors:
            yield (*cells(one), children[one.child], kinds[one.code])


@dataclass(frozen=True)
class Known:
    """What is said of a batch: its name, its quality, rows put aside, warnings, children."""

    name: str
    quality: Quality
    rejected: Sequence[Rejected]
    problems: Sequence[Problem]
    children: Mapping[str, str]


def report(known: Known) -> Report:
    """Return the report of a batch."""
    found = {*_rejected(known), *_warnings(known), *_entries(known)}
    listed = Counter((one.check, one.table) for one in known.quality.entries)
    more: Counter[str] = Counter()
    for one in known.quality.counts:
        more[check_of(one.check).code] += max(0, one.entries - listed[one.check, one.table])
    return Report(tuple(sorted(found)), {code: n for code, n in more.items() if n})


def describe(code: str) -> str:
    """Return what a code means.

    >>> describe("Q001"), describe("B404")
    ('Impossible date', 'An end lies before its start')
    """
    titles = {check.code: check.title for check in CHECKS.values()}
    text = titles.get(code) or CODES.get(code) or check_of(code).title
    return text[:1].upper() + text[1:]


def write(made: Report, folder: Path, version: str, as_of: date) -> None:
    """Write `errors.xlsx`, `error_summary.csv` and `child_summary.csv`; nothing in them is live."""
    from xlsxwriter.workbook import Workbook

    write_table(folder / "error_summary.csv", tuple(ERROR_SUMMARY), made.error_summary())
    write_table(folder / "child_summary.csv", tuple(CHILD_SUMMARY), made.child_summary())
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    said = f"Made by practice-audit {version}, as of {as_of}."
    with Workbook(folder / NAME, options) as book:
        created = datetime.combine(as_of, time(), UTC).replace(tzinfo=None)
        book.set_properties({"title": "Errors and queries", "comments": said, "created": created})
        last = _sheet(book, "Error Summary", ERROR_SUMMARY, made.error_summary())
        book.get_worksheet_by_name("Error Summary").write_string(last + 2, 0, said)
        _sheet(book, "Child Summary", CHILD_SUMMARY, made.child_summary())


def _sheet(
    book: "Workbook", name: str, columns: Mapping[str, int], rows: Iterable[Sequence[str | int]]
) -> int:
    """Write a sheet as an Excel Table; return its last row. An empty one keeps its headings."""
    sheet = book.add_worksheet(name)
    last = 1
    for last, cells in enumerate(rows, start=1):
        if last > MOST_ROWS:
            break
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(last, column, cell)
            else:
                sheet.write_string(last, column, cell[:MOST_CHARACTERS])
    for column, width in enumerate(columns.values()):
        sheet.set_column(column, column, width)
    headers = [{"header": heading} for heading in columns]
    table = {"name": name.replace(" ", "_"), "style": STYLE, "columns": headers}
    sheet.add_table(0, 0, min(last, MOST_ROWS), len(columns) - 1, table)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    return last


def _rejected(known: Known) -> Iterator[Error]:
    for row in rejected_in_batch(known.rejected, known.name):
        place = ", ".join(part for part in (row.file, row.sheet, row.place) if part)
        line = _NUMBER.search(row.place.partition(":")[0])
        yield Error(
            known.children.get(row.audit_id, row.audit_id),
            row.table,
            int(line.group()) if line else 0,
            row.code,
            describe(row.code),
            "",
            row.row,
            f"{place}: {row.reason}",
        )


def _warnings(known: Known) -> Iterator[Error]:
    for one in known.problems:
        if one.warning:
            where = in_batch(one.location, known.name)
            hints = f"{where}: {one.message}"
            row = _line(where)
            yield Error("", where.sheet, row, one.code, describe(one.code), "", "", hints)


def _entries(known: Known) -> Iterator[Error]:
    for one in known.quality.entries:
        places = [in_batch(place, known.name) for place in one.places]
        code = check_of(one.check).code
        hints = "; ".join(map(str, places))
        yield Error(
            known.children.get(one.audit_id, one.audit_id),
            one.table,
            _line(places[0]) if places else 0,
            code,
            check_of(one.check).title,
            one.field,
            "; ".join(one.values),
            f"{hints}: {one.message}" if hints else one.message,
        )


def _line(where: Location) -> int:
    found = _NUMBER.search(where.cell)
    return int(found.group()) if found else where.line
