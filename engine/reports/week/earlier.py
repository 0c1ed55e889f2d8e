"""The few figures by which one week is compared with another, worked out from a ledger alone.

In: the entries of a ledger. Out: a `Headline`. A ledger holds every audit of its draw with the
auditor's grade and the cap as they stood, so that an earlier week needs no batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.moderation.cases import Case, cases
from engine.moderation.entries import Draw, Entry, WeekReported
from engine.reports.week.measured import Estimated, Matrix, estimated, matrix
from engine.reports.week.moderated import TIERS, Columns, files_of


@dataclass(frozen=True)
class Headline:
    """A week in a few figures; `week` is what its report called it, empty if none was made."""

    week: str
    files: int
    moderated: int
    estimate: Estimated | None
    matrix: Matrix
    drawn: Draw | None


def headline(
    entries: Sequence[Entry], grades: tuple[str, ...], *, only: str = "", but: str = ""
) -> Headline:
    """Return the figures of one draw of a ledger: the one named, or the last that is not `but`."""
    draws = [one.body for one in entries if isinstance(one.body, Draw) and one.body.draw != but]
    drawn = next((one for one in reversed(draws) if not only or one.draw == only), None)
    own = drawn.draw if drawn is not None else None
    found = [case for _, case in sorted(cases(entries, grades).items()) if case.draw == own]
    rows = [row for case in found if (row := _row(case, grades)) is not None]
    files = files_of(rows, len(grades))
    columns = Columns(files, np.arange(len(rows), dtype=np.int64))
    names = [one.body.week for one in entries if isinstance(one.body, WeekReported)]
    return Headline(
        week=names[-1] if names else "",
        files=len(rows),
        moderated=int((files.moderated > 0).sum()),
        estimate=estimated(columns, max(1, len(grades) - 1)),
        matrix=matrix(files),
        drawn=drawn,
    )


def _row(case: Case, grades: tuple[str, ...]) -> tuple[float, ...] | None:
    """Return a case as a row of `files_of`; nothing if it was in no draw or has no grade."""
    ranks = {grade: place for place, grade in enumerate(grades, start=1)}
    included = case.included
    said = ranks.get(included.overall.auditor_grade or "", 0) if included is not None else 0
    if included is None or not said:
        return None
    evidence = ranks.get(included.overall.cap or "", len(grades))
    moderated = ranks.get(case.moderated.grade, 0) if case.moderated is not None else 0
    tier = int(TIERS[included.tier])
    return (said, evidence, moderated, -1, included.inclusion, tier, included.drawn)
