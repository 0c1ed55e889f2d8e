"""The parts of a YAML tree, each with the place where it is written.

It knows neither how a tree is read (`source.py`) nor what it means.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple


class Mark(NamedTuple):
    """A place in a text; both count from 1."""

    line: int
    column: int


NONE: Mapping[Any, Any] = MappingProxyType({})


class Part(NamedTuple):
    """One value of the tree: where it starts and ends, its children and where their keys are.

    `file` is set where a part, its key and what is inside it come from another file than what
    holds it: an overlay's.
    """

    value: object
    start: Mark
    end: Mark
    children: Mapping[str | int, "Part"] = NONE
    keys: Mapping[str | int, Mark] = NONE
    file: str = ""


# A tree is thousands of these, and a named tuple that is called takes twice as long.
made_mark: Callable[[tuple[int, int]], Mark] = partial(tuple.__new__, Mark)
made_part: Callable[[tuple[Any, ...]], Part] = partial(tuple.__new__, Part)


class Found(NamedTuple):
    """What lies at a path, or as far along it as there is something: `depth` steps."""

    part: Part
    key: Mark
    depth: int
    file: str
