"""The handbook in a real browser: accessible, self-contained, readable on a telephone, printable."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.reports.handbook import INDEX, pages
from tests.rules.rulebooks import shipped
from tests.web.test_axe import FLAGS, NARROW, WIDE, _axe, _chromium, _told

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
# the index, a page of many branches, and one of critical standards
CHOSEN = (INDEX, "children_in_care.html", "child_protection.html")


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
    folder = tmp_path_factory.mktemp("handbook")
    for name, text in pages(shipped()).items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", CHOSEN)
def test_axe_finds_nothing(browser: "Browser", folder: Path, name: str, width: int) -> None:
    """No rule of WCAG 2.2 AA or of good practice is broken."""
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    page.goto((folder / name).as_uri())
    assert [_told(violation) for violation in _axe(page)["violations"]] == []
    page.close()


@pytest.mark.parametrize("name", CHOSEN)
def test_a_page_stands_by_itself(browser: "Browser", folder: Path, name: str) -> None:
    """No request, no message; it fits 320 pixels; headings are in order, one of the first level."""
    page = browser.new_page(viewport={"width": NARROW, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto((folder / name).as_uri())
    assert asked == [(folder / name).as_uri()]
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW
    found = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => Number(h.tagName[1]))")
    assert found.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(found))
    page.close()


def test_keyboard_reaches_the_standards_first(browser: "Browser", folder: Path) -> None:
    """The first press of Tab shows a link past the stages, and it leads to the standards."""
    page = browser.new_page()
    page.goto((folder / INDEX).as_uri())
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("link => link === document.activeElement")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.close()


def test_on_paper_the_way_around_is_left_out(browser: "Browser", folder: Path) -> None:
    """Paper has no links to press: they are left out, and each source shows its address."""
    page = browser.new_page()
    page.goto((folder / "children_in_care.html").as_uri())
    page.emulate_media(media="print")
    assert not page.locator("nav.stages").is_visible()
    assert not page.locator("nav.turn").is_visible()
    link = page.locator(".sources a").first
    shown = link.evaluate("link => getComputedStyle(link, '::after').content")
    assert "attr(href)" in shown or str(link.get_attribute("href")) in shown
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()
