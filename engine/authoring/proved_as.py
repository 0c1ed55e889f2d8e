"""What was proved, for people and for programs: lines of text, JSON, JUnit.

Proofs and their rulebook come in, lines go out.
"""

import json
import textwrap
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

from engine.authoring.case_words import case_lines, judged_again
from engine.authoring.prove import Case, Proof, Proved
from engine.reports.books import as_data, overlaid
from engine.reports.wording import counted
from engine.rulebook.book import Rulebook
from engine.terms import NOT_MET_BY_SILENCE, OUTCOMES, Outcome, Route

WIDTH = 100
INDENT = " " * 8


def full(proved: Proved, rulebook: Rulebook) -> Iterator[str]:
    """Yield each promise with what became of it, and what was tried in all."""
    for proof in proved.proofs:
        yield from _proof(proof, rulebook)
    if proved.proofs:
        yield ""
    yield from textwrap.wrap(_closing(proved, rulebook), WIDTH)
    yield from textwrap.wrap(overlaid(rulebook), WIDTH)


def _proof(proof: Proof, rulebook: Rulebook) -> Iterator[str]:
    verdict = "kept" if proof.holds else "BROKEN"
    if not proof.spoken_of:
        verdict = "idle"
    yield from _wrapped(proof.promise.it, f"{verdict:<8}", INDENT)
    yield from _wrapped(f"{proof.promise.id}: {_tried(proof)}", INDENT, f"{INDENT}  ")
    for line in case_lines(proof, rulebook):
        lead = INDENT + "  " * line.startswith(" ")
        yield from _wrapped(line.strip(), lead, f"{lead}    ")


def _wrapped(text: str, first: str, then: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=then)


def _tried(proof: Proof) -> str:
    noun = "pattern" if proof.promise.then.never_raised_by is None else "change"
    tried = counted(proof.patterns, noun)
    if not proof.spoken_of:
        return f"of the {tried} tried none is so: no audit of this book can put it to the test"
    spoken_of = counted(proof.spoken_of, noun)
    if proof.spoken_of < proof.patterns:
        spoken_of += f" that it speaks of, {proof.patterns:,} tried"
    return (
        f"kept in all {spoken_of}" if proof.holds else f"broken in {proof.broken:,} of {spoken_of}"
    )


def _closing(proved: Proved, rulebook: Rulebook) -> str:
    if not proved.proofs:
        return f"no promises in {rulebook.folder}: there is no promises.yaml, or it lists none."
    patterns = sum(proof.patterns for proof in proved.proofs)
    idle = sum(not proof.spoken_of for proof in proved.proofs)
    never = f", {idle} that nothing can put to the test" if idle else ""
    names = ", ".join(f"`{proof.promise.id}`" for proof in proved.broken)
    broken = f"{len(proved.broken)} broken{f' ({names})' if names else ''}"
    return (
        f"{counted(len(proved.proofs), 'promise')}, {broken}{never}. {patterns:,} patterns were "
        f"tried: every one that {counted(len(rulebook.live), 'live standard')} and the auditor's "
        f"grades can give. They stand for {_power(proved.audits)} ways in which an audit can fall "
        "out."
    )


def _power(number: int) -> str:
    """Return a large number in two digits.

    >>> _power(24960000000)
    '2.5 × 10^10'
    """
    digits, power = f"{number:.1e}".split("e")
    return f"{digits} × 10^{int(power)}"


def as_json(proved: Proved, rulebook: Rulebook) -> Iterator[str]:
    """Yield everything that was proved as one JSON object."""
    said = {
        "rulebook": as_data(rulebook),
        "audits": proved.audits,
        "promises": [_as_data(proof, rulebook) for proof in proved.proofs],
    }
    yield json.dumps(said, indent=2, ensure_ascii=False)


def _as_data(proof: Proof, rulebook: Rulebook) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": proof.promise.id,
        "it": proof.promise.it,
        "holds": proof.holds,
        "patterns": proof.patterns,
        "spoken_of": proof.spoken_of,
        "broken": proof.broken,
    }
    if proof.case is not None:
        found["case"] = _case(proof.case, rulebook) | {"words": list(case_lines(proof, rulebook))}
    return found


def _case(case: Case, rulebook: Rulebook) -> dict[str, Any]:
    judged = judged_again(case.facts, rulebook)

    def grade(rank: int | None) -> str | None:
        return rulebook.grades[rank - 1] if rank else None

    return {
        "domain": case.domain,
        "outcomes": _outcomes(case.facts.outcomes),
        "before": _outcomes(case.before.outcomes) if case.before else None,
        "silent": [s for s, code in case.facts.outcomes.items() if code == NOT_MET_BY_SILENCE],
        "answers": {s: OUTCOMES[code] for s, code in case.facts.answers.items()},
        "auditor": {
            "overall": grade(case.facts.overall),
            "domains": {d: grade(rank) for d, rank in case.facts.domains.items()},
        },
        "cap": grade(judged.cap),
        "domain_caps": {d: grade(rank) for d, rank in judged.caps.items()},
        "moderated_grade": grade(judged.moderated),
        "alert": judged.alert,
        "route": tuple(Route)[judged.route],
    }


def _outcomes(codes: dict[str, int] | Any) -> dict[str, str]:  # noqa: ANN401 - any mapping
    return {s: OUTCOMES[min(code, Outcome.NOT_MET.code)] for s, code in codes.items()}


def junit(proved: Proved, rulebook: Rulebook) -> Iterator[str]:
    """Yield the promises as a JUnit test suite, for whatever shows tests."""
    suite = ET.Element(
        "testsuite",
        name="audit rules prove",
        tests=str(len(proved.proofs)),
        failures=str(len(proved.broken)),
    )
    for proof in proved.proofs:
        case = ET.SubElement(suite, "testcase", classname=proof.promise.id, name=proof.promise.it)
        if not proof.holds:
            failure = ET.SubElement(case, "failure", message=_tried(proof))
            failure.text = "\n".join(case_lines(proof, rulebook))
        elif not proof.spoken_of:
            ET.SubElement(case, "skipped", message=_tried(proof))
    ET.indent(suite)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield ET.tostring(suite, encoding="unicode")


FORMATS: dict[str, Callable[[Proved, Rulebook], Iterator[str]]] = {
    "full": full,
    "json": as_json,
    "junit": junit,
}
