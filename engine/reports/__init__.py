"""Reports: one view holds every number of a run; the formats only draw it.

In: a `View`. Out: files in a folder that the caller made (and moves into place when all are
there), or lines for the screen (`engine.reports.screen`).
Adding a format is one file and one line in `FORMATS`. Nothing here computes a grade.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.reports.view import View

Writer = Callable[["View", Path], None]

# INVARIANT: a view of more audits than this holds none of them; what needs them is left out.
MOST_FOR_PEOPLE = 50_000


def _json(view: "View", folder: Path) -> None:
    from engine.reports import as_json  # every format is imported only by those who ask for it

    as_json.write(view, folder)


def _csv(view: "View", folder: Path) -> None:
    from engine.reports import as_csv

    as_csv.write(view, folder)


def _xlsx(view: "View", folder: Path) -> None:
    from engine.reports import as_xlsx

    as_xlsx.write(view, folder)


def _html(view: "View", folder: Path) -> None:
    from engine.reports import as_html

    as_html.write(view, folder)


FORMATS: Mapping[str, Writer] = {
    "json": _json,
    "csv": _csv,
    "xlsx": _xlsx,
    "html": _html,
}


def write(
    view: "View",
    folder: Path,
    names: Iterable[str],
    also: Mapping[str, Writer] | None = None,
    before: Callable[[str], None] = lambda _name: None,
) -> None:
    """Write the named formats into a folder; tell `before` each.

    `also` adds formats that are not drawn from a view alone (Parquet comes from the tables).
    `rejected.csv` is written whenever rows were put aside, whatever was asked for.
    """
    formats = {**FORMATS, **(also or {})}
    for name in names:
        before(name)
        formats[name](view, folder)
    if view.rejected:
        from engine.reports import as_csv
        from engine.reports.places import rejected_in_batch

        rows = rejected_in_batch(view.rejected, view.header.input)
        as_csv.write_rejected(rows, folder)
