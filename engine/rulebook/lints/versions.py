"""Days for which a standard has no version, and versions that change nothing.

A gap is a stretch of days on which an audit's clock may start and no version is in force, so that
the finding is `not_assessable`: the year before the day of the check, which audits look back on,
and the days on which another branch of the same choice has a version already. (Between two
versions there is none: each holds until the next begins.)
"""

from collections.abc import Iterator
from datetime import date, timedelta

from engine.rulebook.examples_check import Mistake, Path
from engine.rulebook.lints.subject import Subject
from engine.rulebook.measures import Version
from engine.rulebook.standard import Standard

_YEAR = timedelta(days=365)


def gaps(subject: Subject) -> Iterator[Mistake]:
    """Yield the first version of a standard or branch that begins too late."""
    firsts = tuple(_firsts(subject.standard))
    earliest = min((first for _, first in firsts), default=date.max)
    for path, first in firsts:
        if subject.fields.latest >= first > subject.as_of - _YEAR:
            said = f"no version is in force before {first}"
            help_ = (
                "what began before that day is not assessable, and audits look back a year or "
                "more; add the version that was in force until then"
            )
            yield Mistake((*path, 0, "from"), "", said, help_)
        elif first > earliest:
            said = (
                f"this branch has no version before {first}, while another has one from {earliest}"
            )
            help_ = "what began between the two days is not assessable here; add an older version"
            yield Mistake((*path, 0, "from"), "", said, help_)


def changes_nothing(subject: Subject) -> Iterator[Mistake]:
    """Yield each version that repeats the one before it."""
    for path, versions in version_lists(subject.standard):
        for place in range(1, len(versions)):
            one, other = versions[place - 1], versions[place]
            if _content(one) == _content(other):
                said = f"this version repeats the one from {one.from_}: nothing changes"
                yield Mistake((*path, place, "from"), "", said, "take one of the two out")


def version_lists(standard: Standard) -> Iterator[tuple[Path, tuple[Version, ...]]]:
    """Yield each list of versions of a standard, with its path."""
    if standard.versions:
        yield ("versions",), standard.versions
    for place, branch in enumerate(standard.branches()):
        if branch.name and branch.versions:
            yield ("measure", "branches", place, "versions"), branch.versions


def _firsts(standard: Standard) -> Iterator[tuple[Path, date]]:
    for path, versions in version_lists(standard):
        yield path, versions[0].from_


def _content(version: Version) -> tuple[object, ...]:
    return version.met, version.partly_met, version.source, version.note
