"""Rows held against one another: twice the same row, no audit, an end before its start."""

import random
from pathlib import Path

import pytest

from engine.errors import Stop
from tests.unit.readers.given import folder, read, rows, said


def test_the_same_row_twice_is_kept_once(tmp_path: Path) -> None:
    """A row that stands twice is kept once; nothing is lost, so no table counts as put aside."""
    plans = "audit_id,plan_id,kind\nA1,P1,care\nA1,P1,Care\n"
    path = folder(tmp_path, plans=plans)
    batch = read(path)
    assert rows(batch, "plans") == [("A1", "P1", "care")]
    assert said(batch, path) == [
        "plans.csv:3: B401 the row with audit_id `A1`, plan_id `P1` stands twice; the first is kept"
    ]
    assert not batch.presence.put_aside
    assert rows(batch, "put_aside") == []


def test_rows_with_one_key_that_differ_are_all_put_aside(tmp_path: Path) -> None:
    """None of them is taken to be the right one."""
    path = folder(tmp_path, plans="audit_id,plan_id,kind\nA1,P1,care\nA1,P1,pathway\nA1,P2,care\n")
    batch = read(path)
    assert rows(batch, "plans") == [("A1", "P2", "care")]
    differ = (
        "B402 several rows have audit_id `A1`, plan_id `P1` and differ, so none is kept\n"
        "  help: keep the row that is right and delete the others"
    )
    assert said(batch, path) == [f"plans.csv:2: {differ}", f"plans.csv:3: {differ}"]
    assert batch.presence.put_aside == {"plans"}


def test_blank_keys_do_not_collide(tmp_path: Path) -> None:
    """Rows without a number are different rows."""
    batch = read(folder(tmp_path, plans="audit_id,plan_id,kind\nA1,,care\nA1,,pathway\nA1,,care\n"))
    assert batch.rows["plans"] == 3


def test_tables_without_a_key_may_hold_a_row_twice(tmp_path: Path) -> None:
    """Two visits on one day are two visits."""
    batch = read(folder(tmp_path, visits="audit_id,visit_date\nA1,2024-03-01\nA1,2024-03-01\n"))
    assert batch.rows["visits"] == 2


def test_an_audit_put_aside_takes_its_rows_with_it(tmp_path: Path) -> None:
    """Each row is listed, and the reason names the audit."""
    path = folder(
        tmp_path,
        audits="audit_id,overall_grade\nA1,good\nA2,splendid\n",
        visits="audit_id,visit_date\nA2,2024-03-01\nA1,2024-03-01\nA2,2024-03-02\n",
    )
    batch = read(path)
    assert rows(batch, "audits") == [("A1", "good")]
    assert batch.rows["visits"] == 1
    assert said(batch, path) == [
        (
            "audits.csv:3:2: B305 `splendid` is not allowed in `overall_grade`\n"
            "  help: write one of: inadequate, requires_improvement, good, outstanding"
        ),
        (
            "visits.csv:2: B405 audit `A2` was put aside and takes 2 rows of `visits` with it\n"
            "  help: put the audit right, and its rows are read"
        ),
    ]
    taken = [row for row in batch.rejected if row.table == "visits"]
    assert [row.place for row in taken] == ["2", "4"]
    assert {row.reason for row in taken} == {"audit `A2` was put aside and takes its rows with it"}
    assert rows(batch, "put_aside") == []


def test_audits_that_differ_are_all_put_aside(tmp_path: Path) -> None:
    """Two audits with one number take the rows of both with them."""
    path = folder(
        tmp_path,
        audits="audit_id,team\nA1,Oak\nA2,Ash\nA1,Elm\n",
        visits="audit_id\nA1\nA2\n",
    )
    batch = read(path)
    assert rows(batch, "audits") == [("A2", "Ash")]
    assert rows(batch, "visits") == [("A2",)]
    assert [row.code for row in batch.rejected] == ["B402", "B402", "B405"]


def test_rows_without_an_audit(tmp_path: Path) -> None:
    """A row whose audit is not in the batch is put aside, with the nearest number."""
    path = folder(
        tmp_path, audits="audit_id\nAUD-001\nAUD-002\n", visits="audit_id\nAUD-O02\nAUD-002\nzz\n"
    )
    batch = read(path)
    assert said(batch, path) == [
        (
            "visits.csv:2:1: B403 there is no audit `AUD-O02` in the batch\n"
            "  help: did you mean `AUD-002`?"
        ),
        "visits.csv:4:1: B403 there is no audit `zz` in the batch",
    ]
    assert batch.rows["visits"] == 1


@pytest.mark.parametrize(
    ("table", "fields", "cells"),
    [
        ("plans", ("end_date", "start_date"), ("2024-02-29", "2024-03-01")),
        ("audits", ("period_end", "period_start"), ("2024-02-29", "2024-03-01")),
        ("referrals", ("decision_date", "received_date"), ("2024-02-29", "2024-03-01")),
        ("assessments", ("authorised_date", "referral_date"), ("2024-02-29", "2024-03-01")),
        (
            "missing_episodes",
            ("returned_at", "missing_at"),
            ("2024-03-01 09:00", "2024-03-01 10:00"),
        ),
    ],
)
def test_an_end_before_its_start(
    tmp_path: Path, table: str, fields: tuple[str, str], cells: tuple[str, str]
) -> None:
    """A row that ends before it begins is put aside at its end."""
    (late, early), (end, start) = fields, cells
    good = "A9,,\n" if table == "audits" else ""
    text = f"audit_id,{late},{early}\nA1,{end},{start}\nA1,,{start}\nA1,{start},{start}\n{good}"
    batch = read(folder(tmp_path, **{table: text}))
    (problem,) = [p for p in batch.problems if p.code == "B404"]
    assert (problem.location.line, problem.location.column) == (2, 2)
    assert problem.message.startswith(f"`{late}` {end[:10]}")
    assert f"lies before `{early}` {start[:10]}" in problem.message


def test_recorded_before_it_happened_is_a_warning(tmp_path: Path) -> None:
    """The first ten are shown, the others counted, and all are kept."""
    row = "A1,2024-03-02,2024-03-01\n"
    path = folder(tmp_path, visits=f"audit_id,visit_date,recorded_date\n{row * 12}")
    batch = read(path)
    assert batch.rows["visits"] == 12
    assert said(batch, path)[:2] == [
        "visits.csv: B105 2 rows more of `visits` were recorded before they happened",
        "visits.csv:2:3: B105 recorded on 2024-03-01, before it happened on 2024-03-02",
    ]
    assert len(batch.problems) == 11
    assert all(problem.warning for problem in batch.problems)
    assert not batch.rejected


def test_the_order_of_rows_is_irrelevant(tmp_path: Path) -> None:
    """Rows in any order: the same tables, the same reasons, the same hash."""
    tables = {
        "audits": ["A1,Oak", "A2,Ash", "A2,Elm", "A3,", "A3,", "A4,x", ",y"],
        "plans": [
            "A1,P1,care",
            "A1,P1,care",
            "A1,P2,care",
            "A1,P2,pathway",
            "A9,P1,care",
            "A1,,bad",
        ],
    }
    headers = {"audits": "audit_id,team", "plans": "audit_id,plan_id,kind"}
    found = set()
    for seed in range(4):
        shuffled = {t: random.Random(seed).sample(r, len(r)) for t, r in tables.items()}
        texts = {t: "\n".join([headers[t], *lines, ""]) for t, lines in shuffled.items()}
        with read(folder(tmp_path / str(seed), **texts)) as batch:
            reasons = sorted((r.table, r.audit_id, r.code, r.reason, r.row) for r in batch.rejected)
            found.add((batch.input_hash, tuple(reasons), tuple(rows(batch, "plans"))))
    assert len(found) == 1


def test_no_audit_left(tmp_path: Path) -> None:
    """A batch whose audits are all put aside ends the run."""
    with pytest.raises(Stop) as stopped:
        read(folder(tmp_path, audits="audit_id,team\nA1,Oak\nA1,Elm\n"))
    assert [problem.code for problem in stopped.value.problems] == ["B402", "B402", "B004"]
    assert stopped.value.exit_code == 2
