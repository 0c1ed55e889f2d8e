"""Compose the stages: rulebook and batch → findings → judgements → view.

The only room that knows all of them. It reads no clock (`as_of` is given) and prints nothing.
What a draw needs stands apart in `framing.py`: nobody who scores a batch has to import it.
"""

from engine.pipeline.parts import gather, score_in_parts
from engine.pipeline.rows import audit_rows
from engine.pipeline.scoring import Progress, Scoring, header, no_progress
from engine.pipeline.whole import (
    explained,
    score,
    score_one_by_one,
    some_audits,
    standard_sql,
)

__all__ = [
    "Progress",
    "Scoring",
    "audit_rows",
    "explained",
    "gather",
    "header",
    "no_progress",
    "score",
    "score_in_parts",
    "score_one_by_one",
    "some_audits",
    "standard_sql",
]
