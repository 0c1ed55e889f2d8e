"""Where thresholds come from: looked at within a year, at an address, with a paragraph."""

from collections.abc import Iterator
from datetime import timedelta

from engine.rulebook.examples_check import Mistake, Path
from engine.rulebook.lints.subject import Subject
from engine.rulebook.lints.versions import version_lists
from engine.rulebook.measures import SourceOf
from engine.terms import Level

_YEAR = timedelta(days=366)


def unchecked(subject: Subject) -> Iterator[Mistake]:
    """Yield each source in force that nobody has looked at for over a year, or not yet."""
    for path, source in _in_force(subject):
        if source.checked > subject.as_of:
            said = f"the source was checked on `{source.checked}`, which is still to come"
            yield Mistake((*path, "checked"), "", said, "write the day that it was last looked at")
        elif subject.as_of - source.checked > _YEAR:
            said = f"the source was last checked on `{source.checked}`, over a year ago"
            help_ = "look whether it still says this, then write today's date there"
            yield Mistake((*path, "checked"), "", said, help_)


def not_https(subject: Subject) -> Iterator[Mistake]:
    """Yield each address that a reader cannot follow safely, or at all."""
    for path, versions in version_lists(subject.standard):
        for place, version in enumerate(versions):
            url = version.source.url
            if url and (not url.startswith("https://") or " " in url):
                help_ = "write the whole address, as the browser shows it"
                said = f"`{url}` is not an address that begins with `https://`"
                yield Mistake((*path, place, "source", "url"), "", said, help_)


def no_paragraph(subject: Subject) -> Iterator[Mistake]:
    """Yield each source of a regulation that does not say which paragraph."""
    if subject.standard.level is not Level.REGULATION:
        return
    for path, versions in version_lists(subject.standard):
        for place, version in enumerate(versions):
            if not version.source.paragraph.strip():
                said = "a standard of level `regulation` names the paragraph of its source"
                help_ = "add `paragraph: Regulation …`, or choose another level"
                yield Mistake((*path, place, "source"), "", said, help_, on_key=True)


def _in_force(subject: Subject) -> Iterator[tuple[Path, SourceOf]]:
    """Yield the sources of versions that are in force on the day, or will be."""
    for path, versions in version_lists(subject.standard):
        for place, version in enumerate(versions):
            later = versions[place + 1 : place + 2]
            if not later or later[0].from_ > subject.as_of:
                yield (*path, place, "source"), version.source
