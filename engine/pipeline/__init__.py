"""Compose the stages: rulebook and batch → findings → judgements → view.

The only room that knows all of them. It reads no clock (`as_of` is given) and prints nothing.
What a draw needs stands apart in `framing.py`: nobody who scores a batch has to import it.
"""

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from engine.pipeline.spark import score_spark

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
    "score_spark",
    "some_audits",
    "standard_sql",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    """Import what needs Spark only when it is asked for: it is an extra, and slow to start."""
    if name != "score_spark":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from engine.pipeline.spark import score_spark

    return score_spark
