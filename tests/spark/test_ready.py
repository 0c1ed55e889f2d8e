"""What is said where Apache Spark cannot be started: each is found before anything is started."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from engine.cli import spark_ready
from engine.cli.spark_ready import INSTALL, INSTALL_JAVA, check_java, check_master, check_package
from engine.errors import Stop
from tests.unit.commands import Audit, Ended

BATCH = "audits/examples"


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


@pytest.fixture
def java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where a Java of our own stands, which JAVA_HOME names."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    return tmp_path / "bin" / "java"


def says(java: Path, text: str) -> None:
    java.write_text(f"#!/bin/sh\nprintf '%s\\n' '{text}' >&2\n")
    java.chmod(0o755)


def stop_of(check: object, *arguments: str) -> str:
    assert callable(check)
    with pytest.raises(Stop) as stopped:
        check(*arguments)
    assert stopped.value.exit_code == 2
    return str(stopped.value)


def test_without_its_package_it_is_said_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named as it is typed, in an installation and in a checkout."""
    monkeypatch.setattr(spark_ready, "find_spec", lambda _: None)
    assert stop_of(check_package) == (
        "--engine: S100 `--engine spark` needs `pyspark` and `sqlglot`, which are not installed\n"
        f"  help: {INSTALL}"
    )
    assert INSTALL.startswith("type: pip install 'practice-audit[spark]'")


@pytest.mark.parametrize("found", ["3.5.9", "5.0.0"])
def test_a_version_of_the_package_that_does_not_fit(
    found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both versions are said: the one that is there, and the one that is needed."""
    monkeypatch.setattr(spark_ready, "find_spec", lambda name: name)
    monkeypatch.setattr(spark_ready, "version", lambda _: found)
    assert stop_of(check_package) == (
        f"--engine: S101 `pyspark` {found} is installed, and 4.0 or newer, below 5 is needed\n"
        f"  help: {INSTALL}"
    )


def test_without_java_it_is_said_what_to_install(java: Path) -> None:
    """JAVA_HOME leads to no Java at all."""
    assert not java.exists()
    assert stop_of(check_java) == (
        "java: S102 Apache Spark needs a Java runtime, and none was found on the path or in "
        f"JAVA_HOME\n  help: {INSTALL_JAVA}"
    )


@pytest.mark.parametrize(("text", "number"), [("1.8.0_412", 8), ("11.0.23", 11)])
def test_a_java_that_is_too_old(text: str, number: int, java: Path) -> None:
    """Its version is read as Java has written it before and after version 9."""
    says(java, f'openjdk version "{text}" 2024-04-16')
    assert stop_of(check_java) == (
        f"java: S103 `{java}` is Java {number}, and Apache Spark 4 needs Java 17 or newer\n"
        f"  help: {INSTALL_JAVA}, or let JAVA_HOME name the one to use"
    )


@pytest.mark.parametrize("text", ["17.0.15", "21", "25.0.1"])
def test_a_java_that_fits(text: str, java: Path) -> None:
    """Nothing is said of it."""
    says(java, f'openjdk version "{text}" 2025-04-15')
    check_java()


def test_a_java_that_tells_no_version(java: Path) -> None:
    """What it says instead is shown."""
    says(java, "The operation could not be completed.")
    assert stop_of(check_java) == (
        f"java: S103 `{java}` does not tell its version; it says "
        f"`The operation could not be completed.`\n  help: {INSTALL_JAVA}"
    )


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def address_of(server: socket.socket) -> str:
    return f"127.0.0.1:{server.getsockname()[1]}"


def test_a_master_at_a_closed_port(listening: socket.socket) -> None:
    """It is said at once."""
    address = address_of(listening)
    listening.close()
    before = time.monotonic()
    assert stop_of(check_master, f"spark://{address}") == (
        f"spark://{address}: S104 no master of Apache Spark answers: `{address}` cannot be reached "
        "(connection refused)\n"
        "  help: check the address (the master's page shows it), the network and the firewall"
    )
    assert time.monotonic() - before < 5


def test_a_port_that_accepts_and_says_nothing(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for, but not for half a minute."""
    assert spark_ready.ANSWERED < 30
    monkeypatch.setattr(spark_ready, "ANSWERED", 1.0)
    address = address_of(listening)
    assert stop_of(check_master, f"spark://{address}") == (
        f"spark://{address}: S104 no master of Apache Spark answers: `{address}` said nothing "
        "within 1 seconds\n"
        "  help: check the address (the master's page shows it), the network and the firewall"
    )


def test_masters_that_say_nothing_are_waited_for_together(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of several is enough; three that are silent cost no more time than one."""
    monkeypatch.setattr(spark_ready, "ANSWERED", 1.0)
    address = address_of(listening)
    before = time.monotonic()
    said = stop_of(check_master, f"spark://{address},localhost:{address[10:]},127.0.0.1:1")
    assert time.monotonic() - before < 2
    assert f"`{address}` said nothing within 1 seconds; `localhost:{address[10:]}` said" in said
    assert "`127.0.0.1:1` cannot be reached (connection refused)" in said


def test_a_port_at_which_something_else_answers(listening: socket.socket) -> None:
    """The page of a master is no master."""

    def answer() -> None:
        asked, _ = listening.accept()
        asked.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        asked.close()

    Thread(target=answer, daemon=True).start()
    assert "is something else\n" in stop_of(check_master, f"spark://{address_of(listening)}")


@pytest.mark.parametrize("master", ["spark://", "spark://host", "http://a:1", "mesos://a:1", ""])
def test_an_address_that_spark_does_not_know(master: str, audit: Audit) -> None:
    """Nothing is looked for on the network."""
    assert audit("score", BATCH, "--engine", "spark", "--master", master) == Ended(
        2,
        "",
        f"--master: S107 `{master}` is no address of a master\n"
        "  help: write it as spark://host:7077, or as local[*] for this machine alone\n",
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            ("--master", "local[2]"),
            "--master: S120 `--master` is given, and the batch is to be scored in this process\n"
            "  help: give --engine spark too, or leave --master out\n",
        ),
        (
            ("--engine", "spark", "--output-format", "csv"),
            "--output-format: S120 `--output-format csv` prints audits, which stay on the cluster\n"
            "  help: leave it out, and read what --out writes\n",
        ),
        (
            ("--engine", "spark", "--write", "json,xlsx"),
            "--write: S120 Spark writes no `xlsx`\n"
            "  help: with --engine spark, name json or parquet with --write\n",
        ),
        (
            ("--engine", "spark", "--write", "json"),
            "--out: U003 no folder for the results is given\n"
            "  help: formats to be written are named with --write\n",
        ),
    ],
)
def test_options_that_do_not_go_together(given: tuple[str, ...], said: str, audit: Audit) -> None:
    """They are refused before anything is read."""
    assert audit("score", BATCH, *given) == Ended(2, "", said)
