"""The funnel: how far an auditor's mean gap may lie from the others' by chance alone.

A funnel plot stops the reading of a league table: few files, wide limits. Between the inner
limits (95 per cent) nothing is said; outside the outer ones (99.8 per cent) chance is a poor
explanation, and a conversation a good next step (Spiegelhalter, *Statistics in Medicine* 2005).
"""

from dataclasses import dataclass

import numpy as np

from engine.statistics.files import Files, Floats, Ints
from engine.statistics.interval import Z

OUTER = 3.090232306167813
"""standard errors that hold 99.8 of 100; `Z` of them hold 95"""


@dataclass(frozen=True)
class Funnel:
    """A point an auditor, and what the limits are made of.

    `gap` [auditors] weighted mean of auditor's grade less moderator's, nan without files;
    `moderated` [auditors] files; `centre` the mean gap of all files; `spread` the standard
    deviation of one file's gap about its auditor's mean, raised by what unequal weights cost.
    """

    gap: Floats
    moderated: Ints
    centre: float
    spread: float

    def limits(self, moderated: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """Return outer low, inner low, inner high, outer high (grades) for files above 0."""
        error = self.spread / np.sqrt(moderated)
        ends = (-OUTER, -Z, Z, OUTER)
        low, inner_low, inner_high, high = (self.centre + z * error for z in ends)
        return low, inner_low, inner_high, high


def funnel(files: Files, w: Floats, auditors: int) -> Funnel:
    """Return the funnel of `auditors` auditors; `w` [N] are the weights of the draw.

    spread² = Σ w (d - d̄_j)² / Σw x n / (n - J) x n Σw² / (Σw)², the last taken within auditors and
    weighted by their files; n files of J auditors. Grades; nan where no auditor has two files.
    Source: notes §6.4; Spiegelhalter, Statistics in Medicine 24, 2005.
    """
    used = (w > 0) & (files.auditor >= 0) & (files.audited > 0)
    auditor, weight = files.auditor[used], w[used]
    gap = (files.audited - files.moderated)[used].astype(np.float64)

    def total(values: Floats) -> Floats:
        return np.bincount(auditor, weights=values, minlength=auditors).astype(np.float64)

    n, size = total(np.ones_like(gap)), total(weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total(weight * gap) / size
        cost = n * total(weight**2) / size**2
    seen, free = n > 0, n.sum() - (n > 0).sum()
    within = (weight * (gap - mean[auditor]) ** 2).sum()
    spread = np.nan
    if free > 0:
        variance = within / weight.sum() * n.sum() / free
        spread = np.sqrt(variance * (cost[seen] * n[seen]).sum() / n.sum())
    centre = float((weight * gap).sum() / weight.sum()) if weight.size else np.nan
    return Funnel(mean, n.astype(np.int64), centre, float(spread))
