"""A performance extract held against the audits: by indicator two figures, the gap, the cases.

In: indicators, and what was found of each audit. Out: `Reconciled`.
A few audits are no census: the share that they saw comes with Wilson's interval, and a figure that
lies in it cannot be told apart from theirs. It must not know files or screens.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt

from engine.records.extract import Extract, Indicator
from engine.terms import ADVERSE, Outcome

Z = 1.959964  # of 95 per cent


class Verdict(StrEnum):
    """What two figures say together."""

    ALIKE = "the audits cannot tell these apart"
    LESS = "the audits show less than the extract"
    MORE = "the audits show more than the extract"
    NOTHING = "no audit can be held against it"


class Kind(StrEnum):
    """Why a case is listed."""

    NOT_SHOWN = "achieved in the extract, missed in the audit"
    NOT_COUNTED = "not achieved in the extract, met in the audit"
    MISSED = "missed in the audit"


@dataclass(frozen=True)
class Seen:
    """One audit as far as it matters here; `found` gives outcome and reason by standard."""

    audit_id: str
    child_id: str | None
    team: str | None
    first: date | None
    last: date | None
    found: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Case:
    """An audit behind a gap."""

    indicator: str
    standard: str
    kind: Kind
    audit_id: str
    child_id: str | None
    team: str | None
    outcome: str
    because: str


@dataclass(frozen=True)
class Line:
    """One indicator: the extract's figure, what the audits saw, and what lies between.

    `audits` are those of its period and team, `counts` their findings by outcome; `met` of
    `assessed` with the interval from `low` to `high` is the share that the audits saw. `gap` is in
    percentage points, below 0 where the audits saw less. `agreeing` counts audits whose finding is
    what the extract says of the same child, `compared` those of which it says anything.
    """

    indicator: Indicator
    title: str
    audits: int
    counts: Mapping[str, int]
    met: int
    assessed: int
    low: float | None
    high: float | None
    verdict: Verdict
    compared: int
    agreeing: int
    cases: tuple[Case, ...]

    @property
    def share(self) -> float | None:
        """Return the share that the audits saw."""
        return self.met / self.assessed if self.assessed else None

    @property
    def gap(self) -> float | None:
        """Return the audits' share less the extract's, in percentage points."""
        return None if self.share is None else 100 * (self.share - self.indicator.share)


@dataclass(frozen=True)
class Reconciled:
    """The whole: a line for each indicator, and audits that no period could be held against."""

    lines: tuple[Line, ...]
    audits: int
    without_period: int


def wilson(met: int, of: int) -> tuple[float, float]:
    """Return Wilson's interval of 95 per cent for `met` of `of`, which is above 0.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927), pages 209 to 212.

    >>> [round(end, 3) for end in wilson(9, 10)], [round(end, 3) for end in wilson(0, 5)]
    ([0.596, 0.982], [0.0, 0.434])
    """
    share, squared = met / of, Z * Z
    middle = (share + squared / (2 * of)) / (1 + squared / of)
    half = Z * sqrt(share * (1 - share) / of + squared / (4 * of * of)) / (1 + squared / of)
    # at the ends the sums are 0 and 1 but for what a computer rounds away
    return (middle - half if met else 0.0), (middle + half if met < of else 1.0)


def reconcile(extract: Extract, seen: Sequence[Seen], titles: Mapping[str, str]) -> Reconciled:
    """Hold an extract against the audits of a batch."""
    lines = tuple(
        _line(one, [audit for audit in seen if _within(audit, one)], extract, titles)
        for one in sorted(extract.indicators, key=lambda i: (i.place.file, i.name, _order(i)))
    )
    without = sum(audit.first is None and audit.last is None for audit in seen)
    return Reconciled(lines, len(seen), without)


def _order(one: Indicator) -> tuple[str, str, str]:
    return (str(one.period_start or ""), str(one.period_end or ""), one.team or "")


def _within(audit: Seen, one: Indicator) -> bool:
    if one.team is not None and (audit.team or "").casefold() != one.team.casefold():
        return False
    if one.period_start is None and one.period_end is None:
        return True
    first, last = audit.first or audit.last, audit.last or audit.first
    if first is None or last is None:
        return False
    begins, ends = one.period_start or date.min, one.period_end or date.max
    return first <= ends and last >= begins


def _line(
    one: Indicator, audits: Sequence[Seen], extract: Extract, titles: Mapping[str, str]
) -> Line:
    outcomes = [audit.found[one.standard][0] for audit in audits]
    counts = {str(outcome): outcomes.count(str(outcome)) for outcome in Outcome}
    met = counts[Outcome.MET]
    assessed = met + sum(counts[outcome] for outcome in ADVERSE)
    low, high = wilson(met, assessed) if assessed else (None, None)
    told = {
        audit.audit_id: said
        for audit in audits
        if (said := extract.children.get((one.name, audit.child_id or ""))) is not None
        and _judged(audit, one)
    }
    agreeing = sum(told[a.audit_id] == _met(a, one) for a in audits if a.audit_id in told)
    cases = tuple(_cases(one, audits, told, by_child=bool(told)))
    return Line(
        one, titles[one.standard], len(audits), counts, met, assessed, low, high,
        _verdict(one.share, low, high, met / assessed if assessed else 0),
        len(told), agreeing, cases,
    )  # fmt: skip


def _verdict(share: float, low: float | None, high: float | None, seen: float) -> Verdict:
    if low is None or high is None:
        return Verdict.NOTHING
    if low <= share <= high:
        return Verdict.ALIKE
    return Verdict.LESS if seen < share else Verdict.MORE


def _met(audit: Seen, one: Indicator) -> bool:
    return audit.found[one.standard][0] == Outcome.MET


def _judged(audit: Seen, one: Indicator) -> bool:
    return audit.found[one.standard][0] in {str(Outcome.MET), *map(str, ADVERSE)}


def _cases(
    one: Indicator, audits: Sequence[Seen], told: Mapping[str, bool], *, by_child: bool
) -> Iterable[Case]:
    for audit in audits:
        if not _judged(audit, one):
            continue
        met, said = _met(audit, one), told.get(audit.audit_id)
        kind = None
        if said is not None and said != met:
            kind = Kind.NOT_SHOWN if said else Kind.NOT_COUNTED
        elif said is None and not met and not by_child:
            kind = Kind.MISSED
        if kind is not None:
            outcome, because = audit.found[one.standard]
            yield Case(
                one.name, one.standard, kind, audit.audit_id, audit.child_id, audit.team,
                outcome, because,
            )  # fmt: skip
