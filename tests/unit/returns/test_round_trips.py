"""Our tables written as a return and read back are what they were, as far as the return can hold."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats import cin, ssda903
from tests.unit.readers.given import as_csv, read

Row = Mapping[str, str | None]
Tables = dict[str, list[Row]]

FIRST = date(2024, 4, 1)
DAYS = st.integers(0, 330).map(lambda day: (FIRST + timedelta(days=day)).isoformat())
CARE: Tables = {
    "audits": [
        {
            "audit_id": "101",
            "birth_month": "2012-05",
            "came_into_care_date": "2024-04-10",
            "left_care_date": "2025-02-01",
        },
        {"audit_id": "102", "birth_month": "2010-01"},
    ],
    "placements": [
        {"audit_id": "101", "start_date": "2024-04-10", "end_date": "2024-06-01", "arrangement": "foster_care"},
        {"audit_id": "101", "start_date": "2024-06-01", "end_date": "2025-02-01", "arrangement": "residential"},
        {"audit_id": "102", "start_date": "2019-01-01", "end_date": None, "arrangement": "connected_carer"},
    ],
    "reviews": [
        {"audit_id": "101", "kind": "child_in_care", "held_date": "2024-05-01", "participation": "PN1"},
        {"audit_id": "102", "kind": "child_in_care", "held_date": "2025-03-20", "participation": "PN7"},
    ],
    "missing_episodes": [
        {"audit_id": "102", "missing_at": "2024-07-01", "returned_at": "2024-07-03"},
    ],
    "allocations": [
        {"audit_id": "102", "worker_id": "W1", "start_date": "2024-05-01", "end_date": None, "reason": "worker_left"},
    ],
}  # fmt: skip


def held(path: Path, tables: Mapping[str, Sequence[Row]]) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows that were read, of the fields that the tables give."""
    found: dict[str, list[tuple[object, ...]]] = {}
    with read(path) as batch:
        assert not batch.rejected
        for table, rows in tables.items():
            given = {name for row in rows for name in row}
            names = sorted(given & batch.presence.columns[table])
            shown = ", ".join(f'"{name}"' for name in names)
            found[table] = batch.con.sql(f'SELECT {shown} FROM typed."{table}"').fetchall()
            found[table].sort(key=str)
    return found


def census_of(children: Sequence[Sequence[str]]) -> Tables:
    """Return the tables of children, each of whom has so many days in order."""
    tables: Tables = {name: [] for name in ("audits", "referrals", "assessments", "plans")}
    tables |= {"enquiries": [], "conferences": []}
    for at, drawn in enumerate(children):
        number, days = f"C{at:03}", sorted(drawn)
        own = {"audit_id": number}
        tables["audits"].append({**own, "birth_month": "2014-07"})
        tables["referrals"].append({**own, "received_date": days[0]})
        tables["assessments"].append(
            {**own, "kind": "child_and_family", "referral_date": days[0], "start_date": days[1]}
            | {"authorised_date": days[2]}
        )
        tables["enquiries"].append({**own, "start_date": days[2], "conference_required": "yes"})
        tables["conferences"] += [
            {**own, "kind": "initial", "due_date": days[3], "held_date": days[3]},
            {**own, "kind": "review", "due_date": None, "held_date": days[4]},
        ]
        tables["plans"] += [
            {**own, "kind": "child_protection", "start_date": days[3], "end_date": None},
            {**own, "kind": "child_in_need", "start_date": days[1], "end_date": days[2]},
        ]
    return tables


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.lists(DAYS, min_size=5, max_size=5), min_size=1, max_size=4),
    st.sampled_from(sorted(cin.FLAGS)),
    st.sampled_from(["", "http://example.org/census"]),
)
def test_a_census_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    children: list[list[str]],
    booleans: str,
    namespace: str,
) -> None:
    """Both forms of yes and no, with a namespace or none."""
    tables, folder = census_of(children), tmp_path_factory.mktemp("census")
    path = cin.write(tables, folder / "census.xml", booleans=booleans, namespace=namespace)
    assert held(path, tables) == held(as_csv(tables, folder / "csv"), tables)


@pytest.mark.parametrize("year", range(2017, 2027))
def test_a_census_of_any_year_gives_its_year_as_the_period(tmp_path: Path, year: int) -> None:
    """From 1 April to 31 March, whether the census says `GenderCurrent` or `Sex`."""
    path = cin.write({"audits": [{"audit_id": "C1"}]}, tmp_path / "x", year=year)
    with read(path) as batch:
        found = batch.con.sql("SELECT period_start, period_end FROM typed.audits").fetchall()
        assert found == [(date(year - 1, 4, 1), date(year, 3, 31))]
        assert not batch.problems


@pytest.mark.parametrize("write", [ssda903.write, ssda903.write_xml])
def test_a_return_on_children_in_care_gives_back_what_was_written(
    tmp_path: Path, write: Callable[[Tables, Path], Path]
) -> None:
    """As a folder of CSV files and as XML."""
    expected = held(as_csv(CARE, tmp_path / "csv"), CARE)
    assert held(write(CARE, tmp_path / "return"), CARE) == expected
