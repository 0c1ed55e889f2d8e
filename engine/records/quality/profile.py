"""How full each table is: rows, and filled cells of each field that the input has."""

from collections.abc import Iterator

from engine.records import sql
from engine.records.batch import Batch
from engine.records.quality.result import Filled


def profile(batch: Batch) -> tuple[Filled, ...]:
    """Return how many rows have each field filled, by table and field in the dictionary's order."""
    tables = {name: tuple(table.columns) for name, table in batch.tables.items()}
    known = {
        at: (facts.rows, [facts.filled[column] for column in tables[name]])
        for at, name in enumerate(tables)
        if (facts := batch.facts(name))
    }
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


def _count(column: str) -> str:
    return f"count({sql.name(column)})"
