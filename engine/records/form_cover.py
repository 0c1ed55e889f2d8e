"""The cover of the auditors' form, and what a form of another rulebook has too much or too little.

In: the sheets of a workbook, and what was found in them. Out: the cover, or nothing where the
workbook is no form; warnings, one of each kind, which name what they are about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from engine.errors import Location
from engine.records import form_words as words
from engine.records.cells import clean
from engine.records.dictionary import TableSpec
from engine.records.sheets import Sheet
from engine.records.stage import Stage
from engine.rulebook.fields import AUDIT_ID

SEARCHED = 200  # rows of a cover
NAMED = 20  # so many names stand in a message
NOT_EXAMINED = "not_examined"
OUT_OF_DATE = "`audit template` makes a form from the rulebook as it is now"


@dataclass(frozen=True)
class Cover:
    """What stands on the cover: where it is, and what it says under which name."""

    where: Location
    said: Mapping[str, str]

    def listed(self, name: str) -> frozenset[str]:
        """Return the names that a cell of the cover lists."""
        parts = (part.strip() for part in self.said.get(name, "").split(";"))
        return frozenset(part for part in parts if part and part != words.NONE)


def cover_of(sheets: Sequence[Sheet]) -> Cover | None:
    """Return the cover of a form; nothing where the workbook is none."""
    for sheet in sheets:
        if sheet.title.strip().lower() != words.COVER.lower():
            continue
        said = {}
        for row in islice(sheet.rows(), SEARCHED):
            name, text = ([*map(clean, row.cells[:2]), None, None])[:2]
            if name and text:
                said[name] = text
        if words.HASH in said:
            return Cover(Location(sheet.found.name, sheet.title), said)
    return None


@dataclass
class Age:
    """What a form asks that the rulebook does not know, and the other way round."""

    cover: Cover
    stage: Stage
    standards: list[str] = field(default_factory=list)
    unknown: dict[str, list[str]] = field(default_factory=dict)
    present: dict[str, set[str]] = field(default_factory=dict)

    def strange(self, kind: str, name: str) -> None:
        """Note a standard, field or sheet that the rulebook does not know."""
        known = self.unknown.setdefault(kind, [])
        if name not in known:
            known.append(name)

    def tell(self) -> None:
        """Warn of what is out of date, and of what is missing."""
        for kind, names in self.unknown.items():
            said = f"the form has {kind} that the rulebook does not have: {_named(names)}"
            help_ = f"they were not read; {OUT_OF_DATE}"
            self.stage.warn(self.cover.where, "B151", said, help_)
        live = self.stage.dictionary.allowed("live")
        if ended := [name for name in self.standards if name not in live]:
            said = f"the form has standards that are not in force: {_named(ended)}"
            self.stage.warn(self.cover.where, "B151", said, f"they decide nothing; {OUT_OF_DATE}")
        version, current = self.stage.dictionary.allowed("book")
        if self.cover.said[words.HASH] == current:
            return
        made = self.cover.said.get(words.VERSION, "")
        older = f"the form was made from version `{made}` of the rulebook, which is now `{version}`"
        for kind, names in self._missing():
            said = f"{older}, and has no {kind}: {_named(names)}"
            help_ = f"what nobody was asked about is not assessable; {OUT_OF_DATE}"
            self.stage.warn(self.cover.where, "B152", said, help_)

    def _missing(self) -> Iterator[tuple[str, list[str]]]:
        dictionary, left_out = self.stage.dictionary, self.cover.listed(words.LEFT_OUT)
        known = {*self.standards, *left_out}
        yield from _any(
            "row for standards", (n for n in dictionary.allowed("live") if n not in known)
        )
        dropped = {dictionary.table(name) for name in self.cover.listed(words.SHEETS_LEFT_OUT)}
        tables = (n for n in dictionary.tables if n not in self.present and n not in dropped)
        yield from _any("sheet for", tables)
        specs = (dictionary.tables[name] for name in self.present)
        yield from _any("field for", (name for spec in specs for name in self._fields(spec)))

    def _fields(self, spec: TableSpec) -> Iterator[str]:
        has = {*self.present[spec.name], AUDIT_ID, NOT_EXAMINED}
        return (f"{name} ({spec.name})" for name in spec.names if name not in has)


def _any(kind: str, names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    if found := list(names):
        yield kind, found


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMED])
    return f"{shown} and {len(names) - NAMED} more" if len(names) > NAMED else shown
