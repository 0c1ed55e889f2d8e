"""A folder of Parquet files: one a table, or a folder a table with the parts of it."""

from collections.abc import Mapping, Sequence

import duckdb

from engine.errors import Location
from engine.records.dictionary import TableSpec
from engine.records.found import Found
from engine.records.parquet_columns import ParquetColumns, damaged, scan, stop_at
from engine.records.parquet_parts import told_of
from engine.records.parquet_rows import are_small, few_rows
from engine.records.readers.reader import Reader
from engine.records.recognise import is_parquet
from engine.records.stage import Stage
from engine.rulebook.fields import AUDIT_ID, AUDITS

ENDING = ".parquet"


def _recognise(found: Found) -> bool:
    for inner in found.named(AUDITS):
        if not inner.folder and not inner.head and _is_meant(inner):
            raise stop_at(inner)  # it would pass for a table of text without rows
    return any(is_parquet(part) for inner in found.named(AUDITS) for part in _parts(inner))


def _parts(found: Found) -> tuple[Found, ...]:
    """Return the Parquet files that one file or folder stands for."""
    if found.folder:
        return tuple(inner for inner in found.inside if not inner.folder and _is_meant(inner))
    return (found,) if _is_meant(found) else ()


def _is_meant(found: Found) -> bool:
    """Say whether a file is Parquet, or was to be: a damaged part is not left out in silence."""
    return is_parquet(found) or found.path.suffix.lower() == ENDING


def _read(found: Found, stage: Stage) -> None:
    files: dict[str, list[Found]] = {}
    for inner in found.inside:
        parts = _parts(inner)
        table = stage.dictionary.table(inner.stem)
        if not parts:
            stage.not_read(inner)
        elif table is None:
            stage.unknown_table(inner.location, inner.stem)
        else:
            files.setdefault(table, []).extend(parts)
            for beside in (one for one in found_in(inner) if one not in parts):
                stage.not_read(beside)
    small = are_small(stage.con, [part for listed in files.values() for part in listed])
    for table, listed in files.items():
        spec = stage.dictionary.tables[table]
        few = few_rows(stage.con, listed) if small else None
        columns = few.columns if few else _columns(stage, spec, listed)
        if AUDIT_ID not in map(spec.field, columns):
            stage.no_audit_id(listed[0].location, spec, [*columns])
            continue
        there = _table(stage, spec, listed, columns)
        if few is None or not few.fill(stage.rows(table), there.titles):
            stage.tables[table] = there


def found_in(found: Found) -> tuple[Found, ...]:
    """Return what stands in a folder; nothing stands in a file."""
    return found.inside if found.folder else ()


def _columns(stage: Stage, spec: TableSpec, files: Sequence[Found]) -> Mapping[str, str]:
    """Return the columns of files with their types."""
    try:
        rows = stage.con.execute(f"DESCRIBE SELECT * FROM {scan(files)}").fetchall()
        stage.warnings.extend(told_of(stage.con, files))
    except duckdb.Error as error:
        raise damaged([ParquetColumns(spec, files, stage.con, {}, {}, stage.put_aside)]) or stop_at(
            files[0]
        ) from error
    return {title: kind for title, kind, *_ in rows}


def _table(
    stage: Stage, spec: TableSpec, files: Sequence[Found], columns: Mapping[str, str]
) -> ParquetColumns:
    titles: dict[str, str] = {}
    kinds: dict[str, str] = {AUDIT_ID: "VARCHAR"}
    for title, kind in columns.items():
        name = spec.field(title)
        if name is None or name in titles:
            stage.unknown_field(Location(files[0].name), spec, title, again=name is not None)
        else:
            titles[name], kinds[name] = title, kind
    return ParquetColumns(spec, files, stage.con, titles, kinds, stage.put_aside)


PARQUET_FOLDER = Reader("a folder of Parquet files", _recognise, _read, in_place=True)
