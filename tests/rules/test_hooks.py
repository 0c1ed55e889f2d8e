"""The hooks for pre-commit: each entry is a command that there is, and fails on a broken rule."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.errors import Exit
from tests.rules.rulebooks import change
from tests.unit.commands import process

ROOT = Path(__file__).parents[2]
SMALL = Path(__file__).parent / "small"
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
BREAKS = {
    "audit-rules-check": ("severity: major", "severity: high", Exit.RULEBOOK),
    "audit-rules-test": ("expect: not_met", "expect: partly_met", Exit.RULEBOOK),
}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Copy the small rulebook."""
    for path in SMALL.rglob("*.yaml"):
        to = tmp_path / path.relative_to(SMALL)
        to.parent.mkdir(exist_ok=True)
        to.write_bytes(path.read_bytes())
    return tmp_path


def test_a_hook_for_each_of_the_two_commands() -> None:
    """The hooks are there under the names that the documentation gives them."""
    assert [hook["id"] for hook in HOOKS] == list(BREAKS)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_a_command_that_fails_on_a_broken_rule(
    hook: dict[str, Any], rules: Path
) -> None:
    """What the hook enters passes on rules that are right, and ends with an error otherwise."""
    program, *words = hook["entry"].split()
    assert program == "audit"
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    assert process(*words, rules).code == Exit.DONE
    old, new, code = BREAKS[hook["id"]]
    change(rules, "child_protection/visits.yaml", old, new)
    assert process(*words, rules).code == code
