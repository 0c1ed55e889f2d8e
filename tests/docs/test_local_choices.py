"""The promises of docs/how-to/keep-local-choices.md: what it says can be typed, and gives no error."""

from pathlib import Path

import pytest
import yaml

from engine.rulebook.load import load_rulebook
from engine.rulebook.overlay import Change
from tests.docs.test_docs import ROOT, typed
from tests.unit.commands import Audit

PAGE = (ROOT / "docs/how-to/keep-local-choices.md").read_text("utf-8")
ROWS = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| ") and "`{" in line]


@pytest.mark.parametrize("words", typed(PAGE), ids=" ".join)
def test_a_command_of_the_page_does_what_it_says(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command, typed at the top of the repository, ends without an error."""
    monkeypatch.chdir(ROOT)
    ended = Audit(monkeypatch, capsys)(*words)
    assert ended.code == 0, ended.err
    assert ended.out


def test_the_second_example_holds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The overlay that makes 24 days of 31 is right, and so are the examples that it adds."""
    monkeypatch.chdir(ROOT)
    over = ("--rules", "rules", "--rules", "docs/how-to/examples/supervision")
    audit = Audit(monkeypatch, capsys)
    ended = audit("rules", "test", "rules/oversight/supervision-regular.yaml", *over)
    assert (ended.code, ended.err) == (0, "")


def test_the_page_has_commands() -> None:
    """The page shows how to check, test, see the effect, show, list and score."""
    assert [words[:2][-1] for words in typed(PAGE)] == [
        "check", "test", "impact", "show", "show", "list", "audits/examples",
    ]  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_change_of_the_table_can_be_made(row: str, tmp_path: Path) -> None:
    """Each line of the table is a change that the shipped book takes."""
    change = Change.model_validate(yaml.load(row, yaml.BaseLoader))  # noqa: S506 - text stays text
    assert change.reason
    head = (ROOT / "docs/how-to/examples/our-council/overlay.yaml").read_text("utf-8")
    head = head.partition("changes:")[0]
    (tmp_path / "overlay.yaml").write_text(f"{head}changes:\n  - {row}\n", "utf-8")
    assert load_rulebook(ROOT / "rules", tmp_path)[1] == ()
