"""How far auditors and moderators agree, from the estimated table of their grades.

The table is that of all files had every one been moderated, so what is said here agrees with
every other estimate of the report. Everything is a function of that one table, in the order in
which it is to be shown: direction and size first, coefficients last. A coefficient alone misleads
both ways: uniform over-grading by one grade still gives a weighted kappa of 0.5, and a batch where
nearly every file has one grade gives about 0 however well two people agree. No adjectives are
given to coefficients.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf, isnan

import numpy as np

from engine.statistics.coefficients import (
    Chance,
    Weighing,
    coefficient,
    cohen_chance,
    gradient,
    gwet_chance,
    scott_chance,
    small_sample,
    weights,
)
from engine.statistics.files import Bools, Floats, Ints
from engine.statistics.interval import Interval, normal, wilson

UNSEEN = 3.0
"""of n files none: the share is 3/n at most, 95 times in 100"""
FEW = 10
"""moderated files below which a share is hardly seen"""
NOTHING = 1e-12
"""a share or variance below it is nought: every file was moderated, or none differs"""


@dataclass(frozen=True)
class Agreement:
    """Statistics of the table in the order of display, each with its interval of 95 per cent.

    `mean_gap` in grades, above 0 where auditors are kinder than moderators; shares from 0 to 1;
    `over` is the share that auditors graded better than moderators, `under` worse. The three
    coefficients are nothing where they do not exist: all files have one grade.
    """

    mean_gap: Interval
    exact: Interval
    within_one: Interval
    over: Interval
    under: Interval
    weighted_kappa: Interval | None
    """Cohen's, quadratic weights"""
    ac2: Interval | None
    """Gwet's, quadratic weights"""
    alpha: Interval | None
    """Krippendorff's, interval metric"""


def agreement(table: Floats, covariance: Floats, n: float, seen: Ints | None = None) -> Agreement:
    """Return how far auditors (down) and moderators (across) agree.

    `table` [q, q] shares of all files, summing to 1; `covariance` [q², q²] that of the table's
    cells, row after row; `n` the moderated files that it rests on; `seen`
    [q, q] how many of those lie in each cell, as `crosstab` counts them.
    Standard errors are those of the delta method, √(d' V d) with d the numeric slope of the
    statistic by each cell. Shares have Wilson's interval with n_eff = p (1 - p) / variance, for
    the plain one fails near 0 and 1; the rest ± 1.96 standard errors, kept within their range.
    Where fewer than ten moderated files are in a share, or all but fewer than ten, n_eff is n at
    most, for predictions tell little of what was hardly seen; where none, it reaches to 3/n.
    Raises ValueError where the shapes do not fit. Source: notes §4.4 and §5.5; delta method:
    Särndal, Swensson & Wretman 1992, §5.5.
    """
    grades = len(table)
    if table.shape != (grades, grades) or covariance.shape != (grades**2, grades**2):
        raise ValueError("the table is square and the covariance is that of its cells")
    gap = np.subtract.outer(np.arange(grades), np.arange(grades)).astype(np.float64)
    share = partial(_share, table, covariance, n, seen)
    chance = partial(_coefficient, table, covariance)
    return Agreement(
        mean_gap=_mean(table, covariance, gap),
        exact=share(gap == 0),
        within_one=share(np.abs(gap) <= 1),
        over=share(gap > 0),
        under=share(gap < 0),
        weighted_kappa=chance(_of(cohen_chance, grades)),
        ac2=chance(_of(gwet_chance, grades)),
        alpha=chance(lambda t: small_sample(_of(scott_chance, grades)(t), max(n, 1))),
    )


def _of(chance: Chance, grades: int) -> Callable[[Floats], float]:
    w = weights(Weighing.QUADRATIC, grades)
    return lambda table: coefficient(table, w, chance)


def _variance(covariance: Floats, slope: Floats) -> float:
    along = slope.reshape(-1)
    return max(float(along @ covariance @ along), 0.0)


def _mean(table: Floats, covariance: Floats, gap: Floats) -> Interval:
    error, most = float(np.sqrt(_variance(covariance, gap))), len(table) - 1
    return normal(float((table * gap).sum()), error, -most, most)


def _share(
    table: Floats, covariance: Floats, n: float, seen: Ints | None, cells: Bools
) -> Interval:
    """Return the share of some cells; where it is nought or all, n stands for n_eff."""
    share = min(max(float(table[cells].sum()), 0.0), 1.0)
    variance, spread = _variance(covariance, cells.astype(np.float64)), share * (1 - share)
    if spread < NOTHING:
        return wilson(share, n)
    effective = spread / variance if variance > NOTHING else inf
    if seen is None or variance <= NOTHING:
        return wilson(share, effective)
    inside, outside = int(seen[cells].sum()), int(seen[~cells].sum())
    found = wilson(share, min(effective, n) if min(inside, outside) < FEW else effective)
    far = min(1.0, UNSEEN / max(n, 1))
    low = 0.0 if not inside else min(found.low, 1 - far) if not outside else found.low
    high = 1.0 if not outside else max(found.high, far) if not inside else found.high
    return Interval(share, low, high)


def _coefficient(
    table: Floats, covariance: Floats, function: Callable[[Floats], float]
) -> Interval | None:
    value = function(table)
    if isnan(value):
        return None
    return normal(value, float(np.sqrt(_variance(covariance, gradient(function, table)))), -1, 1)
