"""The promises of --out for batches larger than a person can read."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from engine.judgement.judge import Judge
from engine.pipeline import Scoring
from tests.unit.commands import AS_OF, Audit, names
from tests.unit.goldens import GOLDEN

BATCH = GOLDEN / "batch.jsonl"
DONE, USAGE = 0, 2


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


@pytest.fixture(name="above")
def two_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("engine.cli.score", "engine.cli.outputs", "engine.reports"):
        monkeypatch.setattr(f"{place}.MOST_FOR_PEOPLE", 2)
    # files of many audits are read in place
    monkeypatch.setattr("engine.records.parquet_rows.SMALL", 0)


@pytest.mark.usefixtures("above")
def test_a_large_batch_goes_to_files(audit: Audit, tmp_path: Path) -> None:
    """Above the number that a person can read, results are written as Parquet and not printed."""
    out = tmp_path / "out"
    ended = audit("score", BATCH, *AS_OF, "--out", out, "--fail-on", "alert")
    assert (ended.code, ended.out) == (1, "")
    assert names(out) == ["data_quality.parquet", "moderated/part-00000.parquet", "results.json"]
    assert json.loads((out / "results.json").read_text("utf-8"))["summary"]["capped"] == 3
    said = ended.err.splitlines()
    assert said[1].startswith("4 audits scored: 3 audits capped, 2 of them below")
    assert said[2] == f"written to {out}"


def test_a_large_batch_that_is_not_written_is_counted(
    audit: Audit, request: pytest.FixtureRequest
) -> None:
    """Without --out a large batch gives its figures, and says how to have its audits."""
    small = audit("score", BATCH, *AS_OF)
    request.getfixturevalue("above")
    ended = audit("score", BATCH, *AS_OF)
    assert ended.code == DONE
    assert ended.out.startswith("Grades before and after\n")
    assert small.out.endswith(ended.out)
    assert ended.err.splitlines()[1:] == ["audits are not listed above 2: --out writes them"]
    assert audit("score", BATCH, *AS_OF, "-q").err == ""


@pytest.mark.usefixtures("above")
def test_audits_of_a_large_batch_are_not_printed_as_data(audit: Audit) -> None:
    """A format of the screen that lists audits prints nothing, and the run says so."""
    ended = audit("score", BATCH, *AS_OF, "--output-format", "jsonl")
    assert (ended.code, ended.out) == (DONE, "")
    said = ended.err.splitlines()[1:]
    assert said[0] == "--output-format jsonl is left out: audits are not printed above 2"
    assert said[1].startswith("4 audits scored: ")
    quiet = audit("score", BATCH, *AS_OF, "-q", "--output-format", "csv")
    assert quiet.err == "--output-format csv is left out: audits are not printed above 2\n"


def test_a_large_batch_is_written_as_csv_audit_by_audit(
    audit: Audit, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """CSV has no limit, and is the same above it; nothing is written that was not asked for."""
    small, large = tmp_path / "small", tmp_path / "large"
    assert audit("score", BATCH, *AS_OF, "--out", small, "--write", "csv").code == DONE
    request.getfixturevalue("above")
    ended = audit("score", BATCH, *AS_OF, "-q", "--out", large, "--write", "csv")
    assert (ended.code, ended.out, ended.err) == (DONE, "", "")
    assert names(large) == ["data_quality.csv", "findings.csv", "moderated.csv"]
    # rows that stand twice are not looked for in a large batch
    for name in names(large)[1:]:
        assert (large / name).read_bytes() == (small / name).read_bytes()
    every = audit("score", BATCH, *AS_OF, "-q", "--out", large, "--write", "csv,json,parquet")
    assert (every.code, len(names(large))) == (DONE, 6)


@pytest.mark.usefixtures("above")
def test_formats_for_people_are_left_out_of_a_large_run(audit: Audit, tmp_path: Path) -> None:
    """A format that needs every audit in hand is not written empty: it is named as left out."""
    out = tmp_path / "out"
    ended = audit("score", BATCH, *AS_OF, "-q", "--out", out, "--write", "html,xlsx,json")
    assert ended.code == DONE
    assert names(out) == ["results.json"]
    assert ended.err.splitlines() == [
        "html is left out: it is written for up to 2 audits",
        "xlsx is left out: it is written for up to 2 audits",
    ]


@pytest.mark.usefixtures("above")
@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (Path.unlink, "B001 `{}` does not exist"),
        (lambda file: file.write_bytes(b"PAR1 no more"), "B009 `{}` is damaged"),
    ],
)
def test_input_that_goes_away_is_not_taken_for_a_full_disk(
    audit: Audit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[Path], object],
    said: str,
) -> None:
    """A file of the batch that vanishes or is damaged while it is scored is told with its place."""
    rows = (
        "SELECT audit_id, 'good' AS overall_grade FROM (VALUES ('A1'), ('A2'), ('A3')) t(audit_id)"
    )
    whole = Scoring.judge

    def struck(scoring: Scoring) -> Judge:
        harm(file)
        return whole(scoring)

    for asked in (("--out", tmp_path / "out"), (), ("--out", tmp_path / "out", "--write", "csv")):
        batch = tmp_path / f"batch{len(asked)}"
        batch.mkdir()
        file = batch / "audits.parquet"
        duckdb.sql(f"COPY ({rows}) TO '{file}' (FORMAT parquet)")
        with monkeypatch.context() as patch:
            patch.setattr(Scoring, "judge", struck)
            ended = audit("score", batch, *AS_OF, "-q", *asked)
        assert (ended.code, ended.out) == (USAGE, "")
        assert f"{file}: {said.format(file)}" in ended.err
        assert not (tmp_path / "out").exists()
