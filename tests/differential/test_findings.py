"""The engine and the naive reference find the same, on random standards and random records."""

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from tests.differential.engine_adapter import Shown, engine_findings
from tests.differential.reference import Result
from tests.differential.scene import Scene, reference_findings
from tests.differential.strategies import KINDS, scenes

pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")


def agrees(expected: Result, shown: Shown) -> bool:
    """Say whether a finding of the engine is the reference's."""
    same = (shown.outcome, shown.told, shown.silent)
    graded = bool(expected.values) and None not in expected.values
    return same == (expected.outcome, expected.outcome, expected.silent) and (
        not graded or shown.value in expected.values
    )


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_the_engine_agrees_with_the_reference(kind: str, data: st.DataObject) -> None:
    """Every audit gets the same outcome, silence and value from both, for every kind of measure."""
    scene: Scene = data.draw(scenes(kind))
    expected, found = reference_findings(scene), engine_findings(scene)
    note(str(scene))
    assert expected.keys() == found.keys()
    for pair, result in expected.items():
        assert agrees(result, found[pair]), f"{pair}: the engine {found[pair]}, not {result}"
