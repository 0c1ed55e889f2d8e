"""What to hide is found from keys, values and sums alone."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.statistics.counts import Counts, Relation, completed
from engine.statistics.suppression import suppress


def counts(
    values: dict[str, int], *relations: Relation, cost: dict[str, int] | None = None
) -> Counts:
    return completed(Counts(values, relations, frozenset(values), cost=cost or {}))


def test_without_small_counts_nothing_is_hidden() -> None:
    assert suppress(counts({"a": 6, "b": 0, "all": 6}, Relation("all", ("a", "b")))) == frozenset()


def test_a_count_on_its_own_is_hidden_alone() -> None:
    assert suppress(counts({"a": 1, "b": 6})) == {"a"}


def test_the_cheaper_neighbour_is_hidden_with_it() -> None:
    sum_ = Relation("all", ("a", "b", "c"))
    values = {"a": 3, "b": 20, "c": 30, "all": 53}
    assert suppress(counts(values, sum_, cost={"b": 9, "c": 1, "all": 9})) == {"a", "c"}
    assert suppress(counts(values, sum_, cost={"b": 9, "c": 9, "all": 1})) == {"a", "all"}


def test_a_nought_hides_nobody() -> None:
    """Of a, b and nought, nought stays; so the total has to go with the small one."""
    sum_ = Relation("all", ("a", "none"))
    assert suppress(counts({"a": 3, "none": 0, "all": 3}, sum_)) == {"a", "all"}


def test_many_small_parts_of_a_small_total_hide_the_total() -> None:
    """Six parts of six would be one each."""
    parts = tuple("abcdef")
    values = dict.fromkeys(parts, 1) | {"all": 6}
    assert suppress(counts(values, Relation("all", parts))) == {*parts, "all"}


def test_a_count_that_counts_three_times_is_guarded() -> None:
    sum_ = Relation("all", ("a", "a", "a"))
    assert suppress(counts({"a": 2, "all": 6}, sum_)) == {"a", "all"}


def test_counts_that_follow_are_told_and_others_are_loose() -> None:
    made = counts(
        {"all": 53, "told": 50}, Relation("all", ("told", "rest")), Relation("told", ("x", "y"))
    )
    assert made.values["rest"] == 3
    assert made.loose == {"x", "y"}
    assert made.values["x"] + made.values["y"] == 50


def test_a_count_that_follows_only_from_two_sums_together_is_no_loose_one() -> None:
    sums = (Relation("one", ("x", "y")), Relation("two", ("x", "y", "z")))
    made = counts({"one": 50, "two": 53}, *sums)
    assert made.values["z"] == 3
    assert made.loose == {"x", "y"}
    assert len(suppress(made)) == 1


def test_sums_that_cannot_be_are_refused() -> None:
    sums = (Relation("one", ("x", "y")), Relation("two", ("x", "y", "z")))
    with pytest.raises(ValueError, match="the declared sums do not fit what is printed"):
        counts({"one": 53, "two": 50}, *sums)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_keys_and_sums_is_irrelevant(parts: list[int], random: Random) -> None:
    values = {f"p{place}": value for place, value in enumerate(parts)}
    sums = [
        Relation("all", tuple(values)),
        Relation("all", ("first", "others")),
        Relation("others", tuple(values)[1:]),
        Relation("first", ("p0",)),
    ]
    values |= {"all": sum(parts), "first": parts[0], "others": sum(parts[1:])}
    mixed, turned = list(values.items()), list(sums)
    random.shuffle(mixed)
    random.shuffle(turned)
    assert suppress(counts(values, *sums)) == suppress(counts(dict(mixed), *turned))
