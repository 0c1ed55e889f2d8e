"""The promises of the handbook: whole, true to the rules, the same bytes each time, offline."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.reports.handbook import INDEX, pages
from engine.reports.in_words import InWords
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from tests.rules.rulebooks import RULES, change, copied, shipped
from tests.unit import goldens
from tests.unit.commands import Audit

DONE, USAGE, RULEBOOK = 0, 2, 3
VISITS = "child_protection/visits.yaml"


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


def book(folder: Path) -> Rulebook:
    rulebook, problems = load_rulebook(folder)
    assert rulebook is not None, problems
    return rulebook


class Words(HTMLParser):
    """The words of a page, its links and its ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)
        self.text = " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        held = dict(attrs)
        self.links += [held["href"] or ""] if "href" in held else []
        self.ids += [held["id"] or ""] if "id" in held else []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


@pytest.fixture(name="made", scope="module")
def made_pages() -> dict[str, Words]:
    return {name: Words(page) for name, page in pages(shipped()).items()}


def test_every_live_standard_stands_once_on_the_page_of_its_stage(made: dict[str, Words]) -> None:
    """No standard is left out; its title, reason, sources and examples are all there."""
    for standard in shipped().live:
        page = made[f"{shipped().stage_of(standard)}.html"]
        assert page.ids.count(standard.id) == 1
        assert [name for name, one in made.items() if standard.id in one.ids] == [
            f"{shipped().stage_of(standard)}.html"
        ]
        for said in (standard.title, standard.why, *(f"It {e.it}." for e in standard.examples)):
            assert " ".join(said.split()) in page.text
        for branch in standard.branches():
            for version in standard.versions_of(branch) if branch.measure else ():
                assert version.source.title in page.text
                assert version.source.url in (*page.links, "")
                assert " ".join(version.note.split()) in page.text


def test_the_index_leads_to_every_standard_twice(made: dict[str, Words]) -> None:
    """The contents are in the order of the pathway; the second list goes by title."""
    index = made[INDEX]
    for standard in shipped().live:
        target = f"{shipped().stage_of(standard)}.html#{standard.id}"
        assert index.links.count(target) == 2
    titles = [stage.title for stage in shipped().book.stages]
    found = [index.text.index(f" {title} ") for title in titles if f"{title}" in index.text]
    assert found == sorted(found)


def test_every_link_leads_somewhere(made: dict[str, Words]) -> None:
    """A link is to a page and a standard of the handbook, or to a source on the web."""
    for name, page in made.items():
        for link in page.links:
            if link.startswith("http"):
                continue
            file, _, place = link.partition("#")
            assert (file or name) in made, link
            assert not place or place in made[file or name].ids, link


def test_ids_are_unique_and_nothing_is_fetched(made: dict[str, Words]) -> None:
    """The pages hold no script, no image and nothing that asks a network for anything."""
    for page in made.values():
        assert len(page.ids) == len(set(page.ids))
        assert not page.tags & {"script", "img", "link", "iframe", "object", "form"}


def test_the_handbook_says_which_rules_it_is_made_from(made: dict[str, Words]) -> None:
    """Id, version and hash of the book are on every page, and no clock."""
    for page in made.values():
        assert shipped().hash in page.text
        assert f"{shipped().book.id}, version {shipped().book.version}" in page.text


def test_the_same_rules_give_the_same_bytes() -> None:
    """Two runs, and a copy of the rules elsewhere, give the same handbook."""
    assert pages(shipped()) == pages(book(RULES)) == pages(book(RULES))


def test_a_page_is_as_it_was(tmp_path: Path) -> None:
    """One standard, whole: the text of its page."""
    folder = copied(tmp_path)
    for path in folder.glob("*/*.yaml"):
        if path.parent.name != "calendars" and path.relative_to(folder) != Path(VISITS):
            path.unlink()
    page = Words(pages(book(folder))["child_protection.html"])
    text = "\n".join(" ".join(line.split()) for line in page.said if line.strip())
    style = text.index(":root {")
    after = text.index("Skip to the standards")
    goldens.check(
        "handbook.txt", re.sub("[0-9a-f]{64}", "HASH", text[:style] + text[after:] + "\n")
    )


def test_what_an_author_writes_is_text(tmp_path: Path) -> None:
    """Nothing in a rule file becomes a part of the page."""
    folder = copied(tmp_path)
    change(folder, VISITS, "why: A gap", "why: <script>alert(1)</script> & A gap")
    page = pages(book(folder))["child_protection.html"]
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; A gap" in page


def test_drafts_and_retired_standards_are_not_in_it(tmp_path: Path) -> None:
    """A handbook holds what is in force; drafts are named, so that nobody waits for them."""
    folder = copied(tmp_path)
    change(folder, VISITS, "status: live", "status: draft")
    change(folder, "planning/contingency.yaml", "status: live", "status: retired")
    made = pages(book(folder))
    assert 'id="CP-05"' not in made["child_protection.html"]
    assert "Drafts are not used in audits: CP-05." in made[INDEX]
    assert "PL-02" not in "".join(made.values())


def test_the_effect_of_a_miss_follows_the_rules_of_judgement(tmp_path: Path) -> None:
    """Another rule of judgement is another table in the handbook."""
    folder = copied(tmp_path)
    said = Words(pages(book(folder))["child_protection.html"]).text
    assert "Not met Requires improvement Requires improvement Not evidenced" in said
    rule = "id: major-missed\n    title: A major standard is missed\n"
    when = "    when: {findings: {severity: major, outcome: [not_met, not_evidenced]}}\n    cap: "
    change(folder, "judgement.yaml", f"{rule}{when}requires_improvement", f"{rule}{when}inadequate")
    said = Words(pages(book(folder))["child_protection.html"]).text
    assert "Not met Inadequate Requires improvement Not evidenced" in said


@pytest.mark.parametrize(
    ("standard", "said"),
    [
        ("AS-01", "No more than 45 working days from the day of the referral that led to it to the "
         "day a manager authorised it."),
        ("AS-02", "The record says: the child was seen; the child was seen alone."),
        ("CP-05", "Never more than 10 working days without a visit (the child was seen)."),
        ("PL-01", "Of the plan actions, all have on record: owner: filled; due date: filled."),
        ("PL-02", "The record says: contingency: filled."),
        ("RC-01", "Written up no more than 5 working days after the day of the visit."),
        ("SU-01", "Never more than 31 days without a supervision."),
    ],
)  # fmt: skip
def test_what_is_asked_is_said_in_words(standard: str, said: str) -> None:
    """A threshold is a sentence that says from what to what, in the words of the dictionary."""
    chosen = shipped().by_id[standard]
    words = InWords(chosen, shipped().fields, shipped().book.settings)
    branch = chosen.branches()[-1]
    assert words.asks(branch, chosen.versions_of(branch)[-1].met) == said


def test_every_branch_of_every_standard_can_be_said() -> None:
    """There is a sentence for all that the shipped book asks, and none says `None`."""
    for standard in shipped().standards:
        words = InWords(standard, shipped().fields, shipped().book.settings)
        for branch in standard.branches():
            for version in standard.versions_of(branch) if branch.measure else ():
                said = f"{words.asks(branch, version.met)} {words.when(branch)}"
                assert "None" not in said
                assert "a certain day" not in said
                assert said[0].isupper()


def test_the_handbook_is_written(audit: Audit, tmp_path: Path) -> None:
    """The command writes the pages into a folder, and says where to begin."""
    out = tmp_path / "new" / "handbook"
    ended = audit("rules", "handbook", "--rules", RULES, "--out", out)
    number = len(list(out.iterdir()))
    assert (ended.code, ended.out) == (DONE, "")
    assert ended.err == (
        f"{len(shipped().live)} standards on {number} pages; begin with {out / INDEX}\n"
    )
    assert {path.name: path.read_text("utf-8") for path in out.iterdir()} == pages(shipped())
    (tmp_path / "file").write_text("", "utf-8")
    nowhere = audit("rules", "handbook", "--rules", RULES, "--out", tmp_path / "file")
    assert nowhere.code == USAGE
    assert nowhere.err.startswith(f"{tmp_path}/file: U002 it cannot be written here (")
    shutil.rmtree(out)
    assert audit("rules", "handbook", "--rules", tmp_path, "--out", out).code == RULEBOOK
    assert not out.exists()
