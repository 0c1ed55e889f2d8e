"""How far each auditor grades above or below the moderators, steadied by the auditor's peers.

In: a batch. Out: arrays, an element an auditor. Run it once a domain with that domain's grades:
the domain grades of one file are never so many observations.
"""

from dataclasses import dataclass

import numpy as np

from engine.statistics.files import Bools, Files, Floats, Ints
from engine.statistics.interval import Z
from engine.statistics.weights import weights

MARGIN = 0.25
"""grades above the peers' median from which an auditor is flagged, after shrinking"""
TOLD = 3
"""moderated files below which there is "not enough yet" to tell"""
PRIOR, PEER_PRIOR = 0.3, 0.5
GRID = 81
_LEAST_SPREAD = 0.01


@dataclass(frozen=True)
class Leniency:
    """Leniency in grades, + for lenient: every array has an element an auditor, J of them.

    `value` with its standard `error` and 95 % interval `low` to `high`: to be printed. `shrunk`
    is drawn to the peers once more: to flag by, never to print as the auditor's. `moderated` and
    `files` count; `told` where three or more were moderated; `flagged` told and shrunk more than
    0.25 above the peers' `median`; `above` flagged, and the interval is above the median too.
    """

    value: Floats
    error: Floats
    low: Floats
    high: Floats
    shrunk: Floats
    moderated: Ints
    files: Ints
    told: Bools
    flagged: Bools
    above: Bools
    median: float


def by_auditor(files: Files, auditors: int) -> Leniency:
    """Return the leniency of auditors 0 to `auditors` - 1, mean(auditor's - moderated grade).

    f(E) = weighted mean moderated grade where the record's is E (the auditor's is left out on
    purpose). r_j = weighted mean of M - f(E) over j's moderated files, v_j = s²Σw²/(Σw)², s²
    pooled. r_j ~ N(μ, τ²), τ integrated over 81 points with a half-normal(0.3) prior. Value =
    mean over all of j's files of A - f(E), less the steadied r_j; variance = its own + s_g²/N_j.
    Shrunk: the value drawn to the peers by the same model with a half-normal(0.5) prior. Files
    without an auditor or an auditor's grade are left out of A - f(E). Source: notes §4.5; Gelman,
    Bayesian Analysis 1, 2006 (priors for τ); Fay & Herriot, JASA 74, 1979 (area-level model).
    """
    w = weights(files)
    expected = _expected(files, w)
    count, gap, spread = _gaps(files, expected, auditors)
    sample = np.flatnonzero((w > 0) & (files.auditor >= 0))
    rest = files.moderated[sample] - expected[files.evidence[sample]]
    found = _Groups(files.auditor[sample], rest, w[sample], auditors)
    seen = found.count > 0
    variance = np.where(seen, found.spread * found.unequal, np.inf)
    rho, rho_variance = steadied(found.mean, variance, PRIOR)
    value = np.where(count > 0, gap - rho, 0)
    own = rho_variance + spread / np.maximum(count, 1)
    shrunk, _ = steadied(value, np.where((count > 0) & seen, own, np.inf), PEER_PRIOR)
    counts = (found.count, count)
    return _told(value, np.sqrt(own), shrunk, counts, files.grades - 1)


def _told(
    value: Floats, error: Floats, shrunk: Floats, counts: tuple[Ints, Ints], most: int
) -> Leniency:
    moderated, files = counts
    told = (moderated >= TOLD) & (files > 0)
    peers = value[told] if told.any() else value[files > 0]
    median = float(np.median(peers)) if len(peers) else 0.0
    empty = files == 0
    error = np.where(empty, float(most), np.minimum(error, most))
    low = np.where(empty, -most, np.clip(value - Z * error, -most, most))
    high = np.where(empty, most, np.clip(value + Z * error, -most, most))
    flagged = told & (shrunk > median + MARGIN)
    return Leniency(
        value, error, low, high, shrunk, moderated, files, told, flagged, flagged & (low > median),
        median,
    )  # fmt: skip


def _expected(files: Files, w: Floats) -> Floats:
    """Return f(E), (grades + 1,): the weighted mean moderated grade of each record's grade."""
    sample = np.flatnonzero(w > 0)
    at, w = files.evidence[sample], w[sample]
    weight = np.bincount(at, w, minlength=files.grades + 1)
    total = np.bincount(at, w * files.moderated[sample], minlength=files.grades + 1)
    overall = total.sum() / weight.sum() if len(sample) else (files.grades + 1) / 2
    expected: Floats = np.where(weight > 0, total / np.where(weight > 0, weight, 1), overall)
    return expected


def _gaps(files: Files, expected: Floats, auditors: int) -> tuple[Ints, Floats, float]:
    """Return every auditor's files, their mean A - f(E), and its variance within auditors."""
    mine = (files.auditor >= 0) & (files.audited > 0)
    side = files.grades + 1
    cell = ((files.auditor * side + files.audited) * side + files.evidence)[mine]
    table = np.bincount(cell, minlength=auditors * side * side).reshape(auditors, -1)
    value = (np.arange(side)[:, None] - expected).ravel()
    count = table.sum(axis=1)
    mean = table @ value / np.maximum(count, 1)
    within = float((table * (value - mean[:, None]) ** 2).sum())
    free = int(count.sum() - (count > 0).sum())
    return count, mean, within / free if free > 0 else 1.0


class _Groups:
    """Numbers by auditor: how many, their weighted mean, and the pooled variance within."""

    def __init__(self, auditor: Ints, values: Floats, w: Floats, auditors: int) -> None:
        self.count = np.bincount(auditor, minlength=auditors)
        weight = np.bincount(auditor, w, minlength=auditors)
        some = np.where(weight > 0, weight, 1)
        self.mean = np.bincount(auditor, w * values, minlength=auditors) / some
        self.unequal = np.bincount(auditor, w * w, minlength=auditors) / some**2
        self.spread = self._pooled(auditor, values, w)

    def _pooled(self, auditor: Ints, values: Floats, w: Floats) -> float:
        """Return the variance within auditors, or over all where no auditor has two files."""
        free = len(values) - int((self.count > 0).sum())
        if not len(values):
            return 1.0
        if free < 1:
            return max(_LEAST_SPREAD, float(np.var(values)))
        within = float(w @ (values - self.mean[auditor]) ** 2 / w.sum())
        return max(_LEAST_SPREAD, within * len(values) / free)


def steadied(means: Floats, variances: Floats, prior: float) -> tuple[Floats, Floats]:
    """Draw J means to their common one by the two-level normal model: (means, variances).

    `variances` (J,) of the means, infinite where there is none. μ has a flat prior, τ a
    half-normal one of scale `prior`, integrated over 81 points from 0 to four scales, so that the
    result carries τ's own uncertainty; units those of the means and their squares. Without any
    mean there is nothing to steady: (0, prior² + 1). Source: notes §4.5; Gelman et al., Bayesian
    Data Analysis, 3rd edition 2013, §5.4.
    """
    known = np.isfinite(variances)
    if not known.any():
        return np.zeros(len(means)), np.full(len(means), prior**2 + 1.0)
    tau = np.linspace(0, 4 * prior, GRID)[:, None]
    precision = 1 / (variances[known] + tau**2)
    total = precision.sum(axis=1, keepdims=True)
    middle = (precision * means[known]).sum(axis=1, keepdims=True) / total
    fit = np.log(precision) - precision * (means[known] - middle) ** 2
    log = 0.5 * (fit.sum(axis=1) - np.log(total[:, 0])) - 0.5 * (tau[:, 0] / prior) ** 2
    chance = np.exp(log - log.max())
    chance /= chance.sum()
    keep = tau**2 * np.where(known, 1 / (np.where(known, variances, 1) + tau**2), 0)
    own = np.where(known, means, 0)
    at = keep * own + (1 - keep) * middle
    spread = tau**2 * (1 - keep) + (1 - keep) ** 2 / total
    mean = chance @ at
    return mean, chance @ (spread + (at - mean) ** 2)
