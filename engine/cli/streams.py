"""Standard output and standard error: as UTF-8, and where they cannot be written."""

import io
import os
import sys
from pathlib import Path
from typing import TextIO

from engine.errors import Location, Problem, reason


def ready() -> None:
    """Write data as UTF-8 to files and pipes, and to a terminal what it can show.

    What was closed (`>&-`) is opened again and goes nowhere.
    """
    if sys.stdout is None:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def told(text: str) -> None:
    """Write a line to standard error; where that cannot be written nobody can be told of it."""
    try:
        sys.stderr.write(f"{text}\n")
    except OSError:
        drop(sys.stderr)


def refused(error: OSError) -> Problem | None:
    """Return what is wrong with standard output, or nothing where its reader has gone."""
    if isinstance(error, BrokenPipeError):
        return None
    said = f"it cannot be written here ({reason(error)})"
    return Problem(Location("standard output"), "U002", said)


def drop(stream: TextIO) -> None:
    """Let what is still to be printed go nowhere, so that the end of the run does not try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def fault(stream: TextIO) -> OSError | None:
    """Return why an empty line cannot be written to a stream, which is then dropped; or nothing."""
    try:
        stream.write("\n")
        stream.flush()
    except OSError as error:
        drop(stream)
        return error
    return None


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")  # until the process ends
