"""The shipped examples: made by `audit synth`, never by hand, and worth looking at.

To make them anew, take `audits/examples`, `audits/examples.xlsx` and `audits/examples.truth` away;
then `audit synth 66 --seed 1 --format csv --out audits/examples`, and the same with `--format xlsx
--out made/examples.xlsx`, whose workbook goes beside the folder (the truth is the same).
"""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.pipeline import Scoring, score
from engine.records.read import read_batch
from engine.reports.view import View
from tests.unit.synthetic_batches import ROOT, all_bytes, make, read_csv, rulebook

COUNT, SEED = 66, 1
EXAMPLES = ROOT / "audits" / "examples"
# A child back from being missing who takes an interview, a connected carer lately approved and a
# formal dispute are too rare for sixty-six audits.
RARE = {"MI-02", "MI-03", "KC-02", "ES-01"}


@pytest.fixture(scope="module")
def view() -> View:
    """Score the examples."""
    book = rulebook()
    return score(Scoring(book, read_batch(EXAMPLES, book.fields, book.allowed), date(2026, 6, 30)))


def test_examples_are_what_the_generator_makes(tmp_path: Path) -> None:
    """Made anew, the folder has the same bytes, and so has the truth about it."""
    make(tmp_path / "examples", COUNT, SEED)
    assert all_bytes(tmp_path / "examples") == all_bytes(EXAMPLES)
    assert all_bytes(tmp_path / "examples.truth") == all_bytes(EXAMPLES.with_suffix(".truth"))


def test_workbook_is_what_the_generator_makes(tmp_path: Path) -> None:
    """Made anew, the workbook has the same cells."""
    make(tmp_path / "examples.xlsx", COUNT, SEED, "xlsx")
    assert _cells(tmp_path / "examples.xlsx") == _cells(EXAMPLES.with_suffix(".xlsx"))


def _cells(file: Path) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(file, read_only=True)
    cells = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    book.close()
    return cells


def test_workbook_is_the_twin_of_the_folder() -> None:
    """Read by the engine, the workbook and the folder are one batch, with nothing put aside."""
    book = rulebook()
    folder = read_batch(EXAMPLES, book.fields, book.allowed)
    workbook = read_batch(EXAMPLES.with_suffix(".xlsx"), book.fields, book.allowed)
    assert folder.input_hash == workbook.input_hash
    assert (folder.problems, workbook.problems) == ((), ())


def test_every_case_type_is_there() -> None:
    """At least sixty audits, at least two of every case type."""
    types = Counter(row["case_type"] for row in read_csv(EXAMPLES)["audits"])
    assert set(types) == set(rulebook().fields.tables["audits"].fields["case_type"].values)
    assert min(types.values()) >= 2
    assert sum(types.values()) >= 60


def test_good_and_bad_are_there(view: View) -> None:
    """Nearly every standard binds an audit, many are missed, and every outcome and route occurs.

    Sixty-six audits cannot miss each of a hundred standards and still look like practice.
    """
    found = [(f.standard, f.outcome) for audit in view.audits for f in audit.findings]
    missed = {standard for standard, outcome in found if outcome in ("not_met", "not_evidenced")}
    bound = {standard for standard, outcome in found if outcome != "not_applicable"}
    assert {standard.id for standard in rulebook().live} - bound == RARE
    assert len(missed) >= 30
    assert len({outcome for _, outcome in found}) == 7
    assert {audit.route for audit in view.audits} == {"none", "moderate", "panel", "alert"}
    assert {audit.moderated_grade for audit in view.audits} >= set(rulebook().grades)


def test_examples_have_something_to_show(view: View) -> None:
    """Alerts, contradictions, lowered grades, late entries and data gaps, and files that stand."""
    summary = view.summary
    assert 1 <= summary.alerts <= 5
    assert summary.contradictions >= 10
    assert summary.unsupported >= 5
    assert summary.harsher >= 3
    assert 5 <= summary.lowered <= 30
    assert any(summary.data_gaps.values())
    assert any(f.back_filled for audit in view.audits for f in audit.findings)
