"""The promises of `audit reconcile`: what is shown and written, and how it ends."""

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.unit.commands import ROOT, Audit

BATCH = ROOT / "audits" / "examples"
EXTRACT = ROOT / "docs" / "how-to" / "examples" / "extract"
DAY = ("--as-of", "2026-01-31")
DONE, USAGE, PUT_ASIDE = 0, 2, 4
FILES = ["cases.csv", "reconciled.csv", "reconciled.json", "reconciled.xlsx"]


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    monkeypatch.setenv("COLUMNS", "100")
    return Audit(monkeypatch, capsys)


def test_the_shipped_extract_is_held_against_the_shipped_audits(
    audit: Audit, tmp_path: Path
) -> None:
    """Two figures, the gap, what they say together, and the cases; the same in every file."""
    ended = audit("reconcile", BATCH, "--extract", EXTRACT, *DAY, "--out", tmp_path / "out", "-q")
    assert (ended.code, ended.err) == (DONE, "")
    assert (
        "  All teams, 1 Apr 2025 to 31 Dec 2025: 66 audits\n"
        "  Extract    95.0% (190 of 200)\n"
        "  Audits     80.0% (8 of 10), range 49.0% to 94.3%\n"
        "  Gap        -15.0 points\n"
        "  So        the audits show less than the extract\n"
        "  Beside these: 1 not yet due, 55 not applicable.\n"
        "  Of 10 audits whose child stands in the extract too, the two agree on 7.\n"
        "    A00000002: Met."
    ) in ended.out
    assert "  So        the audits cannot tell these apart\n" in ended.out
    out = tmp_path / "out"
    assert sorted(path.name for path in out.iterdir()) == FILES
    held = json.loads((out / "reconciled.json").read_text("utf-8"))
    with (out / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        cases = list(csv.DictReader(file))
    assert [case["audit_id"] for case in cases] == [case["audit_id"] for case in held["cases"]]
    visits = held["indicators"][2]
    assert (visits["audits_percent"], visits["gap_points"], visits["cases"]) == (80.0, -15.0, 3)
    book = load_workbook(out / "reconciled.xlsx")
    assert [sheet.title for sheet in book] == ["Indicators", "Cases", "How to read this"]
    assert book["Indicators"].max_row == 1 + len(held["indicators"])
    assert book["Cases"].max_row == 1 + len(cases)


def test_the_same_input_gives_the_same_bytes(audit: Audit, tmp_path: Path) -> None:
    """Twice the same run writes twice the same files."""
    for name in ("one", "two"):
        audit("reconcile", BATCH, "--extract", EXTRACT, *DAY, "--out", tmp_path / name)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_rows_put_aside_end_with_four_and_none_left_with_two(audit: Audit, tmp_path: Path) -> None:
    """What could be used is shown; where nothing could, nothing is, and nothing is written."""
    extract = tmp_path / "extract.csv"
    good, bad = "=Visits,CP-05,95\n", "Above,CP-05,130\n"
    extract.write_text(f"indicator,standard,percentage\n{good}{bad}", "utf-8")
    asked = ("reconcile", BATCH, "--extract", extract, *DAY, "--out", tmp_path / "out")
    some = audit(*asked)
    assert some.code == PUT_ASIDE
    problem = (
        f"{extract.as_posix()}:3:3: K004 `130` is no percentage between 0 and 100\n"
        "  help: percentages count those that achieved it\n"
    )
    assert some.err.endswith(f"{problem}1 row was put aside; the rest was read\n")
    written = (tmp_path / "out" / "reconciled.csv").read_text("utf-8-sig")
    assert "\n'=Visits,CP-05," in written
    extract.write_text(f"indicator,standard,percentage\n{bad}", "utf-8")
    none = audit("reconcile", BATCH, "--extract", extract, *DAY, "--out", tmp_path / "none", "-q")
    assert (none.code, none.out) == (USAGE, "")
    assert none.err == problem.replace(":3:3:", ":2:3:")
    assert not (tmp_path / "none").exists()


def test_an_extract_that_is_not_there_is_said_plainly(audit: Audit, tmp_path: Path) -> None:
    """A wrong path ends with 2."""
    ended = audit("reconcile", BATCH, "--extract", tmp_path / "none.csv", *DAY, "-q")
    path = (tmp_path / "none.csv").as_posix()
    assert (ended.code, ended.err) == (USAGE, f"{path}: B001 `{path}` does not exist\n")
