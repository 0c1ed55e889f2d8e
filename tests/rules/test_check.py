"""The promises of the checks: each mistake at its place, all of them at once, and never a crash."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.cli import main
from engine.errors import Exit
from engine.rulebook.check import CODES as STANDARD_CODES
from engine.rulebook.load import CODES as FOLDER_CODES
from tests.rules.rulebooks import RULES, change, copied, problems_of, said_of

BAD = Path(__file__).parent / "edits"
CP05 = "child_protection/visits.yaml"


def cases() -> list[Any]:
    """Return each mistake of the folder `edits`: what it is, and what is said of it."""
    return [
        pytest.param(path.stem, case, id=f"{path.stem} {case['it']}")
        for path in sorted(BAD.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize(("code", "case"), cases())
def test_a_mistake_is_told_word_for_word(code: str, case: dict[str, str], tmp_path: Path) -> None:
    """A broken rule gives its code, message and help, at its own line and column, and no more."""
    folder = copied(tmp_path)
    change(folder, case["file"], case["old"], case["new"])
    said = "\n".join(said_of(folder))
    assert said == case["says"]
    assert f" {code} " in said


def test_every_code_has_a_mistake_that_gives_it() -> None:
    """Each code of the rulebook's own checks is shown in a folder of mistakes, or tested below."""
    shown = {path.stem for path in BAD.glob("*.yaml")} | {"R010", "R011", "R030", "R031"}
    assert set(STANDARD_CODES) | set(FOLDER_CODES) <= shown


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    """Each of the four files that a rulebook cannot do without is asked for by name."""
    folder = copied(tmp_path)
    for name in ("fields.yaml", "judgement.yaml", "rulebook.yaml"):
        (folder / name).unlink()
    help_ = "  help: a rulebook is a folder with rulebook.yaml, fields.yaml and judgement.yaml"
    names = ("fields", "judgement", "rulebook")
    assert said_of(folder) == [
        f"{name}.yaml: R010 there is no such file\n{help_}" for name in names
    ]
    assert said_of(tmp_path / "nowhere")[0].endswith(f"R010 there is no such file\n{help_}")


def test_a_calendar_that_is_missing_is_told(tmp_path: Path) -> None:
    """The calendar that rulebook.yaml names has to be there."""
    folder = copied(tmp_path)
    change(folder, "rulebook.yaml", "calendar: england", "calendar: wales")
    assert said_of(folder)[0].startswith("calendars/wales.yaml: R010 there is no such file")


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    """What cannot be read as a file is a problem with the system's reason, not a crash."""
    folder = copied(tmp_path)
    (folder / "planning" / "more.yaml").mkdir()
    (said,) = said_of(folder)
    assert said.startswith("planning/more.yaml: R010 the file cannot be read (is a directory)")


def test_a_folder_that_is_no_stage_is_told(tmp_path: Path) -> None:
    """A standard in a folder that is not a stage of the book is not silently read or left out."""
    folder = copied(tmp_path)
    (folder / "planing").mkdir()
    (folder / "planning" / "contingency.yaml").rename(folder / "planing" / "contingency.yaml")
    (said,) = said_of(folder)
    assert said == (
        "planing/contingency.yaml: R011 `planing` is not a stage of the rulebook\n"
        "  help: did you mean `planning`?"
    )
    (folder / "planing").rename(folder / "x")
    assert "help: stages are `front_door`, `early_help`," in said_of(folder)[0]


def test_a_standard_is_read_whatever_its_yaml_ending(tmp_path: Path) -> None:
    """A file that ends in .yml counts as one that ends in .yaml; hidden files do not."""
    folder = copied(tmp_path)
    path = folder / "planning" / "contingency.yaml"
    (folder / "planning" / ".contingency.yaml").write_bytes(path.read_bytes())
    path.rename(path.with_suffix(".yml"))
    change(folder, "planning/contingency.yml", "domain: planning", "domain: planing")
    assert [said.split(" ")[:2] for said in said_of(folder)] == [
        ["planning/contingency.yml:5:9:", "R020"]
    ]


def test_all_problems_of_all_files_come_together(tmp_path: Path) -> None:
    """Mistakes in every kind of file come at once, sorted by place."""
    folder = copied(tmp_path)
    change(folder, "rulebook.yaml", "title: Outstanding", "titel: Outstanding")
    change(folder, "fields.yaml", "caseload: {type: number", "caseload: {type: nummer")
    change(folder, "judgement.yaml", "compliance_earns_at_most", "compliance_earns")
    change(folder, "planning/contingency.yaml", "level: quality", "level: qualty")
    change(folder, CP05, "severity: major", "severity: mjaor")
    problems = problems_of(folder)
    assert list(problems) == sorted(problems)
    assert [(Path(p.location.file).name, p.code) for p in problems] == [
        ("visits.yaml", "R004"),
        ("fields.yaml", "R004"),
        ("judgement.yaml", "R001"),
        ("contingency.yaml", "R004"),
        ("rulebook.yaml", "R001"),
    ]


def test_a_mistake_in_a_draft_counts_too(tmp_path: Path) -> None:
    """A draft may lack examples, but what it holds has to be right."""
    folder = copied(tmp_path)
    change(folder, CP05, "status: live", "status: draft")
    text = (folder / CP05).read_text("utf-8")
    (folder / CP05).write_text(text.replace("expect: met", "expect: partly_met"), "utf-8")
    assert said_of(folder) == []
    text = (folder / CP05).read_text("utf-8")
    (folder / CP05).write_text(text.replace("      visits: []", "      visit: []"), "utf-8")
    assert {problem.code for problem in problems_of(folder)} == {"R021"}


def test_a_count_that_is_never_silent_needs_no_example_of_silence(tmp_path: Path) -> None:
    """Where there may be none of something, no record can show that an entry is missing."""
    folder = copied(tmp_path)
    name = "planning/actions-owned-and-dated.yaml"
    change(
        folder,
        name,
        "  kind: share\n  of: plan_actions\n  join: [plan_id]\n"
        "  satisfies: {owner: {present: yes}, due_date: {present: yes}}",
        "  kind: count\n  of: plan_actions\n  join: [plan_id]",
    )
    change(
        folder, name, "met: {at_least: 100}\n    partly_met: {at_least: 80}", "met: {at_most: 5}"
    )
    text = (folder / name).read_text("utf-8")
    text = text.replace("expect: not_evidenced", "expect: met")
    (folder / name).write_text(text, "utf-8")
    assert said_of(folder) == []


def test_a_broken_rulebook_scores_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With any error in the rules `audit score` ends with 3, says why, and prints no result."""
    folder = copied(tmp_path)
    change(folder, CP05, "domain: visits", "domain: visit")
    out = tmp_path / "out"
    asked = ["audit", "score", "nothing.jsonl", "--rules", str(folder), "--out", str(out)]
    monkeypatch.setattr("sys.argv", asked)
    with pytest.raises(SystemExit) as end:
        main()
    printed = capsys.readouterr()
    assert end.value.code == Exit.RULEBOOK
    assert printed.out == ""
    assert "visits.yaml:5:9: R020 `visit` is not a domain of the rulebook" in printed.err
    assert not out.exists()


FILES = sorted(
    path.relative_to(RULES).as_posix()
    for path in RULES.rglob("*.yaml")
    if path.parent.name != "schemas"
)
damage = st.one_of(st.binary(max_size=40), st.sampled_from([b": ", b"[", b"{}", b"\n- ", b"null"]))


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sampled_from(FILES), st.integers(0, 4000), st.integers(0, 30), damage)
def test_damage_to_a_rule_file_gives_problems_or_a_rulebook(
    name: str, at: int, gone: int, instead: bytes
) -> None:
    """Whatever bytes a rule file holds, loading ends with a rulebook or problems with places."""
    with TemporaryDirectory() as scratch:
        folder = copied(Path(scratch))
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[:at] + instead + data[at + gone :])
        for problem in problems_of(folder):
            assert problem.message
            assert problem.location.file.startswith(folder.as_posix())
