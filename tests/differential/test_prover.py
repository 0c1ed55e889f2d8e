"""The prover against every audit there can be, tried one by one in books small enough."""

from hypothesis import HealthCheck, given, settings

from engine.authoring.prove import Proof, Prover
from tests.differential.small_books import (
    STEPS,
    Small,
    Tried,
    every_audit,
    holds,
    laws,
    plain_judgements,
    promised,
    smallest_broken,
    smalls,
)

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def size_of(proof: Proof) -> tuple[int, int] | None:
    """Return the size of the case that a proof shows, as `smallest_broken` measures it."""
    if proof.case is None:
        return None
    facts, before = proof.case.facts, proof.case.before
    misses = sum(STEPS[code] > 0 for code in facts.outcomes.values())
    said = len(facts.domains) + len(facts.answers)
    if before is not None:
        said += sum(STEPS[code] > 0 for code in before.outcomes.values())
    return misses, said


def is_spoken_of(proof: Proof, small: Small, audits: list[Tried]) -> bool:
    """Say whether a promise speaks of any audit."""
    domains = [None] if proof.promise.of == "audit" else list(audits[0].judged.domains)
    return any(
        all(holds(c, one, small.rulebook, domain) for c in proof.promise.conditions)
        for one in audits
        for domain in domains
    )


def agrees(small: Small) -> None:
    """Assert that the prover and trying every audit come to the same."""
    audits = every_audit(small)
    prover = Prover(small.rulebook, small.possible)
    for promise in small.rulebook.promises:
        proof = prover.proof(promise)
        smallest = smallest_broken(promise, small, audits)
        assert proof.holds == (smallest is None), promise
        assert size_of(proof) == smallest, promise
        if not promise.then.never_raised_by:
            assert bool(proof.spoken_of) == is_spoken_of(proof, small, audits), promise


@few
@given(smalls())
def test_the_prover_finds_what_trying_every_audit_finds(small: Small) -> None:
    """Of any small book: the same promises hold, and a broken one is broken by as few misses."""
    agrees(small)


@few
@given(smalls(plain_judgements(), promised()))
def test_the_prover_finds_it_where_more_rules_fire(small: Small) -> None:
    """So it is with rules that ask one thing each, of which more fire together."""
    agrees(small)


@few
@given(smalls(plain_judgements(), laws()))
def test_the_prover_finds_every_finding_that_raises_a_grade(small: Small) -> None:
    """So it is with promises about a finding that turns, with rules that may well break them."""
    agrees(small)
