"""A master that answers and takes no run on, as one of another version does, is not waited for."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from threading import Thread

import pytest

from engine.cli import spark_session
from tests.spark.needed import skip_without_spark
from tests.unit.synthetic_batches import ROOT

ANSWER = bytes(8) + b"\x08"  # as a master says that it has no such file
# in a process of its own: a session of this one would be in the way. What Spark itself says, after
# a minute, is not told.
SCRIPT = """\
import sys
from engine.cli import spark_session
from engine.errors import Stop

spark_session.TAKEN_ON, spark_session.told = 1.0, lambda *_: None
try:
    with spark_session.session(sys.argv[1]):
        print("there is no cluster")
except Stop as stop:
    print(stop)
"""


@pytest.fixture
def another() -> Iterator[str]:
    """Return the address of one that answers as a master would, once, and then says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listening = Thread(target=listen, args=(server,), daemon=True)
        listening.start()
        yield f"spark://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        listening.join()


def listen(server: socket.socket) -> None:
    with ExitStack() as kept, suppress(OSError):  # by which the end of the test is told
        kept.enter_context(server.accept()[0]).sendall(ANSWER)
        while True:
            kept.enter_context(server.accept()[0])


def test_a_master_that_takes_no_run_on_is_given_up(another: str) -> None:
    """Spark itself would ask it for a minute, and so long would a person look at nothing."""
    skip_without_spark()
    assert spark_session.TAKEN_ON < 30 - 15  # a JVM starts in less
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, another],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    assert ended.stdout == (
        f"{another}: S104 the master does not take this run on\n"
        "  help: look at the logs of the master; it must run the same version of Apache Spark\n"
    )
