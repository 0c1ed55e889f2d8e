"""The report in a real browser: accessible, self-contained, readable on a telephone and on paper.

Needs Chromium and, from the `test` packages, `axe-playwright-python` (which brings Playwright and
axe). Without them these tests are skipped, unless AUDIT_REQUIRE_BROWSER is set.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine.reports import as_html
from engine.reports.view import View
from tests.web import views

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWS: dict[str, Callable[[], View]] = {
    "small": views.small_view,
    "calm": views.calm_view,
    "empty": views.empty_view,
    "hostile": partial(views.hostile_view, longest=300),
}
WIDE, NARROW = 1280, 320


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Start Chromium once, on an empty profile."""
    chromium = _chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=VIEWS)
def report(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Write the report of a view and return its address."""
    as_html.write(VIEWS[request.param](), tmp_path)
    return (tmp_path / as_html.NAME).as_uri()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_axe_finds_nothing(browser: "Browser", report: str, width: int) -> None:
    """No rule of WCAG 2.2 AA or of good practice is broken, with all evidence open."""
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    page.goto(report)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert [_told(violation) for violation in _axe(page)["violations"]] == []
    page.close()


def test_report_asks_for_nothing(browser: "Browser", report: str) -> None:
    """The report is one file: no request, no console message, no script, no dialogue."""
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(report)
    assert asked == [report]
    assert said == []
    assert page.locator("script, iframe, object, link, img").count() == 0
    page.close()


def test_report_fits_a_telephone(browser: "Browser", report: str) -> None:
    """At 320 pixels the page does not scroll sideways; wide tables scroll by themselves."""
    page = browser.new_page(viewport={"width": NARROW, "height": 900})
    page.goto(report)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW
    page.close()


def test_headings_are_in_order(browser: "Browser", report: str) -> None:
    """There is one heading of the first level, and no level is left out on the way down."""
    page = browser.new_page()
    page.goto(report)
    found = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => Number(h.tagName[1]))")
    assert found.count(1) == 1
    assert found[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(found))
    page.close()


def test_evidence_is_printed_though_it_is_closed(browser: "Browser", tmp_path: Path) -> None:
    """On paper every piece of evidence shows, though nobody can open it there."""
    as_html.write(views.small_view(), tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / as_html.NAME).as_uri())
    table = page.locator("details table").first
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()
    page.close()


def test_keyboard_reaches_the_report_first(browser: "Browser", tmp_path: Path) -> None:
    """The first press of Tab shows a link past the contents, and it leads to the report."""
    as_html.write(views.small_view(), tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / as_html.NAME).as_uri())
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("link => link === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.close()


def _chromium() -> str:
    lacking = [name for name in ("playwright", "axe_playwright_python") if not find_spec(name)]
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found and not lacking:
        return found
    reason = f"no {', '.join([*lacking, *([] if found else ['Chromium'])])}"
    if os.environ.get("AUDIT_REQUIRE_BROWSER"):
        pytest.fail(f"{reason}, and AUDIT_REQUIRE_BROWSER is set")
    pytest.skip(reason)


def _axe(page: "Page") -> dict[str, Any]:
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    page.evaluate(Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8"))
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return result


def _told(violation: dict[str, Any]) -> str:
    return f"{violation['id']}: {violation['nodes'][0]['html'][:200]}"
