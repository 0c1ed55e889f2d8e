"""What a standard says of itself: its message, and the examples that show what it gives.

A standard and the dictionary come in, mistakes with their paths go out. Examples are not run here
(`engine.authoring.examples` does): this is what must hold before they can be.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.errors import nearest
from engine.rulebook.fields import AUDITS, Fields
from engine.rulebook.measures import (
    AnswerMeasure,
    Before,
    Count,
    Every,
    LongestGap,
    Present,
    RecordedWithin,
    Share,
    Simple,
    Within,
)
from engine.rulebook.standard import Standard
from engine.terms import Outcome

Path = tuple[str | int, ...]
NEEDED = (Outcome.MET, Outcome.NOT_MET, Outcome.NOT_EVIDENCED)

_LIMITS = frozenset({"met", "partly_met"})
_DAYS = frozenset({"from", "to"})
_TIME = _LIMITS | _DAYS | {"value"}
_GIVES: Mapping[type[Simple], frozenset[str]] = {
    Within: _TIME,
    RecordedWithin: _TIME,
    LongestGap: _TIME | {"rows", "gap_from", "gap_to"},
    Every: _TIME | {"rows"},
    Share: _LIMITS | {"value", "rows"},
    Count: _LIMITS | {"value", "rows"},
    Before: _DAYS,
    AnswerMeasure: frozenset(),
}


class Mistake(NamedTuple):
    """A mistake: its path in the file (`on_key`: the key itself), which, what, and a way out."""

    path: Path
    code: str
    message: str
    help: str = ""
    on_key: bool = False


def check_message(standard: Standard) -> Iterator[Mistake]:
    """Yield each value that a message names and that not every branch it speaks for gives."""
    own = {place: branch.because for place, branch in enumerate(standard.branches())}
    spoken_for = [b.measure for b in standard.branches() if b.measure and not b.because]
    yield from _unknown(("because",), standard.because, spoken_for)
    for place, text in own.items():
        if text:
            path = ("measure", "branches", place, "because")
            yield from _unknown(path, text, [standard.branches()[place].measure])


def _unknown(path: Path, text: str, measures: Sequence[Simple | None]) -> Iterator[Mistake]:
    known = frozenset.intersection(*map(_given, measures or (None,)))
    for name in re.findall(r"\{([^{}]*)\}", text):
        if name not in known:
            listed = ", ".join(f"`{{{one}}}`" for one in sorted(known))
            help_ = f"values: {listed}" if known else "this measure gives no values"
            yield Mistake(path, "R026", f"`{{{name}}}` is not a value of this measure", help_)


def check_examples(standard: Standard, fields: Fields) -> Iterator[Mistake]:
    """Yield what is wrong with the examples of a standard; a draft need not have any."""
    shown = {example.expect for example in standard.examples}
    for outcome in NEEDED:
        if standard.status == "live" and outcome not in shown and not _never(standard, outcome):
            help_ = "a live standard shows met, not met and not evidenced"
            yield Mistake(("examples",), "R027", f"no example expects `{outcome}`", help_)
    for place, example in enumerate(standard.examples):
        yield from _unrunnable(("examples", place, "given"), example.given, fields)


def _measures(standard: Standard) -> tuple[Simple, ...]:
    return tuple(branch.measure for branch in standard.branches() if branch.measure)


def _given(measure: Simple | None) -> frozenset[str]:
    """Return the values that a measure gives to the message."""
    if isinstance(measure, Present):
        window = _DAYS if measure.window else frozenset()
        return window | {"value", "rows"} if measure.of else frozenset()
    return _GIVES[type(measure)] if measure else frozenset()


def _never(standard: Standard, outcome: Outcome) -> bool:
    """Say whether a standard can hardly give an outcome, so that it needs no example of it."""
    spoken, measures = standard.silence == "not_met", _measures(standard)
    if outcome is Outcome.NOT_EVIDENCED:
        return spoken or all(_is_ceiling(standard, measure) for measure in measures)
    only_there = all(isinstance(m, Present) and not m.satisfies for m in measures)
    return outcome is Outcome.NOT_MET and only_there and not spoken


def _is_ceiling(standard: Standard, measure: Simple) -> bool:
    """Say whether a measure counts rows of which there may be none, over no window."""
    if not isinstance(measure, Count) or measure.window:
        return False
    versions = [v for branch in standard.branches() for v in standard.versions_of(branch)]
    return all(version.met is not None and version.met.at_least is None for version in versions)


def _unrunnable(path: Path, given: Mapping[str, object], fields: Fields) -> Iterator[Mistake]:
    if not isinstance(given.get(AUDITS), dict):
        yield Mistake(path, "R029", "an example gives one `audits` row")
    for name, rows in given.items():
        if name not in fields.tables:
            help_ = nearest(name, tuple(fields.tables))
            yield Mistake((*path, name), "R021", f"`{name}` is not a table", help_, on_key=True)
        elif name != AUDITS:
            yield from _rows((*path, name), rows, tuple(fields.tables[name].fields))
        elif isinstance(rows, dict):
            yield from _row((*path, name), rows, tuple(fields.tables[name].fields))


def _rows(path: Path, rows: object, known: tuple[str, ...]) -> Iterator[Mistake]:
    if rows is None:
        return
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        help_ = "write `[]` for none, or `[{field: value}]`"
        yield Mistake(path, "R029", f"`{path[-1]}` is a list of rows", help_)
        return
    for place, row in enumerate(rows):
        yield from _row((*path, place), row, known)


def _row(path: Path, row: Iterable[str], known: tuple[str, ...]) -> Iterator[Mistake]:
    for name in row:
        if name not in known:
            said = (
                f"`{name}` is not a field of `{next(p for p in path[::-1] if isinstance(p, str))}`"
            )
            help_ = nearest(name, known) or "fields are listed in rules/fields.yaml"
            yield Mistake((*path, name), "R021", said, help_, on_key=True)
