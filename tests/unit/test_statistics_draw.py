"""The draw: probabilities that add up to the budget, none of them zero, and a fair draw by them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.statistics.draw import Plan, draw, plan
from engine.statistics.files import Bools, Files, Ints, Tier
from engine.statistics.weights import weights

few = settings(max_examples=60, deadline=None)
Columns = tuple[Ints, Ints, Ints, Bools]


@st.composite
def columns(drawing: st.DrawFn, most: int = 80) -> Columns:
    """Return grades of auditors and records, auditors and broken caps of some files."""
    n = drawing(st.integers(1, most))
    rng = np.random.default_rng(drawing(st.integers(0, 2**32)))
    auditors = drawing(st.integers(1, 6))
    named = drawing(st.sampled_from((-1, 0)))
    return (
        rng.integers(drawing(st.sampled_from((0, 1, 4))), 5, n),
        rng.integers(drawing(st.sampled_from((0, 1))), 5, n),
        rng.integers(named, auditors, n),
        rng.random(n) < drawing(st.sampled_from((0.0, 0.1, 1.0))),
    )


@few
@given(columns(), st.integers(1, 120))
def test_every_probability_is_above_zero_and_together_they_are_the_budget(
    batch: Columns, budget: int
) -> None:
    found = plan(*batch, budget).inclusion
    assert (found > 0).all()
    assert (found <= 1).all()
    assert found.sum() == pytest.approx(min(budget, len(found)))


@few
@given(columns(), st.integers(1, 120), st.integers(0, 2**63))
def test_the_draw_takes_as_many_files_as_the_budget_says(
    batch: Columns, budget: int, seed: int
) -> None:
    planned = plan(*batch, budget)
    drawn = draw(planned, batch[2], seed)
    assert drawn.sum() == min(budget, len(drawn))
    assert drawn[planned.inclusion >= 1].all()


@few
@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=60), st.integers(0, 2**32))
def test_the_number_drawn_is_the_sum_of_probabilities_rounded_down_or_up(
    chances: list[float], seed: int
) -> None:
    inclusion = np.array(chances)
    planned = Plan(inclusion, np.zeros(len(chances), dtype=np.int64))
    drawn = int(draw(planned, np.arange(len(chances)) % 3, seed).sum())
    assert np.floor(inclusion.sum() - 1e-6) <= drawn <= np.ceil(inclusion.sum() + 1e-6)


@few
@given(columns(), st.integers(1, 60), st.integers(0, 2**32))
def test_the_plan_follows_the_files_into_any_order(batch: Columns, budget: int, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(batch[0]))
    audited, evidence, auditor, broken = batch
    moved = plan(audited[order], evidence[order], auditor[order], broken[order], budget)
    assert moved.inclusion == pytest.approx(plan(*batch, budget).inclusion[order])


def test_sorted_by_audit_the_same_seed_draws_the_same_files_whatever_order_they_came_in() -> None:
    rng = np.random.default_rng(4)
    audits = np.array([f"A-{number:03}" for number in range(200)])
    auditor = rng.integers(0, 9, 200)
    planned = Plan(np.full(200, 0.1), np.zeros(200, dtype=np.int64))
    first = set(audits[draw(planned, auditor, 11)])
    order = rng.permutation(200)
    back = np.argsort(audits[order])
    again = draw(planned, auditor[order][back], 11)
    assert set(audits[order][back][again]) == first
    assert set(audits[draw(planned, auditor, 12)]) != first


def test_files_are_drawn_as_often_as_their_probability_says() -> None:
    rng = np.random.default_rng(2)
    batch = (rng.integers(1, 5, 60), rng.integers(1, 5, 60), rng.integers(0, 4, 60))
    planned = plan(*batch, np.zeros(60, dtype=np.bool_), 15)
    often = np.mean([draw(planned, batch[2], seed) for seed in range(4000)], axis=0)
    assert np.abs(often - planned.inclusion).max() < 0.04


def test_the_certainty_tier_is_a_gap_of_two_or_a_broken_cap_and_takes_two_fifths() -> None:
    audited = np.array([4, 3, 2, 0, 3] + [2] * 95)
    evidence = np.array([2, 2, 2, 1, 4] + [2] * 95)
    broken = np.array([False, False, True, True, False] + [False] * 95)
    found = plan(audited, evidence, np.zeros(100, dtype=np.int64), broken, 4)
    assert [Tier(tier) for tier in found.tier[:5]] == [
        Tier.CERTAINTY,
        Tier.OTHER,
        Tier.CERTAINTY,
        Tier.OTHER,
        Tier.OTHER,
    ]
    assert found.inclusion[[0, 2]] == pytest.approx(0.8)  # 0.4 · 4 files / 2 in the tier
    assert found.inclusion[1] > found.inclusion[5] > found.inclusion[4]
    assert found.inclusion[3] == pytest.approx(found.inclusion[5])  # no auditor's grade: size 1


def test_every_auditor_has_two_files_by_the_floor_where_the_budget_allows() -> None:
    auditor = np.repeat([0, 1, -1], [400, 10, 10])
    grade = np.full(420, 2)
    found = plan(grade, grade, auditor, np.zeros(420, dtype=np.bool_), 40).inclusion
    assert found[auditor == 1].sum() >= 2
    assert found[auditor == -1].sum() >= 2
    assert found[auditor == 0].max() < found[auditor == 1].min()


@pytest.mark.parametrize("certain", [0, 1, 5, 8])
def test_a_budget_that_others_cannot_use_up_goes_to_the_certainty_tier(certain: int) -> None:
    audited = np.array([4] * certain + [2] * (8 - certain))
    evidence = np.array([1] * certain + [2] * (8 - certain))
    found = plan(audited, evidence, np.zeros(8, dtype=np.int64), np.zeros(8, dtype=np.bool_), 7)
    assert found.inclusion.sum() == pytest.approx(7)


def test_one_file_is_drawn_for_certain_and_no_budget_at_all_is_refused() -> None:
    one, no = np.array([3]), np.array([False])
    planned = plan(one, one, np.array([-1]), no, 1)
    assert planned.inclusion.tolist() == [1.0]
    assert draw(planned, np.array([-1]), 0).tolist() == [True]
    with pytest.raises(ValueError, match="a budget is at least one file"):
        plan(one, one, np.array([-1]), no, 0)


def test_undone_files_are_made_good_within_their_tier_and_added_ones_weigh_nothing() -> None:
    tier = np.array([Tier.OTHER, Tier.OTHER, Tier.CERTAINTY, Tier.CERTAINTY, Tier.ADDED, 0])
    grade = np.full(6, 2)
    files = Files(
        audited=grade,
        evidence=grade,
        moderated=np.array([2, 2, 2, 0, 1, 3]),
        auditor=np.zeros(6, dtype=np.int64),
        inclusion=np.array([0.25, 0.5, 0.8, 0.8, 1.0, 0.5]),
        tier=tier,
        drawn=np.array([True, True, True, True, True, False]),
    )
    assert weights(files).tolist() == [4.0, 2.0, 2.5, 0.0, 0.0, 0.0]
    nobody = replace(files, moderated=np.zeros(6, dtype=np.int64))
    assert weights(nobody).tolist() == [0.0] * 6
