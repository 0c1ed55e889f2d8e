"""How wide the columns of a table are set on a page, and how large its letters.

In: the texts of a table, its headings first. Out: a size, and a width for each column, so that no
word and no estimate is parted if it can be helped. It must not know what stands in the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

PAGE = 482.0  # points between the margins of A4
AROUND = 13.0  # points on both sides of a text together
SIZES = (9.2, 8.2, 7.2, 6.3)  # points
LETTER = 0.54  # of the size: how wide a letter is, about
BOLD = 1.1
LONGEST_WORD, LONGEST_TEXT = 24, 60
SHORT_TEXT = 12  # letters; so short a text stays on one line


@dataclass(frozen=True)
class Fit:
    """The size of the letters and the widths of the columns, in points.

    `whole` tells that every text stands on one line, so that the widths need not be kept.
    """

    size: float
    widths: tuple[float, ...]
    whole: bool


def fit(texts: Sequence[Sequence[str]]) -> Fit:
    """Choose the largest letters in which the longest words find room, and share out the rest.

    >>> found = fit([["Grade", "Files"], ["Good", "12"]])
    >>> found.size, found.whole, [round(width) for width in found.widths]
    (9.2, True, [40, 40])
    """
    needs = [_need(column) for column in zip(*texts, strict=True)]
    for size in SIZES:
        least, enough, most = zip(*(_points(need, size) for need in needs), strict=True)
        if sum(most) <= PAGE:
            return Fit(size, most, whole=True)
        if sum(least) <= PAGE:
            break
    return Fit(size, _shared(least, enough), whole=False)


def _need(column: Sequence[str]) -> tuple[float, float, float]:
    """Return how long the longest word is, the longest cell too, the heading too; it is bold."""
    head, *rest = column
    short = (len(text) for text in rest if len(text) <= SHORT_TEXT)
    word = max((BOLD * _longest_word(head), *map(_longest_word, rest), *short))
    cell = max((word, *(min(len(text), LONGEST_TEXT) for text in rest)))
    return word, cell, max(cell, BOLD * len(head))


def _longest_word(text: str) -> int:
    # not at every white space: an estimate is held together by spaces that do not break
    words = text.replace("\n", " ").replace("\N{ZERO WIDTH SPACE}", " ").split(" ")
    return min(max(map(len, words)), LONGEST_WORD)


def _points(letters: Sequence[float], size: float) -> tuple[float, ...]:
    return tuple(AROUND + LETTER * size * number for number in letters)


def _shared(least: Sequence[float], most: Sequence[float]) -> tuple[float, ...]:
    wished = [high - low for low, high in zip(least, most, strict=True)]
    left = max(PAGE - sum(least), 0) / (sum(wished) or 1)
    return tuple(low + left * more for low, more in zip(least, wished, strict=True))
