"""The statistics of a week: estimates for all files, agreement, and each auditor's leniency.

In: columns of the files that were in the draw. Out: intervals and counts. It must not know how
they will be said. What may be said below so many moderated files is decided here, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.reports.week.moderated import Columns
from engine.statistics.agreement import Agreement, agreement
from engine.statistics.consistency import Consistency, consistency
from engine.statistics.estimate import ENOUGH, joint_of
from engine.statistics.files import Files, Tier
from engine.statistics.funnel import Funnel, funnel
from engine.statistics.interval import Interval
from engine.statistics.leniency import Leniency, by_auditor
from engine.statistics.weights import sampled, weights

# Below so many nothing is estimated of a part of the batch: an auditor is "not enough yet" (§4.5).
FEWEST = 3
# Of a domain, a case type or a team nothing is estimated below so many: the intervals of fewer
# reach over more than half of the scale, and look like an answer all the same.
PART_FEWEST = 10


@dataclass(frozen=True)
class Estimated:
    """What is estimated of a set of files, had all of them been moderated.

    `at_least` the share of files at the bar or better (0 to 1); `gap` the mean of the auditors'
    grades less moderators' (grades); `shares` each grade's share, from the worst to the best, only
    where enough files were moderated; `moderated` how many files it rests on, `files` how many it
    is about; `said` the share at the bar or better in the auditors' own grades of the same files.
    """

    at_least: Interval
    gap: Interval
    shares: tuple[Interval, ...]
    moderated: int
    files: int
    said: float


@dataclass(frozen=True)
class TierRow:
    """A tier of the draw: files, drawn, moderated, mean probability, and found over-graded."""

    name: str
    files: int
    drawn: int
    done: int
    inclusion: float
    over: int


@dataclass(frozen=True)
class Matrix:
    """The auditors' grades down, moderators' across: numbers of moderated files.

    Files that a person added on suspicion are not in it.
    """

    counts: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> int:
        """Return how many files it holds."""
        return sum(map(sum, self.counts))

    def at(self, step: int) -> int:
        """Return the files whose auditor was so many grades above (below: negative) a moderator."""
        return sum(
            number
            for said, row in enumerate(self.counts)
            for found, number in enumerate(row)
            if said - found == step
        )


@dataclass(frozen=True)
class Auditors:
    """What is estimated of auditors, each in the order of their numbers."""

    leniency: Leniency
    funnel: Funnel
    consistency: Consistency


def estimated(
    columns: Columns, bar: int, chosen: Sequence[bool] | None = None, *, fewest: int = FEWEST
) -> Estimated | None:
    """Estimate a batch, or some audits of it; nothing where fewer than `fewest` were moderated."""
    files = columns.files
    rows = np.ones(len(files), dtype=np.bool_) if chosen is None else columns.rows(chosen)
    resting = rows & sampled(files)
    number = int(resting.sum())
    if number < fewest or not rows.any():
        return None
    found = columns.batch.estimate(rows)
    mean = float(files.audited[rows].mean())
    said = float((files.audited[rows] >= bar).mean())
    gap = Interval(mean - found.mean.value, mean - found.mean.high, mean - found.mean.low)
    shares = tuple(found.intervals) if number >= ENOUGH else ()
    return Estimated(found.at_least(bar), gap, shares, number, int(rows.sum()), said)


def agreed(columns: Columns) -> Agreement | None:
    """Return how auditors and moderators agree; nothing below `ENOUGH` moderated files."""
    if int(sampled(columns.files).sum()) < ENOUGH:
        return None
    found = joint_of(columns.batch)
    seen = np.asarray(matrix(columns.files).counts)
    return agreement(found.table, found.covariance, found.n, seen)


def matrix(files: Files) -> Matrix:
    """Count the moderated files by both grades."""
    rows = sampled(files)
    table = np.zeros((files.grades, files.grades), dtype=np.int64)
    np.add.at(table, (files.audited[rows] - 1, files.moderated[rows] - 1), 1)
    return Matrix(tuple(tuple(int(n) for n in row) for row in table))


def tiers(files: Files) -> tuple[TierRow, ...]:
    """Return a row for each tier that has files."""
    names = {Tier.CERTAINTY: "certainty", Tier.OTHER: "other", Tier.ADDED: "added"}
    rows = []
    for tier, name in names.items():
        own = files.tier == tier
        if not own.any():
            continue
        done = own & (files.moderated > 0)
        over = done & (files.moderated < files.audited)
        drawn = own & (files.drawn | (files.tier == Tier.ADDED))
        mean = float(files.inclusion[own].mean())
        rows.append(
            TierRow(name, int(own.sum()), int(drawn.sum()), int(done.sum()), mean, int(over.sum()))
        )
    return tuple(rows)


def auditors(columns: Columns, number: int) -> Auditors | None:
    """Return figures of each auditor; nothing where too few files were moderated at all."""
    files = columns.files
    if number == 0 or int(sampled(files).sum()) < FEWEST:
        return None
    w = weights(files)
    return Auditors(
        leniency=by_auditor(files, number),
        funnel=funnel(files, w, number),
        consistency=consistency(files, w, number),
    )
