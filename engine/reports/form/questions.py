"""A standard as a question to the auditor: what it asks in plain words, and by what authority."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.reports.in_words import InWords
from engine.rulebook.book import Rulebook
from engine.rulebook.measures import AnswerMeasure, Branch
from engine.rulebook.standard import Standard

NOT_MET = "Not met."


@dataclass(frozen=True)
class Question:
    """What stands beside the room for an answer."""

    standard: str
    section: str
    title: str
    asks: str
    source: str


def questions(rulebook: Rulebook, standards: Sequence[Standard]) -> Iterator[Question]:
    """Yield the question that each standard is."""
    for standard in standards:
        words = InWords(standard, rulebook.fields, rulebook.book.settings)
        yield Question(
            standard.id,
            rulebook.title(standard.domain),
            standard.title,
            " ".join(dict.fromkeys((words.bound(), *_asks(standard, words)))),
            _source(standard),
        )


def _asks(standard: Standard, words: InWords) -> Iterator[str]:
    """Yield what each branch asks by its newest version; what is at odds asks for nothing."""
    for branch in standard.branches():
        if branch.measure is None:
            continue
        if isinstance(branch.measure, AnswerMeasure):
            yield "You judge it: give an answer and your reasons."
            continue
        newest = max(standard.versions_of(branch), key=lambda one: one.from_, default=None)
        said = words.asks(branch, newest.met if newest else None)
        if said != NOT_MET:
            yield f"{branch.name}: {said}" if _told_apart(standard, branch) else said


def _told_apart(standard: Standard, branch: Branch) -> bool:
    measured = [one for one in standard.branches() if one.measure is not None]
    return bool(branch.name) and len(measured) > 1


def _source(standard: Standard) -> str:
    versions = [
        version
        for branch in standard.branches()
        if branch.measure is not None
        for version in standard.versions_of(branch)
    ]
    if not versions:
        return ""
    source = max(versions, key=lambda one: one.from_).source
    return ", ".join(filter(None, (source.title, source.paragraph)))
