"""Agreement of any number of raters, of whom some may not have rated every file.

Units are counted by grade: a table [units, grades] of how many raters gave which grade. Formulas
and standard errors: Gwet, *Handbook of Inter-Rater Reliability* (4th edition, 2014); alpha:
Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011). The errors are those of
linearisation over the units; they take the weights as given.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import nan

import numpy as np

from engine.statistics.coefficients import (
    CERTAIN,
    Chance,
    Coefficient,
    even_chance,
    gwet_chance,
    scott_chance,
)
from engine.statistics.files import Floats, Ints


class Metric(StrEnum):
    """How far apart two values are, for Krippendorff's alpha."""

    NOMINAL = "nominal"
    """the same or not"""
    ORDINAL = "ordinal"
    """how many ratings lie between the two"""
    INTERVAL = "interval"
    """(a - b)²"""
    RATIO = "ratio"
    """((a - b) / (a + b))²; values above 0"""


def counts_by_unit(ratings: Floats, values: Floats) -> Ints:
    """Count the ratings [units, raters], nan where there is none, as [units, values].

    `values` are all that may be given, in order; those that nobody gave stay. A rating that is
    none of them is a ValueError.

    >>> counts_by_unit(np.array([[1, 4], [np.nan, 4]]), np.array([1, 2, 3, 4])).tolist()
    [[1, 0, 0, 1], [0, 0, 0, 1]]
    """
    counts = (ratings[:, :, None] == values[None, None, :]).sum(axis=1)
    if counts.sum() != np.isfinite(ratings).sum():
        raise ValueError("a rating is none of the values")
    return np.asarray(counts, dtype=np.int64)


def metric_weights(metric: Metric, values: Floats, used: Floats) -> Floats:
    """Return weights of agreement [q, q] for values [q]: 1 - distance² / the largest distance².

    `used` [q] says how many ratings each value got, which the ordinal metric asks for: the
    distance of two values is the number of ratings from the one to the other, less half of both.
    """
    across = np.subtract.outer(values, values)
    if metric is Metric.NOMINAL:
        distance = (across != 0).astype(np.float64)
    elif metric is Metric.ORDINAL:
        middle = np.cumsum(used) - used / 2
        distance = np.subtract.outer(middle, middle) ** 2
    elif metric is Metric.INTERVAL:
        distance = across**2
    else:
        distance = (across / np.add.outer(values, values)) ** 2
    return np.asarray(1 - distance / (distance.max() or 1.0), dtype=np.float64)


@dataclass(frozen=True)
class _Units:
    """What the formulas share: counts [n, q], weights, raters of each unit, agreement of each."""

    counts: Ints
    w: Floats
    raters: Floats
    agreeing: Floats
    """the share of a unit's pairs of ratings that agree; 0 where it has one rating"""
    pairs: Floats
    """1 where a unit has two ratings or more, else 0"""

    @property
    def scale(self) -> Floats:
        """1 for units with pairs, raised so that the mean over all units is 1."""
        return np.asarray(self.pairs * (len(self.pairs) / self.pairs.sum()), dtype=np.float64)


def _units(counts: Ints, w: Floats) -> _Units:
    some = counts[counts.sum(axis=1) > 0]
    raters = some.sum(axis=1).astype(np.float64)
    agreeing = (some * (some @ w - 1)).sum(axis=1) / np.maximum(raters * (raters - 1), 1)
    return _Units(some, w, raters, agreeing, (raters > 1).astype(np.float64))


def percent_agreement(counts: Ints, w: Floats) -> Coefficient:
    """Return the share of pairs of ratings that agree, each unit counting once.

    `counts` [units, q], weights `w` [q, q]; nan where no unit has two ratings.
    """
    units = _units(counts, w)
    if not units.pairs.any():
        return Coefficient(nan, nan)
    each = units.agreeing * units.scale
    return Coefficient(float(each.mean()), _error(each))


def several(counts: Ints, w: Floats, chance: Chance) -> Coefficient:
    """Return a chance-corrected coefficient of several raters, from counts [units, q].

    With `scott_chance` it is Fleiss's kappa (1971), with `gwet_chance` AC1 or AC2, with
    `even_chance` Brennan and Prediger's. nan where no unit has two ratings or chance is certain.
    """
    units = _units(counts, w)
    shares = (units.counts / units.raters[:, None]).mean(axis=0)
    expected = chance(shares, shares, w)
    if not units.pairs.any() or not expected < CERTAIN:
        return Coefficient(nan, nan)
    each = units.scale * (units.agreeing - expected) / (1 - expected)
    value = float(each.mean())
    by_chance = _slope(units, shares, chance) - 2 * expected if chance is not even_chance else 0
    return Coefficient(value, _error(each - (1 - value) * by_chance / (1 - expected)))


def _slope(units: _Units, shares: Floats, chance: Chance) -> Floats:
    """Return twice what each unit adds to the agreement by chance."""
    if chance is gwet_chance:
        grades = len(shares)
        per_grade = 2 * units.w.sum() / (grades * (grades - 1)) * (1 - shares)
    else:
        per_grade = (units.w + units.w.T) @ shares
    return np.asarray(units.counts @ per_grade / units.raters, dtype=np.float64)


def fleiss(counts: Ints, w: Floats) -> Coefficient:
    """Return Fleiss's kappa, the pi of several raters, from counts [units, q] (1971)."""
    return several(counts, w, scott_chance)


def fleiss_without_agreement(counts: Ints) -> float:
    """Return the standard error of Fleiss's kappa if raters agree by chance alone.

    Every unit has the same number of ratings (Fleiss, Nee and Landis 1979).
    """
    n, raters = len(counts), int(counts[0].sum())
    p = counts.sum(axis=0) / (n * raters)
    spread = (p * (1 - p)).sum()
    inner = spread**2 - (p * (1 - p) * (1 - 2 * p)).sum()
    return float(np.sqrt(2 * inner / (n * raters * (raters - 1))) / spread)


def alpha(counts: Ints, values: Floats, metric: Metric) -> Coefficient:
    """Return Krippendorff's alpha of counts [units, q] over values [q].

    Units with one rating cannot disagree and are left out. nan where none has two, or where all
    ratings are one value.
    """
    paired = counts[counts.sum(axis=1) > 1]
    if not len(paired) or (paired.sum(axis=0) > 0).sum() < 2:  # noqa: PLR2004 - one value only
        return Coefficient(nan, nan)
    w = metric_weights(metric, values, paired.sum(axis=0).astype(np.float64))
    raters = paired.sum(axis=1).astype(np.float64)
    usual, all_ratings = raters.mean(), raters.sum()
    shares = paired.sum(axis=0) / all_ratings
    expected = scott_chance(shares, shares, w)
    agreeing = (paired * (paired @ w - 1)).sum(axis=1) / (usual * (raters - 1))
    observed = agreeing.mean() * (1 - 1 / all_ratings) + 1 / all_ratings
    plain = float((agreeing.mean() - expected) / (1 - expected))
    more = (raters - usual) / usual
    each = (agreeing - observed * more - expected) / (1 - expected)
    by_chance = paired @ (w @ shares) / usual - expected * (1 + more)
    error = _error(each - 2 * (1 - plain) * by_chance / (1 - expected))
    return Coefficient(float((observed - expected) / (1 - expected)), error)


def conger(ratings: Floats, values: Floats, w: Floats) -> Coefficient:
    """Return Conger's kappa (1980), Cohen's for several raters who each keep to own habits.

    `ratings` [units, raters], nan where there is none; every rater has rated something. nan where
    no unit has two ratings or chance is certain.
    """
    units = _units(counts_by_unit(ratings, values), w)
    some = ratings[np.isfinite(ratings).any(axis=1)]
    given = (some[:, :, None] == values).astype(np.float64)
    rated = np.isfinite(some).astype(np.float64)
    habits = given.sum(axis=0) / rated.sum(axis=0)[:, None]
    pairs = habits.shape[0] * (habits.shape[0] - 1)
    against = (habits.sum(axis=0) - habits) @ w
    expected = float((habits * against).sum() / pairs)
    if not units.pairs.any() or not expected < CERTAIN:
        return Coefficient(nan, nan)
    each = units.scale * (units.agreeing - expected) / (1 - expected)
    value = float(each.mean())
    surprise = ((given - rated[:, :, None] * habits) * against).sum(axis=2)
    by_chance = (surprise / rated.mean(axis=0)).sum(axis=1) / pairs
    return Coefficient(value, _error(each - 2 * (1 - value) * by_chance / (1 - expected)))


def _error(each: Floats) -> float:
    """Return the standard error of the mean of what each unit gives; nan of fewer than two."""
    return float(np.std(each, ddof=1) / np.sqrt(len(each))) if len(each) > 1 else nan
