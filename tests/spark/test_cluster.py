"""A batch scored by a standalone cluster of a master and two workers, as a user would type it."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import duckdb
import pytest

from tests.spark.cluster import Cluster, cluster
from tests.spark.needed import skip_without_spark
from tests.unit.commands import AS_OF, Ended, process
from tests.unit.synthetic_batches import ROOT, made_once

AUDITS = 200
SOME = 4  # tables worked out, of at least twice as many, when the worker is killed
# one of each sort of measure, so that plans are many enough and the test is soon over
STANDARDS = ("CP-05", "SU-01", "PL-01")
# the plans are many and the rows few: what Spark compiles for speed never pays
SETTINGS = """\
spark.executor.memory 512m
spark.driver.memory 700m
spark.sql.shuffle.partitions 4
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    """Return a cluster of which nobody has yet killed a worker."""
    skip_without_spark()
    with cluster() as started:
        yield started


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the variables that a user of a small machine would set.

    No worker finds a Python: none is needed, so that no version of one can be wrong.
    """
    folder = tmp_path_factory.mktemp("settings")
    (folder / "spark-defaults.conf").write_text(SETTINGS)
    return {"SPARK_CONF_DIR": str(folder), "PYSPARK_PYTHON": "/nowhere/python"}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped rulebook in which only a few standards are live."""
    folder = tmp_path_factory.mktemp("book") / "rules"
    shutil.copytree(ROOT / "rules", folder)
    for path in folder.glob("*/*.yaml"):
        text = path.read_text("utf-8")
        if not any(f"id: {one}\n" in text for one in STANDARDS):
            path.write_text(text.replace("\nstatus: live", "\nstatus: draft"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a batch in which one row names no audit; the name of its folder is a pattern."""
    folder = tmp_path_factory.mktemp("made") / "we[e]k 1*"
    shutil.copytree(made_once(AUDITS, 7, "parquet"), folder)
    path = folder / "visits.parquet"
    rows = f"SELECT * REPLACE ('nobody' AS audit_id) FROM '{folder.parent}/visits.parquet' LIMIT 1"
    shutil.move(path, folder.parent / "visits.parquet")
    duckdb.execute(f"COPY (FROM '{folder.parent}/visits.parquet' UNION ALL ({rows})) TO '{path}'")
    return folder


class Case(NamedTuple):
    """What is scored, and what the local engine makes of it."""

    rules: Path
    batch: Path
    settings: dict[str, str]
    here: Path

    def score(self, out: Path, *given: str) -> Ended:
        asked: tuple[str | Path, ...] = (
            "--rules",
            self.rules,
            *AS_OF,
            "--out",
            out,
            "--write",
            "json,parquet",
            *given,
        )
        return process("score", self.batch, *asked, **self.settings)

    def score_there(self, running: Cluster, out: Path) -> Ended:
        return self.score(out, "--engine", "spark", "--master", running.url)


@pytest.fixture(scope="module")
def case(
    rules: Path, batch: Path, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Case:
    made = Case(rules, batch, settings, tmp_path_factory.mktemp("here") / "out")
    ended = made.score(made.here)
    assert ended.code == 4, ended.err
    return made


def rows_of(out: Path) -> list[tuple[Any, ...]]:
    query = f"FROM '{out}/moderated/*.parquet' ORDER BY audit_id"
    return duckdb.execute(query).fetchall()


def test_a_cluster_gives_the_results_of_this_machine(
    running: Cluster, case: Case, tmp_path: Path
) -> None:
    """Every grade, cap, rule and finding of every audit is equal, and so is what is counted."""
    out = tmp_path / "out"
    ended = case.score_there(running, out)
    assert ended.code == 4, ended.err
    assert f"scoring {AUDITS} audits on {running.url}\n" in ended.err
    assert rows_of(out) == rows_of(case.here)
    assert len(rows_of(out)) == AUDITS
    assert (out / "rejected.csv").read_bytes() == (case.here / "rejected.csv").read_bytes()
    beside = [path.name for path in out.iterdir()]
    written = ["data_quality.parquet", "moderated", "rejected.csv", "results.json"]
    assert sorted(beside) == written
    parts = sorted(path.name for path in (out / "moderated").iterdir())
    assert parts == [f"part-{number:05}.parquet" for number in range(len(parts))]


def kept(folder: Path) -> int:
    """Return how many tables a run has worked out so far."""
    return sum(1 for _ in folder.rglob("kept/*/rdd-*"))


def wait_until(met: Callable[[], bool]) -> None:
    end = time.monotonic() + 180
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_worker_that_is_killed_in_the_middle_of_a_run_changes_nothing(
    running: Cluster, case: Case, tmp_path: Path
) -> None:
    """It is killed by its own process id, when it has done a part and more is to be done."""
    out, ended = tmp_path / "out", list[Ended]()
    before = [running.tasks_of(0), running.tasks_of(1)]
    run = Thread(target=lambda: ended.append(case.score_there(running, out)))
    run.start()
    wait_until(lambda: kept(tmp_path) >= SOME and running.tasks_of(0) > before[0])
    running.kill_worker(0)
    done = kept(tmp_path)
    assert run.is_alive()
    assert running.workers[0].returncode == -signal.SIGKILL
    wait_until(lambda: running.states() == ["ALIVE", "DEAD"])
    lost, left = running.tasks_of(0), running.tasks_of(1)
    wait_until(lambda: kept(tmp_path) > done or not run.is_alive())
    assert run.is_alive(), ended
    run.join()
    assert ended[0].code == 4, ended[0].err
    assert running.tasks_of(1) > left > before[1]
    assert running.tasks_of(0) == lost > before[0]
    assert rows_of(out) == rows_of(case.here)
