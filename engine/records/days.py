"""The day that a cell of a return holds.

It must not know readers or tables.
"""

from datetime import date
from functools import lru_cache

from engine.records.cells import Spec, Unreadable, read


@lru_cache(maxsize=65_536)  # the same days stand in many lines
def readable(cell: str, spec: Spec) -> date | None:
    """Return the day that a cell holds, if it can be read."""
    try:
        value = read(cell, spec)
    except Unreadable:
        return None
    return value if isinstance(value, date) else None
