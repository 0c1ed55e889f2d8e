"""Which sheet is which list of Annex A, and that the mapping fits the dictionary."""

from datetime import date

import pytest

from engine.errors import Stop
from engine.records.readers.annex_a_headings import columns_of, find_heading
from engine.records.readers.annex_a_lists import EVERY_LIST, LISTS, PRECEDENCE
from engine.records.readers.annex_a_spellings import SPELLINGS
from engine.rulebook.book import Rulebook
from tests.unit.readers.annex_a.sheets import HEADERS, Cells, Read, codes, line, plan, rows, sheet


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
            known |= {*one.unused, *columns_of(one)}
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
