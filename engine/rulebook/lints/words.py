"""What a standard says in words: a reason that is one, and a message whose values are there."""

import re
from collections.abc import Iterator

from engine.rulebook.examples_check import Mistake
from engine.rulebook.lints.subject import Subject


def says_nothing(subject: Subject) -> Iterator[Mistake]:
    """Yield a `why` or `because` that only repeats another line."""
    standard = subject.standard
    said = {"title": _bare(standard.title)}
    helps = {
        "why": "say what goes wrong for the child when it is not done",
        "because": "say what was found, with the values of the measure, such as `{value}`",
    }
    for key, help_ in helps.items():
        words = _bare(getattr(standard, key))
        twin = next((other for other, text in said.items() if text == words), "")
        if twin:
            yield Mistake((key,), "", f"`{key}` says the same as `{twin}`", help_)
        said[key] = words


def names_a_missing_limit(subject: Subject) -> Iterator[Mistake]:
    """Yield a limit that the message names and that some version does not give."""
    standard = subject.standard
    named = set(re.findall(r"\{(met|partly_met)\}", standard.because))
    versions = [
        version
        for branch in standard.branches()
        if branch.measure is not None
        for version in standard.versions_of(branch)
    ]
    for name in sorted(named):
        lacking = next((version for version in versions if getattr(version, name) is None), None)
        if lacking is not None:
            said = f"the version from {lacking.from_} has no `{name}` to put in `{{{name}}}`"
            help_ = "the message would have a hole there; add the limit, or leave the name out"
            yield Mistake(("because",), "", said, help_)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
