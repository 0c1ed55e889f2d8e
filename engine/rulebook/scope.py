"""What a change of an overlay is about: a document, a place in it, and what that is called."""

from typing import NamedTuple

from engine.rulebook.graft import Path
from engine.rulebook.source import Source


class Scope(NamedTuple):
    """What a change is about: its document, where in it, and what it is called."""

    source: Source
    path: Path
    words: tuple[str, ...]
    target: str
    title: str

    def at(self, *more: str) -> Path:
        """Return the path of a key."""
        return (*self.path, *more)
