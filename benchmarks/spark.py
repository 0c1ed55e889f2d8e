"""Time Apache Spark on a cluster of this machine beside the local engine, on the same batches.

    .venv/bin/python benchmarks/spark.py                   10,000 and 100,000 audits
    .venv/bin/python benchmarks/spark.py 1000000           another size
    .venv/bin/python benchmarks/spark.py --whole           all standards, not only the fifteen
    .venv/bin/python benchmarks/spark.py --memory 4g       more memory for each of two workers

The cluster is a master and two workers of one core each, processes of their own on loopback
(tests/spark/cluster.py). The first run of a session on it is cold, the second warm. The run ends
with 1 if any audit differs between the two engines; it never fails for being slow.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb
import make_batch
from contenders import RULES, WHOLE

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.cli.common import open_rulebook  # noqa: E402 - found through the line above
from engine.cli.spark_session import session  # noqa: E402
from engine.pipeline import Scoring, score_in_parts  # noqa: E402
from engine.pipeline.spark_batch import score_on_spark  # noqa: E402
from engine.records.read import read_batch  # noqa: E402
from engine.rulebook.book import Rulebook  # noqa: E402
from tests.spark.cluster import Cluster, cluster  # noqa: E402

SIZES = (10_000, 100_000)
AS_OF = date(2026, 6, 30)
TICK = os.sysconf("SC_CLK_TCK")
Run = Callable[[Scoring, Path, Path], object]


class Took(NamedTuple):
    """What something took: on the wall, and of the processors of all processes that take part."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} | {self.cpu:.1f}"


class Clock:
    """Measures from when it is made or was last read."""

    def __init__(self) -> None:
        self.groups = {os.getpgrp()}
        self.wall, self.cpu = time.perf_counter(), processor(self.groups)

    def read(self) -> Took:
        wall, cpu = time.perf_counter(), processor(self.groups)
        took = Took(wall - self.wall, cpu - self.cpu)
        self.wall, self.cpu = wall, cpu
        return took


def main(arguments: Sequence[str] | None = None) -> int:
    asked = parsed(arguments)
    os.environ.setdefault("SPARK_EXECUTOR_MEMORY", asked.memory)
    book = open_rulebook(WHOLE if asked.whole else RULES)
    batches = {size: made(size, asked.data, whole=asked.whole) for size in asked.sizes}
    print("| what | seconds | of processors |\n| --- | ---: | ---: |", flush=True)
    clock, differing = Clock(), 0
    with cluster(memory=asked.memory) as running:
        clock.groups |= groups_of(running)
        print(f"| master and two workers started | {clock.read()} |", flush=True)
        with session(running.url) as spark:
            print(f"| session started, a worker given | {clock.read()} |", flush=True)

            def there(scoring: Scoring, out: Path, scratch: Path) -> object:
                return score_on_spark(spark, scoring, out, scratch)

            for size, batch in batches.items():
                runs = {"this process": here, "Spark, cold": there, "Spark, warm": there}
                differing += compared(book, (size, batch), runs, clock)
    return 1 if differing else 0


def compared(book: Rulebook, sized: tuple[int, Path], runs: dict[str, Run], clock: Clock) -> int:
    """Print what each run of a batch takes; return how many audits differ from the first run's."""
    (size, batch), outs = sized, []
    with tempfile.TemporaryDirectory(prefix="spark-", dir=batch.parent) as folder:
        for number, (name, run) in enumerate(runs.items()):
            out, scratch = Path(folder) / f"out-{number}", Path(folder) / f"scratch-{number}"
            out.mkdir()
            clock.read()
            with read_batch(batch, book.fields, book.allowed) as read:
                run(Scoring(book, read, AS_OF), out, scratch)
            print(f"| {size:,} audits, {name} | {clock.read()} |", flush=True)
            outs.append(f"FROM '{out}/moderated/*.parquet'")
        first, *others = outs
        return sum(count(f"{first} EXCEPT {o}") + count(f"{o} EXCEPT {first}") for o in others)


def here(scoring: Scoring, out: Path, _: Path) -> object:
    return score_in_parts(scoring, out)


def count(query: str) -> int:
    return int(duckdb.sql(f"SELECT count(*) FROM ({query})").fetchall()[0][0])


def processor(groups: Iterable[int]) -> float:
    """Return the seconds of processor of all processes of these groups that still run."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        total += sum(map(int, fields[11:15])) if int(fields[2]) in groups else 0
    return total / TICK


def groups_of(running: Cluster) -> set[int]:
    return {one.pid for one in (running.master, *running.workers)}


def made(size: int, folder: Path, *, whole: bool) -> Path:
    """Return a synthetic batch, made unless it is there."""
    batch = folder / f"spark-{'whole' if whole else 'fifteen'}-{size}"
    if not batch.exists():
        folder.mkdir(parents=True, exist_ok=True)
        make_batch.main([str(size), str(batch), *([] if whole else ["--fifteen"])])
    return batch


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    first, *_ = (__doc__ or "").splitlines()
    parser = argparse.ArgumentParser(description=first)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of audits")
    parser.add_argument("--whole", action="store_true", help="all standards, not only the fifteen")
    parser.add_argument("--memory", default="2g", help="of each worker; 2g if not given")
    scratch = Path(tempfile.gettempdir()) / "audit-benchmarks"
    parser.add_argument("--data", type=Path, default=scratch, help="folder that keeps the batches")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
