"""Charts: the numbers of the table beside the marks, seen by everybody, nothing that is hidden."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.reports.week import cells
from engine.reports.week.charts import KINDS, draw, ink, matrix, pages
from engine.reports.week.charts.funnel import at
from engine.reports.week.document import HIDDEN, Cell, Chart, Count, Estimate, Share
from tests.unit import documents, goldens

CHARTS = {
    "paired_bars": documents.paired_bars,
    "matrix": documents.matrix,
    "caterpillar": documents.caterpillar,
    "funnel": documents.funnel,
    "dots": documents.dots,
    "run": documents.run,
}
SVG = "{http://www.w3.org/2000/svg}"
NAMES = st.text(max_size=60)
NUMBERS = st.sampled_from([float("nan"), float("inf")]) | st.floats(-1e9, 1e9) | st.floats(-3, 3)
ENDS = st.none() | NUMBERS
CELLS = st.one_of(
    st.just(HIDDEN),
    st.none(),
    st.builds(Count, st.integers(0, 10**6)),
    st.builds(Share, st.builds(Count, st.integers(0, 9)), st.builds(Count, st.integers(0, 9))),
    st.builds(
        Estimate, NUMBERS, ENDS, ENDS, st.sampled_from(["grades", "percent"]), st.just(Count(3))
    ),
    NUMBERS,
)


def _root(chart: Chart) -> ET.Element:
    return ET.fromstring(draw(chart))  # noqa: S314 - drawn here


def _words(chart: Chart) -> list[str]:
    return [found.text or "" for found in _root(chart).iter(f"{SVG}text")]


def _with_rows(chart: Chart, rows: list[tuple[Cell, ...]]) -> Chart:
    return replace(chart, table=replace(chart.table, rows=tuple(rows)))


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_drawn_as_it_was(name: str) -> None:
    goldens.check(f"chart-{name}.svg", draw(CHARTS[name]()) + "\n")


def test_every_kind_is_drawn_and_tried() -> None:
    assert set(KINDS) == {make().kind for make in CHARTS.values()}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_says_what_it_is(name: str) -> None:
    """It is one picture to a screen reader, with a title and a description of its own."""
    chart, root = CHARTS[name](), _root(CHARTS[name]())
    named = {found.get("id"): found.text for found in root.iter() if found.get("id")}
    assert root.get("role") == "img"
    labels = str(root.get("aria-labelledby")).split()
    assert [named[label] for label in labels] == [chart.title, chart.description]


@pytest.mark.parametrize("name", ["paired_bars", "caterpillar", "dots", "matrix"])
def test_every_number_of_the_table_stands_in_the_chart(name: str) -> None:
    chart = CHARTS[name]()
    words = " | ".join(_words(chart))
    for row in chart.table.rows:
        for cell in row[1:]:
            assert cells.text(cell) in words


def test_a_run_writes_each_value_and_leaves_a_gap_where_one_is_hidden() -> None:
    words = _words(documents.run())
    assert [word for word in words if word in {"48%", "57%", "c"}] == ["48%", "c", "57%"]
    assert _joins(documents.run()) == 0
    shown = [row for row in documents.run().table.rows if row[1] != HIDDEN]
    assert _joins(_with_rows(documents.run(), shown)) == 1


def _joins(chart: Chart) -> int:
    lines = _root(chart).iter(f"{SVG}line")
    return sum(one.get("x1") != one.get("x2") and one.get("y1") != one.get("y2") for one in lines)


def test_a_point_outside_the_inner_limits_is_a_diamond_with_its_gap() -> None:
    root = _root(documents.funnel())
    assert len(list(root.iter(f"{SVG}polygon"))) == 1
    assert len(list(root.iter(f"{SVG}circle"))) == 3
    assert f"Auditor 4 {cells.MINUS}0.06" in _words(documents.funnel())


def test_a_curve_is_read_between_its_points() -> None:
    curve = ((2.0, 1.0), (4.0, 0.0))
    assert [at(curve, x) for x in (1, 2, 3, 4, 9)] == [1, 1, 0.5, 0, 0]


@pytest.mark.parametrize("name", CHARTS)
def test_what_is_hidden_leaves_no_trace(name: str) -> None:
    """Whatever number was hidden, the picture is the same: its length tells nothing."""
    chart = CHARTS[name]()
    drawn = set()
    for factor in (1, 7):
        rows = [
            tuple(_times(cell, factor) if place == 1 else cell for place, cell in enumerate(row))
            for row in chart.table.rows
        ]
        hidden = [
            tuple(cell if place == 0 else HIDDEN for place, cell in enumerate(row)) for row in rows
        ]
        drawn.add(draw(_with_rows(chart, hidden)))
    assert len(drawn) == 1
    text = drawn.pop()
    if name == "funnel":
        assert "Not drawn, for want of a number: 4" in text
        return
    assert text.count(">c<") >= len(chart.table.rows)
    assert "<circle" not in text
    assert text.count("<polygon") == (name == "paired_bars")  # the one that explains itself


def _times(cell: Cell, factor: int) -> Cell:
    return Count(cell.value * factor, cell.key) if isinstance(cell, Count) else cell


def test_a_bar_whose_count_or_share_is_hidden_has_no_length() -> None:
    chart = documents.paired_bars()
    before = len(re.findall(r"<rect ", draw(chart)))
    for place in (1, 2):
        rows = list(chart.table.rows)
        rows[0] = (*rows[0][:place], HIDDEN, *rows[0][place + 1 :])
        assert len(re.findall(r"<rect ", draw(_with_rows(chart, rows)))) == before - 1


def test_bars_that_are_all_hidden_have_no_axis() -> None:
    chart = documents.paired_bars()
    rows = [(row[0], *(HIDDEN for _ in row[1:])) for row in chart.table.rows]
    assert "0%" in _words(chart)
    assert not [word for word in _words(_with_rows(chart, rows)) if "%" in word]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(CHARTS)),
    st.lists(st.tuples(NAMES, st.lists(CELLS, min_size=5, max_size=5)), max_size=12),
)
def test_whatever_the_table_holds_it_is_drawn_alike_and_well_formed(
    name: str, drawn: list[tuple[str, list[Cell]]]
) -> None:
    chart = _with_rows(CHARTS[name](), [(label, *held) for label, held in drawn])
    text = draw(chart)
    assert text == draw(chart)
    root = ET.fromstring(text)  # noqa: S314 - drawn here
    assert not re.search(r'="[^"]*(nan|inf)\b', text)
    tall = float(str(root.get("height")))
    for found in root.iter(f"{SVG}text"):
        for side, most in (("x", ink.WIDTH), ("y", tall)):
            assert -1 <= float(found.get(side) or 0) <= most


def test_a_number_of_numpy_is_written_as_any_other() -> None:
    chart = documents.dots()
    estimate = Estimate(np.float64(0.42), np.float64(0.2), np.float64(0.64), "grades", Count(9))
    drawn = draw(_with_rows(chart, [("Planning", estimate)]))
    assert drawn == draw(
        _with_rows(chart, [("Planning", Estimate(0.42, 0.2, 0.64, "grades", Count(9)))])
    )


@pytest.mark.parametrize("name", CHARTS)
def test_hostile_words_stay_words(name: str) -> None:
    chart = CHARTS[name]()
    label = "</text></svg><script>alert(1)</script>\x00\ud800"
    rows = [(label, *row[1:]) for row in chart.table.rows]
    text = draw(replace(_with_rows(chart, rows), title=label, description=label, id=label))
    assert "<script" not in text
    text.encode()
    ET.fromstring(text)  # noqa: S314 - drawn here


def test_two_hundred_auditors_are_drawn_tall_or_on_pages_of_one_scale() -> None:
    row = documents.caterpillar().table.rows[0]
    chart = _with_rows(documents.caterpillar(), [(f"Auditor {n}", *row[1:]) for n in range(200)])
    assert float(str(_root(chart).get("height"))) > 200 * 20
    parts = [ET.fromstring(part) for part in pages(chart)]  # noqa: S314 - drawn here
    assert len(parts) == 6
    assert all(float(str(part.get("height"))) < 900 for part in parts)
    titles = [part.findtext(f"{SVG}title") for part in parts]
    assert titles[1] == "One auditor stands apart (part 2 of 6)"
    said = [found.text for part in parts for found in part.iter(f"{SVG}text")]
    assert [word for word in said if word and re.fullmatch(r"Auditor \d+", word)] == [
        f"Auditor {n}" for n in range(200)
    ]
    assert len({part.find(f".//{SVG}circle").get("cx") for part in parts}) == 1  # type: ignore[union-attr]
    ids = [found.get("id") for part in parts for found in part.iter() if found.get("id")]
    assert len(ids) == len(set(ids))


# colours --------------------------------------------------------------------------------------


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG 2.2 computes it."""
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def _light(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(by * part for by, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


GROUNDS = {ink.WHITE, ink.BAND}


@pytest.mark.parametrize("name", sorted(set(CHARTS) - {"matrix"}))
def test_every_colour_stands_out_from_both_grounds(name: str) -> None:
    """Words have a contrast of 4.5, marks of 3, on white and on the band."""
    found = 0
    for one in _root(CHARTS[name]()).iter():
        least = 4.5 if one.tag in {f"{SVG}text", f"{SVG}svg"} else 3
        for colour in {one.get("fill"), one.get("stroke")} - GROUNDS - {None, "none"}:
            if str(colour).startswith("#"):
                found += 1
                assert min(_contrast(str(colour), ground) for ground in GROUNDS) >= least
    assert found


@pytest.mark.parametrize("shade", range(len(ink.SHADES)))
def test_a_number_can_be_read_on_every_shade(shade: int) -> None:
    assert _contrast(ink.SHADES[shade], matrix.text_on(shade)) >= 4.5
    assert _contrast(ink.RULE, ink.WHITE) >= 3


def test_shades_darken_with_the_number() -> None:
    lights = [_light(shade) for shade in ink.SHADES]
    assert lights == sorted(lights, reverse=True)
