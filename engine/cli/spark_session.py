"""A session of Apache Spark for one run of a command, and its end.

In: the address of a master. Out: a session whose chatter goes to a file, or the end of the run that
says why there is none. It must not know what is scored.
"""

import logging
import os
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from engine.cli.spark_faults import NOT_TAKEN, told
from engine.cli.spark_ready import check_ready, stopped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from pyspark import SparkContext
    from pyspark.sql import SparkSession

NAME = "practice-audit"
LOOPBACK = ("127.0.0.1", "localhost")
# So many seconds for a cluster to give its first worker, and for the JVM to end.
WORKER, ENDED = 60.0, 10.0
# So many seconds for a master to take a run on. One of another version says nothing, and Spark
# itself would ask it for a minute.
TAKEN_ON = 10.0
# the threads of Spark that ask a master: only once they are there is anything to be waited for
ASKING = "appclient-"
# Spark takes 1 GB for itself unless told; on one machine that does all the work.
MEGABYTE, SHARE, LEAST, MOST = 2**20, 2, 1024, 8192


@contextmanager
def session(master: str) -> "Iterator[SparkSession]":
    """Give a session, and end it and all that it started.

    Raises:
        Stop: there can be none, or an error of Spark ended what was done meanwhile.
    """
    check_ready(master)
    handle, name = tempfile.mkstemp(prefix="audit-spark-", suffix=".log")
    log, started, kept = Path(name), list[Any](), False
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - it was made open
            yield _start(master, file, started)
    except Exception as error:
        stop = told(error, log, master)  # while the JVM, which knows what was wrong, still runs
        if stop is None:
            raise
        kept = name in str(stop)
        raise stop from error
    finally:
        _end(started)
        if not kept:
            log.unlink()


def _start(master: str, log: "BinaryIO", started: list[Any]) -> "SparkSession":
    """Start the JVM, a context and a session; what has been started stands in the list."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    if master.startswith("local"):
        # what the user set in spark-defaults.conf or in this variable comes before it
        os.environ.setdefault("SPARK_DRIVER_MEMORY", f"{_memory()}m")
    conf = SparkConf(loadDefaults=False).setAll([*_settings(master).items()])
    gateway = launch_gateway(conf, {"stdout": log, "stderr": subprocess.STDOUT})
    started.append(gateway)
    logging.getLogger("py4j").setLevel(logging.CRITICAL)  # what it would say is told in plain words
    interrupted = signal.getsignal(signal.SIGINT)
    with _taken_on(gateway, master):
        context = SparkContext(conf=conf, gateway=gateway)
    signal.signal(signal.SIGINT, interrupted)  # Spark's own would ask a JVM that is busy
    started.append(context)
    if master.startswith("spark://"):
        _await_worker(context, master)
    return SparkSession(context)


@contextmanager
def _taken_on(gateway: Any, master: str) -> "Iterator[None]":  # noqa: ANN401 - py4j has no types
    """End the JVM if a master does not take on the run that is started meanwhile."""
    done, given_up = Event(), Event()

    def watch() -> None:
        while not done.wait(0.5):
            with suppress(Exception):  # it may have ended by itself
                threads = gateway.jvm.java.lang.Thread.getAllStackTraces().keySet()
                if any(ASKING in str(thread.getName()) for thread in threads):
                    break
        if not done.wait(TAKEN_ON):
            given_up.set()
            gateway.proc.kill()

    if master.startswith("spark://"):
        Thread(target=watch, daemon=True).start()
    try:
        yield
    except Exception as error:
        if given_up.is_set():
            why = NOT_TAKEN
            raise stopped(master, why.code, why.said, why.way_out) from error
        raise
    finally:
        done.set()


def _settings(master: str) -> dict[str, str]:
    settings = {
        "spark.master": master,
        "spark.app.name": NAME,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if master.startswith("local") or any(f"//{host}:" in master for host in LOOPBACK):
        # the name of a laptop often leads nowhere
        settings |= {"spark.driver.host": LOOPBACK[0], "spark.driver.bindAddress": LOOPBACK[0]}
    return settings


def _memory() -> int:
    """Return how many megabytes Spark may have on one machine: half of what there is."""
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not told on Windows
        return LEAST
    return max(LEAST, min(MOST, whole // SHARE // MEGABYTE))


def _await_worker(context: "SparkContext", master: str) -> None:
    """Wait until some worker works for this run: without one it would wait for ever."""
    end = time.monotonic() + WORKER
    while context._jsc.sc().getExecutorMemoryStatus().size() < 2:  # noqa: PLR2004, SLF001 - the driver is the first; nobody else tells
        if time.monotonic() > end:
            said = f"the cluster gave no worker within {WORKER:.0f} seconds"
            way_out = (
                "the master's page shows which workers it has, and who holds their cores and "
                "memory; SPARK_EXECUTOR_MEMORY=512m asks for less"
            )
            raise stopped(master, "S105", said, way_out)
        time.sleep(0.2)


def _end(started: list[Any]) -> None:
    """End a context and its JVM, whatever state they are in."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    for one in reversed(started):
        with suppress(Exception):  # it may be gone already
            one.stop() if isinstance(one, SparkContext) else one.shutdown()
    for process in (one.proc for one in started if getattr(one, "proc", None)):
        process.stdin.close()  # which is its sign to end
        try:
            process.wait(ENDED)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    # the next session of this process starts anew
    SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None  # noqa: SLF001 - no public way
    SparkSession._instantiatedSession = None  # noqa: SLF001 - as above
