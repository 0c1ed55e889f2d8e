"""What an author may get wrong in `rules/judgement.yaml`, beyond what the models refuse.

In: the rules and the names of grades and domains. Out: mistakes, each with its path in the file.
The limits keep the rules within what the rule engine was shown to run right (decision record on
durable-rules), and the patterns few enough to try them all.
"""

from collections.abc import Iterator, Sequence
from math import prod
from typing import NamedTuple

from engine.errors import nearest
from engine.rulebook.judgement import (
    STRATA,
    Answers,
    AuditorDomainGrades,
    BetterThanModerated,
    Condition,
    DomainsCapped,
    Findings,
    Judgement,
    ModeratedGrade,
    Rule,
    Stratum,
    When,
    sizes,
)

CODES = {
    "R301": "a grade that the rulebook does not list",
    "R302": "a domain that the rulebook does not list",
    "R303": "two rules with the same id",
    "R304": "a rule that has no effect",
    "R305": "an effect that rules of this list cannot have",
    "R306": "a condition that rules of this list cannot have",
    "R307": "a number out of its range",
    "R308": "a condition that can never hold",
    "R309": "more rules or conditions than the rule engine takes",
    "R310": "more patterns than can be tried",
    "R311": "a rule that the rule engine cannot be trusted with",
}

MOST_COUNTED = 50
MOST_RULES = 50
MOST_CONDITIONS = 8
MOST_PATTERNS = 100_000

EFFECTS: dict[Stratum, tuple[str, ...]] = {
    "domain": ("cap", "overall_cap", "alert", "route"),
    "overall": ("cap", "alert", "route"),
    "route": ("route",),
}
# A cap must not rest on the auditor's answers: one that turns from contradicted to unsupported
# would raise the grade although the record is worse. So only `route` rules read `answers`.
CONDITIONS: dict[Stratum, tuple[str, ...]] = {
    "domain": ("findings",),
    "overall": (
        "findings",
        "domains_capped",
        "auditor_domain_grades",
        "auditor_better_than_most_domains",
    ),
    "route": (
        "findings",
        "answers",
        "domains_capped",
        "auditor_domain_grades",
        "auditor_better_than_most_domains",
        "auditor_better_than_moderated",
        "moderated_grade",
        "alert",
    ),
}

Path = tuple[str | int, ...]


class Mistake(NamedTuple):
    """A mistake in the file: where (keys and places in lists), which, what, and a way out."""

    path: Path
    code: str
    message: str
    help: str = ""


def check_judgement(
    judgement: Judgement, grades: Sequence[str], domains: Sequence[str]
) -> list[Mistake]:
    """Return every mistake in the rules, given the grades (worst first) and domains of the book."""
    found = list(_Check(tuple(grades), tuple(domains)).judgement(judgement))
    return found or list(_too_many_patterns(judgement, grades))


class _Check:
    """The grades and domains of a book, against which rules are held."""

    def __init__(self, grades: tuple[str, ...], domains: tuple[str, ...]) -> None:
        self.grades = grades
        self.domains = domains

    def judgement(self, judgement: Judgement) -> Iterator[Mistake]:
        earns = "compliance_earns_at_most"
        yield from self.grade((earns,), judgement.compliance_earns_at_most)
        seen: set[str] = set()
        for stratum in STRATA:
            rules = judgement.rules(stratum)
            if len(rules) > MOST_RULES:
                yield Mistake(
                    (stratum,), "R309", f"{len(rules)} rules; at most {MOST_RULES} in one list"
                )
            for place, rule in enumerate(rules):
                if rule.id in seen:
                    message = f"there is already a rule `{rule.id}`"
                    yield Mistake((stratum, place, "id"), "R303", message)
                seen.add(rule.id)
                yield from self.effects((stratum, place), stratum, rule)
                yield from self.conditions((stratum, place), stratum, rule)

    def effects(self, path: Path, stratum: Stratum, rule: Rule) -> Iterator[Mistake]:
        effects = [name for name in EFFECTS["domain"] if getattr(rule, name) is not None]
        if not effects:
            yield Mistake(path, "R304", f"rule `{rule.id}` has no effect", _one_of(stratum))
        for name in effects:
            if name not in EFFECTS[stratum]:
                message = f"`{name}` is no effect of a rule under `{stratum}`"
                yield Mistake((*path, name), "R305", message, _one_of(stratum))
        for name in ("cap", "overall_cap"):
            if (grade := getattr(rule, name)) is not None:
                yield from self.grade((*path, name), grade)
                if grade == self.grades[-1]:
                    message = f"`{grade}` is the best grade, so this caps nothing"
                    yield Mistake((*path, name), "R304", message)

    def conditions(self, path: Path, stratum: Stratum, rule: Rule) -> Iterator[Mistake]:
        if len(rule.conditions) > MOST_CONDITIONS:
            message = f"{len(rule.conditions)} conditions; at most {MOST_CONDITIONS} in one rule"
            yield Mistake((*path, "when"), "R309", message)
        for place, name, condition in placed((*path, "when"), rule.when):
            if name not in CONDITIONS[stratum]:
                message = f"`{name}` cannot be asked under `{stratum}`"
                known = ", ".join(f"`{known}`" for known in CONDITIONS[stratum])
                yield Mistake(place, "R306", message, f"there it may ask: {known}")
            yield from self.condition(place, condition)

    def condition(self, path: Path, condition: Condition) -> Iterator[Mistake]:
        match condition:
            case Findings():
                yield from _range(path, "at_least", condition.at_least, MOST_COUNTED)
                yield from _empty(path, condition)
            case Answers():
                yield from _range(path, "at_least", condition.at_least, MOST_COUNTED)
                yield from _empty(path, condition)
            case DomainsCapped():
                yield from self.grade((*path, "at"), condition.at)
                yield from _range(path, "at_least", condition.at_least, len(self.domains))
            case AuditorDomainGrades():
                yield from self.grade((*path, "at"), condition.at)
                yield from self.named((*path, "domains"), condition.domains)
                most = len(condition.domains or self.domains)
                yield from _range(path, "at_least", condition.at_least, most)
            case BetterThanModerated():
                most = len(self.grades) - 1
                yield from _range(path, "by_at_least", condition.by_at_least, most)
            case ModeratedGrade():
                yield from self.grade((*path, "at"), condition.at)

    def grade(self, path: Path, grade: str) -> Iterator[Mistake]:
        if grade not in self.grades:
            yield Mistake(path, "R301", f"unknown grade `{grade}`", nearest(grade, self.grades))

    def named(self, path: Path, domains: Sequence[str]) -> Iterator[Mistake]:
        for domain in domains:
            if domain not in self.domains:
                help_ = nearest(domain, self.domains)
                yield Mistake(path, "R302", f"unknown domain `{domain}`", help_)


def check_conditions(
    path: Path, whens: Sequence[When], grades: Sequence[str], domains: Sequence[str]
) -> Iterator[Mistake]:
    """Yield what is wrong with conditions by themselves, wherever they stand."""
    check = _Check(tuple(grades), tuple(domains))
    for place, _, condition in placed(path, whens):
        yield from check.condition(place, condition)


def placed(path: Path, whens: Sequence[When]) -> Iterator[tuple[Path, str, Condition]]:
    """Yield each condition with its path in the file and its name."""
    for number, when in enumerate(whens):
        for name, condition in when.conditions():
            # one mapping is mostly written without a list around it
            nth = (number,) if len(whens) > 1 else ()
            yield (*path, *nth, name), name, condition


def _one_of(stratum: Stratum) -> str:
    return "it may have: " + ", ".join(f"`{name}`" for name in EFFECTS[stratum])


def _range(path: Path, key: str, value: int, most: int) -> Iterator[Mistake]:
    if not 1 <= value <= most:
        yield Mistake((*path, key), "R307", f"`{key}: {value}` is not between 1 and {most}")


def _empty(path: Path, condition: Findings | Answers) -> Iterator[Mistake]:
    for key in ("severity", "outcome", "comparison"):
        if getattr(condition, key, True) == ():
            yield Mistake((*path, key), "R308", f"`{key}` is an empty list")
    if isinstance(condition, Findings) and condition.outcome and not condition.codes:
        silence = "always" if condition.silent is False else "never"
        message = f"these outcomes are {silence} silent, so nothing is counted"
        yield Mistake((*path, "silent"), "R308", message)


def _too_many_patterns(judgement: Judgement, grades: Sequence[str]) -> Iterator[Mistake]:
    for stratum in STRATA:
        count = prod(sizes(judgement.rules(stratum), grades).values())
        if count > MOST_PATTERNS:
            yield Mistake(
                (stratum,),
                "R310",
                f"{count:,} patterns to tell apart; at most {MOST_PATTERNS:,} can be tried",
                "ask for smaller numbers, or count the same findings in several rules",
            )
