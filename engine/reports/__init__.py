"""Reports: one view holds every number of a run; the formats only draw it.

In: a `View`. Out: files in a folder that the caller made (and moves into place when all are
there), or lines for the screen (`engine.reports.screen`).
Adding a format is one file and one line in `FORMATS`. Nothing here computes a grade.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.reports import as_csv, as_html, as_json, as_xlsx
from engine.reports.view import View

Writer = Callable[[View, Path], None]


@dataclass(frozen=True)
class Format:
    """How a format is written, and the number of audits above which it is left out."""

    write: Writer
    most: int | None = None


MOST_FOR_PEOPLE = 50_000

FORMATS: Mapping[str, Format] = {
    "json": Format(as_json.write),
    "csv": Format(as_csv.write),
    "xlsx": Format(as_xlsx.write, MOST_FOR_PEOPLE),
    "html": Format(as_html.write, MOST_FOR_PEOPLE),
}


def write(
    view: View, folder: Path, names: Iterable[str], also: Mapping[str, Format] | None = None
) -> tuple[str, ...]:
    """Write the named formats into a folder; return those left out since the run is too large.

    `also` adds formats that are not drawn from a view alone (Parquet comes from the tables).
    `rejected.csv` is written whenever rows were put aside, whatever was asked for.
    """
    formats = {**FORMATS, **(also or {})}
    left_out = []
    for name in names:
        most = formats[name].most
        if most is not None and view.header.audits > most:
            left_out.append(name)
        else:
            formats[name].write(view, folder)
    if view.rejected:
        as_csv.write_rejected(view, folder)
    return tuple(left_out)
