"""The page docs/reference/semantics.md holds, sentence by sentence, for both judges."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.terms import Outcome
from tests.differential.engine_adapter import engine_findings
from tests.differential.scene import Scene, reference_findings
from tests.spec.reading import Promise, read_promises

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "semantics.md"
PROMISES = read_promises()
Judge = Callable[[Scene], tuple[str, set[bool]]]
COUNTED = ("within", "longest_gap", "every", "share", "count", "recorded_within")


def by_reference(scene: Scene) -> tuple[str, set[bool]]:
    """Return the reference's finding as a promise writes it, and whether it is back-filled."""
    (found,) = reference_findings(scene).values()
    (value,) = found.values or {None}
    return said(scene, found.outcome, value, silent=found.silent), set(found.back_filled)


def by_engine(scene: Scene) -> tuple[str, set[bool]]:
    """Return the engine's finding as a promise writes it, and whether it is back-filled."""
    (found,) = engine_findings(scene).values()
    assert found.told == found.outcome
    return said(scene, found.outcome, found.value, silent=found.silent), {found.back_filled}


def said(scene: Scene, outcome: Outcome, value: int | None, *, silent: bool) -> str:
    """Return an outcome with the value that it was graded by."""
    graded = outcome in ("met", "partly_met", "not_met") and not silent
    counted = any(getattr(b.measure, "kind", "") in COUNTED for b in scene.standards[0].branches())
    shown = f" {value}" if graded and counted and value is not None else ""
    return f"{outcome}{shown}{' by silence' if silent else ''}"


@pytest.mark.parametrize("judge", [by_reference, by_engine])
@pytest.mark.parametrize("promise", PROMISES, ids=str)
def test_a_promise_holds(promise: Promise, judge: Judge) -> None:
    """Each hand-checked record gets the outcome that the sentence promises, from both judges."""
    outcome, back_filled = judge(promise.scene)
    assert outcome == promise.expect
    assert promise.back_filled is None or back_filled == {promise.back_filled}


@pytest.mark.parametrize("promise", PROMISES, ids=str)
def test_a_promise_quotes_the_page(promise: Promise) -> None:
    """What a promise rests on stands in the page, word for word."""
    assert promise.says in plain(PAGE.read_text("utf-8"))


def test_every_sentence_of_the_page_is_promised() -> None:
    """No sentence of the page goes without a record that shows it."""
    quoted = {promise.says for promise in PROMISES}
    untold = [s for s in sentences() if not any(q in s or s in q for q in quoted)]
    assert untold == []


def plain(text: str) -> str:
    """Return text with its white space made single."""
    return " ".join(text.split())


def sentences() -> list[str]:
    """Return the sentences of the page, from its first section on."""
    body = PAGE.read_text("utf-8").partition("## The clock")[2]
    paragraphs = re.split(r"\n\s*\n|\n(?=\d\. |\*\*)|\n(?=## )", body)
    kept = [plain(p) for p in paragraphs if not p.lstrip().startswith("#")]
    parts = [s for p in kept for s in re.split(r"(?<=[.]) (?=[A-Z`*])", re.sub(r"^\d\. ", "", p))]
    return [s for s in parts if s]
