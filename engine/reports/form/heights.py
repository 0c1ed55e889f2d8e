"""How high a row has to be for its text; LibreOffice does not find it out by itself."""

from collections.abc import Iterable
from math import ceil

LINE = 15.0  # points
MOST = 409.0  # a row is no higher
SLACK = 0.9  # of a line is filled, since words do not break


def height(cells: Iterable[tuple[str, int]], line: float = LINE) -> float:
    """Return the height of a row whose cells hold texts in columns of so many characters.

    >>> height([("yes", 10), ("a long text that needs two lines", 20)])
    30.0
    """
    lines = max((ceil(len(text) / (width * SLACK)) for text, width in cells), default=1)
    return min(MOST, line * max(1, lines))
