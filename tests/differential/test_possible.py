"""What the prover takes to be impossible is never found, on random standards and records."""

from typing import Any

import pytest
from hypothesis import given

from engine.authoring.possible import possible_codes
from engine.terms import NOT_MET_BY_SILENCE, Outcome
from tests.differential.profile import examples
from tests.differential.reference import Result
from tests.differential.scene import reference_findings
from tests.differential.strategies import KINDS, SEEDS, scene_of, written_standards


def code_of(result: Result) -> int:
    """Return a finding of the reference as a code in columns."""
    by_silence = result.silent and result.outcome is Outcome.NOT_MET
    return NOT_MET_BY_SILENCE if by_silence else result.outcome.code


@pytest.mark.parametrize("kind", KINDS)
def test_no_record_gives_what_is_taken_to_be_impossible(kind: str) -> None:
    """Of every kind of measure, each outcome that comes about was counted as possible."""

    @examples()
    @given(written_standards(kind), SEEDS)
    def look(written: dict[str, Any], seed: int) -> None:
        scene = scene_of(written, seed)
        possible = {standard.id: possible_codes(standard) for standard in scene.standards}
        for (_, name), result in reference_findings(scene).items():
            assert code_of(result) in possible[name], (result, scene.standards)

    look()
