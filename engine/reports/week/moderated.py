"""Where each audit stands after moderation, and the columns that the statistics work on.

In: the audits of a scored batch and the cases of the ledger. Out: ranks and `Files`. It must not
know how statistics are computed, nor what will be said of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from engine.moderation.cases import Case
from engine.reports.week.gathered import Scored
from engine.statistics.estimate import Batch
from engine.statistics.files import Bools, Files, Ints, Tier

Rank = Callable[[str], int]
"""A grade's rank, 0 of one that the rulebook does not know."""
TIERS = {"other": Tier.OTHER, "certainty": Tier.CERTAINTY, "added": Tier.ADDED}


class Stand(StrEnum):
    """How the grade of an audit came to stand as it does."""

    CONFIRMED = "confirmed"
    PANEL = "panel"
    APPEAL = "appeal"
    UNDER_WAY = "under_way"
    """a moderator has begun; nothing is confirmed"""
    TO_PANEL = "to_panel"
    NOT_MODERATED = "not_moderated"


@dataclass(frozen=True)
class Standing:
    """The grade of an audit after moderation (a rank, 0: none), and how it came about."""

    rank: int
    how: Stand


def standing(audit: Scored, case: Case | None, rank: Rank) -> Standing:
    """Return how an audit stands: its final grade or, until there is one, the capped grade."""
    if case is None:
        return Standing(audit.capped, Stand.NOT_MODERATED)
    if case.final is not None:
        return Standing(rank(case.final.grade), _how(case))
    if case.needs_panel:
        return Standing(audit.capped, Stand.TO_PANEL)
    begun = case.moderated is not None
    return Standing(audit.capped, Stand.UNDER_WAY if begun else Stand.NOT_MODERATED)


def _how(case: Case) -> Stand:
    if case.upheld is not None:
        return Stand.APPEAL
    return Stand.PANEL if case.panel else Stand.CONFIRMED


@dataclass(frozen=True)
class Columns:
    """`Files` of the audits that a statistic can be made of, and which audits those are.

    `places` gives the place of each file among all audits.
    """

    files: Files
    places: Ints

    @cached_property
    def batch(self) -> Batch:
        """Return the files with their predictions, which are made once for every part of them."""
        return Batch(self.files)

    def rows(self, chosen: Sequence[bool]) -> Bools:
        """Return which files are of chosen audits; `chosen` has one for every audit."""
        return np.asarray(chosen, dtype=np.bool_)[self.places]


def columns(  # noqa: PLR0913 - all that the columns are made of
    audits: Sequence[Scored],
    cases: Mapping[str, Case],
    rank: Rank,
    auditors: Mapping[str, int],
    domain: str | None = None,
    *,
    grades: int = 4,
) -> Columns:
    """Return the files that were in the draw and have an auditor's grade, overall or in a domain.

    `auditors` numbers the auditors from 0.
    """
    rows, places = [], []
    for place, audit in enumerate(audits):
        case = cases.get(audit.audit_id)
        said, cap = _said(audit, domain)
        if not said or case is None or case.included is None:
            continue
        places.append(place)
        rows.append((
            said, cap or grades, _moderated(case, domain, rank), auditors.get(audit.auditor, -1),
            case.included.inclusion, int(TIERS[case.included.tier]), case.included.drawn,
        ))  # fmt: skip
    return Columns(files_of(rows, grades), np.asarray(places, dtype=np.int64))


def files_of(rows: Sequence[tuple[float, ...]], grades: int) -> Files:
    """Return rows (audited, evidence, moderated, auditor, inclusion, tier, drawn) as columns."""
    table = np.asarray(rows, dtype=np.float64).reshape(len(rows), 7)
    audited, evidence, moderated, auditor, inclusion, tier, drawn = table.T
    whole = np.int64
    return Files(
        audited=audited.astype(whole),
        evidence=evidence.astype(whole),
        moderated=moderated.astype(whole),
        auditor=auditor.astype(whole),
        inclusion=inclusion.copy(),
        tier=tier.astype(whole),
        drawn=drawn.astype(np.bool_),
        grades=grades,
    )


def _said(audit: Scored, domain: str | None) -> tuple[int, int]:
    return (audit.said, audit.cap) if domain is None else audit.domains.get(domain, (0, 0))


def _moderated(case: Case, domain: str | None, rank: Rank) -> int:
    graded = case.moderated
    if graded is None:
        return 0
    grade = graded.grade if domain is None else graded.domains.get(domain)
    return rank(grade) if grade else 0
