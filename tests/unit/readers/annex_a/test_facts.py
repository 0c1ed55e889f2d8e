"""What a list of Annex A says becomes a fact; what it cannot say stays absent."""

from datetime import date

import pytest

from tests.unit.readers.annex_a.sheets import (
    BORN,
    HEADERS,
    Read,
    cared,
    codes,
    line,
    plan,
    rows,
    sheet,
)


class TestFacts:
    """What each list says, and nothing else."""

    @pytest.mark.parametrize(
        ("said", "seen", "alone"),
        [
            ("a) Yes", True, True),
            ("Yes", True, True),
            ("Y", True, True),
            ("1 - Yes", True, True),
            ("Seen alone", True, True),
            ("Yes-See care notes for details", True, True),
            ("b) No", None, False),
            ("N", None, False),
            ("Child not seen alone", None, False),
            ("Child not seen", False, False),
            ("Child seen", True, None),
            ("c) Unknown", None, None),
            ("Unborn", None, None),
            ("No Visit - new in last month", None, None),
            (None, None, None),
        ],
    )
    def test_seen_alone_says_what_it_says(
        self, read: Read, said: str | None, seen: object, alone: object
    ) -> None:
        """Only a yes says that the child was seen alone; nothing unclear ever says that."""
        batch = read({"List 7": sheet(7, plan(alone=said))})
        assert rows(batch, "visits", "child_seen", "seen_alone") == [(seen, alone)]
        assert not batch.rejected

    def test_what_annex_a_cannot_say_is_absent(self, read: Read) -> None:
        """No grade, no day of recording, no actions, no supervision, no regime."""
        given = {f"List {n}": sheet(n, line(n, "C1")) for n in HEADERS}
        presence = read(given).presence
        assert presence.columns.keys() == {
            "audits", "plans", "visits", "referrals", "assessments", "enquiries",
            "strategy_discussions", "conferences", "reviews", "placements", "health_assessments",
        }  # fmt: skip
        assert presence.latest_only == presence.columns.keys() - {"audits"}
        named = {name for columns in presence.columns.values() for name in columns}
        assert not named & {
            "overall_grade", "recorded_date", "decision_date", "regime", "contingency",
            "referral_date", "due_date", "participation", "permanence_plan_date", "allocated_date",
        }  # fmt: skip
        assert "seen_alone" not in presence.columns["assessments"]

    def test_a_list_that_is_missing_leaves_its_tables_absent(self, read: Read) -> None:
        """Without List 8 nothing is known of placements."""
        assert "placements" not in read({"List 7": sheet(7, plan())}).presence.columns

    def test_a_list_without_lines_is_present(self, read: Read) -> None:
        """A list with a header alone says that there are none."""
        batch = read({"List 7": sheet(7, plan()), "List 8": sheet(8)})
        assert rows(batch, "placements", "audit_id") == []

    def test_a_missing_list_says_nothing_of_plans(self, read: Read) -> None:
        """Without List 7 nobody can say that a child has no protection plan."""
        need = line(6, "C1", None, None, None, "b) Child Protection plan")
        batch = read({"List 6": sheet(6, need, line(6, "C2", None, None, None, "c) CIN plan"))})
        assert rows(batch, "audits", "audit_id", "not_examined") == [
            ("C1", ["plans", "visits"]),
            ("C2", None),
        ]

    def test_a_missing_column_says_nothing(self, read: Read) -> None:
        """A List 7 tells nothing of visits without their column, and never of reviews in care."""
        short = [cells[:5] for cells in sheet(7, plan())]
        cared = sheet(8, line(8, "C2", BORN, None, date(2024, 5, 1)))
        batch = read({"List 7": short, "List 8": cared})
        assert rows(batch, "audits", "audit_id", "not_examined") == [
            ("C1", ["reviews", "visits"]),
            ("C2", ["plans"]),
        ]

    def test_referrals(self, read: Read) -> None:
        """List 3 gives the day of a referral, and not that of the decision."""
        batch = read({"List 3": sheet(3, line(3, "C1", date(2024, 2, 1), "a) Yes"))})
        assert rows(batch, "referrals", "received_date") == [(date(2024, 2, 1),)]
        assert "decision_date" not in batch.presence.columns["referrals"]

    @pytest.mark.parametrize(
        ("seen", "kind", "expected"),
        [
            ("a) Yes", "child_and_family", True),
            ("b) No", "child_and_family", False),
            ("c) Unknown", "child_and_family", None),
            (None, "child_and_family", None),
            ("Unborn", "pre_birth", None),
        ],
    )
    def test_assessments(self, read: Read, seen: str | None, kind: str, expected: object) -> None:
        """List 4 gives an assessment's days and whether the child was seen."""
        given = line(4, "C1", "01/02/2024", seen, "01/03/2024")
        batch = read({"List 4": sheet(4, given)})
        assert rows(
            batch, "assessments", "kind", "start_date", "authorised_date", "child_seen"
        ) == [(kind, date(2024, 2, 1), date(2024, 3, 1), expected)]

    @pytest.mark.parametrize(
        ("unnecessary", "required"),
        [("a) Yes", False), ("b) No", True), ("N", True), ("c) Unknown", None), (None, True)],
    )
    def test_enquiries(self, read: Read, unnecessary: str | None, required: object) -> None:
        """A conference deemed unnecessary was not required; one that was held was."""
        given = line(5, "C1", date(2024, 2, 1), unnecessary, date(2024, 2, 15))
        batch = read({"List 5": sheet(5, given)})
        began = date(2024, 2, 1)
        assert rows(batch, "enquiries", "start_date", "conference_required") == [(began, required)]
        assert rows(batch, "strategy_discussions", "held_date", "threshold_met") == [(began, True)]
        assert rows(batch, "conferences", "kind", "held_date") == [("initial", date(2024, 2, 15))]

    @pytest.mark.parametrize(
        ("status", "plans"),
        [("c) Child in need plan", 1), ("CiN Plan", 1), ("a) Looked after child", 0), (None, 0)],
    )
    def test_children_in_need(self, read: Read, status: str | None, plans: int) -> None:
        """Only a case status that says so gives a plan; the day the child was seen is a visit."""
        given = line(6, "C1", date(2023, 1, 1), date(2024, 5, 1), None, status)
        batch = read({"List 6": sheet(6, given)})
        assert len(rows(batch, "plans", "kind")) == plans
        assert rows(batch, "visits", "visit_date", "child_seen") == [(date(2024, 5, 1), True)]

    def test_child_protection(self, read: Read) -> None:
        """List 7 gives the plan, the last visit and the last review conference."""
        given = plan(review=date(2024, 4, 1), end=date(2024, 5, 6))
        batch = read({"List 7": sheet(7, given)})
        assert rows(batch, "plans", "kind", "start_date", "end_date") == [
            ("child_protection", date(2024, 3, 4), date(2024, 5, 6))
        ]
        assert rows(batch, "visits", "kind", "visit_date") == [
            ("child_protection", date(2024, 5, 1))
        ]
        assert rows(batch, "conferences", "kind", "held_date") == [("review", date(2024, 4, 1))]

    def test_children_in_care(self, read: Read) -> None:
        """List 8 gives the placement, the last visit and the last review."""
        days = [date(2024, month, 1) for month in (1, 2, 3)]
        given = line(8, "C1", days[0], "f) U6: Foster placement - not FFA", days[1], days[2])
        batch = read({"List 8": sheet(8, given)})
        assert rows(batch, "placements", "start_date", "end_date", "arrangement") == [
            (date(2024, 1, 1), None, "foster_care")
        ]
        assert rows(batch, "visits", "kind", "visit_date") == [("child_in_care", date(2024, 2, 1))]
        assert rows(batch, "reviews", "kind", "held_date") == [("child_in_care", date(2024, 3, 1))]
        assert "child_seen" not in batch.presence.columns["visits"]

    @pytest.mark.parametrize(
        ("said", "arrangement"),
        [
            ("K2OUT - Homes and Hostels", "residential"),
            ("Foster placement with relative or friend (IN) [U3a]", "connected_carer"),
            ("p) P1: Placed with parents", "parent"),
            ("Somewhere nice", None),
        ],
    )
    def test_placement_types_are_known_by_their_code(
        self, read: Read, said: str, arrangement: str | None
    ) -> None:
        """A placement without a code that is known has no arrangement."""
        batch = read({"List 8": sheet(8, line(8, "C1", BORN, said))})
        assert rows(batch, "placements", "arrangement") == [(arrangement,)]

    def test_health(self, read: Read) -> None:
        """List 8 gives the last health assessment, and not whether it was the first."""
        batch = read({"List 8": sheet(8, cared())})
        assert rows(batch, "health_assessments", "assessment_date") == [(date(2024, 1, 29),)]
        assert "kind" not in batch.presence.columns["health_assessments"]

    def test_care_leavers(self, read: Read) -> None:
        """A pathway plan that was reviewed is there; of another the list says nothing."""
        reviewed = line(9, "C1", "b) Former relevant child", date(2024, 3, 1))
        batch = read({"List 9": sheet(9, reviewed, line(9, "C2"))})
        assert rows(batch, "reviews", "audit_id", "kind") == [("C1", "pathway")]
        assert rows(batch, "plans", "audit_id", "kind") == [("C1", "pathway")]
        assert "start_date" not in batch.presence.columns["plans"]

    def test_the_personal_adviser_holds_the_case_of_a_care_leaver(self, read: Read) -> None:
        """Where no worker is given, the adviser is who the case is with."""
        given = line(9, "C1", None, None, "Adviser 3")
        given[3] = "#N/A"
        assert rows(read({"List 9": sheet(9, given)}), "audits", "worker_id") == [("Adviser 3",)]

    @pytest.mark.parametrize("said", ["a. Yes", "(a) Yes", "TRUE", True, 1, "1 - Yes", "Y "])
    def test_letters_and_numbers_before_an_answer_do_not_matter(
        self, read: Read, said: object
    ) -> None:
        """However a council writes its yes, it is a yes."""
        batch = read({"List 4": sheet(4, line(4, "C1", "01/02/2024", said))})
        assert rows(batch, "assessments", "child_seen") == [(True,)]

    @pytest.mark.parametrize(
        ("said", "seen"),
        [("Child not seen alone", None), ("Seen alone", True), ("Not seen", False)],
    )
    def test_who_was_not_seen_alone_may_have_been_seen(
        self, read: Read, said: str, seen: object
    ) -> None:
        """List 4 asks whether the child was seen: "not seen alone" does not answer that."""
        batch = read({"List 4": sheet(4, line(4, "C1", "01/02/2024", said))})
        assert rows(batch, "assessments", "child_seen") == [(seen,)]


class TestScript:
    """A script that is known to write `b) No` whatever the record says."""

    def test_its_no_is_no_answer(self, read: Read) -> None:
        """Under its header a yes is a yes, and a no leaves the assessment not examined."""
        header = list(HEADERS[4])
        header[5] = "ContinuousAssessmentChildSeen"
        lines = [line(4, f"C{n}", "01/02/2024", s) for n, s in ((1, "a) Yes"), (2, "b) No"))]
        batch = read({"List 4": [header, *lines]})
        assert rows(batch, "assessments", "audit_id", "child_seen") == [("C1", True), ("C2", None)]
        assert rows(batch, "audits", "audit_id", "not_examined") == [
            ("C1", None),
            ("C2", ["assessments"]),
        ]
        assert codes(batch) == [("B140", "List 4!F1")]
        assert batch.problems[0].message == (
            "a script that heads a column `ContinuousAssessmentChildSeen` writes `b) No` for "
            "whatever is not the word `Yes`, so `b) No` is taken for no answer here"
        )

    def test_of_a_visit_it_says_nothing_either(self, read: Read) -> None:
        """The visit is there, and who was seen on it is not told."""
        header = list(HEADERS[7])
        header[6] = "ChildSeenAlone"
        batch = read({"List 7": [header, plan(alone="b) No"), plan("C2", alone="b) No")]})
        assert rows(batch, "visits", "child_seen", "seen_alone") == [(None, None)] * 2
        assert codes(batch) == [("B140", "List 7!G1")]


class TestPutAside:
    """A cell that cannot be read puts its row aside, and the rest is read."""

    def test_at_the_cell_in_excel(self, read: Read) -> None:
        """The visit is put aside at its cell; the plan of the same line is read."""
        batch = read({"List 7": sheet(7, plan(), plan("C2", alone="perhaps"))})
        assert codes(batch) == [("B304", "List 7!G3")]
        assert [(r.sheet, r.place, r.table, r.audit_id) for r in batch.rejected] == [
            ("List 7", "G3", "visits", "C2")
        ]
        assert len(rows(batch, "plans", "audit_id")) == 2

    def test_a_formula_without_a_result_is_not_blank(self, read: Read) -> None:
        """A visit whose day is a formula that nobody worked out is put aside."""
        batch = read({"List 7": sheet(7, plan(visit="=E2+5"))})
        assert codes(batch) == [("B204", "List 7!F2")]
        assert batch.presence.put_aside == {"visits"}
