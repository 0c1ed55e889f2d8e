"""The command line: arguments in, exit code out. It is the only place that asks what day it is."""

import atexit
import gc
import io
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

INTERRUPTED = 130


def command() -> None:
    """Run `audit` as a process of its own, which ends as soon as all is written and put away."""
    ended: list[int] = []
    # registered before all others it is called after them, and after every thread has ended
    atexit.register(_leave, ended)
    try:
        main()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            ended.append(end.code or 0)
        raise
    ended.append(0)


def _leave(ended: list[int]) -> None:
    """End the process; to take a database and all modules apart first takes a tenth of a second.

    A process that broke, that cannot write its last words or is measured ends as Python ends it.
    """
    if not ended or "coverage" in sys.modules:
        return
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit(ended[0])


def main() -> None:
    """Run `audit`; a mistake of the user's is printed plainly and never as a traceback."""
    # Plans and documents are many small objects, and none is garbage before the end of a run.
    # Ten audits make fewer than this; to look through them once would take 30 milliseconds.
    gc.set_threshold(500_000, 10, 100)
    # pydantic would look for plug-ins among all packages that are installed
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from engine.cli.app import app
    from engine.cli.asked_for import asked_for
    from engine.errors import Stop

    _write_utf8()
    # asked to end, a run takes its temporary files away as it does after Control-C
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asked_for(app, sys.argv[1:])(prog_name="audit")
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
