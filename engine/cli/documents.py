"""One document that a command makes: to standard output, or to a file."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from engine.cli.common import say, show
from engine.errors import Exit, Location, Problem, Stop


def put(lines: Iterable[str], out: Path | None) -> None:
    """Print lines, or write them to a file whole and say so.

    Raises:
        Stop: the file cannot be written; one that stood there still does.
    """
    if out is None:
        show(lines)
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=out.parent) as scratch:
            made = Path(scratch) / "made"
            made.write_text("".join(f"{line}\n" for line in lines), "utf-8", newline="\n")
            made.replace(out)
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        said = f"the file cannot be written ({reason})"
        help_ = "give another file with --out"
        raise Stop(Exit.USAGE, (Problem(Location(str(out)), "U002", said, help_),)) from None
    say(f"written to {out}")
