"""What `audit rules check` says of rules of judgement that are odd, though none of them is wrong."""

from pathlib import Path

import pytest

from engine.authoring.judgement_lints import CODES, lint_judgement
from engine.cli.rules_lints import lints_of
from engine.errors import Location, Stop
from engine.rulebook.load import load_rulebook
from tests.rules.few import FEW, Made, few
from tests.rules.rulebooks import change
from tests.unit.commands import Audit

DONE, RULEBOOK = 0, 3
# one standard of each kind that the rules below ask about
STANDARDS = {**FEW, "PL-02": Made("planning", "major")}
RULES = """\
compliance_earns_at_most: good
domain:
  - id: major
    title: A major standard is missed
    when: {findings: {severity: major, outcome: [partly_met, not_evidenced, not_met]}}
    cap: requires_improvement
  - id: minor
    title: A minor standard is missed
    when: {findings: {severity: minor, outcome: [not_evidenced, not_met]}}
    cap: good
overall:
  - id: weak
    title: A domain is weak
    when: {domains_capped: {at: requires_improvement}}
    cap: good
route:
  - id: lowered
    title: The grade is lowered
    when: {auditor_better_than_moderated: {by_at_least: 1}}
    route: moderate
"""


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


def linted(tmp_path: Path, rules: str) -> list[str]:
    """Return what is said of some rules, help after a bar, places told from the folder."""
    folder = few(tmp_path, STANDARDS)
    (folder / "promises.yaml").unlink()
    (folder / "judgement.yaml").write_text(rules, "utf-8")
    rulebook, problems = load_rulebook(folder)
    assert rulebook is not None, problems
    try:
        found = lints_of(rulebook)
    except Stop as stop:
        found = stop.problems
    kinds = {problem.code: "warning" if problem.warning else "error" for problem in found}
    assert set(kinds.items()) <= {(c, "error" if c == "R333" else "warning") for c in CODES}
    said = (str(problem).replace("\n  help: ", " | ") for problem in found)
    return [line.replace(f"{folder.as_posix()}/", "") for line in said]


def more(list_: str, rule: str) -> str:
    """Return the rules with another at the end of one of the lists."""
    ends = {"domain": "overall:\n", "overall": "route:\n"}
    end = ends.get(list_)
    return RULES.replace(end, rule + end) if end else RULES + rule


def test_rules_that_each_decide_something_are_not_odd(tmp_path: Path) -> None:
    """Where every rule fires and changes something there is nothing to say."""
    assert linted(tmp_path, RULES) == []


def test_a_rule_that_can_never_fire_is_told(tmp_path: Path) -> None:
    """What no live standard can give, or not so often, is not worth a rule."""
    three = """\
  - id: three-minor
    title: Three minor standards are missed
    when: {findings: {severity: minor, outcome: not_met, at_least: 2}}
    cap: inadequate
"""
    assert linted(tmp_path, more("domain", three)) == [
        (
            "judgement.yaml:11:9: R330 rule `three-minor` can never fire, whatever the live"
            " standards find | change what it asks, mark the standards that it is about, or take"
            " it out"
        )
    ]


def test_a_rule_of_what_happens_next_can_be_dead_too(tmp_path: Path) -> None:
    """No rule caps at inadequate, so no grade is ever lowered to it by the record alone."""
    dead = """\
  - id: two-down
    title: Three grades down
    when: {auditor_better_than_moderated: {by_at_least: 3}}
    route: panel
"""
    (said,) = linted(tmp_path, more("route", dead))
    assert said.startswith("judgement.yaml:21:9: R330 rule `two-down` can never fire")


def test_a_rule_that_another_covers_is_told(tmp_path: Path) -> None:
    """A rule that fires only where another gives a worse cap changes nothing."""
    covered = """\
  - id: major-not-met
    title: A major standard is not met
    when: {findings: {severity: major, outcome: not_met}}
    cap: good
"""
    rules = more("domain", covered)
    assert linted(tmp_path / "one", rules) == [
        (
            "judgement.yaml:11:9: R331 rule `major-not-met` changes nothing: whenever it fires,"
            " rule `major` does as much or more | take it out, or write `backstop: yes` if it is"
            " kept in case other rules change"
        )
    ]
    kept = covered + "    backstop: yes\n"
    assert linted(tmp_path / "two", more("domain", kept)) == []


def test_a_rule_that_several_cover_together_is_told(tmp_path: Path) -> None:
    """Where now one rule and now another does as much, none of them is named."""
    covered = """\
  - id: any-missed
    title: Any standard is missed
    when: {findings: {severity: [major, minor], outcome: [not_met, not_evidenced]}}
    cap: good
"""
    (said,) = linted(tmp_path, more("domain", covered))
    assert "rule `any-missed` changes nothing: whenever it fires, other rules do as much" in said


def test_a_rule_that_tells_a_person_something_else_is_not_covered(tmp_path: Path) -> None:
    """What an alert says is part of what a rule gives, even if another raises one as well."""
    rules = RULES.replace(
        "    cap: requires_improvement\n", "    cap: requires_improvement\n    alert: Look at it.\n"
    )
    other = """\
  - id: major-not-met
    title: A major standard is not met
    when: {findings: {severity: major, outcome: not_met}}
    alert: Look at it today.
"""
    assert linted(tmp_path, rules.replace("overall:\n", other + "overall:\n")) == []


def test_two_rules_that_say_the_same_are_told_once(tmp_path: Path) -> None:
    """Of two that fire together and give the same, the second is told, and names the first."""
    twin = """\
  - id: minor-again
    title: A minor standard is missed, in other words
    when: {findings: {severity: minor, outcome: [not_met, not_evidenced], at_least: 1}}
    cap: good
"""
    assert linted(tmp_path, more("domain", twin)) == [
        (
            "judgement.yaml:11:9: R332 rule `minor-again` fires whenever rule `minor` does, and"
            " gives the same | take one of the two out"
        )
    ]


def test_rules_by_which_a_further_miss_raises_a_grade_are_an_error(tmp_path: Path) -> None:
    """The rule that a worse finding stops is told, with the finding and the grades."""
    rules = RULES.replace("outcome: [partly_met, not_evidenced, not_met]", "outcome: partly_met")
    assert linted(tmp_path, rules) == [
        (
            "judgement.yaml:3:9: R333 a further miss raises a grade: it stops rule `major`"
            " | PL-02 (Planning, major): partly met, then not evidenced; before, Planning is capped"
            " at Requires improvement; after, Planning is not capped"
        )
    ]


def test_a_grade_of_the_audit_may_be_raised_though_no_domain_is(tmp_path: Path) -> None:
    """A rule of the whole audit can be stopped by a further miss too."""
    stopped = """\
  - id: bottom
    title: A bottom line is only partly met
    when: {findings: {bottom_line: yes, outcome: partly_met}}
    cap: inadequate
"""
    assert linted(tmp_path, more("overall", stopped)) == [
        (
            "judgement.yaml:16:9: R333 a further miss raises a grade: it stops rule `bottom`"
            " | VI-01 (Visits, major, a bottom line): partly met, then not evidenced; The"
            " auditor's overall grade is Outstanding; before, the audit is Inadequate; after, the"
            " audit is Good"
        )
    ]


def test_rules_that_ask_for_large_numbers_are_not_looked_at(tmp_path: Path) -> None:
    """Where looking would take long a warning says so, and the check goes on."""
    large = """\
  - id: many
    title: Very many findings
    when:
      - {findings: {severity: major, outcome: not_met, at_least: 20}}
      - {findings: {severity: minor, outcome: not_met, at_least: 20}}
    cap: good
"""
    assert linted(tmp_path, more("overall", large)) == [
        (
            "judgement.yaml:12:9: R334 the rules of the whole audit tell 882 tallies apart, so none"
            " is looked at here | ask for smaller numbers; `audit rules prove` tries them all, and"
            " may take long"
        )
    ]


def test_a_book_of_drafts_has_nothing_to_say(tmp_path: Path) -> None:
    """Without a live standard no rule can fire, and that is no fault of the rules."""
    folder = few(tmp_path, {"PL-01": FEW["PL-01"]})
    change(folder, "child_protection/pl-01.yaml", "status: live", "status: draft")
    rulebook, _ = load_rulebook(folder)
    assert rulebook is not None
    assert lint_judgement(rulebook, lambda _stratum, rule: Location(rule)) == ()


def test_check_prints_warnings_and_ends_well(audit: Audit, tmp_path: Path) -> None:
    """A warning is printed and changes no exit code."""
    folder = few(tmp_path)
    ended = audit("rules", "check", folder)
    assert ended.code == DONE
    assert "R330 warning: rule `minors-missed` can never fire" in ended.out
    assert "R333" not in ended.out


def test_check_refuses_rules_that_reward_a_miss(audit: Audit, tmp_path: Path) -> None:
    """A rulebook by which a further miss raises a grade ends with 3."""
    folder = few(tmp_path)
    major = "when: {findings: {severity: major, outcome: [not_met, not_evidenced]}}"
    change(folder, "judgement.yaml", major, major.replace("[not_met, not_evidenced]", "not_met"))
    ended = audit("rules", "check", folder)
    assert (ended.code, ended.err) == (RULEBOOK, "")
    assert "R333 a further miss raises a grade: it stops rule `major-partly-met`" in ended.out
