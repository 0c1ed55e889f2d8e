"""`audit rules prove`: try the promises on every pattern that an audit can have."""

from pathlib import Path

from engine.cli.common import open_rulebook, show
from engine.errors import Exit


def run_rules_prove(folder: Path | None, output_format: str) -> Exit:
    """Prove every promise and print what became of it; return the exit code."""
    from engine.authoring.prove import prove
    from engine.authoring.proved_as import FORMATS

    rulebook = open_rulebook(folder)
    proved = prove(rulebook)
    show(FORMATS[output_format](proved, rulebook))
    return Exit.FAILED if proved.broken else Exit.DONE
