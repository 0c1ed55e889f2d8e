"""Documents that a command makes: one to standard output or a file, several to a folder."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.cli.common import say, show
from engine.cli.unfinished import scratch_in
from engine.errors import Exit, Location, Problem, Stop, reason


def put(lines: Iterable[str], out: Path | None) -> None:
    """Print lines, or write them to a file whole and say so.

    Raises:
        Stop: the file cannot be written; one that stood there still does.
    """
    if out is None:
        show(lines)
        return
    put_all({out.name: "".join(f"{line}\n" for line in lines)}, out.parent, out)
    say(f"written to {out}")


def put_all(texts: Mapping[str, str], folder: Path, shown: Path) -> None:
    """Write files into a folder, all of them or none; `shown`: what the user named.

    Raises:
        Stop: they cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with scratch_in(folder, None) as scratch:
            for name, text in texts.items():
                (scratch / name).write_text(text, "utf-8", newline="\n")
            for name in texts:
                (scratch / name).replace(folder / name)
    except OSError as error:
        said = f"it cannot be written here ({reason(error)})"
        help_ = "give another place with --out"
        raise Stop(Exit.USAGE, (Problem(Location(str(shown)), "U002", said, help_),)) from None
