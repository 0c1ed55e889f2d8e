"""Work on slices side by side: several at once, each by a connection of its own.

Temporary tables and variables belong to a connection, so that workers cannot meet in them.
"""

import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import TypeVar

import duckdb

from engine.findings.slices import Slice
from engine.records.memory import workers

Work = Callable[[duckdb.DuckDBPyConnection, int, Slice], None]
T = TypeVar("T")

# The database's own threads have the other processors.
MOST = 4
# Seconds between two tries to end what is in work.
AGAIN = 0.05


def side_by_side(
    con: duckdb.DuckDBPyConnection,
    parts: Sequence[Slice],
    work: Work,
) -> Generator[Slice, None, None]:
    """Work on every slice, given its number, and yield it when it is done, in order.

    What work raises is raised here.
    """
    processors = os.cpu_count() or 1
    number = workers(con, max(1, min(MOST, processors, len(parts))))
    connections: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()

    def one(place: int) -> Slice:
        own = connections.get()
        try:
            work(own, place, parts[place])
        finally:  # or a slice after one that failed would wait for ever
            connections.put(own)
        return parts[place]

    with _cursors(con, number) as cursors, _threads(con, processors - number + 1):
        for cursor in cursors:
            connections.put(cursor)
        yield from _in_order(one, len(parts), cursors)


def _in_order(
    one: Callable[[int], T], count: int, cursors: Sequence[duckdb.DuckDBPyConnection]
) -> Iterator[T]:
    with ThreadPoolExecutor(len(cursors)) as pool:
        waiting = [pool.submit(one, place) for place in range(count)]
        try:
            yield from (future.result() for future in waiting)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _end(waiting, cursors)
            raise


def _end(waiting: Sequence["Future[T]"], cursors: Sequence[duckdb.DuckDBPyConnection]) -> None:
    """Interrupt what is in work until it has ended: between two queries it would not notice."""
    while not all(one.done() for one in waiting):
        for cursor in cursors:
            cursor.interrupt()
        time.sleep(AGAIN)


@contextmanager
def _cursors(
    con: duckdb.DuckDBPyConnection, number: int
) -> Iterator[tuple[duckdb.DuckDBPyConnection, ...]]:
    cursors = tuple(con.cursor() for _ in range(number))
    try:
        yield cursors
    finally:
        for cursor in cursors:
            with suppress(duckdb.Error):
                cursor.close()


@contextmanager
def _threads(con: duckdb.DuckDBPyConnection, number: int) -> Iterator[None]:
    """Let the database use so many threads, a calling one among them, for as long as this lasts."""
    (before,) = con.execute("SELECT current_setting('threads')").fetchall()[0]
    con.execute(f"SET threads = {number}")
    try:
        yield
    finally:
        con.execute(f"SET threads = {int(before)}")
