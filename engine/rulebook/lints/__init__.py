"""Lints: what is valid and yet hardly what its author meant. All of them are warnings.

Standards with their sources, the lists, the dictionary and a day come in, Problems go out. A lint
that misses a case is better than none; one that is wrong about a good rule is worse than none.
"""

from collections.abc import Callable, Iterator
from datetime import date

from engine.errors import Problem
from engine.rulebook.book import Book
from engine.rulebook.check import Parts, fields_read
from engine.rulebook.examples_check import Mistake
from engine.rulebook.fields import Fields
from engine.rulebook.lints.branches import unreachable
from engine.rulebook.lints.conditions import never_applies
from engine.rulebook.lints.duplicates import duplicates
from engine.rulebook.lints.examples import never_filled, told_twice
from engine.rulebook.lints.sources import no_paragraph, not_https, unchecked
from engine.rulebook.lints.subject import Subject
from engine.rulebook.lints.versions import changes_nothing, gaps
from engine.rulebook.lints.words import names_a_missing_limit, says_nothing

CODES = {
    "R050": "a standard can never apply",
    "R051": "dated versions leave days without one",
    "R052": "a version changes nothing",
    "R053": "a source was not checked for over a year",
    "R054": "a branch can never be reached",
    "R055": "two standards ask the same",
    "R056": "no example fills a field that the standard asks for",
    "R057": "`why` or `because` says no more than the title",
    "R058": "the message names a limit that no version gives",
    "R059": "the address of a source is not an https address",
    "R060": "a regulation is cited without its paragraph",
    "R061": "two examples say the same",
}

Lint = Callable[[Subject], Iterator[Mistake]]
# One line a lint: its code and what looks for it.
EACH: dict[str, Lint] = {
    "R050": never_applies,
    "R051": gaps,
    "R052": changes_nothing,
    "R053": unchecked,
    "R054": unreachable,
    "R056": never_filled,
    "R057": says_nothing,
    "R058": names_a_missing_limit,
    "R059": not_https,
    "R060": no_paragraph,
    "R061": told_twice,
}


def lint(parts: Parts, book: Book, fields: Fields, as_of: date) -> tuple[Problem, ...]:
    """Return what is doubtful about standards that are valid, sorted; all are warnings."""
    found = [*duplicates(parts)]
    for standard, source in parts:
        if standard.status == "retired":
            continue
        reads = fields_read(standard, source, book, fields)
        subject = Subject(standard, reads, book, fields, as_of)
        for code, look in EACH.items():
            for mistake in look(subject):
                path = mistake.path
                place = source.key_at(path) if mistake.on_key else source.at(path)
                found.append(Problem(place, code, mistake.message, mistake.help, warning=True))
    return tuple(sorted(set(found)))
