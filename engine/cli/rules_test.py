"""`audit rules test`: run the examples that stand in each rule file."""

from pathlib import Path

from engine.cli.common import open_rulebook, tell
from engine.errors import Exit


def run_rules_test(folder: Path | None) -> Exit:
    """Run every example; return the exit code."""
    from engine.examples import run_examples

    rulebook = open_rulebook(folder)
    problems, number = run_examples(rulebook)
    tell(problems)
    print(f"{number} examples of {len(rulebook.live)} standards, {len(problems)} failed.")
    return Exit.FAILED if problems else Exit.DONE
