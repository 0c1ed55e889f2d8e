"""How many files to moderate, how steady an auditor is, and what a funnel holds."""

from dataclasses import replace

import numpy as np
import pytest

from engine.statistics.consistency import consistency
from engine.statistics.files import Files, Floats
from engine.statistics.funnel import Funnel, funnel
from engine.statistics.power import (
    BIASED_ENGINE,
    FAIR_ENGINE,
    NO_ENGINE,
    Engine,
    Plan,
    files_needed,
    files_per_auditor,
    half_width,
    power,
)


def files(audited: list[int], moderated: list[int], auditor: list[int]) -> Files:
    n = len(audited)
    return Files(
        audited=np.array(audited),
        evidence=np.full(n, 4),
        moderated=np.array(moderated),
        auditor=np.array(auditor),
        inclusion=np.ones(n),
        tier=np.zeros(n, dtype=np.int64),
        drawn=np.ones(n, dtype=np.bool_),
    )


def weigh(weights: list[float]) -> Floats:
    return np.array(weights, dtype=np.float64)


def test_five_points_take_the_planning_figures() -> None:
    """About 190 files at random and about 330 by the tiered draw, to ± 5 points."""
    assert files_needed(0.05, Plan.RANDOM, p=0.42) == 188
    assert files_needed(0.05, Plan.TIERED, p=0.42) == 337
    assert files_needed(0.05, Plan.RANDOM) == 193
    assert files_needed(0.05, Plan.TIERED) == 346


@pytest.mark.parametrize(
    ("plan", "measured"),
    [(Plan.MODERATED_ONLY, 0.058), (Plan.RANDOM, 0.041), (Plan.TIERED, 0.055)],
)
def test_widths_are_those_of_the_simulation(plan: Plan, measured: float) -> None:
    """1,000 of 10,000 files moderated, 42 per cent good or better."""
    assert 2 * half_width(1000, plan, 10_000, 0.42) == pytest.approx(measured, abs=0.0006)


@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize("wanted", [0.02, 0.05, 0.1])
def test_as_many_as_are_needed_are_enough_and_one_less_is_not(plan: Plan, wanted: float) -> None:
    needed = files_needed(wanted, plan, 400)
    assert half_width(needed, plan, 400) <= wanted
    assert half_width(needed - 1, plan, 400) > wanted


def test_nobody_is_asked_for_more_files_than_there_are() -> None:
    assert files_needed(0.001, Plan.TIERED, 60) == 60
    assert half_width(60, Plan.TIERED, 60) == 0


@pytest.mark.parametrize(
    ("width", "number", "p"), [(0.0, 10, 0.5), (1.0, 10, 0.5), (0.05, 0, 0.5), (0.05, 10, 1.0)]
)
def test_a_plan_for_nothing_is_refused(width: float, number: int, p: float) -> None:
    with pytest.raises(ValueError, match="lie between 0 and 1, and a batch has files"):
        files_needed(width, Plan.RANDOM, number, p)


@pytest.mark.parametrize(
    ("engine", "measured"),
    [
        (NO_ENGINE, {8: 0.72, 10: 0.81, 12: 0.87, 20: 0.98}),
        (FAIR_ENGINE, {3: 0.85, 5: 0.87, 8: 0.89, 10: 0.91, 12: 0.92, 20: 0.96}),
        (BIASED_ENGINE, {3: 0.58, 5: 0.65, 8: 0.74, 10: 0.77, 12: 0.81, 20: 0.90}),
    ],
    ids=["none", "fair", "biased"],
)
def test_power_is_that_of_the_simulation(engine: Engine, measured: dict[int, float]) -> None:
    """An auditor half a grade above peers, 30 files, by moderated files."""
    for moderated, wanted in measured.items():
        assert power(moderated, engine) == pytest.approx(wanted, abs=0.021)


def test_ten_files_an_auditor_without_an_engine_three_with_a_fair_one_twelve_with_a_biased() -> (
    None
):
    found = [files_per_auditor(engine) for engine in (NO_ENGINE, FAIR_ENGINE, BIASED_ENGINE)]
    assert found == [10, 3, 12]


def test_an_auditor_of_too_few_files_cannot_be_told() -> None:
    assert files_per_auditor(NO_ENGINE, files=8) is None


def test_consistency_tells_share_exact_and_spread() -> None:
    seen = files([3, 3, 2, 4, 4], [3, 2, 3, 2, 2], [0, 0, 0, 1, 1])
    found = consistency(seen, np.ones(5), 3)
    assert found.exact[:2].tolist() == [pytest.approx(1 / 3), 0]
    assert found.spread[:2].tolist() == [pytest.approx(1), 0]
    assert found.moderated.tolist() == [3, 2, 0]
    assert not np.isfinite([found.exact[2], found.spread[2]]).any()
    assert not found.shown.any()


def test_consistency_is_weighted_as_the_files_were_drawn() -> None:
    seen = files([3, 4], [3, 2], [0, 0])
    assert consistency(seen, weigh([9, 1]), 1).exact.tolist() == [0.9]


def test_consistency_is_shown_from_twenty_files() -> None:
    seen = files([3] * 39, [3] * 39, [0] * 20 + [1] * 19)
    assert consistency(seen, np.ones(39), 2).shown.tolist() == [True, False]


def test_files_that_say_nothing_are_left_out() -> None:
    seen = files([3, 4, 0, 4, 2], [3, 0, 3, 2, 2], [0, 0, 0, -1, 0])
    w = weigh([1, 0, 1, 1, 0])
    assert consistency(seen, w, 1).moderated.tolist() == [1]
    assert funnel(seen, w, 1).moderated.tolist() == [1]


def test_the_funnel_of_equal_weights_is_the_textbooks() -> None:
    seen = files([3, 4, 3, 4, 4], [3, 2, 2, 4, 3], [0, 0, 0, 1, 1])
    found = funnel(seen, np.ones(5), 2)
    assert found.gap.tolist() == [1, 0.5]
    assert found.centre == pytest.approx(0.8)
    assert found.spread == pytest.approx(np.sqrt((1 + 1 + 0 + 0.25 + 0.25) / 3))


def test_limits_hold_95_and_99_8_of_100() -> None:
    rng = np.random.default_rng(8)
    gaps = rng.normal(0.3, 0.6, (20_000, 9)).mean(axis=1)
    low, inner_low, inner_high, high = Funnel(gaps, np.array([9]), 0.3, 0.6).limits(np.array([9]))
    assert np.mean((inner_low < gaps) & (gaps < inner_high)) == pytest.approx(0.95, abs=0.005)
    assert np.mean((low < gaps) & (gaps < high)) == pytest.approx(0.998, abs=0.001)


def test_limits_hold_auditors_who_do_not_differ_also_when_weights_do() -> None:
    """400 auditors, 8 files each, drawn with weights from 1 to 9: 95 in 100 lie inside."""
    rng = np.random.default_rng(2)
    n = 3200
    moderated = rng.integers(1, 4, n)
    seen = files(
        (moderated + rng.integers(0, 2, n)).tolist(),
        moderated.tolist(),
        np.repeat(np.arange(400), 8).tolist(),
    )
    found = funnel(seen, rng.choice([1.0, 9.0], n), 400)
    _, low, high, _ = found.limits(found.moderated)
    assert np.mean((low < found.gap) & (found.gap < high)) == pytest.approx(0.95, abs=0.03)


def test_a_funnel_of_single_files_has_no_limits() -> None:
    seen = files([3, 4], [3, 2], [0, 1])
    assert np.isnan(funnel(seen, np.ones(2), 2).spread)
    nobody = funnel(replace(seen, auditor=np.array([-1, -1])), np.ones(2), 2)
    assert np.isnan(nobody.centre)
    assert nobody.moderated.tolist() == [0, 0]
