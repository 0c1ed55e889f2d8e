"""Read a batch: find what stands at the path, let its reader fill the stage, settle.

In: a path and the dictionary. Out: a `Batch`, or `Stop` where nothing can be read at all.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.records.batch import Batch
from engine.records.batch_json import noted
from engine.records.dictionary import Allowed, Dictionary
from engine.records.found import look
from engine.records.readers import reader_of
from engine.records.readers.reader import Reader
from engine.records.settle import settle
from engine.records.stage import Stage
from engine.records.store import Scratch, connect
from engine.rulebook.fields import Fields

if TYPE_CHECKING:
    from engine.records.mapping.model import MappingFile


def read_batch(
    source: str | Path,
    fields: Fields,
    allowed: Allowed,
    mapping: "MappingFile | None" = None,
    memory: int | None = None,
) -> Batch:
    """Read the audits at a path (`-`: standard input) into typed tables.

    `allowed` gives the values of a field whose dictionary entry says `values_from`; `mapping` says
    which columns of a system are which fields. `memory` is the number of bytes that the database
    may hold at once; without it, what the machine allows.
    """
    scratch = Scratch()
    try:
        return _read(source, Dictionary.of(fields, allowed), scratch, mapping, memory)
    except BaseException:
        scratch.close()
        raise


def _read(
    source: str | Path,
    dictionary: Dictionary,
    scratch: Scratch,
    mapping: "MappingFile | None",
    memory: int | None,
) -> Batch:
    folder = scratch.path
    found, note = noted(look(source, folder))
    reader = _mapped(mapping) if mapping else reader_of(found)
    con = connect(folder, 0 if reader.in_place else found.size, memory)
    try:
        stage = Stage(dictionary, folder, con)
        if note is not None:
            note.tell(stage, found)
        reader.read(found, stage)
        return replace(settle(found, stage, scratch), format=note.format if note else reader.name)
    except BaseException:
        con.close()
        raise


def _mapped(mapping: "MappingFile") -> Reader:
    from engine.records.mapping.reader import mapped  # most runs have no mapping

    return mapped(mapping)
