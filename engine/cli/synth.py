"""`audit synth`: a synthetic batch, its known truth beside it."""

from pathlib import Path

from engine.cli.common import open_rulebook, say
from engine.errors import Exit


def run_synth(count: int, out: Path, seed: int, format_: str, rules: Path | None) -> Exit:
    """Make a synthetic batch; return the exit code."""
    from engine.cli.score import progress_bar
    from engine.synthetic import synthesise

    rulebook = open_rulebook(rules)
    with progress_bar(count, quiet=False) as progress:
        made = synthesise(count, out, seed, format_, rulebook.fields, rulebook.calendar, progress)
    say(f"{made.audits:,} audits with {made.rows:,} rows in {out}; the truth in {made.truth}")
    return Exit.DONE
