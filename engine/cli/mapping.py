"""The mapping that a command is given."""

from pathlib import Path
from typing import TYPE_CHECKING

from engine.rulebook.book import Rulebook

if TYPE_CHECKING:
    from engine.records.mapping import MappingFile


def mapping_of(path: Path | None, rulebook: Rulebook) -> "MappingFile | None":
    """Return the mapping at a path, checked against the dictionary of a rulebook.

    Raises:
        Stop: it has errors, with all of them.
    """
    if path is None:
        return None
    from engine.records.dictionary import Dictionary
    from engine.records.mapping import load_mapping

    return load_mapping(path, Dictionary.of(rulebook.fields, rulebook.allowed))
