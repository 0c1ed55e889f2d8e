"""Where numbers fall in a chart: a straight scale, its round ticks, and intervals on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from engine.reports.week.charts import ink


@dataclass(frozen=True)
class Scale:
    """Where numbers fall: `low` at `start`, `high` at `end`, both in units of the drawing."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float, air: float = 0.05) -> "Scale":
        """Make a scale on which all the values find room, with some air at both ends."""
        low, high = min(values, default=0), max(values, default=0)
        if high == low:
            low, high = low - 1, high + 1
        room = (high - low) * air
        return cls(low - room, high + room, start, end)

    def at(self, value: float) -> float:
        """Return the place of a number; where no number differs, the start."""
        wide = self.high - self.low
        return (
            self.start + (self.end - self.start) * (value - self.low) / wide if wide else self.start
        )

    def ticks(self, most: int = 6) -> list[float]:
        """Return round numbers within the scale.

        >>> Scale(-0.41, 1.1, 0, 100).ticks(), Scale(0, 55, 0, 100).ticks()
        ([0.0, 0.5, 1.0], [0.0, 10.0, 20.0, 30.0, 40.0, 50.0])
        """
        rough = (self.high - self.low) / most
        power = 10.0 ** floor(log10(rough))
        step = next(power * by for by in (1, 2, 5, 10) if power * by >= rough * (1 - 1e-9))
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [round(n * step, 10) for n in range(first, last + 1)]


def whisker(scale: Scale, ends: tuple[float, float], y: float, stroke: str) -> Iterator[str]:
    """Draw an interval that lies down, with a foot at both ends."""
    low, high = (scale.at(end) for end in ends)
    yield ink.line((low, y), (high, y), stroke=stroke, wide="2")
    for x in (low, high):
        yield ink.line((x, y - 3.5), (x, y + 3.5), stroke=stroke, wide="2")
