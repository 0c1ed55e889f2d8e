"""A folder of tables: one CSV or Parquet file each, Parquet in parts once the batch is large.

In: a generator that holds a stretch of audits. Out: the files of that stretch, and at the end the
folder. It must not know what the tables hold.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.synthetic.generator import Generator

OPTIONS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880",
    "csv": "FORMAT csv, HEADER {header}",
    "json": "FORMAT json",
}


@dataclass(frozen=True)
class TableSink:
    """Write each table of a stretch to a file of its own; the parts of a CSV file are joined."""

    batch: Path
    scratch: Path
    format: str
    parts: int

    def write(self, generator: Generator, number: int) -> Mapping[str, int]:
        """Write one stretch, and say how many rows each table has."""
        tables = generator.fields.tables
        return {
            table: copy(generator, generator.select(table), self.part(table, number))
            for table in tables
        }

    def part(self, table: str, number: int) -> Path:
        """Return where a table of a stretch is written."""
        if self.format == "csv":
            return part_of_text(self.scratch, table, number, "csv")
        if self.parts == 1:
            return self.batch / f"{table}.parquet"
        folder = self.batch / table
        folder.mkdir(exist_ok=True)
        return folder / f"part-{number:05}.parquet"

    def take(self, number: int, tables: Mapping[str, int]) -> None:
        """Join what was written as text to what came before it."""
        if self.format == "csv":
            for table in tables:
                join(self.part(table, number), self.batch / f"{table}.csv")


def part_of_text(folder: Path, table: str, number: int, suffix: str) -> Path:
    """Return where a piece of a text file waits for the pieces before it."""
    return folder / f"{table}-{number:05}.{suffix}"


def copy(generator: Generator, sql: str, path: Path) -> int:
    """Write the rows of a query, and say how many there are; only a first part has a header."""
    kind = path.suffix.removeprefix(".").removesuffix("l")
    header = "false" if path.stem[-5:].isdigit() and not path.stem.endswith("-00001") else "true"
    options = OPTIONS[kind].format(header=header)
    place = str(path).replace("'", "''")
    done = generator.con.execute(f"COPY ({sql}) TO '{place}' ({options})").fetchone()
    return int(done[0]) if done else 0


def join(part: Path, whole: Path) -> None:
    """Append a part to the whole file and take the part away."""
    with part.open("rb") as source, whole.open("ab") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    part.unlink()
