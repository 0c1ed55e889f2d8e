"""The promises of docs/reference/joining.md: what is joined with what, and that all is said."""

import json
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Stop
from engine.pipeline import Scoring, score
from engine.records import read_batch
from engine.records.joining import join
from tests.unit import naive_joining as naive
from tests.unit.joining_sides import (
    BOOK,
    COLUMNS,
    FEW,
    USAGE,
    as_text,
    audit,
    joined,
    joined_folders,
    rows,
    said,
    sides,
)


@settings(max_examples=6, deadline=None)
@given(both=sides(), trust_form=st.booleans())
def test_the_join_is_as_it_is_written_down(
    both: tuple[naive.Side, naive.Side], trust_form: bool
) -> None:
    """The rows that count and the entries are those of a naive joiner; nothing is silent."""
    forms, records = both
    expected = naive.join(forms, records, trust_form=trust_form)
    with joined_folders(both, trust_form=trust_form) as found:
        got: Counter[Any] = Counter()
        for table in COLUMNS:
            names = sorted(found.batch.presence.columns[table])
            query = f"SELECT {', '.join(names)} FROM typed.{table}"
            for row in found.batch.con.execute(query).fetchall():
                got[table, as_text(row, names)] += 1
        notes = [n for n in found.batch.noted if n.check == "record_disagrees"]
        told = (n for n in notes if "would end before" not in n.message)
        assert got == expected.rows
        assert Counter((n.table, n.field, n.audit_id) for n in told) == expected.entries


@pytest.mark.parametrize("trust_form", [False, True])
def test_neither_the_order_of_rows_nor_of_audits_matters(trust_form: bool) -> None:
    """Turned round, both inputs give the same rows, entries (but for places) and hash."""
    visits = [{"visit_date": "2025-03-03", "kind": k} for k in ("child_protection", None, "other")]
    forms = [audit("1", "A1", visits=visits), audit("2", "A2", visits=visits[:1])]
    records = [audit("1", visits=visits[1:]), audit("2", visits=[])]
    told = []
    for turn in (1, -1):
        ours = [{**a, "visits": a["visits"][::turn]} for a in forms[::turn]]
        theirs = [{**a, "visits": a["visits"][::turn]} for a in records[::turn]]
        with joined(ours, theirs, trust_form=trust_form) as found:
            told.append((rows(found.batch, "visits"), said(found), found.batch.input_hash))
    assert told[0] == told[1]


def test_both_values_and_both_places_are_kept() -> None:
    """A value that differs is one entry: the system's value first, each with its place."""
    forms = [audit("1", "A1", visits=[{"visit_date": "2025-03-03", "child_seen": "yes"}])]
    records = [audit("1", visits=[{"visit_date": "2025-03-03", "child_seen": "no"}])]
    with joined(forms, records) as found:
        (note,) = [n for n in found.batch.noted if n.check == "record_disagrees"]
        assert (
            note.message
            == "`child_seen` is `no` in the records and `yes` on the form; the records decide"
        )
        assert note.values == ("no", "yes")
        assert [Path(p.file).name + f" {p.path}" for p in note.places] == [
            "records.json [0].visits[0].child_seen",
            "forms.json [0].visits[0].child_seen",
        ]
        assert rows(found.batch, "visits")[0][2] is False
    with joined(forms, records, trust_form=True) as found:
        assert said(found) == [
            "`child_seen` is `no` in the records and `yes` on the form; the form decides"
        ]
        assert rows(found.batch, "visits")[0][2] is True


def test_a_row_that_the_records_lack_does_not_count_and_is_noted() -> None:
    """A visit that the system does not have is no evidence, unless the form is trusted."""
    known = {"visit_date": "2025-03-20", "kind": "child_protection"}
    typed = {"visit_date": "2025-03-03", "kind": "child_protection"}
    forms, records = [audit("1", "A1", visits=[known, typed])], [audit("1", visits=[known])]
    with joined(forms, records) as found:
        assert len(rows(found.batch, "visits")) == 1
        assert said(found) == [
            "the records have no such row of `visits` as the form: `2025-03-03` "
            "`child_protection`; it does not count"
        ]
    with joined(forms, records, trust_form=True) as found:
        assert len(rows(found.batch, "visits")) == 2


@pytest.mark.parametrize(
    "typed",
    [
        {"visit_date": "2025-03-25", "kind": "child_protection"},  # after the extract's last day
        {"visit_date": "2025-03-03", "kind": "private_fostering"},  # a kind it never holds
    ],
)
def test_what_the_records_cannot_know_they_do_not_contradict(typed: dict[str, Any]) -> None:
    """Rows after the extract, or of a kind that it does not hold, count."""
    known = {"visit_date": "2025-03-20", "kind": "child_protection"}
    with joined([audit("1", "A1", visits=[typed])], [audit("1", visits=[known])]) as found:
        assert len(rows(found.batch, "visits")) == 2


def test_the_only_row_without_a_day_is_the_only_row_with_one() -> None:
    """A plan that an extract holds without its day is the form's, not a plan more."""
    typed = {"plan_id": "P1", "kind": "child_in_need", "start_date": "2025-03-03"}
    with joined([audit("1", "A1", plans=[typed])],
                [audit("1", plans=[{**typed, "plan_id": None, "start_date": None}])]) as found:  # fmt: skip
        assert [(row[1], str(row[3])) for row in rows(found.batch, "plans")] == [
            ("P1", "2025-03-03")
        ]
        assert said(found) == []


def test_records_without_the_day_of_a_table_contradict_no_row_of_it() -> None:
    """Where an extract lacks a table's day, rows are told by the rest, and none is taken away."""
    typed = [{"visit_date": "2025-03-03", "child_seen": "yes"},
             {"visit_date": "2025-03-20", "child_seen": "no"}]  # fmt: skip
    records = [audit("1", visits=[{"child_seen": "no"}], plans=[{"start_date": "2025-05-01"}])]
    with joined([audit("1", "A1", visits=typed)], records) as found:
        assert [str(row[1]) for row in rows(found.batch, "visits")] == ["2025-03-03", "2025-03-20"]
        assert said(found) == []


def test_the_sort_of_case_is_the_forms() -> None:
    """Extracts infer the sort of case from their lists: it is noted, and the form decides."""
    forms = [audit("1", "A1", case_type="assessment")]
    with joined(forms, [audit("1", case_type="child_in_need")]) as found:
        assert found.batch.con.execute("SELECT case_type FROM typed.audits").fetchall() == [
            ("assessment",)
        ]
        assert said(found) == [
            "`case_type` is `child_in_need` in the records and `assessment` on the form; "
            "the form decides"
        ]


def test_actions_follow_their_plan_to_its_number_in_the_records() -> None:
    """Numbers of plans are each side's own: they do not disagree, and actions find their plan."""
    plan = {"kind": "child_protection", "start_date": "2025-03-03"}
    forms = [audit("1", "A1", plans=[{"plan_id": "P1", **plan}],
                   plan_actions=[{"plan_id": "P1", "action": "Talk"}])]  # fmt: skip
    with joined(forms, [audit("1", plans=[{"plan_id": "900", **plan}])]) as found:
        assert [row[1] for row in rows(found.batch, "plans")] == ["900"]
        assert [row[1] for row in rows(found.batch, "plan_actions")] == ["900"]
        assert said(found) == []


def test_what_no_side_can_tell_of_an_audit_is_not_examined() -> None:
    """A child who is not in the records: their tables are not examined, their columns untold."""
    forms = [audit("1", "A1", visits=[]), audit("2", "A2", visits=[{"visit_date": "2025-03-03"}])]
    records = [audit("1", visits=[{"visit_date": "2025-03-03", "child_seen": "yes"}], plans=[])]
    with joined(forms, records) as found:
        listed = found.batch.con.execute(
            "SELECT audit_id, not_examined FROM typed.audits"
        ).fetchall()
        assert sorted(listed) == [("A1", None), ("A2", ["plans"])]
        assert found.batch.presence.partly["visits:form"].columns == {"child_seen"}
        parts = found.batch.con.execute("FROM typed.partly WHERE part = 'visits:form'").fetchall()
        assert parts == [("A2", "visits:form")]


def test_an_audit_takes_the_records_of_its_own_period() -> None:
    """Records with periods: those that overlap the audited one; another period is said."""
    forms = [audit("1", "A1", period_start="2025-01-01", period_end="2025-06-30", visits=[])]
    forms += [
        {**forms[0], "audit_id": "A2", "period_start": "2023-01-01", "period_end": "2023-02-01"}
    ]
    records = [
        audit("1", "R1", period_start="2025-01-01", period_end="2025-12-31",
              visits=[{"visit_date": "2025-03-03"}]),
        audit("1", "R2", period_start="2024-01-01", period_end="2024-12-31",
              visits=[{"visit_date": "2024-03-03"}]),
    ]  # fmt: skip
    with joined(forms, records) as found:
        assert [(row[0], str(row[1])) for row in rows(found.batch, "visits")] == [
            ("A1", "2025-03-03")
        ]
        assert [p.message for p in found.batch.problems] == [
            "1 audit has a child whose records are of another period and is scored on the form alone: `A2`"
        ]


@pytest.mark.parametrize(
    ("forms", "records", "message", "help_"),
    [
        ([{"audit_id": "A1"}], [audit("1")],
         "the forms name no child: `audits` has no `child_id`",
         "fill `child_id` with the number that the child has in the other file"),
        ([audit("1")], [{"audit_id": "A1"}],
         "the records name no child: `audits` has no `child_id`",
         "fill `child_id` with the number that the child has in the other file"),
        ([audit("12")], [audit("0012")],
         "no child of the forms is in the records: a child is `12` on a form and `0012` in the records",
         "is `12` on a form the child `0012` of the records? write the number as it stands there "
         "(Excel takes zeros at the front away)"),
        ([audit("C7")], [audit("99")],
         "no child of the forms is in the records: a child is `C7` on a form and `99` in the records",
         "`child_id` has to be the same number in both"),
    ],
)  # fmt: skip
def test_inputs_that_cannot_be_joined_are_refused(
    forms: list[Any], records: list[Any], message: str, help_: str
) -> None:
    """A join without a child in common ends the run, with an example of both numbers."""
    with pytest.raises(Stop) as end, joined(forms, records):
        pass
    (problem,) = end.value.problems
    assert (problem.message, problem.help, int(end.value.exit_code)) == (message, help_, USAGE)


def test_who_is_in_one_file_only_is_listed() -> None:
    """Audits without a child or a record, and children on no form, each have an entry."""
    forms = [audit("1", "A1", visits=[]), audit("2", "A2"), {"audit_id": "A3", "child_id": None}]
    with joined(forms, [audit("1"), audit("5", "R5")]) as found:
        assert [(n.check, n.audit_id, n.message) for n in found.batch.noted] == [
            ("not_in_forms", "", "child `5` of the records is on no form"),
            ("not_in_records", "A2", "child `2` is not in the records; scored on the form alone"),
            ("not_in_records", "A3", "no `child_id`; scored on the form alone"),
        ]
        assert sorted(p.message for p in found.batch.problems) == [
            "1 audit has a child who is not in the records and is scored on the form alone: `2`",
            "1 audit has no `child_id` and is scored on the form alone: `A3`",
            "1 child of the records is on no form",
        ]
        assert {p.warning for p in found.batch.problems} == {True}


def test_rows_of_a_joined_batch_say_where_they_stand() -> None:
    """A field of a row that both have stands where it is filled."""
    forms = [audit("1", "A1", visits=[{"visit_date": "2025-03-03", "purpose": "Talk"}])]
    with joined(forms, [audit("1", visits=[{"visit_date": "2025-03-03"}])]) as found:
        (place,) = found.batch.places("visits", [0]).values()
        files = [Path(place.at(name).file).name for name in ("visit_date", "purpose")]
        assert files == ["records.json", "forms.json"]


def test_a_column_that_a_source_lacks_is_never_held_against_a_case() -> None:
    """A standard that names a column which the records lack is not assessable, never missed."""
    plan = {"kind": "child_protection", "start_date": "2025-01-06"}
    forms = [
        audit("1", "A1", case_type="child_protection", period_start="2025-01-01", plans=[]),
        audit("2", "A2", case_type="child_protection", period_start="2025-01-01",
              plans=[{"plan_id": "P1", **plan, "contingency": None}]),
    ]  # fmt: skip
    records = [audit("1", plans=[{"plan_id": "P9", **plan}])]
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("forms.json", "records.json")]
        for path, content in zip(paths, (forms, records), strict=True):
            path.write_text(json.dumps(content))
        batches = [read_batch(path, BOOK.fields, BOOK.allowed) for path in paths]
        with join(batches[0], batches[1], BOOK.fields).batch as batch:
            view = score(Scoring(BOOK, batch, date(2025, 6, 30), plain=True))
    outcomes = {
        audit.audit_id: {f.standard: str(f.outcome) for f in audit.findings}
        for audit in view.audits
    }
    named = [s for s, outcome in outcomes["A2"].items() if outcome == "not_evidenced"]
    assert named
    assert {outcomes["A1"][s] for s in named} <= {"not_assessable"}


def test_a_table_of_latest_rows_does_not_contradict_the_form() -> None:
    """Annex A holds the latest visit alone: what auditors typed adds up, and is a series still."""
    typed = [{"visit_date": day, "child_seen": "yes"} for day in ("2025-03-03", "2025-03-20")]
    forms = [audit("1", "A1", visits=typed), audit("2", "A2", visits=[])]
    records = [audit(child, visits=[{"visit_date": "2025-03-30"}]) for child in "12"]
    with tempfile.TemporaryDirectory() as folder:
        batches = []
        for name, content in (("forms.json", forms), ("records.json", records)):
            (Path(folder) / name).write_text(json.dumps(content))
            batches.append(read_batch(Path(folder) / name, FEW, BOOK.allowed))
        latest = replace(batches[1].presence, latest_only=frozenset({"visits"}))
        batches[1].presence = latest
        with join(batches[0], batches[1], FEW).batch as batch:
            assert len(rows(batch, "visits")) == 4
            assert [
                n for n in batch.noted if n.table == "visits" and "no such row" in n.message
            ] == [n for n in batch.noted if "the form has no such row" in n.message]
            assert batch.presence.latest_only == frozenset()
            assert batch.presence.partly["visits:latest"].latest
            query = "FROM typed.partly WHERE part = 'visits:latest'"
            assert batch.con.execute(query).fetchall() == [("A2", "visits:latest")]


def test_rows_put_aside_on_either_side_are_put_aside_for_the_audit() -> None:
    """What the extract lost of a child, the child's audits lost; it contradicts nothing then."""
    typed = {"visit_date": "2025-03-03", "kind": "other"}
    lost = [{"visit_date": "2025-03-20", "kind": "other"}, {"visit_date": "soon", "kind": "other"}]
    with joined([audit("1", "A1", visits=[typed])], [audit("1", "R1", visits=lost)]) as found:
        batch = found.batch
        assert batch.con.execute("FROM typed.put_aside").fetchall() == [("A1", "visits")]
        assert batch.presence.put_aside == {"visits"}
        assert [(row.table, row.audit_id) for row in batch.rejected] == [("visits", "R1")]
        assert len(rows(batch, "visits")) == 2


def test_facts_of_the_audit_itself_are_joined_too() -> None:
    """The team is a fact of the system, the auditor's grade is not."""
    forms = [audit("1", "A1", team="North", overall_grade="good", birth_month=None)]
    records = [audit("1", "R1", team="South", overall_grade="inadequate", birth_month="2014-02")]
    with joined(forms, records) as found:
        query = "SELECT audit_id, team, overall_grade, birth_month::VARCHAR FROM typed.audits"
        expected = [("A1", "South", "good", "2014-02-01")]
        assert found.batch.con.execute(query).fetchall() == expected
        assert said(found) == [
            "`team` is `South` in the records and `North` on the form; the records decide"
        ]


def test_rows_of_one_plan_that_the_records_tell_in_two_ways_are_left_out() -> None:
    """Two audits of a child in the records differ on a plan: neither counts, and it is noted."""
    plans = [{"plan_id": "P1", "kind": kind} for kind in ("care", "pathway")]
    records = [audit("1", f"R{n}", plans=[plan]) for n, plan in enumerate(plans)]
    with joined([audit("1", "A1")], records) as found:
        assert rows(found.batch, "plans") == []
        assert said(found) == [
            "audits of one child in the records tell a row of `plans` differently; none counts"
        ]
        assert found.batch.con.execute("FROM typed.put_aside").fetchall() == [("A1", "plans")]
