"""Read a batch: find what stands at the path, let its reader fill the stage, settle.

In: a path and the dictionary. Out: a `Batch`, or `Stop` where nothing can be read at all.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from engine.records.batch import Batch
from engine.records.dictionary import Allowed, Dictionary
from engine.records.found import look
from engine.records.readers import reader_of
from engine.records.settle import settle
from engine.records.stage import Stage
from engine.records.store import connect
from engine.rulebook.fields import Fields


def read_batch(source: str | Path, fields: Fields, allowed: Allowed) -> Batch:
    """Read the audits at a path (`-`: standard input) into typed tables.

    `allowed` gives the values of a field whose dictionary entry says `values_from`.
    """
    scratch = TemporaryDirectory(prefix="audit-", ignore_cleanup_errors=True)
    try:
        return _read(source, Dictionary.of(fields, allowed), scratch)
    except BaseException:
        scratch.cleanup()
        raise


def _read(source: str | Path, dictionary: Dictionary, scratch: TemporaryDirectory[str]) -> Batch:
    folder = Path(scratch.name)
    found = look(source, folder)
    reader = reader_of(found)
    con = connect(folder, found.size)
    try:
        stage = Stage(dictionary, folder, con)
        reader.read(found, stage)
        return settle(found, stage, scratch)
    except BaseException:
        con.close()
        raise
