"""JSON Lines: one object an audit, with a list for each table; what is blank is null.

In: a generator that holds a stretch of audits. Out: `audits.jsonl`.
It must not know what the tables hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.rulebook.fields import AUDITS
from engine.synthetic.as_tables import copy, join, part_of_text
from engine.synthetic.generator import Generator

NAME = "audits.jsonl"


@dataclass(frozen=True)
class LineSink:
    """Write each stretch to a file of its own; they are joined in order."""

    batch: Path
    scratch: Path

    def write(self, generator: Generator, number: int) -> Mapping[str, int]:
        """Write one stretch, and say how many rows each table has."""
        copy(generator, generator.nested(), part_of_text(self.scratch, AUDITS, number, "jsonl"))
        return {table: generator.count(table) for table in generator.fields.tables}

    def take(self, number: int, _: Mapping[str, int]) -> None:
        """Join what was written to what came before it."""
        join(part_of_text(self.scratch, AUDITS, number, "jsonl"), self.batch / NAME)
