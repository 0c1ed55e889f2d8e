"""When a child came into care, and what the status of a case says: nothing is guessed."""

from datetime import date

import pytest

from engine.rulebook.book import Rulebook
from tests.unit.readers.annex_a.sheets import (
    BORN,
    Read,
    cared,
    codes,
    line,
    outcomes,
    plan,
    rows,
    sheet,
)

COUNTED = ("CC-04", "CC-05", "HE-01", "HE-02")


class TestCare:
    """The days on which a child came into care and left it."""

    def test_list_8_gives_both_days(self, read: Read) -> None:
        """A child who has left care stays a child in care on no other list."""
        batch = read({"List 8": sheet(8, cared(ceased=date(2024, 5, 27)))})
        assert rows(batch, "audits", "case_type", "came_into_care_date", "left_care_date") == [
            ("child_in_care", date(2024, 1, 8), date(2024, 5, 27))
        ]

    def test_list_10_gives_them_where_list_8_does_not(self, read: Read) -> None:
        """An adoption ends the care; of reviews List 10 does not tell."""
        adopted = line(10, "C1", "F1", date(2024, 1, 8), date(2024, 5, 27))
        batch = read({"List 8": sheet(8, cared("C2")), "List 10": sheet(10, adopted)})
        assert rows(
            batch, "audits", "audit_id", "came_into_care_date", "left_care_date", "not_examined"
        ) == [
            (
                "C1",
                date(2024, 1, 8),
                date(2024, 5, 27),
                ["health_assessments", "placements", "reviews", "visits"],
            ),
            ("C2", date(2024, 1, 8), None, None),
        ]

    def test_list_8_tells_what_list_10_is_silent_of(self, read: Read) -> None:
        """A child on both lists has the reviews of List 8."""
        adoption = line(10, "C1", "F1", date(2024, 1, 8))
        batch = read({"List 8": sheet(8, cared()), "List 10": sheet(10, adoption)})
        assert rows(batch, "audits", "came_into_care_date") == [(date(2024, 1, 8),)]
        assert "not_examined" not in batch.presence.columns["audits"]
        assert not batch.problems

    def test_lists_that_differ_are_both_left_out(self, read: Read, rulebook: Rulebook) -> None:
        """What is counted from the day is then not assessable, and the cell is named."""
        adoption = line(10, "C1", "F1", date(2023, 1, 8))
        batch = read({"List 8": sheet(8, cared()), "List 10": sheet(10, adoption)})
        assert rows(batch, "audits", "came_into_care_date", "not_examined") == [(None, ["audits"])]
        assert [(p.code, p.location.cell, p.message) for p in batch.problems] == [
            (
                "B109",
                "F2",
                "child `C1` came into care on 2024-01-08 (List 8) and on 2023-01-08 (List 10), "
                "so neither day is kept",
            )
        ]
        found = outcomes(rulebook, batch)
        assert {found[name] for name in COUNTED} == {"not_assessable"}

    def test_a_child_who_left_before_coming_is_not_put_aside(
        self, read: Read, rulebook: Rulebook
    ) -> None:
        """Days that cannot both be right are a fault of the data, and the child is scored."""
        batch = read({"List 8": sheet(8, cared(ceased=date(2023, 5, 27)))})
        assert ("B141", "List 8!I2") in codes(batch)
        found = outcomes(rulebook, batch)
        assert {found[name] for name in COUNTED} == {"not_assessable"}

    def test_a_day_that_cannot_be_read_puts_the_child_aside_at_its_cell(self, read: Read) -> None:
        """As in every other format, what cannot be read is not passed over."""
        batch = read({"List 8": sheet(8, cared(started="soon"), cared("C2"))})
        assert ("B302", "List 8!J2") in codes(batch)
        assert rows(batch, "audits", "audit_id") == [("C2",)]

    def test_without_the_column_nobody_says_that_the_day_is_missing(self, read: Read) -> None:
        """List 10 has a day of its own; the children of a List 8 without one are not held to it."""
        short = [cells[:9] for cells in sheet(8, cared())]
        batch = read({"List 8": short, "List 10": sheet(10, line(10, "C2", "F1", BORN))})
        assert rows(batch, "audits", "audit_id", "not_examined")[0] == ("C1", ["audits"])


class TestImpossibleDays:
    """A day that cannot be right is a fault of the data, never of the practice."""

    @pytest.mark.parametrize(
        ("review", "outcome"),
        [
            (date(2024, 2, 2), "met"),
            (date(2024, 5, 13), "not_assessable"),
            (date(2023, 12, 1), "not_assessable"),
            (date(2030, 1, 1), "not_assessable"),
            (None, "not_evidenced"),
        ],
    )
    def test_a_review_before_care_or_in_the_future(
        self, read: Read, rulebook: Rulebook, review: object, outcome: str
    ) -> None:
        """Only a child of whom no review is given is without evidence of the first."""
        found = outcomes(rulebook, read({"List 8": sheet(8, cared(review=review))}))
        assert found["CC-04"] == outcome
        assert found["CC-05"] == "not_assessable"

    @pytest.mark.parametrize("health", [date(2023, 12, 1), date(2030, 1, 1)])
    def test_a_health_assessment_alike(
        self, read: Read, rulebook: Rulebook, health: object
    ) -> None:
        """One before care or in the future may hide one that was in time."""
        found = outcomes(rulebook, read({"List 8": sheet(8, cared(health=health))}))
        assert (found["HE-01"], found["HE-02"]) == ("not_assessable", "not_assessable")

    def test_a_visit_in_the_future(self, read: Read, rulebook: Rulebook) -> None:
        """Nobody is called unvisited for a slip of the year."""
        found = outcomes(rulebook, read({"List 7": sheet(7, plan(visit=date(2034, 5, 1)))}))
        assert found["CP-06"] == "not_assessable"


class TestStatus:
    """The case status of List 6 says what the case is."""

    @pytest.mark.parametrize(
        ("status", "case_type"),
        [
            ("a) Looked after child", "child_in_care"),
            ("CLA&CP", "child_in_care"),
            ("b) Child Protection plan", "child_protection"),
            ("CP Ext", "child_protection"),
            ("c) Child in need plan", "child_in_need"),
            ("CiN", "child_in_need"),
            ("d) Open assessment", "assessment"),
            ("CF Assessment in progress", "assessment"),
            ("e) Closed episode", "child_in_need"),
            ("Awaiting allocation", "child_in_need"),
            (None, "child_in_need"),
        ],
    )
    def test_as_councils_write_it(self, read: Read, status: str | None, case_type: str) -> None:
        """A status that is not known says nothing."""
        given = line(6, "C1", None, None, None, status)
        assert rows(read({"List 6": sheet(6, given)}), "audits", "case_type") == [(case_type,)]

    def test_a_closed_episode_gives_way(self, read: Read) -> None:
        """What is over no longer says what the case is."""
        closed = line(6, "C1", None, None, None, "Closed - stepdown")
        batch = read({"List 6": sheet(6, closed), "List 3": sheet(3, line(3, "C1"))})
        assert rows(batch, "audits", "case_type") == [("front_door",)]

    def test_a_child_in_care_who_is_not_on_list_8_is_not_held_to_it(
        self, read: Read, rulebook: Rulebook
    ) -> None:
        """Two lists that do not agree are a gap in the data."""
        given = line(6, "C1", None, None, None, "a) Looked after child")
        batch = read({"List 6": sheet(6, given), "List 8": sheet(8)})
        found = outcomes(rulebook, batch)
        assert {found[name] for name in (*COUNTED, "CC-01")} == {"not_assessable"}

    def test_the_meetings_of_a_plan_of_need_are_never_told(
        self, read: Read, rulebook: Rulebook
    ) -> None:
        """Reviews in care on List 8 say nothing of the meetings about a later plan."""
        left = cared(ceased=date(2024, 3, 4), review=date(2024, 2, 1), visit=date(2024, 2, 1))
        need = line(6, "C1", None, date(2024, 5, 1), None, "c) Child in need plan")
        found = outcomes(rulebook, read({"List 6": sheet(6, need), "List 8": sheet(8, left)}))
        assert {found[name] for name in ("CN-01", "CN-02", "CN-03")} == {"not_assessable"}
