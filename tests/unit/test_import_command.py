"""`audit import` writes any source as a batch folder, and never over anything else."""

import csv
from pathlib import Path

import pytest

from tests.unit.commands import AS_OF, ROOT, Audit
from tests.unit.readers.given import folder, workbook

MAPPING = ROOT / "audits" / "mappings" / "example-casework.yaml"
SAMPLE = ROOT / "audits" / "examples-mapping"


@pytest.fixture(name="audit")
def in_this_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


def test_a_workbook_becomes_a_folder(tmp_path: Path, audit: Audit) -> None:
    """A file a table, counts on the screen, exit 0."""
    book = workbook(tmp_path / "in.xlsx", visits=[["audit_id", "visit_date"], ["A1", "2024-01-02"]])
    ended = audit("import", book, "--out", tmp_path / "out")
    assert (ended.code, ended.out) == (0, "audits          1\nvisits          1\n")
    assert ended.err == f"read as an Excel workbook; written to {tmp_path / 'out'}\n"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "audits.csv", "batch.json", "visits.csv",
    ]  # fmt: skip


def test_what_is_put_aside_is_listed_there(tmp_path: Path, audit: Audit) -> None:
    """rejected.csv names the place in the source; exit 4; the batch reads back without a word."""
    source = folder(tmp_path / "in", visits="audit_id,visit_date\nA1,never\n")
    ended = audit("import", source, "--out", tmp_path / "out")
    assert ended.code == 4
    assert "visits.csv:2:2: B302" in ended.err
    assert ended.err.endswith(
        f"1 row was put aside, listed in {tmp_path / 'out' / 'rejected.csv'}; the rest was read\n"
    )
    with (tmp_path / "out" / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(row["file"], row["place"]) for row in csv.DictReader(file)] == [
            ("visits.csv", "2:2")
        ]
    again = audit("import", tmp_path / "out", "--out", tmp_path / "twice")
    assert (again.code, again.err.count("\n")) == (0, 1)


def test_nothing_that_can_be_read_leaves_the_reasons(tmp_path: Path, audit: Audit) -> None:
    """Exit 2, no batch, and the rows that were put aside listed."""
    source = folder(tmp_path / "in", audits="audit_id,audit_date\nA1,never\n")
    ended = audit("import", source, "--out", tmp_path / "out")
    assert (ended.code, "B004" in ended.err) == (2, True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["rejected.csv"]
    (source / "audits.csv").write_text("audit_id\nA1\n", "utf-8")
    assert audit("import", source, "--out", tmp_path / "out").code == 0


def test_another_folder_is_never_written_over(tmp_path: Path, audit: Audit) -> None:
    """Neither what somebody keeps there, nor a batch that somebody made by hand, nor the source."""
    source = folder(tmp_path / "in")
    kept = folder(tmp_path / "kept")
    ended = audit("import", source, "--out", kept)
    assert ended.code == 2
    assert ended.err == (
        f"{kept}: B185 the folder holds other things than a batch of `audit import`: `audits.csv`\n"
        "  help: give a new or empty folder with --out\n"
    )
    assert audit("import", source, "--out", source / "x").code == 2
    assert [path.name for path in source.iterdir()] == ["audits.csv"]


def test_an_earlier_batch_gives_way_whole(tmp_path: Path, audit: Audit) -> None:
    """No table and no list of the earlier one stays behind, whatever its format."""
    first = folder(tmp_path / "a", visits="audit_id\nA1\n", plans="audit_id,start_date\nA1,x\n")
    assert audit("import", first, "--out", tmp_path / "out").code == 4
    for format_, names in (
        ("xlsx", {"batch.xlsx"}), ("parquet", {"audits.parquet"}), ("csv", {"audits.csv"}),
    ):  # fmt: skip
        source = folder(tmp_path / "b")
        assert audit("import", source, "--out", tmp_path / "out", "--format", format_).code == 0
        assert {path.name for path in (tmp_path / "out").iterdir()} == {*names, "batch.json"}


def test_a_mapped_source_scores_as_its_batch_does(tmp_path: Path, audit: Audit) -> None:
    """`audit score --mapping` and `audit import --mapping` agree, finding by finding."""
    straight = audit(
        "score", SAMPLE, "--mapping", MAPPING, *AS_OF, "--output-format", "jsonl", "-q"
    )
    assert audit("import", SAMPLE, "--mapping", MAPPING, "--out", tmp_path / "out").code == 4
    by_batch = audit("score", tmp_path / "out", *AS_OF, "--output-format", "jsonl", "-q")
    assert straight.code == 4
    assert by_batch.code == 0
    assert straight.out == by_batch.out


def test_a_mistake_in_the_mapping_ends_it(tmp_path: Path, audit: Audit) -> None:
    """Exit 2, each mistake at its line; so does a mapping that is not there."""
    (tmp_path / "m.yaml").write_text("system: X\ntables: []\n", "utf-8")
    for command in (("import", SAMPLE, "--out", tmp_path / "out"), ("score", SAMPLE)):
        ended = audit(*command, "--mapping", tmp_path / "m.yaml")
        assert (ended.code, "m.yaml:2:9: R004" in ended.err) == (2, True), ended.err
        assert audit(*command, "--mapping", tmp_path / "none.yaml").code == 2
    assert not (tmp_path / "out").exists()
