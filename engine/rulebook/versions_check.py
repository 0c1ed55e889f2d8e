"""What the dated versions of a standard must be: in order, with limits that fit their measure.

Versions come in, mistakes with their paths go out. Whether a source is good is not asked here.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from engine.errors import nearest
from engine.rulebook.examples_check import Mistake, Path
from engine.rulebook.measures import LongestGap, Simple, Threshold, Version

CODES = {
    "R023": "a part that this kind of measure needs is missing",
    "R025": "dated versions are out of order or start twice on one day",
    "R030": "`partly_met` is no looser than `met`",
    "R031": "a limit that no record could be held against",
}
# What a measure is judged by; an empty word: by either.
_ASKS = {
    "within": "at_most",
    "recorded_within": "at_most",
    "longest_gap": "at_most",
    "every": "at_least",
    "share": "at_least",
    "count": "",
}
_PER_CENT = {"every", "share"}
_WHOLE = 100


def check_order(path: Path, versions: Sequence[Version]) -> Iterator[Mistake]:
    """Yield each version that does not begin after the one before it."""
    for place, (one, other) in enumerate(pairwise(versions), start=1):
        if other.from_ <= one.from_:
            said = (
                f"two versions begin on {one.from_}"
                if other.from_ == one.from_
                else f"this version begins on {other.from_}, before the one above it ({one.from_})"
            )
            help_ = "versions go from the oldest to the newest, each from a day of its own"
            yield Mistake((*path, place, "from"), "R025", said, help_)


def check_limits(path: Path, measure: Simple, version: Version) -> Iterator[Mistake]:
    """Yield what is wrong with the limits of a version, given the measure that they are for."""
    asked = _ASKS.get(measure.kind)
    if asked is not None and version.met is None:
        which = f"`met: {{{asked or 'at_most'}: …}}`"
        said = f"`{measure.kind}` needs a `met` threshold in each version"
        yield Mistake(path, "R023", said, f"write {which} below `from`")
    for key in ("met", "partly_met"):
        threshold = getattr(version, key)
        if threshold is not None:
            yield from _limit((*path, key), measure, threshold, asked)
    yield from _looser((*path, "partly_met"), version)


def _limit(
    path: Path, measure: Simple, threshold: Threshold, asked: str | None
) -> Iterator[Mistake]:
    if asked is None:  # another branch of the choice may be judged by it
        return
    if asked and getattr(threshold, asked) is None:
        other = "at_most" if asked == "at_least" else "at_least"
        said = f"`{measure.kind}` is judged by `{asked}`, not by `{other}`"
        yield Mistake((*path, other), "R023", said, f"write `{{{asked}: …}}`", on_key=True)
        return
    phased = isinstance(measure, LongestGap) and bool(measure.phases)
    if isinstance(threshold.at_most, dict) or phased:
        yield from _phases(path, measure, threshold)
        return
    word = "at_most" if threshold.at_most is not None else "at_least"
    limit = getattr(threshold, word)
    if limit < 0:
        yield Mistake((*path, word), "R031", f"a limit cannot be less than 0: `{limit}`")
    elif measure.kind in _PER_CENT and limit > _WHOLE:
        help_ = "100 means all of them"
        said = f"`{measure.kind}` is measured in per cent, and `{limit}` is more than 100"
        yield Mistake((*path, word), "R031", said, help_)


def _phases(path: Path, measure: Simple, threshold: Threshold) -> Iterator[Mistake]:
    limits = threshold.at_most
    known = tuple(phase.name for phase in getattr(measure, "phases", ()))
    if not isinstance(limits, dict):
        example = ", ".join(f"{name}: 10 days" for name in known)
        said = "a measure with phases needs a limit for each of them"
        yield Mistake(path, "R023", said, f"write `{{at_most: {{{example}}}}}`")
        return
    for name in limits:
        if name not in known:
            help_ = nearest(name, known) or (
                f"phases: {', '.join(f'`{one}`' for one in known)}"
                if known
                else "this measure has no phases: write one number, `{at_most: 10}`"
            )
            said = f"`{name}` is not a phase of this measure"
            yield Mistake((*path, "at_most", name), "R023", said, help_, on_key=True)
    for name in known:
        if name not in limits and len(set(limits) - set(known)) == 0:
            said = f"the phase `{name}` has no limit"
            yield Mistake((*path, "at_most"), "R023", said, f"add `{name}: 10 days`")


def _looser(path: Path, version: Version) -> Iterator[Mistake]:
    met, partly = version.met, version.partly_met
    if met is None or partly is None:
        return
    if isinstance(met.at_most, dict) or isinstance(partly.at_most, dict):
        yield from _looser_phases((*path, "at_most"), met, partly)
    elif met.at_most is not None and partly.at_most is not None:
        if partly.at_most <= met.at_most:
            help_ = f"write more than {met.at_most}, or leave `partly_met` out"
            yield _no_looser((*path, "at_most"), partly.at_most, met.at_most, help_)
    elif (
        met.at_least is not None and partly.at_least is not None and partly.at_least >= met.at_least
    ):
        help_ = f"write less than {met.at_least}, or leave `partly_met` out"
        yield _no_looser((*path, "at_least"), partly.at_least, met.at_least, help_)


def _looser_phases(path: Path, met: Threshold, partly: Threshold) -> Iterator[Mistake]:
    one, other = met.at_most, partly.at_most
    if not isinstance(one, dict) or not isinstance(other, dict):
        return
    # A phase may keep its limit, as long as some phase is looser.
    tighter = [
        name
        for name in one.keys() & other.keys()
        if one[name].unit is other[name].unit and other[name].amount < one[name].amount
    ]
    for name in sorted(tighter):
        help_ = f"write more than {one[name]}"
        yield _no_looser((*path, name), other[name], one[name], help_)
    if one == other:
        help_ = "make a phase of it looser, or leave `partly_met` out"
        yield Mistake(path, "R030", "`partly_met` says the same as `met`", help_)


def _no_looser(path: Path, partly: object, met: object, help_: str) -> Mistake:
    how = "the same as" if partly == met else "tighter than"
    said = f"`{partly}` is {how} the limit of `met` ({met}), so nothing could be partly met"
    return Mistake(path, "R030", said, help_)
