"""What a lint looks at: a standard that is valid, and what it needs to be judged as an edit."""

from dataclasses import dataclass
from datetime import date

from engine.rulebook.book import Book
from engine.rulebook.check import Read
from engine.rulebook.fields import Fields
from engine.rulebook.standard import Standard


@dataclass(frozen=True)
class Subject:
    """One standard, the fields that it reads, the lists of the rulebook, and the day."""

    standard: Standard
    reads: tuple[Read, ...]
    book: Book
    fields: Fields
    as_of: date
