"""The promises of the other commands: explain, rules and synth."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine import __version__
from engine.cli.codes import ALL_CODES
from engine.cli.score import progress_bar
from engine.cli.version import version_text
from tests.rules.rulebooks import RULES, change, copied
from tests.unit.commands import AS_OF, ROOT, Audit, process
from tests.unit.goldens import GOLDEN

BATCH = GOLDEN / "batch.jsonl"
DONE, FAILED, USAGE, RULEBOOK = 0, 1, 2, 3
NOT_TO_SCORE = (
    "numpy", "scipy", "sqlalchemy", "typst", "docx", "openpyxl", "xlsxwriter", "jinja2", "polars",
    "pyspark", "sqlglot", "alembic", "hypothesis", "engine.moderation", "engine.rulebook.overlay",
)  # fmt: skip


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


def golden(name: str) -> str:
    return (GOLDEN / f"explain-{name}.txt").read_text("utf-8")


def test_a_code_is_explained_with_what_to_do(audit: Audit) -> None:
    """The code of a problem is explained by its meaning and a way out, without any rulebook."""
    ended = audit("explain", "B302", "--rules", "nowhere")
    assert (ended.code, ended.err) == (DONE, "")
    assert ended.out == (
        "B302: a date cannot be read\n"
        "Write the day as 2025-01-31 or 31/01/2025, or as a date of Excel.\n"
    )
    for code in ALL_CODES:
        assert audit("explain", code).out.startswith(f"{code}: ")


def test_a_standard_is_explained(audit: Audit) -> None:
    """The id of a standard is explained by what it asks; with --sql, by how it is tested."""
    assert audit("explain", "CP-05") == audit("explain", "CP-05", "--rules", RULES)
    ended = audit("explain", "CP-05")
    assert (ended.code, ended.out, ended.err) == (DONE, golden("CP-05"), "")
    sql = audit("explain", "CP-05", "--sql")
    assert sql.code == DONE
    assert sql.out.startswith("WITH cp_05_1 AS (\n  SELECT ")
    assert 'FROM "visits"' in sql.out


def test_a_draft_is_explained_too(audit: Audit, tmp_path: Path) -> None:
    """A standard that is not in force yet can be read and its SQL looked at."""
    folder = copied(tmp_path)
    change(folder, "child_protection/visits.yaml", "status: live", "status: draft")
    assert "Status: draft." in audit("explain", "CP-05", "--rules", folder).out
    assert audit("explain", "CP-05", "--sql", "--rules", folder).code == DONE


def test_an_audit_is_explained(audit: Audit) -> None:
    """An audit of a batch is explained; the way back only to those who ask for it."""
    asked = ("explain", "G-1", "--batch", BATCH, *AS_OF)
    ended = audit(*asked, "--way-back")
    assert (ended.code, ended.out, ended.err) == (DONE, golden("G-1"), "")
    short = audit(*asked)
    assert golden("G-1").startswith(short.out)
    assert "way back" not in short.out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CP-5", "did you mean `CP-05`?"),
        ("cp5", "did you mean `CP-05`?"),
        ("b302", "did you mean `B302`?"),
        ("G-1", "an audit is explained with --batch"),
    ],
)
def test_a_name_that_is_none_is_told_the_nearest(audit: Audit, name: str, said: str) -> None:
    """A name that stands for nothing ends with 2 and the nearest that stands for something."""
    ended = audit("explain", name)
    assert (ended.code, ended.out) == (USAGE, "")
    assert ended.err == (
        f"explain: U010 `{name}` is neither a standard nor the code of a problem\n  help: {said}\n"
    )


def test_an_audit_that_is_not_there_is_told(audit: Audit, tmp_path: Path) -> None:
    """An audit that the batch does not hold is told with the nearest; one put aside, with why."""
    path = tmp_path / "bad.jsonl"
    bad = '{"audit_id": "G-9", "overall_grade": "superb"}\n'
    path.write_text(BATCH.read_text("utf-8") + bad, "utf-8")
    gone = audit("explain", "G-11", "--batch", path)
    assert (gone.code, gone.out) == (USAGE, "")
    assert gone.err == (
        f"{path}: U010 there is no audit `G-11` in the batch\n  help: did you mean `G-1`?\n"
    )
    aside = audit("explain", "G-9", "--batch", path)
    assert aside.code == USAGE
    assert f"{path}: U010 audit `G-9` was put aside\n  help: `superb` is not" in aside.err
    assert audit("explain", "G-1", "--batch", tmp_path / "none").code == USAGE


@pytest.mark.parametrize("name", ["C001", "CP-05"])
def test_an_audit_may_be_called_as_something_else_is(
    audit: Audit, tmp_path: Path, name: str
) -> None:
    """With --batch an audit comes first; a batch without it leaves the name to the others."""
    path, bad = tmp_path / "batch.jsonl", tmp_path / "bad.jsonl"
    path.write_text(BATCH.read_text("utf-8").replace('"G-1"', f'"{name}"'), "utf-8")
    ended = audit("explain", name, "--batch", path, *AS_OF)
    assert (ended.code, ended.err) == (DONE, "")
    assert ended.out == audit("explain", "G-1", "--batch", BATCH, *AS_OF).out.replace("G-1", name)
    assert audit("explain", name, "--batch", BATCH, *AS_OF) == audit("explain", name)
    bad.write_text(path.read_text("utf-8").replace('"good"', '"superb"'), "utf-8")
    assert f"audit `{name}` was put aside" in audit("explain", name, "--batch", bad).err


def test_rules_can_be_checked(audit: Audit, tmp_path: Path) -> None:
    """`rules check` says that nothing is wrong, or everything that is, and ends with 3."""
    fine = audit("rules", "check", RULES)
    assert (fine.code, fine.err) == (DONE, "")
    assert re.fullmatch(rf"\d+ live standards in {RULES}: nothing wrong\.\n", fine.out)
    folder = copied(tmp_path)
    change(folder, "child_protection/visits.yaml", "domain: visits", "domain: visit")
    broken = audit("rules", "check", folder)
    assert (broken.code, broken.err) == (RULEBOOK, "")
    assert "visits.yaml:5:9: R020 `visit` is not a domain of the rulebook" in broken.out


def test_rules_can_be_tested(audit: Audit, tmp_path: Path) -> None:
    """`rules test` runs the examples: one that fails ends it with 1, and is told."""
    folder = copied(tmp_path)
    kept = ("visits.yaml", "safe-return-home.yaml")
    for path in folder.glob("*/*.yaml"):
        if path.parent.name != "calendars" and not (
            path.parent.name == "child_protection" and path.name in kept
        ):
            path.unlink()
    fine = audit("rules", "test", folder)
    assert (fine.code, fine.out, fine.err) == (
        DONE,
        "18 examples of 2 standards, 0 failed.\n",
        "",
    )
    name = "child_protection/visits.yaml"
    change(folder, name, "    expect: partly_met", "    expect: not_met")
    failed = audit("rules", "test", folder)
    assert failed.code == FAILED
    assert failed.out == "18 examples of 2 standards, 1 failed.\n"
    assert "U011 `is partly met when the longest gap is fifteen working days`" in failed.err


def test_schemas_are_written_for_editors(audit: Audit, tmp_path: Path) -> None:
    """`rules schema` writes a JSON Schema a kind of file; the shipped ones are up to date."""
    out = tmp_path / "new" / "schemas"
    ended = audit("rules", "schema", "--out", out)
    assert (ended.code, ended.out, ended.err) == (DONE, "", f"7 schemas in {out}\n")
    shipped = {path.name: path.read_text("utf-8") for path in (RULES / "schemas").iterdir()}
    assert {path.name: path.read_text("utf-8") for path in out.iterdir()} == shipped
    (tmp_path / "file").write_text("", "utf-8")
    assert audit("rules", "schema", "--out", tmp_path / "file").code == USAGE


def test_a_synthetic_batch_can_be_made_and_scored(audit: Audit, tmp_path: Path) -> None:
    """`synth` makes a batch that `score` reads whole, and says where the truth about it is."""
    out = tmp_path / "made"
    made = audit("synth", "5", "--out", out, "--format", "jsonl", "--seed", "7")
    assert (made.code, made.out) == (DONE, "")
    assert made.err.startswith("5 audits with ")
    assert made.err.endswith(f" rows in {out}; the truth in {tmp_path / 'made.truth'}\n")
    scored = audit("score", out, *AS_OF, "-q", "--output-format", "jsonl")
    assert scored.code == DONE
    assert len([json.loads(line) for line in scored.out.splitlines()]) == 5
    again = audit("synth", "5", "--out", out)
    assert again.code == USAGE
    assert "S003" in again.err


def test_commands_start_without_what_they_do_not_need() -> None:
    """`audit --help` loads neither the database nor any reader or writer of files."""
    heavy = "duckdb", "pydantic", "openpyxl", "xlsxwriter", "jinja2", "yaml", "hypothesis"
    program = (
        "import sys; sys.argv = ['audit', '--help']; from engine.cli import main\n"
        "try: main()\n"
        f"except SystemExit: print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=True
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"
    assert process("--help").code == DONE


def test_scoring_a_few_audits_does_not_wait_for_packages_that_it_does_not_need(
    tmp_path: Path,
) -> None:
    """Reports, workbooks, statistics, the ledger and other engines are imported by who asks."""
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"audit_id": "A-1", "case_type": "child_in_need"}\n', encoding="utf-8")
    words = ["audit", "score", str(batch), "--as-of", "2025-12-31", "--quiet"]
    program = (
        f"import sys; sys.argv = {words}; from engine.cli import main\n"
        "try: main()\n"
        f"except SystemExit as end: print(end.code, [n for n in {NOT_TO_SCORE} if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=True
    )
    assert done.stdout.decode().splitlines()[-1] == "0 []"


def test_progress_is_shown_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A person who watches sees how far a run has come; a file or a quiet run sees nothing."""
    for quiet, terminal, shown in ((False, True, True), (True, True, False), (False, False, False)):
        monkeypatch.setattr("sys.stderr.isatty", lambda answer=terminal: answer)
        with progress_bar(10, quiet=quiet) as told:
            told(5, 10)
            told(10, 10)
        assert ("100%" in capsys.readouterr().err) == shown


@pytest.mark.parametrize("broken", [False, True])
def test_the_version_says_why_the_plain_judge_stands_in(
    monkeypatch: pytest.MonkeyPatch, *, broken: bool
) -> None:
    """Where durable-rules is missing, or is there and cannot be loaded, the version says which."""
    monkeypatch.setattr("engine.cli.version.find_spec", lambda _: object() if broken else None)
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    why = "cannot be loaded" if broken else "is not installed"
    assert version_text() == f"audit {__version__} (judge: plain; durable-rules {why})"
