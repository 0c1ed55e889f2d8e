"""Why an example of the book beneath no longer holds: what an overlay changed of its standard."""

from collections.abc import Iterator

from engine.rulebook.book import Rulebook
from engine.rulebook.standard import Standard
from engine.rulebook.values import ASKS


def made_untrue(rulebook: Rulebook, standard: Standard, example: int) -> Iterator[str]:
    """Yield where an overlay changed what an example (counted from 0) of the book is about."""
    place = rulebook.place_of(standard, ("examples", example))
    if place.file != rulebook.file_of(standard):
        return
    source = rulebook.sources.get(standard.id)
    edits = [
        edit
        for edit in rulebook.edits_of(standard.id)
        if edit.key.partition(".")[0] in ASKS and not edit.key.endswith(".source")
    ]
    # a setting is named where it is used
    named = str(source.value) if source else ""
    edits += [edit for edit in rulebook.edits_of("settings") if f"'{edit.key}'" in named]
    if edits:
        places = ", ".join(dict.fromkeys(str(edit.place) for edit in edits))
        yield f"Changed at {places}: an overlay drops an example that no longer holds"
        yield "(`drop_examples`), and adds one that does (`add_examples`)."
