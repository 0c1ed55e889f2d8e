"""An estimate with its interval of 95 per cent."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    """An estimate, and the limits between which it lies in 95 of 100 samples."""

    value: float
    low: float
    high: float


def wilson(p: float, n: float) -> Interval:
    """Return a share of n with Wilson's interval (1927)."""
    if n <= 0:
        return Interval(p, 0.0, 1.0)
    z2 = Z95**2 / n
    centre = (p + z2 / 2) / (1 + z2)
    half = Z95 / (1 + z2) * sqrt(p * (1 - p) / n + z2 / (4 * n))
    return Interval(p, max(centre - half, 0.0), min(centre + half, 1.0))
