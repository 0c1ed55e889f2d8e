"""Every rule engine of the benchmark decides as this engine does."""

import sys
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from engine import pipeline
from engine.records import read_batch
from engine.rulebook.load import load_rulebook
from tests.unit.synthetic_batches import ROOT, made_once

AS_OF = date(2026, 1, 31)
AUDITED = 60
SAME = 55  # columns beside those that say whose audit it is
# a module of `benchmarks/peers/`, and the package that it is about
PEERS = {
    "plain": "polars",
    "zen": "zen",
    "json_logic": "json_logic",
    "rule_engine": "rule_engine",
    "business_rules": "business_rules",
    "durable_rules": "durable_rules_engine",
    "clips": "clips",
}
Results = dict[str, dict[str, object]]


@pytest.fixture(scope="module", autouse=True)
def scripts() -> Iterator[None]:
    """Let the scripts of the benchmark find one another, as they do when they are run."""
    if find_spec("polars") is None:
        pytest.skip("the group `peers` is not installed: `pip install --group peers`")
    folder = str(ROOT / "benchmarks")
    sys.path.insert(0, folder)
    yield
    sys.path.remove(folder)


@pytest.fixture(scope="module")
def batch() -> Path:
    return made_once(AUDITED, 7, "parquet")


@pytest.fixture(scope="module")
def ours(batch: Path, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return what this engine writes."""
    book, problems = load_rulebook(ROOT / "rules", ROOT / "benchmarks" / "fifteen")
    assert book, problems
    out = tmp_path_factory.mktemp("ours")
    with read_batch(batch, book.fields, book.allowed) as read:
        pipeline.score_in_parts(pipeline.Scoring(book, read, AS_OF), out)
    found = duckdb.connect().execute(f"FROM read_parquet('{out}/moderated/*.parquet')")
    names = [name for name, *_ in found.description or ()]
    rows = (dict(zip(names, row, strict=True)) for row in found.fetchall())
    return {str(row["audit_id"]): row for row in rows}


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_finds_caps_and_grades_as_this_engine_does(
    name: str, batch: Path, ours: Results
) -> None:
    if find_spec(PEERS[name]) is None:
        pytest.skip(f"`{PEERS[name]}` is not installed: `pip install --group peers`")
    theirs = decided(name, batch)
    assert theirs.keys() == ours.keys()
    columns = [column for column in next(iter(theirs.values())) if column not in OWN]
    assert len(columns) == SAME
    differing = {
        (audit, column): (ours[audit][column], row[column])
        for audit, row in theirs.items()
        for column in columns
        if row[column] != ours[audit][column]
    }
    assert differing == {}


OWN = ("audit_id", "case_type", "team", "auditor_id")


def decided(name: str, batch: Path) -> Results:
    """Return what a peer decides of the audits of a batch, as it would be written."""
    days, facts = import_module("peers.days"), import_module("peers.facts")
    records, results = import_module("peers.records"), import_module("peers.results")
    as_of = AS_OF.toordinal() - days.EPOCH
    (audits,) = records.pieces(batch)
    decide = import_module(f"peers.{name}").peer()
    made = results.columns()
    found = list(decide([facts.facts_of(audit, as_of) for audit in audits]))
    for audit, one in zip(audits, found, strict=True):
        results.add(audit, one, made)
    return {row["audit_id"]: row for row in results.frame(made).to_dicts()}


def test_the_batch_that_peers_are_tried_on_has_most_outcomes_of_most_standards(
    ours: Results,
) -> None:
    seen = {(name, row[name]) for row in ours.values() for name in row if name[2:3] == "-"}
    assert len(seen) >= 50
