"""A master that answers and takes no run on, as one of another version does, is not waited for."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from threading import Thread

import pytest

from engine.cli import spark_session
from engine.cli.spark_session import session
from engine.errors import Stop
from tests.spark.needed import skip_without_spark

ANSWER = bytes(8) + b"\x08"  # as a master says that it has no such file


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


def test_a_master_that_takes_no_run_on_is_given_up(
    another: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark itself would ask it for a minute, and so long would a person look at nothing."""
    skip_without_spark()
    assert spark_session.TAKEN_ON < 30 - 15  # a JVM starts in less
    monkeypatch.setattr(spark_session, "TAKEN_ON", 1.0)
    monkeypatch.setattr(spark_session, "told", lambda *_: None)  # what Spark says after its minute
    with pytest.raises(Stop) as stopped, session(another):
        pytest.fail("there is no cluster")
    assert str(stopped.value) == (
        f"{another}: S104 the master does not take this run on\n"
        "  help: look at the logs of the master; it must run the same version of Apache Spark"
    )
