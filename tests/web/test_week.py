"""The report of a week in a real browser: accessible, on its own, on a telephone and on paper."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.reports.week import as_html
from engine.reports.week.document import Audience, Document, Section
from tests.unit import documents
from tests.web.test_axe import FLAGS, NARROW, WIDE, _axe, _chromium, _told

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def _many() -> Document:
    """Return a report on sixty auditors, whose chart goes on over pages."""
    chart = documents.caterpillar()
    rows = tuple((f"A{n}", *chart.table.rows[n % 4][1:]) for n in range(60))
    chart = replace(chart, table=replace(chart.table, rows=rows))
    return replace(documents.sample(), sections=(Section("auditors", "Auditors", (chart,)),))


DOCUMENTS = {
    "sample": documents.sample(),
    "published": documents.sample(Audience.PUBLISHED),
    "many": _many(),
}


@pytest.fixture(scope="module", name="browser")
def started() -> Iterator["Browser"]:
    chromium = _chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module", name="folder")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("week")
    for name, document in DOCUMENTS.items():
        (folder / name).mkdir()
        as_html.write(document, folder / name)
    return folder


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_axe_finds_nothing(browser: "Browser", folder: Path, name: str, width: int) -> None:
    """No rule of WCAG 2.2 AA or of good practice is broken, and nothing scrolls sideways."""
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    page.goto((folder / name / as_html.NAME).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert [_told(violation) for violation in _axe(page)["violations"]] == []
    page.close()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_report_stands_by_itself(browser: "Browser", folder: Path, name: str) -> None:
    """No request, no message; headings are in order, one of the first level."""
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    address = (folder / name / as_html.NAME).as_uri()
    page.goto(address)
    assert asked == [address]
    assert said == []
    found = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => Number(h.tagName[1]))")
    assert found.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(found))
    page.close()


def test_every_chart_is_one_picture_with_a_name(browser: "Browser", folder: Path) -> None:
    """A screen reader hears the title and the description, not each letter of the axis."""
    page = browser.new_page()
    page.goto((folder / "sample" / as_html.NAME).as_uri())
    names = [
        f"{chart.title} {chart.description}"
        for chart in (documents.paired_bars(), documents.matrix(), documents.run())
    ]
    for name in names:
        assert page.get_by_role("img", name=name, exact=True).count() == 1
    page.close()


def test_letters_of_a_chart_can_be_read_on_a_telephone(browser: "Browser", folder: Path) -> None:
    """The chart scrolls rather than shrinks; its letters are at least 11 pixels."""
    page = browser.new_page(viewport={"width": NARROW, "height": 900})
    page.goto((folder / "sample" / as_html.NAME).as_uri())
    chart = page.locator("svg.week-chart").first
    scale = chart.evaluate("svg => svg.getScreenCTM().a")
    assert 13 * scale > 11
    page.close()


def test_a_chart_keeps_its_colours_where_colours_are_forced(
    browser: "Browser", folder: Path
) -> None:
    """Dark letters stay on the chart's own white ground."""
    page = browser.new_page(forced_colors="active", color_scheme="dark")
    page.goto((folder / "sample" / as_html.NAME).as_uri())
    letters = page.locator("svg.week-chart text").first
    assert letters.evaluate("one => getComputedStyle(one).fill") == "rgb(27, 27, 27)"
    page.close()


def test_paper_bears_the_marking_and_the_summary_alone_first(
    browser: "Browser", folder: Path
) -> None:
    """Printed, the summary fills the first sheet, and each sheet is marked and numbered."""
    page = browser.new_page()
    page.goto((folder / "sample" / as_html.NAME).as_uri())
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    breaks = "all => all.map(one => getComputedStyle(one).breakAfter)"
    found = page.eval_on_selector_all("main > section", breaks)
    assert found == ["page", *["auto"] * (len(documents.sample().sections) - 1)]
    printed = page.pdf(prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert sheets > len(found)
    page.close()
