"""A draw as entries of the ledger, and the ledger's entries as a draw.

In: a frame, what was ordered (budget, seed, moderators, which batch and rules), or entries. Out:
drafts of `Draw`, `Inclusions` in chunks, `Assigned`; or the draw that stands. It must not know
where the ledger is, nor what a workbook looks like.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from engine.moderation.assigning import Assignment, Moderator, assign
from engine.moderation.entries import Assigned, Body, Draft, Draw, Entry, Included, Inclusions
from engine.moderation.frame import Frame, FrameRow

CHUNK = 500
ID = 12
FAR = 2  # grades between the auditor's and the record's that make a file certain to be looked at
CERTAINTY, OTHER, ADDED = "certainty", "other", "added"


@dataclass(frozen=True)
class Ordered:
    """What a draw is ordered with."""

    budget: int
    seed: int
    moderators: tuple[Moderator, ...]
    input_hash: str
    rulebook_hash: str
    rulebook_version: str
    engine_version: str
    as_of: date


@dataclass(frozen=True)
class Sample:
    """A draw with all its audits and who moderates them; `new` is what is to be written of it."""

    draw: Draw
    included: Mapping[str, Included]
    first: Mapping[str, str] = field(default_factory=dict)
    second: Mapping[str, str] = field(default_factory=dict)

    @property
    def drawn(self) -> tuple[str, ...]:
        """Return the ids of the audits to be moderated, by id; those added by hand too."""
        return tuple(sorted(a for a, one in self.included.items() if one.drawn))

    @property
    def without(self) -> tuple[str, ...]:
        """Return the audits to be moderated that nobody has."""
        return tuple(audit for audit in self.drawn if audit not in self.first)

    @property
    def moderators(self) -> tuple[str, ...]:
        """Return everybody who has an audit or was named at the draw, by name."""
        return tuple(sorted({*self.draw.moderators, *self.first.values(), *self.second.values()}))

    def of(self, moderator: str) -> tuple[str, ...]:
        """Return the audits that a moderator has, first or second, by id."""
        turns = (self.first, self.second)
        return tuple(sorted(a for turn in turns for a, name in turn.items() if name == moderator))

    def loads(self) -> Counter[str]:
        """Return how many audits each moderator has in all."""
        return Counter(self.first.values()) + Counter(self.second.values())

    def given(self, assignment: Assignment) -> "Sample":
        """Return the sample with more audits given to moderators."""
        first, second = {**self.first, **assignment.first}, {**self.second, **assignment.second}
        return replace(self, first=first, second=second)


def draw_sample(frame: Frame, ordered: Ordered) -> tuple[Sample, Assignment]:
    """Draw a sample from a frame, and give what was drawn to moderators."""
    from engine.statistics.draw import draw, plan

    made = plan(frame.audited, frame.evidence, frame.auditor, frame.broken, ordered.budget)
    taken = draw(made, frame.auditor, ordered.seed)
    included: dict[str, Included] = {}
    for at, row in enumerate(frame.rows):
        tier = CERTAINTY if made.tier[at] else OTHER
        one = frame.included(row, float(made.inclusion[at]), tier, _why(row, frame))
        included[row.audit_id] = one.model_copy(update={"drawn": bool(taken[at])})
    sample = Sample(_draw(frame, ordered, sum(map(bool, taken))), included)
    rows = [frame.by_id[audit] for audit in sample.drawn]
    assignment = assign(rows, ordered.moderators, ordered.seed)
    return sample.given(assignment), assignment


def _draw(frame: Frame, ordered: Ordered, drawn: int) -> Draw:
    said = {
        "seed": ordered.seed,
        "budget": ordered.budget,
        "audits": len(frame),
        "drawn": drawn,
        "moderators": tuple(sorted(one.name for one in ordered.moderators)),
        "input_hash": ordered.input_hash,
        "rulebook_hash": ordered.rulebook_hash,
        "rulebook_version": ordered.rulebook_version,
        "engine_version": ordered.engine_version,
        "as_of": ordered.as_of,
    }
    if ids := ids_of(ordered.moderators):
        said["ids"] = ids
    text = json.dumps(said, sort_keys=True, default=str, separators=(",", ":"))
    id_ = hashlib.sha256(text.encode()).hexdigest()[:ID]
    return Draw.model_validate({**said, "draw": id_, "teams": teams_of(ordered.moderators)})


def ids_of(moderators: Iterable[Moderator]) -> dict[str, str]:
    """Return the ids that moderators have in the batch, by name, where they were given."""
    return {one.name: one.id for one in sorted(moderators) if one.id}


def teams_of(moderators: Iterable[Moderator]) -> dict[str, str]:
    """Return the teams of moderators, by name, where they were given."""
    return {one.name: one.team for one in sorted(moderators) if one.team}


def _why(row: FrameRow, frame: Frame) -> str:
    """Return why an audit has the probability that it has."""
    best = len(frame.grades)
    gap = (row.overall or 0) - (row.cap or best)
    if row.broken:
        return "the auditor's grade passes over a critical standard"
    if gap >= FAR:
        return "the auditor's grade is two or more above what the record allows"
    if gap == 1:
        return "the auditor's grade is one above what the record allows"
    if row.overall == best:
        return "the auditor gave the best grade"
    return "the auditor's grade is within what the record allows"


def add(frame: Frame, sample: Sample, audit_id: str, because: str) -> Sample:
    """Return the sample with an audit that a person wants looked at: certain, and never counted."""
    one = frame.included(frame.by_id[audit_id], 1.0, ADDED, because)
    added = one.model_copy(update={"drawn": True})
    return replace(sample, included={**sample.included, audit_id: added})


def drafts(
    sample: Sample,
    before: Sample | None,
    by: str,
    at: datetime,
    moderators: Sequence[Moderator] = (),
) -> Iterator[Draft]:
    """Yield what is to be written so that the ledger, which holds `before`, holds the sample.

    `moderators`: those who were named now, for what is known of them.
    """
    name = sample.draw.draw
    ids, teams = ids_of(moderators), teams_of(moderators)
    if before is None:
        yield Draft(sample.draw, by, at)
        planned = [one for one in sample.included.values() if one.tier != ADDED]
        for start in range(0, len(planned), CHUNK):
            audits = tuple(planned[start : start + CHUNK])
            yield Draft(Inclusions(draw=name, audits=audits), by, at)
    held = before or Sample(sample.draw, {})
    for audit, one in sample.included.items():
        if one.tier == ADDED and one != held.included.get(audit):
            yield Draft(Inclusions(draw=name, audits=(one,)), by, at, audit)
    for turn, now, then in _turns(sample, held):
        for audit in sorted(now.keys() - then.keys()):
            who = now[audit]
            known = {"moderator_id": ids.get(who, ""), "moderator_team": teams.get(who, "")}
            said = {"draw": name, "moderator": who, "turn": turn}
            body = Assigned.model_validate({**said, **known})
            yield Draft(body, by, at, audit)


def _turns(
    sample: Sample, held: Sample
) -> tuple[tuple[str, Mapping[str, str], Mapping[str, str]], ...]:
    return (("first", sample.first, held.first), ("second", sample.second, held.second))


def standing(entries: Iterable[Entry]) -> tuple[Sample, ...]:
    """Return the draws that stand in a ledger, in the order in which they were made."""
    found: dict[str, _Standing] = {}
    for entry in entries:
        body: Body = entry.body
        match body:
            case Draw():
                found[body.draw] = _Standing(body)
            case Inclusions() if body.draw in found:
                found[body.draw].included.update({one.audit_id: one for one in body.audits})
            case Assigned() if body.draw in found and entry.audit_id:
                held = found[body.draw]
                turn = held.first if body.turn == "first" else held.second
                turn[entry.audit_id] = body.moderator
            case _:
                pass
    return tuple(one.sample() for one in found.values())


@dataclass
class _Standing:
    draw: Draw
    included: dict[str, Included] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    second: dict[str, str] = field(default_factory=dict)

    def sample(self) -> Sample:
        return Sample(self.draw, self.included, self.first, self.second)


def tiers(sample: Sample) -> Sequence[tuple[str, int, int, float, float]]:
    """Return each tier with its files, how many were drawn, the lowest and the mean probability."""
    told = []
    for tier in (CERTAINTY, OTHER, ADDED):
        held = [one for one in sample.included.values() if one.tier == tier]
        if held:
            chances = [one.inclusion for one in held]
            drawn = sum(one.drawn for one in held)
            told.append((tier, len(held), drawn, min(chances), sum(chances) / len(chances)))
    return told
