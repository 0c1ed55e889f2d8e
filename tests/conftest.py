"""What holds for every test: nothing of the user's own is read or written, no clock decides."""

import os
from functools import cache

import typer.main
from hypothesis import settings

os.environ["AUDIT_CACHE"] = "off"
# A process builds its commands once. To do so for each of the thousands of commands that the tests
# run in one process takes longer than most of them do.
typer.main.get_command = cache(typer.main.get_command)
# How long one example takes is the machine's doing, and not what any of these tests is about.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")
