"""The promises of memory: what a run may take, and how it ends where that is too little."""

from pathlib import Path

import duckdb
import pytest

from engine.errors import Stop
from engine.records import memory
from engine.records.memory import GIB, MIB, allowed, exhausted, machine, parse, workers
from engine.records.store import connect
from tests.unit.commands import AS_OF, Audit
from tests.unit.goldens import GOLDEN

BATCH = GOLDEN / "batch.jsonl"
SORT = "CREATE TABLE t AS SELECT md5(i::VARCHAR) AS m, i FROM range(3000000) t(i) ORDER BY m"


def test_amounts_are_read_as_people_write_them() -> None:
    """A number with a unit, in any case, with or without a blank or a fraction."""
    assert parse("2GB") == parse("2 gb") == parse("2GiB") == parse("2048MB") == 2 * GIB
    assert parse("1.5GB") == 1536 * MIB
    assert parse("1TB") == parse("1 TiB") == 1024 * GIB
    assert parse(str(GIB)) == GIB


@pytest.mark.parametrize("text", ["99999999999999GB", "9" * 400])
def test_more_memory_than_any_machine_has_is_no_failure(tmp_path: Path, text: str) -> None:
    """A number with too many noughts lets the database take what there is."""
    with connect(tmp_path, 0, parse(text)) as con:
        assert con.execute("SELECT 1").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("much", "`much` is no amount of memory\n  help: write it such as 800MB or 2GB"),
        ("2GBB", "`2GBB` is no amount of memory\n  help: write it such as 800MB or 2GB"),
        ("-1GB", "`-1GB` is no amount of memory\n  help: write it such as 800MB or 2GB"),
        ("10MB", "10 MiB of memory are too little\n  help: give 256 MiB or more"),
    ],
)
def test_what_is_no_amount_of_memory_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    """--memory is read before the batch, and what is wrong with it is said with a way out."""
    ended = Audit(monkeypatch, capsys)("score", BATCH, *AS_OF, "-q", "--memory", text)
    assert (ended.code, ended.out, ended.err) == (2, "", f"--memory: B600 {said}\n")


def test_what_a_run_may_take_is_a_share_of_what_the_machine_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six tenths of a small machine, three gibibytes of a large one, never too little to begin."""
    for has, may in ((4 * GIB, int(2.4 * GIB)), (64 * GIB, 3 * GIB), (100 * MIB, 256 * MIB)):
        monkeypatch.setattr(memory, "machine", lambda has=has: has)
        assert allowed() == may


def test_the_limit_of_a_container_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a container the machine has what the group of the process, or one above it, is given."""
    own = tmp_path / "own"
    groups = tmp_path / "groups"
    (groups / "app" / "run").mkdir(parents=True)
    (groups / "memory").mkdir()
    monkeypatch.setattr(memory, "OWN_GROUP", own)
    monkeypatch.setattr(memory, "GROUPS", groups)
    has = machine()
    own.write_text("0::/app/run\n3:cpu:/\n", "utf-8")
    (groups / "app" / "run" / "memory.max").write_text("max\n", "utf-8")
    assert machine() == has
    (groups / "app" / "memory.max").write_text(f"{512 * MIB}\n", "utf-8")
    assert machine() == 512 * MIB
    own.write_text("5:memory:/\n", "utf-8")
    (groups / "memory" / "memory.limit_in_bytes").write_text(f"{300 * MIB}\n", "utf-8")
    assert machine() == 300 * MIB


def test_fewer_slices_are_in_work_where_memory_is_little(tmp_path: Path) -> None:
    """Slices share what a run may take; one is always in work."""
    for given, number in ((256 * MIB, 1), (GIB + 512 * MIB, 2), (8 * GIB, 4)):
        with connect(tmp_path, 0, given) as con:
            assert workers(con, 4) == number


def ended(con: duckdb.DuckDBPyConnection, query: str) -> str:
    """Return what is said of a query that cannot be answered."""
    with pytest.raises(duckdb.Error) as error:
        con.execute(query)
    end = exhausted(con, error.value)
    assert isinstance(end, Stop)
    assert end.exit_code == 2
    return str(end)


def test_too_little_memory_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It says how much there was, what the machine has, and how to go by parts."""
    monkeypatch.setattr(memory, "machine", lambda: 4 * GIB)
    parts = "score it by parts: several folders, each with all rows of some of the audits"
    with connect(tmp_path, 0, 12 * MIB) as con:
        assert ended(con, SORT) == (
            "--memory: B601 the batch needs more memory than the 12 MiB that it may take; "
            f"the machine has 4 GiB\n  help: give more with --memory 24 MiB, or {parts}"
        )
        monkeypatch.setattr(memory, "machine", lambda: 30 * MIB)
        assert ended(con, SORT).endswith(f"the machine has 30 MiB\n  help: {parts}")


def test_a_full_folder_for_temporary_files_is_told_as_such(tmp_path: Path) -> None:
    """Where there is no room to spill, it names that folder, not the one for the results."""
    scratch = tmp_path / "tmp" / "audit-x"
    scratch.mkdir(parents=True)
    with connect(scratch, 0, 60 * MIB) as con:
        con.execute("SET max_temp_directory_size = '10MB'")
        said = ended(con, SORT)
        place = (tmp_path / "tmp").as_posix()
        way_out = "make room there, or name another folder: TMPDIR=FOLDER"
        assert said.replace("TEMP=", "TMPDIR=") == (
            f"{place}: B602 the folder for temporary files, `{place}`, is full\n  help: {way_out}"
        )
        text = f'IO Error: Could not write file "{scratch}/spill/x.tmp": No space left on device'
        end = exhausted(con, duckdb.IOException(text))
        assert end is not None
        assert str(end) == said


def test_other_errors_are_left_as_they_are(tmp_path: Path) -> None:
    """A full disk elsewhere is not that of temporary files; a bug is a bug."""
    con = connect(tmp_path, 0)
    text = 'IO Error: Could not write file "/elsewhere": No space left on device'
    assert exhausted(con, duckdb.IOException(text)) is None
    con.close()
    assert exhausted(con, duckdb.ConnectionException("closed")) is None
