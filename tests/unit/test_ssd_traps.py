"""The traps of real extracts of the Standard Safeguarding Dataset, one a test."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.cli.extract_day import tell_if_old
from engine.records import Batch
from tests.formats import ssd
from tests.formats.ssd import Style, Written
from tests.unit.readers.given import read, said

CHILD = {"pers_person_id": "C1", "pers_dob": "2012-03-15 00:00:00.000"}
PLAN = {"cppl_cp_plan_id": "P1", "cppl_person_id": "C1", "cppl_cp_plan_start_date": "2025-02-10"}
REVIEW = {"cppr_cp_review_id": "R1", "cppr_person_id": "C1", "cppr_cp_review_date": "2025-05-06"}


def visit(
    number: str = "V1", day: str = "2025-02-17", seen: str = "Y", child: str = "C1"
) -> Written:
    """Return a visit of a child protection plan."""
    return {
        "cppv_cp_visit_id": number,
        "cppv_person_id": child,
        "cppv_cp_visit_date": day,
        "cppv_cp_visit_seen": seen,
        "cppv_cp_visit_seen_alone": seen,
    }


def given(folder: Path, style: Style = ssd.PLAIN, **files: Sequence[Written]) -> Batch:
    """Write an extract of one child with these rows and read it."""
    rows = {"ssd_person": [CHILD], **files}
    return read(ssd.write_files(rows, folder / "extract", style))


def cells(batch: Batch, table: str, *names: str) -> list[tuple[object, ...]]:
    """Return some fields of the rows of a table, in order."""
    return batch.con.sql(f"SELECT {', '.join(names)} FROM typed.{table} ORDER BY ALL").fetchall()


def not_examined(batch: Batch, number: str = "C1") -> list[str]:
    """Return the tables of which the extract cannot tell for a child."""
    if "not_examined" not in batch.presence.columns["audits"]:
        return []
    query = f"SELECT not_examined FROM typed.audits WHERE audit_id = '{number}'"
    return list(batch.con.sql(query).fetchall()[0][0] or ())


FLAGS = {"Y": True, "y  ": True, "1": True, "T": True, "N": False, " n": False, "0": False}
SILENT = ("NULL", "U", "")
DAYS = (
    "2025-02-17",
    "2025-02-17 00:00:00.000",
    "2025-02-17 00:00:00.0000000",
    "2025-02-17T00:00:00.000",
    "17/02/2025",
    "17/02/2025 00:00:00",
    "Feb 17 2025 12:00AM",
    "17-FEB-2025",
)
OUTCOMES = {
    '{"NFA_FLAG":"N","CP_CONFERENCE_FLAG":"Y"}': True,
    '{"CP_CONFERENCE_FLAG":"N"}': False,
    '["CP_CONFERENCE_FLAG"]': True,
    '["Initial Child Protection Conference"]': True,
    '["LEGAL_ACTION_FLAG"]': None,
    '{"LEGAL_ACTION_FLAG":"Y"}': None,
    "[]": None,
    "NULL": None,
}


def days(count: int) -> list[str]:
    """Return so many days, one after another."""
    return [f"2025-03-{at + 1:02}" for at in range(count)]


def test_a_flag_is_read_however_it_is_written(tmp_path: Path) -> None:
    """NCHAR(1) comes as Y/N, 1/0, in lower case, padded; another letter says nothing."""
    flags = [*FLAGS, *SILENT]
    rows = [visit(day, day, flag) for day, flag in zip(days(len(flags)), flags, strict=True)]
    with given(tmp_path, ssd_cp_visits=rows) as batch:
        found = [seen for _, seen in cells(batch, "visits", "visit_date", "child_seen")]
        assert found == [*FLAGS.values(), None, None, None]
        assert batch.problems == ()


def test_a_day_is_read_however_the_client_writes_it(tmp_path: Path) -> None:
    """The day is the same in every shape."""
    rows = [visit(f"V{at}", day) for at, day in enumerate(DAYS)]
    with given(tmp_path, ssd_cp_visits=rows) as batch:
        found = cells(batch, "visits", "visit_date::VARCHAR")
        assert found == [("2025-02-17",)] * len(DAYS)


def test_a_day_is_never_guessed_to_be_american(tmp_path: Path) -> None:
    """The month does not come first; a cell that only fits so is put aside at its place."""
    rows = [visit(day="02/17/2025"), visit("V2", "03/04/2025")]
    with given(tmp_path, ssd_cp_visits=rows) as batch:
        assert [str(one) for (one,) in cells(batch, "visits", "visit_date")] == ["2025-04-03"]
        assert said(batch, tmp_path) == [
            "extract/ssd_cp_visits.csv:2:4: B302 `02/17/2025` in `visit_date` is no day of the "
            "calendar\n  help: dates are read as day/month/year"
        ]


def test_the_systems_first_day_is_no_day(tmp_path: Path) -> None:
    """1 January 1900 is what the scripts write where there is nothing."""
    plan = {**PLAN, "cppl_cp_plan_end_date": "1900-01-01 00:00:00.000"}
    with given(tmp_path, ssd_cp_plans=[plan]) as batch:
        assert cells(batch, "plans", "end_date") == [(None,)]
        assert batch.problems == ()


def test_an_outcome_is_read_in_both_shapes(tmp_path: Path) -> None:
    """Before 1.3.9 an object of flags, after it a list; the keys differ by system."""
    rows = [
        {
            "s47e_s47_enquiry_id": day,
            "s47e_person_id": "C1",
            "s47e_s47_start_date": day,
            "s47e_s47_outcome_json": outcome,
        }
        for day, outcome in zip(days(len(OUTCOMES)), OUTCOMES, strict=True)
    ]
    with given(tmp_path, ssd_s47_enquiry=rows) as batch:
        found = [said for _, said in cells(batch, "enquiries", "start_date", "conference_required")]
        assert found == list(OUTCOMES.values())
        assert batch.problems == ()


def test_a_broken_outcome_is_said_at_its_cell_and_the_rest_of_the_row_is_kept(
    tmp_path: Path,
) -> None:
    """The outcome stays blank."""
    row = {
        "s47e_s47_enquiry_id": "E1",
        "s47e_person_id": "C1",
        "s47e_s47_start_date": "2025-01-20",
        "s47e_s47_outcome_json": '{"NFA',
    }
    with given(tmp_path, ssd_s47_enquiry=[row]) as batch:
        assert cells(batch, "enquiries", "start_date::VARCHAR", "conference_required") == [
            ("2025-01-20", None)
        ]
        assert said(batch, tmp_path) == [
            'extract/ssd_s47_enquiry.csv:2:6: B122 `{"NFA` in `s47e_s47_outcome_json` is not JSON, '
            "and the outcome is left blank"
        ]


def test_a_conference_for_an_enquiry_was_required(tmp_path: Path) -> None:
    """Whatever the outcome says."""
    row = {"s47e_s47_enquiry_id": "E1", "s47e_person_id": "C1", "s47e_s47_start_date": "2025-01-20"}
    held = {
        "icpc_icpc_id": "I1",
        "icpc_person_id": "C1",
        "icpc_s47_enquiry_id": "E1",
        "icpc_icpc_date": "2025-02-03",
    }
    with given(tmp_path, ssd_s47_enquiry=[row], ssd_initial_cp_conference=[held]) as batch:
        assert cells(batch, "enquiries", "conference_required") == [(True,)]


def test_a_row_that_stands_twice_counts_once(tmp_path: Path) -> None:
    """The first is kept, and that is said."""
    with given(tmp_path, ssd_cp_visits=[visit(), visit()]) as batch:
        assert batch.rows["visits"] == 1
        assert said(batch, tmp_path) == [
            "extract/ssd_cp_visits.csv:3: B401 `cppv_cp_visit_id` `V1` stands in 2 rows that say "
            "the same; the first is kept"
        ]


@pytest.mark.parametrize("swap", [False, True])
def test_rows_with_one_number_that_differ_are_all_put_aside(tmp_path: Path, swap: bool) -> None:
    """Whatever their order."""
    rows = [REVIEW, {**REVIEW, "cppr_cp_review_date": "2025-06-06"}]
    with given(tmp_path, ssd_cp_reviews=rows[::-1] if swap else rows) as batch:
        assert batch.rows["conferences"] == 0
        assert [row.reason for row in batch.rejected] == [
            "`cppr_cp_review_id` `R1` stands in 2 rows of one child that differ; none is kept"
        ] * 2


def test_one_number_may_be_that_of_two_children(tmp_path: Path) -> None:
    """Group work has one number for brothers and sisters."""
    people = [CHILD, {"pers_person_id": "C2"}]
    rows = [visit(), visit(child="C2")]
    with given(tmp_path, ssd_person=people, ssd_cp_visits=rows) as batch:
        assert batch.rows["visits"] == 2
        assert batch.problems == ()


def test_plans_of_two_tables_may_have_one_number(tmp_path: Path) -> None:
    """They are two plans."""
    other = {
        "cinp_cin_plan_id": "P1",
        "cinp_person_id": "C1",
        "cinp_cin_plan_start_date": "2024-05-01",
    }
    with given(tmp_path, ssd_cp_plans=[PLAN], ssd_cin_plans=[other]) as batch:
        assert cells(batch, "plans", "plan_id", "kind") == [
            ("P1", "child_in_need"),
            ("P1 (child_protection)", "child_protection"),
        ]


def test_a_row_of_a_child_who_is_not_in_the_extract_is_put_aside(tmp_path: Path) -> None:
    """With the reason."""
    with given(tmp_path, ssd_cp_visits=[visit(child="C9"), visit("V2")]) as batch:
        assert batch.rows["visits"] == 1
        assert said(batch, tmp_path) == [
            "extract/ssd_cp_visits.csv:2:2: B220 the child `C9` is not in `ssd_person`\n"
            "  help: export both tables on the same day"
        ]


def test_a_placeholder_that_no_row_fills_is_absent(tmp_path: Path) -> None:
    """A system that hard-codes NULL, or 0, does not say that nobody took part."""
    for at, cell in enumerate(("NULL", "0", "")):
        row = {**REVIEW, "cppr_cp_review_participation": cell}
        with given(tmp_path / str(at), ssd_cp_reviews=[row]) as batch:
            assert "participation" not in batch.presence.columns["conferences"]
            assert cells(batch, "conferences", "kind") == [("review",)]


def test_a_child_who_is_expected_is_unborn(tmp_path: Path) -> None:
    """Unless the work went on long after."""
    child = {"pers_person_id": "C1", "pers_expected_dob": "2025-04-01", "pers_upn_unknown": "UN1"}
    with given(tmp_path / "a", ssd_person=[child], ssd_cp_visits=[visit()]) as batch:
        assert cells(batch, "audits", "unborn") == [(True,)]
    with given(
        tmp_path / "b", ssd_person=[child], ssd_cp_visits=[visit(day="2025-09-01")]
    ) as batch:
        assert cells(batch, "audits", "unborn") == [(None,)]
        assert said(batch, tmp_path / "b") == [
            "extract/ssd_person.csv:2:6: B127 child `C1` was expected on 2025-04-01 and has no day "
            "of birth, and the work went on: whether the child is born cannot be told\n"
            "  help: enter the day of birth"
        ]


def test_an_assessment_begun_before_birth_is_one_before_birth(tmp_path: Path) -> None:
    """The day of birth stands in another table."""
    row = {
        "cina_assessment_id": "A1",
        "cina_person_id": "C1",
        "cina_assessment_start_date": "2012-02-01",
    }
    with given(tmp_path, ssd_cin_assessments=[row]) as batch:
        assert cells(batch, "assessments", "kind") == [("pre_birth",)]


def test_a_referral_that_is_not_in_the_extract_is_not_held_against_the_case(tmp_path: Path) -> None:
    """It is older than the six years, so the extract cannot tell."""
    row = {
        "cina_assessment_id": "A1",
        "cina_person_id": "C1",
        "cina_referral_id": "F9",
        "cina_assessment_start_date": "2025-02-01",
    }
    with given(tmp_path, ssd_cin_assessments=[row]) as batch:
        assert not_examined(batch) == ["assessments"]


def test_a_missing_table_is_absent(tmp_path: Path) -> None:
    """And a table with a header alone is present."""
    style = replace(ssd.PLAIN, without=frozenset({"ssd_missing"}))
    with given(tmp_path, style) as batch:
        assert "missing_episodes" not in batch.presence.columns
        assert batch.presence.columns["referrals"] == {"audit_id", "received_date"}
        assert "supervisions" not in batch.presence.columns


def test_visits_without_their_table_are_not_held_against_a_plan(tmp_path: Path) -> None:
    """Other visits do not stand in for those of the plan."""
    style = replace(ssd.PLAIN, without=frozenset({"ssd_cp_visits"}))
    with given(tmp_path, style, ssd_cp_plans=[PLAN]) as batch:
        assert not_examined(batch) == ["visits"]


def test_reviews_of_a_child_in_need_are_never_told(tmp_path: Path) -> None:
    """The dataset has no table for them."""
    plan = {
        "cinp_cin_plan_id": "P1",
        "cinp_person_id": "C1",
        "cinp_cin_plan_start_date": "2024-05-01",
    }
    with given(tmp_path, ssd_cin_plans=[plan]) as batch:
        assert not_examined(batch) == ["reviews"]


def test_what_lies_before_the_six_years_is_not_held_against_a_child_long_in_care(
    tmp_path: Path,
) -> None:
    """The extract holds no visit from then."""
    care = {
        "clae_cla_episode_id": "L1",
        "clae_person_id": "C1",
        "clae_cla_id": "K1",
        "clae_entered_care_date": "2015-01-05",
        "clae_cla_episode_start_date": "2015-01-05",
    }
    seen = [
        {
            "clav_cla_visit_id": f"V{n}",
            "clav_cla_id": "K1",
            "clav_person_id": "C1",
            "clav_cla_visit_date": day,
            "clav_cla_visit_seen": "Y",
        }
        for n, day in enumerate(("2019-06-03", "2025-05-06"))
    ]
    with given(tmp_path, ssd_cla_episodes=[care], ssd_cla_visits=seen) as batch:
        assert not_examined(batch) == ["visits"]
        assert cells(batch, "audits", "case_type", "came_into_care_date::VARCHAR") == [
            ("child_in_care", "2015-01-05")
        ]


@pytest.mark.parametrize("day", ["2025-03-04", "04/03/2025 00:00:00", "NULL"])
def test_the_day_of_death_is_taken(tmp_path: Path, day: str) -> None:
    """So that what is dated after it is a matter of data, and no practice."""
    with given(tmp_path, ssd_person=[CHILD | {"pers_death_date": day}]) as batch:
        expected = None if day == "NULL" else "2025-03-04"
        assert cells(batch, "audits", "death_date::TEXT") == [(expected,)]


def test_nothing_is_asked_for_after_the_death_of_a_child(tmp_path: Path) -> None:
    """The period that is judged ends with the child's life."""
    with given(tmp_path, ssd_person=[CHILD | {"pers_death_date": "2025-03-04"}]) as batch:
        assert cells(batch, "audits", "period_end::TEXT") == [("2025-03-04",)]


@pytest.mark.parametrize(("day", "old"), [("2025-03-03", False), ("2025-03-04", True)])
def test_an_old_extract_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str, *, old: bool
) -> None:
    """Every visit since it was made would seem to be missing."""
    with given(tmp_path, ssd_cp_plans=[PLAN], ssd_cp_visits=[visit()]) as batch:
        tell_if_old(batch, date.fromisoformat(day))
        assert ("B129 the last day in the Standard" in capsys.readouterr().err) is old
