"""Chance-corrected agreement of two ratings of the same files, from their table.

All of them are (Pa - Pe) / (1 - Pe): what agrees, less what would agree by chance; they differ in
what they call chance. A table has a row and a column for every grade there is, used or not: a
grade that nobody gave is a row of zeros, never left out, for leaving it out moves the others
closer together and changes every weighted coefficient.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import nan

import numpy as np

from engine.statistics.files import Floats, Ints

CERTAIN = 1 - 1e-12
"""chance agreement from here on leaves nothing to be explained: the coefficient does not exist"""
STEP = 1e-6
"""of the numeric gradient; the functions are smooth and their arguments lie between 0 and 1"""


@dataclass(frozen=True)
class Coefficient:
    """A coefficient and its standard error; both are nan where it does not exist.

    It does not exist where chance alone would agree on every file: all have one grade.
    """

    value: float
    error: float


class Weighing(StrEnum):
    """How much two grades agree: 1 for the same, 0 for the furthest apart."""

    NOMINAL = "nominal"
    """1 or 0: a miss is a miss"""
    LINEAR = "linear"
    """1 - |i - j| / (q - 1)"""
    QUADRATIC = "quadratic"
    """1 - (i - j)² / (q - 1)²"""


Chance = Callable[[Floats, Floats, Floats], float]
"""rows' shares [q], columns' shares [q], weights [q, q] → the agreement expected by chance"""


def weights(weighing: Weighing, grades: int) -> Floats:
    """Return the weights of agreement [grades, grades].

    >>> weights(Weighing.LINEAR, 3)[0].tolist()
    [1.0, 0.5, 0.0]
    """
    if weighing is Weighing.NOMINAL:
        return np.eye(grades)
    apart = np.abs(np.subtract.outer(np.arange(grades), np.arange(grades))) / max(grades - 1, 1)
    return np.asarray(1 - (apart if weighing is Weighing.LINEAR else apart**2), dtype=np.float64)


def cohen_chance(rows: Floats, columns: Floats, w: Floats) -> float:
    """Each rater keeps to own habits (Cohen 1960, 1968)."""
    return float(rows @ w @ columns)


def scott_chance(rows: Floats, columns: Floats, w: Floats) -> float:
    """Both raters share one habit, the mean of theirs (Scott 1955)."""
    both = (rows + columns) / 2
    return float(both @ w @ both)


def gwet_chance(rows: Floats, columns: Floats, w: Floats) -> float:
    """Only files that are hard to grade are graded by chance (Gwet 2008; AC1, weighted AC2)."""
    both = (rows + columns) / 2
    grades = len(both)
    return float(w.sum() / (grades * (grades - 1)) * (both * (1 - both)).sum())


def even_chance(rows: Floats, columns: Floats, w: Floats) -> float:  # noqa: ARG001 - a `Chance`
    """Every grade is as likely as any other (Brennan and Prediger 1981)."""
    return float(w.sum() / len(rows) ** 2)


def coefficient(shares: Floats, w: Floats, chance: Chance) -> float:
    """Return (Pa - Pe) / (1 - Pe) of a table of shares [q, q] that sum to 1; nan where Pe is 1."""
    expected = chance(shares.sum(axis=1), shares.sum(axis=0), w)
    if not expected < CERTAIN:
        return nan
    return (float((shares * w).sum()) - expected) / (1 - expected)


def gradient(function: Callable[[Floats], float], at: Floats) -> Floats:
    """Return the slope of a function at a point by central differences, in the point's shape."""
    slope = np.empty_like(at)
    for place in np.ndindex(at.shape):
        above, below = at.copy(), at.copy()
        above[place] += STEP
        below[place] -= STEP
        slope[place] = (function(above) - function(below)) / (2 * STEP)
    return slope


def crosstab(first: Ints, second: Ints, grades: int) -> Ints:
    """Count two ratings of the same files: a table [grades, grades], the first one down.

    Grades count from 1; a file without one of the two (0) is left out. Unused grades stay.

    >>> crosstab(np.array([1, 4, 4, 0]), np.array([1, 2, 4, 3]), 4).tolist()
    [[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 1]]
    """
    both = (first > 0) & (second > 0)
    table = np.zeros((grades, grades), dtype=np.int64)
    np.add.at(table, (first[both] - 1, second[both] - 1), 1)
    return table


def from_counts(counts: Ints, weighing: Weighing, chance: Chance) -> Coefficient:
    """Return a coefficient of n files counted in a table [q, q], with its standard error.

    The error is that of the delta method under multinomial sampling, √(Σp d² - (Σp d)²) / √n with
    d the slope of the coefficient by each cell. For Cohen's kappa, weighted or not, that is the
    ASE of Fleiss, Cohen and Everitt (1969), as statistical packages print it.
    """
    w, n = weights(weighing, len(counts)), int(counts.sum())
    shares = counts / max(n, 1)
    value = coefficient(shares, w, chance) if n else nan
    if np.isnan(value):
        return Coefficient(nan, nan)
    slope = gradient(lambda table: coefficient(table, w, chance), shares)
    spread = (shares * slope**2).sum() - (shares * slope).sum() ** 2
    return Coefficient(value, float(np.sqrt(max(spread, 0.0) / n)))


def cohen(counts: Ints, weighing: Weighing = Weighing.NOMINAL) -> Coefficient:
    """Return Cohen's kappa, or weighted kappa, of a table of counts [q, q].

    >>> round(cohen(np.array([[20, 5], [10, 15]])).value, 3)
    0.4
    """
    return from_counts(counts, weighing, cohen_chance)


def scott(counts: Ints, weighing: Weighing = Weighing.NOMINAL) -> Coefficient:
    """Return Scott's pi of a table of counts [q, q] (Scott 1955)."""
    return from_counts(counts, weighing, scott_chance)


def gwet(counts: Ints, weighing: Weighing = Weighing.NOMINAL) -> Coefficient:
    """Return Gwet's AC1 of a table of counts [q, q]; weighted, it is AC2 (Gwet 2008, 2014)."""
    return from_counts(counts, weighing, gwet_chance)


def brennan_prediger(counts: Ints, weighing: Weighing = Weighing.NOMINAL) -> Coefficient:
    """Return Brennan and Prediger's coefficient of a table of counts [q, q] (1981)."""
    return from_counts(counts, weighing, even_chance)


def krippendorff(counts: Ints, weighing: Weighing = Weighing.NOMINAL) -> Coefficient:
    """Return Krippendorff's alpha of two raters, from a table of counts [q, q] (2011).

    It is Scott's pi with the small-sample term 1/(2n); the error is taken from there, too
    (Gwet 2014). For several raters, missing ratings and other metrics: `ratings.py`.
    """
    plain, n = scott(counts, weighing), int(counts.sum())
    return Coefficient(small_sample(plain.value, n), plain.error) if n else plain


def small_sample(value: float, n: float) -> float:
    """Return alpha for n files that two raters have rated, from what it is for endless many."""
    return value + (1 - value) / (2 * n)


def error_without_agreement(counts: Ints, weighing: Weighing = Weighing.NOMINAL) -> float:
    """Return the standard error of Cohen's kappa if the raters agree by chance alone.

    From a table of counts [q, q]; kappa over this error is the z of statistical packages
    (Fleiss, Cohen and Everitt 1969).
    """
    w, n = weights(weighing, len(counts)), int(counts.sum())
    rows, columns = counts.sum(axis=1) / n, counts.sum(axis=0) / n
    expected = cohen_chance(rows, columns, w)
    habit = np.add.outer(w @ columns, rows @ w)
    spread = (np.outer(rows, columns) * (w - habit) ** 2).sum() - expected**2
    return float(np.sqrt(spread / n) / (1 - expected))
