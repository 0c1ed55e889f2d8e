"""The promises of `audit score`: what it prints where, what it writes, and how it ends."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine import __version__
from tests.rules.rulebooks import RULES
from tests.unit.commands import AS_OF, ROOT, Audit, process
from tests.unit.goldens import GOLDEN, check

BATCH = GOLDEN / "batch.jsonl"
GOOD = '{"audit_id": "A1", "overall_grade": "good", "referrals": []}\n'
BAD = '{"audit_id": "A2", "overall_grade": "superb", "referrals": []}\n'
DONE, FAILED, USAGE, PUT_ASIDE = 0, 1, 2, 4


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("AUDIT_OUTPUT_FORMAT", raising=False)
    return Audit(monkeypatch, capsys)


@pytest.fixture(name="few")
def a_batch_of_one(tmp_path: Path) -> Path:
    path = tmp_path / "few.jsonl"
    path.write_text(GOOD, "utf-8")
    return path


@pytest.fixture(name="mixed")
def a_batch_with_a_bad_row(tmp_path: Path) -> Path:
    path = tmp_path / "mixed.jsonl"
    path.write_text(GOOD + BAD, "utf-8")
    return path


def told(text: str) -> str:
    """Return a text without what is another for every edition of the rules and the engine."""
    text = text.replace(__version__, "VERSION")
    text = re.sub(r'(hash": ")[0-9a-f]{64}', r"\1HASH", text)
    text = re.sub(r'(input_hash": ")[^"]+', r"\1HASH", text)
    return re.sub(r"\([0-9a-f]{12}\)", "(HASH)", text)


def test_the_screen_is_as_expected(audit: Audit) -> None:
    """A small batch, judged as at a fixed day, prints the expected table and summary."""
    ended = audit("score", BATCH, *AS_OF, "--plain-judge", "--rules", RULES)
    check("full.txt", told(ended.out))
    assert ended.code == DONE
    book = "Practice audit standards, children's social care, England, 2026.11"
    assert ended.err == f"rules: {RULES} ({book}); as of 2026-06-30\n"


def test_the_results_are_as_expected(audit: Audit, tmp_path: Path) -> None:
    """The same batch gives the expected results.json, printed or written."""
    out = tmp_path / "out"
    asked = ("score", BATCH, *AS_OF, "--plain-judge", "--quiet", "--output-format", "json")
    ended = audit(*asked, "--out", out, "--write", "json")
    check("results.json", told(ended.out))
    assert (out / "results.json").read_bytes() == ended.out.encode()
    assert [path.name for path in out.iterdir()] == ["results.json"]
    assert (ended.code, ended.err) == (DONE, "")


def test_results_go_to_standard_output_and_all_else_to_standard_error(audit: Audit) -> None:
    """Whatever the format, standard output is data alone: it can be read by a machine."""
    outs = {}
    for name in ("concise", "json", "jsonl", "csv"):
        ended = audit("score", BATCH, *AS_OF, "--output-format", name)
        assert ended.code == DONE
        assert ended.err.startswith("rules: ")
        assert ended.err.rstrip().endswith("0 rows put aside.")
        outs[name] = ended.out
    ids = ["G-1", "G-2", "G-3", "G-4"]
    assert [audit["audit_id"] for audit in json.loads(outs["json"])["audits"]] == ids
    assert [json.loads(line)["audit_id"] for line in outs["jsonl"].splitlines()] == ids
    assert [row["audit_id"] for row in csv.DictReader(io.StringIO(outs["csv"]))] == ids
    assert [line[:4] for line in outs["concise"].splitlines()] == ["G-1:", "G-3:", "G-4:"]


def test_quiet_prints_results_and_problems_alone(audit: Audit, mixed: Path) -> None:
    """With --quiet nothing is said of the run, but rows put aside are still told."""
    quiet = audit("score", BATCH, *AS_OF, "-q", "--output-format", "concise")
    assert quiet.err == ""
    told_aside = audit("score", mixed, *AS_OF, "--quiet", "--output-format", "jsonl")
    assert "B305 `superb`" in told_aside.err
    assert told_aside.err.splitlines()[-1] == "1 row was put aside; the rest was read"
    assert "rules: " not in told_aside.err


def test_the_format_can_be_set_for_a_whole_session() -> None:
    """AUDIT_OUTPUT_FORMAT is the format of those who name none; what is named wins."""
    asked = ("score", BATCH, *AS_OF, "-q")
    set_so = {"AUDIT_OUTPUT_FORMAT": "jsonl"}
    assert json.loads(process(*asked, **set_so).out.splitlines()[0])["audit_id"] == "G-1"
    named = process(*asked, "--output-format", "concise", **set_so)
    assert named.out.startswith("G-1: auditor good -> moderated inadequate [alert]")
    wrong = process(*asked, AUDIT_OUTPUT_FORMAT="yaml")
    assert (wrong.code, wrong.out) == (USAGE, "")
    assert "'yaml' is not one of" in wrong.err


def test_a_batch_may_come_through_a_pipe() -> None:
    """`-` reads JSON Lines from standard input, and scores them as it would a file."""
    ended = process("score", "-", *AS_OF, "-q", "--output-format", "json", stdin=BATCH.read_text())
    same = process("score", BATCH, *AS_OF, "-q", "--output-format", "json")
    assert ended.code == DONE
    # what has no name is called `-` where the place of an entry of data quality is told
    assert ended.out.replace('"-:', '"batch.jsonl:') == same.out


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ([], DONE),
        (["--fail-on", "alert"], FAILED),
        (["--fail-on", "contradiction"], FAILED),
        (["--fail-on", "cap"], FAILED),
        (["--fail-on", "alert", "--fail-on", "cap"], FAILED),
    ],
)
def test_a_run_fails_only_on_what_it_is_told_to(audit: Audit, asked: list[str], code: int) -> None:
    """Low grades end with 0; with --fail-on, an alert, a contradiction or a cap ends with 1."""
    assert audit("score", BATCH, *AS_OF, "-q", *asked).code == code


@pytest.mark.parametrize("reason", ["alert", "contradiction", "cap"])
def test_a_clean_batch_never_fails(audit: Audit, few: Path, reason: str) -> None:
    """Where there is no alert, contradiction or cap, --fail-on changes nothing."""
    assert audit("score", few, *AS_OF, "-q", "--fail-on", reason).code == DONE


def test_rows_put_aside_outrank_a_failed_check(audit: Audit, mixed: Path, tmp_path: Path) -> None:
    """A run that put rows aside ends with 4, whatever --fail-on found, and scores the rest."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text(BATCH.read_text("utf-8") + BAD, "utf-8")
    ended = audit("score", bad, *AS_OF, "--fail-on", "alert", "--out", tmp_path / "out")
    assert ended.code == PUT_ASIDE
    assert "G-1" in ended.out
    rejected = (tmp_path / "out" / "rejected.csv").read_text("utf-8-sig")
    assert [row["audit_id"] for row in csv.DictReader(io.StringIO(rejected))] == ["A2"]
    assert audit("score", mixed, *AS_OF).code == PUT_ASIDE


def test_a_strict_run_scores_nothing(audit: Audit, mixed: Path, tmp_path: Path) -> None:
    """With --strict one unreadable row is enough: nothing is written."""
    out = tmp_path / "new" / "out"
    ended = audit("score", mixed, *AS_OF, "--strict", "--out", out)
    assert (ended.code, ended.out) == (PUT_ASIDE, "")
    assert ended.err.splitlines()[-1] == "nothing was scored or written, because of --strict"
    assert not out.parent.exists()


def test_rows_put_aside_are_listed_where_no_audit_is_left(audit: Audit, tmp_path: Path) -> None:
    """A batch of which every audit was put aside ends with 2, and --out has them all."""
    path, out = tmp_path / "bad.jsonl", tmp_path / "out"
    path.write_text("".join(BAD.replace("A2", f"A{n}") for n in range(103)), "utf-8")
    ended = audit("score", path, *AS_OF, "--out", out)
    assert (ended.code, ended.out) == (USAGE, "")
    assert "3 more in `audits`" in ended.err
    assert "lists every row put aside in rejected.csv" in ended.err
    assert "B004" in ended.err
    assert [file.name for file in out.iterdir()] == ["rejected.csv"]
    rejected = (out / "rejected.csv").read_text("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(rejected)))) == 103
    assert audit("score", path, *AS_OF).code == USAGE


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["nothing.jsonl"], "nothing.jsonl: B001 `nothing.jsonl` does not exist"),
        (
            [str(BATCH), "--out", "x", "--write", "xlxs,jsno"],
            "U001 `jsno` is not a format\n  help: did you mean `json`?\n--write: U001 `xlxs`",
        ),
        (
            [str(BATCH), "--write", "png"],
            "U001 `png` is not a format\n  help: formats: json, csv, xlsx, html, parquet",
        ),
        (
            [str(BATCH), "--write", "json"],
            "--out: U003 no folder for the results is given\n  help: formats to be written",
        ),
        ([str(BATCH), "--as-of", "June"], "`June` is no day; write the day as 2026-01-31"),
        ([str(BATCH), "--as-of", "2026-02-30"], "`2026-02-30` is no day; write the day as"),
        ([str(BATCH), "--fail-on", "grade"], "'grade' is not one of"),
        ([str(BATCH), "--output-format", "xml"], "'xml' is not one of"),
        ([], "Missing argument"),
        ([str(BATCH), "--ou", "x"], "No such option"),
    ],
)
def test_wrong_usage_is_told_and_nothing_is_done(
    audit: Audit, asked: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip on the command line ends with 2, says what is wrong, and leaves nothing behind."""
    monkeypatch.chdir(tmp_path)
    ended = audit("score", "--rules", RULES, *asked)
    assert (ended.code, ended.out) == (USAGE, "")
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_day_may_be_written_either_way(audit: Audit) -> None:
    """`--as-of` reads a day as a file does, the day first or the year first."""
    asked = ("score", BATCH, "--output-format", "jsonl")
    assert audit(*asked, "--as-of", "30/06/2026") == audit(*asked, *AS_OF)
    assert "YYYY-MM-DD" in audit("score", "--help").out


def test_rules_that_are_nowhere_are_told(audit: Audit, tmp_path: Path) -> None:
    """A folder of rules that does not exist ends with 3."""
    ended = audit("score", BATCH, "--rules", tmp_path / "none")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == (
        f"{tmp_path / 'none'}: R010 there is no such folder\n"
        "  help: give the folder that holds rulebook.yaml\n"
    )


def test_rules_are_found_beside_the_user_or_in_the_package(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --rules, ./rules is used if it is a rulebook, and else the one that is shipped."""
    monkeypatch.chdir(tmp_path)
    assert f"live standards in {RULES.resolve()}: nothing wrong." in audit("rules", "check").out
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rulebook.yaml").write_text("id: x\n", "utf-8")
    ended = audit("rules", "check")
    assert ended.code == 3
    assert ended.out.startswith("rules/fields.yaml: R010")


def test_the_version_says_which_judge_is_in_use(audit: Audit) -> None:
    """`audit --version` names the engine's version and the judge, on one line."""
    ended = audit("--version")
    assert ended.code == DONE
    assert re.fullmatch(rf"audit {__version__} \(judge: (durable-rules|plain).*\)\n", ended.out)


def test_no_command_shows_the_help() -> None:
    """`audit` alone shows what it can do."""
    for asked in ((), ("--help",)):
        ended = process(*asked)
        assert "score" in ended.out + ended.err
        assert "Traceback" not in ended.err


def test_a_reader_that_stops_reading_is_no_mistake(tmp_path: Path) -> None:
    """`audit score … | head` ends quietly with the run's own exit code, its files written."""
    out = tmp_path / "out"
    rows = "".join(
        json.dumps({"audit_id": f"A{n}", "team": "x" * 200, "referrals": []}) + "\n"
        for n in range(600)
    )
    (tmp_path / "many.jsonl").write_text(rows + BAD, "utf-8")
    arguments = ["score", "many.jsonl", *AS_OF, "-q", "--output-format", "csv", "--rules", RULES,
                 "--out", out, "--write", "csv"]  # fmt: skip
    command = [sys.executable, "-c", "from engine.cli import main; main()", *map(str, arguments)]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, cwd=tmp_path, env=settings) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr is not None
        said = running.stderr.read().decode()
    assert running.returncode == PUT_ASIDE
    assert "Broken" not in said
    assert "Traceback" not in said
    assert len((out / "moderated.csv").read_text("utf-8").splitlines()) == 601


def test_text_of_any_kind_is_printed(tmp_path: Path) -> None:
    """Names in any alphabet are printed as UTF-8 where the terminal's own encoding has none."""
    (tmp_path / "b.jsonl").write_text('{"audit_id": "Łódź-北京", "referrals": []}\n', "utf-8")
    ended = process("score", tmp_path / "b.jsonl", *AS_OF, "-q", "--output-format", "jsonl",
                    PYTHONIOENCODING="ascii")  # fmt: skip
    assert ended.code == DONE
    assert json.loads(ended.out)["audit_id"] == "Łódź-北京"
