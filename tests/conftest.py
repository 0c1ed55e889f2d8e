"""No test reads or writes what the user's own runs keep; the commands are built once for them all."""

import os
from functools import cache

import typer.main

os.environ["AUDIT_CACHE"] = "off"
# A process builds its commands once. To do so for each of the thousands of commands that the tests
# run in one process takes longer than most of them do.
typer.main.get_command = cache(typer.main.get_command)
