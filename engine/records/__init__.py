"""Records: audit files in, one typed Batch out.

In: a path (or `-`) and the dictionary of fields. Out: a `Batch`, whatever the format; `Stop` when
nothing can be read at all. It must not know standards, judgement or reports.
"""

from engine.records.batch import Batch, Presence, Rejected
from engine.records.codes import CODES
from engine.records.read import read_batch

__all__ = ["CODES", "Batch", "Presence", "Rejected", "read_batch"]
