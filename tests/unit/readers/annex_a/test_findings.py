"""What the shipped standards make of Annex A, and of the fake workbook that others published."""

from collections.abc import Mapping
from datetime import date

import pytest
from openpyxl import load_workbook

from engine.records import read_batch
from engine.rulebook.book import Rulebook
from tests.unit.readers.annex_a.sheets import (
    HEADERS,
    ROOT,
    Read,
    cared,
    codes,
    line,
    outcomes,
    plan,
    rows,
    sheet,
    view_of,
)

PUBLISHED = ROOT.parent / "shared" / "data" / "annex-a" / "Annex_A.xlsx"


class TestFindings:
    """What the shipped standards make of Annex A."""

    @pytest.mark.parametrize(
        ("given", "outcome"),
        [
            ({}, "met"),
            ({"alone": "b) No"}, "met"),
            ({"visit": None, "alone": "No Visit - new in last month"}, "not_met"),
            ({"visit": None, "alone": "b) No"}, "not_met"),
            ({"visit": date(2024, 2, 28)}, "not_met"),
            ({"visit": None, "alone": None, "start": date(2024, 5, 28)}, "not_yet_due"),
            ({"visit": None, "alone": None, "start": None}, "not_evidenced"),
            ({"visit": "no visit"}, "not_assessable"),
            ({"visit": None}, "not_assessable"),
            ({"alone": "Child not seen"}, "not_assessable"),
            ({"end": date(2024, 4, 29)}, "not_assessable"),
            ({"visit": date(2024, 4, 1), "end": date(2024, 4, 29)}, "met"),
        ],
    )
    def test_the_latest_visit_shows_whether_there_was_one(
        self, read: Read, rulebook: Rulebook, given: dict[str, object], outcome: str
    ) -> None:
        """CP-06 is missed only where List 7 shows that nobody has visited since the plan began."""
        found = outcomes(rulebook, read({"List 7": sheet(7, plan(**given))}))
        assert found["CP-06"] == outcome

    def test_series_and_what_is_lacking_are_data_gaps(self, read: Read, rulebook: Rulebook) -> None:
        """What the latest entry cannot prove, or no list says, is never held against the case."""
        given = {f"List {n}": sheet(n, line(n, "C1")) for n in HEADERS}
        given["List 6"] = sheet(6, line(6, "C1", None, None, None, "c) Child in need plan"))
        given["List 7"] = sheet(7, plan())
        given["List 8"] = sheet(8, cared())
        found = outcomes(rulebook, read(given))
        gaps = {name for name, outcome in found.items() if outcome == "not_assessable"}
        assert gaps >= {"CP-05", "CN-01", "CC-01", "FD-01", "AS-01", "AS-02", "RC-01", "SU-01"}
        assert gaps >= {"SU-02", "OV-01", "PL-01", "PL-02", "SF-01", "CC-02", "PM-01"}
        assert set(found.values()) <= {"not_assessable", "not_applicable", "met"}

    @pytest.mark.parametrize(
        ("held", "outcome"),
        [
            (date(2024, 2, 20), "met"),
            (None, "not_evidenced"),
            (date(2024, 1, 20), "not_assessable"),
        ],
    )
    def test_an_impossible_conference_is_no_failure(
        self, read: Read, rulebook: Rulebook, held: object, outcome: str
    ) -> None:
        """A conference before the discussion that led to it shows a fault in the data."""
        given = line(5, "C1", date(2024, 2, 1), "b) No", held)
        assert outcomes(rulebook, read({"List 5": sheet(5, given)}))["CP-01"] == outcome


@pytest.mark.skipif(
    not PUBLISHED.exists(), reason="the published Annex A is not beside the project"
)
class TestPublished:
    """The fake that others published: realistic mess, not part of this project."""

    @pytest.fixture
    def sheets(self) -> Mapping[str, list[dict[str, object]]]:
        """Return the lines of each list by header, read without the project."""
        book = load_workbook(PUBLISHED, data_only=True)
        found = {}
        for made in book.worksheets:
            header, *lines = made.iter_rows(values_only=True)
            found[made.title] = [dict(zip(map(str, header), cells, strict=True)) for cells in lines]
        return found

    def test_every_child_is_an_audit(
        self, rulebook: Rulebook, sheets: Mapping[str, list[dict[str, object]]]
    ) -> None:
        """Nobody on Lists 1 to 10 is lost, nothing is put aside, each list gives its rows."""
        children = {
            str(given["Child Unique ID"]) for n in range(1, 11) for given in sheets[f"List {n}"]
        }
        with read_batch(PUBLISHED, rulebook.fields, rulebook.allowed) as batch:
            assert {audit for (audit,) in rows(batch, "audits", "audit_id")} == children
        assert not batch.rejected
        for name, number in (("referrals", 3), ("assessments", 4), ("enquiries", 5)):
            assert batch.rows[name] == len(sheets[f"List {number}"])
        assert batch.rows["plans"] == len(sheets["List 6"]) + len(sheets["List 7"])
        assert batch.rows["placements"] == len(sheets["List 8"])
        assert batch.rows["health_assessments"] == len(sheets["List 8"])

    def test_every_problem_stands_at_its_cell(self, rulebook: Rulebook) -> None:
        """Two visits after the end of a plan, five births on which lists differ, the adopters."""
        with read_batch(PUBLISHED, rulebook.fields, rulebook.allowed) as batch:
            found = codes(batch)
        assert found == [
            ("B108", "List 11"),
            *(("B110", f"List 7!J{row}") for row in (7, 8)),
            *(("B109", f"List 9!D{row}") for row in range(2, 7)),
        ]

    def test_no_child_of_the_fake_is_called_unvisited(self, rulebook: Rulebook) -> None:
        """Its two visits after the end of a plan are faults in the data, not alerts."""
        with read_batch(PUBLISHED, rulebook.fields, rulebook.allowed) as batch:
            view = view_of(rulebook, batch, date(2026, 11, 22))
        assert not [audit.alerts for audit in view.audits if audit.alerts]
        assert all(audit.cap is None for audit in view.audits)
