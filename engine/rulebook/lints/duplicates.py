"""Standards that ask the same under two ids, so that one miss would count twice."""

from collections.abc import Iterator
from itertools import groupby

from engine.errors import Problem
from engine.rulebook.check import Parts
from engine.rulebook.standard import Standard


def duplicates(parts: Parts) -> Iterator[Problem]:
    """Yield a problem for each live standard that asks what an earlier one asks already."""
    live = [part for part in parts if part[0].status == "live"]
    for _, group in groupby(sorted(live, key=lambda part: _asks(part[0])), lambda p: _asks(p[0])):
        (first, at), *others = sorted(group, key=lambda part: part[0].id)
        for standard, source in others:
            said = (
                f"`{standard.id}` asks the same as `{first.id}`: trigger, measure and limits agree"
            )
            help_ = f"one miss would count twice; retire one of the two ({at.file})"
            yield Problem(source.at(["id"]), "R055", said, help_, warning=True)


def _asks(standard: Standard) -> str:
    return repr(
        (
            standard.applies_to,
            standard.trigger,
            standard.measure,
            [(version.from_, version.met, version.partly_met) for version in standard.versions],
            standard.silence,
            standard.id if standard.measure.kind == "answer" else "",
        )
    )
