import pytest

from engine.rulebook.judgement import Judgement
from engine.rulebook.judgement_check import CODES, MOST_COUNTED, check_judgement
from engine.rulebook.source import read_source
from engine.rulebook.validate import validate
from tests.unit.judgement_book import DOMAINS, GRADES, shipped

RULE = """\
compliance_earns_at_most: good
domain:
  - id: one
    title: One
    when: {findings: {outcome: not_met}}
    cap: good
"""


def said(text: str) -> list[str]:
    """Return what is wrong with a file, each with its place and help on one line."""
    source, problems = read_source(text, "judgement.yaml")
    assert source is not None, problems
    judgement, problems = validate(Judgement, source)
    if judgement is None:
        return [str(problem).replace("\n  help: ", " | ") for problem in problems]
    return [
        f"{source.at(m.path)}: {m.code} {m.message}" + (f" | {m.help}" if m.help else "")
        for m in check_judgement(judgement, GRADES, DOMAINS)
    ]


def instead(line: str, other: str) -> list[str]:
    """Return what is wrong where one part of a right file is replaced."""
    assert line in RULE
    return said(RULE.replace(line, other))


def test_the_shipped_rules_have_no_mistake() -> None:
    """What the project ships passes its own check."""
    assert check_judgement(shipped(), GRADES, DOMAINS) == []
    assert said(RULE) == []


@pytest.mark.parametrize(
    ("part", "other", "expected"),
    [
        (
            "most: good",
            "most: goood",
            "judgement.yaml:1:27: R301 unknown grade `goood` | did you mean `good`?",
        ),
        (
            "cap: good",
            "cap: inadequat",
            "judgement.yaml:6:10: R301 unknown grade `inadequat` | did you mean `inadequate`?",
        ),
        (
            "cap: good",
            "cap: outstanding",
            "judgement.yaml:6:10: R304 `outstanding` is the best grade, so this caps nothing",
        ),
        (
            "    cap: good\n",
            "",
            (
                "judgement.yaml:3:5: R304 rule `one` has no effect"
                " | it may have: `cap`, `overall_cap`, `alert`, `route`"
            ),
        ),
        (
            "findings: {outcome: not_met}",
            "findings: {outcome: not_met, at_least: 0}",
            f"judgement.yaml:5:51: R307 `at_least: 0` is not between 1 and {MOST_COUNTED}",
        ),
        (
            "findings: {outcome: not_met}",
            "findings: {outcome: not_evidenced, silent: no}",
            "judgement.yaml:5:55: R308 these outcomes are always silent, so nothing is counted",
        ),
        (
            "findings: {outcome: not_met}",
            "findings: {outcome: partly_met, silent: yes}",
            "judgement.yaml:5:52: R308 these outcomes are never silent, so nothing is counted",
        ),
        (
            "findings: {outcome: not_met}",
            "findings: {outcome: []}",
            "judgement.yaml:5:32: R308 `outcome` is an empty list",
        ),
        (
            "findings: {outcome: not_met}",
            "alert: yes",
            (
                "judgement.yaml:5:19: R306 `alert` cannot be asked under `domain`"
                " | there it may ask: `findings`"
            ),
        ),
    ],
)
def test_a_mistake_is_named_at_its_place(part: str, other: str, expected: str) -> None:
    """Each mistake of an author is told with file, line and column, and a way out."""
    assert instead(part, other) == [expected]


def test_an_effect_belongs_to_its_list() -> None:
    """Only rules of a domain cap both the domain and the audit; routes only come last."""
    assert said(RULE.replace("domain:", "overall:")) == []
    assert said(RULE.replace("cap: good", "overall_cap: good")) == []
    assert said(RULE.replace("domain:", "overall:").replace("cap: good", "overall_cap: good")) == [
        (
            "judgement.yaml:6:18: R305 `overall_cap` is no effect of a rule under `overall`"
            " | it may have: `cap`, `alert`, `route`"
        )
    ]
    assert said(RULE.replace("domain:", "route:")) == [
        (
            "judgement.yaml:6:10: R305 `cap` is no effect of a rule under `route`"
            " | it may have: `route`"
        )
    ]


def test_the_conditions_of_later_lists_are_checked() -> None:
    """Grades, domains and numbers are held against the lists of the rulebook."""
    text = """\
compliance_earns_at_most: good
overall:
  - id: one
    title: One
    when: {domains_capped: {at: god, at_least: 11}}
    cap: good
  - id: one
    title: Other
    when:
      - {auditor_domain_grades: {at: good, domains: [vists, safety], at_least: 3}}
      - {domains_capped: {at: good}}
    cap: good
route:
  - id: two
    title: Two
    when: {auditor_better_than_moderated: {by_at_least: 4}, moderated_grade: {at: bad}}
    route: panel
  - id: three
    title: Three
    when: {answers: {comparison: [], at_least: 51}}
    route: panel
"""
    assert said(text) == [
        "judgement.yaml:5:33: R301 unknown grade `god` | did you mean `good`?",
        "judgement.yaml:5:48: R307 `at_least: 11` is not between 1 and 10",
        "judgement.yaml:7:9: R303 there is already a rule `one`",
        "judgement.yaml:10:53: R302 unknown domain `vists` | did you mean `visits`?",
        "judgement.yaml:10:80: R307 `at_least: 3` is not between 1 and 2",
        "judgement.yaml:16:57: R307 `by_at_least: 4` is not between 1 and 3",
        "judgement.yaml:16:83: R301 unknown grade `bad`",
        "judgement.yaml:20:48: R307 `at_least: 51` is not between 1 and 50",
        "judgement.yaml:20:34: R308 `comparison` is an empty list",
    ]


def rules(count: int, when: str) -> str:
    """Return a file of many rules."""
    rule = "  - {{id: r-{0}, title: A rule, cap: good, when: {1}}}\n"
    lines = [rule.format(number, when.replace("N", str(number))) for number in range(1, count + 1)]
    return "compliance_earns_at_most: good\ndomain:\n" + "".join(lines)


def test_rules_and_conditions_stay_within_what_the_engine_takes() -> None:
    """A list has at most fifty rules, and a rule at most eight conditions."""
    one = "{findings: {outcome: not_met}}"
    assert said(rules(50, one)) == []
    assert said(rules(51, one)) == ["judgement.yaml:3:3: R309 51 rules; at most 50 in one list"]
    assert said(rules(1, f"[{', '.join([one] * 8)}]")) == []
    assert said(rules(1, f"[{', '.join([one] * 9)}]")) == [
        "judgement.yaml:3:47: R309 9 conditions; at most 8 in one rule"
    ]


def test_patterns_stay_few_enough_to_try() -> None:
    """Rules that tell too many patterns apart are refused before they are run."""
    tallies = [
        f"{{findings: {{severity: {severity}, outcome: {outcome}, at_least: 20}}}}"
        for severity in ("critical", "major")
        for outcome in ("not_met", "partly_met")
    ]
    assert said(rules(1, f"[{', '.join(tallies)}]")) == [
        (
            "judgement.yaml:3:3: R310 194,481 patterns to tell apart; at most 100,000 can be tried"
            " | ask for smaller numbers, or count the same findings in several rules"
        )
    ]


@pytest.mark.parametrize(
    ("part", "other", "expected"),
    [
        (
            "id: one",
            "id: One rule",
            (
                "judgement.yaml:3:9: R003 `One rule` is not an id of a rule"
                " | use small letters, digits and hyphens, such as `major-missed`"
            ),
        ),
        (
            "outcome: not_met",
            "outcome: met",
            (
                "judgement.yaml:5:32: R004 `met` is not allowed for `outcome`"
                " | did you mean `not_met`? allowed: `partly_met`, `not_evidenced`, `not_met`"
            ),
        ),
        (
            "findings: {outcome: not_met}",
            "findigns: {outcome: not_met}",
            "judgement.yaml:5:12: R001 unknown key `findigns` | did you mean `findings`?",
        ),
        (
            "{findings: {outcome: not_met}}",
            "{}",
            (
                "judgement.yaml:5:11: R005 `when` holds no condition"
                " | say what must be so, such as `findings` or `alert`"
            ),
        ),
        (
            "{findings: {outcome: not_met}}",
            "{alert: no}",
            (
                "judgement.yaml:5:19: R005 this can only be `yes`"
                " | leave it out where it does not matter"
            ),
        ),
    ],
)
def test_what_the_models_refuse_is_named_at_its_place(part: str, other: str, expected: str) -> None:
    """Shape and words are checked by the models, with the same kind of message."""
    assert instead(part, other) == [expected]


def test_every_code_is_told_once() -> None:
    """Each mistake has a code of its own."""
    assert len(set(CODES.values())) == len(CODES) == 11
