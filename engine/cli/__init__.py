"""The command line: arguments in, exit code out. It is the only place that asks what day it is."""

import os
import sys


def main() -> None:
    """Run `audit`; a mistake of the user's is printed plainly and never as a traceback."""
    from engine.cli.app import app
    from engine.errors import Stop

    try:
        app(prog_name="audit")
    except Stop as stop:
        for problem in stop.problems:
            print(problem, file=sys.stderr)
        sys.exit(int(stop.exit_code))
    except BrokenPipeError:
        # The reader of our output has gone (`audit score … | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
