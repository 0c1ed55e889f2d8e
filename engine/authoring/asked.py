"""Compile a standard once for all inputs that are alike in what its plan depends on.

A standard and what an input holds come in, a compiled standard goes out. A plan depends on the
tables that compiling it asks about, and on nothing else that the input holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.findings.stage import Compiled, compile_rulebook
from engine.records import Presence
from engine.rulebook.book import Rulebook
from engine.rulebook.standard import Standard

Columns = Mapping[str, frozenset[str]]


class Asked(Mapping[str, frozenset[str]]):
    """The columns of each table, which remembers the tables that it was asked about."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.tables: set[str] = set()

    def __getitem__(self, table: str) -> frozenset[str]:
        self.tables.add(table)
        return self.columns[table]

    def __iter__(self) -> Iterator[str]:
        self.tables.update(self.columns)
        return iter(self.columns)

    def __len__(self) -> int:
        self.tables.update(self.columns)
        return len(self.columns)


@dataclass(frozen=True)
class _Known:
    """A compiled standard, with the input that it was compiled for."""

    compiled: Compiled
    presence: Presence
    tables: frozenset[str]

    def fits(self, presence: Presence) -> bool:
        """Say whether compiling for this input would give the same."""
        ours, theirs = self.presence.columns, presence.columns
        return replace(presence, columns={}) == replace(self.presence, columns={}) and all(
            ours.get(table) == theirs.get(table) for table in self.tables
        )


class Plans:
    """The compiled standards of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.known: dict[str, list[_Known]] = {}

    def of(self, standard: Standard, presence: Presence) -> Compiled:
        """Return a standard compiled, with its evidence, for what an input holds."""
        known = self.known.setdefault(standard.id, [])
        for one in known:
            if one.fits(presence):
                return one.compiled
        asked = Asked(presence.columns)
        (compiled,) = compile_rulebook(self.rulebook, replace(presence, columns=asked), (standard,))
        # so that everything is asked now
        assert compiled.evidence_sql  # noqa: S101
        known.append(_Known(compiled, presence, frozenset(asked.tables)))
        return compiled
