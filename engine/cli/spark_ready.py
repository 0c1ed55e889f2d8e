"""Whether Apache Spark can be started here: its package, a Java runtime, a master that answers.

In: the address of a master. Out: nothing, or the end of the run that says what is lacking. Nothing
of Spark is imported or started for it.
"""

import os
import re
import shutil
import socket
import struct
import subprocess
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from engine.errors import Exit, Location, Problem, Stop

CODES = {
    "S100": "the package for Apache Spark is not installed",
    "S101": "the installed package for Apache Spark does not fit",
    "S102": "there is no Java runtime",
    "S103": "the Java runtime does not fit Apache Spark",
    "S104": "no master of Apache Spark answers at the address",
    "S105": "the cluster gives no worker",
    "S106": "the cluster runs another version of Apache Spark",
    "S107": "Apache Spark does not know an address of that form",
    "S108": "Apache Spark has too little memory",
    "S109": "a disk that Apache Spark writes to is full",
    "S110": "a worker cannot read a file of the batch",
    "S111": "parts of a table differ in the type of a column",
    "S112": "the workers wrote the results where this machine cannot see them",
    "S113": "Apache Spark ended with an error that is not known here",
    "S120": "an option cannot be used with the engine that was asked for",
}
PACKAGE, OLDEST, TOO_NEW = "pyspark", (4, 0), (5, 0)
FITTING = "4.0 or newer, below 5"
OLDEST_JAVA = 17
INSTALL = (
    "type: pip install 'practice-audit[spark]' (in a checkout: "
    ".venv/bin/pip install --editable '.[spark]')"
)
INSTALL_JAVA = "install Java 17 or 21 (on Debian and Ubuntu: apt install openjdk-17-jre-headless)"
# So many seconds until a master has to have answered, and until Java has to have said its version.
ANSWERED, SAID = 20.0, 30.0

_STANDALONE = "spark://"
_MASTER = re.compile(
    r"local(\[(\d+|\*)(,\s*\d+)?\])?|local-cluster\[\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\]"
    r"|yarn|k8s://\S+|spark://[^\s/:]+:\d+(,[^\s/:]+:\d+)*"
)
_JAVA_SAYS = re.compile(r'version "(?:1\.)?(\d+)')
# Spark's own protocol: a frame of a length, the kind of a message, and a text. It asks for a file
# that no master has, and any master says so at once, whatever its version.
_STREAM_REQUEST, _STREAM_FAILURE, _NO_FILE = 6, 8, b"/files/practice-audit"


def stopped(where: str, code: str, message: str, way_out: str = "") -> Stop:
    """Return the end of a run on Spark."""
    return Stop(Exit.USAGE, (Problem(Location(where), code, message, way_out),))


def check_ready(master: str) -> None:
    """Stop unless Spark can be started here for this master.

    Raises:
        Stop: something is lacking, or does not fit, or the master does not answer.
    """
    if not _MASTER.fullmatch(master):
        said = f"`{master}` is no address of a master"
        way_out = "write it as spark://host:7077, or as local[*] for this machine alone"
        raise stopped("--master", "S107", said, way_out)
    check_package()
    check_java()
    if master.startswith(_STANDALONE):
        check_master(master)


def check_package() -> None:
    """Stop unless a fitting `pyspark` is installed, and what writes its SQL."""
    lacking = [name for name in (PACKAGE, "sqlglot") if find_spec(name) is None]
    if lacking:
        said = f"`--engine spark` needs {' and '.join(f'`{name}`' for name in lacking)}"
        raise stopped(
            "--engine",
            "S100",
            f"{said}, which {'are' if lacking[1:] else 'is'} not installed",
            INSTALL,
        )
    found = installed()
    if not OLDEST <= _numbers(found) < TOO_NEW:
        said = f"`{PACKAGE}` {found} is installed, and {FITTING} is needed"
        raise stopped("--engine", "S101", said, INSTALL)


def installed() -> str:
    """Return which version of `pyspark` is installed."""
    with suppress(PackageNotFoundError):
        return version(PACKAGE)
    import pyspark  # not every maker of it says so

    return str(pyspark.__version__)


def check_java() -> None:
    """Stop unless there is a Java runtime that Spark can use."""
    java = _java()
    if java is None:
        said = "Apache Spark needs a Java runtime, and none was found on the path or in JAVA_HOME"
        raise stopped("java", "S102", said, INSTALL_JAVA)
    text = _version_of(java)
    found = _JAVA_SAYS.search(text)
    if not found:
        first = text.strip().partition("\n")[0][:200] or "nothing"
        said = f"`{java}` does not tell its version; it says `{first}`"
        raise stopped("java", "S103", said, INSTALL_JAVA)
    if int(found[1]) < OLDEST_JAVA:
        said = f"`{java}` is Java {found[1]}, and Apache Spark 4 needs Java {OLDEST_JAVA} or newer"
        way_out = f"{INSTALL_JAVA}, or let JAVA_HOME name the one to use"
        raise stopped("java", "S103", said, way_out)


def _java() -> str | None:
    """Return the Java that Spark's own scripts would start."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


def _version_of(java: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the user's own Java
            [java, "-version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SAID,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return done.stdout.decode(errors="replace")


def check_master(master: str) -> None:
    """Stop unless a master answers; of several, one is enough."""
    addresses = master.removeprefix(_STANDALONE).split(",")
    answers = SimpleQueue[tuple[str, str | None]]()
    for address in addresses:
        # side by side, and left behind: to look a name up may take longer than anybody waits
        Thread(target=lambda a=address: answers.put((a, _silent(a))), daemon=True).start()
    reasons = dict.fromkeys(addresses, f"said nothing within {ANSWERED:.0f} seconds")
    end = time.monotonic() + ANSWERED
    with suppress(Empty):
        for _ in addresses:
            address, reason = answers.get(timeout=max(0.0, end - time.monotonic()))
            if reason is None:
                return
            reasons[address] = reason
    said = "; ".join(f"`{address}` {why}" for address, why in reasons.items())
    way_out = "check the address (the master's page shows it), the network and the firewall"
    raise stopped(master, "S104", f"no master of Apache Spark answers: {said}", way_out)


def _silent(address: str) -> str | None:
    """Return why nobody that may be a master answers at an address; None if somebody does."""
    host, _, port = address.rpartition(":")
    body = struct.pack(">bi", _STREAM_REQUEST, len(_NO_FILE)) + _NO_FILE
    try:
        with socket.create_connection((host, int(port)), timeout=ANSWERED) as asked:
            asked.settimeout(ANSWERED)
            asked.sendall(struct.pack(">q", 8 + len(body)) + body)
            answer = asked.recv(9)
    except TimeoutError:
        return f"said nothing within {ANSWERED:.0f} seconds"
    except OverflowError:
        return "is no port"
    except OSError as error:
        return f"cannot be reached ({(error.strerror or str(error)).lower()})"
    # one that hangs up may speak in secret only, which Spark itself finds out
    return None if not answer or answer[8:] == bytes([_STREAM_FAILURE]) else "is something else"


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:2])
