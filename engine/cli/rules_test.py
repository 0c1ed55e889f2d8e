"""`audit rules test`: run the examples that stand in each rule file."""

from engine.cli.common import Given, open_rulebook, show, tell
from engine.errors import Exit


def run_rules_test(folder: Given) -> Exit:
    """Run every example; return the exit code."""
    from engine.authoring.examples import run_examples

    rulebook = open_rulebook(folder)
    problems, number = run_examples(rulebook)
    tell(problems)
    tested = sum(bool(standard.examples) for standard in rulebook.standards)
    show([f"{number} examples of {tested} standards, {len(problems)} failed."])
    return Exit.FAILED if problems else Exit.DONE
