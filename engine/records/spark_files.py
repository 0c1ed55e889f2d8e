"""The tables of a batch in a session of Apache Spark.

In: a batch that was read and checked here, and what it holds. Out: tables with the names and types
of the dictionary, which the workers read. Parquet files that need no typing are read where they
stand; any other table is first written, beside the results, as Parquet that is thrown away.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.records import sql
from engine.records.batch import PARTLY, PUT_ASIDE, Batch, Presence
from engine.records.dictionary import TableSpec
from engine.records.found import Found
from engine.records.parquet_columns import ParquetColumns
from engine.records.spark_cells import TYPES, quoted
from engine.records.typed import Typed
from engine.rulebook.fields import AUDIT_ID

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

OF_AUDITS = {PUT_ASIDE: (AUDIT_ID, "table"), PARTLY: (AUDIT_ID, "part")}
# what a path must not mean to Spark
_MARKS = {ord(mark): f"\\{mark}" for mark in "*?[]{}\\"}


@dataclass(frozen=True)
class SparkFiles:
    """Files of one table: where they are, and the column of each field with its type."""

    paths: tuple[str, ...]
    columns: Mapping[str, tuple[str, str]]

    def frame(self, spark: "SparkSession") -> "DataFrame":
        """Return the table; nothing is read yet. A column that a part lacks is null there."""
        schema = ", ".join(f"{quoted(title)} {kind}" for title, kind in self.columns.values())
        named = (f"{quoted(title)} AS {quoted(n)}" for n, (title, _) in self.columns.items())
        return spark.read.schema(schema).parquet(*self.paths).selectExpr(*named)


def spark_files(
    batch: Batch, presence: Presence, read: AbstractSet[str], folder: Path
) -> dict[str, SparkFiles]:
    """Return the files of the tables that are read, and of `put_aside` and `partly`.

    `presence` says on which rows standards are tested; `folder` takes what has to be written.
    """
    files = {
        name: _of_table(batch, presence, name, folder) for name in batch.tables if name in read
    }
    for name in (PUT_ASIDE, *([PARTLY] if presence.partly else [])):
        columns = {column: (column, "STRING") for column in OF_AUDITS[name]}
        files[name] = _written(batch, presence.rows_of(name), columns, folder / name)
    return files


def _of_table(batch: Batch, presence: Presence, name: str, folder: Path) -> SparkFiles:
    table = batch.tables[name]
    kinds = _kinds(table.spec, table.columns)
    if name not in presence.believable and isinstance(table, Typed) and table.base is None:
        staged = table.staged
        if isinstance(staged, ParquetColumns) and not _differ(batch, staged.files):
            titled = {field: (staged.titles[field], kind) for field, kind in kinds.items()}
            return SparkFiles(tuple(map(_path, staged.files)), titled)
    columns = {field: (field, kind) for field, kind in kinds.items()}
    return _written(batch, presence.rows_of(name), columns, folder / name)


def _differ(batch: Batch, files: Iterable[Found]) -> bool:
    """Say whether a column has types in two parts that only this machine reads as one."""
    named = {file.name for file in files}
    return any(one.code == "B604" and one.location.file in named for one in batch.problems)


def _kinds(spec: TableSpec, columns: Sequence[str]) -> dict[str, str]:
    return {f.name: TYPES[f.type] for f in spec.fields if f.name in columns}


def _written(
    batch: Batch, relation: str, columns: Mapping[str, tuple[str, str]], folder: Path
) -> SparkFiles:
    """Write rows as parts of a table."""
    folder.mkdir(parents=True)
    picked = ", ".join(map(sql.name, columns))
    batch.con.execute(
        f"COPY (SELECT {picked} FROM {relation}) TO {sql.literal(str(folder))} "
        f"(FORMAT parquet, PER_THREAD_OUTPUT true, FILE_EXTENSION 'parquet')"
    )
    parts = sorted(folder.iterdir())
    return SparkFiles(tuple(_place(part) for part in parts), columns)


def _path(file: Found) -> str:
    return _place(file.path)


def on_disk(path: Path) -> str:
    """Return a place as Spark is to take it: on a disk, letter for letter.

    Not as a URI, in which a space is `%20`: Spark would take that for the name of a folder.
    """
    return f"file:///{path.resolve().as_posix().lstrip('/')}"


def _place(path: Path) -> str:
    """Return the place of a file that Spark is to read, which is no pattern."""
    return on_disk(path).translate(_MARKS)
