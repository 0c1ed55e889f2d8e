"""What is said of a batch: refusals and warnings as problems, each said once.

In: refusals and rows recorded early. Out: sorted problems. It must not know files or databases.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from engine.errors import Location, Problem
from engine.records.places import Refusal
from engine.records.typed import Typed


def problems_of(
    warnings: Iterable[Problem], refused: Sequence[Refusal], tables: Iterable[Typed]
) -> tuple[Problem, ...]:
    """Return everything that is wrong with a batch, sorted by its place."""
    said = [*warnings, *(problem for refusal in refused for problem in refusal.problems())]
    said += _taken_along(refused)
    said += (problem for table in tables for problem in _early(table))
    return tuple(sorted(set(said)))


def _taken_along(refused: Iterable[Refusal]) -> Iterator[Problem]:
    """Yield one problem for an audit put aside and a table of which it takes rows."""
    places: dict[tuple[str, str], list[Location]] = defaultdict(list)
    for refusal in refused:
        if refusal.quiet:
            places[refusal.audit_id, refusal.table].append(refusal.place.at())
    for (audit, table), rows in places.items():
        yield Problem(
            min(rows),
            "B405",
            f"audit `{audit}` was put aside and takes {_rows(len(rows))} of `{table}` with it",
            "put the audit right, and its rows are read",
        )


def _early(table: Typed) -> Iterator[Problem]:
    """Yield the first rows that were recorded before they happened, and how many more there are."""
    field = table.spec.dated[0] if table.spec.dated else ""
    for place, recorded, event in table.early.places:
        said = f"recorded on {recorded}, before it happened on {event}"
        yield Problem(place.at(field), "B105", said, warning=True)
    more = table.early.count - len(table.early.places)
    if more:
        part = table.early.places[0][0].part
        said = f"{_rows(more)} more of `{table.spec.name}` were recorded before they happened"
        yield Problem(Location(part.file, part.sheet), "B105", said, warning=True)


def _rows(count: int) -> str:
    return f"{count} row{'s' if count != 1 else ''}"
