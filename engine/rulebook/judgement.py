"""The rules of judgement (`rules/judgement.yaml`) as models: conditions, effects, three lists.

In: the YAML, as text in lists and mappings. Out: frozen rules that chain from the findings of a
domain to the overall cap to the route. It must not know how a rule is run: two judges read these
same models. What may be wrong with them is in `judgement_check.py`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, model_validator

from engine.rulebook.frames import ticked
from engine.rulebook.model import Strict
from engine.rulebook.scalars import Fault, Name, Text, Whole, YesNo
from engine.terms import NOT_MET_BY_SILENCE, Comparison, Outcome, Severity

Stratum = Literal["domain", "overall", "route"]
STRATA: tuple[Stratum, ...] = get_args(Stratum)
"""The three lists of rules, in the order in which they chain."""

SILENT = frozenset({Outcome.NOT_EVIDENCED.code, NOT_MET_BY_SILENCE})


def listed(value: object) -> object:
    """Return a value that stands alone as a list of one."""
    return value if isinstance(value, list | tuple) else (value,)


def _a_set(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _only_yes(value: bool) -> bool:  # noqa: FBT001 - pydantic hands over the value alone
    if not value:
        raise Fault("this can only be `yes`", "leave it out where it does not matter")
    return value


def an_id(value: str, of: str) -> str:
    """Return the id of a rule or promise; a Fault says how one is written."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", value):
        help_ = "use small letters, digits and hyphens, such as `major-missed`"
        raise Fault(f"{ticked(value)} is not an id of a {of}", help_, code="R003")
    return value


def _rule_id(value: str) -> str:
    return an_id(value, "rule")


Missed = Literal["partly_met", "not_evidenced", "not_met"]
Yes = Annotated[YesNo, AfterValidator(_only_yes)]
RuleId = Annotated[Text, AfterValidator(_rule_id)]

# Written as one value or as a list; the order in which an author lists them does not matter.
Severities = Annotated[
    tuple[Severity, ...],
    BeforeValidator(listed, json_schema_input_type=Severity | list[Severity]),
    AfterValidator(_a_set),
]
Outcomes = Annotated[
    tuple[Missed, ...],
    BeforeValidator(listed, json_schema_input_type=Missed | list[Missed]),
    AfterValidator(_a_set),
]
Comparisons = Annotated[
    tuple[Comparison, ...],
    BeforeValidator(listed, json_schema_input_type=Comparison | list[Comparison]),
    AfterValidator(_a_set),
]
Domains = Annotated[
    tuple[Name, ...],
    BeforeValidator(listed, json_schema_input_type=Name | list[Name]),
    AfterValidator(_a_set),
]


class Tally(Strict):
    """Something that is counted: the condition holds where there are `at_least` so many."""

    at_least: Whole = 1
    """how many there have to be; 1 if left out"""

    @property
    def feature(self) -> Self:
        """Return what is counted, without the number that this condition asks for."""
        return self.model_copy(update={"at_least": 1})


class Findings(Tally):
    """How many findings have one of the severities and one of the outcomes.

    In a `domain` rule the findings of that domain, in other rules those of the whole audit.
    `silent: yes` takes only findings where an entry is expected and the record holds none,
    `silent: no` leaves those out; `bottom_line` chooses by that mark of the standard.
    """

    severity: Severities = tuple(Severity)
    """which severities; all if left out"""
    outcome: Outcomes
    """which outcomes, such as `[not_met, not_evidenced]`"""
    silent: YesNo | None = None
    """`yes`: only where the record is silent; `no`: only where it is not"""
    bottom_line: YesNo | None = None
    """`yes`: only bottom lines; `no`: only others"""

    @cached_property
    def codes(self) -> frozenset[int]:
        """Return the outcomes as codes in columns.

        >>> sorted(Findings(outcome=("not_met", "not_evidenced")).codes)
        [5, 6, 7]
        >>> sorted(Findings(outcome=("not_met",), silent="yes").codes)
        [7]
        """
        codes = {Outcome(outcome).code for outcome in self.outcome}
        if Outcome.NOT_MET.code in codes:
            codes.add(NOT_MET_BY_SILENCE)
        if self.silent is None:
            return frozenset(codes)
        return frozenset(codes & SILENT if self.silent else codes - SILENT)


class Answers(Tally):
    """How many of the auditor's answers compare so with the record."""

    comparison: Comparisons
    """how the auditor's answer compares with the record"""
    severity: Severities = tuple(Severity)
    """which severities; all if left out"""


class DomainsCapped(Tally):
    """How many domains are capped at this grade or a worse one."""

    at: Name
    """this grade or a worse one"""


class AuditorDomainGrades(Tally):
    """How many of these domains (else: of all) the auditor gave this grade or a worse one."""

    at: Name
    """this grade or a worse one"""
    domains: Domains = ()
    """which domains; all if left out"""


class BetterThanModerated(Strict):
    """The auditor's overall grade is so many grades better than the moderated grade."""

    by_at_least: Whole
    """how many grades"""


class ModeratedGrade(Strict):
    """The moderated overall grade is this one or a worse one."""

    at: Name
    """this grade or a worse one"""


class Flag(StrEnum):
    """A condition that is either so or not; written `name: yes`."""

    ALERT = "alert"
    BETTER_THAN_MOST = "auditor_better_than_most_domains"


class Rank(StrEnum):
    """The rank of an overall grade, 0 where there is none."""

    AUDITOR = "auditor"
    MODERATED = "moderated"


Condition = (
    Findings
    | Answers
    | DomainsCapped
    | AuditorDomainGrades
    | BetterThanModerated
    | ModeratedGrade
    | Flag
)
Feature = Findings | Answers | DomainsCapped | AuditorDomainGrades | Flag | Rank
"""What a condition reads of an audit: a small number."""


class When(Strict):
    """Conditions by name; all must hold."""

    findings: Findings | None = None
    """how many findings of which severity and outcome"""
    answers: Answers | None = None
    """how many of the auditor's answers compare so with the record"""
    domains_capped: DomainsCapped | None = None
    """how many domains are capped so low"""
    auditor_domain_grades: AuditorDomainGrades | None = None
    """how many domains the auditor graded so low"""
    auditor_better_than_most_domains: Yes | None = None
    """`yes`: the overall grade is better than most of the auditor's own"""
    auditor_better_than_moderated: BetterThanModerated | None = None
    """the auditor's grade is so much better than the moderated one"""
    moderated_grade: ModeratedGrade | None = None
    """the moderated grade is so low"""
    alert: Yes | None = None
    """`yes`: another rule gave an alert"""

    def conditions(self) -> tuple[tuple[str, Condition], ...]:
        """Return the conditions that are set, each with its name in the file."""
        said = ((name, getattr(self, name)) for name in type(self).model_fields)
        return tuple(
            (name, Flag(name) if value is True else value) for name, value in said if value
        )


class Rule(Strict):
    """What must be so (`when`: a mapping, or a list of them that must all hold), and what then.

    `cap` is the best grade left for the domain in a `domain` rule, for the audit in an `overall`
    one; `overall_cap` lets a `domain` rule cap the audit too; `alert` is what a person is told.
    `backstop: yes` marks a rule that others cover as the book stands, and that is kept on purpose.
    """

    id: RuleId
    """its name, in small letters and hyphens, such as `major-missed`"""
    title: Text
    """what it says, as a reader of a report sees it"""
    when: Annotated[
        tuple[When, ...], BeforeValidator(listed, json_schema_input_type=When | list[When])
    ]
    """what must be so"""
    cap: Name | None = None
    """the best grade left"""
    overall_cap: Name | None = None
    """the best overall grade left"""
    alert: Text | None = None
    """what somebody is told to do today"""
    route: Literal["moderate", "panel", "alert"] | None = None
    """what happens next: `moderate`, `panel` or `alert`"""
    backstop: YesNo = False
    """`yes`: a rule that other rules are expected to make needless"""

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.conditions or not all(when.conditions() for when in self.when):
            help_ = "say what must be so, such as `findings` or `alert`"
            raise Fault("`when` holds no condition", help_, at=("when",))
        return self

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Return everything that must hold."""
        return tuple(condition for when in self.when for _, condition in when.conditions())


class Judgement(Strict):
    """Rules that propose, in three lists: of one domain, of the audit, of what happens next.

    `compliance_earns_at_most` limits only the grade that is suggested where the record supports
    more than the auditor gave; it never takes anything from the auditor's own grade.
    """

    compliance_earns_at_most: Name
    """the best grade suggested where everything is met"""
    domain: tuple[Rule, ...] = ()
    """rules judged for one domain at a time"""
    overall: tuple[Rule, ...] = ()
    """rules judged once for the audit"""
    route: tuple[Rule, ...] = ()
    """rules on what happens next"""

    def rules(self, stratum: Stratum) -> tuple[Rule, ...]:
        """Return the rules of one list, in the order of the file."""
        lists: Mapping[Stratum, tuple[Rule, ...]] = {
            "domain": self.domain,
            "overall": self.overall,
            "route": self.route,
        }
        return lists[stratum]


def asks(condition: Condition, grades: Sequence[str]) -> tuple[tuple[Feature, int], ...]:
    """Return what a condition reads, each with the largest number that matters to it."""
    match condition:
        case Findings() | Answers() | DomainsCapped() | AuditorDomainGrades():
            return ((condition.feature, condition.at_least),)
        case BetterThanModerated():
            return ((Rank.AUDITOR, len(grades)), (Rank.MODERATED, len(grades)))
        case ModeratedGrade():
            return ((Rank.MODERATED, len(grades)),)
        case Flag():
            return ((condition, 1),)


def sizes(rules: Iterable[Rule], grades: Sequence[str]) -> dict[Feature, int]:
    """Return every feature that the rules read, with how many values of it they tell apart.

    A tally counts no further than the largest number that any rule asks for.
    """
    found: dict[Feature, int] = {}
    for rule in rules:
        for condition in rule.conditions:
            for feature, most in asks(condition, grades):
                found[feature] = max(found.get(feature, 0), most + 1)
    return found
