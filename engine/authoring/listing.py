"""The standards of a rulebook as a table: what each is, how much it counts, where it stands.

A rulebook and a day come in; rows go out, and the rows as text for a screen, as CSV or as JSON.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from engine.rulebook.book import Rulebook
from engine.rulebook.standard import Standard


@dataclass(frozen=True)
class Row:
    """One standard in the list; `version` is the day from which the version in force holds."""

    id: str
    title: str
    stage: str
    domain: str
    level: str
    severity: str
    bottom_line: str
    status: str
    version: str
    file: str


@dataclass(frozen=True)
class Wanted:
    """Which standards are listed: all where nothing is named."""

    stage: str | None = None
    level: str | None = None
    status: str | None = None

    def takes(self, row: Row) -> bool:
        """Say whether a row is wanted."""
        pairs = ((self.stage, row.stage), (self.level, row.level), (self.status, row.status))
        return all(wanted is None or wanted == found for wanted, found in pairs)


COLUMNS = tuple(Row.__dataclass_fields__)
SHOWN = ("id", "stage", "domain", "level", "severity", "bottom_line", "status", "version", "title")


def listing(rulebook: Rulebook, as_of: date, wanted: Wanted | None = None) -> tuple[Row, ...]:
    """Return the standards by stage and id, with the version in force on a day."""
    order = [stage.id for stage in rulebook.book.stages]
    rows = (_row(standard, rulebook, as_of) for standard in rulebook.standards)
    taken = (row for row in rows if wanted is None or wanted.takes(row))
    return tuple(sorted(taken, key=lambda row: (order.index(row.stage), row.id)))


def _row(standard: Standard, rulebook: Rulebook, as_of: date) -> Row:
    return Row(
        id=standard.id,
        title=standard.title,
        stage=rulebook.stage_of(standard),
        domain=standard.domain,
        level=str(standard.level),
        severity=str(standard.severity),
        bottom_line="yes" if standard.bottom_line else "no",
        status=standard.status,
        version=_in_force(standard, as_of),
        file=rulebook.file_of(standard),
    )


def _in_force(standard: Standard, as_of: date) -> str:
    versions = (v for branch in standard.branches() for v in standard.versions_of(branch))
    begun = [version.from_ for version in versions if version.from_ <= as_of]
    return max(begun).isoformat() if begun else ""


def full(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the rows as a table for a screen, and how many there are."""
    cells = [[getattr(row, name) for name in SHOWN] for row in rows]
    head = [name.replace("_", " ") for name in SHOWN]
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    for line in (head, *cells):
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(padded).rstrip()
    live = sum(row.status == "live" for row in rows)
    yield ""
    yield f"{len(rows)} standard{'' if len(rows) == 1 else 's'}, {live} of them live"


def as_csv(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the rows as CSV, with a header."""
    for line in (COLUMNS, *(tuple(asdict(row).values()) for row in rows)):
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow(line)
        yield text.getvalue()


def as_json(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the rows as a list of objects."""
    yield json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False)


FORMATS: dict[str, Callable[[Sequence[Row]], Iterator[str]]] = {
    "full": full,
    "csv": as_csv,
    "json": as_json,
}
