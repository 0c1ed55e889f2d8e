"""States: small tuples of numbers that stand for many audits, each with its smallest witness.

In: steps, each a choice of what to add. Out: every state that can be reached, with the cheapest
way to reach it. It must not know what the numbers mean.

Every number of a state is combined in one of two ways: added up, no further than a largest
number, or the larger one taken. Both do not care in which order things are added, and what they
give depends on the two numbers alone. So of two ways to the same state the cheaper is enough to
keep, whatever is added later: the states kept are all there are, and their witnesses are smallest.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, NamedTuple, TypeVar

State = tuple[int, ...]
S = TypeVar("S")
T = TypeVar("T")
Cost = tuple[int, int]
"""What makes a case large: first the misses, then whatever else has to be said of it."""

FREE: Cost = (0, 0)


class Way(NamedTuple, Generic[T]):
    """A way to a state: what it costs and the choices made on it, as a tree."""

    cost: Cost
    choice: T | None = None
    before: tuple["Way[T]", ...] = ()

    def then(self, other: "Way[T]") -> "Way[T]":
        """Return both ways together."""
        if not other.before and other.choice is None:
            return self
        return Way(_plus(self.cost, other.cost), None, (self, other))

    def choices(self) -> Iterator[T]:
        """Yield every choice made on the way."""
        open_ = [self]
        while open_:
            way = open_.pop()
            if way.choice is not None:
                yield way.choice
            open_.extend(reversed(way.before))


Ways = Mapping[S, Way[T]]
"""Every state that can be reached, with the cheapest way to it."""


class Sums:
    """How states of one kind are combined: the largest number of each place, 0 for a maximum."""

    def __init__(self, largest: Iterable[int]) -> None:
        self.largest = tuple(largest)
        self.none: State = (0,) * len(self.largest)
        self._known: dict[tuple[State, State], State] = {}

    def add(self, one: State, other: State) -> State:
        """Return two states combined."""
        pair = (one, other)
        found = self._known.get(pair)
        if found is None:
            parts = zip(one, other, self.largest, strict=True)
            found = tuple([_added(*three) for three in parts])
            self._known[pair] = found
        return found

    def all_of(self, steps: Iterable[Ways[State, T]]) -> dict[State, Way[T]]:
        """Return every state that one choice of each step, all combined, can reach."""
        states: dict[State, Way[T]] = self.nothing()
        for step in steps:
            states = self.both(states, step)
        return states

    def nothing(self) -> dict[State, Way[T]]:
        """Return the one state that no step at all reaches."""
        return {self.none: Way(FREE)}

    def both(self, one: Ways[State, T], other: Ways[State, T]) -> dict[State, Way[T]]:
        """Return every state that a state of the one with a state of the other can reach."""
        found: dict[State, Way[T]] = {}
        for left, way in one.items():
            for right, more in other.items():
                keep_both(found, self.add(left, right), way, more)
        return found


def _added(one: int, other: int, most: int) -> int:
    both = one + other if most else max(one, other)
    return min(both, most) if both > most > 0 else both


def keep(found: dict[S, Way[T]], state: S, way: Way[T]) -> None:
    """Note a way to a state if it is the first or cheaper than the one that is known."""
    known = found.get(state)
    if known is None or way.cost < known.cost:
        found[state] = way


def keep_both(found: dict[S, Way[T]], state: S, way: Way[T], more: Way[T]) -> None:
    """Note two ways together, as `keep` does; most are dearer, and are never put together."""
    known = found.get(state)
    if known is None or _plus(way.cost, more.cost) < known.cost:
        found[state] = way.then(more)


def _plus(one: Cost, other: Cost) -> Cost:
    return (one[0] + other[0], one[1] + other[1])
