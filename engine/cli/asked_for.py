"""Of all commands the one that is asked for: to build forty takes Typer longer than to run one."""

from collections.abc import Sequence
from copy import copy

from typer import Typer


def asked_for(app: Typer, words: Sequence[str]) -> Typer:
    """Return the commands with none but the one, or the group, that the first word names.

    All of them come back where it names none, and what is said then is said of all.
    """
    name = words[0] if words else ""
    groups = [one for one in app.registered_groups if one.name == name]
    commands = [one for one in app.registered_commands if name == (one.name or _own(one.callback))]
    if not groups and not commands:
        return app
    found = copy(app)
    found.registered_groups, found.registered_commands = groups, commands
    return found


def _own(command: object) -> str:
    """Return the name that a command has where none was given to it."""
    return str(getattr(command, "__name__", "")).replace("_", "-")
