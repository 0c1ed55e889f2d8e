"""Which files to moderate: a probability for every file, and a systematic draw by them.

In: columns of a batch and a budget. Out: inclusion probabilities above 0 and the files drawn.
Sizes are of the notes' "tiered, with minimum": never the N riskiest, from which no estimate of
the batch could be made afterwards.
"""

from dataclasses import dataclass

import numpy as np

from engine.statistics.files import Bools, Floats, Ints, Tier

TIER_SHARE = 0.4
"""the part of the budget that the certainty tier may take"""
FLOOR_SHARE = 0.4
"""the part of the average probability that nobody falls below"""
FILES_EACH = 2
"""files of every auditor that are drawn whatever their risk, where the budget allows"""
GAP = 2
"""grades above the record's own that put a file in the certainty tier"""
BEST = 4
"""the best grade, given by an auditor, is risky whatever the record says"""
_RISKY, _HARSH, _PLAIN = 3.0, 0.7, 1.0
_WHOLE = 1e-6
_LEFT, _RIGHT = np.uint64(40), np.uint64(24)


@dataclass(frozen=True)
class Plan:
    """How a batch is to be drawn: N rows, `inclusion` in (0, 1], `tier` a `Tier`."""

    inclusion: Floats
    tier: Ints


def plan(audited: Ints, evidence: Ints, auditor: Ints, broken: Bools, budget: int) -> Plan:
    """Return every file's inclusion probability; they add up to the budget, or to N if it is more.

    All arrays have N rows: `audited` and `evidence` grades from 1 (worst), 0 where there is none;
    `auditor` a number from 0, -1 where none is named (those files are one auditor's here);
    `broken` whether a cap is broken. Certainty tier: an auditor's grade that is two or more above
    the evidence, or breaks a cap; π = min(1, 0.4·n/n_tier), more only where all others are taken
    already. Others: π = min(1, floor + λ·size), floor = max(0.4·average, 2/N_j), λ such that
    Σπ = n; size 3 where the auditor is one above the evidence or gave the best of four grades,
    0.7 where harsher than the evidence, else 1. Floors that the budget cannot pay are scaled down
    together. Raises ValueError if the budget is below 1. Source: notes §4.1; π proportional to
    size: Särndal, Swensson & Wretman, Model Assisted Survey Sampling, 1992, §3.6.
    """
    if budget < 1:
        raise ValueError("a budget is at least one file")
    graded = audited > 0
    gap = np.where(graded & (evidence > 0), audited - evidence, 0)
    certain = graded & (broken | (gap >= GAP))
    tier = np.where(certain, Tier.CERTAINTY, Tier.OTHER).astype(np.int64)
    if budget >= len(audited):
        return Plan(np.ones(len(audited)), tier)
    inclusion = np.empty(len(audited))
    others = ~certain
    taken = _certainty(budget, int(certain.sum()), int(others.sum()))
    inclusion[certain] = taken
    rest = budget - taken * int(certain.sum())
    size = np.where((gap == 1) | (audited == BEST), _RISKY, _PLAIN)
    size = np.where(gap < 0, _HARSH, size)
    inclusion[others] = _others(size[others], auditor[others], rest)
    return Plan(inclusion, tier)


def _certainty(budget: int, certain: int, others: int) -> float:
    if not certain:
        return 0.0
    return min(1.0, max(TIER_SHARE * budget, budget - others) / certain)


def _others(size: Floats, auditor: Ints, rest: float) -> Floats:
    """Share what is left: a floor for each, and the remainder by size, none above 1."""
    if not len(size):
        return size
    files = np.bincount(auditor + 1)[auditor + 1]
    floor = np.maximum(FLOOR_SHARE * rest / len(size), np.minimum(1, FILES_EACH / files))
    floor *= min(1.0, rest / floor.sum())
    capped = np.zeros(len(size), dtype=np.bool_)
    while True:
        free = ~capped
        spare = rest - capped.sum() - floor[free].sum()
        each = floor + max(0.0, spare) / max(size[free].sum(), 1e-300) * size
        over = free & (each >= 1)
        if not over.any():
            return np.where(capped, 1.0, each)
        capped |= over


def draw(plan: Plan, auditor: Ints, seed: int) -> Bools:
    """Draw files systematically, and say which: N rows.

    Files are put in order by auditor, and at random within; a step of 1 from a random start runs
    along the cumulated π. So each file is drawn with its π, and the number drawn is the sum of π
    rounded down or up (the budget itself, which is whole). Random numbers are the raw stream of
    PCG64, which NumPy promises to keep. They go by row: the same seed draws the same files in any
    order of arrival only if the caller sorts them first, by audit id. Source: Madow, Annals of
    Mathematical Statistics 20, 1949.
    """
    raw = np.random.PCG64(seed).random_raw(len(auditor) + 1)
    start = float(raw[-1] >> np.uint64(11)) * 2.0**-53
    drawn = plan.inclusion >= 1
    # One number a file, auditor first and chance behind it, sorts four times as fast as two.
    order = np.argsort(((auditor + 1).astype(np.uint64) << _LEFT) | (raw[:-1] >> _RIGHT))
    order = order[~drawn[order]]
    reached = np.cumsum(plan.inclusion[order])
    if len(reached) and abs(reached[-1] - round(reached[-1])) < _WHOLE:
        reached[-1] = round(reached[-1])  # a budget is whole, whatever the sum's last digit says
    steps = np.floor(reached - start)
    drawn[order] = np.diff(steps, prepend=np.floor(-start)) > 0
    return drawn
