"""The promises of --out: all files or none, plain words when it cannot be, nothing left behind."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from xlsxwriter.exceptions import FileCreateError

from engine.cli import main
from engine.cli.outputs import Outputs, check_writable
from engine.errors import Stop
from engine.reports import FORMATS
from engine.reports.view import View
from tests.unit.commands import AS_OF, ROOT, Audit, names
from tests.unit.goldens import GOLDEN

BATCH = GOLDEN / "batch.jsonl"
BAD = '{"audit_id": "A2", "overall_grade": "superb", "referrals": []}\n'
DONE, USAGE, PUT_ASIDE = 0, 2, 4
USUAL = [
    "data_quality.csv",
    "findings.csv",
    "moderated.csv",
    "moderated.xlsx",
    "report.html",
    "results.json",
]


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


def test_the_usual_formats_are_written(audit: Audit, tmp_path: Path) -> None:
    """--out alone writes every format for people, makes the folder, and says where it is."""
    out = tmp_path / "new" / "out"
    ended = audit("score", BATCH, *AS_OF, "--out", out)
    assert (ended.code, names(out)) == (DONE, USUAL)
    assert ended.err.splitlines()[-1] == f"written to {out}"


def test_what_is_asked_for_is_written_and_no_more(audit: Audit, tmp_path: Path) -> None:
    """--write names the formats, in any case and with blanks; Parquet is one of them."""
    ended = audit("score", BATCH, *AS_OF, "-q", "--out", tmp_path, "--write", " JSON,parquet,json")
    assert (ended.code, ended.err) == (DONE, "")
    assert names(tmp_path) == [
        "data_quality.parquet",
        "moderated/part-00000.parquet",
        "results.json",
    ]
    rows = duckdb.read_parquet(str(tmp_path / "moderated" / "*.parquet")).fetchall()
    assert [row[0] for row in rows] == ["G-1", "G-2", "G-3", "G-4"]


def test_files_say_nothing_of_where_the_batch_lies(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Places are told from the batch: the same batch in another folder gives the same bytes."""
    written = []
    for home in ("one", "two"):
        batch = tmp_path / home
        batch.mkdir()
        (batch / "audits.csv").write_text("audit_id,team,x\nA1,a,\nA2,b,\n", "utf-8")
        (batch / "visits.csv").write_text("audit_id,visit_date\nA1,31/02/2025\n", "utf-8")
        (batch / "notes.md").write_text("words", "utf-8")
        asked = ("-q", "--rules", ROOT / "rules", "--write", "json,csv,xlsx,html")
        assert audit("score", batch, *AS_OF, *asked, "--out", tmp_path / "out").code == PUT_ASIDE
        written.append({p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()})
    monkeypatch.chdir(tmp_path / "two")
    assert audit("score", ".", *AS_OF, *asked, "--out", tmp_path / "out").code == PUT_ASIDE
    written.append({p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()})
    assert written[0] == written[1] == written[2]
    assert not [n for n, text in written[0].items() if str(tmp_path).encode() in text]
    problems = json.loads(written[0]["results.json"])["problems"]
    places = [problem["place"] for problem in problems]
    assert places == ["audits.csv:1:3", "notes.md", "visits.csv:2:2"]


def test_a_second_run_takes_the_place_of_the_first(audit: Audit, tmp_path: Path) -> None:
    """Files of an earlier run are replaced; its list of rows put aside does not outlive it."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text(BATCH.read_text("utf-8") + BAD, "utf-8")
    out = tmp_path / "out"
    asked = ("--out", out, "--write", "json,parquet")
    assert audit("score", bad, *AS_OF, *asked).code == PUT_ASIDE
    assert "rejected.csv" in names(out)
    (out / "moderated" / "part-00001.parquet").write_bytes(b"of a larger run")
    (out / "mine.txt").write_text("kept", "utf-8")
    assert audit("score", BATCH, *AS_OF, *asked).code == DONE
    assert names(out) == [
        "data_quality.parquet",
        "mine.txt",
        "moderated/part-00000.parquet",
        "results.json",
    ]


def test_a_place_that_cannot_be_written_to_is_told_before_any_work(
    audit: Audit, tmp_path: Path
) -> None:
    """If --out is a file, the run ends with 2 before it reads the batch."""
    (tmp_path / "file").write_text("mine", "utf-8")
    ended = audit("score", "no-such-batch", "--out", tmp_path / "file")
    assert (ended.code, ended.out) == (USAGE, "")
    assert ended.err == (
        f"{tmp_path / 'file'}: U002 the results cannot be written here (file exists)\n"
        "  help: give another folder with --out\n"
    )
    inside = audit("score", BATCH, "--out", tmp_path / "file" / "out")
    assert inside.code == USAGE
    assert "U002 the results cannot be written here (not a directory)" in inside.err


def test_a_check_leaves_no_folder_behind(tmp_path: Path) -> None:
    """Asking whether a folder can be made takes away again what it made, and no more."""
    (tmp_path / "mine").mkdir()
    check_writable(tmp_path / "mine" / "a" / "b")
    check_writable(tmp_path / "mine")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine"]


def full(_view: View, folder: Path) -> None:
    (folder / "half.json").write_text("{", "utf-8")
    raise OSError(errno.ENOSPC, "No space left on device")


def full_workbook(_view: View, _folder: Path) -> None:
    raise FileCreateError(OSError(errno.ENOSPC, "No space left on device"))


def full_database(_view: View, _folder: Path) -> None:
    raise duckdb.IOException("IO Error: Could not write file: No space left on device\n\nat line 1")


def wrapped_database(_view: View, _folder: Path) -> None:
    said = {"exception_message": 'Could not write file "/X/y": File too large', "errno": "27"}
    raise duckdb.IOException(f"IO Error: Async write failed for range [0]: {json.dumps(said)}")


@pytest.mark.parametrize(
    "broken",
    [
        ("json", full, "no space left on device"),
        ("xlsx", full_workbook, "no space left on device"),
        ("json", full_database, "no space left on device"),
        ("json", wrapped_database, "file too large"),
    ],
)
def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    broken: tuple[str, Callable[[View, Path], None], str],
    audit: Audit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If a format cannot be written, the run ends with 2 in plain words, and no file is moved."""
    name, writer, reason = broken
    monkeypatch.setattr("engine.reports.FORMATS", {**FORMATS, name: writer})
    out = tmp_path / "out"
    ended = audit("score", BATCH, *AS_OF, "-q", "--out", out, "--write", f"csv,{name}")
    assert (ended.code, ended.out) == (USAGE, "")
    said = f"{out}: U002 the results cannot be written here ({reason})"
    assert ended.err == f"{said}\n  help: give another folder with --out\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a small disk"
)
def test_a_disk_that_is_truly_full_is_told(audit: Audit, tmp_path: Path) -> None:
    """On a disk of 64 KiB a run ends with 2 in plain words, and nothing is left on it."""
    mounted = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if subprocess.run(mounted, capture_output=True, check=False).returncode:
        pytest.skip("no disk may be mounted here")
    try:
        ended = audit("score", BATCH, *AS_OF, "-q", "--out", tmp_path, "--write", "json,xlsx")
        said = f"{tmp_path}: U002 the results cannot be written here (no space left on device)"
        assert (ended.code, ended.err) == (
            USAGE,
            f"{said}\n  help: give another folder with --out\n",
        )
        assert list(tmp_path.iterdir()) == []
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


def test_a_crash_leaves_what_was_there_before(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in a writer comes out as what it is, and the results of the last run stand."""

    def broken(_view: View, folder: Path) -> None:
        (folder / "results.json").write_text("{", "utf-8")
        raise ZeroDivisionError

    assert audit("score", BATCH, *AS_OF, "--out", tmp_path, "--write", "json").code == DONE
    before = (tmp_path / "results.json").read_bytes()
    monkeypatch.setattr("engine.reports.FORMATS", {**FORMATS, "json": broken})
    monkeypatch.setattr("sys.argv", ["audit", "score", str(BATCH), "--out", str(tmp_path)])
    with pytest.raises(ZeroDivisionError):
        main()
    assert names(tmp_path) == ["results.json"]
    assert (tmp_path / "results.json").read_bytes() == before


def test_what_a_killed_run_left_is_told_by_every_later_run_and_left_alone(
    audit: Audit, tmp_path: Path
) -> None:
    """A few audits, or a file of its own, say too what stands in the folder they write to."""
    half, large = tmp_path / ".unfinished-k2j3", tmp_path / ".unfinished-l0ng"
    for folder in (half / "results", large / "notes"):
        folder.mkdir(parents=True)
    (half / "results" / "moderated.xlsx").write_bytes(b"PK half")
    (large / "run.json").write_text('{"layout": 1}', "utf-8")
    (large / "notes" / "00000.json").write_text("{}", "utf-8")
    told = (
        f"{half} is of a run that was killed or is still at work, and is not used: delete it if "
        f"no run is at work here\n{large} holds 1 part of an unfinished run (another kind), which "
        "are not used: delete it if they are not wanted\n"
    )
    scored = audit("score", BATCH, *AS_OF, "-q", "--out", tmp_path, "--write", "csv")
    assert (scored.code, scored.err) == (DONE, told)
    made = audit("template", "--out", tmp_path / "form.xlsx")
    assert made.err.startswith(told)
    assert (half / "results" / "moderated.xlsx").read_bytes() == b"PK half"
    assert names(large) == ["notes/00000.json", "run.json"]


def test_a_run_that_is_interrupted_says_so(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control-C ends with 130 and one word, and leaves no file, wherever it strikes."""
    for interruption in (KeyboardInterrupt(), RuntimeError("Query interrupted")):

        def struck(_scoring: object, *_: object, by: BaseException = interruption) -> None:
            raise by

        monkeypatch.setattr("engine.pipeline.score", struck)
        ended = audit("score", BATCH, *AS_OF, "-q", "--out", tmp_path / "out")
        assert (ended.code, ended.out, ended.err) == (130, "", "interrupted\n")
        assert list(tmp_path.iterdir()) == []


def test_another_error_of_the_database_is_not_an_interruption(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bug that happens to be a RuntimeError is shown as the bug that it is."""

    def struck(*_: object) -> None:
        raise RuntimeError("something else")

    monkeypatch.setattr("engine.pipeline.score", struck)
    monkeypatch.setattr("sys.argv", ["audit", "score", str(BATCH), "-q"])
    with pytest.raises(RuntimeError, match="something else"):
        main()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_signal_ends_a_run_without_a_traceback(tmp_path: Path) -> None:
    """A real Control-C to a run that waits for its input ends it with 130 and one word."""
    program = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    command = [sys.executable, "-c", f"{program}from engine.cli import main; main()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*command, "score", "-", "--out", str(tmp_path / "out")],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        cwd=ROOT,
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline().startswith(b"rules: ")
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
        running.wait(30)
    assert (running.returncode, said) == (130, b"interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_results_are_never_written_into_the_batch(audit: Audit, tmp_path: Path) -> None:
    """If --out is the folder of the batch or inside it, nothing is done: it would spoil the batch."""
    batch = tmp_path / "batch"
    batch.mkdir()
    (batch / "audits.csv").write_text("audit_id\nA1\n", "utf-8")
    for out in (batch, batch / "out", tmp_path / "x" / ".." / "batch"):
        ended = audit("score", batch, *AS_OF, "--out", out)
        assert (ended.code, ended.out) == (USAGE, "")
        assert ended.err == (
            f"{out}: U004 the results would be written into the batch `{batch}`\n"
            "  help: give a folder outside it with --out\n"
        )
    assert names(tmp_path) == ["batch/audits.csv"]
    assert audit("score", batch, *AS_OF, "--out", tmp_path).code == DONE


@pytest.mark.parametrize(("quiet", "terminal"), [(False, True), (True, True), (False, False)])
def test_files_that_are_being_written_are_named_to_a_person_who_watches(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, quiet: bool, terminal: bool
) -> None:
    """On a terminal and without --quiet each file is named before it is written."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    flag = ["-q"] * quiet
    ended = audit("score", BATCH, *AS_OF, "--out", tmp_path, "--write", "json,xlsx", *flag)
    shown = "writing results.json ...\nwriting moderated.xlsx ...\n" in ended.err
    assert shown == (terminal and not quiet)


def test_a_list_of_formats_may_be_empty() -> None:
    """No format named is the usual ones; a name that is none is refused."""
    assert Outputs.parse(None) == Outputs(None)
    assert Outputs.parse(" , ").names == ()
    with pytest.raises(Stop):
        Outputs.parse("json;csv")
