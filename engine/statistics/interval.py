"""A value with its 95 % interval, and the interval of a share.

In: shares, standard errors and numbers of files. Out: finite numbers; what cannot be told is as
wide as it may be, never "not a number".
"""

from dataclasses import dataclass
from math import isfinite, isinf, sqrt

Z = 1.959963984540054
"""the 97.5 % point of the normal distribution: intervals hold 95 %"""
Z95 = Z


@dataclass(frozen=True)
class Interval:
    """An estimate, and the ends of its 95 % interval, all in the unit of the estimate."""

    value: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """From one end to the other."""
        return self.high - self.low

    def holds(self, value: float) -> bool:
        """Say whether a value lies in the interval, its ends included."""
        return self.low <= value <= self.high


def wilson(p: float, n: float) -> Interval:
    """Return a share with Wilson's interval.

    `p` is a share from 0 to 1; `n` the number of files it rests on, which may be effective and so
    no whole number: p(1-p)/V for an estimate with variance V (Wilson, JASA 22, 1927; effective
    size: Kish, Survey Sampling, 1965). With n infinite the interval is the share; with n at 0 or
    less it is 0 to 1.

    >>> found = wilson(0.5, 100)
    >>> round(found.low, 3), round(found.high, 3)
    (0.404, 0.596)
    >>> wilson(0.3, 0)
    Interval(value=0.3, low=0.0, high=1.0)
    """
    p = min(1.0, max(0.0, p))
    if isinf(n):
        return Interval(p, p, p)
    if not n > 0:
        return Interval(p, 0.0, 1.0)
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Interval(p, min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half)))


def normal(value: float, error: float, least: float, most: float) -> Interval:
    """Return value ± 1.96 standard errors, kept between the least and the most possible.

    >>> normal(2.5, 0.1, 1, 4).high
    2.6959963984540054
    """
    value = min(most, max(least, value))
    if not isfinite(error):
        return Interval(value, least, most)
    return Interval(value, max(least, value - Z * error), min(most, value + Z * error))
