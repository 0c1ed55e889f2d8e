"""Promises of `engine.findings.side_by_side`: every slice once, in order, and no waiting for ever."""

from collections.abc import Iterator
from threading import Lock

import duckdb
import pytest

from engine.findings.side_by_side import side_by_side
from engine.findings.slices import Slice

PARTS = tuple(Slice(f"A{number}", f"A{number}", 1) for number in range(12))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as con:
        yield con


def threads(con: duckdb.DuckDBPyConnection) -> int:
    return int(con.execute("SELECT current_setting('threads')").fetchall()[0][0])


@pytest.mark.parametrize("processors", [1, 2, 64])
def test_every_slice_is_done_once_and_yielded_in_order(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, processors: int
) -> None:
    """Tables of one slice are not seen by another, though they have one name."""
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    done: dict[int, str] = {}
    adding = Lock()

    def work(own: duckdb.DuckDBPyConnection, number: int, part: Slice) -> None:
        own.execute(f"CREATE OR REPLACE TEMP TABLE audits AS SELECT '{part.first}' AS audit_id")
        ((held,),) = own.execute("SELECT audit_id FROM audits").fetchall()
        with adding:
            assert number not in done
            done[number] = held

    assert tuple(side_by_side(con, PARTS, work)) == PARTS
    assert done == {number: part.first for number, part in enumerate(PARTS)}
    assert threads(con) == 2


@pytest.mark.parametrize("first", [0, 3])
def test_what_fails_is_raised_and_nobody_waits(con: duckdb.DuckDBPyConnection, first: int) -> None:
    """Every worker fails, with more slices than workers: the first failure comes out."""

    def work(_: duckdb.DuckDBPyConnection, number: int, __: Slice) -> None:
        if number >= first:
            raise OSError(28, f"no space for slice {number}")

    with pytest.raises(OSError, match="no space"):
        list(side_by_side(con, PARTS, work))
    assert threads(con) == 2


def test_who_stops_listening_stops_the_work(con: duckdb.DuckDBPyConnection) -> None:
    """A run that is broken off ends, and leaves the connection as it was."""
    seen = []
    running = side_by_side(con, PARTS, lambda _, number, __: seen.append(number))
    assert next(running) == PARTS[0]
    running.close()
    assert threads(con) == 2


def test_no_slices_are_no_work(con: duckdb.DuckDBPyConnection) -> None:
    assert list(side_by_side(con, (), lambda *_: None)) == []
