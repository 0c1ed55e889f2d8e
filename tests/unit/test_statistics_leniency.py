"""Leniency: what it is where all is known, steadied where little is, silent where nothing is."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.statistics.files import Files, Floats
from engine.statistics.leniency import Leniency, by_auditor, steadied

few = settings(max_examples=60, deadline=None)


def made(auditors: int, each: int, seed: int, lenient: Floats | None = None) -> Files:
    """Return a batch whose every file was moderated, with auditors as lenient as said."""
    rng = np.random.default_rng(seed)
    n = auditors * each
    auditor = np.arange(n) % auditors
    quality = rng.normal(2.4, 0.9, n)
    own = np.zeros(auditors) if lenient is None else lenient

    def grade(seen: Floats) -> Floats:
        return np.clip(np.rint(seen), 1, 4)

    return Files(
        audited=grade(quality + own[auditor] + rng.normal(0, 0.4, n)).astype(np.int64),
        evidence=grade(quality + rng.normal(0, 0.5, n)).astype(np.int64),
        moderated=grade(quality).astype(np.int64),
        auditor=auditor,
        inclusion=np.ones(n),
        tier=np.zeros(n, dtype=np.int64),
        drawn=np.ones(n, dtype=np.bool_),
    )


def part(files: Files, share: float, seed: int) -> Files:
    """Return the batch with a random part of it moderated."""
    drawn = np.random.default_rng(seed).random(len(files)) < share
    inclusion = np.full(len(files), share)
    return replace(files, moderated=files.moderated * drawn, inclusion=inclusion, drawn=drawn)


def numbers(found: Leniency) -> list[Floats]:
    """Return all arrays of numbers."""
    arrays = [getattr(found, field.name) for field in fields(found)]
    return [np.asarray(array, dtype=float) for array in arrays]


@few
@given(st.integers(1, 6), st.integers(1, 12), st.integers(0, 2**32), st.sampled_from((0, 0.3, 1)))
def test_whatever_was_moderated_every_figure_is_a_number_in_order(
    auditors: int, each: int, seed: int, share: float
) -> None:
    files = part(made(auditors, each, seed), share or 0.5, seed)
    if not share:
        files = replace(files, moderated=np.zeros(len(files), dtype=np.int64))
    found = by_auditor(files, auditors + 1)  # the last has no file
    assert all(np.isfinite(array).all() for array in numbers(found))
    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()
    assert (found.told <= (found.moderated >= 3)).all()
    assert (found.flagged <= found.told).all()
    assert (found.above <= found.flagged).all()
    assert (found.files[-1], found.low[-1], found.high[-1]) == (0, -3, 3)


def test_leniency_is_the_auditors_less_the_moderators_mean_where_all_was_moderated() -> None:
    files = made(20, 200, 3, np.linspace(-0.5, 0.9, 20))
    truth = np.bincount(files.auditor, files.audited - files.moderated) / 200
    found = by_auditor(files, 20)
    assert np.corrcoef(found.value, truth)[0, 1] > 0.99
    assert found.value == pytest.approx(truth, abs=0.1)  # steadied by the peers even so
    assert found.median == pytest.approx(np.median(found.value))


def test_a_tenth_moderated_finds_leniency_and_its_intervals_hold_it() -> None:
    lenient = np.random.default_rng(1).normal(0.4, 0.3, 100)
    files = made(100, 60, 5, lenient)
    truth = np.bincount(files.auditor, files.audited - files.moderated) / 60
    found = by_auditor(part(files, 0.1, 2), 100)
    assert np.corrcoef(found.value, truth)[0, 1] > 0.85
    assert ((found.low <= truth) & (truth <= found.high)).mean() >= 0.9


def test_an_auditor_far_above_the_peers_is_flagged_and_one_alike_is_not() -> None:
    lenient = np.tile([0.0, 0.3], 10)
    lenient[4] = 1.4
    found = by_auditor(part(made(20, 100, 8, lenient), 0.2, 1), 20)
    assert found.flagged.nonzero()[0].tolist() == [4]
    assert found.above[4]


def test_fewer_than_three_moderated_files_are_not_enough_to_tell() -> None:
    files = made(3, 40, 2, np.array([0.0, 0.0, 2.0]))
    few_of_two = (files.auditor != 2) | (np.arange(120) < 6)
    files = replace(files, moderated=files.moderated * few_of_two, drawn=few_of_two)
    found = by_auditor(files, 3)
    assert found.moderated.tolist() == [40, 40, 2]
    assert found.told.tolist() == [True, True, False]
    assert not found.flagged[2]


def test_numbering_the_auditors_otherwise_moves_the_figures_with_them() -> None:
    files = part(made(5, 30, 4, np.linspace(0, 1, 5)), 0.4, 3)
    new = np.array([3, 0, 4, 1, 2])
    found, other = by_auditor(files, 5), by_auditor(replace(files, auditor=new[files.auditor]), 5)
    assert other.value[new] == pytest.approx(found.value)
    assert other.shrunk[new] == pytest.approx(found.shrunk)


def test_files_without_an_auditor_or_an_auditors_grade_are_nobodys_leniency() -> None:
    files = part(made(4, 30, 6), 0.5, 1)
    nobody = np.arange(120) % 5 == 0
    found = by_auditor(replace(files, auditor=np.where(nobody, -1, files.auditor)), 4)
    assert found.files.sum() == 96
    ungraded = by_auditor(replace(files, audited=np.where(nobody, 0, files.audited)), 4)
    assert ungraded.files.sum() == 96


def test_means_are_drawn_to_their_common_one_the_more_the_less_is_known() -> None:
    means = np.array([0.0, 0.1, 0.2, 1.0])
    sure, _ = steadied(means, np.full(4, 1e-4), 0.3)
    unsure, variance = steadied(means, np.array([0.01, 0.01, 0.01, 0.5]), 0.3)
    assert sure == pytest.approx(means, abs=0.01)
    assert unsure[3] < 0.5
    assert variance[3] > variance[0]
    unseen, wide = steadied(means, np.array([0.01, 0.01, 0.01, np.inf]), 0.3)
    assert unseen[3] == pytest.approx(0.1, abs=0.02)
    assert wide[3] > wide[0]
    nothing, _ = steadied(means, np.full(4, np.inf), 0.3)
    assert nothing.tolist() == [0.0] * 4
