"""Draw, estimate and leniency agree with a slow working-out by other hands, to nine digits."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.statistics.draw import draw, plan
from engine.statistics.estimate import Batch
from engine.statistics.files import Files, Tier
from engine.statistics.leniency import by_auditor
from engine.statistics.predict import predict
from engine.statistics.weights import weights
from tests.unit import slow_statistics as slow

AUDITORS = 5
Numbers = float | list[float] | list[list[float]] | NDArray[np.float64] | NDArray[np.int64]
some = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 2**32)


def alike(found: Numbers, expected: Numbers) -> None:
    """Assert that numbers agree to nine digits."""
    assert np.shape(found) == np.shape(expected)
    assert np.allclose(np.asarray(found), np.asarray(expected), rtol=1e-9, atol=1e-9)


def batch(files: int, budget: int, seed: int, done: float, lowest: int) -> Files:
    """Return a batch with missing grades and auditors, some of the drawn undone, some added."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(lowest, 5, files)
    audited = np.where(rng.random(files) < 0.1, 0, np.clip(truth + rng.integers(-1, 3, files), 1, 4))  # fmt: skip
    evidence = np.where(rng.random(files) < 0.1, 0, np.clip(truth + rng.integers(-2, 2, files), 1, 4))  # fmt: skip
    auditor = rng.integers(-1, AUDITORS - 1, files)  # the last has no file
    planned = plan(audited, evidence, auditor, rng.random(files) < 0.05, budget)
    drawn = draw(planned, auditor, seed)
    added = ~drawn & (rng.random(files) < 0.1)
    kept = drawn & (rng.random(files) < done)
    return Files(
        audited,
        evidence,
        np.where(kept | added, truth, 0),
        auditor,
        np.where(added, 1.0, planned.inclusion),
        np.where(added, Tier.ADDED, planned.tier),
        drawn,
    )


made = st.builds(
    batch,
    st.integers(1, 150),
    st.integers(1, 160),
    seeds,
    st.sampled_from((0.5, 1.0)),
    st.sampled_from((1, 3, 4)),
)


@some
@given(st.integers(1, 60), st.integers(1, 70), seeds, st.sampled_from((0.0, 0.1, 1.0)))
@example(1, 1, 0, 0.0)
@example(40, 39, 3, 0.1)
def test_every_probability_of_the_draw_is_that_of_the_slow_way(
    files: int, budget: int, seed: int, broken: float
) -> None:
    rng = np.random.default_rng(seed)
    audited, evidence = rng.integers(0, 5, files), rng.integers(0, 5, files)
    auditor, cap = rng.integers(-1, 4, files), rng.random(files) < broken
    found = plan(audited, evidence, auditor, cap, budget).inclusion
    expected = slow.inclusion(
        audited.tolist(), evidence.tolist(), auditor.tolist(), cap.tolist(), budget
    )
    alike(found, expected)
    assert (found > 0).all()
    assert (found <= 1 + 1e-12).all()
    assert found.sum() == pytest.approx(min(budget, files))


@some
@given(made, st.integers(-1, AUDITORS - 1))
@example(batch(1, 1, 0, 1.0, 1), -1)
@example(batch(30, 40, 0, 1.0, 4), 0)
@example(batch(150, 90, 5, 1.0, 1), -1)
def test_weights_and_the_estimate_with_its_variance_are_those_of_the_slow_way(
    files: Files, team: int
) -> None:
    w = weights(files)
    moderated = files.moderated.tolist()
    alike(
        w,
        slow.weighed(
            moderated, files.inclusion.tolist(), files.tier.tolist(), files.drawn.tolist()
        ),
    )
    assert ((w == 0) | (w >= 1 - 1e-12)).all()
    predicted = predict(files, w).tolist()
    for rows in (np.ones(len(files), dtype=np.bool_), files.auditor == team):
        found = Batch(files).estimate(rows)
        if found.n < 2:
            continue
        shares, covariance, effective = slow.greg(
            moderated, predicted, w.tolist(), np.flatnonzero(rows).tolist()
        )
        kept = [max(0.0, share) for share in shares]
        alike(found.shares, [share / sum(kept) for share in kept])
        alike(found.covariance, covariance)
        alike(found.n_effective, effective)


@some
@given(made)
@example(batch(1, 1, 0, 1.0, 1))
@example(batch(40, 60, 2, 1.0, 4))
@example(batch(60, 4, 4, 1.0, 1))
def test_leniency_of_every_auditor_is_that_of_the_slow_way(files: Files) -> None:
    columns = (
        files.audited.tolist(),
        files.evidence.tolist(),
        files.moderated.tolist(),
        files.auditor.tolist(),
    )
    expected = slow.leniency(
        columns,
        weights(files).tolist(),
        AUDITORS,
    )
    found = by_auditor(files, AUDITORS)
    some_files = found.files > 0
    alike(found.moderated, [one["done"] for one in expected])
    alike(found.value, [one["value"] for one in expected])
    alike(found.shrunk, [one["shrunk"] for one in expected])
    alike(found.error[some_files], np.minimum(3, [one["error"] for one in expected])[some_files])
    if found.told.any():
        alike(found.median, slow.peers_median(expected))
        high = found.told & (found.shrunk > found.median + 0.25)
        assert found.flagged.tolist() == high.tolist()


def test_a_part_of_which_only_certain_files_were_moderated_is_not_known_for_certain() -> None:
    """Three files of twenty with π = 1 stand for themselves, not for the other seventeen."""
    n = 200
    moderated = np.tile([2, 3, 3, 4], n // 4)
    drawn = np.zeros(n, dtype=np.bool_)
    drawn[[0, 1, 2]] = True  # of the first team, for certain
    drawn[20::6] = True
    inclusion = np.where(np.arange(n) < 3, 1.0, 1 / 6)
    tier = np.where(np.arange(n) < 3, Tier.CERTAINTY, Tier.OTHER).astype(np.int64)
    files = Files(
        np.full(n, 3), np.full(n, 3), moderated * drawn, np.arange(n) // 20, inclusion, tier, drawn
    )
    found = Batch(files).estimate(files.auditor == 0)
    assert (found.n, found.files) == (3, 20)
    assert found.n_effective == pytest.approx(3 / (1 - 3 / 20))
    assert found.at_least(3).width > 0.5
    assert found.mean.width > 0.5
