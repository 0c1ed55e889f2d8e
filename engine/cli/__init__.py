"""The command line: arguments in, exit code out. It is the only place that asks what day it is."""

import gc
import io
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

INTERRUPTED = 130


def main() -> None:
    """Run `audit`; a mistake of the user's is printed plainly and never as a traceback."""
    # Plans and documents are many small objects, and none is garbage before the end of a run.
    gc.set_threshold(100_000, 50, 100)
    # pydantic would look for plug-ins among all packages that are installed
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from engine.cli.app import app
    from engine.errors import Stop

    _write_utf8()
    # asked to end, a run takes its temporary files away as it does after Control-C
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app(prog_name="audit")
    except Stop as stop:
        sys.stderr.writelines(f"{problem}\n" for problem in stop.problems)
        sys.exit(int(stop.exit_code))
    except SystemExit as end:  # so Typer ends what was interrupted
        if end.code == INTERRUPTED:
            _interrupted()
        raise
    except KeyboardInterrupt:
        _interrupted()
    except RuntimeError as error:  # so DuckDB does
        if str(error) != "Query interrupted":
            raise
        _interrupted()


def _interrupted() -> NoReturn:
    sys.stderr.write("interrupted\n")
    sys.exit(INTERRUPTED)


def _write_utf8() -> None:
    """Write data as UTF-8 to files and pipes, and to a terminal what it can show."""
    if sys.stdout is None:  # it was closed (`>&-`): what would be printed goes nowhere
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")
