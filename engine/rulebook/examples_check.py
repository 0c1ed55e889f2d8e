"""What a standard says of itself: its message, and the examples that show what it gives.

A standard and the dictionary come in, mistakes with their paths go out. Examples are not run here
(`engine.authoring.examples` does): this is what must hold before they can be.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.errors import nearest
from engine.rulebook.fields import AUDITS, Field, Fields, FieldType
from engine.rulebook.frames import ticked
from engine.rulebook.meant import day_meant
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
from engine.rulebook.scalars import Fault, parse_day, parse_whole, parse_yes_no
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


Worded = tuple[Mistake, str]


def check_message(standard: Standard) -> Iterator[Worded]:
    """Yield each value that a message names and that not every branch it speaks for gives.

    With each comes the text that is wrong, so that it can be shown where it stands.
    """
    own = {place: branch.because for place, branch in enumerate(standard.branches())}
    spoken_for = [b.measure for b in standard.branches() if b.measure and not b.because]
    yield from _unknown(("because",), standard.because, spoken_for)
    for place, text in own.items():
        if text:
            path = ("measure", "branches", place, "because")
            yield from _unknown(path, text, [standard.branches()[place].measure])


def _unknown(path: Path, text: str, measures: Sequence[Simple | None]) -> Iterator[Worded]:
    known = frozenset.intersection(*map(_given, measures or (None,)))
    for name in re.findall(r"\{([^{}]*)\}", text):
        if name not in known:
            listed = ", ".join(f"`{{{one}}}`" for one in sorted(known))
            help_ = f"values: {listed}" if known else "this measure gives no values"
            if meant := nearest(f"{{{name}}}", tuple(f"{{{one}}}" for one in known)):
                help_ = f"{meant} {help_}"
            said = f"{ticked(f'{{{name}}}')} is not a value of this measure"
            yield Mistake(path, "R026", said, help_), f"{{{name}}}"


def check_examples(standard: Standard, fields: Fields) -> Iterator[Mistake]:
    """Yield what is wrong with the examples of a standard; a draft need not have any."""
    shown = {example.expect for example in standard.examples}
    lacking = [o for o in NEEDED if o not in shown and not _never(standard, o)]
    if standard.status == "live" and not standard.examples and lacking:
        help_ = "add `examples:`; a live standard shows met, not met and not evidenced"
        yield Mistake((), "R027", "a live standard has no examples", help_)
    elif standard.status == "live":
        for outcome in lacking:
            help_ = f"add one that ends `expect: {outcome}`, or leave the standard a draft"
            yield Mistake(
                ("examples",), "R027", f"no example expects `{outcome}`", help_, on_key=True
            )
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
        help_ = "add `audits: {period_start: 2025-01-01, period_end: 2025-06-30}` to `given`"
        yield Mistake(path, "R029", "an example gives one `audits` row", help_, on_key=True)
    for name, rows in given.items():
        if name not in fields.tables:
            help_ = nearest(name, tuple(fields.tables))
            yield Mistake((*path, name), "R021", f"`{name}` is not a table", help_, on_key=True)
        elif name != AUDITS:
            yield from _rows((*path, name), rows, fields.tables[name].fields)
        elif isinstance(rows, dict):
            yield from _row((*path, name), rows, fields.tables[name].fields)


def _rows(path: Path, rows: object, known: Mapping[str, Field]) -> Iterator[Mistake]:
    if rows is None:
        return
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        help_ = "put square brackets around the rows: `[{…}, {…}]`; `[]` is none"
        yield Mistake(path, "R029", f"`{path[-1]}` is a list of rows", help_)
        return
    for place, row in enumerate(rows):
        yield from _row((*path, place), row, known)


def _row(path: Path, row: Mapping[str, object], known: Mapping[str, Field]) -> Iterator[Mistake]:
    for name, value in row.items():
        if name in known:
            yield from _value((*path, name), value, known[name])
        else:
            said = (
                f"`{name}` is not a field of `{next(p for p in path[::-1] if isinstance(p, str))}`"
            )
            help_ = nearest(name, tuple(known)) or "fields are listed in rules/fields.yaml"
            yield Mistake((*path, name), "R021", said, help_, on_key=True)


_AS_NUMBERS = ("y", "n", "1", "0")


def _read_day(text: str) -> None:
    # A record may say 31/12/2024 as well; a day that is in no calendar is a slip in both.
    if not day_meant(text):
        parse_day(text)


def _read_yes_no(text: str) -> None:
    if text.lower() not in _AS_NUMBERS:
        parse_yes_no(text)


_READ: Mapping[FieldType, Callable[[str], object]] = {
    FieldType.DATE: _read_day,
    FieldType.YES_NO: _read_yes_no,
    FieldType.NUMBER: parse_whole,
}


def _value(path: Path, value: object, field: Field) -> Iterator[Mistake]:
    """Yield what keeps a value from being read; what only a reader can tell is left to it."""
    if not isinstance(value, str) or not value.strip():
        return
    if field.type is FieldType.CHOICE and field.values and value not in field.values:
        listed = ", ".join(f"`{one}`" for one in field.values)
        help_ = f"{nearest(value, field.values)} allowed: {listed}".strip()
        yield Mistake(path, "R029", f"`{value}` is not a value of this field", help_)
    try:
        _READ.get(field.type, str)(value)
    except Fault as fault:
        yield Mistake(path, "R029", fault.message, fault.help)
