"""What the episodes of one child say: where the child lived, and when care began and ended.

An episode ends whenever the placement, the carer or the legal status changes. One that begins with
a new legal status alone (RNE `L`) and follows on in the same kind of place goes on with the
placement before it. Short breaks (legal status `V3`, `V4`) are no placement of a child in care.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.records.places import Place
from engine.records.readers.ssda903_tables import BREAKS, SAME_PLACE, STARTED


@dataclass(frozen=True)
class Episode:
    """One episode, as it is written, with the days that can be read."""

    place: Place
    start: str
    end: str
    new: str
    status: str
    where: str
    left: str
    first: date | None
    last: date | None

    @property
    def sound(self) -> bool:
        """Say whether its days can be read and follow one another."""
        if self.first is None or (self.end and self.last is None):
            return False
        return self.last is None or self.first <= self.last

    @property
    def is_break(self) -> bool:
        """Say whether it is a stay for a short break."""
        return self.status in BREAKS


@dataclass(frozen=True)
class Care:
    """The present or last time in care: when it began and ended, as far as the episodes say."""

    began: date | None = None
    ended: date | None = None


def placements(episodes: Sequence[Episode]) -> Iterator[Episode]:
    """Yield each placement with the first and the last day of the episodes that make it up."""
    held: Episode | None = None
    for episode in in_order(episodes):
        if episode.is_break:
            continue
        if not episode.sound:
            yield episode  # it is put aside where its days are read
        elif held and _goes_on(held, episode):
            held = replace(held, end=episode.end, last=episode.last)
        else:
            if held:
                yield held
            held = episode
    if held:
        yield held


def care(episodes: Sequence[Episode]) -> Care:
    """Return the present or last time in care."""
    found = Care()
    for episode in in_order(episodes):
        if episode.is_break or not episode.sound:
            continue
        if episode.new == STARTED:
            found = Care(episode.first)
        elif found.ended:
            found = Care()  # care began again, and the episodes do not say when
        if episode.last and episode.left.startswith("E"):
            found = replace(found, ended=episode.last)
    return found


def in_order(episodes: Sequence[Episode]) -> list[Episode]:
    """Return episodes in the order of their days, and of the file."""
    never = date.max
    return sorted(episodes, key=lambda e: (e.first or never, e.last or never, e.place.line))


def _goes_on(before: Episode, after: Episode) -> bool:
    """Say whether an episode only changes the legal status in the placement before it."""
    return (
        after.new == SAME_PLACE
        and before.last is not None
        and before.last == after.first
        and before.where == after.where
        and not before.left.startswith("E")
    )
