"""From a filled stage to a Batch: type every table, hold the tables together, sum up.

In: what a reader handed over. Out: a `Batch`, or `Stop` where no audit is left.
"""

from collections.abc import Mapping, Sequence

import duckdb

from engine.errors import Problem
from engine.records import sql
from engine.records.batch import PUT_ASIDE, Batch, NothingRead, Presence
from engine.records.facts import Facts
from engine.records.fingerprint import EXACT, input_hash
from engine.records.found import Found, stop
from engine.records.held import Held
from engine.records.memory import exhausted
from engine.records.parquet_columns import ParquetColumns, damaged, type_files
from engine.records.personal_data import personal_data
from engine.records.relations import Relations
from engine.records.stage import Stage
from engine.records.staging import RowStage
from engine.records.store import Scratch
from engine.records.telling import problems_of
from engine.records.type_columns import Relational, type_columns
from engine.records.type_rows import type_rows
from engine.records.typed import Typed
from engine.rulebook.fields import AUDIT_ID, AUDITS

COLUMN = "a batch has a table `audits` with a column `audit_id`"
ROWS = "the table `audits` has a row for each audit"
# so many rows in all are looked at in Python sooner than the database has planned to
MOST_HELD = 10_000
REASONS = "put right what is said above of `audits`"


def settle(found: Found, stage: Stage, scratch: Scratch) -> Batch:
    """Return the batch that a stage holds."""
    try:
        return _settle(found, stage, scratch)
    except duckdb.Error as error:
        # files that are read in place may turn out to be damaged at any time
        end = exhausted(stage.con, error) or damaged(stage.tables.values())
        raise end or error from error


def _settle(found: Found, stage: Stage, scratch: Scratch) -> Batch:
    con = stage.con
    if AUDITS not in stage.tables:
        problems = problems_of(stage, ())
        raise _stop(stage, found, ("holds no table `audits`", "B003", COLUMN), problems)
    names = [name for name in stage.dictionary.tables if name in stage.tables]
    hashed = _are_many(stage.tables[AUDITS])
    tables = {name: _typed(con, stage.tables[name], hashed=hashed) for name in names}
    Relations(con, tables, stage.put_aside).settle()
    _hold_few(tables)
    problems = problems_of(stage, tables.values())
    counts = _counts(con, tables)
    if not counts[AUDITS]:
        way_out = ROWS if all(problem.warning for problem in problems) else REASONS
        said = ("holds no audit that can be read", "B004", way_out)
        raise _stop(stage, found, said, problems)
    _note_put_aside(stage)
    columns = {name: table.columns for name, table in tables.items()}
    noted, warnings = personal_data(con, tables)
    con.execute("DROP SCHEMA IF EXISTS raw_rows CASCADE")
    return Batch(
        con,
        _presence(stage, columns),
        tuple(sorted({*problems, *warnings})),
        stage.put_aside.rejected(),
        counts[AUDITS],
        counts,
        (found.name,),
        input_hash(
            con,
            columns | {PUT_ASIDE: (AUDIT_ID, "table")},
            counts[AUDITS],
            _facts(tables),
            _held(tables),
        ),
        scratch,
        lambda: damaged(stage.tables.values()),
        noted=noted,
        tables=tables,
    )


def _hold_few(tables: Mapping[str, Typed]) -> None:
    """Let go of the rows that Python holds where they are more than it should look at."""
    count = sum(held.count for held in _held(tables).values())
    for table in tables.values() if count > MOST_HELD else ():
        table.held = None


def _are_many(staged: RowStage | Relational) -> bool:
    """Say whether the rows of files are so many that their quick hash will be wanted."""
    return isinstance(staged, ParquetColumns) and staged.rows > EXACT


def _typed(con: duckdb.DuckDBPyConnection, staged: RowStage | Relational, *, hashed: bool) -> Typed:
    if isinstance(staged, RowStage) and not staged.many:
        return type_rows(con, staged)
    if isinstance(staged, ParquetColumns):
        return type_files(con, staged, hashed=hashed)
    return type_columns(con, staged)


def _facts(tables: Mapping[str, Typed]) -> Mapping[str, Facts]:
    return {name: table.facts for name, table in tables.items() if table.facts}


def _held(tables: Mapping[str, Typed]) -> Mapping[str, Held]:
    return {name: table.held for name, table in tables.items() if table.held is not None}


def _counts(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Typed]) -> dict[str, int]:
    counted = {name: facts.rows for name, facts in _facts(tables).items()}
    counted |= {name: held.count for name, held in _held(tables).items()}
    each = [
        f"SELECT {sql.literal(name)}, count(*) FROM {sql.typed(name)}"
        for name in tables
        if name not in counted
    ]
    counted |= dict(con.execute(" UNION ALL ".join(each)).fetchall()) if each else {}
    return {name: counted[name] for name in tables}


def _presence(stage: Stage, columns: Mapping[str, tuple[str, ...]]) -> Presence:
    return Presence(
        {name: frozenset(present) for name, present in columns.items()},
        frozenset(stage.latest_only),
        _not_examined(stage.con, columns[AUDITS]),
        frozenset(stage.put_aside.tables),
        source=stage.source,
    )


def _not_examined(con: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> frozenset[str]:
    if "not_examined" not in columns:
        return frozenset()
    found = con.execute(f"SELECT DISTINCT unnest(not_examined) FROM {sql.typed(AUDITS)}").fetchall()
    return frozenset(name for (name,) in found)


def _note_put_aside(stage: Stage) -> None:
    pairs = sorted(stage.put_aside.pairs)
    stage.con.execute(
        f"CREATE TABLE {sql.typed(PUT_ASIDE)} AS SELECT * FROM "
        '(SELECT unnest(?::VARCHAR[]) AS audit_id, unnest(?::VARCHAR[]) AS "table") '
        f"SEMI JOIN {sql.typed(AUDITS)} USING ({AUDIT_ID})",
        [[audit for audit, _ in pairs], [table for _, table in pairs]],
    )


def _stop(
    stage: Stage, found: Found, said: tuple[str, str, str], problems: tuple[Problem, ...]
) -> NothingRead:
    why, code, way_out = said
    end = stop(found.location, code, f"`{found.name}` {why}", way_out)
    return NothingRead((*problems, *end.problems), stage.put_aside.rejected())
