"""`audit rules handbook`: the standards as pages to read and print."""

from pathlib import Path

from engine.cli.common import Given, open_rulebook, say
from engine.cli.documents import put_all
from engine.errors import Exit


def run_rules_handbook(out: Path, rules: Given) -> Exit:
    """Write the handbook of a rulebook into a folder; return the exit code."""
    from engine.reports.handbook import INDEX, pages

    rulebook = open_rulebook(rules)
    made = pages(rulebook)
    put_all(made, out, out)
    say(f"{len(rulebook.live)} standards on {len(made)} pages; begin with {out / INDEX}")
    return Exit.DONE
