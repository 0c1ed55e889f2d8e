"""Who moderates what: first moderators for every drawn audit, second ones for a tenth.

In: the drawn audits (whose they are), the moderators, a seed. Out: who has which, and a problem for
each audit that nobody may have. Pure: the same in, the same out. It must not know the ledger.

Nobody has an audit that they audited, whose child they work with, or that is of their own team, so
far as the data says so. Loads are as even as these rules allow.
"""

import random
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.errors import Location, Problem
from engine.moderation.frame import FrameRow
from engine.moderation.people import person

SECOND_EVERY = 10  # of so many audits one has a second moderator
ENOUGH = 2  # moderators, for there to be a second


@dataclass(frozen=True, order=True)
class Moderator:
    """Somebody who moderates: their name, their team, and their id where they audit or hold cases.

    A name that is also an id in the batch is taken for that person.
    """

    name: str
    team: str = ""
    id: str = ""

    def may_have(self, row: FrameRow) -> bool:
        """Say whether the audit is neither their own nor of their own team."""
        return not self.why_not(row)

    def why_not(self, row: FrameRow) -> str:
        """Say why they may not have an audit; nothing where they may.

        >>> one = Moderator("Jo", "North")
        >>> one.why_not(FrameRow("A1", None, "north ", None, None, 3, None, False))
        'is of the same team'
        """
        own = {_key(self.name), _key(self.id)} - {""}
        if _key(row.auditor_id) in own:
            return "audited it"
        if _key(row.worker_id) in own:
            return "works with the child"
        same = _key(self.team) and _key(self.team) == _key(row.team)
        return "is of the same team" if same else ""


@dataclass(frozen=True)
class Assignment:
    """Who has which audit, by audit id, and why some have nobody."""

    first: Mapping[str, str]
    second: Mapping[str, str]
    problems: tuple[Problem, ...] = ()

    def loads(self) -> Counter[str]:
        """Return how many audits each moderator has in all."""
        return Counter(self.first.values()) + Counter(self.second.values())


def assign(
    rows: Iterable[FrameRow],
    moderators: Sequence[Moderator],
    seed: int,
    *,
    held: Mapping[str, int] | None = None,
    copies: bool = True,
) -> Assignment:
    """Give each audit to a moderator, and every tenth to a second one.

    `held`: how many audits moderators have already. `copies`: whether there are second ones.
    """
    ordered = sorted(rows, key=lambda row: row.audit_id)
    dealing = _Dealing(sorted(moderators), random.Random(f"assign {seed}"), held or {})
    first = dealing.even(ordered)
    problems = [nobody(row, moderators) for row in ordered if row.audit_id not in first]
    second: dict[str, str] = {}
    if copies and first and len(moderators) >= ENOUGH:
        wanted = -(-len(first) // SECOND_EVERY)
        second = dealing.seconds([row for row in ordered if row.audit_id in first], first, wanted)
        if len(second) < wanted:
            problems.append(_too_few(len(second), wanted))
    return Assignment(first, second, tuple(problems))


def nobody(row: FrameRow, moderators: Iterable[Moderator]) -> Problem:
    """Return the problem of an audit that no moderator may have."""
    whys = "; ".join(f"{one.name} {one.why_not(row)}" for one in sorted(moderators))
    said = f"nobody can moderate audit `{row.audit_id}`: {whys or 'no moderator is named'}"
    way_out = "give the same command again with a moderator of another team added"
    return Problem(Location("--moderator"), "M401", said, way_out, warning=True)


def _too_few(found: int, wanted: int) -> Problem:
    said = f"{found} of {wanted} second-moderator copies have a second moderator"
    way_out = "add moderators of other teams; agreement among moderators is shown for what there is"
    return Problem(Location("--moderator"), "M402", said, way_out, warning=True)


class _Dealing:
    """Deals audits to moderators, each to one who has fewest and may have it."""

    def __init__(
        self, moderators: Sequence[Moderator], draws: random.Random, held: Mapping[str, int]
    ) -> None:
        self.by_name = {one.name: one for one in moderators}
        self.loads = {one.name: held.get(one.name, 0) for one in moderators}
        self.draws = draws

    def even(self, rows: Sequence[FrameRow]) -> dict[str, str]:
        """Return the moderator of each audit; no other dealing has more even loads."""
        may = {r.audit_id: self._may_have(r) for r in rows}
        order = self.draws.sample(rows, len(rows))
        order.sort(key=lambda row: len(may[row.audit_id]))
        given: dict[str, str] = {}
        for row in order:
            if may[row.audit_id]:
                given[row.audit_id] = self._take(may[row.audit_id])
        while self._evened(given, may):
            pass
        return given

    def seconds(
        self, rows: Sequence[FrameRow], first: Mapping[str, str], wanted: int
    ) -> dict[str, str]:
        """Return the second moderator of some audits, taken at random."""
        found: dict[str, str] = {}
        for row in self.draws.sample(rows, len(rows)):
            may = [name for name in self._may_have(row) if name != first[row.audit_id]]
            if may:
                found[row.audit_id] = self._take(may)
            if len(found) == wanted:
                break
        return found

    def _may_have(self, row: FrameRow) -> list[str]:
        return [name for name, one in self.by_name.items() if one.may_have(row)]

    def _take(self, names: Sequence[str]) -> str:
        least = min(self.loads[name] for name in names)
        name = self.draws.choice([name for name in names if self.loads[name] == least])
        self.loads[name] += 1
        return name

    def _evened(self, given: dict[str, str], may: Mapping[str, Sequence[str]]) -> bool:
        """Pass audits on along a chain from one who has many to one who has two fewer or less."""
        for name in sorted(self.loads, key=lambda one: (-self.loads[one], one)):
            chain = self._chain(name, given, may)
            if chain:
                for audit_id, to in chain:
                    self.loads[given[audit_id]] -= 1
                    self.loads[to] += 1
                    given[audit_id] = to
                return True
        return False

    def _chain(
        self, start: str, given: Mapping[str, str], may: Mapping[str, Sequence[str]]
    ) -> list[tuple[str, str]]:
        reached: dict[str, list[tuple[str, str]]] = {start: []}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            if self.loads[here] <= self.loads[start] - 2:
                return reached[here]
            for audit_id in sorted(a for a, name in given.items() if name == here):
                for to in may[audit_id]:
                    if to not in reached:
                        reached[to] = [*reached[here], (audit_id, to)]
                        waiting.append(to)
        return []


def _key(text: str | None) -> str:
    return person(text or "")
