"""A batch scored by a standalone cluster of a master and two workers, as a user would type it."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import duckdb
import pytest

from tests.spark.cluster import SHORT_LIVED, Cluster, cluster
from tests.spark.needed import AUDITS, rows_of, skip_without_spark
from tests.unit.commands import AS_OF, Audit, process
from tests.unit.synthetic_batches import made_once

SOME = 4  # tables worked out, of at least twice as many, when the worker is killed
SETTINGS = f"""\
spark.executor.memory 512m
spark.driver.memory 700m
spark.sql.shuffle.partitions 4
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.driver.extraJavaOptions {SHORT_LIVED}
spark.executor.extraJavaOptions {SHORT_LIVED}
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    """Return a cluster of which nobody has yet killed a worker."""
    skip_without_spark()
    with cluster() as started:
        yield started


@pytest.fixture
def audit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: dict[str, str]
) -> Audit:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return Audit(monkeypatch, capsys)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the variables that a user of a small machine would set.

    No worker finds a Python: none is needed, so that no version of one can be wrong.
    """
    folder = tmp_path_factory.mktemp("settings")
    (folder / "spark-defaults.conf").write_text(SETTINGS)
    return {"SPARK_CONF_DIR": str(folder), "PYSPARK_PYTHON": "/nowhere/python"}


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


def kept(folder: Path) -> int:
    """Return how many tables a run has worked out so far."""
    return sum(1 for _ in folder.rglob("kept/*/rdd-*"))


def wait_until(met: Callable[[], bool]) -> None:
    end = time.monotonic() + 180
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


class Killing(Thread):
    """Kills a worker by its own process id, when it has done a part and more is to be done."""

    def __init__(self, running: Cluster, folder: Path) -> None:
        super().__init__(daemon=True)
        self.running, self.folder = running, folder
        self.at_kill = (0, 0)

    def tasks(self) -> tuple[int, int]:
        return self.running.tasks_of(0), self.running.tasks_of(1)

    def run(self) -> None:
        wait_until(lambda: kept(self.folder) >= SOME and min(self.tasks()) > 0)
        self.running.kill_worker(0)
        done = kept(self.folder)
        wait_until(lambda: self.running.states() == ["ALIVE", "DEAD"])
        self.at_kill = self.tasks()
        wait_until(lambda: kept(self.folder) > done)


def test_a_worker_that_is_killed_in_the_middle_of_a_run_changes_nothing(
    running: Cluster, rules: Path, batch: Path, audit: Audit, tmp_path: Path
) -> None:
    """Both work until one is killed; all results of the command are those of this machine."""
    here, out = tmp_path / "here", tmp_path / "there" / "out"
    out.parent.mkdir()
    asked = ("score", batch, "--rules", rules, *AS_OF, "--write", "json,parquet", "--out")
    expected = audit(*asked, here)
    assert expected.code == 4, expected.err
    killing = Killing(running, out.parent)
    killing.start()
    ended = process(*asked, out, "--engine", "spark", "--master", running.url)
    assert ended.code == 4, ended.err
    killing.join(timeout=10)
    assert not killing.is_alive(), "the worker was not killed while the run lasted"
    assert running.workers[0].returncode == -signal.SIGKILL
    assert running.tasks_of(0) == killing.at_kill[0] > 0
    assert running.tasks_of(1) > killing.at_kill[1] > 0
    assert f"scoring {AUDITS} audits on {running.url}\n" in ended.err
    assert len(rows_of(here)[1]) == AUDITS
    assert rows_of(out) == rows_of(here)
    assert (out / "rejected.csv").read_bytes() == (here / "rejected.csv").read_bytes()
    beside = [path.name for path in out.iterdir()]
    written = ["data_quality.parquet", "moderated", "rejected.csv", "results.json"]
    assert sorted(beside) == written
    parts = sorted(path.name for path in (out / "moderated").iterdir())
    assert parts == [f"part-{number:05}.parquet" for number in range(len(parts))]
