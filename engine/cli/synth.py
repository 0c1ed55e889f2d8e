"""`audit synth`: a synthetic batch, its known truth beside it."""

from pathlib import Path

from engine.cli.common import Given, open_rulebook, say
from engine.errors import Exit


def run_synth(count: int, out: Path, seed: int, format_: str, rules: Given) -> Exit:
    """Make a synthetic batch; return the exit code."""
    from engine.cli.score import progress_bar
    from engine.synthetic import Order, synthesise

    rulebook = open_rulebook(rules)
    order = Order(count, out, seed, format_)
    with progress_bar(count, quiet=False) as progress:
        made = synthesise(order, rulebook.fields, rulebook.calendar, progress)
    rows = sum(made.rows.values())
    say(f"{made.audits:,} audits with {rows:,} rows in {made.out}; the truth in {made.truth}")
    return Exit.DONE
