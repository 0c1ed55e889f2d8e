"""Reading Ofsted's Annex A: what a list says becomes a fact, and what it cannot say stays absent."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from engine.errors import Stop
from engine.pipeline import Scoring, score
from engine.records import Batch, read_batch
from engine.records.readers.annex_a_headings import find_heading, headers_of
from engine.records.readers.annex_a_lists import EVERY_LIST, LISTS, PRECEDENCE
from engine.records.readers.annex_a_spellings import SPELLINGS
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT.parent / "shared" / "data" / "annex-a" / "Annex_A.xlsx"

Cells = Sequence[object]
Sheets = Mapping[str, Sequence[Cells]]
Read = Callable[..., Batch]

WHO = ("Child Unique ID", "Date of Birth", "Allocated Team", "Allocated Worker")
HEADERS: Mapping[int, tuple[str, ...]] = {
    1: (*WHO, "Date of Contact", "Contact Source"),
    2: (*WHO, "Assessment start date", "Organisation completing assessment"),
    3: (*WHO, "Date of Referral", "Referral NFA?"),
    4: (
        *WHO,
        "Continuous Assessment Start Date",
        "Child Seen During Continuous Assessment",
        "Continuous Assessment Date of Authorisation",
    ),
    5: (
        *WHO,
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        "Date of Initial Child Protection Conference",
    ),
    6: (*WHO, "CIN Start Date", "Date Child Was Last Seen", "CIN Closure Date", "Case Status"),
    7: (
        *WHO,
        "Child Protection Plan Start Date",
        "Date of the Last Statutory Visit",
        "Was the Child Seen Alone?",
        "Date of latest review conference",
        "Child Protection Plan End Date",
    ),
    8: (
        *WHO,
        "Start Date of Most Recent Placement",
        "Placement Type",
        "Date of Last Social Work Visit",
        "Date of Latest Statutory Review",
        "Date Ceased to be Looked After",
    ),
    9: (*WHO, "Eligibility Category", "Latest Pathway Plan Review Date"),
    10: (*WHO, "Family identifier", "Date the Child Entered Care"),
}
BORN = datetime(2012, 5, 17)


def line(number: int, child: object, *given: object, birth: object = BORN) -> list[object]:
    """Return a line of a list: the child, and the cells that follow the four of every list."""
    blank: list[object] = [None] * (len(HEADERS[number]) - len(WHO) - len(given))
    return [child, birth, f"Team {number}", f"Worker\u00a0{number}", *given, *blank]


def sheet(number: int, *lines: Cells) -> list[Cells]:
    """Return the rows of a list's sheet."""
    return [HEADERS[number], *lines]


def plan(
    child: object = "C1",
    *,
    start: object = datetime(2024, 3, 4),
    visit: object = datetime(2024, 5, 1),
    alone: object = "a) Yes",
    review: object = None,
    end: object = None,
) -> list[object]:
    """Return a line of List 7."""
    return line(7, child, start, visit, alone, review, end)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return the rulebook that is shipped."""
    book, problems = load_rulebook(ROOT / "rules")
    assert book, problems
    return book


@pytest.fixture
def read(tmp_path: Path, rulebook: Rulebook) -> Read:
    """Return a function that writes sheets to a workbook and reads it."""

    def reading(sheets: Sheets, name: str = "book.xlsx") -> Batch:
        book = Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            made = book.create_sheet(title)
            for row in rows:
                made.append(list(row))
        book.save(tmp_path / name)
        return read_batch(tmp_path / name, rulebook.fields, rulebook.allowed)

    return reading


def rows(batch: Batch, table: str, *columns: str) -> list[Any]:
    """Return columns of a typed table in order."""
    found = batch.con.execute(f"SELECT {', '.join(columns)} FROM typed.{table} ORDER BY ALL")
    return found.fetchall()


def codes(batch: Batch) -> list[tuple[str, str]]:
    """Return the code and the place within the file of every problem."""
    return [(p.code, str(p.location).partition("!")[2]) for p in batch.problems]


def outcomes(rulebook: Rulebook, batch: Batch, as_of: date = date(2024, 6, 3)) -> dict[str, str]:
    """Return the outcome of every standard on the only audit."""
    view = score(Scoring(rulebook, batch, as_of), lambda done, of: None)
    (audit,) = view.audits
    assert audit.auditor_grade is None
    return {finding.standard: str(finding.outcome) for finding in audit.findings}


class TestMapping:
    """The mapping is data that the dictionary and the lists must agree with."""

    def test_every_table_and_field_is_in_the_dictionary(self, rulebook: Rulebook) -> None:
        """A list fills only tables and fields that there are."""
        for one in LISTS:
            for given in one.rows:
                fields = rulebook.fields.tables[given.table].fields
                assert {*given.constant, *given.columns} <= fields.keys()

    def test_every_spelling_is_of_a_column(self) -> None:
        """Other spellings stand for headers that some list has."""
        known = {*EVERY_LIST}
        for one in LISTS:
            known |= {*one.unused, one.over}
            known |= {header for given in one.rows for header in headers_of(given).values()}
        assert SPELLINGS.keys() <= known

    def test_every_list_has_its_place(self) -> None:
        """Each list of children says what a case is, in one order."""
        assert sorted(PRECEDENCE) == [one.number for one in LISTS] == list(range(1, 11))


class TestRecognition:
    """Content decides which sheet is which list."""

    @pytest.mark.parametrize("title", ["List 7", " list 7 ", "LIST_07", "Annex A - List 7 (CP)"])
    def test_titles_are_read_tolerantly(self, read: Read, title: str) -> None:
        """Case, spaces and words around the number of a list do not matter."""
        assert rows(read({title: sheet(7, plan())}), "plans", "kind") == [("child_protection",)]

    def test_headers_say_what_a_sheet_of_another_name_is(self, read: Read) -> None:
        """A sheet with the columns of a list is that list, whatever it is called."""
        batch = read({"Child protection": sheet(7, plan()), "Sheet2": sheet(4, line(4, "C2"))})
        assert rows(batch, "audits", "audit_id", "case_type") == [
            ("C1", "child_protection"),
            ("C2", "assessment"),
        ]

    def test_headers_go_before_titles(self, read: Read) -> None:
        """A sheet is the list that its columns say, even under another list's number."""
        assert rows(read({"List 8": sheet(7, plan())}), "plans", "kind") == [("child_protection",)]

    def test_a_workbook_of_tables_is_no_annex_a(self, read: Read) -> None:
        """A workbook with a sheet for each table is read as that."""
        batch = read({"audits": [["audit_id", "team"], ["A1", "North"]]})
        assert rows(batch, "audits", "audit_id", "team") == [("A1", "North")]
        assert not batch.presence.latest_only

    def test_another_workbook_is_not_read(self, read: Read) -> None:
        """A workbook without lists or tables ends the run."""
        with pytest.raises(Stop):
            read({"Budget": [["Year", "Amount"], [2024, 10]]})

    def test_the_header_need_not_be_first(self, read: Read) -> None:
        """Rows above the header are passed over, and places count them."""
        above: list[Cells] = [["Annex A, List 7"], [], ["Drawn on 3 June 2024"]]
        batch = read({"List 7": [*above, *sheet(7, plan(start="soon"))]})
        assert ("B302", "List 7!E5") in codes(batch)

    def test_headers_of_scripts_and_of_word_processors_are_known(self, read: Read) -> None:
        """Case, spaces of any kind, curly quotes and joined words do not matter."""
        header = [
            "ChildUniqueID", "DateOfBirth", "allocated\u00a0team ", "AllocatedWorker",
            "ChildProtectionPlanStartDate", "DateOfLastStatutoryVisit", "ChildSeenAlone",
            "DateOfLatestReviewConf", "ChildProtectionPlanEndDate",
        ]  # fmt: skip
        batch = read({"List 7": [header, plan()]})
        assert rows(batch, "visits", "visit_date", "seen_alone") == [(date(2024, 5, 1), True)]
        assert rows(batch, "audits", "team") == [("Team 7",)]
        assert not batch.problems

    def test_curly_quotes_name_the_same_column(self) -> None:
        """Straight and curly quotes are alike."""
        header = ["Child Unique ID", "Child\u2019s Legal Status", "Sex"]
        found = find_heading("List 8", [header])
        assert found
        assert not found.unknown

    def test_adopters_and_other_sheets_are_named(self, read: Read) -> None:
        """A sheet that names no children is not read, and that is said."""
        other = {"List 11": [["Individual adopter identifier"], [7]], "Notes": [["Hello"]]}
        batch = read({"List 7": sheet(7, plan()), **other})
        assert codes(batch) == [("B108", "List 11"), ("B101", "Notes")]

    def test_further_columns_are_named(self, read: Read) -> None:
        """A column that Annex A does not have is ignored with a warning at its header."""
        batch = read({"List 7": [[*HEADERS[7], "Local flag"], [*plan(), "x"]]})
        assert codes(batch) == [("B102", "List 7!J1")]
        assert not batch.rejected


class TestChildren:
    """Each child is one audit."""

    def test_a_child_on_several_lists_is_one_audit(self, read: Read) -> None:
        """The same number on several lists is the same child, however it is written."""
        batch = read({"List 3": sheet(3, line(3, 17)), "List 5": sheet(5, line(5, " 17.0 "))})
        assert rows(batch, "audits", "audit_id", "child_id") == [("17", "17")]

    @pytest.mark.parametrize(
        ("lists", "expected"),
        [
            ({8: (), 9: (), 7: (), 6: ()}, "child_in_care"),
            ({9: (), 7: (), 6: ()}, "care_leaver"),
            ({7: (), 6: (), 4: ()}, "child_protection"),
            ({6: (), 5: ()}, "child_in_need"),
            ({4: (), 2: (), 3: ()}, "assessment"),
            ({5: (), 1: ()}, "assessment"),
            ({2: (), 3: ()}, "early_help"),
            ({3: ()}, "front_door"),
            ({1: ()}, "front_door"),
            ({10: ()}, "child_in_care"),
            ({7: (None, None, None, None, BORN), 6: ()}, "child_in_need"),
            ({7: (None, None, None, None, BORN), 6: (None, None, BORN)}, "child_protection"),
            ({8: (None, None, None, None, BORN), 9: ()}, "care_leaver"),
        ],
    )
    def test_the_first_list_that_is_not_over_says_what_the_case_is(
        self, read: Read, lists: Mapping[int, tuple[object, ...]], expected: str
    ) -> None:
        """Care, then leaving care, protection, need, assessment, early help, the front door."""
        given = {f"List {n}": sheet(n, line(n, "C1", *cells)) for n, cells in lists.items()}
        assert rows(read(given), "audits", "case_type") == [(expected,)]

    def test_the_same_list_gives_the_holder(self, read: Read) -> None:
        """Team and worker are those of the list that says what the case is."""
        batch = read({"List 3": sheet(3, line(3, "C1")), "List 7": sheet(7, plan())})
        assert rows(batch, "audits", "team", "worker_id") == [("Team 7", "Worker 7")]

    def test_a_list_without_a_holder_passes_to_the_next(self, read: Read) -> None:
        """`#N/A` is no team."""
        nobody = ["C1", BORN, "#N/A", "#N/A"]
        batch = read({"List 6": sheet(6, nobody), "List 3": sheet(3, line(3, "C1"))})
        assert rows(batch, "audits", "case_type", "team") == [("child_in_need", "Team 3")]

    def test_the_month_of_birth_is_kept(self, read: Read) -> None:
        """Excel's dates and dates as text are read alike."""
        batch = read({"List 7": sheet(7, plan(), plan("C2", start="04/03/2024"))})
        assert rows(batch, "audits", "birth_month") == [(date(2012, 5, 1),)] * 2
        assert rows(batch, "plans", "start_date") == [(date(2024, 3, 4),)] * 2

    def test_lists_that_differ_on_birth_leave_it_blank(self, read: Read) -> None:
        """No list is believed over another about when the child was born."""
        other = line(3, "C1", birth=datetime(2014, 1, 1))
        batch = read({"List 7": sheet(7, plan()), "List 3": sheet(3, other)})
        assert rows(batch, "audits", "birth_month") == [(None,)]
        assert codes(batch) == [("B109", "List 7!B2")]

    def test_a_birth_that_one_list_gives_is_taken(self, read: Read) -> None:
        """A date of birth that cannot be read is passed over where another list gives one."""
        other = line(3, "C1", birth="31/02/2012")
        batch = read({"List 7": sheet(7, plan()), "List 3": sheet(3, other)})
        assert rows(batch, "audits", "birth_month") == [(date(2012, 5, 1),)]
        assert codes(batch) == [("B109", "List 3!B2")]
        assert not batch.rejected

    def test_a_birth_that_no_list_gives_is_put_aside(self, read: Read) -> None:
        """A child whose date of birth cannot be read anywhere is put aside at that cell."""
        bad = line(7, "C1", birth="31/02/2012")
        batch = read({"List 7": sheet(7, bad, plan("C2"))})
        assert rows(batch, "audits", "audit_id") == [("C2",)]
        assert ("B308", "List 7!B2") in codes(batch)

    @pytest.mark.parametrize("birth", ["Unborn", "  unborn "])
    def test_unborn_is_told(self, read: Read, birth: str) -> None:
        """A date of birth that says `Unborn` says so, and is no date."""
        batch = read({"List 7": sheet(7, line(7, "C1", birth=birth))})
        assert rows(batch, "audits", "unborn", "birth_month") == [(True, None)]

    def test_a_child_who_was_unborn_when_last_seen_is_not_unborn(self, read: Read) -> None:
        """A date of birth goes before an old answer."""
        batch = read({"List 7": sheet(7, plan(alone="Unborn"))})
        assert "unborn" not in batch.presence.columns["audits"]

    def test_a_line_without_a_child_is_put_aside(self, read: Read) -> None:
        """A line that holds something and names nobody is put aside at the cell of the number."""
        batch = read({"List 7": sheet(7, plan(None), plan("C2"))})
        assert codes(batch) == [("B301", "List 7!A2")]
        assert batch.audit_count == 1

    def test_order_does_not_matter(self, read: Read) -> None:
        """Sheets and lines in another order are the same batch."""
        lines = [line(4, "C1", datetime(2024, 1, 1)), line(4, "C1", datetime(2024, 2, 1))]
        lines[1][2] = "Later team"
        first = read({"List 4": sheet(4, *lines), "List 3": sheet(3, line(3, "C1"))})
        again = {"List 3": sheet(3, line(3, "C1")), "List 4": sheet(4, *reversed(lines))}
        assert read(again, "again.xlsx").input_hash == first.input_hash
        assert rows(first, "audits", "team") == [("Later team",)]


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
        self, read: Read, said: str | None, seen: bool | None, alone: bool | None
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
            "strategy_discussions", "conferences", "reviews", "placements",
        }  # fmt: skip
        assert presence.latest_only == presence.columns.keys() - {"audits"}
        named = {name for columns in presence.columns.values() for name in columns}
        assert not named & {
            "overall_grade", "recorded_date", "decision_date", "regime", "contingency",
            "referral_date", "due_date", "participation", "threshold_met", "allocated_date",
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
        assert rows(batch, "audits", "audit_id", "not_examined") == [("C1", ["plans"]), ("C2", None)]

    def test_a_missing_column_says_nothing(self, read: Read) -> None:
        """A List 7 without a column of visits does not say that there were none."""
        short = [cells[:5] for cells in sheet(7, plan())]
        cared = sheet(8, line(8, "C2", BORN, None, datetime(2024, 5, 1)))
        batch = read({"List 7": short, "List 8": cared})
        assert rows(batch, "audits", "not_examined") == [
            (["conferences", "visits"],) if "conferences" in batch.presence.columns else (["visits"],),
            (["plans"],),
        ]

    def test_referrals(self, read: Read) -> None:
        """List 3 gives the day of a referral, and not that of the decision."""
        batch = read({"List 3": sheet(3, line(3, "C1", datetime(2024, 2, 1), "a) Yes"))})
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
    def test_assessments(self, read: Read, seen: str, kind: str, expected: bool) -> None:
        """List 4 gives an assessment's days and whether the child was seen."""
        given = line(4, "C1", "01/02/2024", seen, "01/03/2024")
        batch = read({"List 4": sheet(4, given)})
        assert rows(batch, "assessments", "kind", "start_date", "authorised_date", "child_seen") == [
            (kind, date(2024, 2, 1), date(2024, 3, 1), expected)
        ]

    @pytest.mark.parametrize(
        ("unnecessary", "required"),
        [("a) Yes", False), ("b) No", True), ("N", True), ("c) Unknown", None), (None, None)],
    )
    def test_enquiries(self, read: Read, unnecessary: str, required: bool) -> None:
        """A conference deemed unnecessary was not required; a blank says nothing."""
        given = line(5, "C1", datetime(2024, 2, 1), unnecessary, datetime(2024, 2, 15))
        batch = read({"List 5": sheet(5, given)})
        began = date(2024, 2, 1)
        assert rows(batch, "enquiries", "start_date", "conference_required") == [(began, required)]
        assert rows(batch, "strategy_discussions", "held_date") == [(began,)]
        assert rows(batch, "conferences", "kind", "held_date") == [("initial", date(2024, 2, 15))]

    @pytest.mark.parametrize(
        ("status", "plans"),
        [("c) Child in need plan", 1), ("CiN Plan", 1), ("a) Looked after child", 0), (None, 0)],
    )
    def test_children_in_need(self, read: Read, status: str, plans: int) -> None:
        """Only a case status that says so gives a plan; the day the child was seen is a visit."""
        given = line(6, "C1", datetime(2023, 1, 1), datetime(2024, 5, 1), None, status)
        batch = read({"List 6": sheet(6, given)})
        assert len(rows(batch, "plans", "kind")) == plans
        assert rows(batch, "visits", "visit_date", "child_seen") == [(date(2024, 5, 1), True)]

    def test_child_protection(self, read: Read) -> None:
        """List 7 gives the plan, the last visit and the last review conference."""
        given = plan(review=datetime(2024, 4, 1), end=datetime(2024, 5, 6))
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
        days = [datetime(2024, month, 1) for month in (1, 2, 3)]
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

    def test_care_leavers(self, read: Read) -> None:
        """List 9 gives the last review of the pathway plan."""
        given = line(9, "C1", "b) Former relevant child", datetime(2024, 3, 1))
        assert rows(read({"List 9": sheet(9, given)}), "reviews", "kind") == [("pathway",)]


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


class TestFindings:
    """What the shipped standards make of Annex A."""

    @pytest.mark.parametrize(
        ("given", "outcome"),
        [
            ({}, "met"),
            ({"alone": "b) No"}, "met"),
            ({"visit": None, "alone": "No Visit - new in last month"}, "not_met"),
            ({"visit": None, "alone": "b) No"}, "not_met"),
            ({"visit": datetime(2024, 2, 28)}, "not_met"),
            ({"visit": None, "start": datetime(2024, 5, 28)}, "not_yet_due"),
            ({"visit": None, "start": None}, "not_evidenced"),
            ({"visit": "no visit"}, "not_assessable"),
            ({"visit": None}, "not_assessable"),
            ({"alone": "Child not seen"}, "not_assessable"),
            ({"end": datetime(2024, 4, 29)}, "not_assessable"),
            ({"visit": datetime(2024, 4, 1), "end": datetime(2024, 4, 29)}, "met"),
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
        found = outcomes(rulebook, read(given))
        gaps = {name for name, outcome in found.items() if outcome == "not_assessable"}
        assert gaps >= {"CP-05", "CN-01", "CC-01", "FD-01", "AS-01", "AS-02", "RC-01", "SU-01"}
        assert gaps >= {"SU-02", "OV-01", "PL-01", "PL-02", "SF-01"}
        assert set(found.values()) <= {"not_assessable", "not_applicable", "met"}

    @pytest.mark.parametrize(
        ("held", "outcome"),
        [
            (datetime(2024, 2, 20), "met"),
            (None, "not_evidenced"),
            (datetime(2024, 1, 20), "not_assessable"),
            (datetime(2030, 1, 1), "not_assessable"),
        ],
    )
    def test_an_impossible_conference_is_no_failure(
        self, read: Read, rulebook: Rulebook, held: object, outcome: str
    ) -> None:
        """A conference before the discussion that led to it shows a fault in the data."""
        given = line(5, "C1", datetime(2024, 2, 1), "b) No", held)
        assert outcomes(rulebook, read({"List 5": sheet(5, given)}))["CP-01"] == outcome


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published Annex A is not beside the project")
class TestPublished:
    """The fake that others published: realistic mess, not part of this project."""

    @pytest.fixture(scope="class")
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
        batch = read_batch(PUBLISHED, rulebook.fields, rulebook.allowed)
        children = {
            str(given["Child Unique ID"]) for n in range(1, 11) for given in sheets[f"List {n}"]
        }
        assert {audit for (audit,) in rows(batch, "audits", "audit_id")} == children
        assert not batch.rejected
        for name, number in (("referrals", 3), ("assessments", 4), ("enquiries", 5)):
            assert batch.rows[name] == len(sheets[f"List {number}"])
        assert batch.rows["plans"] == len(sheets["List 6"]) + len(sheets["List 7"])
        assert batch.rows["placements"] == len(sheets["List 8"])

    def test_no_child_of_the_fake_is_called_unvisited(self, rulebook: Rulebook) -> None:
        """Its two visits after the end of a plan are faults in the data, not alerts."""
        with read_batch(PUBLISHED, rulebook.fields, rulebook.allowed) as batch:
            view = score(Scoring(rulebook, batch, date(2026, 11, 22)), lambda done, of: None)
        assert not [audit.alerts for audit in view.audits if audit.alerts]
        assert all(audit.cap is None for audit in view.audits)
