"""The same batch in every format is the same Batch."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.readers.given import (
    Tables,
    allowed,
    as_csv,
    as_json,
    as_lines,
    as_parquet,
    as_workbook,
    as_yaml,
    content,
    fields,
    read,
)

FORMATS: dict[str, Callable[[Tables, Path], Path]] = {
    "csv": as_csv,
    "parquet": as_parquet,
    "text.parquet": lambda tables, path: as_parquet(tables, path, native=False),
    "xlsx": as_workbook,
    "jsonl": as_lines,
    "json": as_json,
    "yaml": as_yaml,
}
BATCH: Tables = {
    "audits": [
        {
            "audit_id": "A1",
            "child_id": "C1",
            "case_type": "child_protection",
            "audit_date": "2024-05-01",
            "period_start": "2024-01-01",
            "period_end": "2024-04-30",
            "birth_month": "2012-03",
            "unborn": "no",
            "not_examined": "supervisions;reviews",
            "overall_grade": "good",
            "caseload": "17",
        },
        {"audit_id": "A2", "team": "Team “Oak”, north", "overall_grade": "requires_improvement"},
    ],
    "visits": [
        {"audit_id": "A1", "visit_date": "2024-02-01", "child_seen": "yes", "seen_alone": "no"},
        {"audit_id": "A1", "visit_date": "2024-03-01", "purpose": 'two lines\nand a "quote"'},
        {"audit_id": "A2", "recorded_date": "2024-03-01", "kind": "child_in_need"},
    ],
    "missing_episodes": [
        {"audit_id": "A2", "missing_at": "2024-03-01 22:15:00", "returned_at": "2024-03-02"}
    ],
    "plans": [],
}


def test_every_format_gives_the_same_tables_and_hash(tmp_path: Path) -> None:
    """One batch in seven dresses: the same typed tables, presence and input hash."""
    read_so = {name: read(write(BATCH, tmp_path / name)) for name, write in FORMATS.items()}
    first = read_so["csv"]
    assert first.rows == {"audits": 2, "plans": 0, "visits": 3, "missing_episodes": 1}
    for name, batch in read_so.items():
        assert not batch.problems, name
        assert content(batch) == content(first), name
        assert batch.presence == first.presence, name
        assert batch.input_hash == first.input_hash, name


def test_the_order_of_rows_and_files_is_irrelevant(tmp_path: Path) -> None:
    """Rows from last to first and tables from last to first: the same input hash."""
    turned = {name: list(reversed(rows)) for name, rows in reversed([*BATCH.items()])}
    for name, write in FORMATS.items():
        there = read(write(BATCH, tmp_path / name))
        back = read(write(turned, tmp_path / f"turned.{name}"))
        assert there.input_hash == back.input_hash, name


@pytest.mark.parametrize(
    "changed",
    [
        {"visits": []},
        {"visits": BATCH["visits"][:2]},
        {"visits": [*BATCH["visits"], BATCH["visits"][0]]},
        {"plans": [{"audit_id": "A1"}]},
    ],
)
def test_another_batch_has_another_hash(tmp_path: Path, changed: Tables) -> None:
    """A row more or less, or one that stands twice in a table without a key, is seen."""
    one = read(as_csv(BATCH, tmp_path / "one"))
    other = read(as_csv({**BATCH, **changed}, tmp_path / "other"))
    assert one.input_hash != other.input_hash


def test_an_absent_table_is_not_an_empty_one(tmp_path: Path) -> None:
    """Presence is part of what was read."""
    without = {name: rows for name, rows in BATCH.items() if name != "plans"}
    one = read(as_csv(BATCH, tmp_path / "one"))
    other = read(as_csv(without, tmp_path / "other"))
    assert "plans" in one.presence.columns
    assert "plans" not in other.presence.columns
    assert one.input_hash != other.input_hash


def cells(table: str, name: str) -> st.SearchStrategy[str | None]:
    """Return good cells for a field."""
    field = fields().tables[table].fields[name]
    values = allowed(field.values_from) if field.values_from else field.values
    days = st.dates(min_value=fields().earliest, max_value=fields().latest).map(str)
    kinds: dict[str, st.SearchStrategy[str]] = {
        "id": st.text("ABC0189._x", min_size=1, max_size=4).filter(lambda t: not t.endswith(".0")),
        "text": st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Z"]),
            min_size=5,
            max_size=12,
        ),
        "date": days,
        "datetime": days.map(lambda day: f"{day} 10:30:00"),
        "month": days.map(lambda day: day[:7]),
        "yes_no": st.sampled_from(["yes", "no"]),
        "number": st.integers(field.min or 0, field.max or 9).map(str),
        "choice": st.sampled_from(values or ("",)),
        "list": st.lists(st.sampled_from(values or ("",)), min_size=1).map(";".join),
    }
    return st.none() | kinds[field.type]


def table_rows(table: str, audits: list[str]) -> st.SearchStrategy[list[dict[str, str | None]]]:
    """Return rows of a table; ends do not lie before starts, keys do not collide."""
    late = {n for n, f in fields().tables[table].fields.items() if f.not_before}
    keyed = {*fields().tables[table].key} - {"audit_id"}
    skipped = late | keyed | {"audit_id"}
    names = [n for n in fields().tables[table].fields if n not in skipped]
    row = st.fixed_dictionaries({n: cells(table, n) for n in names})
    if table == "audits":
        return st.tuples(*([row] * len(audits))).map(
            lambda made: [r | {"audit_id": a} for r, a in zip(made, audits, strict=True)]
        )
    owned = st.tuples(row, st.sampled_from(audits))
    return st.lists(owned.map(lambda pair: pair[0] | {"audit_id": pair[1]}), max_size=3)


BATCHES = st.just(["A1", "A2"]).flatmap(
    lambda audits: st.fixed_dictionaries(
        {t: table_rows(t, audits) for t in ("audits", "visits", "missing_episodes", "feedback")}
    )
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tables=BATCHES)
def test_whatever_the_batch_every_format_reads_the_same(
    tables: Tables, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any good batch gives the same tables and hash from each format."""
    path = tmp_path_factory.mktemp("formats")
    made = {name: read(write(tables, path / name)) for name, write in FORMATS.items()}
    for name, batch in made.items():
        assert not batch.rejected, (name, batch.rejected)
        assert content(batch) == content(made["csv"]), name
        assert batch.input_hash == made["csv"].input_hash, name
    for batch in made.values():
        batch.close()
