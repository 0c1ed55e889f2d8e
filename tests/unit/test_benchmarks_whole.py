"""The script by hand for the whole book knows the standards as the shipped rulebook has them."""

import re
from collections import defaultdict
from functools import cache

from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from tests.unit.synthetic_batches import ROOT

WHOLE = ROOT / "benchmarks" / "whole"
ID = re.compile(r"'([A-Z]{2}-\d\d)'")
BOTTOM_LINE = "bottom line"


@cache
def rulebook() -> Rulebook:
    """Return the shipped book."""
    book, problems = load_rulebook(ROOT / "rules")
    assert book, problems
    return book


def _text(name: str) -> str:
    return (WHOLE / f"{name}.sql").read_text("utf-8")


def _live() -> list[str]:
    return sorted(standard.id for standard in rulebook().live)


def test_every_live_standard_has_one_place_among_the_packed_outcomes() -> None:
    """Twenty-one of three bits go into each of the five numbers."""
    _, rest = _text("audit").split("CREATE TYPE standard_id AS ENUM (")
    placed = ID.findall(rest.split(");")[0])
    assert sorted(placed) == _live()
    assert len(placed) <= 5 * 21


def test_every_live_standard_is_tested_once() -> None:
    """No outcome is put in a number twice, or left out."""
    tested = [
        found
        for name in ("protection", "assessments", "visits", "plans", "care", "oversight")
        for found in re.findall(
            r"'([A-Z]{2}-\d\d)'\)\s*(?:\||AS|,)", _text(name).replace("\n", " ")
        )
    ]
    assert sorted(tested) == _live()


def test_every_live_standard_is_written() -> None:
    assert sorted(re.findall(r'AS "([A-Z]{2}-\d\d)"', _text("results"))) == _live()


def test_the_masks_hold_each_standard_in_its_domain_and_severity() -> None:
    """A standard that moves to another domain or severity has to move in the script as well."""
    _, rest = _text("judgement").split("FROM (VALUES")
    rows = re.findall(r"\('([a-z_ ]+)', \[([^\]]+)\]\)", rest.split(") AS book")[0])
    expected: dict[str, set[str]] = defaultdict(set)
    for standard in rulebook().live:
        expected[f"{standard.domain} {standard.severity}"].add(standard.id)
        if standard.bottom_line:
            expected[BOTTOM_LINE].add(standard.id)
    assert {key: {*ID.findall(ids)} for key, ids in rows} == expected
