"""A rulebook for the tests of judgement: the shipped rules and lists, over standards made here."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from engine.rulebook.book import Book, Rulebook
from engine.rulebook.judgement import Judgement
from engine.rulebook.model import Strict
from engine.rulebook.source import read_source
from engine.rulebook.standard import Standard
from engine.rulebook.validate import validate
from engine.terms import Severity

RULES = Path(__file__).parents[2] / "rules"
M = TypeVar("M", bound=Strict)

# id: domain, severity, whether it is a bottom line; four domains, one of them without a critical
STANDARDS = {
    "SA-01": ("safety", "critical", True),
    "SA-02": ("safety", "major", False),
    "SA-03": ("safety", "minor", False),
    "VI-01": ("visits", "critical", False),
    "VI-02": ("visits", "major", True),
    "VI-03": ("visits", "minor", False),
    "VI-04": ("visits", "minor", True),
    "PL-01": ("planning", "major", False),
    "PL-02": ("planning", "major", True),
    "RE-01": ("recording", "minor", False),
    "RE-02": ("recording", "minor", False),
    "RE-03": ("recording", "minor", False),
    "RE-04": ("recording", "minor", False),
}


def parsed(model: type[M], text: str) -> M:
    """Return YAML as a model; it must be without a mistake."""
    source, problems = read_source(text, "test.yaml")
    assert source is not None, problems
    value, problems = validate(model, source)
    assert value is not None, problems
    return value


@cache
def shipped() -> Judgement:
    """Return the rules of judgement that the project ships."""
    return parsed(Judgement, (RULES / "judgement.yaml").read_text("utf-8"))


@cache
def book() -> Book:
    """Return the grades and domains that the project ships."""
    return parsed(Book, (RULES / "rulebook.yaml").read_text("utf-8"))


GRADES = tuple(grade.id for grade in book().grades)
DOMAINS = tuple(domain.id for domain in book().domains)


def standard(name: str, domain: str, severity: str, *, bottom_line: bool) -> Standard:
    """Return a live standard of which judgement reads all that it ever reads."""
    made: Standard = cast("Any", Standard).model_construct(
        id=name,
        domain=domain,
        severity=Severity(severity),
        bottom_line=bottom_line,
        status="live",
    )
    return made


def rulebook(
    judgement: Judgement | None = None, standards: Iterable[Standard] | None = None
) -> Rulebook:
    """Return a rulebook of the shipped lists; the shipped rules and `STANDARDS` unless given."""
    if standards is None:
        standards = (standard(s, d, v, bottom_line=b) for s, (d, v, b) in sorted(STANDARDS.items()))
    return Rulebook(
        book=book(),
        fields=cast("Any", None),
        calendar=cast("Any", None),
        standards=tuple(standards),
        judgement=judgement or shipped(),
        file_names={},
        hash="",
        folder="",
    )
