"""The promises of a large run: killed at any moment it goes on, and gives the same bytes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from threading import Lock

import duckdb
import pytest

from engine.cli.unfinished import scratch_in
from engine.errors import Exit, Location, Problem, Stop
from engine.findings.slices import Slice
from engine.pipeline import Scoring, score_in_parts
from engine.pipeline.kept import Kept, finished, name_of, same_run
from engine.records.batch import Batch
from engine.reports.tally import Tally
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from tests.unit.commands import AS_OF, ROOT, Audit, names
from tests.unit.goldens import GOLDEN
from tests.unit.mixed import mixed
from tests.unit.test_pipeline import AS_OF as DAY

BATCH = GOLDEN / "batch.jsonl"
SIZE = 2
DONE, INTERRUPTED = 0, 130
# a run of four parts, that ends itself by a signal once two of them are finished
STRUCK = """
import os, signal, sys
from functools import partial
from engine import pipeline
from engine.cli import main, outputs, score
from engine.pipeline.kept import Kept, finished

signal.signal(signal.SIGINT, signal.default_int_handler)
score.MOST_FOR_PEOPLE = outputs.MOST_FOR_PEOPLE = 2
pipeline.Scoring = partial(pipeline.Scoring, size=1)
kept = Kept.keep

def keep(self, number, part, counted):
    if finished(self.folder) < 2:
        kept(self, number, part, counted)
    else:
        os.kill(os.getpid(), getattr(signal, struck))

Kept.keep = keep
struck = sys.argv.pop()
main()
"""


@pytest.fixture(name="rules", scope="module")
def two_standards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an overlay that leaves two standards: what is promised here is not about them."""
    folder = tmp_path_factory.mktemp("rules")
    text = (
        "id: two\ntitle: Two standards\nversion: '1'\nover: practice_audit_england\n"
        "decided: 2026-11-23\nkeep_only:\n  standards: [CP-05, SU-01]\n  reason: Two will do.\n"
    )
    (folder / "overlay.yaml").write_text(text, "utf-8")
    return folder


@pytest.fixture(name="rulebook", scope="module")
def loaded(rules: Path) -> Rulebook:
    rulebook, problems = load_rulebook(ROOT / "rules", rules)
    assert rulebook is not None, problems
    return rulebook


@pytest.fixture(name="batch", scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    with mixed(tmp_path_factory.mktemp("batch"), most=9) as batch:
        yield batch


@pytest.fixture(name="expected", scope="module")
def without_a_break(
    rulebook: Rulebook, batch: Batch, tmp_path_factory: pytest.TempPathFactory
) -> tuple[object, ...]:
    return scored(rulebook, batch, tmp_path_factory.mktemp("whole"))


@pytest.fixture(name="command")
def audit_above_two(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    """Run `audit` so that three audits are many, and each of them is a part."""
    for place in ("engine.cli.score", "engine.cli.outputs"):
        monkeypatch.setattr(f"{place}.MOST_FOR_PEOPLE", 2)
    monkeypatch.setattr("engine.pipeline.Scoring", partial(Scoring, size=1))
    return Audit(monkeypatch, capsys)


def scored(rulebook: Rulebook, batch: Batch, folder: Path, size: int = SIZE) -> tuple[object, ...]:
    """Score into a folder, with notes beside it; return the summary and the bytes of each part."""
    results = folder / "results"
    results.mkdir(parents=True, exist_ok=True)
    scoring = Scoring(rulebook, batch, DAY, size=size)
    kept = Kept(folder, results)
    kept.begin(same_run(scoring))
    view = score_in_parts(scoring, results, kept=kept)
    return asdict(view.summary), {n: (results / n).read_bytes() for n in names(results)}


@pytest.mark.parametrize("number", [0, 3])
def test_a_run_killed_between_parts_goes_on_and_gives_the_same_bytes(  # noqa: PLR0913, PLR0917 - fixtures
    rulebook: Rulebook,
    batch: Batch,
    expected: tuple[object, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    """Parts that are finished are not scored again; files and summary are as without a break."""
    again = tmp_path / "again"
    keep, judged, keeping = Kept.keep, list[int](), Lock()

    def struck(self: Kept, at: int, part: Slice, counted: Tally) -> None:
        with keeping:  # slices are worked on side by side
            if finished(self.folder) >= number:
                raise KeyboardInterrupt
            keep(self, at, part, counted)

    def noted(self: Kept, at: int, part: Slice, counted: Tally) -> None:
        judged.append(at)
        keep(self, at, part, counted)

    with monkeypatch.context() as patch:
        patch.setattr(Kept, "keep", struck)
        with pytest.raises(KeyboardInterrupt):
            scored(rulebook, batch, again)
    there = {int(path.stem) for path in (again / "notes").glob("*.json")}
    assert len(there) == number
    monkeypatch.setattr(Kept, "keep", noted)
    assert scored(rulebook, batch, again) == expected
    assert there.isdisjoint(judged)
    assert len(there) + len(judged) == -(-batch.audit_count // SIZE)


def test_a_part_that_is_half_written_or_changed_is_scored_again(
    rulebook: Rulebook, batch: Batch, expected: tuple[object, ...], tmp_path: Path
) -> None:
    """What has no note, or is not as its note says, is not trusted; nor is a note cut short."""
    assert scored(rulebook, batch, tmp_path) == expected
    parts = tmp_path / "results" / "moderated"
    (tmp_path / "notes" / "00000.json").unlink()
    (parts / "part-00000.parquet").write_bytes(b"PAR1 half")
    (parts / "part-00001.parquet").write_bytes(b"PAR1 another")
    note = tmp_path / "notes" / "00002.json"
    note.write_text(note.read_text("utf-8")[:40], "utf-8")
    (tmp_path / "notes" / "00003.json").write_text("[]", "utf-8")
    (parts / "part-00004.parquet").unlink()
    (parts / "tmp_part-00009.parquet").write_bytes(b"PAR1 of a writer that was killed")
    assert scored(rulebook, batch, tmp_path) == expected


@pytest.mark.parametrize(
    "damage",
    [
        lambda note: {**note, "counts": 7},
        lambda note: {**note, "counts": [[], [], []]},
        lambda note: {**note, "counts": [[["capped", "many"]], [], [], []]},
        lambda note: {**note, "counts": [[], [], [], []]},
        lambda note: {key: note[key] for key in ("audits", "bytes", "sha256", "seal")},
        lambda note: {key: note[key] for key in note if key != "seal"},
        lambda _note: "[" * 100_000,
    ],
    ids=["no-lists", "too-few", "no-number", "other-counts", "no-counts", "no-seal", "too-deep"],
)
def test_a_note_that_was_edited_is_no_note(
    rulebook: Rulebook, tmp_path: Path, damage: Callable[[dict[str, object]], object]
) -> None:
    """What somebody wrote into a note is never counted: its part is scored again."""
    part, counted, kept = Slice("A1", "A3", 3), Tally(rulebook), Kept(tmp_path, tmp_path)
    counted.total["capped"] = 3
    file = tmp_path / "moderated" / "part-00000.parquet"
    file.parent.mkdir()
    kept.begin({})
    taken = list[tuple[object, int, bool]]()
    for edited in (False, True):
        file.write_bytes(b"PAR1")
        kept.keep(0, part, counted)
        note = tmp_path / "notes" / "00000.json"
        if edited:
            content = damage(json.loads(note.read_text("utf-8")))
            note.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        tally = Tally(rulebook)
        taken.append((kept.take((part,), tally), tally.total["capped"], file.exists()))
    assert taken == [({0}, 3, True), (set(), 0, False)]


def test_slices_of_any_size_give_the_same_rows(
    rulebook: Rulebook, batch: Batch, tmp_path: Path
) -> None:
    """Parts of four audits or of all, one after another, hold the same rows in order."""
    found = []
    for size in (4, 1000):
        summary, _ = scored(rulebook, batch, tmp_path / str(size), size)
        rows = duckdb.execute(
            "SELECT * FROM read_parquet(?)", [f"{tmp_path}/{size}/results/moderated/*.parquet"]
        ).fetchall()
        found.append((summary, rows))
    assert found[0] == found[1]
    assert len(found[0][1]) == batch.audit_count


def test_little_memory_gives_the_same_bytes(
    rulebook: Rulebook, batch: Batch, expected: tuple[object, ...], tmp_path: Path
) -> None:
    """A run that has to make do with a small part of the memory writes what any other writes."""
    (before,) = batch.con.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    batch.con.execute("SET memory_limit = '200MB'")
    try:
        assert scored(rulebook, batch, tmp_path / "little") == expected
    finally:
        batch.con.execute(f"SET memory_limit = '{before}'")


def test_another_run_has_another_name(rulebook: Rulebook, batch: Batch) -> None:
    """A part is taken over only for the same batch, rulebook, day and slices."""
    one = Scoring(rulebook, batch, DAY, size=SIZE)
    others = [
        Scoring(rulebook, batch, DAY, size=SIZE + 1),
        Scoring(rulebook, batch, DAY.replace(day=1), size=SIZE),
    ]
    every = {name_of(same_run(scoring)) for scoring in (one, *others)}
    assert len(every) == 3
    assert name_of(same_run(one)) == name_of(same_run(Scoring(rulebook, batch, DAY, size=SIZE)))


def killed(rules: Path, out: Path, by: str) -> subprocess.CompletedProcess[str]:
    """Run a command that strikes itself with a signal once two of its four parts are finished."""
    asked = ["score", BATCH, *AS_OF, "--rules", ROOT / "rules", "--rules", rules, "--out", out, by]
    return subprocess.run(
        [sys.executable, "-c", STRUCK, *map(str, asked)],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("by", ["SIGTERM", "SIGKILL"])
def test_a_command_that_is_killed_is_resumed_by_the_same_command(
    command: Audit, rules: Path, tmp_path: Path, by: str
) -> None:
    """Whatever the signal, nothing is half written, the same command goes on, nothing is left."""
    out, whole = tmp_path / "out", tmp_path / "whole"
    asked = ("score", BATCH, *AS_OF, "--rules", ROOT / "rules", "--rules", rules, "--out")
    ended = killed(rules, out, by)
    (folder,) = out.iterdir()
    assert finished(folder) == 2
    if by == "SIGKILL":
        assert ended.returncode == -signal.SIGKILL
    else:
        assert ended.returncode == INTERRUPTED
        assert ended.stderr.splitlines()[-2:] == [
            f"2 parts are finished and kept in {folder}: the same command with "
            f"--as-of {AS_OF[1]} goes on from there; delete it if that is not wanted",
            "interrupted",
        ]
    again = command(*asked, out)
    assert again.code == DONE
    assert "resuming: 2 of 4 parts are there" in again.err.splitlines()
    assert command(*asked, whole).code == DONE
    assert names(out) == names(whole)
    for name in names(whole):
        assert (out / name).read_bytes() == (whole / name).read_bytes(), name


def test_the_parts_of_another_run_are_told_and_left_alone(
    command: Audit, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another day makes another run: it says what is there, does not use it, leaves it."""
    asked = ("score", BATCH, "-q", "--rules", ROOT / "rules", "--rules", rules, "--out", tmp_path)
    keep = Kept.keep

    def struck(self: Kept, at: int, part: Slice, counted: Tally) -> None:
        if finished(self.folder):
            raise KeyboardInterrupt
        keep(self, at, part, counted)

    with monkeypatch.context() as patch:
        patch.setattr(Kept, "keep", struck)
        assert command(*asked, *AS_OF).code == INTERRUPTED
    (folder,) = tmp_path.iterdir()
    other = command(*asked, "--as-of", "2026-06-29")
    assert other.code == DONE
    assert other.err == (
        f"{folder} holds 1 part of an unfinished run (another day), which are not used: delete it "
        "if they are not wanted\n"
    )
    assert finished(folder) == 1
    last = command(*asked, *AS_OF)
    assert (last.code, last.err) == (DONE, "")
    assert not folder.exists()


def test_two_runs_of_one_command_do_not_meet(tmp_path: Path) -> None:
    """While a run is at work, the same command stops at once and touches nothing of it."""
    run = {"layout": 1}
    with scratch_in(tmp_path, run) as folder:
        with pytest.raises(Stop) as stopped, scratch_in(tmp_path, run):
            raise AssertionError
        assert str(stopped.value) == (
            f"{tmp_path}: U050 another run of the same command is at work here\n"
            "  help: wait until it is done, or give another folder with --out"
        )
        assert folder.is_dir()
    assert not folder.exists()


def struck(folder: Path, code: str) -> Stop:
    """Return the end of a run of which one part is finished."""
    (folder / "notes").mkdir()
    (folder / "notes" / "00000.json").write_text("{}", "utf-8")
    return Stop(Exit.USAGE, (Problem(Location("--memory"), code, "it is too little"),))


@pytest.mark.parametrize(("code", "kept"), [("B601", 1), ("B602", 1), ("B103", 0)])
def test_parts_outlive_a_run_that_lacked_memory_or_room(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str, kept: int
) -> None:
    """Who gives more memory or room goes on; what was read and is damaged is no such case."""
    with pytest.raises(Stop), scratch_in(tmp_path, {"as_of": "2026-01-31"}) as folder:
        raise struck(folder, code)
    assert finished(folder) == kept
    assert folder.exists() == bool(kept)
    said = (
        f"1 part is finished and kept in {folder}: the same command with --as-of 2026-01-31 goes "
        "on from there; "
    )
    assert capsys.readouterr().err == f"{said}delete it if that is not wanted\n" * kept


def test_a_note_says_what_a_part_counted(rulebook: Rulebook) -> None:
    """Counts that are kept as text come back as they were."""
    tally = Tally(rulebook)
    tally.total["capped"] = 3
    tally.grades["before", None] = 2
    tally.standards["CP-05", "met"] = 5
    tally.auditors["", "audits"] = 7
    taken = Tally(rulebook)
    taken.take(json.loads(json.dumps(tally.told())))
    taken.merge(tally)
    assert [dict(one) for one in taken.counters()] == [
        {"capped": 6},
        {("before", None): 4},
        {("CP-05", "met"): 10},
        {("", "audits"): 14},
    ]
