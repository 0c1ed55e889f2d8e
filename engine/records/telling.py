"""What is said of a batch as a whole: warnings, rows put aside, rows recorded too early.

In: a stage and its typed tables. Out: sorted problems.
"""

from collections.abc import Iterable, Iterator

from engine.errors import Location, Problem
from engine.records.stage import Stage
from engine.records.typed import Typed


def problems_of(stage: Stage, tables: Iterable[Typed]) -> tuple[Problem, ...]:
    """Return everything that is wrong with a batch, sorted by its place."""
    early = (problem for table in tables for problem in _early(table))
    return tuple(sorted({*stage.warnings, *stage.put_aside.problems(), *early}))


def _early(table: Typed) -> Iterator[Problem]:
    """Yield the first rows that were recorded before they happened, and how many more there are."""
    field = table.spec.dated[0] if table.spec.dated else ""
    for place, recorded, event in table.early.places:
        said = f"recorded on {recorded}, before it happened on {event}"
        yield Problem(place.at(field), "B105", said, warning=True)
    more = table.early.count - len(table.early.places)
    if more:
        part = table.early.places[0][0].part
        rows = f"{more:,} row{'s' if more > 1 else ''}"
        said = f"{rows} more of `{table.spec.name}` were recorded before they happened"
        yield Problem(Location(part.file, part.sheet), "B105", said, warning=True)
