"""The dictionary of fields as readers need it: specs in order, and names as people write them.

In: `Fields` and the lists of the rulebook. Out: tables of specs that find themselves by a header.
It must not know files or databases.
"""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache

from engine.errors import nearest
from engine.records.cells import Spec, plain
from engine.rulebook.fields import AUDIT_ID, AUDITS, RECORDED, Field, Fields, Table

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # begins a word

# so many headers: the same few hundred are held against every table
REMEMBERED = 2_048

Allowed = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True)
class TableSpec:
    """One table: its fields in order, its key, its day, and which fields must not precede which."""

    name: str
    fields: tuple[Spec, ...]
    key: tuple[str, ...] = ()
    date: str | None = None
    order: tuple[tuple[str, str], ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the names of the fields."""
        return tuple(spec.name for spec in self.fields)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Return each field's place in a row."""
        return {name: at for at, name in enumerate(self.names)}

    @property
    def dated(self) -> tuple[str, str] | None:
        """Return the fields of the recording and of the event, where the table has both."""
        return (RECORDED, self.date) if RECORDED in self.index and self.date else None

    def field(self, header: str) -> str | None:
        """Return the field that a header names, whatever its case, spaces and hyphens."""
        return known_name(header, self.index)


def _no_values(_: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Dictionary:
    """All tables by name, and the lists of the rulebook."""

    tables: Mapping[str, TableSpec]
    allowed: Allowed = _no_values

    @classmethod
    def of(cls, fields: Fields, allowed: Allowed) -> "Dictionary":
        """Make the dictionary with the allowed values of the rulebook filled in."""
        return cls({name: _table(name, fields, allowed) for name in fields.tables}, allowed)

    def table(self, title: str) -> str | None:
        """Return the table that a sheet, file or key names."""
        return known_name(title, self.tables)

    def suggest_table(self, title: str) -> str:
        """Return a help line with the table nearest to a title."""
        return nearest(split_name(title), tuple(self.tables))

    def is_like_table(self, title: str) -> bool:
        """Say whether a title is a table's but for a slip; `Lists` is not like `visits`."""
        return bool(get_close_matches(split_name(title), self.tables, n=1, cutoff=0.8))

    def suggest_field(self, table: str, header: str) -> str:
        """Return a help line with the field nearest to a header."""
        return nearest(split_name(header), self.tables[table].names)

    def suggest_number(self, header: str) -> str:
        """Return a help line if a header seems to mean the number of an audit."""
        return nearest(split_name(header), (AUDIT_ID,))

    @property
    def audits(self) -> TableSpec:
        """Return the table of audits."""
        return self.tables[AUDITS]


@lru_cache(REMEMBERED)
def written_name(header: str) -> str:
    r"""Return the name that a header writes.

    >>> written_name(" Visit\u00a0date (DD/MM/YYYY) *"), written_name("Child seen?")
    ('visit_date', 'child_seen')
    """
    bare = re.sub(r"\([^)]*\)", " ", header)
    return re.sub(r"_+", "_", re.sub(r"[^0-9a-z_]", "", plain(bare))).strip("_")


def known_name(header: str, known: Container[str]) -> str | None:
    """Return the known name that a header writes, with marks between its words or capitals.

    >>> known_name("AuditID", {"audit_id"}), known_name("AUDIT ID", {"audit_id"})
    ('audit_id', 'audit_id')
    """
    ways = (written_name(header), split_name(header))
    return next((name for name in ways if name in known), None)


@lru_cache(REMEMBERED)
def split_name(header: str) -> str:
    """Return the name that a header writes, parted where its capitals begin words.

    >>> split_name("DateOfVisit"), split_name("Audit ID")
    ('date_of_visit', 'audit_id')
    """
    return written_name(_CAPITAL.sub("_", header))


def _table(name: str, fields: Fields, allowed: Allowed) -> TableSpec:
    table = fields.tables[name]
    specs = tuple(_spec(n, f, fields, allowed) for n, f in table.fields.items())
    return TableSpec(name, specs, table.key, table.date, _order(table))


def _order(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple((n, f.not_before) for n, f in table.fields.items() if f.not_before)


def _spec(name: str, field: Field, fields: Fields, allowed: Allowed) -> Spec:
    values = allowed(field.values_from) if field.values_from else field.values
    return Spec(
        name,
        field.type,
        fields.earliest,
        fields.latest,
        bool(field.required),
        tuple(values),
        *field.bounds,
    )
