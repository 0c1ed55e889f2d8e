"""Places of a rule file that a person has still to fill in: they say `FILL`.

A source comes in; a problem for each such place goes out, with the comment that stands beside it.
"""

from collections.abc import Iterator

from engine.errors import Problem
from engine.rulebook.source import Source

FILL = "FILL"
CODES = {"R070": "a part of a new standard is still to be filled in"}

Path = tuple[str | int, ...]


def unfilled(source: Source) -> tuple[Problem, ...]:
    """Return a problem for each place that says `FILL`."""
    return tuple(sorted(_problem(source, path) for path in _paths(source.value, ())))


def _paths(value: object, path: Path) -> Iterator[Path]:
    # a tree is no deeper than YAML was allowed to be
    if value == FILL:
        yield path
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _paths(one, (*path, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _paths(one, (*path, place))


def _problem(source: Source, path: Path) -> Problem:
    place = source.at(path)
    name = next((part for part in reversed(path) if isinstance(part, str)), "this")
    _, _, told = source.line_text(place.line).rpartition("  # ")
    help_ = told if FILL not in told else ""
    return Problem(place, "R070", f"`{name}` is still to be filled in", help_)
