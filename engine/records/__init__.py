"""Records: audit files in, one typed Batch out.

In: a path (or `-`) and the dictionary of fields. Out: a `Batch`, whatever the format; `Stop` when
nothing can be read at all. It must not know standards, judgement or reports.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.records.batch import Batch, Presence, Rejected
    from engine.records.codes import CODES
    from engine.records.read import read_batch

__all__ = ["CODES", "Batch", "Presence", "Rejected", "read_batch"]

_STANDS_IN = {
    "CODES": "codes",
    "Batch": "batch",
    "Presence": "batch",
    "Rejected": "batch",
    "read_batch": "read",
}


def __getattr__(name: str) -> object:
    """Return what stands in a module here; the database and the readers load for who asks."""
    if name not in _STANDS_IN:
        raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
    return getattr(import_module(f"{__name__}.{_STANDS_IN[name]}"), name)
