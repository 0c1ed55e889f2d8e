"""Delimited text: its delimiter, and its rows with the lines on which they begin.

In: a file of UTF-8. Out: rows of text. It must not know tables.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from engine.records.text import open_text

DELIMITERS = ",;\t"
SEEN = 30  # so many lines are looked at for the delimiter

Numbered = tuple[int, list[str]]


def delimiter_of(path: Path, seen: int = SEEN) -> str:
    """Return the delimiter that occurs most often in the first lines."""
    with open_text(path) as lines:
        first = "".join(line for _, line in zip(range(seen), lines, strict=False))
    return max(DELIMITERS, key=first.count)


def rows_of(path: Path, delimiter: str) -> Iterator[Numbered]:
    """Yield the rows that hold anything, each with the line on which it begins (from 1)."""
    with open_text(path) as lines:
        reader = csv.reader(lines, delimiter=delimiter)
        begins = 1
        for row in reader:
            if any(row):
                yield begins, row
            begins = reader.line_num + 1


def after(rows: Iterator[Numbered], line: int) -> Iterator[Numbered]:
    """Yield the rows that begin after a line."""
    return (numbered for numbered in rows if numbered[0] > line)
