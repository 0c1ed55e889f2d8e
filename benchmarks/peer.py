"""A rule engine that a user might pick instead, on the fifteen standards: `peer.py NAME ...`.

Parquet in, Parquet out, audit by audit. Each engine stands in a module of `peers/`; reading, the
arithmetic of days and writing are the same Python for all. After `--seconds` it stops reading and
writes what it has: the results then hold fewer audits, and the last line says how many.
"""

import argparse
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from time import perf_counter

from peers.days import EPOCH
from peers.facts import facts_of
from peers.records import Audit, pieces
from peers.results import add, columns, frame
from phases import Clock

# audits that an engine is handed at a time, so that those with a way to take many can
HANDFUL = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("as_of", type=date.fromisoformat)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after these")
    asked = parser.parse_args()
    clock, ends = Clock(), perf_counter() + asked.seconds
    peer = import_module(f"peers.{asked.name}")
    decide, as_of = peer.peer(), asked.as_of.toordinal() - EPOCH
    clock.done("start")
    made = columns()
    done = 0
    for audits in handfuls(asked.data):
        clock.done("read")
        facts = [facts_of(audit, as_of) for audit in audits]
        clock.done("facts")
        decided = list(decide(facts))
        clock.done("decide")
        for audit, found in zip(audits, decided, strict=True):
            add(audit, found, made)
        done += len(audits)
        clock.done("results")
        if perf_counter() > ends:
            break
    frame(made).write_parquet(asked.out, compression="zstd")
    clock.done("write")
    clock.print(done, **versions(*peer.PACKAGES, "polars"))


def versions(*packages: str) -> dict[str, str]:
    return {package: version(package) for package in packages}


def handfuls(data: Path) -> Iterator[list[Audit]]:
    for piece in pieces(data):
        rest = iter(piece)
        while audits := list(islice(rest, HANDFUL)):
            yield audits


if __name__ == "__main__":
    main()
