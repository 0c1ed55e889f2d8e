"""The engine and the naive reference find the same, on random standards and random records."""

from typing import Any

import pytest
from hypothesis import given

from tests.differential.engine_adapter import Shown, engine_findings
from tests.differential.profile import examples
from tests.differential.reference import Result
from tests.differential.scene import Scene, reference_findings
from tests.differential.smallest import smallest
from tests.differential.strategies import KINDS, SEEDS, scene_of, written_standards


def agrees(expected: Result, shown: Shown) -> bool:
    """Say whether a finding of the engine is the reference's."""
    same = (shown.outcome, shown.told, shown.silent)
    if same != (expected.outcome, expected.outcome, expected.silent):
        return False
    if not expected.values or None in expected.values:
        return True
    return shown.value in expected.values and shown.back_filled in expected.back_filled


def disagreements(scene: Scene) -> dict[str, str]:
    """Return what the two judges see differently, by audit."""
    expected, found = reference_findings(scene), engine_findings(scene)
    assert expected.keys() == found.keys()
    return {
        audit: f"reference: {expected[audit, name]}; engine: {found[audit, name]}"
        for audit, name in expected
        if not agrees(expected[audit, name], found[audit, name])
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_engine_agrees_with_the_reference(kind: str) -> None:
    """Every audit gets the same outcome, silence and value from both, for every kind of measure."""

    @examples()
    @given(written_standards(kind), SEEDS)
    def look(written: dict[str, Any], seed: int) -> None:
        scene = scene_of(written, seed)
        wrong = disagreements(scene)
        if wrong:
            scene = smallest(scene, next(iter(wrong)), disagreements)
            pytest.fail(f"{disagreements(scene)}\n{scene}", pytrace=False)

    look()
