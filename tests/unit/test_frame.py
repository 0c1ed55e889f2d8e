"""The frame of a draw is the same, whoever answers for it."""

from dataclasses import replace

import pytest

from engine.pipeline import Scoring
from engine.pipeline.framing import frame
from tests.unit.moderated import AS_OF, read
from tests.unit.synthetic_batches import rulebook


def test_few_audits_make_the_frame_that_the_database_makes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In Python or in slices of the database; the bar counts on to the whole batch either way."""
    with read() as batch:
        scoring = Scoring(rulebook(), batch, AS_OF, plain=True, size=30)
        told: list[tuple[int, int]] = []
        in_slices = frame(scoring, lambda done, total: told.append((done, total)))
        assert told == [(30, 60), (60, 60)]
        told.clear()
        whole = frame(replace(scoring, size=60), lambda done, total: told.append((done, total)))
        assert told == [(60, 60)]
        monkeypatch.setattr("engine.pipeline.rows.FEW", 0)
        planned = frame(replace(scoring, size=60))
    assert in_slices == whole == planned
    assert any(row.worker_id for row in whole.rows)
