"""The exceptions declared on a file, in words, beside the finding that they bear on.

Never an excuse by themselves: a finding stays what it is, unless the standard says otherwise.
"""

from collections.abc import Iterable

from engine.findings.exceptions import Declared
from engine.findings.stage import Evidence
from engine.reports.wording import long_date, mid_sentence
from engine.rulebook.book import Rulebook
from engine.rulebook.standard import Standard


def declared_words(
    rulebook: Rulebook, standard: Standard, found: Evidence, declared: Iterable[Declared]
) -> str:
    """Return a sentence for each exception that the standard lists and the finding's days touch."""
    first, last = found.day_from or found.clock, found.day_to
    listed = (one for one in declared if one.kind in standard.exceptions)
    told = [_told(rulebook, one) for one in listed if one.touches(first, last)]
    return f" Declared on the file: {'; '.join(told)}." if told else ""


def _told(rulebook: Rulebook, one: Declared) -> str:
    title = rulebook.title(one.kind)
    reason = " ".join((one.reason or "").split()).rstrip(".")
    said = f' ("{reason}")' if reason else " (no reason is given)"
    return f"{mid_sentence(title)}{_days(one)}{said}"


def _days(one: Declared) -> str:
    """Return the days that an exception held; one that goes on has no last day."""
    if one.start is None:
        return ", on days that are not on record"
    if one.start == one.end:
        return f", {long_date(one.start)}"
    until = f"to {long_date(one.end)}" if one.end else "and going on"
    return f", from {long_date(one.start)} {until}"
