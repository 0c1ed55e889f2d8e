"""How full each table is: rows, and filled cells of each field that the input has."""

from collections.abc import Iterator, Sequence

from engine.records import sql
from engine.records.batch import Batch
from engine.records.quality.result import Filled


def profile(batch: Batch) -> tuple[Filled, ...]:
    """Return how many rows have each field filled, by table and field in the dictionary's order."""
    tables = {name: tuple(table.columns) for name, table in batch.tables.items()}
    known = {at: found for at, one in enumerate(tables.items()) if (found := _known(batch, *one))}
    each = [
        f"SELECT {at} AS place, count(*) AS n, [{', '.join(map(_count, columns))}] AS filled "
        f"FROM {sql.typed(name)}"
        for at, (name, columns) in enumerate(tables.items())
        if at not in known
    ]
    asked = batch.con.execute(" UNION ALL ".join(each)).fetchall() if each else ()
    rows = known | {at: (n, found) for at, n, found in asked}

    def filled() -> Iterator[Filled]:
        for at, (name, columns) in enumerate(tables.items()):
            total, counts = rows[at]
            for field, count in zip(columns, counts, strict=True):
                yield Filled(name, field, total, count)

    return tuple(filled())


def _known(batch: Batch, table: str, columns: Sequence[str]) -> tuple[int, Sequence[int]] | None:
    """Return what is known without a question: rows, and filled cells of each column."""
    if facts := batch.facts(table):
        return facts.rows, [facts.filled[column] for column in columns]
    if (held := batch.held(table)) is not None:
        return held.count, [held.filled(column) for column in columns]
    return None


def _count(column: str) -> str:
    return f"count({sql.name(column)})"
