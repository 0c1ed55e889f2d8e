"""Every child of Annex A is one audit, on however many lists."""

from collections.abc import Mapping
from datetime import date

import pytest

from tests.unit.readers.annex_a.sheets import BORN, Read, codes, line, plan, rows, sheet


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
        other = line(3, "C1", birth=date(2014, 1, 1))
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
        lines = [line(4, "C1", date(2024, 1, 1)), line(4, "C1", date(2024, 2, 1))]
        lines[1][2] = "Later team"
        first = read({"List 4": sheet(4, *lines), "List 3": sheet(3, line(3, "C1"))})
        again = {"List 3": sheet(3, line(3, "C1")), "List 4": sheet(4, *reversed(lines))}
        assert read(again, "again.xlsx").input_hash == first.input_hash
        assert rows(first, "audits", "team") == [("Later team",)]
