"""What is published tells no count of 1 to 5, however the rest is added and subtracted."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from engine.reports.week.document import (
    HIDDEN,
    Audience,
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Count,
    Document,
    Estimate,
    Paragraph,
    Share,
    Sum,
    Table,
)
from engine.reports.week.masking import mask
from engine.reports.week.quantities import cells
from tests.unit.attacker import worked_out
from tests.unit.published import document, documents, margins

TABLE, SUMS = margins("a", [[3, 12, 40], [9, 20, 6], [30, 7, 8]])


@settings(max_examples=40, deadline=None)
@given(documents())
def test_nothing_can_be_worked_out_by_subtraction(drawn: Document) -> None:
    masked = mask(drawn, Audience.PUBLISHED)
    assert worked_out(drawn, masked) == {}
    assert mask(drawn, Audience.PUBLISHED) == masked


@settings(max_examples=20, deadline=None)
@given(documents())
def test_noughts_and_what_stays_are_as_they_were(drawn: Document) -> None:
    masked = mask(drawn, Audience.PUBLISHED)
    for before, after in zip(cells(drawn), cells(masked), strict=True):
        assert after in {before, HIDDEN}
        if isinstance(before, Count) and before.value == 0:
            assert after == before


@settings(max_examples=20, deadline=None)
@given(documents())
def test_a_quantity_is_hidden_everywhere_or_nowhere(drawn: Document) -> None:
    pairs = list(zip(cells(drawn), cells(mask(drawn, Audience.PUBLISHED)), strict=True))
    hidden = {b.key for b, a in pairs if isinstance(b, Count) and a is HIDDEN}
    for _, after in pairs:
        match after:
            case Count(key=key):
                assert key not in hidden
            case Share(part=part, whole=whole):
                assert not {part.key, whole.key} & hidden
            case Estimate(base=base):
                assert base.key not in hidden


@settings(max_examples=20, deadline=None)
@given(documents())
def test_panel_and_leaders_see_everything(drawn: Document) -> None:
    for audience in (Audience.PANEL, Audience.LEADERS):
        assert mask(drawn, audience) == replace(drawn, audience=audience)


def test_hiding_the_small_counts_alone_is_undone() -> None:
    """The check itself is checked: margins give the hidden count back."""
    drawn = document(TABLE, sums=SUMS)
    assert worked_out(drawn, _naive(drawn)) == {"a.0.0": "3 to 3"}
    assert worked_out(drawn, mask(drawn, Audience.PUBLISHED)) == {}


def test_what_was_not_hidden_at_all_is_found() -> None:
    assert worked_out(document(TABLE), document(TABLE)) == {"a.0.0": "3 to 3"}


def test_a_sum_that_was_not_declared_is_found() -> None:
    """A reader sees that a row is headed `All`, whoever forgot to declare it."""
    drawn = document(TABLE)
    assert worked_out(drawn, mask(drawn, Audience.PUBLISHED)) == {"a.0.0": "3 to 3"}


def test_a_word_that_tells_a_hidden_one_is_found() -> None:
    """Whoever writes a published sentence says "files" whatever the number."""
    drawn = document(Paragraph(("In ", Count(1, "a"), " file a visit was missed.")))
    told = worked_out(drawn, mask(drawn, Audience.PUBLISHED))
    assert told == {"c file a visit was missed.": "1 to 1"}


def test_the_least_is_hidden_that_does() -> None:
    """One small count of a table with margins: a rectangle of four, of the smallest beside it."""
    masked = mask(document(TABLE, sums=SUMS), Audience.PUBLISHED)
    shown = [[cell is HIDDEN for cell in row] for row in _only_table(masked).rows]
    assert sum(map(sum, shown)) == 4
    assert not any(shown[-1])
    assert not any(row[-1] for row in shown)


@pytest.mark.parametrize("part", [97, 3])
def test_a_share_whose_rest_is_small_is_hidden(part: int) -> None:
    whole = Count(100, "audits")
    drawn = document(Paragraph((Share(Count(part, "seen"), whole), " of ", whole)))
    masked = mask(drawn, Audience.PUBLISHED)
    assert list(cells(masked)) == [HIDDEN, " of ", whole]
    assert worked_out(drawn, masked) == {}


def test_a_share_of_all_or_none_stays() -> None:
    whole = Count(60, "audits")
    shares = (Share(whole, whole), Share(Count(0, "none"), whole), Share(Count(60, "all"), whole))
    drawn = document(Paragraph(shares))
    assert list(cells(mask(drawn, Audience.PUBLISHED))) == list(shares)


def test_what_is_not_about_people_stays() -> None:
    drawn = document(
        Paragraph((Count(3), " standards, rule ", 4, " and ", Share(Count(1), Count(2))))
    )
    assert mask(drawn, Audience.PUBLISHED) == drawn


def test_a_share_with_one_nameless_end_is_guarded_too() -> None:
    one = Share(Count(2), Count(40, "audits"))
    other = Share(Count(2, "seen"), Count(40))
    for share in (one, other):
        assert list(cells(mask(document(Paragraph((share,))), Audience.PUBLISHED))) == [HIDDEN]


def test_two_tables_of_one_total_do_not_give_each_other_away() -> None:
    """Hidden in one table, a count could be read off a sentence that names its neighbours."""
    total = Count(50, "all")
    drawn = document(
        Bullets((("Good: ", Count(46, "good")), ("Below: ", Count(4, "below")), (total,))),
        Paragraph(("46 of 50: ", Share(Count(46, "good"), total))),
        sums=(Sum("all", ("good", "below")),),
    )
    masked = mask(drawn, Audience.PUBLISHED)
    assert worked_out(drawn, masked) == {}
    assert list(cells(masked))[-1] is HIDDEN
    assert list(cells(masked))[4] == total


def test_a_count_that_stands_nowhere_is_guarded_where_others_tell_it() -> None:
    """Of 53 audits 50 had a visit or none: the three others are printed nowhere."""
    sums = (Sum("all", ("with", "without", "other")), Sum("told", ("with", "without")))
    drawn = document(Paragraph((Count(53, "all"), Count(50, "told"))), sums=sums)
    masked = list(cells(mask(drawn, Audience.PUBLISHED)))
    assert masked.count(HIDDEN) == 1


def test_a_count_of_two_small_ones_is_at_least_two() -> None:
    sums = (Sum("both", ("a", "b")), Sum("all", ("both", "rest")))
    counts = {"a": 1, "b": 1, "both": 2, "rest": 48, "all": 50}
    drawn = document(Paragraph(tuple(Count(v, k) for k, v in counts.items())), sums=sums)
    masked = mask(drawn, Audience.PUBLISHED)
    assert worked_out(drawn, masked) == {}
    assert [cell is HIDDEN for cell in cells(masked)] == [True, True, True, True, False]


def test_an_estimate_goes_with_its_base_and_with_a_rate_that_tells() -> None:
    base = Count(60, "moderated")
    few = Estimate(0.3, -0.2, 0.8, "grades", Count(4, "few"))
    telling = [Estimate(v, None, None, "percent", base) for v in (5.0, 96.7)]
    fine = [Estimate(v, 20.0, 60.0, "percent", base) for v in (0.0, 40.0, 100.0)]
    drawn = document(Paragraph((few, *telling, *fine)))
    assert list(cells(mask(drawn, Audience.PUBLISHED))) == [HIDDEN, HIDDEN, HIDDEN, *fine]


def test_statistics_beside_a_hidden_count_are_hidden_there_and_elsewhere() -> None:
    base = Count(60, "moderated")
    estimate = Estimate(31.0, 20.0, 40.0, "percent", base)
    columns = tuple(Column(name, name) for name in ("head", "n", "mean", "good", "rank"))
    table = Table("t", "t", columns, (("A", Count(3, "a"), 2.5, estimate, 7),))
    drawn = document(table, Paragraph(("We estimate ", estimate)))
    masked = mask(drawn, Audience.PUBLISHED)
    assert _only_table(masked).rows == (("A", HIDDEN, HIDDEN, HIDDEN, 7),)
    assert list(cells(masked))[-1] is HIDDEN


def test_a_chart_with_a_hidden_number_keeps_no_line_drawn_at_a_value() -> None:
    chart = Chart("c", "matrix", "t", "d", TABLE, {"centre": 3.0}, {"limit": ((1.0, 2.0),)})  # type: ignore[arg-type]
    whole, _ = margins("b", [[30, 40], [50, 60]])
    drawn = document(chart, replace(chart, table=whole), sums=SUMS)
    first, second = mask(drawn, Audience.PUBLISHED).sections[0].blocks
    assert isinstance(first, Chart)
    assert (first.marks, first.curves) == ({}, {})
    assert second == replace(chart, table=whole)


def test_a_key_that_stands_for_two_numbers_is_a_mistake() -> None:
    drawn = document(Paragraph((Count(7, "a"), Count(8, "a"))))
    with pytest.raises(ValueError, match="`a` is 7 in one place and 8 in another"):
        mask(drawn, Audience.PUBLISHED)


def test_a_sum_that_does_not_add_up_is_a_mistake() -> None:
    drawn = document(Paragraph((Count(7, "a"), Count(8, "b"))), sums=(Sum("b", ("a",)),))
    with pytest.raises(ValueError, match="the parts of `b` make 7, not 8"):
        mask(drawn, Audience.PUBLISHED)


def test_a_part_that_is_more_than_its_whole_is_a_mistake() -> None:
    drawn = document(Paragraph((Share(Count(9, "a"), Count(8, "b")),)))
    with pytest.raises(ValueError, match="`b less a` is -1, below nought"):
        mask(drawn, Audience.PUBLISHED)


def _naive(drawn: Document) -> Document:
    """Hide the small counts and nothing else."""

    def block(one: Block) -> Block:
        assert isinstance(one, Table)
        return replace(one, rows=tuple(tuple(map(cell, row)) for row in one.rows))

    def cell(one: Cell) -> Cell:
        return HIDDEN if isinstance(one, Count) and 1 <= one.value <= 5 else one

    sections = (replace(s, blocks=tuple(map(block, s.blocks))) for s in drawn.sections)
    return replace(drawn, sections=tuple(sections))


def _only_table(masked: Document) -> Table:
    found = [b for s in masked.sections for b in s.blocks if isinstance(b, Table)]
    assert len(found) == 1
    return found[0]
