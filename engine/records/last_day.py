"""The last day on which a batch says that something happened."""

from datetime import date

from engine.records import sql
from engine.records.batch import Batch


def last_day(batch: Batch, as_of: date) -> date | None:
    """Return the last day until `as_of` in tables of which the batch holds every row."""
    dated = [
        (sql.name(table.spec.date or ""), sql.typed(name))
        for name, table in batch.tables.items()
        if table.spec.date in table.columns and name not in batch.presence.latest_only
    ]
    if not dated:
        return None
    days = " UNION ALL ".join(f"SELECT CAST({day} AS DATE) AS day FROM {of}" for day, of in dated)
    query = f"SELECT max(day) FROM ({days}) WHERE day <= ?"
    found: date | None = batch.con.execute(query, [as_of]).fetchall()[0][0]
    return found
