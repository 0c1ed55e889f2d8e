"""Coefficients of agreement come out as they are published, to the printed digits.

Ectopic pregnancy (two abstractors), six psychiatrists and four raters: the vignettes `overview`
and `weighting` of the R package irrCAC 1.0 (Gwet, 2019), after Gwet, Handbook of Inter-Rater
Reliability (2014). The 3 by 3 table: SAS PROC FREQ; anxiety and diagnoses: the R package irr 0.84.1
(after Fleiss 1971), both as quoted in the tests of statsmodels 0.15. The canonical table of four
observers: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).
"""

from collections.abc import Callable
from math import isnan, nan

import numpy as np
import pytest

from engine.statistics.coefficients import (
    Coefficient,
    Weighing,
    brennan_prediger,
    cohen,
    crosstab,
    error_without_agreement,
    even_chance,
    gwet,
    gwet_chance,
    krippendorff,
    scott,
    scott_chance,
    weights,
)
from engine.statistics.files import Ints
from engine.statistics.ratings import (
    Metric,
    alpha,
    conger,
    counts_by_unit,
    fleiss,
    fleiss_without_agreement,
    percent_agreement,
    several,
)

NOMINAL, LINEAR, QUADRATIC = Weighing.NOMINAL, Weighing.LINEAR, Weighing.QUADRATIC
ABSTRACTORS = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
SAS = np.array([[0, 4, 1], [0, 8, 0], [0, 1, 5]])
RATER_2 = "3 6 4 6 2 4 2 4 3 3 2 3 3 3 2 2 1 3 3 4"
RATER_3 = "2 1 4 4 3 2 1 6 1 1 1 2 3 3 1 1 3 3 2 2"
PSYCHIATRISTS = np.array([[int(digit) for digit in line] for line in (
    ["00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040", "00006", "10050", "11040", "03300", "10050", "02031"])])  # fmt: skip
DIAGNOSES = np.array([[int(digit) for digit in line] for line in ["444444", "222555", "233335", "555555", "222444", "113333", "333355", "113334", "114444", "555555", "144444", "124444", "222333", "144444", "224445", "333335", "111455", "111112", "224444", "133555", "555555", "244444", "224555", "114444", "144445", "222224", "111155", "224444", "133333", "555555"]], dtype=np.float64)  # fmt: skip
FOUR = np.array([[float(c) if c != "." else nan for c in line] for line in ["11.1", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", ".555", "..11", "..3."]])  # fmt: skip
FIVE = np.arange(1.0, 6.0)


@pytest.mark.parametrize(
    ("coefficient", "weighing", "value", "error"),
    [
        (cohen, NOMINAL, 0.7964094, 0.05891072),
        (scott, NOMINAL, 0.7962397, 0.05905473),
        (gwet, NOMINAL, 0.8493305, 0.04321747),
        (brennan_prediger, NOMINAL, 0.835, 0.04693346),
        (krippendorff, NOMINAL, 0.7972585, 0.05905473),
        (cohen, QUADRATIC, 0.8921569, 0.03535151),
        (scott, QUADRATIC, 0.8921093, 0.03539506),
        (gwet, QUADRATIC, 0.9402369, 0.01792019),
        (brennan_prediger, QUADRATIC, 0.9175, 0.02346673),
        (krippendorff, QUADRATIC, 0.8926487, 0.03539506),
    ],
)
def test_two_raters_come_out_as_published_with_their_errors(
    coefficient: Callable[[Ints, Weighing], Coefficient],
    weighing: Weighing,
    value: float,
    error: float,
) -> None:
    found = coefficient(ABSTRACTORS, weighing)
    assert round(found.value, 7) == value
    assert found.error == pytest.approx(error, abs=5e-8)


def test_weighted_kappa_comes_out_as_sas_prints_it() -> None:
    plain, linear = cohen(SAS), cohen(SAS, LINEAR)
    assert (round(plain.value, 4), round(plain.error, 4)) == (0.4842, 0.138)
    assert (round(linear.value, 4), round(linear.error, 4)) == (0.4701, 0.1457)
    assert round(error_without_agreement(SAS), 4) == 0.1484
    assert round(error_without_agreement(SAS, LINEAR), 4) == 0.1426
    assert round(plain.value / error_without_agreement(SAS), 4) == 3.2626
    assert round(linear.value / error_without_agreement(SAS, LINEAR), 4) == 3.2971


@pytest.mark.parametrize(
    ("weighing", "value", "z"),
    [
        (NOMINAL, -0.006289308, -0.0604067),
        (LINEAR, 0.1459075, 1.282472),
        (QUADRATIC, 0.2520325, 1.437451),
    ],
)
def test_anxiety_comes_out_as_published_where_the_unused_grade_is_dropped(
    weighing: Weighing, value: float, z: float
) -> None:
    dropped = np.array([0, 1, 2, 3, 4, 0, 5])
    table = crosstab(dropped[_ints(RATER_2)], dropped[_ints(RATER_3)], 5)
    found = cohen(table, weighing).value
    assert found == pytest.approx(value, abs=5e-8)
    assert found / error_without_agreement(table, weighing) == pytest.approx(z, abs=5e-7)


def test_an_unused_grade_is_never_dropped() -> None:
    """Nobody gave a 5; with it, 4 and 6 lie two grades apart, not one."""
    table = crosstab(_ints(RATER_2), _ints(RATER_3), 6)
    assert table.shape == (6, 6)
    assert (table[4].sum(), table[:, 4].sum()) == (0, 0)
    assert round(cohen(table, QUADRATIC).value, 4) == 0.2298
    assert round(cohen(table, LINEAR).value, 4) == 0.1262


def test_a_grade_that_no_rater_used_counts_for_several_raters_too() -> None:
    three = np.array([[1.0, 1.0], [2.0, 4.0], [4.0, 4.0]])
    narrow, wide = np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0, 4.0])
    found = [
        several(counts_by_unit(three, v), weights(QUADRATIC, len(v)), gwet_chance).value
        for v in (narrow, wide)
    ]
    assert [round(value, 4) for value in found] == [0.7857, 0.64]


@pytest.mark.parametrize(
    ("weighing", "ac", "pi", "even"),
    [
        (NOMINAL, (0.4448007, 0.08418757), (0.4139265, 0.08119291), (0.4388889, 0.08312142)),
        (QUADRATIC, (0.4837438, 0.1058227), (0.2511909, 0.1457381), (0.4177778, 0.1067493)),
    ],
)
def test_six_raters_come_out_as_published(
    weighing: Weighing,
    ac: tuple[float, float],
    pi: tuple[float, float],
    even: tuple[float, float],
) -> None:
    w = weights(weighing, 5)
    for chance, (value, error) in ((gwet_chance, ac), (scott_chance, pi), (even_chance, even)):
        found = several(PSYCHIATRISTS, w, chance)
        assert found.value == pytest.approx(value, abs=5e-8)
        assert found.error == pytest.approx(error, abs=5e-8)


def test_alpha_of_six_raters_comes_out_as_published() -> None:
    """The value; the printed errors (.0824, .1340) are of a formula that irrCAC later mended.

    It took the chance term once where the two ratings of a pair make it twice; with as many raters
    a unit, the error of alpha is that of Fleiss's kappa.
    """
    nominal = alpha(PSYCHIATRISTS, FIVE, Metric.NOMINAL)
    interval = alpha(PSYCHIATRISTS, FIVE, Metric.INTERVAL)
    assert (round(nominal.value, 7), round(interval.value, 6)) == (0.4204384, 0.259511)
    assert nominal.error == pytest.approx(fleiss(PSYCHIATRISTS, weights(NOMINAL, 5)).error)
    assert interval.error == pytest.approx(fleiss(PSYCHIATRISTS, weights(QUADRATIC, 5)).error)


@pytest.mark.parametrize(
    ("weighing", "printed"),
    [
        (NOMINAL, {
            "pa": (0.8181818, 0.12561), "ac": (0.77544, 0.14295),
            "pi": (0.76117, 0.15302), "conger": (0.76282, 0.14917),
        }),
        (QUADRATIC, {
            "pa": (0.9753788, 0.09062), "ac": (0.914, 0.10396), "pi": (0.86494, 0.14603),
            "conger": (0.85771, 0.14367), "even": (0.90152, 0.11089),
        }),
    ],
)  # fmt: skip
def test_four_raters_of_whom_some_left_units_out_come_out_as_published(
    weighing: Weighing, printed: dict[str, tuple[float, float]]
) -> None:
    w, counts = weights(weighing, 5), counts_by_unit(FOUR, FIVE)
    found = {
        "pa": percent_agreement(counts, w),
        "ac": several(counts, w, gwet_chance),
        "pi": fleiss(counts, w),
        "even": several(counts, w, even_chance),
        "conger": conger(FOUR, FIVE, w),
    }
    for name, (value, error) in printed.items():
        assert found[name].value == pytest.approx(value, abs=5.1e-6)
        assert found[name].error == pytest.approx(error, abs=5.1e-6)


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        (Metric.NOMINAL, 0.743),
        (Metric.ORDINAL, 0.815),
        (Metric.INTERVAL, 0.849),
        (Metric.RATIO, 0.797),
    ],
)
def test_krippendorffs_canonical_table_comes_out_as_published(metric: Metric, value: float) -> None:
    assert round(alpha(counts_by_unit(FOUR, FIVE), FIVE, metric).value, 3) == value


def test_alpha_with_missing_ratings_has_the_published_errors() -> None:
    counts = counts_by_unit(FOUR, FIVE)
    nominal, interval = (alpha(counts, FIVE, m) for m in (Metric.NOMINAL, Metric.INTERVAL))
    assert (round(nominal.value, 5), round(nominal.error, 5)) == (0.74342, 0.14557)
    assert (round(interval.value, 5), round(interval.error, 5)) == (0.84911, 0.12913)


def test_fleisss_kappa_comes_out_as_in_1971() -> None:
    counts = counts_by_unit(DIAGNOSES, FIVE)
    found = fleiss(counts, np.eye(5)).value
    assert round(found, 7) == 0.4302445
    assert found / fleiss_without_agreement(counts) == pytest.approx(17.65183, abs=5e-6)


def test_alpha_of_a_table_is_alpha_of_its_ratings() -> None:
    ratings = np.array([[1.0, 1.0], [2.0, 3.0], [4.0, 3.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.0]])
    values = np.arange(1.0, 5.0)
    table = crosstab(ratings[:, 0].astype(np.int64), ratings[:, 1].astype(np.int64), 4)
    single = alpha(counts_by_unit(ratings, values), values, Metric.INTERVAL).value
    assert krippendorff(table, QUADRATIC).value == pytest.approx(single)


def test_where_all_files_have_one_grade_there_is_no_coefficient() -> None:
    table = np.diag([0, 0, 60, 0])
    assert all(isnan(f(table).value) for f in (cohen, scott, krippendorff))
    assert gwet(table).value == 1
    assert isnan(cohen(np.zeros((4, 4), dtype=np.int64)).value)
    one = counts_by_unit(np.full((5, 2), 3.0), FIVE)
    assert isnan(alpha(one, FIVE, Metric.ORDINAL).value)
    assert isnan(fleiss(one, np.eye(5)).error)


def test_where_no_unit_has_two_ratings_there_is_no_coefficient() -> None:
    single = np.array([[1.0, nan], [nan, 2.0]])
    counts = counts_by_unit(single, FIVE)
    found = (
        percent_agreement(counts, np.eye(5)),
        fleiss(counts, np.eye(5)),
        alpha(counts, FIVE, Metric.NOMINAL),
        conger(single, FIVE, np.eye(5)),
    )
    assert all(isnan(coefficient.value) for coefficient in found)


def test_a_rating_off_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="a rating is none of the values"):
        counts_by_unit(np.array([[6.0, 1.0]]), FIVE)


def _ints(digits: str) -> Ints:
    return np.array([int(digit) for digit in digits.split()])
