"""Forms joined with each national return of the same case: nothing new, nothing lost in silence."""

import json
from datetime import date
from pathlib import Path

import pytest

from engine.cli.joined import Source
from engine.pipeline import Scoring, no_progress, score
from engine.records.batch import Batch
from engine.reports.view import FindingView
from engine.terms import Outcome
from tests.formats import workbook
from tests.formats.cases import AUDIT, PROTECTED, whole
from tests.formats.every import ROOT, WRITERS, book, findings
from tests.unit.commands import Audit

AS_OF = date(2025, 3, 7)
# the dataset has no word for a visit that was made for an assessment
SPOKEN_OF_OTHERWISE = {"Standard Safeguarding Dataset": 2}


@pytest.fixture(scope="module", name="forms")
def filled_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the case as an auditor's workbook."""
    path = tmp_path_factory.mktemp("case") / "case.xlsx"
    return workbook.write(whole(PROTECTED, book()), path)


@pytest.fixture(scope="module", name="expected")
def found_in_forms(forms: Path) -> dict[str, FindingView]:
    return findings(forms, AUDIT, AS_OF)[1]


def found_in(batch: Batch) -> dict[str, FindingView]:
    (one,) = score(Scoring(book(), batch, AS_OF), no_progress).audits
    assert one.audit_id == AUDIT
    return {finding.standard: finding for finding in one.findings}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("trust", ["system", "form"])
def test_the_findings_stay_or_the_lacking_fact_is_named(
    name: str, trust: str, forms: Path, expected: dict[str, FindingView], tmp_path: Path
) -> None:
    """A return of the case that the form tells changes no finding to another judgement."""
    records = WRITERS[name](whole(PROTECTED, book()), tmp_path / "return")
    with Source(str(forms), str(records), trust).read(book()) as batch:
        assert not batch.rejected
        said = [note.message for note in batch.noted if note.check == "record_disagrees"]
        assert len(said) == SPOKEN_OF_OTHERWISE.get(name, 0), said
        assert all("the form has no such row of `visits`" in one for one in said)
        found = found_in(batch)
    changed = {key for key, one in found.items() if one.outcome != expected[key].outcome}
    assert trust == "system" or not changed
    for key in changed:
        assert found[key].outcome == Outcome.NOT_ASSESSABLE, key
        assert "there is no `visits.recorded_date`" in found[key].because


def test_forms_are_joined_with_a_system_that_a_mapping_tells_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--mapping` beside `--records` reads the records: their visits decide, the form's grade stays."""
    form = {"audit_id": "A1", "child_id": "P100", "overall_grade": "good", "case_type": "child_protection",
            "audit_date": "2026-01-31"}  # fmt: skip
    forms = tmp_path / "forms.json"
    forms.write_text(json.dumps([form]))
    run = Audit(monkeypatch, capsys)
    given = ("--records", ROOT / "audits/examples-mapping", "--as-of", "2026-01-31")
    mapped = ("--mapping", ROOT / "audits/mappings/example-casework.yaml")
    ended = run("score", forms, *given, *mapped, "--output-format", "json", "--quiet")
    (audit,) = json.loads(ended.out)["audits"]
    assert (ended.code, audit["audit_id"], audit["auditor_grade"]) == (4, "A1", "good")
    assert audit["findings"]["CP-05"] == "not_met"
    assert "B302 `31-Nov-25 15:30` in `visit_date`" in ended.err  # the one row that cannot be read
