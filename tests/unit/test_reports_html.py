"""The report as text: everything escaped, nothing from outside, wording for one and for many.

How it behaves in a browser is tested in `tests/web`.
"""

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.reports import as_html
from engine.reports.svg import Chart, Pair, bars
from engine.reports.view import View
from tests.web import views

ALL = [views.small_view, views.calm_view, views.empty_view, views.hostile_view]


class _Page(HTMLParser):
    """Collects what matters of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.told: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)
        self.text = " ".join(" ".join(self.told).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("href", "src", "action", "xlink:href") and value:
                self.addresses.append(value)
            if name.startswith("on") or name == "style":
                self.wrong.append(name)

    def handle_data(self, data: str) -> None:
        self.told.append(data)


@pytest.mark.parametrize("make", ALL)
def test_page_is_self_contained(make: Callable[[], View], tmp_path: Path) -> None:
    """No script, no handler, no address but those inside the page, and every id once."""
    page = _Page(_written(make(), tmp_path))
    assert not {"script", "iframe", "img", "link", "object", "form"} & set(page.tags)
    assert page.wrong == []
    assert {address[0] for address in page.addresses} == {"#"}
    assert {address[1:] for address in page.addresses} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("make", ALL)
def test_page_is_whole(make: Callable[[], View], tmp_path: Path) -> None:
    """Language, marking, landmarks and captions are there, whatever the run held."""
    text = _written(make(), tmp_path)
    page = _Page(text)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert (page.tags["main"], page.tags["header"], page.tags["nav"], page.tags["h1"]) == (1,) * 4
    assert page.tags["caption"] == page.tags["table"] == page.tags["thead"]
    assert page.text.count("OFFICIAL-SENSITIVE") >= 2
    assert 'scope="col"' in text


def test_hostile_text_is_text(tmp_path: Path) -> None:
    """What an auditor typed is shown, never obeyed: neither by the browser nor by the template."""
    text = _written(views.hostile_view(), tmp_path)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{ 7*7 }} {% raw %}" in text
    assert "Łódź Ωmega 北京" in text


def test_audits_are_told_worst_first(tmp_path: Path) -> None:
    """Each audit has one reason, its caps, its contradictions and its data gaps."""
    page = _Page(_written(views.small_view(), tmp_path))
    told = page.text[page.text.index("3 audits are capped or contradicted") :]
    assert told.index("Evidence for A-2") < told.index("Evidence for A-3")
    assert "Auditor: Good . Proposed: Requires improvement (lowered by 1 grade)." in told
    assert "Caps on A-3" in told
    assert "Contradiction: CP-05" in told
    assert "Met (contradiction)" in told
    assert "Could not be assessed: REF-01" in told
    assert "A-1" not in told.split("By standard")[0]


def test_alerts_stand_in_the_summary(tmp_path: Path) -> None:
    """A child who may be at risk is named before anything else."""
    page = _Page(_written(views.small_view(), tmp_path))
    assert page.text.index("no evidence: check the child today") < page.text.index("Outstanding")


def test_strengths_are_standards_that_most_files_meet() -> None:
    """A standard is a strength where three files in four meet it; the most often met is first."""
    view = views.view_of([views.calm(f"A-{n}") for n in range(3)] + [views.capped("A-9")])
    assert [(s.standard.id, s.met, s.judged) for s in as_html.strengths(view)] == [
        ("CP-05", 3, 4),
        ("PLAN-01", 3, 4),
    ]
    assert as_html.strengths(views.empty_view()) == []


def test_long_lists_stop_and_say_so(tmp_path: Path) -> None:
    """A large run lists the worst in detail and says where the rest is."""
    text = _written(views.large_view(900), tmp_path)
    assert text.count("<article") == as_html.MOST_AUDITS
    assert "600 audits are capped or contradicted by the record." in text
    assert "The 200 that most need attention are listed here" in text


def test_one_is_singular(tmp_path: Path) -> None:
    """One audit is capped, two are."""
    text = _written(views.view_of([views.capped("A-1")]), tmp_path)
    assert "1 audit is capped or contradicted by the record." in text
    assert "1 contradiction in 1 audit" in text


def test_template_holds_no_machine_text(tmp_path: Path) -> None:
    """Nothing of the template's own language is left in the page."""
    text = _written(views.small_view(), tmp_path)
    assert not re.search(r"\{[{%#]|Undefined|None\b(?! *<)", text.split("</style>")[1])


def test_chart_holds_its_numbers() -> None:
    """Every mark has its number beside or inside it, and the chart a title and a description."""
    chart = Chart("c", "Title & more", "Described", "by auditors", "moderated")
    drawn = bars(chart, [Pair("Good <b>", 41, 23), Pair("Inadequate", 0, 1_200)])
    assert '<title id="c-title">Title &amp; more</title>' in drawn
    assert '<desc id="c-desc">Described</desc>' in drawn
    assert "Good &lt;b&gt;" in drawn
    assert ">41 by auditors<" in drawn
    assert ">1,200 moderated<" in drawn
    assert drawn == bars(chart, [Pair("Good <b>", 41, 23), Pair("Inadequate", 0, 1_200)])


def test_chart_of_nothing_is_drawn() -> None:
    """No audits, no bars: the numbers are nought and the lengths too."""
    drawn = bars(Chart("c", "t", "d", "a", "b"), [Pair("Good", 0, 0)])
    assert drawn.count('width="0%"') == 2


def _written(view: View, folder: Path) -> str:
    as_html.write(view, folder)
    return (folder / as_html.NAME).read_text(encoding="utf-8")
