"""The promises of overlays at the command line: findings change as they say, and reports name them."""

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.errors import Exit
from tests.rules.overlays import book, overlay
from tests.unit.commands import Audit

LIMIT = """\
changes:
  - standard: CP-05
    version_from: 2015-01-01
    set: {met: {at_most: 15}}
    remove: [partly_met]
    reason: Our procedures say fifteen.
"""
RETIRED = LIMIT + "  - {standard: RC-01, retire: yes, reason: Another audit.}\n"
DAYS = ("2025-03-17", "2025-04-07")
RECORD = {
    "audit_id": "A1", "case_type": "child_protection", "overall_grade": "good", "unborn": "no",
    "period_start": "2025-01-01", "period_end": "2025-06-30",
    "plans": [{"plan_id": "P1", "kind": "child_protection", "start_date": "2025-03-03",
               "end_date": "2025-04-11"}],
    "visits": [{"visit_date": day, "child_seen": "yes", "recorded_date": day} for day in DAYS],
}  # fmt: skip


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


def scored(audit: Audit, tmp_path: Path, *folders: Path) -> Path:
    """Score one audit with a stack of books; return the folder of the results."""
    batch, out = tmp_path / "batch.jsonl", tmp_path / "out"
    batch.write_text(json.dumps(RECORD), "utf-8")
    rules = [word for folder in folders for word in ("--rules", folder)]
    ended = audit("score", batch, *rules, "--as-of", "2025-07-01", "--out", out)
    assert ended.code == Exit.DONE, ended.err
    return out


def test_findings_change_as_the_overlay_says(audit: Audit, tmp_path: Path) -> None:
    """A gap of fifteen days is partly met by the book, met by the overlay; what is retired goes."""
    base, ours = book(tmp_path), overlay(tmp_path, RETIRED)
    found = []
    for folders in ((base,), (base, ours)):
        results = json.loads(
            (scored(audit, tmp_path, *folders) / "results.json").read_text("utf-8")
        )
        found.append(results["audits"][0]["findings"])
    assert [one["CP-05"] for one in found] == ["partly_met", "met"]
    assert ["RC-01" in one for one in found] == [True, False]


def test_the_source_of_a_finding_is_the_overlay(audit: Audit, tmp_path: Path) -> None:
    """The finding cites the council's own choice, not the book's."""
    out = scored(audit, tmp_path, book(tmp_path), overlay(tmp_path, LIMIT))
    rows = csv.DictReader((out / "findings.csv").read_text("utf-8-sig").splitlines())
    (source,) = (row["source"] for row in rows if row["standard"] == "CP-05")
    assert source == "Ours, 1, Our procedures say fifteen."


def test_every_output_names_both_books(audit: Audit, tmp_path: Path) -> None:
    """Versions and hashes of the book and the overlay stand on screen and in every report."""
    base, ours = book(tmp_path), overlay(tmp_path, LIMIT)
    out = scored(audit, tmp_path, base, ours)
    run = json.loads((out / "results.json").read_text("utf-8"))["run"]
    below, above = run["books"]
    assert (below["id"], above["id"], above["version"]) == ("practice_audit_england", "ours", "1")
    cells = load_workbook(out / "moderated.xlsx", read_only=True)
    texts = {str(cell) for sheet in cells for row in sheet.values for cell in row}
    html = (out / "report.html").read_text("utf-8")
    for one in (below["hash"], above["hash"], run["rulebook_hash"]):
        assert one in texts
        assert one in html
    ended = audit("score", tmp_path / "batch.jsonl", "--rules", base, "--rules", ours)
    assert f"({below['hash'][:12]}), overlay ours 1 ({above['hash'][:12]})." in " ".join(
        ended.out.split()
    )
    assert f"{ours} (Ours, 1)" in ended.err


def test_an_overlay_alone_lies_over_the_default_book(audit: Audit, tmp_path: Path) -> None:
    """Who gives only an overlay is told which book was taken to lie beneath it."""
    ours = overlay(tmp_path, LIMIT)
    ended = audit("rules", "check", ours)
    assert ended.code == Exit.DONE
    assert ended.err.startswith(f"{ours} is an overlay over `practice_audit_england`: ")
    other = audit("rules", "check", overlay(tmp_path, name="welsh", over="wales"))
    assert other.code == Exit.RULEBOOK
    assert "R040 `welsh` is over `wales`, which is not given" in other.err + other.out


def test_show_says_where_each_value_comes_from(audit: Audit, tmp_path: Path) -> None:
    """What is the overlay's is marked, with what it was and why; what it took out is listed."""
    base, ours = book(tmp_path), overlay(tmp_path, LIMIT)
    ended = audit("rules", "show", "cp-05", "--rules", base, "--rules", ours)
    shown = ended.out.replace(f"{tmp_path}/", "").splitlines()
    at = shown.index("+    9      met: {at_most: 15}")
    assert shown[at - 1] == "    22    - from: 2015-01-01"
    told = " ".join(line.strip(" #") for line in shown[at + 1 : at + 4])
    assert "was {at_most: 10}; Our procedures say fifteen." in told
    assert "Taken out by an overlay:" in shown
    assert any("versions.2015-01-01.partly_met" in line for line in shown)


def test_show_gives_places_as_data(audit: Audit, tmp_path: Path) -> None:
    """As JSON each value has its file, line and column, and the overlay that it comes from."""
    base, ours = book(tmp_path), overlay(tmp_path, LIMIT)
    more = ("--rules", base, "--rules", ours, "--output-format", "json")
    shown = json.loads(audit("rules", "show", "CP-05", *more).out)
    values = {value["key"]: value for value in shown["values"]}
    assert values["versions.0.met.at_most"] == {
        "key": "versions.0.met.at_most", "value": "15", "file": f"{ours}/overlay.yaml",
        "line": 9, "column": 26, "overlay": "ours",
    }  # fmt: skip
    assert values["severity"]["overlay"] is None
    assert shown["standard"]["severity"] == "major"
    assert next(change["was"] for change in shown["changes"]) == {"at_most": "10"}


def test_an_overlay_is_shown_by_its_id(audit: Audit, tmp_path: Path) -> None:
    """All that an overlay changes is listed, with the reasons."""
    base, ours = book(tmp_path), overlay(tmp_path, RETIRED)
    ended = audit("rules", "show", "ours", "--rules", base, "--rules", ours)
    said = " ".join(ended.out.split())
    assert said.startswith("ours 1: Ours")
    assert "RC-01 status, was live Another audit." in said


def test_what_is_not_there_cannot_be_shown_or_listed(audit: Audit, tmp_path: Path) -> None:
    """A name that there is not is told with the nearest."""
    base = book(tmp_path)
    ended = audit("rules", "show", "CP-50", "--rules", base)
    assert ended.code == Exit.USAGE
    assert ended.err == (
        "rules show: U012 there is no standard `CP-50`\n  help: did you mean `CP-05`?\n"
    )
    ended = audit("rules", "list", "--rules", base, "--stage", "child_protecton")
    assert ended.err == (
        "--stage: U012 there is no stage `child_protecton`\n"
        "  help: did you mean `child_protection`?\n"
    )


def test_standards_are_listed_by_stage(audit: Audit, tmp_path: Path) -> None:
    """The list goes by stage, takes filters, and is given as a table, as CSV and as JSON."""
    base, ours = book(tmp_path), overlay(tmp_path, RETIRED)
    rules = ("--rules", base, "--rules", ours)
    lines = audit("rules", "list", *rules).out.splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ["CP-01", "CP-05", "CC-01", "RC-01"]
    assert lines[-1] == "4 standards, 3 of them live"
    more = ("--status", "retired", "--output-format")
    rows = list(csv.DictReader(audit("rules", "list", *rules, *more, "csv").out.splitlines()))
    assert [(row["id"], row["status"], row["version"]) for row in rows] == [
        ("RC-01", "retired", "2015-01-01")
    ]
    assert json.loads(audit("rules", "list", *rules, *more, "json").out) == rows


def test_the_tools_for_editors_name_both_books(audit: Audit, tmp_path: Path) -> None:
    """What tests, coverage, proofs and impact rest on is said with versions and hashes of all."""
    base, ours = book(tmp_path), overlay(tmp_path, LIMIT)
    batch = tmp_path / "batch.jsonl"
    batch.write_text(json.dumps(RECORD), "utf-8")
    stack = ("--rules", base, "--rules", ours)
    named = "practice_audit_england 2026.11 ("
    for words in (("test",), ("coverage",), ("prove",), ("impact", batch, "--against", base)):
        told = " ".join(audit("rules", *words, *stack).out.split())
        both = told[told.rindex(named) :]
        assert ") + ours 1 (" in both, words
        data = json.loads(audit("rules", *words, *stack, "--output-format", "json").out)
        books = (data["now"] if words[0] == "impact" else data["rulebook"])["books"]
        assert [one["id"] for one in books] == ["practice_audit_england", "ours"], words
        assert all(len(one["hash"]) == 64 for one in books)


def test_schemas_of_an_overlay_are_its_own(audit: Audit, tmp_path: Path) -> None:
    """`rules schema` with an overlay leaves the folder of the book beneath as it is."""
    base, ours = book(tmp_path), overlay(tmp_path, LIMIT)
    before = sorted(path.as_posix() for path in base.rglob("*"))
    ended = audit("rules", "schema", "--rules", base, "--rules", ours)
    assert (ended.code, ended.err) == (Exit.DONE, f"7 schemas in {ours / 'schemas'}\n")
    assert sorted(path.as_posix() for path in base.rglob("*")) == before


def test_the_file_of_an_overlay_is_tested_by_what_it_changes(audit: Audit, tmp_path: Path) -> None:
    """`rules test overlay.yaml` runs the examples of the standards that it changes, no others."""
    base, ours = book(tmp_path), overlay(tmp_path, LIMIT)
    ended = audit("rules", "test", ours / "overlay.yaml", "--rules", base, "--rules", ours)
    assert ended.out.split(",")[0].endswith(" examples of 1 standard")
    assert "U022" not in ended.err


def test_an_id_may_be_written_small(audit: Audit, tmp_path: Path) -> None:
    """`explain cp-05` explains CP-05, as `rules show cp-05` shows it."""
    base = book(tmp_path)
    small, large = (audit("explain", name, "--rules", base) for name in ("cp-05", "CP-05"))
    assert (small.code, small.out) == (Exit.DONE, large.out)
