"""Whose a row of the Standard Safeguarding Dataset is, who holds a case, how files are exported."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import Stop
from tests.formats import ssd
from tests.formats.ssd import Style
from tests.formats.ssd_columns import FILES
from tests.unit.readers.given import read, said
from tests.unit.test_ssd_traps import CHILD, PLAN, cells, given, visit


def test_a_review_is_the_childs_by_the_period_of_care(tmp_path: Path) -> None:
    """A cancelled one did not take place; one of an unknown period is put aside."""
    care = {
        "clae_cla_episode_id": "L1",
        "clae_person_id": "C1",
        "clae_cla_id": "K1",
        "clae_entered_care_date": "2025-01-06",
    }
    rows = [
        {"clar_cla_review_id": "R1", "clar_cla_id": "K1", "clar_cla_review_date": "2025-02-03"},
        {
            "clar_cla_review_id": "R2",
            "clar_cla_id": "K1",
            "clar_cla_review_date": "2025-03-03",
            "clar_cla_review_cancelled": "Y",
        },
        {"clar_cla_review_id": "R3", "clar_cla_id": "K9", "clar_cla_review_date": "2025-04-07"},
    ]
    with given(tmp_path, ssd_cla_episodes=[care], ssd_cla_reviews=rows) as batch:
        assert cells(batch, "reviews", "audit_id", "kind", "held_date::VARCHAR") == [
            ("C1", "child_in_care", "2025-02-03")
        ]
        assert said(batch, tmp_path) == [
            "extract/ssd_cla_reviews.csv:3: B125 a row of a cancelled review was not read",
            "extract/ssd_cla_reviews.csv:4: B220 `clar_cla_id` `K9` is a period of care of no child in `ssd_cla_episodes`",
        ]


def test_care_that_goes_on_in_a_new_episode_has_not_ended(tmp_path: Path) -> None:
    """An episode ceases whenever the placement or the legal status changes."""
    one = {
        "clae_cla_episode_id": "L1",
        "clae_person_id": "C1",
        "clae_cla_id": "K1",
        "clae_entered_care_date": "2025-01-06",
        "clae_cla_episode_ceased_date": "2025-02-06",
        "clae_cla_episode_ceased_reason": "X1",
    }
    two = {
        **one,
        "clae_cla_episode_id": "L2",
        "clae_cla_episode_ceased_date": "2025-04-07",
        "clae_cla_episode_ceased_reason": "E4A",
    }
    for rows, left in (([one], None), ([one, two], "2025-04-07")):
        with given(tmp_path / str(left), ssd_cla_episodes=rows) as batch:
            assert cells(batch, "audits", "left_care_date::VARCHAR") == [(left,)]


def test_the_worker_is_who_holds_the_case_now(tmp_path: Path) -> None:
    """Nobody in another role; the team by its name."""
    base = {"invo_person_id": "C1", "invo_professional_team": "T1"}
    rows = [
        {
            **base,
            "invo_involvements_id": "N1",
            "invo_professional_id": "W1",
            "invo_professional_role_id": "Case Worker",
            "invo_involvement_start_date": "2024-01-08",
            "invo_involvement_end_date": "2025-01-06",
            "invo_worker_change_reason": "FCONTA",
        },
        {
            **base,
            "invo_involvements_id": "N2",
            "invo_professional_id": "W2",
            "invo_professional_role_id": "CASE WORKER",
            "invo_involvement_start_date": "2025-01-06",
            "invo_worker_change_reason": "LEFTRL",
        },
        {
            **base,
            "invo_involvements_id": "N3",
            "invo_professional_id": "W3",
            "invo_professional_role_id": "Health Visitor",
            "invo_involvement_start_date": "2025-03-03",
        },
    ]
    team = {"dept_team_id": "T1", "dept_team_name": "East"}
    with given(tmp_path, ssd_involvements=rows, ssd_department=[team]) as batch:
        assert cells(batch, "audits", "worker_id", "team", "allocated_date::VARCHAR") == [
            ("W2", "East", "2025-01-06")
        ]
        assert cells(batch, "allocations", "worker_id", "reason") == [
            ("W1", "first_worker"),
            ("W2", "worker_left"),
        ]
        assert said(batch, tmp_path) == [
            "extract/ssd_involvements.csv:4: B125 a row of `ssd_involvements` in the role `Health Visitor`, which is not known to hold a case, was not read"
        ]


def test_where_no_role_is_known_no_worker_is_told(tmp_path: Path) -> None:
    """An allocated worker is then not assessable, and not missing."""
    row = {
        "invo_involvements_id": "N1",
        "invo_person_id": "C1",
        "invo_professional_id": "W1",
        "invo_professional_role_id": "Cheerleader",
        "invo_involvement_start_date": "2025-03-03",
    }
    with given(tmp_path, ssd_involvements=[row]) as batch:
        assert "allocations" not in batch.presence.columns
        assert "allocated_date" not in batch.presence.columns["audits"]
        assert (
            "extract: B123 no role in `ssd_involvements` is known to hold a case, so no worker is told: `Cheerleader` (1)"
            in said(batch, tmp_path)
        )


def test_two_rows_of_a_child_that_differ_leave_the_fact_blank(tmp_path: Path) -> None:
    """Whatever their order."""
    other = {**CHILD, "pers_dob": "15/04/2012 00:00:00"}
    found = []
    for at, rows in enumerate(([CHILD, other], [other, CHILD])):
        with given(tmp_path / str(at), ssd_person=rows) as batch:
            assert cells(batch, "audits", "audit_id", "birth_month") == [("C1", None)]
            found.append(said(batch, tmp_path / str(at)))
    assert (
        found[0]
        == found[1]
        == [
            "extract/ssd_person.csv:3:4: B120 `birth_month` of child `C1` is given as `2012-03` and "
            "`2012-04`, so it is left blank\n  help: put right the row that is wrong, and read it again"
        ]
    )


STYLES: Sequence[tuple[str, Style]] = (
    ("UTF-16", replace(ssd.PLAIN, encoding="utf-16")),
    ("upper case", replace(ssd.PLAIN, header=str.upper)),
    ("brackets", replace(ssd.PLAIN, header=lambda column: f"[{column}] ")),
    ("blank rows above", replace(ssd.PLAIN, above=3)),
    ("semicolons", replace(ssd.PLAIN, delimiter=";")),
    ("NULL", replace(ssd.PLAIN, null="NULL")),
    ("other file names", replace(ssd.PLAIN, name=lambda table: f"{table[4:].title()} export.csv")),
    ("text files", replace(ssd.PLAIN, name=lambda table: f"dbo.{table}.txt", delimiter="\t")),
)


@pytest.mark.parametrize("style", [style for _, style in STYLES], ids=[name for name, _ in STYLES])
def test_an_extract_is_the_same_however_it_was_exported(tmp_path: Path, style: Style) -> None:
    """Names of files, case of headers, encoding, delimiter and blank rows play no part."""
    with given(tmp_path, style, ssd_cp_plans=[PLAN], ssd_cp_visits=[visit()]) as batch:
        assert cells(batch, "visits", "audit_id", "visit_date::VARCHAR", "child_seen") == [
            ("C1", "2025-02-17", True)
        ]
        assert cells(batch, "audits", "case_type") == [("child_protection",)]
        assert {problem.code for problem in batch.problems} <= {"B103"}


def test_windows_text_is_read(tmp_path: Path) -> None:
    """A team's name with an accent."""
    style = replace(ssd.PLAIN, encoding="cp1252")
    team = {"dept_team_id": "T1", "dept_team_name": "Café"}
    row = {
        "invo_involvements_id": "N1",
        "invo_person_id": "C1",
        "invo_professional_id": "W1",
        "invo_professional_role_id": "Case Worker",
        "invo_professional_team": "T1",
        "invo_involvement_start_date": "2025-03-03",
    }
    with given(tmp_path, style, ssd_department=[team], ssd_involvements=[row]) as batch:
        assert cells(batch, "audits", "team") == [("Café",)]


def test_one_extra_column_is_said_once(tmp_path: Path) -> None:
    """And the rest is read."""
    style = replace(ssd.PLAIN, extra=("our_own",))
    with given(tmp_path, style, ssd_cp_visits=[visit()]) as batch:
        assert batch.rows["visits"] == 1
        assert len(batch.problems) == len(FILES)
        assert (
            "extract/ssd_cp_visits.csv:1:8: B102 `our_own` is no column of `ssd_cp_visits` and was not read"
            in said(batch, tmp_path)
        )


def test_other_tables_of_the_dataset_are_said_once(tmp_path: Path) -> None:
    """They hold nothing for us; any other file is named."""
    folder = ssd.write_files({"ssd_person": [CHILD]}, tmp_path / "extract")
    (folder / "a.csv").write_text("addr_table_id,addr_person_id\n1,C1\n")
    (folder / "b.csv").write_text("disa_table_id,disa_person_id\n1,C1\n")
    (folder / "readme.txt").write_text("hello\n")
    with read(folder) as batch:
        assert said(batch, tmp_path) == [
            "extract: B108 `ssd_address`, `ssd_disability` say nothing that a field holds, and were not read",
            "extract/readme.txt: B106 `readme.txt` is no part of the batch and was not read",
        ]


def test_an_extract_without_persons_ends_with_the_reason(tmp_path: Path) -> None:
    """No child is made up."""
    style = replace(ssd.PLAIN, without=frozenset({"ssd_person"}))
    with pytest.raises(Stop) as end:
        given(tmp_path, style, ssd_cp_visits=[visit()])
    assert any(
        "holds no table `ssd_person`, which names the children" in str(p)
        for p in end.value.problems
    )


def test_there_is_no_audited_period(tmp_path: Path) -> None:
    """Nor an auditor's grade."""
    with given(tmp_path) as batch:
        assert (
            not {"period_start", "period_end", "overall_grade"} & batch.presence.columns["audits"]
        )
