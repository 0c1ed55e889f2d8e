"""Agreement is told from one table: direction first, coefficients last, none of them alone."""

from dataclasses import fields
from math import inf, nan

import numpy as np
import pytest

from engine.statistics.agreement import Agreement, agreement
from engine.statistics.coefficients import (
    Chance,
    Weighing,
    cohen,
    cohen_chance,
    from_counts,
    gwet,
    gwet_chance,
    krippendorff,
    scott_chance,
    small_sample,
)
from engine.statistics.files import Floats, Ints
from engine.statistics.interval import Interval, wilson

QUADRATIC = Weighing.QUADRATIC
BALANCED = np.array([[18, 6, 0, 0], [6, 17, 2, 0], [0, 2, 17, 3], [0, 0, 3, 26]])
NEARLY_ALL_GOOD = np.array([[0, 0, 0, 0], [0, 2, 14, 0], [0, 14, 168, 1], [0, 0, 1, 0]])
ONE_TOO_HIGH = np.array([[0, 0, 0, 0], [15, 0, 0, 0], [0, 41, 0, 0], [0, 0, 44, 0]])
HALF_TOO_HIGH = np.array([[0, 0, 0, 0], [17, 21, 0, 0], [0, 12, 21, 0], [0, 0, 17, 12]])


def drawn(counts: Ints) -> Agreement:
    """Return the agreement of files drawn at random with replacement: multinomial covariance."""
    n = int(counts.sum())
    p = (counts / n).reshape(-1)
    return agreement(counts / n, (np.diag(p) - np.outer(p, p)) / n, n)


@pytest.mark.parametrize(
    ("counts", "exact", "gap", "others"),
    [
        (BALANCED, 0.78, 0, (0.71, 0.92, 0.71, 0.91, 0.92)),
        (NEARLY_ALL_GOOD, 0.85, 0, (0.04, 0.06, 0.84, 0.98, 0.06)),
        (ONE_TOO_HIGH, 0, 1, (-0.32, 0.50, -0.30, 0.67, 0.34)),
        (HALF_TOO_HIGH, 0.54, 0.46, (0.36, 0.73, 0.40, 0.84, 0.71)),
    ],
    ids=["balanced", "nearly all good", "every file one too high", "half one too high"],
)
def test_no_coefficient_alone_tells_how_far_two_people_agree(
    counts: Ints, exact: float, gap: float, others: tuple[float, ...]
) -> None:
    """Kappa, weighted kappa, AC1, AC2, alpha; the tables are made to give the figures known."""
    found = drawn(counts)
    assert found.weighted_kappa is not None
    assert found.ac2 is not None
    assert found.alpha is not None
    assert round(found.exact.value, 2) == exact
    assert round(found.mean_gap.value, 2) == gap
    coefficients = (cohen(counts).value, found.weighted_kappa.value, gwet(counts).value)
    rest = (found.ac2.value, found.alpha.value)
    assert tuple(round(value, 2) for value in coefficients + rest) == others


def test_the_order_is_that_of_display() -> None:
    assert [field.name for field in fields(Agreement)] == [
        "mean_gap", "exact", "within_one", "over", "under", "weighted_kappa", "ac2", "alpha",
    ]  # fmt: skip


def test_a_random_sample_gives_the_intervals_that_are_known() -> None:
    found, n = drawn(HALF_TOO_HIGH), 100
    assert _ends(found.exact) == pytest.approx(_ends(wilson(0.54, n)))
    assert _ends(found.over) == pytest.approx(_ends(wilson(0.46, n)))
    assert found.under == wilson(0, n)
    assert found.within_one == wilson(1, n)
    gap_error = np.sqrt(0.46 * 0.54 / n)
    assert found.mean_gap.low == pytest.approx(0.46 - 1.959964 * gap_error)
    for interval, chance in ((found.weighted_kappa, cohen_chance), (found.ac2, gwet_chance)):
        assert interval is not None
        known = from_counts(HALF_TOO_HIGH, QUADRATIC, chance)
        assert interval.value == pytest.approx(known.value)
        assert interval.high == pytest.approx(known.value + 1.959964 * known.error)


def test_alpha_is_that_of_krippendorff() -> None:
    found = drawn(BALANCED).alpha
    assert found is not None
    assert found.value == pytest.approx(krippendorff(BALANCED, QUADRATIC).value)


def test_over_and_under_are_directions_of_the_auditor() -> None:
    kinder, harsher = np.zeros((4, 4)), np.zeros((4, 4))
    kinder[3, 0] = harsher[0, 3] = 1.0
    nothing = np.zeros((16, 16))
    up, down = agreement(kinder, nothing, 60), agreement(harsher, nothing, 60)
    assert (up.over.value, up.under.value, up.mean_gap.value) == (1, 0, 3)
    assert (down.over.value, down.under.value, down.mean_gap.value) == (0, 1, -3)
    assert up.within_one.value == 0


def test_where_every_file_was_moderated_there_is_nothing_left_to_be_unsure_of() -> None:
    found = agreement(HALF_TOO_HIGH / 100, np.zeros((16, 16)), 100)
    assert (found.exact.low, found.exact.high) == (0.54, 0.54)
    assert _ends(found.mean_gap) == pytest.approx((0.46, 0.46, 0.46))
    assert agreement(HALF_TOO_HIGH / 100, np.zeros((16, 16)), inf).under.high == 0


def test_what_no_moderated_file_shows_is_known_to_three_in_n_only() -> None:
    """Predictions put .03 of all files two grades apart; none of 60 was, so none or .05 may be."""
    table = np.array([[0.2, 0, 0, 0], [0.2, 0.2, 0, 0], [0.03, 0.1, 0.27, 0], [0, 0, 0, 0]])
    covariance, seen = (
        np.eye(16) * 1e-8,
        np.array([[12, 0, 0, 0], [12, 12, 0, 0], [0, 6, 18, 0], [0] * 4]),
    )
    sure = agreement(table, covariance, 60).within_one
    told = agreement(table, covariance, 60, seen)
    assert sure.high < 0.98
    assert told.within_one.value == pytest.approx(0.97)
    assert told.within_one.low == pytest.approx(wilson(0.97, 60).low)
    assert told.within_one.high == 1
    assert told.under == wilson(0, 60)
    assert told.exact == agreement(table, covariance, 60).exact
    never = agreement(table, covariance, 60, np.diag([60, 0, 0, 0])).over
    assert never.low == 0
    assert never.high == pytest.approx(wilson(0.33, 60).high)


def test_where_all_files_have_one_grade_no_coefficient_is_given() -> None:
    found = drawn(np.diag([0, 0, 60, 0]))
    assert (found.weighted_kappa, found.alpha) == (None, None)
    assert found.ac2 is not None
    assert found.exact == wilson(1, 60)


def test_a_wide_error_does_not_leave_the_scale() -> None:
    found = agreement(HALF_TOO_HIGH / 100, np.eye(16) * 4, 3)
    assert (found.mean_gap.low, found.mean_gap.high) == (-3, 3)
    assert found.weighted_kappa is not None
    assert (found.weighted_kappa.low, found.weighted_kappa.high) == (-1, 1)


def test_a_covariance_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="the table is square and the covariance is that of its"):
        agreement(np.eye(4) / 4, np.zeros((4, 4)), 10)


@pytest.mark.parametrize("chance", [cohen_chance, gwet_chance, scott_chance])
def test_intervals_hold_the_truth_as_often_as_they_say(chance: Chance) -> None:
    """800 draws of 300 files, seed 5: the delta method covers .92 to .975."""
    true = HALF_TOO_HIGH / 100
    wanted = _true(true, chance)
    rng = np.random.default_rng(5)
    held = 0
    for counts in rng.multinomial(300, true.reshape(-1), size=800).reshape(-1, 4, 4):
        found = from_counts(counts, QUADRATIC, chance)
        held += abs(found.value - wanted) <= 1.959964 * found.error
    assert 0.92 <= held / 800 <= 0.975


def test_the_small_sample_term_vanishes() -> None:
    assert small_sample(0.5, 10) == 0.525
    assert small_sample(0.5, inf) == 0.5
    assert np.isnan(small_sample(nan, 10))


def _true(table: Floats, chance: Chance) -> float:
    return from_counts((table * 10**8).astype(np.int64), QUADRATIC, chance).value


def _ends(interval: Interval) -> tuple[float, float, float]:
    return interval.value, interval.low, interval.high
