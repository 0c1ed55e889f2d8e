"""Where in a rule file something stands.

A rulebook keeps what its files say and not where: the few files that are asked about are read
again, so that loading stays quick.
"""

from functools import lru_cache
from pathlib import Path

from engine.errors import Location
from engine.rulebook.book import Rulebook
from engine.rulebook.source import Source, read_source
from engine.rulebook.standard import Standard


def place_of(rulebook: Rulebook, standard: Standard, example: int) -> Location:
    """Return the line and column of an example, counted from 0; its number if the file is gone."""
    file = rulebook.file_of(standard)
    source = _source(file, rulebook.hash)
    path = ("examples", example)
    if source is None or not source.has(path):
        return Location(file, path=f"examples, {example + 1}")
    return source.at(path)


@lru_cache(maxsize=8)
def _source(file: str, _rulebook: str) -> Source | None:
    """Return a file of one state of a rulebook; None if it cannot be read any more."""
    try:
        return read_source(Path(file).read_bytes(), file)[0]
    except OSError:
        return None
