"""The estimate: unbiased by the draw, exact where all was moderated, equal to the textbooks."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.statistics.draw import draw, plan
from engine.statistics.estimate import Batch, BatchEstimate, batch, difference, joint
from engine.statistics.files import Files, Floats
from engine.statistics.interval import Interval, normal, wilson
from engine.statistics.predict import predict, table
from engine.statistics.weights import weights

few = settings(max_examples=60, deadline=None)

# The study of ice cream in a school of 4,000 (SAS/STAT User's Guide, The SURVEYMEANS Procedure,
# Getting Started; sample program SVMGS): dollars a week of the pupils in each grade.
ICE_CREAM = {
    7: [7, 7, 1, 10, 3, 2, 2, 6, 6, 6, 3, 12, 4, 2, 1, 4, 11, 2, 2, 9],
    8: [12, 20, 19, 16, 17, 14, 18, 10, 13],
    9: [10, 15, 15, 8, 8, 7, 14, 9, 8, 6, 11],
}
PUPILS = {7: 1824, 8: 1025, 9: 1151}

# Dead trees on 25 of 100 plots: seen on a photograph, counted on the ground; 11.3 a plot on all
# photographs (Lohr, Sampling: Design and Analysis, the example of regression estimation).
PHOTO = np.array([10, 12, 7, 13, 13, 6, 17, 16, 15, 10, 14, 12, 10, 5, 12, 10, 10, 9, 6, 11, 7, 9, 11, 10, 10])  # fmt: skip
FIELD = np.array([15, 14, 9, 14, 8, 5, 18, 15, 13, 15, 11, 15, 12, 8, 13, 9, 11, 12, 9, 12, 13, 11, 10, 9, 8])  # fmt: skip


def errors(covariance: Floats) -> Floats:
    """Return standard errors."""
    found: Floats = np.sqrt(np.diag(covariance))
    return found


def spent() -> Floats:
    """Return dollars, and whether they are fewer than ten: (40, 2)."""
    dollars = np.concatenate(list(ICE_CREAM.values()))
    return np.stack([dollars, dollars < 10], axis=1).astype(float)


def test_a_simple_random_sample_gives_the_printed_means_and_standard_errors() -> None:
    nothing = np.zeros((40, 2))
    found = difference(spent(), nothing, np.zeros(2), np.full(40, 100.0))
    assert found.value.round(6).tolist() == [8.75, 0.575]
    assert errors(found.covariance).round(6).tolist() == [0.845139, 0.078761]


def test_a_stratified_sample_gives_the_printed_means_and_standard_errors() -> None:
    grade = np.repeat(list(ICE_CREAM), [len(dollars) for dollars in ICE_CREAM.values()])
    w = np.array([PUPILS[one] / len(ICE_CREAM[one]) for one in grade.tolist()])
    found = difference(spent(), np.zeros((40, 2)), np.zeros(2), w, grade)
    assert found.value.round(6).tolist() == [9.141298, 0.544555]
    assert errors(found.covariance).round(6).tolist() == [0.531799, 0.058424]


def test_a_regression_estimate_gives_the_printed_mean_and_standard_error() -> None:
    slope, start = np.polyfit(PHOTO, FIELD, 1)
    assert (round(start, 2), round(slope, 3)) == (5.06, 0.613)
    predicted = (start + slope * PHOTO)[:, None]
    mean = np.array([start + slope * 11.3])
    found = difference(FIELD[:, None].astype(float), predicted, mean, np.full(25, 4.0))
    assert round(float(found.value[0]), 2) == 11.99
    assert round(float(errors(found.covariance)[0]), 3) == 0.408


@few
@given(st.lists(st.integers(0, 9), min_size=2, max_size=30), st.integers(1, 20))
def test_equal_weights_without_a_prediction_are_the_textbooks_formula(
    numbers: list[int], w: int
) -> None:
    """(1 - n/N)s²/n, with N = n·w."""
    values = np.array(numbers, dtype=float)[:, None]
    found = difference(values, np.zeros_like(values), np.zeros(1), np.full(len(numbers), float(w)))
    expected = (1 - 1 / w) * values.var(ddof=1) / len(numbers)
    assert found.value[0] == pytest.approx(values.mean())
    assert found.covariance[0, 0] == pytest.approx(expected, abs=1e-12)


@st.composite
def batches(drawing: st.DrawFn) -> Files:
    """Return a batch of any shape: without auditors, without grades, drawn and partly moderated."""
    n, seed = drawing(st.integers(1, 120)), drawing(st.integers(0, 2**32))
    rng = np.random.default_rng(seed)
    lowest = drawing(st.sampled_from((0, 1, 3)))
    truth = rng.integers(lowest or 1, 5, n)
    audited = np.where(rng.random(n) < 0.1, 0, np.clip(truth + rng.integers(-1, 2, n), 1, 4))
    evidence = rng.integers(0, 5, n)
    auditor = rng.integers(-1, 5, n)
    planned = plan(audited, evidence, auditor, rng.random(n) < 0.05, drawing(st.integers(1, 130)))
    drawn = draw(planned, auditor, seed)
    done = drawn & (rng.random(n) < drawing(st.sampled_from((0.0, 0.5, 1.0))))
    moderated = np.where(done, truth, 0)
    return Files(audited, evidence, moderated, auditor, planned.inclusion, planned.tier, drawn)


def sound(interval: Interval, least: float, most: float) -> bool:
    """Say whether an interval is made of numbers, in order, that can be."""
    return least - 1e-9 <= interval.low <= interval.value <= interval.high <= most + 1e-9


@few
@given(batches(), st.integers(0, 3))
def test_whatever_the_batch_shares_are_shares_and_intervals_are_in_order(
    files: Files, team: int
) -> None:
    whole = Batch(files)
    for rows in (None, files.auditor == team):
        found = whole.estimate(rows)
        assert found.shares.sum() == pytest.approx(1)
        assert (found.shares >= 0).all()
        assert np.isfinite(found.covariance).all()
        assert all(sound(interval, 0, 1) for interval in found.intervals)
        assert all(sound(found.at_least(grade), 0, 1) for grade in range(1, 5))
        assert sound(found.mean, 1, 4)
        if found.n == 0:
            assert [(one.low, one.high) for one in found.intervals] == [(0, 1)] * 4
            assert (found.mean.low, found.mean.high) == (1, 4)


@few
@given(batches())
def test_whatever_the_batch_the_table_of_both_grades_is_one_of_shares(files: Files) -> None:
    found = joint(files)
    assert found.table.shape == (4, 4)
    assert found.table.sum() == pytest.approx(1)
    assert (found.table >= 0).all()
    assert np.isfinite(found.covariance).all()
    assert found.covariance == pytest.approx(found.covariance.T)
    assert found.files == int((files.audited > 0).sum())


def made(n: int, seed: int = 1) -> Files:
    """Return a batch whose every file was moderated, each grade among them."""
    rng = np.random.default_rng(seed)
    moderated = np.concatenate([[1, 2, 3, 4], rng.choice(4, n - 4, p=[0.2, 0.4, 0.3, 0.1]) + 1])
    audited = np.clip(moderated + rng.choice([-1, 0, 1], n, p=[0.1, 0.5, 0.4]), 1, 4)
    evidence = np.clip(moderated + rng.choice([-1, 0, 1], n, p=[0.2, 0.6, 0.2]), 1, 4)
    zero, yes = np.zeros(n, dtype=np.int64), np.ones(n, dtype=np.bool_)
    return Files(audited, evidence, moderated, rng.integers(0, 5, n), np.ones(n), zero, yes)


def sample(files: Files, budget: int, seed: int) -> Files:
    """Return the batch with only a tiered draw of it moderated."""
    no = np.zeros(len(files), dtype=np.bool_)
    planned = plan(files.audited, files.evidence, files.auditor, no, budget)
    drawn = draw(planned, files.auditor, seed)
    moderated = np.where(drawn, files.moderated, 0)
    return replace(
        files, moderated=moderated, inclusion=planned.inclusion, tier=planned.tier, drawn=drawn
    )


@few
@given(st.integers(5, 200), st.integers(0, 2**32))
def test_a_batch_that_was_moderated_whole_is_told_exactly(n: int, seed: int) -> None:
    files = made(n, seed)
    shares = np.bincount(files.moderated, minlength=5)[1:] / n
    found = batch(files)
    assert found.shares == pytest.approx(shares)
    assert all(one.width == pytest.approx(0, abs=1e-12) for one in found.intervals)
    assert found.at_least(3).width == found.mean.width == 0
    assert found.mean.value == pytest.approx(files.moderated.mean())
    both = np.zeros((4, 4))
    np.add.at(both, (files.audited - 1, files.moderated - 1), 1 / n)
    assert joint(files).table == pytest.approx(both)
    assert joint(files).covariance == pytest.approx(0)


def test_a_draw_by_risk_is_unbiased_and_its_intervals_hold_the_truth() -> None:
    files = made(2000)
    truth = (files.moderated >= 3).mean()
    found = [batch(sample(files, 200, seed)).at_least(3) for seed in range(200)]
    assert np.mean([one.value for one in found]) == pytest.approx(truth, abs=0.006)
    assert 0.90 <= np.mean([one.holds(truth) for one in found]) <= 0.99


def test_numbering_the_auditors_otherwise_changes_no_estimate() -> None:
    files = sample(made(300), 60, 3)
    other = replace(files, auditor=np.array([3, 0, 4, 1, 2])[files.auditor])
    assert batch(other).shares.tolist() == batch(files).shares.tolist()
    assert joint(other).covariance.tolist() == joint(files).covariance.tolist()


def test_parts_add_up_to_the_whole_and_the_table_to_the_shares() -> None:
    files = sample(made(1000), 400, 5)
    whole = batch(files)
    assert joint(files).table.sum(axis=0) == pytest.approx(whole.shares, abs=0.001)
    team = files.auditor < 2
    parts = [batch(files, rows) for rows in (team, ~team)]
    assert sum(part.n for part in parts) == whole.n
    assert sum(part.files for part in parts) == whole.files == 1000
    both = sum(part.shares * part.files for part in parts) / 1000
    assert both == pytest.approx(whole.shares, abs=0.03)


def test_a_grade_that_nobody_gave_is_up_to_three_in_n() -> None:
    n = 1000
    moderated = np.tile([2, 3], n // 2)
    files = replace(made(n), moderated=moderated, inclusion=np.full(n, 0.1))
    drawn = np.arange(n) % 10 < 1
    drawn[5::20] = True
    drawn[::20] = False
    files = replace(files, moderated=np.where(drawn, moderated, 0), drawn=drawn)
    found = batch(files)
    assert found.n == 100
    assert found.seen.tolist()[3] == 0
    rare = found.intervals[3]
    assert (rare.value, rare.low) == (0, 0)
    assert rare.high == pytest.approx(3 * 0.9 / 100)  # nine tenths of the batch are unseen
    assert found.at_least(2).low == pytest.approx(1 - 3 * 0.9 / 100)


def test_a_share_pushed_to_the_edge_by_the_prediction_is_not_taken_for_unknown() -> None:
    covariance = np.zeros((4, 4))
    covariance[0, 0] = covariance[1, 1] = 1e-4
    covariance[0, 1] = covariance[1, 0] = -1e-4
    shares, seen = np.array([0.0, 0.6, 0.3, 0.1]), np.array([1, 120, 60, 19])
    found = BatchEstimate(shares, covariance, seen, 200, 200.0, 1000)
    assert found.intervals[0].high == pytest.approx(wilson(0, 50).high)


def test_one_moderated_file_tells_nothing_for_certain_and_none_nothing_at_all() -> None:
    files = made(50)
    drawn = np.arange(50) == 2
    one = replace(
        files,
        moderated=files.moderated * drawn,
        inclusion=np.full(50, 0.02),
        drawn=drawn,
    )
    found = batch(one)
    assert (found.n, found.enough) == (1, False)
    assert [(each.low, each.high) for each in found.intervals] == [(0, 1)] * 4
    none = batch(replace(one, moderated=np.zeros(50, dtype=np.int64)))
    assert none.shares.tolist() == [0.25] * 4
    assert none.mean == Interval(2.5, 1, 4)


def test_a_team_without_a_moderated_file_says_so() -> None:
    files = sample(made(100), 10, 1)
    quiet = ~files.drawn
    found: BatchEstimate = batch(files, quiet)
    assert (found.n, found.files) == (0, 90)
    assert found.at_least(3).width == 1
    nobody = batch(files, np.zeros(100, dtype=np.bool_))
    assert (nobody.n, nobody.files) == (0, 0)


def test_predictions_are_shares_and_a_cell_leans_on_its_row_and_column() -> None:
    files = sample(made(400), 80, 2)
    w = weights(files)
    assert predict(files, w).sum(axis=1) == pytest.approx(1)
    assert predict(files, w).min() >= 0
    found = table(files, w)
    assert found.shape == (5, 5, 4)
    assert found[4, 4] @ np.arange(4) > found[1, 1] @ np.arange(4)


def test_a_share_of_no_files_may_be_anything_and_an_endless_error_too() -> None:
    assert wilson(0.3, 0) == Interval(0.3, 0, 1)
    assert wilson(0.3, float("inf")) == Interval(0.3, 0.3, 0.3)
    assert wilson(1.2, 10).value == 1
    assert normal(2.0, float("inf"), 1, 4) == Interval(2.0, 1, 4)
    # Wilson's own limits for 15 of 148 (Newcombe, Statistics in Medicine 17, 1998, table I)
    found = wilson(15 / 148, 148)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0624, 0.1605)
