"""The promises of promises.yaml itself: how it is read, and what an author may get wrong in it."""

from pathlib import Path

import pytest

from engine.rulebook.load import load_rulebook
from engine.rulebook.promises import Promises, Then, check_promises
from engine.rulebook.source import read_source
from engine.rulebook.validate import validate
from tests.rules.few import few
from tests.rules.rulebooks import change, shipped
from tests.unit.judgement_book import DOMAINS, GRADES

PROMISE = """\
promises:
  - id: one
    it: A promise
    given: {findings: {severity: critical, outcome: not_met, domain: safety}}
    then: {never_better_than: inadequate}
"""


def said(text: str) -> list[str]:
    """Return what is wrong with a file, each with its place and help on one line."""
    source, problems = read_source(text, "promises.yaml")
    assert source is not None, problems
    promises, problems = validate(Promises, source)
    if promises is None:
        return [str(problem).replace("\n  help: ", " | ") for problem in problems]
    return [
        f"{source.at(m.path)}: {m.code} {m.message}" + (f" | {m.help}" if m.help else "")
        for m in check_promises(promises, GRADES, DOMAINS)
    ]


def test_the_shipped_promises_are_those_of_the_project() -> None:
    """The promises that the project makes to those who use it are in the book, word for word."""
    sentences = {promise.it for promise in shipped().promises}
    assert {
        "no audit with a critical miss in safety is ever better than inadequate",
        "a further miss never raises a grade",
        "compliance alone never gives outstanding",
        "an alert is always routed to alert",
        "ten met standards never buy back a miss",
        "the moderated grade is never better than the auditor's",
    } <= sentences


def test_a_promise_without_a_mistake_has_none() -> None:
    """A right file has nothing said of it, with one condition or with a list of them."""
    assert said(PROMISE) == []
    given = "    given:\n      - {alert: yes}\n      - {auditor_grade: {at: good}}\n"
    lines = PROMISE.splitlines(keepends=True)
    assert said("".join([*lines[:3], given, lines[4]])) == []
    assert said("promises: []\n") == []


@pytest.mark.parametrize(
    ("part", "other", "expected"),
    [
        (
            "never_better_than: inadequate",
            "never_better_than: inadequat",
            "promises.yaml:5:31: R301 unknown grade `inadequat` | did you mean `inadequate`?",
        ),
        (
            "never_better_than: inadequate",
            "never_better_than: outstanding",
            "promises.yaml:5:31: R304 `outstanding` is the best grade, so this promises nothing",
        ),
        (
            "never_better_than: inadequate",
            "compliance_never_gives: best",
            "promises.yaml:5:36: R301 unknown grade `best`",
        ),
        (
            "domain: safety",
            "domain: [visits, safty]",
            "promises.yaml:4:70: R302 unknown domain `safty` | did you mean `safety`?",
        ),
        (
            "outcome: not_met,",
            "outcome: not_met, at_least: 0,",
            "promises.yaml:4:72: R307 `at_least: 0` is not between 1 and 50",
        ),
        (
            "outcome: not_met,",
            "outcome: partly_met, silent: yes,",
            "promises.yaml:4:73: R308 these outcomes are never silent, so nothing is counted",
        ),
        (
            "findings: {severity: critical, outcome: not_met, domain: safety}",
            "auditor_grade: {at: god}",
            "promises.yaml:4:33: R301 unknown grade `god` | did you mean `good`?",
        ),
        (
            "findings: {severity: critical, outcome: not_met, domain: safety}",
            "domains_capped: {at: good, at_least: 11}",
            "promises.yaml:4:50: R307 `at_least: 11` is not between 1 and 10",
        ),
        (
            "never_better_than: inadequate",
            "never_beter_than: inadequate",
            "promises.yaml:5:12: R001 unknown key `never_beter_than` | did you mean `never_better_than`?",
        ),
        (
            "never_better_than: inadequate",
            "never_raised_by: a_miss",
            (
                "promises.yaml:5:29: R004 `a_miss` is not allowed for `never_raised_by`"
                " | did you mean `a_further_miss`? allowed: `a_further_miss`, `more_met`"
            ),
        ),
        (
            "never_better_than: inadequate",
            "never_raised_by: a_further_miss",
            (
                "promises.yaml:4:12: R005 `never_raised_by` is promised of every audit"
                " | leave `given` out"
            ),
        ),
        (
            "never_better_than: inadequate",
            "never_better_than: inadequate, alert: yes",
            (
                "promises.yaml:5:11: R005 `then` says one thing, and here it says"
                " `never_better_than` and `alert` | one of: `never_better_than`,"
                " `never_better_than_auditors`, `compliance_never_gives`, `never_raised_by`,"
                " `route`, `alert`"
            ),
        ),
        (
            "    then:",
            "    of: each_domain\n    then:",
            (
                "promises.yaml:4:12: R005 a promise of each domain names no domain"
                " | leave out `of: each_domain`, or leave out `domain`"
            ),
        ),
        (
            "never_better_than: inadequate}",
            "alert: yes}\n    of: each_domain",
            (
                "promises.yaml:6:9: R005 `alert` is said of the whole audit"
                " | of a domain only `never_better_than` can be promised"
            ),
        ),
        (
            "id: one",
            "id: Safety first",
            (
                "promises.yaml:2:9: R003 `Safety first` is not an id of a promise"
                " | use small letters, digits and hyphens, such as `major-missed`"
            ),
        ),
        (
            "never_better_than: inadequate",
            "alert: no",
            "promises.yaml:5:19: R005 this can only be `yes` | leave it out where it does not matter",
        ),
    ],
)
def test_a_mistake_is_named_at_its_place(part: str, other: str, expected: str) -> None:
    """Each mistake in a promise is told with line and column, and a way out."""
    assert PROMISE.count(part) == 1
    assert said(PROMISE.replace(part, other)) == [expected]


def test_two_promises_have_two_ids() -> None:
    """A second promise of the same id is told at its id."""
    again = PROMISE + "".join(PROMISE.splitlines(keepends=True)[1:])
    assert said(again) == ["promises.yaml:6:9: R303 there is already a promise `one`"]


def test_every_key_of_then_is_one_that_can_be_promised() -> None:
    """Whatever `then` may say, it says alone."""
    for name in Then.model_fields:
        value = "a_further_miss" if name == "never_raised_by" else "good"
        value = {"route": "panel", "alert": "yes"}.get(name, value)
        value = "yes" if name == "never_better_than_auditors" else value
        assert Then.model_validate({name: value}).said == (name,)


def test_a_book_need_not_promise_anything(tmp_path: Path) -> None:
    """A folder without promises.yaml is a rulebook all the same."""
    folder = few(tmp_path)
    (folder / "promises.yaml").unlink()
    rulebook, problems = load_rulebook(folder)
    assert problems == ()
    assert rulebook is not None
    assert rulebook.promises == ()


def test_a_mistake_in_promises_stops_a_rulebook_from_loading(tmp_path: Path) -> None:
    """A promise that cannot be understood is an error of the book, beside all others."""
    folder = few(tmp_path)
    change(folder, "promises.yaml", "domain: safety}", "domain: safty}")
    change(folder, "judgement.yaml", "earns_at_most: good", "earns_at_most: god")
    rulebook, problems = load_rulebook(folder)
    assert rulebook is None
    assert [(Path(p.location.file).name, p.code) for p in problems] == [
        ("judgement.yaml", "R301"),
        ("promises.yaml", "R302"),
    ]
