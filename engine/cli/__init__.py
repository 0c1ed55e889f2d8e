"""The command line: arguments in, exit code out. It is the only place that asks what day it is."""

import atexit
import gc
import os
import signal
import sys
from typing import NoReturn, TextIO

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
    from engine.cli.streams import ready, told
    from engine.errors import Stop

    ready()
    output = sys.stdout
    # asked to end, a run takes its temporary files away as it does after Control-C
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asked_for(app, sys.argv[1:])(prog_name="audit")
    except Stop as stop:
        for problem in stop.problems:
            told(str(problem))
        sys.exit(int(stop.exit_code))
    except SystemExit as end:
        _ended(end, output)
    except KeyboardInterrupt:
        _interrupted()
    except OSError as error:
        _unprinted(error)
    except RuntimeError as error:  # so DuckDB does
        if str(error) != "Query interrupted":
            raise
        _interrupted()


def _ended(end: SystemExit, output: TextIO) -> NoReturn:
    """End a run as Typer ends it, but for the ends that have no exit code of their own there."""
    if end.code == INTERRUPTED:
        _interrupted()
    if sys.stdout is not output:  # so Typer ends where the reader of the help has gone
        sys.exit(0)
    raise end


def _interrupted() -> NoReturn:
    from engine.cli.streams import told

    told("interrupted")
    sys.exit(INTERRUPTED)


def _unprinted(error: OSError) -> NoReturn:
    """End a run in which Typer could not print help, or what is wrong with the words given.

    Raises:
        OSError: the same, where it was not printing that failed.
    """
    from engine.cli.streams import fault, refused, told
    from engine.errors import Exit

    if hasattr(error.__context__, "exit_code"):  # Typer was saying what is wrong with the words
        sys.exit(int(Exit.USAGE))
    why = fault(sys.stdout)
    problem = refused(why) if why else None
    if problem is None:
        raise error
    told(str(problem))
    sys.exit(int(Exit.USAGE))
