"""The promises of docs/how-to/run-a-listening-and-learning-week.md: what it says can be typed."""

import pytest

from tests.docs.pages import commands, options
from tests.docs.test_docs import ROOT, command_of, typed

PAGE = (ROOT / "docs/how-to/run-a-listening-and-learning-week.md").read_text("utf-8")
STEPS = ["synth", "score", "moderate", "sample", "sample", "rehearse", "moderate", "sample",
         "rehearse", "moderate", "moderate", "moderate", "moderate", "moderate", "moderate",
         "moderate", "actions", "actions", "actions", "actions", "report", "ledger"]  # fmt: skip


@pytest.mark.parametrize("words", typed(PAGE), ids=" ".join)
def test_a_command_of_the_page_is_one_that_there_is(words: list[str]) -> None:
    """Each command line is a command that exists, with options that it has."""
    name = command_of(words)
    assert name is not None, words
    known = options(commands()[name])
    assert [word for word in words if word.startswith("--") and word not in known] == []


def test_the_page_goes_through_a_whole_week() -> None:
    """From the batch to the report and the check of the ledger, in this order."""
    assert [words[0] for words in typed(PAGE)] == STEPS
