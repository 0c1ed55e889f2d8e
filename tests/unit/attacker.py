"""A reader who tries to undo the masking of a document, by code of its own.

Knows what every cell is about (headings say so), which sums hold, that counts are whole and not
below nought, that a nought is printed and so `c` is no nought, and every number that stays, also
those of charts, shares and estimates. Reads totals off tables by their names, too,
whether they were declared or not. Narrows each count by intervals, then by linear programming.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import ceil, floor, inf

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from engine.reports.week.document import (
    Bullets,
    Cell,
    Chart,
    Count,
    Document,
    Estimate,
    Hidden,
    Paragraph,
    Share,
    Table,
)

SINGULAR = {"action", "alert", "answer", "audit", "auditor", "case", "child", "family", "file"}
TOTALS = {"all", "total", "all teams", "all audits", "sum"}
Equation = tuple[dict[str, int], int]
"""Σ coefficient x count = number"""
Note = Callable[[str, float, float], None]
Ranges = dict[str, tuple[float, float]]


def worked_out(before: Document, after: Document) -> dict[str, str]:
    """Return counts of 1 to 5 that `after` tells more closely than "1 to 5", with what it tells.

    A count that is printed counts, too. Empty: nothing can be worked out.
    """
    truth = _truth(before)
    equations = [*_declared(before), *_named_totals(before), *_wholes(before)]
    small = {key for key, value in truth.items() if 1 <= value <= 5}
    small |= {key for key, value in _rests(before, truth).items() if 1 <= value <= 5}
    ranges = _seen(before, after)
    for key in {*small, *(key for terms, _ in equations for key in terms)}:
        ranges.setdefault(key, (0, inf))
    _narrow(ranges, equations)
    reach = _Reach(ranges, equations)
    spans = {key: reach.of(key) for key in sorted(small)}
    told = {key: f"{low:g} to {high:g}" for key, (low, high) in spans.items() if high - low < 4}
    return told | _grammar(after)


def _grammar(after: Document) -> dict[str, str]:
    """Return what words tell: "c file" is one file."""
    told = {}
    for kind, row in _blocks(after):
        for cell, next_ in pairwise(row):
            if kind == "text" and isinstance(cell, Hidden) and isinstance(next_, str):
                noun = next_.split()[:1]
                if noun and noun[0].strip(".,;:)") in SINGULAR:
                    told[f"c{next_}"] = "1 to 1"
    return told


def _blocks(document: Document) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """Yield rows of cells: sentences, items, rows of tables."""
    for section in document.sections:
        for block in section.blocks:
            match block:
                case Paragraph(words=words):
                    yield "text", words
                case Bullets(items=items):
                    yield from (("text", item) for item in items)
                case Table(rows=rows) | Chart(table=Table(rows=rows)):
                    yield from (("table", row) for row in rows)


def _tables(document: Document) -> Iterator[Table]:
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Chart):
                yield block.table
            elif isinstance(block, Table):
                yield block


def _counts(cell: Cell) -> list[Count]:
    match cell:
        case Count():
            return [cell]
        case Share(part=part, whole=whole):
            return [part, whole]
        case Estimate(base=base):
            return [base]
    return []


def _truth(document: Document) -> dict[str, int]:
    pairs = (c for _, row in _blocks(document) for cell in row for c in _counts(cell))
    return {count.key: count.value for count in pairs if count.key}


def _rest(share: Share) -> str:
    return f"({share.whole.key} without {share.part.key})"


def _keyed(document: Document) -> Iterator[Share]:
    for _, row in _blocks(document):
        for cell in row:
            if isinstance(cell, Share) and cell.part.key and cell.whole.key:
                yield cell


def _rests(document: Document, truth: dict[str, int]) -> dict[str, int]:
    return {_rest(s): truth[s.whole.key] - truth[s.part.key] for s in _keyed(document)}


def _wholes(document: Document) -> Iterator[Equation]:
    for share in _keyed(document):
        if share.part.key != share.whole.key:
            yield {share.part.key: 1, _rest(share): 1, share.whole.key: -1}, 0


def _declared(document: Document) -> Iterator[Equation]:
    for sum_ in document.sums:
        terms = {sum_.total: -1}
        for key in sum_.parts:
            terms[key] = terms.get(key, 0) + 1
        yield terms, 0


def _named_totals(document: Document) -> Iterator[Equation]:
    """Yield the sums that a table's own headings suggest and its numbers bear out."""
    for table in _tables(document):
        lines = [tuple(row[1:]) for row in table.rows]
        heads = [str(row[0]) for row in table.rows]
        found = [*_sums(lines, [c.title for c in table.columns[1:]])]
        found += [*_sums(list(zip(*lines, strict=True)), heads)]
        yield from found


def _sums(lines: list[tuple[Cell, ...]], heads: list[str]) -> Iterator[Equation]:
    at = [place for place, head in enumerate(heads) if head.lower() in TOTALS]
    if len(at) != 1:
        return
    made = []
    for line in lines:
        total = line[at[0]]
        parts = _only_counts(line[: at[0]] + line[at[0] + 1 :])
        if not isinstance(total, Count) or not parts:
            continue
        if sum(c.value for c in parts) != total.value:
            return  # those are no sums
        terms = {total.key: -1} | {count.key: 1 for count in parts}
        if all(terms):
            made.append((terms, 0))
    yield from made


def _only_counts(line: tuple[Cell, ...]) -> list[Count]:
    return [cell for cell in line if isinstance(cell, Count)]


def _seen(before: Document, after: Document) -> Ranges:
    """Return what is to be seen of each count: the number itself, or that it is no nought."""
    ranges: Ranges = {}

    def note(key: str, low: float, high: float) -> None:
        was = ranges.get(key, (0, inf))
        ranges[key] = (max(was[0], low), min(was[1], high))

    for (kind, old), (_, new) in zip(_blocks(before), _blocks(after), strict=True):
        for was, now in zip(old, new, strict=True):
            if isinstance(now, Hidden) and isinstance(was, Count):
                note(was.key, 1, inf)
            for count in _counts(now):
                note(count.key, count.value, count.value)
        if kind == "table":
            _guessed(old, new, note)
    return ranges


def _guessed(old: tuple[Cell, ...], new: tuple[Cell, ...], note: Note) -> None:
    """Take a rate that stands beside hidden counts for the ratio of one of them to its base."""
    for now in new:
        if isinstance(now, Estimate) and now.unit == "percent":
            part = now.value / 100 * now.base.value
            for was, cell in zip(old, new, strict=True):
                if (
                    isinstance(cell, Hidden)
                    and isinstance(was, Count)
                    and abs(was.value - part) < 0.05
                ):
                    note(was.key, round(part), round(part))


def _narrow(ranges: Ranges, equations: list[Equation]) -> None:
    """Narrow every count by every equation until nothing more follows."""
    for _ in range(50):
        before = dict(ranges)
        for terms, number in equations:
            for key, factor in terms.items():
                others = [(ranges.get(k, (0, inf)), f) for k, f in terms.items() if k != key]
                least = number - sum(f * (r[1] if f > 0 else r[0]) for r, f in others)
                most = number - sum(f * (r[0] if f > 0 else r[1]) for r, f in others)
                low, high = sorted((least / factor, most / factor))
                was = ranges.get(key, (0, inf))
                ranges[key] = (
                    max(was[0], ceil(low - 1e-9) if low > -inf else 0),
                    min(was[1], floor(high + 1e-9) if high < inf else inf),
                )
        if ranges == before:
            return


class _Reach:
    """How little and how much each count can be, by linear programming.

    What each solution shows of other counts is kept, so that most need none of their own.
    """

    def __init__(self, ranges: Ranges, equations: list[Equation]) -> None:
        self.keys = sorted(k for k, (low, high) in ranges.items() if low < high)
        self.known = {k: low for k, (low, high) in ranges.items() if low == high}
        self.at = {key: place for place, key in enumerate(self.keys)}
        self.bounds = [ranges[key] for key in self.keys]
        self.seen: list[tuple[float, float]] = [(inf, -inf)] * len(self.keys)
        left = [e for e in equations if any(key in self.at for key in e[0])]
        self.matrix, self.right = np.zeros((len(left), len(self.keys))), np.zeros(len(left))
        for line, (terms, number) in enumerate(left):
            self.right[line] = number
            for key, factor in terms.items():
                if key in self.at:
                    self.matrix[line, self.at[key]] += factor
                else:
                    self.right[line] -= factor * self.known[key]

    def of(self, key: str) -> tuple[float, float]:
        """Return the least and the most of a count; it may reach further where it is wide."""
        if key not in self.at:
            return self.known[key], self.known[key]
        place = self.at[key]
        span = self.seen[place]
        if not span[1] - span[0] >= 6:  # wide enough whatever is rounded
            span = self._end(place, 1), self._end(place, -1)
        return ceil(span[0] - 1e-6), floor(span[1] + 1e-6) if span[1] < inf else inf

    def _end(self, place: int, sign: int) -> float:
        """Return the least (1) or the most (-1) that a count can be."""
        aim = np.zeros(len(self.keys))
        aim[place] = sign
        lines = len(self.right)
        result = linprog(
            aim,
            A_eq=csr_array(self.matrix) if lines else None,  # type: ignore[arg-type]
            b_eq=self.right if lines else None,
            bounds=[(low, None if high == inf else high) for low, high in self.bounds],
        )
        assert result.status in {0, 3}, result.message  # what is so always fits
        if result.status == 3:
            return sign * -inf
        self.seen = [
            (min(low, value), max(high, value))
            for (low, high), value in zip(self.seen, np.asarray(result.x), strict=True)
        ]
        return sign * float(result.fun or 0)
