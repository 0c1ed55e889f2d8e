"""Forms and records for the tests of joining: as the naive joiner has them, as JSON, and drawn."""

import csv
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from engine.cli.common import open_rulebook
from engine.records import read_batch
from engine.records.batch import Batch
from engine.records.joining import Joined, join
from tests.unit import naive_joining as naive

USAGE = 2
COLUMNS = {
    "plans": ["plan_id", "kind", "start_date", "end_date", "contingency"],
    "visits": ["visit_date", "kind", "child_seen", "purpose"],
    "plan_actions": ["plan_id", "action", "completed_date"],
}
DAYS = st.sampled_from([None, "2025-03-03", "2025-03-04", "2025-03-06", "2025-03-20"])
WORDS = st.sampled_from([None, "See  the child", "see the child", "Talk"])
VALUES: Mapping[str, st.SearchStrategy[str | None]] = {
    "plan_id": st.sampled_from([None, "P1", "P2", "7"]),
    "kind": st.sampled_from([None, "child_protection", "child_in_need"]),
    "start_date": DAYS,
    "visit_date": DAYS,
    "end_date": st.sampled_from([None, "2025-03-05", "2025-04-01"]),
    "completed_date": st.sampled_from([None, "2025-04-01", "2025-05-01"]),
    "contingency": WORDS,
    "purpose": WORDS,
    "action": WORDS,
    "child_seen": st.sampled_from([None, "true", "false"]),
}
BOOK = open_rulebook(None)
FEW = BOOK.fields.model_copy(
    update={"tables": {n: BOOK.fields.tables[n] for n in ("audits", *COLUMNS)}}
)


@contextmanager
def joined_folders(both: Sequence[naive.Side], *, trust_form: bool) -> Iterator[Joined]:
    with tempfile.TemporaryDirectory() as folder:
        batches = []
        for name, side in zip(("forms", "records"), both, strict=True):
            _write(side, Path(folder) / name)
            batches.append(read_batch(Path(folder) / name, FEW, BOOK.allowed))
        found = join(batches[0], batches[1], FEW, trust_form=trust_form)
        with found.batch:
            yield found


def _write(side: naive.Side, folder: Path) -> None:
    folder.mkdir()
    audits = [[child.audit, child.child] for child in side.children]
    _csv(folder / "audits.csv", ["audit_id", "child_id"], audits)
    for table, columns in side.columns.items():
        lines = [
            [child.audit, *(row[name] for name in columns)]
            for child in side.children
            for row in child.tables[table]
        ]
        _csv(folder / f"{table}.csv", ["audit_id", *columns], lines)


def _csv(path: Path, header: Sequence[str], lines: Sequence[Sequence[str | None]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *lines])


@contextmanager
def joined(
    forms: Sequence[Mapping[str, Any]],
    records: Sequence[Mapping[str, Any]],
    *,
    trust_form: bool = False,
) -> Iterator[Joined]:
    with tempfile.TemporaryDirectory() as folder:
        batches = []
        for name, content in (("forms.json", forms), ("records.json", records)):
            path = Path(folder) / name
            path.write_text(json.dumps(content), encoding="utf-8")
            batches.append(read_batch(path, FEW, BOOK.allowed))
        found = join(batches[0], batches[1], FEW, trust_form=trust_form)
        with found.batch:
            yield found


def rows(batch: Batch, table: str) -> list[tuple[Any, ...]]:
    return batch.con.execute(f"SELECT * FROM typed.{table} ORDER BY ALL").fetchall()


def said(found: Joined) -> list[str]:
    return [note.message for note in found.batch.noted if note.check == "record_disagrees"]


def audit(child: str, number: str = "", **tables: object) -> dict[str, Any]:
    return {"audit_id": number or child, "child_id": child, **tables}


@st.composite
def sides(draw: st.DrawFn) -> tuple[naive.Side, naive.Side]:
    found = []
    for name in ("A", ""):
        columns = {}
        for table, held in COLUMNS.items():
            kept = {"plan_id", "visit_date", "start_date", "action"}
            columns[table] = [n for n in held if n in kept or draw(st.integers(0, 3))]
        children = []
        numbers = draw(st.permutations("123456789"))[:7]
        audited = [(f"{name}{number}", number) for number in numbers]
        if name:  # one child is audited twice
            audited.append(("A0", numbers[0]))
        for audit_id, number in audited:
            tables = {}
            for table in COLUMNS:
                drawn = st.fixed_dictionaries({n: VALUES[n] for n in columns[table]})
                tables[table] = [_sound(row) for row in draw(st.lists(drawn, max_size=4))]
            named = {plan["plan_id"]: plan for plan in tables["plans"] if plan["plan_id"]}
            unnamed = [plan for plan in tables["plans"] if not plan["plan_id"]]
            tables["plans"] = [*named.values(), *unnamed]
            children.append(naive.Child(audit_id, number, tables))
        found.append(naive.Side(children, columns))
    return found[0], found[1]


def _sound(row: naive.Row) -> naive.Row:
    start, end = row.get("start_date"), row.get("end_date")
    return {**row, "end_date": None} if start and end and end < start else row


def as_text(row: tuple[Any, ...], names: Sequence[str]) -> frozenset[tuple[str, str | None]]:
    texts = (str(v).lower() if isinstance(v, bool) else v if v is None else str(v) for v in row)
    return frozenset(zip(names, texts, strict=True))
