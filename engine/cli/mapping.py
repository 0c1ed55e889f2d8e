"""Mappings on the command line: one that is given, and `audit mapping new`."""

from pathlib import Path

from engine.records.dictionary import Dictionary
from engine.records.mapping import MappingFile, load_mapping
from engine.rulebook.book import Rulebook


def mapping_of(path: Path | None, rulebook: Rulebook) -> MappingFile | None:
    """Return the mapping at a path, checked against the dictionary of a rulebook.

    Raises:
        Stop: it has errors, with all of them.
    """
    if path is None:
        return None
    return load_mapping(path, Dictionary.of(rulebook.fields, rulebook.allowed))
