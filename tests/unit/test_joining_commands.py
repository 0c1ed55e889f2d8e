"""`--records` at the command line: what is said, what is refused, and what is never written."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.commands import AS_OF, Audit

DONE, USAGE, PUT_ASIDE = 0, 2, 4


def audit(child: str, number: str = "", **tables: object) -> dict[str, Any]:
    return {"audit_id": number or child, "child_id": child, **tables}


@pytest.fixture(name="run")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


def _two(folder: Path) -> tuple[Path, Path]:
    forms, records = folder / "forms.json", folder / "records.json"
    visit = {"visit_date": "2025-03-03", "child_seen": "yes"}
    forms.write_text(json.dumps([audit("1", "A1", visits=[visit])]))
    records.write_text(json.dumps([audit("1", visits=[{**visit, "child_seen": "no"}])]))
    return forms, records


def test_the_screen_says_how_much_was_joined(run: Audit, tmp_path: Path) -> None:
    """`--records` says how many audits were joined, how many not, and how often the two differ."""
    forms, records = _two(tmp_path)
    ended = run("score", forms, "--records", records, *AS_OF, "--output-format", "concise")
    assert ended.code == DONE
    assert ended.err.splitlines()[1] == (
        f"records: {records}; 1 of 1 audits joined, 0 not found, 1 disagreement; the records decide"
    )


def test_records_have_to_be_another_input(run: Audit, tmp_path: Path) -> None:
    """Forms given as their own records, and records without forms, are refused."""
    forms, records = _two(tmp_path)
    ended = run("score", forms, "--records", forms, *AS_OF)
    assert (ended.code, ended.err.splitlines()[-2]) == (
        USAGE, f"{forms}: B164 the records are the same input as the forms, `{forms}`"
    )  # fmt: skip
    ended = run("explain", "CP-05", "--records", records)
    assert (ended.code, ended.err.splitlines()[0]) == (
        USAGE, "--records: U013 records are joined with the forms of a batch, and none is given"
    )  # fmt: skip


def test_strict_asks_both_inputs_to_be_whole(run: Audit, tmp_path: Path) -> None:
    """A row of the records that was put aside is enough for `--strict` to write nothing."""
    forms, records = _two(tmp_path)
    records.write_text(
        json.dumps([audit("1", visits=[{"visit_date": "99"}, {"visit_date": "2025-03-03"}])])
    )
    out = tmp_path / "out"
    ended = run("score", forms, "--records", records, *AS_OF, "--strict", "--out", out)
    assert (ended.code, ended.err.splitlines()[-1], out.exists()) == (
        PUT_ASIDE, "nothing was scored or written, because of --strict", False
    )  # fmt: skip


def test_an_audit_is_explained_with_the_records(run: Audit, tmp_path: Path) -> None:
    """`audit explain` looks at the joined case, as `audit score` does."""
    forms, records = _two(tmp_path)
    ended = run("explain", "A1", "--batch", forms, "--records", records, *AS_OF)
    assert (ended.code, ended.out.splitlines()[0]) == (DONE, "Audit A1")


def test_results_are_not_written_into_the_extract(run: Audit, tmp_path: Path) -> None:
    """A folder of records is an input: `--out` inside it is refused."""
    forms, _ = _two(tmp_path)
    extract = tmp_path / "extract"
    extract.mkdir()
    (extract / "audits.csv").write_text("audit_id,child_id\n1,1\n")
    out = extract / "out"
    ended = run("score", forms, "--records", extract, *AS_OF, "--out", out)
    assert (ended.code, ended.err.splitlines()[-2]) == (
        USAGE, f"{out}: U004 the results would be written into the batch `{extract}`"
    )  # fmt: skip
    assert not out.exists()
