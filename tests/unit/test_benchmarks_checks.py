"""The script that checks a batch by hand refuses what this engine would put aside."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib import util
from pathlib import Path
from types import ModuleType, SimpleNamespace

import duckdb
import pytest

from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDITS, Field, FieldType, Table
from engine.rulebook.load import load_rulebook
from tests.unit.synthetic_batches import ROOT

Parts = Mapping[str, Path]
FIFTEEN = ROOT / "benchmarks" / "fifteen"

AUDITED = 40
ODD = {
    FieldType.ID: "'n/a '",
    FieldType.TEXT: "'N/A'",
    FieldType.DATE: "DATE '1066-10-14'",
    FieldType.DATETIME: "TIMESTAMP '1066-10-14'",
    FieldType.MONTH: "DATE '2020-03-02'",
    FieldType.NUMBER: "-1",
    FieldType.CHOICE: "'pigeon'",
    FieldType.LIST: "['pigeon']",
}
SAID = {
    FieldType.ID: "has odd edges",
    FieldType.TEXT: "has odd edges",
    FieldType.DATE: "is out of time",
    FieldType.DATETIME: "is out of time",
    FieldType.MONTH: "is not on the first",
    FieldType.NUMBER: "is out of bounds",
    FieldType.CHOICE: "is unknown",
    FieldType.LIST: "is unknown",
}
BACKWARDS = ("DATE '2020-01-02' AS start_date", "DATE '2020-01-01' AS end_date")
TWICE = "FROM {0} UNION ALL (FROM {0} LIMIT 1)"


@cache
def rulebook() -> Rulebook:
    """Return the book of the fifteen standards that are written by hand."""
    book, problems = load_rulebook(ROOT / "rules", FIFTEEN)
    assert book, problems
    return book


@cache
def tables() -> dict[str, Table]:
    """Return the tables and columns that the benchmark's batches hold."""
    known = json.loads((FIFTEEN / "tables.json").read_text("utf-8"))
    whole = rulebook().fields.tables
    return {
        name: whole[name].model_copy(update={"fields": {c: whole[name].fields[c] for c in columns}})
        for name, columns in known.items()
    }


def allowed(source: str) -> tuple[str, ...]:
    """Return the values that a field may take from a list of the book."""
    if source == "tables":
        return tuple(tables())
    if source == "standards":
        return tuple(standard.id for standard in rulebook().live)
    return rulebook().allowed(source)


def _first_with(*values: str) -> str:
    """Return the SQL of a table whose first row has other values."""
    replaced = f"SELECT * REPLACE ({', '.join(values)}) FROM {{0}} LIMIT 1"
    return f"(FROM {{0}} OFFSET 1) UNION ALL ({replaced})"


# one in each of these tables, so that none hides another
FAULTS = {
    "answers": (TWICE, "a standard of an audit stands twice"),
    "visits": (_first_with("'A0' AS audit_id"), "a row has no audit in `audits`"),
    "reviews": (_first_with("'pigeon' AS kind"), "kind is unknown"),
    "oversight": (_first_with("DATE '1066-10-14' AS entry_date"), "entry_date is out of time"),
    "plans": (_first_with(*BACKWARDS), "end_date is before start_date"),
    "audits": (_first_with("'A1 ' AS child_id"), "child_id has odd edges"),
    "feedback": (_first_with("'\u00a0Good' AS text"), "text has odd edges"),
    "referrals": (
        _first_with("NULL AS audit_id"),
        "audit_id is blank",
        "a row has no audit in `audits`",
    ),
}


@pytest.fixture(scope="module")
def by_hand() -> ModuleType:
    # a script among scripts, no module of a package
    spec = util.spec_from_file_location("by_hand", ROOT / "benchmarks" / "handwritten_checks.py")
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """Return a small batch in which every allowed value of every choice stands."""
    con, place = duckdb.connect(), tmp_path_factory.mktemp("batch")
    for name, table in tables().items():
        cells = ", ".join(f"{_cell(each, field)} AS {each}" for each, field in table.fields.items())
        made = f"SELECT {cells} FROM range({AUDITED}) t(i)"
        con.execute(f"COPY ({made}) TO '{place / name}.parquet' (FORMAT parquet)")
    return {name: place / f"{name}.parquet" for name in tables()}


def _cell(name: str, field: Field) -> str:
    known = allowed(field.values_from) if field.values_from else field.values
    return {
        FieldType.ID: f"'{name}' || i",
        FieldType.TEXT: "'Été'",
        FieldType.DATE: "DATE '2020-01-01' + i::INTEGER",
        FieldType.DATETIME: "TIMESTAMP '2020-01-01 23:30:00'",
        FieldType.MONTH: "DATE '2010-05-01'",
        FieldType.YES_NO: "i % 2 = 0",
        FieldType.NUMBER: "i::INTEGER % 10",
        FieldType.CHOICE: f"{[*known]}[1 + i % {len(known) or 1}]",
        FieldType.LIST: f"{[*known]}[:i]",
    }[field.type]


def _opened(parts: Parts) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for name, path in parts.items():
        con.execute(f"CREATE VIEW {name} AS FROM '{path}'")
    return con


def _broken(batch: Parts, folder: Path, faults: Mapping[str, str]) -> Parts:
    """Return a copy of a batch in which these tables are what the SQL makes of them."""
    con = _opened({name: batch[name] for name in faults})
    for name, made in faults.items():
        con.execute(f"COPY ({made.format(name)}) TO '{folder / name}.parquet' (FORMAT parquet)")
    return {**batch, **{name: folder / f"{name}.parquet" for name in faults}}


@pytest.fixture(scope="module")
def sound(by_hand: ModuleType, batch: Parts) -> SimpleNamespace:
    found = by_hand.checked(_opened(batch))
    return SimpleNamespace(**vars(found), early=found.early, fingerprint=found.fingerprint)


def test_a_sound_batch_has_no_fault(sound: SimpleNamespace, batch: Parts) -> None:
    assert sound.faults == []
    assert sound.figures.keys() == batch.keys()
    assert sound.figures[AUDITS]["rows"] == AUDITED


def test_each_fault_is_found_and_no_other(
    by_hand: ModuleType, batch: Parts, tmp_path: Path
) -> None:
    made = {table: sql for table, (sql, *_) in FAULTS.items()}
    found = by_hand.checked(_opened(_broken(batch, tmp_path, made)))
    expected = {f"{name}: {fault}" for name, (_, *said) in FAULTS.items() for fault in said}
    assert {*found.faults} == expected


def test_a_column_of_another_type_ends_the_checks(
    by_hand: ModuleType, batch: Parts, tmp_path: Path
) -> None:
    made = {"visits": "SELECT * REPLACE ('soon' AS visit_date) FROM {0}"}
    found = by_hand.checked(_opened(_broken(batch, tmp_path, made)))
    assert found.faults == ["visits: a column is of another type"]


def test_every_field_of_the_dictionary_is_checked(
    by_hand: ModuleType, batch: Parts, tmp_path: Path
) -> None:
    checked = {
        (name, field): spec.type
        for name, table in tables().items()
        for field, spec in table.fields.items()
        # a number that is in no form of an audit's is found as such
        if spec.type in ODD and (field != "audit_id" or name == AUDITS)
    }
    made = {
        name: _first_with(*(f"{ODD[t]} AS {f}" for (of, f), t in checked.items() if of == name))
        for name in {of for of, _ in checked}
    }
    found = by_hand.checked(_opened(_broken(batch, tmp_path, made)))
    expected = {f"{name}: {field} {SAID[kind]}" for (name, field), kind in checked.items()}
    assert expected - {*found.faults} == set()


def test_every_required_field_order_and_key_is_checked(
    by_hand: ModuleType, batch: Parts, tmp_path: Path
) -> None:
    made, expected = {}, set()
    for name, table in tables().items():
        needed = [field for field, spec in table.fields.items() if spec.required]
        order = [(f, spec.not_before) for f, spec in table.fields.items() if spec.not_before]
        days = [f"DATE '2020-01-0{n}' AS {f}" for pair in order for n, f in enumerate(pair, 1)]
        blank = [f"NULL AS {field}" for field in needed]
        # the last row stands twice before the first goes blank
        again = f"SELECT * FROM {name} UNION ALL (FROM {name} OFFSET 1 LIMIT 1)"
        made[name] = _first_with(*blank, *days).replace("FROM {0}", f"FROM ({again})")
        expected |= {f"{name}: {field} is blank" for field in needed}
        expected |= {f"{name}: {late} is before {early}" for late, early in order}
    found = by_hand.checked(_opened(_broken(batch, tmp_path, made)))
    assert expected - {*found.faults} == set()
    twice = {fault.split(":")[0] for fault in found.faults if fault.endswith("twice")}
    assert twice == {name for name, table in tables().items() if table.key}


def test_rows_recorded_before_they_happened_are_counted_and_known_by_the_fingerprint(
    by_hand: ModuleType,
    sound: SimpleNamespace,
    batch: Parts,
    tmp_path: Path,
) -> None:
    early = _first_with("DATE '2024-05-02' AS visit_date", "DATE '2024-05-01' AS recorded_date")
    found = by_hand.checked(_opened(_broken(batch, tmp_path, {"visits": early})))
    assert (found.faults, sound.early, found.early) == ([], 0, 1)
    assert found.fingerprint != sound.fingerprint


def test_the_fingerprint_knows_no_order_of_rows(
    by_hand: ModuleType,
    sound: SimpleNamespace,
    batch: Parts,
    tmp_path: Path,
) -> None:
    turned = _broken(batch, tmp_path, {"visits": "FROM {0} ORDER BY visit_date DESC"})
    assert by_hand.checked(_opened(turned)).fingerprint == sound.fingerprint


def test_the_script_ends_at_a_fault(batch: Parts, tmp_path: Path) -> None:
    _broken(batch, tmp_path, {**dict.fromkeys(batch, "FROM {0}"), "answers": TWICE})
    script = ROOT / "benchmarks" / "handwritten_duckdb.py"
    out = tmp_path / "results.parquet"
    command = [sys.executable, *map(str, (script, tmp_path, out)), "2026-01-31", "checked"]
    here = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, check=False, capture_output=True, text=True, env=here)
    said = "this batch is refused:\nanswers: a standard of an audit stands twice\n"
    assert (ended.returncode, ended.stderr, out.exists()) == (1, said, False)
