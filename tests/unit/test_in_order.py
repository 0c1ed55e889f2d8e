"""The promises of batches whose rows lie unevenly: the same bytes, whatever their order and number."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

from engine.findings.slices import slices
from engine.pipeline import Scoring, score_in_parts
from engine.records.batch import Batch
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from tests.unit.commands import ROOT, names
from tests.unit.mixed import mixed
from tests.unit.test_pipeline import AS_OF


@pytest.fixture(name="rulebook", scope="module")
def two_standards(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Return a rulebook of two standards: what is promised here is not about them."""
    folder = tmp_path_factory.mktemp("rules")
    text = (
        "id: two\ntitle: Two standards\nversion: '1'\nover: practice_audit_england\n"
        "decided: 2026-11-23\nkeep_only:\n  standards: [CP-05, SU-01]\n  reason: Two will do.\n"
    )
    (folder / "overlay.yaml").write_text(text, "utf-8")
    rulebook, problems = load_rulebook(ROOT / "rules", folder)
    assert rulebook is not None, problems
    return rulebook


@pytest.fixture(name="batch", scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    with mixed(tmp_path_factory.mktemp("batch"), most=9) as batch:
        yield batch


def scored(rulebook: Rulebook, batch: Batch, folder: Path) -> tuple[object, ...]:
    """Score in parts of three audits; return the summary and the bytes of each file."""
    folder.mkdir()
    view = score_in_parts(Scoring(rulebook, batch, AS_OF, size=3), folder)
    return asdict(view.summary), {name: (folder / name).read_bytes() for name in names(folder)}


def test_rows_that_are_put_in_order_first_give_the_same_bytes(
    rulebook: Rulebook, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of an audit keep their order among one another, and nothing else turns on order."""
    expected = scored(rulebook, batch, tmp_path / "as it is")
    monkeypatch.setattr("engine.findings.in_order.MANY", 1)
    monkeypatch.setattr("engine.findings.in_order.SPREAD", 0)
    assert scored(rulebook, batch, tmp_path / "in order") == expected
    views = batch.con.execute(
        "SELECT count(*) FROM duckdb_views() WHERE schema_name = 'in_order'"
    ).fetchall()
    assert views[0][0] > 2


def test_slices_are_cut_by_rows_and_hold_each_audit_once(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With few rows to a slice there are more slices, one after another, of all audits."""
    whole = slices(batch.con, 1000, ["answers"])
    monkeypatch.setattr("engine.findings.slices.MOST_ROWS", 1)
    parts = slices(batch.con, 1000, ["answers"])
    assert len(whole) == 1 < len(parts)
    assert sum(part.count for part in parts) == batch.audit_count
    assert all(one.last < other.first for one, other in pairwise(parts))
    for part in parts:
        rows = f"FROM typed.answers WHERE audit_id {part.test}"
        ((most,),) = batch.con.execute(f"SELECT count(DISTINCT audit_id) {rows}").fetchall()
        assert most <= 1


def test_few_rows_at_a_time_find_the_same(
    rulebook: Rulebook, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An audit with many rows is worked on by itself, and comes out as among others."""
    expected = scored(rulebook, batch, tmp_path / "together")
    monkeypatch.setattr("engine.findings.columnar.outcomes.ROWS_AT_A_TIME", 1)
    assert scored(rulebook, batch, tmp_path / "one by one") == expected
