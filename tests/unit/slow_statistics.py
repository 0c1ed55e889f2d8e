"""The method of moderation worked out slowly, in plain loops: a second pair of eyes.

Written from the formulas of the method, not from the code: nothing here is an array, and nothing
comes from `engine/` but the shape of its input.
"""

from math import exp, inf, log
from statistics import fmean, median, pvariance

Table = list[list[float]]


def inclusion(
    said: list[int], record: list[int], auditor: list[int], broken: list[bool], budget: int
) -> list[float]:
    """Return π of every file: the certainty tier's part, a floor for the others, the rest by size."""
    n = len(said)
    if budget >= n:
        return [1.0] * n
    certain = [
        i for i in range(n)
        if said[i] and (broken[i] or (record[i] and said[i] - record[i] >= 2))
    ]  # fmt: skip
    others = [i for i in range(n) if i not in certain]
    chance = [0.0] * n
    for i in certain:
        chance[i] = min(1.0, 0.4 * budget / len(certain))
    # What the others cannot take goes to the certainty tier.
    short = budget - len(others) - sum(chance)
    for i in certain:
        chance[i] += max(0.0, short) / len(certain)
    by_size(said, record, auditor, others, chance, budget - sum(chance))
    return chance


def by_size(  # noqa: PLR0913, PLR0917 - columns
    said: list[int],
    record: list[int],
    auditor: list[int],
    others: list[int],
    chance: list[float],
    rest: float,
) -> None:
    """Set π of the others: what is left of the budget, by floor and size, to 1 at the most."""
    floor, size = {}, {}
    for i in others:
        own = sum(auditor[j] == auditor[i] for j in others)
        floor[i] = max(0.4 * rest / len(others), min(1.0, 2 / own))
        step = said[i] - record[i] if said[i] and record[i] else 0
        size[i] = 0.7 if step < 0 else 3.0 if step == 1 or said[i] == 4 else 1.0
    dear = sum(floor.values())
    if dear > rest:
        floor = {i: one * rest / dear for i, one in floor.items()}

    def total(rate: float) -> float:
        return sum(min(1.0, floor[i] + rate * size[i]) for i in others)

    low, high = 0.0, 1.0
    while others and total(high) < rest - 1e-12 and high < 1e9:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if total(middle) < rest else (low, middle)
    for i in others:
        chance[i] = min(1.0, floor[i] + high * size[i])


def weighed(
    moderated: list[int], chance: list[float], tier: list[int], drawn: list[bool]
) -> list[float]:
    """Return 1/π, times drawn over done in the file's tier; 0 where not both drawn and moderated."""
    w = []
    for i in range(len(moderated)):
        alike = [j for j in range(len(moderated)) if tier[j] == tier[i] and drawn[j]]
        done = [j for j in alike if moderated[j]]
        mine = drawn[i] and moderated[i] and tier[i] != 2
        w.append(len(alike) / len(done) / chance[i] if mine else 0.0)
    return w


def greg(
    moderated: list[int], predicted: Table, w: list[float], rows: list[int]
) -> tuple[list[float], Table, float]:
    """Return shares before any is set to 0, their covariance, and the effective number of files."""
    sample = [i for i in rows if w[i] > 0]
    total, n = sum(w[i] for i in sample), len(sample)
    shares = [
        fmean(predicted[i][k] for i in rows)
        + sum(w[i] * ((moderated[i] == k + 1) - predicted[i][k]) for i in sample) / total
        for k in range(4)
    ]
    left = sum(w[i] ** 2 for i in sample) - total * min(1, total / len(rows))
    effective = total**2 / left if left > 1e-12 else inf
    if n < 50:
        each = residual_covariance(moderated, predicted, w)
        return shares, [[one / effective for one in row] for row in each], effective
    z = [residual(moderated, predicted, w, sample, i, w[i]) for i in sample]
    c = [1 - 1 / w[i] for i in sample]
    if sum(c) < 1e-12:
        return shares, [[0.0] * 4 for _ in range(4)], effective
    centre = [sum(c[i] * z[i][k] for i in range(n)) / sum(c) for k in range(4)]
    covariance = [
        [
            sum(c[i] * (z[i][a] - centre[a]) * (z[i][b] - centre[b]) for i in range(n))
            * (n / (n - 1))
            / total**2
            for b in range(4)
        ]
        for a in range(4)
    ]
    return shares, covariance, effective


def residual(  # noqa: PLR0913, PLR0917 - a formula with as many letters
    moderated: list[int], predicted: Table, w: list[float], sample: list[int], i: int, times: float
) -> list[float]:
    """Return e of a file, centred by the sample's weighted mean, times a number."""
    total = sum(w[j] for j in sample)
    centred = []
    for k in range(4):
        mean = sum(w[j] * ((moderated[j] == k + 1) - predicted[j][k]) for j in sample) / total
        centred.append(times * ((moderated[i] == k + 1) - predicted[i][k] - mean))
    return centred


def residual_covariance(moderated: list[int], predicted: Table, w: list[float]) -> Table:
    """Return R, the covariance of one moderated file's residuals, over the whole batch."""
    sample = [i for i in range(len(w)) if w[i] > 0]
    n, total = len(sample), sum(w)
    e = {i: residual(moderated, predicted, w, sample, i, 1.0) for i in sample}
    return [
        [sum(w[i] * e[i][a] * e[i][b] for i in sample) / total * n / (n - 1) for b in range(4)]
        for a in range(4)
    ]


def leniency(
    files: tuple[list[int], list[int], list[int], list[int]], w: list[float], auditors: int
) -> list[dict[str, float]]:
    """Return the value, its standard error and the twice-steadied value of every auditor who has files."""
    said, record, moderated, auditor = files
    n = len(said)
    sample = [i for i in range(n) if w[i] > 0]

    def weighted(rows: list[int], values: dict[int, float]) -> float:
        return sum(w[i] * values[i] for i in rows) / sum(w[i] for i in rows)

    grade = {i: float(moderated[i]) for i in sample}
    expected = {}
    for e in range(5):
        rows = [i for i in sample if record[i] == e]
        expected[e] = weighted(rows or sample, grade) if sample else 2.5
    rest = {i: moderated[i] - expected[record[i]] for i in sample}
    own = [[i for i in sample if auditor[i] == j] for j in range(auditors)]
    rho = [weighted(rows, rest) if rows else 0.0 for rows in own]
    spread = _pooled(w, rest, own, rho)
    unsure = [
        spread * sum(w[i] ** 2 for i in rows) / sum(w[i] for i in rows) ** 2 if rows else inf
        for rows in own
    ]
    steady, variance = steadied(rho, unsure, 0.3)
    graded = [[i for i in range(n) if auditor[i] == j and said[i]] for j in range(auditors)]
    gaps = [[said[i] - expected[record[i]] for i in rows] for rows in graded]
    free = sum(len(gap) - 1 for gap in gaps if gap)
    within = sum(len(gap) * pvariance(gap) for gap in gaps if gap) / free if free else 1.0
    value = [fmean(gap) - steady[j] if gap else 0.0 for j, gap in enumerate(gaps)]
    error = [variance[j] + within / max(1, len(gaps[j])) for j in range(auditors)]
    known = [error[j] if gaps[j] and own[j] else inf for j in range(auditors)]
    shrunk, _ = steadied(value, known, 0.5)
    return [
        {"value": value[j], "error": error[j] ** 0.5, "shrunk": shrunk[j], "done": len(own[j])}
        for j in range(auditors)
    ]


def _pooled(
    w: list[float], rest: dict[int, float], own: list[list[int]], rho: list[float]
) -> float:
    """Return s², the weighted variance about the auditors' means, with n - J degrees of freedom."""
    n, some = sum(map(len, own)), sum(1 for rows in own if rows)
    if not n:
        return 1.0
    if n == some:
        return max(0.01, pvariance([rest[rows[0]] for rows in own if rows]))
    squares = sum(w[i] * (rest[i] - rho[j]) ** 2 for j, rows in enumerate(own) for i in rows)
    return max(0.01, squares / sum(w[i] for rows in own for i in rows) * n / (n - some))


def steadied(
    means: list[float], variances: list[float], prior: float
) -> tuple[list[float], list[float]]:
    """Return posterior means and variances of a normal model of two levels, τ summed over 81 points."""
    known = [j for j, variance in enumerate(variances) if variance < inf]
    if not known:
        return [0.0] * len(means), [prior**2 + 1.0] * len(means)
    logs, points = [], []
    for step in range(81):
        tau = 4 * prior * step / 80
        precision = {j: 1 / (variances[j] + tau**2) for j in known}
        whole = sum(precision.values())
        centre = sum(precision[j] * means[j] for j in known) / whole
        logs.append(
            sum(0.5 * log(precision[j]) - 0.5 * precision[j] * (means[j] - centre) ** 2
                for j in known)
            - 0.5 * log(whole) - tau**2 / (2 * prior**2)
        )  # fmt: skip
        points.append((tau, centre, 1 / whole))
    most = max(logs)
    chance = [exp(one - most) for one in logs]
    chance = [one / sum(chance) for one in chance]
    mean, variance = [], []
    for j, own in enumerate(variances):
        at, spread = [], []
        for tau, centre, unsure in points:
            pull = own / (own + tau**2) if own < inf else 1.0
            at.append(pull * centre + (1 - pull) * means[j] if own < inf else centre)
            spread.append((tau**2 * pull) + pull**2 * unsure)
        mean.append(sum(p * a for p, a in zip(chance, at, strict=True)))
        second = sum(p * (s + a * a) for p, s, a in zip(chance, spread, at, strict=True))
        variance.append(second - mean[-1] ** 2)
    return mean, variance


def peers_median(found: list[dict[str, float]]) -> float:
    """Return the median value of the auditors with three moderated files or more."""
    return median(one["value"] for one in found if one["done"] >= 3)
