"""What becomes of a ledger whose writer is killed, or whose disk fills: nothing is half-written."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import Stop
from engine.moderation.ledger import Ledger, open_ledger
from tests.unit.commands import ROOT
from tests.unit.ledgers import included, meddle, revealed

KILLS = int(os.environ.get("AUDIT_TEST_KILLS", "25"))
posix = pytest.mark.skipif(os.name != "posix", reason="processes are killed otherwise on Windows")


@posix
def test_a_writer_killed_in_the_middle_leaves_all_or_nothing(where: str) -> None:
    program = str(ROOT / "tests" / "unit" / "ledger_killed.py")
    done = subprocess.run(
        [sys.executable, program, where, str(KILLS), "1"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    sys.stdout.write(f"{found}\n")
    assert found["breaches"] == []
    assert found["entries"] > 3
    if "://" not in where and KILLS >= 25:
        assert found["halves"] > 0, "no writer was killed in the middle: the test tests nothing"


@posix
def test_two_processes_at_once_make_one_chain(ledger: Ledger, where: str) -> None:
    program = (
        "import sys; from engine.moderation.ledger import open_ledger; "
        "from tests.unit.ledgers import revealed; "
        "mine = open_ledger(sys.argv[1], create=True); "
        "[mine.append([revealed(f'{sys.argv[2]}{n}')] * 2) for n in range(50)]"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen([sys.executable, "-c", program, where, name], env=env)
        for name in ("left", "right")
    ]
    assert [one.wait() for one in started] == [0, 0]
    audits = [one.audit_id for one in ledger.entries()]
    assert len(audits) == 200
    assert audits[::2] == audits[1::2], "what was appended together stands together"
    for name in ("left", "right"):
        mine = [one for one in audits[::2] if (one or "").startswith(name)]
        assert mine == [f"{name}{n}" for n in range(50)]
    assert ledger.verify() == ()


def _fill(ledger: Ledger, most: int = 200) -> str:
    """Append until it is refused; return the problem."""

    def append() -> None:
        for _ in range(most):
            ledger.append([revealed(), included(*(f"A{one}" for one in range(100)))])

    with pytest.raises(Stop) as stopped:
        append()
    (problem,) = stopped.value.problems
    return f"{problem.code} {problem.message}"


def _whole(ledger: Ledger) -> None:
    assert ledger.verify() == ()
    assert ledger.head().seq % 2 == 0
    assert ledger.head().seq > 0


def test_a_ledger_that_may_not_grow_stays_whole(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "a.sqlite", create=True)
    full = open_ledger(tmp_path / "a.sqlite", create=True)
    sa.event.listen(full.engine, "connect", lambda c, _: c.execute("PRAGMA max_page_count = 60"))
    assert _fill(full) == "M106 there is no room on the disk; nothing was written"
    _whole(ledger)
    ledger.append([revealed(), revealed()])
    _whole(ledger)


@posix
def test_a_file_over_the_size_that_the_system_allows_stays_whole(tmp_path: Path) -> None:
    import resource

    ledger = open_ledger(tmp_path / "a.sqlite", create=True)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
    try:
        refused = _fill(ledger)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused == "M106 the disk failed or is full; nothing was written"
    _whole(ledger)
    ledger.append([revealed(), revealed()])
    _whole(ledger)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of 300 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_ledger_on_a_disk_that_fills_stays_whole(small_disk: Path) -> None:
    ledger = open_ledger(small_disk / "a.sqlite", create=True)
    assert _fill(ledger) == "M106 there is no room on the disk; nothing was written"
    _whole(ledger)
    before = ledger.head()
    assert _fill(ledger, 5) == "M106 there is no room on the disk; nothing was written"
    assert ledger.head() == before


def test_a_ledger_that_is_begun_on_a_full_disk_is_not_begun(small_disk: Path) -> None:
    (small_disk / "full").write_bytes(bytes(295_000))
    with pytest.raises(Stop) as stopped:
        open_ledger(small_disk / "a.sqlite", create=True)
    assert stopped.value.problems[0].code == "M106"
    (small_disk / "full").unlink()
    assert open_ledger(small_disk / "a.sqlite", create=True).append([revealed()])[0].seq == 1


def test_a_server_that_ends_in_the_middle_has_written_nothing(postgresql: str) -> None:
    from tests.unit import postgres

    ledger = open_ledger(postgres.address(postgresql), create=True)
    ledger.append([revealed()])
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "

    def lose() -> None:
        with ledger.writing() as held:
            held.append([revealed()])
            mine = held.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            meddle(ledger, f"{others} AND pid = {mine}")
            held.append([revealed()])

    with pytest.raises(Stop) as stopped:
        lose()
    (problem,) = stopped.value.problems
    said = "the server does not answer, or the connection was lost"
    assert (problem.code, problem.message) == ("M111", said)
    assert ledger.head().seq == 1
    assert ledger.verify() == ()
