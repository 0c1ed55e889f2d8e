"""Which books a result rests on: the rulebook and the overlays over it, for people and as data."""

from collections.abc import Iterable
from typing import Protocol

from engine.rulebook.book import Rulebook

SHOWN_OF_A_HASH = 12


class Named(Protocol):
    """A rulebook or an overlay over it; `hash` is of its own files."""

    @property
    def id(self) -> str:
        """Return its id."""

    @property
    def title(self) -> str:
        """Return its title."""

    @property
    def version(self) -> str:
        """Return its version."""

    @property
    def hash(self) -> str:
        """Return the SHA-256 of its content."""


def named(books: Iterable[Named]) -> str:
    """Return every book with its version and the beginning of its hash, from the bottom up."""
    return " + ".join(f"{one.id} {one.version} ({one.hash[:SHOWN_OF_A_HASH]})" for one in books)


def overlaid(rulebook: Rulebook) -> str:
    """Name the books where there is an overlay; an empty text where there is none."""
    return f"Rules: {named(rulebook.layers)}." if len(rulebook.layers) > 1 else ""


def as_data(rulebook: Rulebook) -> dict[str, object]:
    """Return a rulebook for JSON: `hash` is of all books together, that in `books` of each."""
    return {
        "id": rulebook.book.id,
        "version": rulebook.book.version,
        "hash": rulebook.hash,
        "books": books_as_data(rulebook.layers),
    }


def books_as_data(books: Iterable[Named]) -> list[dict[str, str]]:
    """Return books for JSON, without where their folders lie."""
    return [
        {"id": one.id, "title": one.title, "version": one.version, "hash": one.hash}
        for one in books
    ]
