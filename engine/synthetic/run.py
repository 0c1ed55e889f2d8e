"""From an order to a batch on disk, in stretches side by side, so that memory stays bounded.

In: an order, the dictionary of fields and the calendar. Out: the batch, the truth beside it, and a
manifest. Audit i is the same whatever the size of the batch, the format and the machine.
"""

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from engine.rulebook.fields import Fields
from engine.synthetic.as_jsonl import LineSink
from engine.synthetic.as_tables import TableSink
from engine.synthetic.as_xlsx import BookSink
from engine.synthetic.generator import Generator, connect
from engine.synthetic.order import Manifest, Order, check, under_construction
from engine.synthetic.truth import TruthSink
from engine.workdays import Calendar

# Audits made at once: JSON is put together whole, and a workbook cannot be written in parts.
STRETCH = {"parquet": 100_000, "csv": 100_000, "jsonl": 25_000, "xlsx": 200_000}
MOST_WORKERS = 4

Progress = Callable[[int, int], None]


class Sink(Protocol):
    """A format: a stretch is written beside others, and then taken in its turn."""

    def write(self, generator: Generator, number: int) -> Mapping[str, int]:
        """Write one stretch, and say how many rows each table has."""
        ...

    def take(self, number: int, tables: Mapping[str, int]) -> None:
        """Add what was written to what came before it."""
        ...


def synthesise(
    order: Order, fields: Fields, calendar: Calendar | None = None, progress: Progress | None = None
) -> Manifest:
    """Make a synthetic batch and the truth about it, or stop with the reason why not.

    `progress` is told how many audits are done, and of how many.
    """
    check(order)
    rows: Counter[str] = Counter(dict.fromkeys(fields.tables, 0))
    with under_construction(order) as site:
        work = _Work(order, fields, calendar, site)
        for number, written in work.done():
            rows.update(written)
            if progress:
                progress(min(number * work.stretch, order.count), order.count)
        work.truth.close()
    return Manifest(order.count, order.seed, order.format, dict(rows), order.out, order.truth)


class _Work:
    """The stretches of one order, and the connections that make them."""

    def __init__(self, order: Order, fields: Fields, calendar: Calendar | None, site: Path) -> None:
        self.order, self.fields, self.calendar, self.site = order, fields, calendar, site
        self.stretch = STRETCH[order.format]
        self.parts = -(-order.count // self.stretch)
        scratch = site / "scratch"
        self.sink = _sink(order, site, self.parts)
        self.truth = TruthSink(site / "truth", scratch, order.format, self.parts)
        self._own = threading.local()

    def done(self) -> Iterator[tuple[int, Mapping[str, int]]]:
        """Yield the number of each stretch, in order, once it is written and taken."""
        workers = min(MOST_WORKERS, os.cpu_count() or 1, self.parts)
        with ThreadPoolExecutor(workers) as pool:
            # no more than a few wait to be taken, or their files would fill the disk twice
            waiting: list[Future[Mapping[str, int]]] = []
            try:
                for number in range(1, self.parts + 1):
                    waiting.append(pool.submit(self._write, number))
                    if len(waiting) > workers:
                        yield self._take(number - workers, waiting.pop(0))
                for number in range(self.parts - len(waiting) + 1, self.parts + 1):
                    yield self._take(number, waiting.pop(0))
            finally:
                for left in waiting:
                    left.cancel()

    def _take(
        self, number: int, stretch: "Future[Mapping[str, int]]"
    ) -> tuple[int, Mapping[str, int]]:
        rows = stretch.result()
        self.sink.take(number, rows)
        self.truth.take(number)
        return number, rows

    def _write(self, number: int) -> Mapping[str, int]:
        generator = self._generator()
        first = (number - 1) * self.stretch + 1
        generator.draw(first, min(number * self.stretch, self.order.count))
        self.truth.write(generator, number)
        return self.sink.write(generator, number)

    def _generator(self) -> Generator:
        if not hasattr(self._own, "generator"):
            con = connect(self.order.seed, self.calendar, self.site / "scratch")
            self._own.generator = Generator(con, self.fields, self.order.format)
        generator: Generator = self._own.generator
        return generator


def _sink(order: Order, site: Path, parts: int) -> Sink:
    batch, scratch = site / "batch", site / "scratch"
    if order.format == "xlsx":
        return BookSink(batch, scratch, order.out)
    if order.format == "jsonl":
        return LineSink(batch, scratch)
    return TableSink(batch, scratch, order.format, parts)
