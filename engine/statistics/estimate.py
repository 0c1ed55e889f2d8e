"""The batch as it would be had every file been moderated: shares, mean, the table of both grades.

In: a batch. Out: estimates with covariance and intervals. One estimator does it all, the
difference (GREG) estimator: the mean prediction over all files, corrected by what the moderated
files turned out to be.
"""

from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np

from engine.statistics.files import Bools, Files, Floats, Ints
from engine.statistics.interval import Interval, normal, wilson
from engine.statistics.predict import fit
from engine.statistics.weights import weights

ENOUGH = 50
"""moderated files below which only the share of good or better and the mean are told"""
_NONE_SEEN = 3.0
_LEAST_PART = 0.25
_NOTHING = 1e-12


@dataclass(frozen=True)
class Mean:
    """Estimated means of P numbers a file: `value` (P,), `covariance` (P, P)."""

    value: Floats
    covariance: Floats


def difference(
    values: Floats, predicted: Floats, mean: Floats, w: Floats, strata: Ints | None = None
) -> Mean:
    """Return means over all files, by the difference estimator.

    `values` and `predicted` (n, P): what was found and what was predicted of the n moderated
    files; `mean` (P,): the mean prediction over all files; `w` (n,): weights, all 1 or more;
    `strata` (n,): numbers of strata drawn apart, one where left out. Units are the values' own.

    mean + Σw(y - f)/Σw; V = Σ c (z - z̄)(z - z̄)ᵀ/(Σw)², z = w·(centred residual),
    c = (1 - 1/w)·n/(n - 1), z̄ weighted by c; n, z̄ and Σ by stratum. With equal weights it is the
    textbook (1 - n/N)s²/n. A stratum of one file gives no variance. Source: notes §4.3; Särndal,
    Swensson & Wretman 1992, §6.3 and §6.6; variance: Hájek 1964, as Deville & Tillé, Journal of
    Statistical Planning and Inference 128, 2005.
    """
    residual = values - predicted
    total = w.sum()
    shift = w @ residual / total
    z = (residual - shift) * w[:, None]
    covariance = np.zeros((values.shape[1], values.shape[1]))
    for stratum in (None,) if strata is None else np.unique(strata):
        rows = slice(None) if stratum is None else strata == stratum
        covariance += _spread(z[rows], 1 - 1 / w[rows])
    return Mean(mean + shift, covariance / total**2)


def _spread(z: Floats, left: Floats) -> Floats:
    """Return Σ c (z - z̄)(z - z̄)ᵀ of one stratum; `left` is 1 - π."""
    n, whole = len(z), left.sum()
    if n < 2 or whole <= _NOTHING:  # noqa: PLR2004 - a variance takes two
        return np.zeros((z.shape[1], z.shape[1]))
    apart = z - left @ z / whole
    spread: Floats = (apart * left[:, None]).T @ apart * (n / (n - 1))
    return spread


@dataclass(frozen=True)
class BatchEstimate:
    """What the grades would be had all of some files been moderated.

    `shares` (grades,) sum to 1, the worst grade first; `covariance` (grades, grades) theirs;
    `seen` (grades,) how many moderated files had each grade; `n` moderated files that it rests
    on, `n_effective` how many equally likely ones would tell as much (Kish, with the correction
    for a finite batch: infinite where every file was moderated, not where only those drawn for
    certain were); `files` how many it speaks of. With n = 0 it says nothing: intervals are as
    wide as they may be.
    """

    shares: Floats
    covariance: Floats
    seen: Ints
    n: int
    n_effective: float
    files: int

    @property
    def enough(self) -> bool:
        """Whether there are moderated files enough to tell every grade, not the halves alone."""
        return self.n >= ENOUGH

    @cached_property
    def intervals(self) -> tuple[Interval, ...]:
        """Each grade's share with its interval, the worst grade first."""
        return tuple(self._of(np.arange(len(self.shares)) == k) for k in range(len(self.shares)))

    @cached_property
    def mean(self) -> Interval:
        """The mean grade, in grades."""
        grade = np.arange(1.0, len(self.shares) + 1)
        value = float(grade @ self.shares)
        variance = float(grade @ self.covariance @ grade)
        if self._told(variance):
            return normal(value, float(np.sqrt(max(0.0, variance))), 1, grade[-1])
        part = self._unseen
        return Interval(value, value - part * (value - 1), value + part * (grade[-1] - value))

    def at_least(self, grade: int) -> Interval:
        """Return the share of a grade or better, 0 to 1; grade 3 of 4 is good or better."""
        return self._of(np.arange(1, len(self.shares) + 1) >= grade)

    def _of(self, which: Bools) -> Interval:
        p = min(1.0, max(0.0, float(self.shares[which].sum())))
        variance = float(which @ self.covariance @ which)
        found = int(self.seen[which].sum())
        if not 0 < found < self.n:
            return self._all_or_none(p, variance, found)
        if not self._told(variance):
            return wilson(p, self.n_effective)
        return wilson(p, self._size(p, variance))

    def _all_or_none(self, p: float, variance: float, found: int) -> Interval:
        """Return a share that no moderated file has, or that all have: "up to 3/n"."""
        near = wilson(p, self._size(p, variance))
        if found:
            return Interval(p, min(near.low, 1 - self._unseen), 1.0 if self._unseen else near.high)
        return Interval(p, 0.0 if self._unseen else near.low, max(near.high, self._unseen))

    def _size(self, p: float, variance: float) -> float:
        """Return p(1 - p)/V: how many files at random would tell a share as well.

        The difference estimator's variance does not vanish as its share nears 0 or 1, so that
        there the quotient would say "next to none" of hundreds of files; a floor stops that.
        """
        if variance <= _NOTHING:
            return inf
        return max(p * (1 - p) / variance, self.n_effective * _LEAST_PART)

    @property
    def _unseen(self) -> float:
        return min(1.0, _NONE_SEEN / self.n_effective) if self.n else 1.0

    def _told(self, variance: float) -> bool:
        """Whether a variance can be trusted: it is there, or all files were moderated."""
        return self.n > 1 and (variance > _NOTHING or self.n_effective == inf)


def batch(files: Files, rows: Bools | None = None) -> BatchEstimate:
    """Estimate the moderated grades of all files, or of those where `rows` (N,) is true.

    Weights and prediction are made once from the whole batch, so that parts agree with the
    whole; then shares = mean prediction over the files + Σw(1[M = k] - f)/Σw over the moderated
    ones. Intervals: Wilson with n = p(1 - p)/V; a grade that no moderated file has: up to 3/n.
    Shares below 0 are set to 0 and the rest scaled. V is `difference`'s from 50 moderated files;
    a few files' own spread is often next to nothing by chance, so that below 50
    V = R/n_effective, R = Σw·e·eᵀ/Σw · n/(n - 1) over all moderated files of the batch, e the
    centred residual (the same as V where weights are equal, in the whole batch). Source: notes
    §4.3, and `difference`; pooled for small parts: Särndal, Swensson & Wretman 1992, ch. 10.
    """
    return Batch(files).estimate(rows)


class Batch:
    """A batch with its weights and predictions, from which many estimates may be asked."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.weights = weights(files)
        self.fitted = fit(files, self.weights)

    def estimate(self, rows: Bools | None = None) -> BatchEstimate:
        """Estimate as `batch` does."""
        grades = self.files.grades
        here = np.ones(len(self.files), dtype=np.bool_) if rows is None else rows
        whole = int(here.sum())
        mean = (
            self.fitted.totals(here).sum(axis=0) / whole if whole else np.full(grades, 1 / grades)
        )
        sample, predicted = self.moderated(here)
        found = np.eye(grades)[self.files.moderated[sample] - 1]
        seen = found.sum(axis=0).astype(np.int64)
        if not len(sample):
            return BatchEstimate(mean, _widest(grades), seen, 0, 0.0, whole)
        w = self.weights[sample]
        got, n_effective = difference(found, predicted, mean, w), _effective(w, whole)
        if len(sample) < ENOUGH:
            got = Mean(got.value, self.residuals / n_effective)
        shares, covariance = _possible(got, len(sample))
        return BatchEstimate(shares, covariance, seen, len(sample), n_effective, whole)

    @cached_property
    def residuals(self) -> Floats:
        """Covariance of one moderated file's residuals, in the whole batch: (grades, grades)."""
        rows, grades = self.fitted.rows, self.files.grades
        if len(rows) < 2:  # noqa: PLR2004 - a variance takes two
            return _widest(grades)
        w = self.weights[rows][:, None]
        residual = np.eye(grades)[self.files.moderated[rows] - 1] - self.fitted.own
        apart = residual - (w * residual).sum(axis=0) / w.sum()
        pooled: Floats = (apart * w).T @ apart / w.sum() * (len(rows) / (len(rows) - 1))
        return pooled

    def moderated(self, here: Bools) -> tuple[Ints, Floats]:
        """Return the moderated ones of some files, and what the other folds predict of them."""
        mine = here[self.fitted.rows]
        return self.fitted.rows[mine], self.fitted.own[mine]


def _possible(got: Mean, n: int) -> tuple[Floats, Floats]:
    """Return shares that can be, and their covariance: none below 0, all of them 1."""
    shares = np.clip(got.value, 0, None)
    return shares / shares.sum(), got.covariance if n > 1 else _widest(len(shares))


def _effective(w: Floats, files: int) -> float:
    total = float(w.sum())
    # Files drawn for certain stand for themselves alone: others may be there that nobody drew.
    left = float(w @ w) - total * min(1.0, total / files)
    return total**2 / left if left > _NOTHING else inf


def _widest(cells: int) -> Floats:
    """Return the covariance of one file that might have any of some grades."""
    share = np.full(cells, 1 / cells)
    widest: Floats = np.diag(share) - np.outer(share, share)
    return widest


@dataclass(frozen=True)
class Joint:
    """The auditors' grades (rows) against the moderated ones (columns), for all files.

    `table` (grades, grades) shares that sum to 1, the worst grade first; `covariance`
    (grades², grades²) of the table read row by row; `n` moderated files that it rests on;
    `files` those with an auditor's grade, of which it speaks.
    """

    table: Floats
    covariance: Floats
    n: int
    files: int


def joint(files: Files) -> Joint:
    """Estimate the table of both grades, over all files that have an auditor's grade.

    The estimator of `batch` on the indicators (A = a, M = m), so that the table's columns add up
    to the batch's shares wherever no share had to be set to 0. Source: notes §4.4.
    """
    return joint_of(Batch(files))


def joint_of(batch: Batch) -> Joint:
    """Estimate as `joint` does, from a batch whose predictions are there already."""
    files, grades = batch.files, batch.files.grades
    here = files.audited > 0
    whole, cells = int(here.sum()), grades * grades
    if not whole:
        return Joint(np.full((grades, grades), 1 / cells), _widest(cells), 0, 0)
    by_cell = batch.fitted.totals(here).reshape(grades + 1, grades + 1, grades)
    mean = by_cell[1:].sum(axis=1).ravel() / whole
    sample, own = batch.moderated(here)
    if not len(sample):
        return Joint(mean.reshape(grades, grades), _widest(cells), 0, whole)
    row = np.eye(grades)[files.audited[sample] - 1, :, None]
    found = np.eye(grades)[files.moderated[sample] - 1, None, :]
    values: Floats = (row * found).reshape(-1, cells)
    predicted: Floats = (row * own[:, None, :]).reshape(-1, cells)
    got = difference(values, predicted, mean, batch.weights[sample])
    table, covariance = _possible(got, len(sample))
    return Joint(table.reshape(grades, grades), covariance, len(sample), whole)
