"""A PostgreSQL server for the tests: really started, on a socket in a folder of its own.

`AUDIT_TEST_PG_URL` names a server that is used instead; its user may make schemas. Where there
is neither, what needs one is skipped, unless AUDIT_REQUIRE_POSTGRESQL is set.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

REQUIRED = bool(os.environ.get("AUDIT_REQUIRE_POSTGRESQL"))
NAMED = os.environ.get("AUDIT_TEST_PG_URL", "")
PLACES = (os.environ.get("PATH", ""), *map(str, Path("/usr/lib/postgresql").glob("*/bin")))
USER = "postgres"


def program(name: str) -> str | None:
    """Return where a program of PostgreSQL is; Debian keeps them off the path."""
    return shutil.which(name, path=os.pathsep.join(PLACES))


@contextmanager
def server() -> Iterator[str]:
    """Start a server and return its address, without the name of a database; stop it at the end."""
    if NAMED:
        yield NAMED
        return
    if not program("initdb") or not program("pg_ctl"):
        if REQUIRED:
            pytest.fail("AUDIT_REQUIRE_POSTGRESQL is set and there is no PostgreSQL")
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        with _running(folder):
            yield f"postgresql+psycopg://audit@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(folder: Path) -> Iterator[None]:
    data, by = folder / "data", _by(folder)
    made = ("-U", "audit", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
    _run([*by, program("initdb") or "", "-D", str(data), *made])
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    control = [*by, program("pg_ctl") or "", "-D", str(data)]
    _run([*control, "-l", str(folder / "log"), "-w", "-o", settings, "start"])
    try:
        yield
    finally:
        _run([*control, "-m", "immediate", "stop"])


def _by(folder: Path) -> list[str]:
    """Return what to put before a command so that it is not run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, USER)
    group = subprocess.run(["id", "-g", USER], check=True, capture_output=True, text=True).stdout
    drop = (f"--reuid={USER}", f"--regid={group.strip()}", "--clear-groups")
    return ["setpriv", *drop, "env", f"HOME={folder}"]


def _run(command: Sequence[str]) -> None:
    # a file, not a pipe: the server would hold a pipe open for as long as it runs
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, stdout=said, stderr=said, cwd="/", check=False)
        said.seek(0)
        assert done.returncode == 0, said.read().decode(errors="replace")


def address(server: str) -> str:
    """Make an empty schema, and return the address at which its tables are.

    A schema costs a hundredth of what a database does.
    """
    name = f"audit_{uuid4().hex[:12]}"
    engine = sa.create_engine(server, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    url = sa.make_url(server).update_query_dict({"options": f"-csearch_path={name}"})
    return url.render_as_string(hide_password=False)
