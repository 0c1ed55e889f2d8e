"""The promises of data quality: what is found, where it stands, and that it is no practice failure."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pipeline import Scoring, score
from engine.records.quality import Quality, examine
from engine.rulebook.outages import Outage
from tests.rules.rulebooks import shipped
from tests.unit.readers.given import read

AS_OF = date(2026, 6, 30)
AUDIT = {
    "child_id": "C1",
    "case_type": "child_in_care",
    "audit_date": "2026-06-01",
    "period_start": "2025-06-01",
    "period_end": "2026-06-01",
    "birth_month": "2020-03",
}


def of(
    folder: Path, *audits: dict[str, Any], as_of: date = AS_OF, outages: tuple[Outage, ...] = ()
) -> Quality:
    """Return the data quality of nested audits; their numbers are A1, A2 and so on."""
    path = folder / "batch.jsonl"
    lines = [{"audit_id": f"A{n}", **AUDIT, **one} for n, one in enumerate(audits, start=1)]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    with read(path) as batch:
        return examine(batch, shipped().fields, outages, as_of)


def told(found: Quality) -> list[tuple[str, str, str]]:
    """Return the check, the place and the message of each entry."""
    return [
        (one.check, str(one.places[0]).partition("jsonl:")[2], one.message) for one in found.entries
    ]


BEFORE_BIRTH = "more than 10 months before the month of birth, 2020-03"


@pytest.mark.parametrize(
    ("rows", "check", "place", "message"),
    [
        (
            {"visits": [{"visit_date": "2018-03-04"}]},
            "impossible_date",
            "1 (visits[0].visit_date)",
            f"`visit_date` is 2018-03-04, {BEFORE_BIRTH}",
        ),
        (
            {"placements": [{"start_date": "2020-02-28"}]},
            "impossible_date",
            "1 (placements[0].start_date)",
            "`start_date` is 2020-02-28, before the month of birth, 2020-03",
        ),
        (
            {"death_date": "2025-01-01", "visits": [{"visit_date": "2025-01-02"}]},
            "impossible_date",
            "1 (visits[0].visit_date)",
            "`visit_date` is 2025-01-02, after the day of death, 2025-01-01",
        ),
        (
            {
                "came_into_care_date": "2025-07-01",
                "reviews": [{"kind": "child_in_care", "held_date": "2025-06-30"}],
            },
            "impossible_date",
            "1 (reviews[0].held_date)",
            "the review is of 2025-06-30, and the child came into care on 2025-07-01",
        ),
        (
            {"visits": [{"visit_date": "2062-01-01"}]},
            "future_date",
            "1 (visits[0].visit_date)",
            "`visit_date` is 2062-01-01, and the input knows nothing after 2026-06-30",
        ),
        (
            {"visits": [{"visit_date": "2026-05-02", "recorded_date": "2026-05-01"}]},
            "recorded_before_event",
            "1 (visits[0].recorded_date)",
            "it was recorded on 2026-05-01, before its `visit_date`, 2026-05-02",
        ),
        (
            {
                "selected_date": "2026-05-10",
                "visits": [{"visit_date": "2026-05-09", "recorded_date": "2026-05-11"}],
            },
            "back_filled",
            "1 (visits[0].recorded_date)",
            "it was recorded on 2026-05-11, after the case was selected on 2026-05-10; "
            "its `visit_date` is 2026-05-09",
        ),
        (
            {"visits": [{"visit_date": "2026-05-01", "recorded_date": "2026-05-16"}]},
            "late_recording",
            "1 (visits[0].recorded_date)",
            "it was recorded on 2026-05-16, 15 days after its `visit_date`, 2026-05-01",
        ),
        (
            {"visits": [{"visit_date": "2026-05-01", "kind": "other"}] * 2},
            "duplicate",
            "1 (visits[0])",
            "2 rows of `visits` say the same of one audit",
        ),
        ({"birth_month": None}, "missing_context", "1 (birth_month)", "`birth_month` is blank"),
    ],
)
def test_what_cannot_be_right_is_told_with_its_place(
    tmp_path: Path, rows: dict[str, Any], check: str, place: str, message: str
) -> None:
    """Each check names the row, the cell and the days that it holds against each other."""
    found = of(tmp_path, rows)
    assert told(found) == [(check, place, message)]
    assert [(one.check, one.entries) for one in found.counts] == [(check, 1)]
    assert found.audits == 1


@pytest.mark.parametrize(
    "rows",
    [
        {"assessments": [{"kind": "pre_birth", "start_date": "2019-06-01"}]},
        {"unborn": "yes", "birth_month": "2026-09", "plans": [{"start_date": "2026-05-01"}]},
        {"death_date": "2025-01-01", "strategy_discussions": [{"held_date": "2025-01-02"}]},
        {
            "death_date": "2026-05-01",
            "visits": [{"visit_date": "2026-04-30", "report_date": "2026-05-02"}],
            "assessments": [
                {
                    "start_date": "2026-04-01",
                    "authorised_date": "2026-05-03",
                    "shared_date": "2026-05-04",
                }
            ],
            "missing_episodes": [
                {"missing_at": "2026-04-30T20:00", "returned_at": "2026-05-02T08:00"}
            ],
        },
        {
            "placements": [
                {
                    "arrangement": "connected_carer",
                    "start_date": "2020-03-05",
                    "full_approval_date": "2015-01-01",
                    "temporary_approval_date": "2020-02-20",
                    "host_consulted_date": "2020-02-20",
                    "director_approval_date": "2020-02-20",
                }
            ]
        },
        {"domestic_abuse": [{"identified_date": "2017-01-02", "screened_date": "2017-01-03"}]},
        {"plans": [{"start_date": "2026-05-01", "end_date": "2027-05-01"}]},
        {"visits": [{"visit_date": "2026-05-01", "recorded_date": "2026-05-15"}]},
        {
            "came_into_care_date": "2025-07-01",
            "placements": [{"start_date": "2022-01-01", "arrangement": "foster_care"}],
            "reviews": [{"kind": "child_in_care", "held_date": "2022-02-01"}],
        },
    ],
)
def test_what_may_be_right_is_not_called_wrong(tmp_path: Path, rows: dict[str, Any]) -> None:
    """Work with an unborn child, after a death, a planned end, an earlier time in care: no entry."""
    assert told(of(tmp_path, rows)) == []


def test_some_placements_show_an_earlier_time_in_care_and_never_a_later_start(
    tmp_path: Path,
) -> None:
    """Where the input holds the latest placements alone, a review before the first may be right."""
    told_of = {"latest_only": ["placements"], "put_aside": [], "apostrophes": True}
    files = {
        "batch.json": json.dumps(
            {"schema": "audit-batch/1", "format": "CSV", "source": "", **told_of}
        ),
        "audits.csv": "audit_id,came_into_care_date\nA1,2018-02-04\nA2,\n",
        "placements.csv": "audit_id,start_date\nA1,2017-02-14\nA1,2018-02-04\nA2,2018-02-04\n",
        "reviews.csv": "audit_id,kind,held_date\nA1,child_in_care,2017-08-26\n"
        "A1,child_in_care,2016-08-26\nA2,child_in_care,2017-08-26\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    with read(tmp_path) as batch:
        found = examine(batch, shipped().fields, (), AS_OF)
    assert [(one.audit_id, one.message) for one in found.entries] == [
        ("A1", "the review is of 2016-08-26, and the child came into care on 2017-02-14")
    ]


def test_what_happened_after_an_old_day_is_not_in_the_future(tmp_path: Path) -> None:
    """A replay as at a day in the past knows what the batch knows."""
    rows = {"visits": [{"visit_date": "2026-05-31", "recorded_date": "2026-05-31"}]}
    found = of(tmp_path, rows, as_of=date(2026, 1, 1))
    assert found.known_until == date(2026, 6, 1)
    assert told(found) == []


def test_one_slip_in_a_day_of_recording_hides_no_day_in_the_future(tmp_path: Path) -> None:
    """A day of recording or audit far after all others is an entry, and moves nothing."""
    rows = [
        {"visit_date": "2026-05-31", "recorded_date": "2062-05-31"},
        {"visit_date": "2027-05-31"},
    ]
    other = {"audit_date": "2062-06-01", "child_id": "C2"}
    found = of(tmp_path, {"visits": rows}, other, {"child_id": "C3"})
    assert found.known_until == AS_OF
    assert [one[1:] for one in told(found) if one[0] == "future_date"] == [
        (
            "2 (audit_date)",
            "`audit_date` is 2062-06-01, and the input knows nothing after 2026-06-30",
        ),
        (
            "1 (visits[0].recorded_date)",
            "`recorded_date` is 2062-05-31, and the input knows nothing after 2026-06-30",
        ),
        (
            "1 (visits[1].visit_date)",
            "`visit_date` is 2027-05-31, and the input knows nothing after 2026-06-30",
        ),
    ]
    assert found.rows_left_out == 1
    early = {"visit_date": "2019-05-31", "recorded_date": "2019-05-31"}
    replayed = of(tmp_path, {"visits": [*rows, early]}, {}, {}, as_of=date(2020, 1, 1))
    assert replayed.known_until == date(2026, 6, 1)


def test_an_outage_marks_and_does_not_excuse(tmp_path: Path) -> None:
    """A late entry during an outage is still an entry, and says which outage."""
    rows = {"visits": [{"visit_date": "2026-03-01", "recorded_date": "2026-04-01"}]}
    down = {"from": date(2026, 3, 30), "to": date(2026, 4, 3), "system": "Case files"}
    away = {"from": date(2026, 4, 2), "to": date(2026, 4, 3), "system": "Case files"}
    found = of(tmp_path, rows, outages=(Outage(**down),))
    assert [(one.entries, one.in_outage) for one in found.counts] == [(1, 1)]
    said = "; during an outage of `Case files` (2026-03-30 to 2026-04-03)"
    assert found.entries[0].message.endswith(said)
    assert of(tmp_path, rows, outages=(Outage(**away),)).in_outage == 0


def test_many_days_entered_on_one_day_are_one_entry(tmp_path: Path) -> None:
    """Bulk entry is one entry for a table, a team and a day."""
    days = [date(2026, 5, 1) + timedelta(n // 2) for n in range(20)]
    visits = [
        {"visit_date": str(day), "recorded_date": "2026-05-12", "purpose": str(n)}
        for n, day in enumerate(days)
    ]
    found = of(
        tmp_path,
        {"team": "North", "visits": visits[:7]},
        {"team": "North", "child_id": "C2", "visits": visits[7:]},
    )
    (one,) = found.entries
    assert one.check == "bulk_entered"
    said = "20 rows, of many different days, were recorded on one day (audits `A1`, `A2`)"
    assert (one.message, one.values) == (said, ("2026-05-12 | North",))
    assert len(one.places) == 20
    assert found.audits == 2


def test_text_copied_from_child_to_child_and_a_child_audited_twice(tmp_path: Path) -> None:
    """The same long text of two children, and two audits of a child and period, are entries."""
    row = {"visit_date": "2026-05-01", "purpose": "Talked about school, home and how the week went"}
    found = of(tmp_path, {"visits": [row]}, {"child_id": "C2", "visits": [row]}, {"child_id": "C2"})
    assert [(one.table, one.message) for one in found.entries] == [
        (
            "audits",
            "the child stands in several audits of the same period (audits `A2`, `A3`)",
        ),
        (
            "visits",
            "the same `purpose` is written of several children on the same days "
            "(audits `A1`, `A2`)",
        ),
    ]


def test_a_text_that_stands_twice_tells_no_personal_data(tmp_path: Path) -> None:
    """What the scan masks is masked too where a copied text is shown."""
    said = "Ring the grandmother on 07700 900123 before the next visit to the home"
    row = {"visit_date": "2026-05-01", "purpose": said}
    found = of(tmp_path, {"visits": [row]}, {"child_id": "C2", "visits": [row]})
    (copied,) = [one for one in found.entries if one.check == "duplicate"]
    masked = "Ring the grandmother on ***** ****** before the next visit to the home"
    assert copied.values == (f"{masked} | 2026-05-01",)


# --- no practice failure --------------------------------------------------------------------------

CP = {
    "case_type": "child_protection",
    "team": "North",
    "plans": [{"kind": "child_protection", "start_date": "2026-01-05", "plan_id": "P1"}],
}


def outcomes(folder: Path, audit: dict[str, Any]) -> dict[str, str]:
    """Return the outcome of each standard on one audit."""
    folder.mkdir()
    path = folder / "batch.jsonl"
    path.write_text(json.dumps({"audit_id": "A1", **AUDIT, **audit}) + "\n", "utf-8")
    with read(path) as batch:
        (one,) = score(Scoring(shipped(), batch, AS_OF, plain=True)).audits
        return {finding.standard: str(finding.outcome) for finding in one.findings}


def test_an_impossible_day_decides_as_much_as_one_that_cannot_be_read(tmp_path: Path) -> None:
    """A row with an impossible day and one whose day is no day give the same findings."""
    seen = [{"visit_date": "2026-01-12", "child_seen": "yes", "seen_alone": "yes"}]
    wrong = {"visit_date": "1999-03-12", "child_seen": "yes", "seen_alone": "yes"}
    unread = {**wrong, "visit_date": "no day"}
    impossible = outcomes(tmp_path / "a", CP | {"visits": [*seen, wrong]})
    assert impossible == outcomes(tmp_path / "b", CP | {"visits": [*seen, unread]})
    alone = outcomes(tmp_path / "c", CP | {"visits": seen})
    assert (alone["CP-05"], impossible["CP-05"]) == ("not_met", "not_assessable")


@pytest.mark.parametrize("few", [500, 0])
def test_an_impossible_day_of_the_audit_itself_is_no_miss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """What asks for such a day is not assessed, whether few audits are scored or many."""
    monkeypatch.setattr("engine.pipeline.rows.FEW", few)
    care = {"case_type": "child_in_care", "health_assessments": [], "plans": []}
    right = outcomes(tmp_path / "a", {**care, "came_into_care_date": "2025-07-01"})
    wrong = outcomes(tmp_path / "b", {**care, "came_into_care_date": "2019-01-01"})
    missed = {name for name, outcome in right.items() if outcome == "not_evidenced"}
    assert {"HE-01", "HE-02"} <= missed
    assert wrong["HE-01"] == wrong["HE-02"] == "not_assessable"
    other = {name for name, outcome in right.items() if outcome != wrong[name]}
    assert {wrong[name] for name in other} == {"not_assessable"}
    assert {"AL-01", "SU-01", "OV-01"}.isdisjoint(other)


def test_scoring_twice_gives_the_same(tmp_path: Path) -> None:
    """Rows are left out of what is tested and stay in the batch."""
    path = tmp_path / "batch.jsonl"
    rows = {**AUDIT, **CP, "visits": [{"visit_date": "1999-01-01"}]}
    path.write_text(json.dumps({"audit_id": "A1", **rows}) + "\n", "utf-8")
    with read(path) as batch:
        scoring = Scoring(shipped(), batch, AS_OF, plain=True)
        first, second = score(scoring), score(scoring)
        assert first == second
        assert first.quality.rows_left_out == batch.rows["visits"] == 1


# --- any batch ------------------------------------------------------------------------------------

DAYS = st.sampled_from(["1990-01-01", "2019-12-01", "2026-05-01", "2026-05-30", "2070-01-01", None])
VISIT = st.fixed_dictionaries({"visit_date": DAYS, "recorded_date": DAYS, "kind": st.just("other")})
REVIEW = st.fixed_dictionaries({"held_date": DAYS, "kind": st.just("child_in_care")})
CHILD = st.fixed_dictionaries(
    {"visits": st.lists(VISIT, max_size=4), "reviews": st.lists(REVIEW, max_size=2)},
    optional={"death_date": DAYS, "came_into_care_date": DAYS, "selected_date": DAYS},
)


@settings(max_examples=15, deadline=None)
@given(st.lists(CHILD, min_size=1, max_size=3), st.integers(0, 99))
def test_the_order_of_rows_and_audits_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, children: Sequence[dict[str, Any]], seed: int
) -> None:
    """Any batch has a data quality, and the same whatever the order of its rows."""
    folder = tmp_path_factory.mktemp("any")
    named = [{"audit_id": f"A{n}", "child_id": f"C{n}"} | one for n, one in enumerate(children)]
    first = of(folder, *named)
    turned = [{**one, "visits": one["visits"][::-1]} for one in named]
    Random(seed).shuffle(turned)
    assert unplaced(of(folder, *turned)) == unplaced(first)
    assert sum(one.entries for one in first.counts) == len(first.entries)


def unplaced(found: Quality) -> Quality:
    return replace(found, entries=tuple(replace(one, places=()) for one in found.entries))
