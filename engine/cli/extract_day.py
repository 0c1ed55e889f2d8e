"""How old an extract is: what happened after it was made is not in it, and was perhaps done."""

from datetime import date

from engine.cli.common import tell
from engine.errors import Location, Problem
from engine.records import Batch
from engine.records.last_day import last_day
from engine.rulebook.fields import AUDITS

OLD = 14  # days


def tell_if_old(batch: Batch, as_of: date) -> None:
    """Warn where a return that names no period ends long before the day as at which it is judged.

    A visit that was made after the extract would seem to be missing.
    """
    if not batch.presence.source or "period_start" in batch.presence.columns[AUDITS]:
        return
    last = last_day(batch, as_of)
    if last and (as_of - last).days > OLD:
        said = (
            f"the last day in the {batch.presence.source} is {last}, {(as_of - last).days} days "
            f"before {as_of}: what happened since it was made would seem to be missing"
        )
        help_ = "give the day on which it was made with --as-of"
        tell([Problem(Location(batch.sources[0]), "B129", said, help_, warning=True)])
