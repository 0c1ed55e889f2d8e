"""Children of a mapped extract, each of whom becomes a record check.

In: rows of any table that name a child. Out: rows of `audits`. Where rows differ about a child,
what they say of it is left blank, so that the order of rows and files never matters.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from engine.records.cells import Spec, Unreadable, Value, clean, read
from engine.records.mapping.model import Mapped
from engine.records.places import Place
from engine.records.record_checks import RecordChecks, Work
from engine.records.stage import Stage
from engine.rulebook.fields import AUDIT_ID, AUDITS, FieldType

Said = dict[str, dict[str, Place]]


class MappedChildren:
    """All children of an extract, and everything that its rows say of them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.checks = RecordChecks(stage)
        self.first: dict[str, Place] = {}
        self.said: dict[str, Said] = defaultdict(lambda: defaultdict(dict))

    def take(self, child: str, place: Place, table: Mapped, cells: Mapping[str, str]) -> None:
        """Take a row that names a child."""
        self.first.setdefault(child, place)
        if table.table == AUDITS:
            for name, cell in cells.items():
                if name != AUDIT_ID:
                    self.said[child][name].setdefault(str(clean(cell)), place)
        if table.work is not None:
            self.checks.works(child, place, self._work(table, cells))

    def write(self) -> None:
        """Write an audit for each child."""
        for child, place in self.first.items():
            told = self.said.get(child, {})
            cells = {name: next(iter(words)) for name, words in told.items() if len(words) == 1}
            self.checks.child(child, next(iter(self._places(child)), place), cells)
            for name, words in told.items():
                if len(words) > 1:
                    self._differ(child, name, words)
        self.checks.write()

    def _places(self, child: str) -> list[Place]:
        return [place for words in self.said.get(child, {}).values() for place in words.values()]

    def _differ(self, child: str, name: str, words: Mapping[str, Place]) -> None:
        shown = ", ".join(f"`{word}`" for word in sorted(words))
        said = f"child `{child}` has several values for `{name}`, so none is kept: {shown}"
        self.stage.warn(max(place.at(name) for place in words.values()), "B109", said)

    def _work(self, table: Mapped, cells: Mapping[str, str]) -> Work:
        spec = self.stage.dictionary.tables[table.table]
        fields = {field.name: field for field in spec.fields}
        start = _day(cells.get(spec.date or ""), fields.get(spec.date or ""))
        return Work(str(table.work), start, bool(cells.get("end_date")))


def _day(cell: str | None, field: Spec | None) -> date | None:
    if field is None or field.type is not FieldType.DATE:
        return None
    try:
        value: Value = read(cell, field)
    except Unreadable:
        return None
    return value if isinstance(value, date) else None
