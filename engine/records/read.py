"""Read a batch: find what stands at the path, let the reader fill the stage, settle, sum up.

In: a path and the dictionary. Out: a `Batch`, or `Stop` where nothing can be read at all.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from engine.errors import Exit, Location, Problem, Stop
from engine.records import sql
from engine.records.batch import Batch, Presence
from engine.records.dictionary import Allowed, Dictionary
from engine.records.fingerprint import input_hash
from engine.records.found import Found, look, stop
from engine.records.parquet_columns import ParquetColumns, type_files
from engine.records.places import Refusal
from engine.records.readers import reader_of
from engine.records.relations import Relations
from engine.records.stage import Stage
from engine.records.staging import RowStage
from engine.records.store import connect
from engine.records.type_columns import Relational, type_columns
from engine.records.type_rows import type_rows
from engine.records.typed import Typed
from engine.rulebook.fields import AUDIT_ID, AUDITS, Fields


def read_batch(source: str | Path, fields: Fields, allowed: Allowed) -> Batch:
    """Read the audits at a path (`-`: standard input) into typed tables."""
    scratch = TemporaryDirectory(prefix="audit-", ignore_cleanup_errors=True)
    try:
        return _read(source, Dictionary.of(fields, allowed), scratch)
    except BaseException:
        scratch.cleanup()
        raise


def _read(source: str | Path, dictionary: Dictionary, scratch: TemporaryDirectory[str]) -> Batch:
    folder = Path(scratch.name)
    found = look(source, folder)
    reader = reader_of(found)
    con = connect(folder, found.size)
    stage = Stage(dictionary, folder, con)
    try:
        reader.read(found, stage)
        if AUDITS not in stage.tables:
            raise _no_audits(found, stage, "holds no table `audits`", "B003")
        return _settle(found, stage, con, scratch)
    except BaseException:
        con.close()
        raise


def _settle(
    found: Found, stage: Stage, con: duckdb.DuckDBPyConnection, scratch: TemporaryDirectory[str]
) -> Batch:
    names = [name for name in stage.dictionary.tables if name in stage.tables]
    tables = {name: _typed(con, stage.tables[name]) for name in names}
    refused = [r for table in tables.values() for r in (*table.staged.refusals, *table.refusals)]
    lost = frozenset(r.audit_id for r in refused if r.table == AUDITS and r.audit_id)
    refused += Relations(con, tables, lost).settle()
    counts = _counts(con, names)
    if not counts[AUDITS]:
        raise _no_audits(found, stage, "holds no audit that can be read", "B004", refused)
    _note_put_aside(con, refused)
    columns = {name: table.columns for name, table in tables.items()}
    hashed = {**columns, "put_aside": (AUDIT_ID, "table")}
    return Batch(
        con,
        Presence(
            {name: frozenset(present) for name, present in columns.items()},
            frozenset(stage.latest_only),
            _not_examined(con, columns[AUDITS]),
            frozenset(r.table for r in refused if r.code != "B401"),
        ),
        _problems(stage, refused, tables.values()),
        tuple(sorted(refusal.rejected() for refusal in refused)),
        counts[AUDITS],
        counts,
        (found.name,),
        input_hash(con, hashed, counts[AUDITS]),
        scratch,
    )


def _counts(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> dict[str, int]:
    each = (f"SELECT {sql.literal(name)}, count(*) FROM {sql.typed(name)}" for name in names)
    counted = dict(con.execute(" UNION ALL ".join(each)).fetchall())
    return {name: counted[name] for name in names}


def _note_put_aside(con: duckdb.DuckDBPyConnection, refused: Iterable[Refusal]) -> None:
    pairs = sorted({(r.audit_id, r.table) for r in refused if r.code != "B401"})
    columns = [[pair[0] for pair in pairs], [pair[1] for pair in pairs]]
    con.execute(
        'CREATE TABLE typed.put_aside AS SELECT * FROM (SELECT unnest(?::VARCHAR[]) AS audit_id, '
        f'unnest(?::VARCHAR[]) AS "table") SEMI JOIN {sql.typed(AUDITS)} USING ({AUDIT_ID})',
        columns,
    )


def _not_examined(con: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> frozenset[str]:
    if "not_examined" not in columns:
        return frozenset()
    found = con.execute(f"SELECT DISTINCT unnest(not_examined) FROM {sql.typed(AUDITS)}").fetchall()
    return frozenset(name for (name,) in found)


def _typed(con: duckdb.DuckDBPyConnection, staged: RowStage | Relational) -> Typed:
    if isinstance(staged, RowStage) and not staged.many:
        return type_rows(con, staged)
    if isinstance(staged, ParquetColumns):
        return type_files(con, staged)
    return type_columns(con, staged)


def _problems(
    stage: Stage, refused: Sequence[Refusal], tables: Iterable[Typed] = ()
) -> tuple[Problem, ...]:
    said = [*stage.warnings, *(p for refusal in refused for p in refusal.problems())]
    said += _taken(refused)
    for table in tables:
        said += _early(table)
    return tuple(sorted(said))


def _taken(refused: Sequence[Refusal]) -> list[Problem]:
    """One problem for an audit put aside and a table that it takes rows of."""
    quiet = [refusal for refusal in refused if refusal.quiet]
    counts = Counter((r.audit_id, r.table) for r in quiet)
    first = {}
    for refusal in quiet:
        where = refusal.place.at()
        key = refusal.audit_id, refusal.table
        first[key] = min(first.get(key, where), where)
    return [
        Problem(first[key], "B405", f"audit `{key[0]}` was put aside and takes {_rows(count)} "
                f"of `{key[1]}` with it", "put the audit right, and its rows are read")
        for key, count in counts.items()
    ]


def _early(table: Typed) -> list[Problem]:
    early, spec = table.early, table.spec
    if not early.count:
        return []
    field, _ = spec.dated
    said = [
        Problem(place.at(field), "B105", f"recorded on {recorded}, before it happened on {event}",
                "", warning=True)
        for place, recorded, event in early.places
    ]
    if early.count > len(said):
        where = Location(early.places[0][0].at(field).file, early.places[0][0].at(field).sheet)
        more = early.count - len(said)
        said.append(Problem(where, "B105", f"{_rows(more)} more of `{spec.name}` were recorded "
                            "before they happened", "", warning=True))
    return said


def _rows(count: int) -> str:
    return f"{count} row{'s' if count != 1 else ''}"


def _no_audits(
    found: Found, stage: Stage, why: str, code: str, refused: Sequence[Refusal] = ()
) -> Stop:
    end = stop(found.location, code, f"`{found.name}` {why}",
               "a batch has a table `audits` with a column `audit_id`")
    return Stop(Exit.USAGE, (*_problems(stage, refused, tables.values()), *end.problems))
