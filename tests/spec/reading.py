"""Promises (`promises/*.yaml`): sentences of docs/reference/semantics.md with hand-checked records.

A record is a small text table, as people write them; what comes out is a scene for the judges.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from engine.rulebook.fields import AUDITS, FieldType
from engine.rulebook.source import read_source
from engine.rulebook.standard import Standard
from tests.differential.record import Record, Row
from tests.differential.scene import Scene, all_columns, rulebook

FOLDER = Path(__file__).parent / "promises"
AS_OF = "2025-06-30"
SOURCE = {"title": "A source", "checked": "2025-01-01"}
PLAIN = {
    "id": "SP-01", "title": "A standard", "status": "live", "domain": "visits", "severity": "minor",
    "area": "help_and_protection", "level": "local", "why": "It helps.", "because": "So it is.",
}  # fmt: skip


@dataclass(frozen=True)
class Promise:
    """A sentence of the page (`says`), what follows from it (`it`), and a record that shows it."""

    says: str
    it: str
    scene: Scene
    expect: str
    back_filled: bool | None
    place: str

    def __str__(self) -> str:
        """Return the name of its test."""
        return f"{self.place}: {self.it}"


class _File(NamedTuple):
    name: str
    standards: Mapping[str, Any]


def read_promises() -> list[Promise]:
    """Return every promise of every file, in order."""
    return [promise for path in sorted(FOLDER.glob("*.yaml")) for promise in _promises(path)]


def _promises(path: Path) -> list[Promise]:
    source, problems = read_source(path.read_bytes(), path.name)
    assert source is not None, problems
    content: Any = source.value
    file = _File(path.stem, content["standards"])
    return [_promise(file, entry) for entry in content["promises"]]


def _promise(file: _File, entry: Mapping[str, Any]) -> Promise:
    absent = _words(entry.get("absent", ""))
    scene = Scene(
        standards=(_standard({**file.standards[entry["standard"]], **entry.get("with", {})}),),
        records={"A1": read_tables(entry.get("given", ""))},
        columns=_columns(absent),
        as_of=date.fromisoformat(entry.get("as_of", AS_OF)),
        latest_only=_words(entry.get("latest_only", "")),
        asked=_words(entry["asked"]) if "asked" in entry else None,
        put_aside={"A1": _words(entry.get("put_aside", ""))},
    )
    place = f"{file.name}, {entry['standard']}"
    late = {"yes": True, "no": False}.get(entry.get("back_filled", ""))
    return Promise(entry["says"], entry["it"], scene, entry["expect"], late, place)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _standard(written: Mapping[str, Any]) -> Standard:
    """Return a standard with what every standard must say, and a source for each version."""
    return Standard.model_validate({**PLAIN, **_sourced(dict(written))})


def _sourced(part: dict[str, Any]) -> dict[str, Any]:
    if "versions" in part:
        part["versions"] = [{"source": SOURCE, **version} for version in part["versions"]]
    branches = part.get("measure", {}).get("branches", [])
    if branches:
        sourced = [_sourced(dict(branch)) for branch in branches]
        part["measure"] = {**part["measure"], "branches": sourced}
    return part


def _columns(absent: frozenset[str]) -> dict[str, frozenset[str]]:
    return {
        table: frozenset(c for c in columns if f"{table}.{c}" not in absent)
        for table, columns in all_columns().items()
        if table not in absent
    }


def read_tables(text: str) -> Record:
    """Read text tables: a line that begins with a name heads a table, the others are its rows.

    >>> read_tables('''
    ... visits | visit_date | child_seen
    ...        | 2025-03-03 | yes
    ...        | 2025-03-10 |
    ... ''')["visits"][1]
    {'visit_date': datetime.date(2025, 3, 10), 'child_seen': None}
    """
    record: dict[str, list[Row]] = {}
    table, names = "", []
    for line in filter(str.strip, text.splitlines()):
        first, *cells = [cell.strip() for cell in line.split("|")]
        if first:
            table, names = first, cells
            record[table] = []
        else:
            pairs = zip(names, cells, strict=True)
            record[table].append({name: _typed(table, name, cell) for name, cell in pairs})
    return {AUDITS: [{}], **record}


READERS: dict[FieldType, Callable[[str], object]] = {
    FieldType.DATE: date.fromisoformat,
    FieldType.MONTH: lambda cell: date.fromisoformat(f"{cell}-01"),
    FieldType.DATETIME: datetime.fromisoformat,
    FieldType.YES_NO: lambda cell: {"yes": True, "no": False}[cell],
    FieldType.NUMBER: int,
    FieldType.LIST: lambda cell: tuple(cell.split()),
}


def _typed(table: str, name: str, cell: str) -> object:
    kind = rulebook().fields.tables[table].fields[name].type
    return READERS.get(kind, str)(cell) if cell else None
