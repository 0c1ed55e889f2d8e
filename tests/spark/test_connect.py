"""A session of Spark Connect is refused: what it gives was never held against this machine."""

from datetime import date
from typing import Any, cast

import pytest

from engine.errors import Stop
from engine.pipeline import score_spark
from tests.rules.rulebooks import shipped


class Remote:
    """A session of Spark Connect, as far as a run asks: it has no context."""

    def __getattr__(self, name: str) -> object:
        raise AttributeError(f"[JVM_ATTRIBUTE_NOT_SUPPORTED] `{name}` is not supported")


def test_a_session_of_spark_connect_is_refused() -> None:
    """Before anything is asked of it."""
    with pytest.raises(Stop) as stopped:
        score_spark(cast("Any", Remote()), shipped(), {}, as_of=date(2026, 6, 30))
    assert str(stopped.value) == (
        "spark: S114 the session is one of Spark Connect, on which nothing was shown to be the same\n"
        "  help: use a cluster whose notebooks have a `sparkContext`, or audit score --engine spark"
    )
