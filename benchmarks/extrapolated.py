"""What a run would have taken at a size that it was spared, by the sizes that it was not.

A start-up that costs the same whatever the size, and so much for each audit: a straight line
through the smallest run and the largest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from contenders import Contender
from measure import Taken

# how much longer this engine may take to read what people send than a peer may take in all
PATIENCE = 10


@dataclass(frozen=True)
class Cost:
    """How many audits were scored in how many seconds, on the wall and of the processors."""

    audits: int
    wall: float
    cpu: float


def cost_of(taken: Taken, size: int) -> Cost:
    """Return what the rounds of a contender took, by their medians."""
    return Cost(taken.audits or size, median(taken.wall), median(taken.cpu))


def at(size: int, known: Sequence[Cost]) -> Cost:
    """Return the cost at a larger size; `known` is in the order of sizes, and not empty."""
    first, last = known[0], known[-1]
    if last.audits == first.audits:
        first = Cost(0, 0.0, 0.0)  # nothing is known of the start-up: count it with the audits
    more = (size - last.audits) / (last.audits - first.audits)
    return Cost(
        size,
        last.wall + more * (last.wall - first.wall),
        last.cpu + more * (last.cpu - first.cpu),
    )


def borne(one: Contender, size: int, known: Sequence[Cost], seconds: float) -> bool:
    """Say whether a contender is run at a size, after what it took at smaller ones."""
    if one.most and size > one.most:
        return False
    if one.patient or len(known) < 2:
        return True
    return at(size, known).wall <= seconds * (1 if one.peer else PATIENCE)
