"""What is said to be odd about rules of judgement, held against every audit of small books."""

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings

from engine.authoring.judgement_lints import lint_judgement
from engine.errors import Location
from engine.judgement.audit import Judged, judge_audit
from engine.rulebook.judgement import STRATA
from tests.differential.small_books import (
    Small,
    every_audit,
    plain_judgements,
    smalls,
    verdicts_of,
)

few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def said_of(small: Small) -> dict[str, set[str]]:
    """Return the rules that are told, by code."""
    told: dict[str, set[str]] = {}
    for problem in lint_judgement(
        small.rulebook, lambda _stratum, rule: Location(rule), small.possible
    ):
        told.setdefault(problem.code, set()).add(problem.location.file)
    return told


def fired(judged: Judged) -> set[str]:
    """Return the rules of all lists that fired on an audit."""
    verdicts = (*judged.domains.values(), judged.overall, judged.next)
    return {rule for verdict in verdicts for rule in verdict.fired}


def gives(judged: Judged) -> tuple[object, ...]:
    """Return all that judgement gives to an audit."""
    return (judged.caps, judged.cap, judged.moderated, judged.alert, judged.route)


def holds(small: Small) -> None:
    """Assert that what is told is so: of dead rules exactly, of idle ones that none is missed."""
    judgement, told = small.rulebook.judgement, said_of(small)
    assume("R334" not in told)  # nothing is looked at then
    audits = every_audit(small)
    rules = {rule.id for stratum in STRATA for rule in judgement.rules(stratum)}
    alive = {rule for one in audits for rule in fired(one.judged)}
    assert told.get("R330", set()) == rules - alive
    idle = told.get("R331", set()) | told.get("R332", set())
    lists: dict[str, object] = {
        s: tuple(r for r in judgement.rules(s) if r.id not in idle) for s in STRATA
    }
    without = replace(small.rulebook, judgement=judgement.model_copy(update=lists))
    verdicts = verdicts_of(without)
    for one in audits:
        assert gives(judge_audit(one.facts, without, verdicts)) == gives(one.judged), idle


@few
@given(smalls())
def test_odd_rules_are_as_they_are_told(small: Small) -> None:
    """A rule is told to be dead if and only if no audit fires it; idle ones change no verdict."""
    holds(small)


@few
@given(smalls(plain_judgements()))
def test_odd_rules_are_as_they_are_told_where_more_fire(small: Small) -> None:
    """So it is with rules that ask one thing each, many of which cover one another."""
    holds(small)
