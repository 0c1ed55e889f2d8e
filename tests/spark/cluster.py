"""A real standalone cluster of Apache Spark: one master and two workers, processes of their own.

    python3 tests/spark/cluster.py                      two workers of one core and 1 GB each
    python3 tests/spark/cluster.py --workers 3 --memory 2g

It prints the address of the master and runs until it is interrupted. All of it listens on
loopback alone, at ports that the system gives, and is started through the `bin/spark-class` of the
`pyspark` package, which ships no script for it. Logs and work are kept in one temporary folder.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

LOOPBACK = "127.0.0.1"
READY = 120  # so many seconds may all of it take to start
STARTED = re.compile(r"Starting Spark master at (spark://\S+)")
PAGE = re.compile(r"Bound MasterWebUI to .* started at (http://\S+)")
REGISTERED = "Registering worker "
FINISHED = "Finished task"
CORES = 1
# of processes that run for a minute: what a JVM would verify and compile for speed never pays
SHORT_LIVED = (
    "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote "
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
)


@dataclass
class Cluster:
    """A running cluster: the master's address, its processes, and the folder of their logs."""

    url: str
    folder: Path
    master: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def kill_worker(self, which: int) -> None:
        """Kill one worker at once, by its own process id, as if its machine had failed."""
        worker = self.workers[which]
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def states(self) -> list[str]:
        """Return what the master's page says of its workers, such as `ALIVE` and `DEAD`."""
        found = PAGE.search(self.log_of("master"))
        assert found is not None
        with urlopen(f"{found[1]}/json/") as page:  # noqa: S310 - the address is of our own master
            return sorted(worker["state"] for worker in json.load(page)["workers"])

    def tasks_of(self, which: int) -> int:
        """Return how many tasks the executors of one worker have said that they finished."""
        logs = (self.folder / f"work-{which}").glob("*/*/stderr")
        return sum(log.read_text("utf-8", "replace").count(FINISHED) for log in logs)

    def log_of(self, name: str) -> str:
        """Return what a process has said so far: `master`, `worker-0`, …."""
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")


@contextmanager
def cluster(workers: int = 2, memory: str = "1g") -> Iterator[Cluster]:
    """Start a cluster, and stop it at the end: all its processes, and no others."""
    folder = Path(tempfile.mkdtemp(prefix="spark-cluster-"))
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, main: str, *arguments: str) -> subprocess.Popen[bytes]:
        started.append(_start(folder, name, main, *arguments))
        return started[-1]

    try:
        port = ("--host", LOOPBACK, "--port", "0", "--webui-port", "0")
        master = start("master", "master.Master", *port)
        running = Cluster(_address(folder, started), folder, master)
        room = ("--cores", str(CORES), "--memory", memory, running.url)
        for number in range(workers):
            work = ("--work-dir", str(folder / f"work-{number}"))
            running.workers.append(start(f"worker-{number}", "worker.Worker", *port, *work, *room))
        _wait(started, folder, lambda: running.log_of("master").count(REGISTERED) >= workers)
        yield running
    finally:
        for process in reversed(started):
            _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, name: str, main: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a process of the cluster as the leader of a group of its own."""
    command = [str(spark_home() / "bin" / "spark-class"), f"org.apache.spark.deploy.{main}"]
    settings = folder / "settings"
    settings.mkdir(exist_ok=True)
    # nobody's own settings of Spark are to change what is tested
    mine = {key: value for key, value in os.environ.items() if not key.startswith("SPARK_")}
    mine |= {"SPARK_LOCAL_IP": LOOPBACK, "SPARK_CONF_DIR": str(settings)}
    mine |= {"SPARK_LOCAL_DIRS": str(folder / f"scratch-{name}"), "SPARK_DAEMON_MEMORY": "256m"}
    mine |= {"SPARK_DAEMON_JAVA_OPTS": SHORT_LIVED}
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=mine,
            start_new_session=True,
        )


def spark_home() -> Path:
    """Return the folder of the installed `pyspark`, which is a whole Spark."""
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _address(folder: Path, started: Sequence[subprocess.Popen[bytes]]) -> str:
    log = folder / "master.log"
    _wait(started, folder, lambda: STARTED.search(log.read_text("utf-8", "replace")) is not None)
    found = STARTED.search(log.read_text("utf-8", "replace"))
    assert found is not None
    return found[1]


def _wait(
    started: Sequence[subprocess.Popen[bytes]], folder: Path, ready: Callable[[], bool]
) -> None:
    end = time.monotonic() + READY
    while not ready():
        dead = [process for process in started if process.poll() is not None]
        if dead or time.monotonic() > end:
            said = "\n".join(f"{log}:\n{log.read_text()[-2000:]}" for log in folder.glob("*.log"))
            raise RuntimeError(f"the cluster did not start\n{said}")
        time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it started: a worker's executors are of its group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def main() -> None:
    """Run a cluster until somebody interrupts it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--workers", type=int, default=2, help="how many; 2 if not given")
    parser.add_argument("--memory", default="1g", help="of each worker; 1g if not given")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with cluster(asked.workers, asked.memory) as running:
        sys.stdout.write(f"{running.url}\n")
        sys.stdout.flush()
        sys.stderr.write(f"logs in {running.folder}; Ctrl-C ends it\n")
        try:
            signal.pause()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
