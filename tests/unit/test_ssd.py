"""The Standard Safeguarding Dataset: what is written is read, whatever the bytes; names agree."""

import random
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Stop
from engine.records import staging
from engine.records.readers.ssd_shapes import OF_THE_CHILD
from engine.records.readers.ssd_tables import TABLES
from tests.formats import ssd
from tests.formats.ssd_columns import FILES
from tests.unit.readers.given import fields, read

TABLE = "ssd_cp_visits"
CASE: ssd.Tables = {
    "audits": [
        {
            "audit_id": "C1",
            "child_id": "C1",
            "case_type": "child_protection",
            "birth_month": "2012-03",
            "team": "East",
            "worker_id": "W1",
            "allocated_date": "2025-01-10",
        },
        {"audit_id": "C2", "child_id": "C2", "case_type": "child_protection", "unborn": "yes"},
        {
            "audit_id": "C3",
            "child_id": "C3",
            "case_type": "child_in_care",
            "birth_month": "2010-11",
            "came_into_care_date": "2024-01-08",
        },
    ],
    "referrals": [{"audit_id": "C1", "received_date": "2025-01-02"}],
    "assessments": [
        {
            "audit_id": "C1",
            "kind": "child_and_family",
            "referral_date": "2025-01-02",
            "start_date": "2025-01-03",
            "authorised_date": "2025-02-01",
            "child_seen": "yes",
        }
    ],
    "plans": [
        {"audit_id": "C1", "plan_id": "P1", "kind": "child_protection", "start_date": "2025-02-10"},
        {"audit_id": "C2", "plan_id": "P2", "kind": "child_protection", "start_date": "2025-02-10"},
        {"audit_id": "C3", "plan_id": "P3", "kind": "care", "start_date": "2024-01-08"},
    ],
    "visits": [
        {"audit_id": "C1", "kind": "child_protection", "visit_date": "2025-02-17", "child_seen": "yes", "seen_alone": "no"},
        {"audit_id": "C1", "kind": "child_in_need", "visit_date": "2025-01-17", "child_seen": "no"},
        {"audit_id": "C3", "kind": "child_in_care", "visit_date": "2024-01-12", "child_seen": "yes"},
    ],
    "enquiries": [
        {"audit_id": "C1", "start_date": "2025-01-20", "end_date": "2025-02-01", "conference_required": "yes"},
        {"audit_id": "C3", "start_date": "2023-11-20", "conference_required": "no"},
    ],
    "conferences": [
        {"audit_id": "C1", "kind": "initial", "due_date": "2025-02-11", "held_date": "2025-02-10"},
        {"audit_id": "C1", "kind": "review", "held_date": "2025-05-06", "participation": "attended"},
        {"audit_id": "C2", "kind": "pre_birth", "held_date": "2025-02-10"},
        {"audit_id": "C3", "kind": "transfer_in", "held_date": "2022-02-10"},
    ],
    "reviews": [
        {"audit_id": "C3", "kind": "child_in_care", "due_date": "2024-02-05", "held_date": "2024-02-02", "participation": "PN1"}
    ],
    "placements": [{"audit_id": "C3", "start_date": "2024-01-08", "end_date": "2024-08-01", "arrangement": "foster_care"}],
    "health_assessments": [{"audit_id": "C3", "kind": "initial", "assessment_date": "2024-01-22"}],
    "missing_episodes": [
        {"audit_id": "C3", "missing_at": "2024-03-01T22:00:00", "returned_at": "2024-03-02T08:00:00", "accepted": "no"}
    ],
    "allocations": [{"audit_id": "C1", "worker_id": "W1", "start_date": "2025-01-10", "reason": "worker_left"}],
}  # fmt: skip

STYLES = (
    replace(ssd.PLAIN, day=ssd.iso),
    replace(ssd.PLAIN, flag=ssd.digit, listed=True),
    replace(ssd.PLAIN, day=ssd.with_t, flag=ssd.padded),
    replace(ssd.PLAIN, day=ssd.day_first, listed=True),
)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("buffer", [1, 10_000])
def test_what_is_written_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, style: ssd.Style, buffer: int
) -> None:
    """Everything that the dataset can hold comes back, in every shape, few rows or many."""
    monkeypatch.setattr(staging, "BUFFER", buffer)
    with read(ssd.write(CASE, tmp_path / "extract", style)) as batch:
        assert batch.problems == ()
        for table, given_rows in CASE.items():
            names = list(dict.fromkeys(name for row in given_rows for name in row))
            shown = ", ".join(
                f"CASE WHEN {n} THEN 'yes' WHEN NOT {n} THEN 'no' END"
                if fields().tables[table].fields[n].type == "yes_no"
                else f"strftime({n}, '%Y-%m')"
                if n == "birth_month"
                else f"strftime({n}, '%Y-%m-%dT%H:%M:%S')"
                if n in ("missing_at", "returned_at")
                else f"{n}::VARCHAR"
                for n in names
            )
            found = batch.con.sql(f"SELECT {shown} FROM typed.{table}").fetchall()
            wanted = [tuple(row.get(name) for name in names) for row in given_rows]
            assert sorted(found, key=str) == sorted(wanted, key=str), table


def test_the_dictionary_names_the_columns_that_are_read() -> None:
    """Every `ssd` of `fields.yaml` is a column that fills that field, and none is left out."""
    read_here: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, columns in OF_THE_CHILD.items():
        read_here["audits", name].update(columns)
    for table in TABLES:
        for name, column in table.rows.columns.items() if table.rows else ():
            read_here[table.rows.table if table.rows else "", name].add(column.name)
    # these are told by what the column points at, or by more than one
    read_here["assessments", "referral_date"] = {"cine_referral_date"}
    read_here["enquiries", "conference_required"] |= {"s47e_s47_nfa", "icpc_s47_enquiry_id"}
    stated = {
        (table, name): set(field.ssd)
        for table, one in fields().tables.items()
        for name, field in one.fields.items()
        if field.ssd
    }
    assert stated == read_here
    known = {column for table in TABLES for column in table.read}
    assert set().union(*stated.values()) <= known


def settle(path: Path) -> bool:
    """Read an extract, or end with a reason; anything else is a failure."""
    try:
        read(path).close()
    except Stop as end:
        return bool(end.problems)
    return True


HEADER = ",".join(FILES[TABLE]).encode()


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_below_a_header_give_records_or_problems(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """No traceback."""
    folder = tmp_path_factory.mktemp("ssd")
    (folder / "ssd_person.csv").write_bytes(b"pers_person_id,pers_dob\nC1,2012-03-15\n")
    (folder / "v.csv").write_bytes(HEADER + b"\n1,C1,P1,2025-02-17,Y,Y,Y\n" + content)
    assert settle(folder)


def test_a_damaged_extract_gives_records_or_problems(tmp_path: Path) -> None:
    """Bytes of a valid extract are changed, lost and doubled; drawn with a fixed seed."""
    whole = ssd.write(CASE, tmp_path / "whole")
    files = sorted(whole.iterdir())
    draw = random.Random(7)
    for attempt in range(25):
        folder = tmp_path / f"damaged-{attempt}"
        folder.mkdir()
        for file in files:
            content = bytearray(file.read_bytes())
            for _ in range(draw.randrange(4)):
                at = draw.randrange(len(content))
                change = draw.choice(
                    (b"", b"\x00", b'"', b",", b"\r", b"\xff", b"NULL", b"{", b"\n")
                )
                content[at : at + draw.randrange(3)] = change
            (folder / file.name).write_bytes(content)
        assert settle(folder)
