"""How old an extract is: what happened after it was made is not in it, and was perhaps done."""

from datetime import date

from engine.cli.common import tell
from engine.errors import Location, Problem
from engine.records import Batch, sql
from engine.rulebook.fields import AUDITS

OLD = 14  # days


def tell_if_old(batch: Batch, as_of: date) -> None:
    """Warn where a return that names no period ends long before the day as at which it is judged.

    A visit that was made after the extract would seem to be missing.
    """
    if not batch.presence.source or "period_start" in batch.presence.columns[AUDITS]:
        return
    last = _last_day(batch, as_of)
    if last and (as_of - last).days > OLD:
        said = (
            f"the last day in the {batch.presence.source} is {last}, {(as_of - last).days} days "
            f"before {as_of}: what happened since it was made would seem to be missing"
        )
        help_ = "give the day on which it was made with --as-of"
        tell([Problem(Location(batch.sources[0]), "B129", said, help_, warning=True)])


def _last_day(batch: Batch, as_of: date) -> date | None:
    dated = [
        (sql.name(table.spec.date), sql.typed(name))
        for name, table in batch.tables.items()
        if table.spec.date and table.spec.date in table.columns
    ]
    if not dated:
        return None
    days = " UNION ALL ".join(f"SELECT CAST({day} AS DATE) AS day FROM {of}" for day, of in dated)
    query = f"SELECT max(day) FROM ({days}) WHERE day <= ?"
    found: date | None = batch.con.execute(query, [as_of]).fetchall()[0][0]
    return found
